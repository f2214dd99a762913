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
    ADMITTED_TO_BODY = "proposals.admitted_to_body"
    ADMITTED_TO_DIRECTORATE = "proposals.admitted_to_directorate"
    SUPPORTED_TO_DIRECTORATE = "proposals.supported_to_directorate"
    PASSED_TO_BOARD = "proposals.passed_to_board"
    PASSED_TO_ASSEMBLY = "proposals.passed_to_assembly"
    PUT_ON_ASSEMBLY_AGENDA = "proposals.put_on_assembly_agenda"
    GIVEN_BACK = "proposals.given_back"
    ACCEPTED_BY_DIRECTORATE = "proposals.accepted_by_directorate"
    MERGED = "proposals.merged"
    TOOK_IN = "proposals.took_in"
    SPLIT = "proposals.split"
    SPLIT_OFF = "proposals.split_off"
    TAKEN_INTO_OPINION = "proposals.taken_into_opinion"
    OPINION_PUT_TO_VOTE = "proposals.opinion_put_to_vote"
    OPINION_WITHOUT_RESULT = "proposals.opinion_without_result"
    OPINION_TALLY_ENTERED = "proposals.opinion_tally_entered"
    OPINION_TALLY_REJECTED = "proposals.opinion_tally_rejected"
    BECAME_OPINION = "proposals.became_opinion"
    OPINION_SENT = "proposals.opinion_sent"
    DUE_MOVED = "proposals.due_moved"
    OVERDUE = "proposals.overdue"
    ESCALATED = "proposals.escalated"
    THEME_CHANGED = "proposals.theme_changed"
    DISTRICT_CHANGED = "proposals.district_changed"
    HANDED_OVER = "proposals.handed_over"
    AMENDMENT_PROPOSED = "proposals.amendment_proposed"
    AMENDMENT_ACCEPTED = "proposals.amendment_accepted"
    AMENDMENT_DECLINED = "proposals.amendment_declined"
    AMENDMENT_WITHDRAWN = "proposals.amendment_withdrawn"
    AMENDMENT_OVERTAKEN = "proposals.amendment_overtaken"
    UNIT_NAMED = "proposals.unit_named"
    MILESTONE_ADDED = "proposals.milestone_added"
    MILESTONE_MOVED = "proposals.milestone_moved"
    MILESTONE_DONE = "proposals.milestone_done"
    PROGRESS_TOLD = "proposals.progress_told"
    IMPLEMENTED = "proposals.implemented"
    ABANDONED = "proposals.abandoned"
    REVIEW_OPENED = "proposals.review_opened"
    REVIEWED = "proposals.reviewed"
    FUNDED = "proposals.funded"
    FUNDING_CHANGED = "proposals.funding_changed"
    FUNDING_ENDED = "proposals.funding_ended"
    OBJECTIVE_SERVED = "proposals.objective_served"
    OBJECTIVE_LEFT = "proposals.objective_left"


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
        ProposalKind.ADMITTED_TO_BODY: _l("Öneri uygun bulundu, {body} görüşüyor: {title}"),
        ProposalKind.ADMITTED_TO_DIRECTORATE: _l("Öneri uygun bulundu, müdürlük yanıtlayacak: {title}"),
        ProposalKind.SUPPORTED_TO_DIRECTORATE: _l("Öneri {support} desteğe ulaştı, müdürlük yanıtlayacak: {title}"),
        ProposalKind.PASSED_TO_BOARD: _l("{body} öneriyi kabul etti, yürütme kuruluna gitti: {title}"),
        ProposalKind.PASSED_TO_ASSEMBLY: _l("{body} öneriyi kabul etti, genel kurula gitti: {title}"),
        ProposalKind.PUT_ON_ASSEMBLY_AGENDA: _l("Öneri genel kurulun gündemine alındı: {title}"),
        ProposalKind.GIVEN_BACK: _l("Öneri yeniden görüşülmek üzere geri verildi: {title}. Gerekçe: {reason}"),
        ProposalKind.ACCEPTED_BY_DIRECTORATE: _l("Müdürlük öneriyi kabul etti: {title}. Gerekçe: {reason}"),
        ProposalKind.MERGED: _l("Öneri {into} numaralı öneriyle birleştirildi: {title}. Gerekçe: {reason}"),
        ProposalKind.TOOK_IN: _l(
            "{other} numaralı öneri bu öneriyle birleştirildi, destekleri buraya eklendi: {title}"
        ),
        ProposalKind.SPLIT: _l("Öneri {parts} numaralı önerilere ayrıldı: {title}. Gerekçe: {reason}"),
        ProposalKind.DUE_MOVED: _l("Tatil günleri değiştiği için adımın son günü yeniden hesaplandı: {title}"),
        ProposalKind.OVERDUE: _l("Adım süresinde tamamlanmadı: {title}"),
        ProposalKind.ESCALATED: _l("Geciken adım bir üst basamağa bildirildi: {title}"),
        ProposalKind.SPLIT_OFF: _l("Öneri, {origin} numaralı öneriden ayrıldı: {title}"),
        ProposalKind.TAKEN_INTO_OPINION: _l("Öneri, hazırlanan bir görüşün taslağına alındı: {title}"),
        ProposalKind.OPINION_PUT_TO_VOTE: _l("Genel kurul {opinion} numaralı görüşü oyluyor; öneri: {title}"),
        ProposalKind.OPINION_WITHOUT_RESULT: _l(
            "Genel kurulun {opinion} numaralı görüşle ilgili oylaması sonuç vermedi; öneri: {title}"
        ),
        ProposalKind.OPINION_TALLY_ENTERED: _l(
            "Genel kurulun {opinion} numaralı görüşle ilgili oylaması tutanağıyla girildi, onay bekliyor; öneri: {title}"
        ),
        ProposalKind.OPINION_TALLY_REJECTED: _l(
            "{opinion} numaralı görüş için girilen oylama sonucu geri çevrildi; öneri: {title}. Gerekçe: {reason}"
        ),
        ProposalKind.BECAME_OPINION: _l("Genel kurul öneriyi {opinion} numaralı görüşle benimsedi: {title}"),
        ProposalKind.OPINION_SENT: _l(
            "{opinion} numaralı görüş belediye meclisine gönderildi; evrak kayıt no: {registry}; öneri: {title}"
        ),
        ProposalKind.THEME_CHANGED: _l("Önerinin konusu “{theme}” oldu: {title}"),
        ProposalKind.DISTRICT_CHANGED: _l("Önerinin yeri “{district}” oldu: {title}"),
        ProposalKind.HANDED_OVER: _l("Öneri artık şuraya sunuldu: {body}. Daha önce: {before}. {title}"),
        ProposalKind.AMENDMENT_PROPOSED: _l("{actor} metne {amendment}. değişiklik önergesini verdi: {reason}"),
        ProposalKind.AMENDMENT_ACCEPTED: _l(
            "{amendment}. değişiklik önergesi kabul edildi, metnin {version}. sürümü yayımlandı: {title}"
        ),
        ProposalKind.AMENDMENT_DECLINED: _l("{amendment}. değişiklik önergesi kabul edilmedi. Gerekçe: {reason}"),
        ProposalKind.AMENDMENT_WITHDRAWN: _l("{actor} {amendment}. değişiklik önergesini geri çekti: {title}"),
        ProposalKind.AMENDMENT_OVERTAKEN: _l(
            "Metin değişti; {amendment}. değişiklik önergesinin yeni metne göre yenilenmesi gerekiyor: {title}"
        ),
        ProposalKind.UNIT_NAMED: _l("Uygulamadan sorumlu birim: {unit}. {title}"),
        ProposalKind.MILESTONE_ADDED: _l("Uygulamaya bir adım eklendi: {milestone}. Planlanan gün: {day}"),
        ProposalKind.MILESTONE_MOVED: _l("“{milestone}” adımının günü {before} yerine {day} oldu. Gerekçe: {reason}"),
        ProposalKind.MILESTONE_DONE: _l("Uygulamanın bir adımı tamamlandı: {milestone}. {evidence}"),
        ProposalKind.PROGRESS_TOLD: _l("Uygulamadan haber: {note}"),
        ProposalKind.IMPLEMENTED: _l("Öneri yapıldı: {title}. {reason}"),
        ProposalKind.ABANDONED: _l("Öneri uygulanamadı: {title}. Gerekçe: {reason}"),
        ProposalKind.REVIEW_OPENED: _l("Öneriyi yazana ve destekleyenlere “Oldu mu?” diye soruldu: {title}"),
        ProposalKind.REVIEWED: _l(
            "Değerlendirme bitti: {title}. Oldu diyen {yes}, kısmen diyen {partly}, olmadı diyen {no}"
        ),
        ProposalKind.FUNDED: _l("{actor} uygulamanın bütçe kalemini yazdı: {line}, {paid}"),
        ProposalKind.FUNDING_CHANGED: _l(
            "{actor} uygulamaya ayrılan tutarı değiştirdi: {line}, {name}. {before} yerine {amount}"
        ),
        ProposalKind.FUNDING_ENDED: _l(
            "{actor} bütçe kalemini uygulamadan çıkardı: {line}, {name}. Ayrılan {before} idi."
        ),
        ProposalKind.OBJECTIVE_SERVED: _l("{actor} uygulamayı stratejik plana bağladı: {objective}, {name} ({period})"),
        ProposalKind.OBJECTIVE_LEFT: _l(
            "{actor} uygulamanın stratejik plan bağını kaldırdı: {objective}, {name} ({period})"
        ),
    },
)
