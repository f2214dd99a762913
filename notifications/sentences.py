"""What each kind of step says in one sentence: what happened, why, and what comes next by when.

`WHAT` is the one table of the kinds people are told of; a kind of proposals stands there or in `QUIET`, and a test sees to it.
A sentence may use the facts of its entry. Plain data in, a sentence in the active language out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from proposals.journal_kinds import ProposalKind
from proposals.stages import Stage
from turkish.kept import in_words
from turkish.templatetags.turkish_text import day, number

Words = str | Promise
LONGEST = 400
"""Letters of a reason that stand in a sentence; the whole is on the proposal's page."""

WHAT: dict[str, Words] = {
    ProposalKind.FOUND_ADMISSIBLE: _l("Öneri uygun bulundu"),
    ProposalKind.FOUND_INADMISSIBLE: _l("Öneri uygun bulunmadı"),
    ProposalKind.SUPPORT_REACHED: _l("Öneri {support} desteğe ulaştı"),
    ProposalKind.SUPPORT_MISSED: _l("Öneri süresi içinde gereken desteği bulamadı"),
    ProposalKind.BALLOT_OPENED: _l("Öneri oylamaya sunuldu"),
    ProposalKind.BALLOT_WITHOUT_RESULT: _l("Oylama sonuç vermedi"),
    ProposalKind.ADOPTED: _l("Öneri kabul edildi"),
    ProposalKind.DECLINED: _l("Öneri kabul edilmedi"),
    ProposalKind.WITHDRAWN: _l("Öneri geri çekildi"),
    ProposalKind.REVISED: _l("Önerinin {version}. sürümü yayımlandı: {note}"),
    ProposalKind.ADMITTED_TO_BODY: _l("Öneri uygun bulundu"),
    ProposalKind.ADMITTED_TO_DIRECTORATE: _l("Öneri uygun bulundu"),
    ProposalKind.SUPPORTED_TO_DIRECTORATE: _l("Öneri {support} desteğe ulaştı"),
    ProposalKind.PASSED_TO_BOARD: _l("{body} öneriyi kabul etti"),
    ProposalKind.PASSED_TO_ASSEMBLY: _l("{body} öneriyi kabul etti"),
    ProposalKind.PUT_ON_ASSEMBLY_AGENDA: _l("Öneri genel kurulun gündemine alındı"),
    ProposalKind.GIVEN_BACK: _l("Öneri yeniden görüşülmek üzere geri verildi"),
    ProposalKind.ACCEPTED_BY_DIRECTORATE: _l("Müdürlük öneriyi kabul etti"),
    ProposalKind.MERGED: _l("Öneri {into} numaralı öneriyle birleştirildi"),
    ProposalKind.TOOK_IN: _l("{other} numaralı öneri bu öneriyle birleştirildi, destekleri buraya eklendi"),
    ProposalKind.SPLIT: _l("Öneri {parts} numaralı önerilere ayrıldı"),
    ProposalKind.HANDED_OVER: _l("Öneriyi artık şu organ ele alıyor: {body}"),
    ProposalKind.OVERDUE: _l("Adım süresinde tamamlanmadı, öneri gecikti"),
    # In the general assembly
    ProposalKind.TAKEN_INTO_OPINION: _l("Öneri hazırlanan bir görüşün taslağına alındı"),
    ProposalKind.OPINION_PUT_TO_VOTE: _l("Genel kurul öneriyi {opinion} numaralı görüşle oyluyor"),
    ProposalKind.OPINION_WITHOUT_RESULT: _l("Genel kurulun {opinion} numaralı görüşle ilgili oylaması sonuç vermedi"),
    ProposalKind.BECAME_OPINION: _l("Genel kurul öneriyi {opinion} numaralı görüşle benimsedi"),
    ProposalKind.OPINION_SENT: _l("Görüş belediye meclisine gönderildi, evrak kayıt no {registry}"),
    # Carried out, and asked about a year later
    ProposalKind.UNIT_NAMED: _l("Uygulamadan sorumlu birim belli oldu: {unit}"),
    ProposalKind.MILESTONE_MOVED: _l("“{milestone}” adımının günü {before} yerine {day} oldu"),
    ProposalKind.MILESTONE_DONE: _l("Uygulamanın bir adımı tamamlandı: {milestone}"),
    ProposalKind.IMPLEMENTED: _l("Öneri yapıldı"),
    ProposalKind.ABANDONED: _l("Öneri uygulanamadı"),
    ProposalKind.REVIEW_OPENED: _l("Öneriniz ya da desteklediğiniz öneri yapıldı; oldu mu, sayfasında yanıtlayın"),
    ProposalKind.REVIEWED: _l("Değerlendirme bitti: oldu diyen {yes}, kısmen diyen {partly}, olmadı diyen {no}"),
    ProposalKind.FUNDED: _l("Uygulamanın bütçe kalemi belli oldu: {paid}"),
    ProposalKind.FUNDING_CHANGED: _l("Uygulamaya ayrılan tutar {before} yerine {amount} oldu: {name}"),
    ProposalKind.FUNDING_ENDED: _l("Bütçe kalemi uygulamadan çıkarıldı: {name}"),
    # Through the municipal council
    "proposals.on_municipal_agenda": _l("Belediye meclisi öneriyi gündemine aldı: {meeting}, {day}, {agenda}. madde"),
    "proposals.on_later_municipal_agenda": _l("Öneri sonraki bir toplantıya kaldı: {meeting}, {day}, {agenda}. madde"),
    "proposals.taken_off_municipal_agenda": _l("Öneri belediye meclisinin gündeminden çıkarıldı"),
    "proposals.in_municipal_commission": _l("Belediye meclisi öneriyi komisyona gönderdi: {commission}"),
    "proposals.back_from_municipal_commission": _l("{commission} raporunu verdi: {report}"),
    "proposals.municipal_meeting_missed": _l("{meeting} ({day}) geçti, öneri gündeme alınmadı"),
    "proposals.decided_accepted": _l("Belediye meclisi öneriyi {decision} sayılı kararla kabul etti"),
    "proposals.decided_partly": _l(
        "Belediye meclisi önerinin bir bölümünü {decision} sayılı kararla kabul etti: {parts}"
    ),
    "proposals.decided_declined": _l("Belediye meclisi öneriyi {decision} sayılı kararla reddetti"),
    "proposals.decided_deferred": _l("Belediye meclisi öneriyi {decision} sayılı kararla erteledi: {meeting}"),
    ProposalKind.AMENDMENT_PROPOSED: _l("Metne {amendment}. değişiklik önergesi verildi"),
    ProposalKind.AMENDMENT_ACCEPTED: _l("{amendment}. değişiklik önergesi kabul edildi, {version}. sürüm yayımlandı"),
    ProposalKind.AMENDMENT_DECLINED: _l("{amendment}. değişiklik önergesi kabul edilmedi"),
    ProposalKind.AMENDMENT_OVERTAKEN: _l("Metin değişti, {amendment}. değişiklik önergesi yenilenmeyi bekliyor"),
}
"""Kinds people are told of."""

