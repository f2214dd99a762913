from django.db import models
from django.utils.translation import gettext_lazy as _l

from journal import kinds


class ProposalKind(models.TextChoices):
    SUBMITTED = "proposals.submitted"
    FOUND_ADMISSIBLE = "proposals.found_admissible"
    FOUND_INADMISSIBLE = "proposals.found_inadmissible"
    SUPPORT_REACHED = "proposals.support_reached"
    SUPPORT_MISSED = "proposals.support_missed"
    BALLOT_OPENED = "proposals.ballot_opened"
    BALLOT_WITHOUT_RESULT = "proposals.ballot_without_result"
    ADOPTED = "proposals.adopted"
    DECLINED = "proposals.declined"
    WITHDRAWN = "proposals.withdrawn"
    REVISED = "proposals.revised"
    ATTACHMENT_ADDED = "proposals.attachment_added"
    ATTACHMENT_REMOVED = "proposals.attachment_removed"
    IMPORTED = "proposals.imported"


kinds.register(
    ProposalKind,
    {
        ProposalKind.SUBMITTED: _l("{actor} öneriyi sundu: {title}"),
        ProposalKind.FOUND_ADMISSIBLE: _l("Öneri uygun bulundu: {title}. Destek toplamaya başladı."),
        ProposalKind.FOUND_INADMISSIBLE: _l("Öneri uygun bulunmadı: {title}. Gerekçe: {reason}"),
        ProposalKind.SUPPORT_REACHED: _l("Öneri {support} desteğe ulaştı ve görüşmeye geçti: {title}"),
        ProposalKind.SUPPORT_MISSED: _l("Öneri süresi içinde gereken desteği bulamadı: {title}"),
        ProposalKind.BALLOT_OPENED: _l("Öneri oylamaya sunuldu: {title}"),
        ProposalKind.BALLOT_WITHOUT_RESULT: _l("Oylama sonuç vermedi, öneri yeniden görüşülüyor: {title}"),
        ProposalKind.ADOPTED: _l("Öneri kabul edildi: {title}"),
        ProposalKind.DECLINED: _l("Öneri kabul edilmedi: {title}. Gerekçe: {reason}"),
        ProposalKind.WITHDRAWN: _l("Öneri geri çekildi: {title}. Gerekçe: {reason}"),
        ProposalKind.REVISED: _l("{actor} öneri metninin {version}. sürümünü yayımladı: {note}"),
        ProposalKind.ATTACHMENT_ADDED: _l("{actor} bir ek ekledi: {name}"),
        ProposalKind.ATTACHMENT_REMOVED: _l("{actor} bir eki kaldırdı: {name}"),
        ProposalKind.IMPORTED: _l("Öneri eski kayıtlardan aktarıldı: {title}"),
    },
)