QUIET = frozenset(
    {
        ProposalKind.SUBMITTED,  # nobody but its author knows it yet
        ProposalKind.SPLIT_OFF,  # everybody concerned is told that the whole was split, with the numbers of its parts
        ProposalKind.ATTACHMENT_ADDED,
        ProposalKind.ATTACHMENT_REMOVED,
        ProposalKind.IMPORTED,
        ProposalKind.MILESTONE_ADDED,
        ProposalKind.PROGRESS_TOLD,
        ProposalKind.OBJECTIVE_SERVED,
        ProposalKind.OBJECTIVE_LEFT,
        ProposalKind.THEME_CHANGED,
        ProposalKind.DISTRICT_CHANGED,
        ProposalKind.DUE_MOVED,
        ProposalKind.ESCALATED,  # for the office alone
        # A tally or a decision that was entered counts once a second person has confirmed it.
        ProposalKind.OPINION_TALLY_ENTERED,
        ProposalKind.OPINION_TALLY_REJECTED,
        "proposals.decision_entered",
        "proposals.decision_withdrawn",
        "proposals.decision_document_added",
        ProposalKind.AMENDMENT_WITHDRAWN,
    }
)
"""Kinds of proposals that nobody is told of."""

BETWEEN_AUTHORS = frozenset(
    {ProposalKind.AMENDMENT_PROPOSED, ProposalKind.AMENDMENT_DECLINED, ProposalKind.AMENDMENT_OVERTAKEN}
)
"""Kinds told only to who wrote the proposal and whom the entry concerns, not to everybody who has to do with it."""

NEXT: dict[str, Words] = {
    Stage.GATHERING: _l("şimdi destek topluyor"),
    Stage.IN_GROUP: _l("şimdi {body} görüşüyor"),
    Stage.BALLOT: _l("{body} üyeleri oy veriyor"),
    Stage.BOARD: _l("şimdi yürütme kurulunda"),
    Stage.GENERAL_ASSEMBLY: _l("şimdi genel kurulda"),
    Stage.OPINION: _l("genel sekreterlik görüşü belediye meclisine gönderecek"),
    Stage.SENT: _l("belediye meclisi gündemine alacak"),
    Stage.ON_AGENDA: _l("belediye meclisi görüşecek"),
    Stage.IN_COMMISSION: _l("meclis komisyonu inceliyor"),
    Stage.DIRECTORATE: _l("müdürlük yanıtlayacak"),
    Stage.IMPLEMENTATION: _l("şimdi uygulanıyor"),
    Stage.DONE: _l("sırada destekleyenlerin değerlendirmesi var"),
}
"""What happens in a stage; a stage that is not here is an end."""

ENDS: dict[str, Words] = {
    Stage.INADMISSIBLE: _l("süreç burada bitti"),
    Stage.UNSUPPORTED: _l("süreç burada bitti"),
    Stage.DECLINED: _l("süreç burada bitti"),
    Stage.WITHDRAWN: _l("süreç burada bitti"),
    Stage.ABANDONED: _l("süreç burada bitti"),
    Stage.ADOPTED: _l("süreç tamamlandı"),
    Stage.REVIEWED: _l("süreç tamamlandı"),
    Stage.MERGED: _l("destekler oraya eklendi, süreç orada sürüyor"),
    Stage.SPLIT: _l("destekler her parçaya eklendi, süreç parçalarda sürüyor"),
}
"""What is said of a stage nothing follows."""


class _Facts(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "…"


def sentence(kind: str, facts: Mapping[str, object], *, due_at: datetime | None = None) -> str:
    """The sentence of a step in the active language; of a kind without one its reason alone."""
    known = _Facts({name: _said(value) for name, value in facts.items()})
    parts = [_in_one_line(str(WHAT.get(kind, "")).format_map(known))]
    if reason := _in_one_line(facts.get("reason")):
        parts[0] += _(", gerekçesi: “%(reason)s”") % {"reason": reason}
    stage = str(facts.get("stage", ""))
    if stage in NEXT:
        follows = str(NEXT[stage]).format_map(known)
        ahead = due_at if kind != ProposalKind.OVERDUE else None  # what is late has no day ahead
        parts.append(f"{follows}, " + _("en geç %(day)s") % {"day": day(ahead)} if ahead else follows)
    elif ended := ENDS.get(stage):
        parts.append(str(ended))
    text = "; ".join(part for part in parts if part)
    return text if text.endswith((".", "?", "!", "…")) else f"{text}."


def _said(value: object) -> object:
    """A fact of an entry as people read it."""
    return number(value) if isinstance(value, int) else in_words(value)


def _in_one_line(text: object) -> str:
    """A text as it stands inside a sentence: one line of a readable length, without its last full stop."""
    line = " ".join(str(text or "").split()).rstrip(".")
    return line if len(line) <= LONGEST else line[:LONGEST].rpartition(" ")[0] + " …"
