"""Decisions of the municipal council: entered by one person, confirmed by a second, and only then moving proposals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NotRequired, TypedDict

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.models import MunicipalMeeting
from documents.attachment_content import check
from people.models import Person
from people.verdicts import Refused
from proposals.actions.in_municipal_council import before_the_council, current_item, day_of, tell
from proposals.actions.moving import move
from proposals.actions.opinions.common import locked_opinion
from proposals.models import (
    AgendaItem,
    CommissionStage,
    Decision,
    DecisionDocument,
    DecisionOutcome,
    DecisionState,
    DocumentKind,
    Opinion,
    Outcome,
    Proposal,
)
from proposals.municipal_kinds import MunicipalKind
from proposals.municipal_permissions import may_confirm, may_keep_decisions, may_withdraw_decision
from proposals.reasons import is_known
from proposals.stages import IN_MUNICIPAL_COUNCIL, Stage
from proposals.tallies import wrong_day, wrong_tally
from turkish.kept import in_the_record

MAX_DOCUMENTS = 4
LONGEST_REASONS = 2_000


@dataclass(frozen=True, slots=True)
class Said:
    """What the decision means for one proposal."""

    proposal: Proposal
    outcome: str
    accepted_parts: str = ""
    reason_code: str = ""
    deferred_to: MunicipalMeeting | None = None


class DecisionFields(TypedDict):
    meeting: MunicipalMeeting
    serial: int
    decided_on: date
    is_unanimous: bool
    votes_for: NotRequired[int | None]
    votes_against: NotRequired[int | None]
    votes_abstain: NotRequired[int | None]
    reasons: str


@transaction.atomic
def enter_decision(
    *, actor: Person, opinion: Opinion, said: DecisionFields, outcomes: Sequence[Said], at: datetime
) -> Decision:
    """Write down a decision; it waits for a second person and moves nothing yet.

    Refuses who keeps no decisions, an opinion that is not before the council, and a second entry while one waits.
    `ValidationError` on the fields of `DecisionFields`, and on ``outcome-<number>``, ``parts-…``, ``code-…`` or ``meeting-…``
    of a proposal.
    """
    may_keep_decisions(actor, opinion.council, at=at).require()
    opinion, proposals = locked_opinion(opinion)
    proposals = before_the_council(proposals, *IN_MUNICIPAL_COUNCIL)
    if Decision.objects.filter(opinion=opinion, state=DecisionState.PENDING).exists():
        raise Refused(_("Bu görüşün bir kararı zaten onay bekliyor."), "already_entered")
    item = current_item(opinion)
    referred = CommissionStage.objects.filter(opinion=opinion).order_by("-pk").first()
    decision = Decision(
        council=opinion.council,
        opinion=opinion,
        agenda_number=item.number if item is not None else None,
        commission=referred.commission if referred is not None else "",
        year=said["decided_on"].year,
        entered_by=actor,
        entered_at=at,
        **{**said, "reasons": said["reasons"].strip()},
    )
    if item is not None and decision.meeting_id != item.meeting_id:
        decision.agenda_number = None  # decided at another meeting: on its agenda the opinion had another number
    wrong = _wrong_fields(decision, item, at=at) | _wrong_outcomes(decision, proposals, outcomes)
    if wrong:
        raise ValidationError({name: [sentence] for name, sentence in wrong.items()})
    try:
        with transaction.atomic():
            decision.save(force_insert=True)
    except IntegrityError:
        raise ValidationError({"serial": [_taken(decision)]}) from None
    DecisionOutcome.objects.bulk_create(
        DecisionOutcome(
            decision=decision,
            proposal=each.proposal,
            outcome=each.outcome,
            accepted_parts=each.accepted_parts.strip(),
            reason_code=each.reason_code,
            deferred_to=each.deferred_to,
        )
        for each in outcomes
    )
    facts = {"opinion": opinion.number, "decision": decision.number}
    tell(MunicipalKind.DECISION_ENTERED, proposals, actor=actor, at=at, facts=facts)
    return decision


def _taken(decision: Decision) -> str:
    return _("%(number)s sayılı karar zaten girilmiş.") % {"number": decision.number}


def _wrong_fields(decision: Decision, item: AgendaItem | None, *, at: datetime) -> dict[str, str]:
    wrong: dict[str, str] = {}
    meeting, sent_at = decision.meeting, decision.opinion.sent_at
    if meeting.council_id != decision.council_id or meeting.is_called_off or meeting.starts_at > at:
        wrong["meeting"] = _("Yapılmış bir toplantı seçin.")
    elif sent_at is not None and meeting.starts_at < sent_at:
        wrong["meeting"] = _("Bu toplantı görüş gönderilmeden önceydi.")
    elif item is not None and meeting.starts_at < item.meeting.starts_at:
        wrong["meeting"] = _("Görüş daha sonraki bir toplantının gündeminde: %(name)s.") % {"name": item.meeting.name}
    meeting_on = timezone.localtime(meeting.starts_at).date()
    if "meeting" not in wrong and (
        sentence := wrong_day(decision.decided_on, meeting_on, today=timezone.localtime(at).date())
    ):
        wrong["decided_on"] = sentence
    if not 1 <= decision.serial <= 99_999:
        wrong["serial"] = _("Karar numarası 1 ile 99.999 arasında olmalı.")
    elif (
        Decision.objects.filter(council=decision.council, year=decision.year, serial=decision.serial)
        .exclude(state=DecisionState.WITHDRAWN)
        .exists()
    ):
        wrong["serial"] = _taken(decision)
    sentence = wrong_tally(
        decision.votes_for, decision.votes_against, decision.votes_abstain, is_unanimous=decision.is_unanimous
    )
    if sentence:
        wrong["votes_for"] = sentence
    if len(decision.reasons) < 20:
        wrong["reasons"] = _("Kararın gerekçesini herkesin anlayacağı sözlerle yazın; en az 20 harf.")
    elif len(decision.reasons) > LONGEST_REASONS:
        wrong["reasons"] = _("Gerekçe en çok 2.000 harf olabilir.")
    return wrong


def _wrong_outcomes(decision: Decision, proposals: list[Proposal], outcomes: Sequence[Said]) -> dict[str, str]:
    """One outcome for each proposal that is before the council, each with what it needs."""
    wrong: dict[str, str] = {}
    said = {each.proposal.pk: each for each in outcomes}
    if len(said) != len(outcomes) or set(said) - {proposal.pk for proposal in proposals}:
        return {"outcomes": _("Yalnızca bu görüşün önerileri için, her biri için bir sonuç yazın.")}
    for proposal in proposals:
        each = said.get(proposal.pk)
        if each is None or each.outcome not in Outcome.values:
            wrong[f"outcome-{proposal.number}"] = _("Bu öneri için ne karar verildiğini seçin.")
            continue
        parts, is_declined = each.accepted_parts.strip(), each.outcome == Outcome.DECLINED
        if (each.outcome == Outcome.PARTLY) != bool(parts) or len(parts) > 2000:
            wrong[f"parts-{proposal.number}"] = _(
                "Kısmen kabulde, yalnızca orada, hangi bölümlerin kabul edildiğini yazın."
            )
        if is_declined != bool(each.reason_code) or (is_declined and not is_known(Stage.DECLINED, each.reason_code)):
            wrong[f"code-{proposal.number}"] = _("Kabul edilmediyse, yalnızca o zaman, gerekçenin türünü seçin.")
        later = each.deferred_to
        if (each.outcome == Outcome.DEFERRED) != (later is not None) or (
            later is not None
            and (
                later.council_id != decision.council_id
                or later.is_called_off
                or later.starts_at <= decision.meeting.starts_at
            )
        ):
            wrong[f"meeting-{proposal.number}"] = _(
                "Ertelendiyse, yalnızca o zaman, daha sonraki bir toplantıyı seçin."
            )
    return wrong


# --- The second person ------------------------------------------------------------------------------------------------
def _locked_decision(decision: Decision) -> tuple[Decision, list[Proposal]]:
    """The opinion is locked first, as entering does, so that nobody waits for another in a circle."""
    opinion, proposals = locked_opinion(decision.opinion)
    found = Decision.objects.select_for_update(of=("self",)).select_related("council", "meeting").get(pk=decision.pk)
    found.opinion = opinion
    return found, proposals


@transaction.atomic
def confirm_decision(*, actor: Person, decision: Decision, at: datetime) -> Decision:
    """A second person confirms the entry, and the proposals move: accepted to implementation, declined to their end.

    Again by the same person it changes nothing. Refuses who entered it, who keeps no decisions, and an entry that does not wait.
    """
    decision, proposals = _locked_decision(decision)
    if decision.state == DecisionState.CONFIRMED and decision.confirmed_by_id == actor.pk:
        return decision
    may_confirm(actor, decision, at=at).require()
    here = {proposal.pk: proposal for proposal in proposals if proposal.stage in IN_MUNICIPAL_COUNCIL}
    outcomes = list(DecisionOutcome.objects.filter(decision=decision).select_related("deferred_to").order_by("pk"))
    if any(each.proposal_id not in here for each in outcomes):
        raise Refused(
            _("Bir öneri bu arada başka bir adıma geçti; girişi geri çekip yeniden girin."), "moved_meanwhile"
        )
    decision.state, decision.confirmed_by, decision.confirmed_at = DecisionState.CONFIRMED, actor, at
    decision.save(update_fields=["state", "confirmed_by", "confirmed_at"])
    for each in outcomes:
        _carry_out(decision, each, here[each.proposal_id], actor=actor, at=at)
    if not any(each.outcome == Outcome.DEFERRED for each in outcomes):
        AgendaItem.objects.filter(opinion=decision.opinion, ended_at__isnull=True).update(ended_at=at)
    return decision


def _carry_out(decision: Decision, said: DecisionOutcome, proposal: Proposal, *, actor: Person, at: datetime) -> None:
    with in_the_record():
        tally = decision.tally
    facts: dict[str, Any] = {
        "opinion": decision.opinion.number,
        "decision": decision.number,
        "day": f"{decision.decided_on:%d.%m.%Y}",
        "tally": tally,
        "outcome": said.outcome,
    }
    match Outcome(said.outcome):
        case Outcome.ACCEPTED:
            kind = MunicipalKind.DECIDED_ACCEPTED
            move(proposal, Stage.IMPLEMENTATION, kind=kind, actor=actor, at=at, reason=decision.reasons, facts=facts)
        case Outcome.PARTLY:
            facts["parts"] = said.accepted_parts
            kind = MunicipalKind.DECIDED_PARTLY
            move(proposal, Stage.IMPLEMENTATION, kind=kind, actor=actor, at=at, reason=decision.reasons, facts=facts)
        case Outcome.DECLINED:
            move(
                proposal,
                Stage.DECLINED,
                kind=MunicipalKind.DECIDED_DECLINED,
                actor=actor,
                at=at,
                reason=decision.reasons,
                reason_code=said.reason_code,
                facts=facts,
            )
        case Outcome.DEFERRED:
            assert said.deferred_to is not None
            proposal.due_at, proposal.due_how = said.deferred_to.starts_at, {}
            proposal.changed_at = at
            proposal.save(update_fields=["due_at", "due_how", "changed_at"])
            facts |= {"meeting": said.deferred_to.name, "until": day_of(said.deferred_to)}
            tell(MunicipalKind.DECIDED_DEFERRED, [proposal], actor=actor, at=at, facts=facts)


@transaction.atomic
def withdraw_decision(*, actor: Person, decision: Decision, at: datetime) -> Decision:
    """Take back an entry that waits, because something in it is wrong; again it changes nothing."""
    decision, proposals = _locked_decision(decision)
    if decision.state == DecisionState.WITHDRAWN and decision.withdrawn_by_id == actor.pk:
        return decision
    may_withdraw_decision(actor, decision, at=at).require()
    decision.state, decision.withdrawn_by, decision.withdrawn_at = DecisionState.WITHDRAWN, actor, at
    decision.save(update_fields=["state", "withdrawn_by", "withdrawn_at"])
    facts = {"opinion": decision.opinion.number, "decision": decision.number}
    tell(MunicipalKind.DECISION_WITHDRAWN, proposals, actor=actor, at=at, facts=facts)
    return decision


# --- Documents --------------------------------------------------------------------------------------------------------
def add_decision_document(
    *, actor: Person, decision: Decision, kind: str, upload: File[bytes], at: datetime
) -> DecisionDocument:
    """Check a PDF by its content and keep a harmless copy; the same file again gives the document that is there.

    `ValidationError` on ``file`` or ``kind``; no file is left behind without its row.
    """
    may_keep_decisions(actor, decision.council, at=at).require()
    if kind not in DocumentKind.values:
        raise ValidationError({"kind": [_("Belgenin türünü seçin.")]})
    try:
        checked = check(upload, upload.name or "", max_bytes=settings.ATTACHMENT_MAX_BYTES)
    except ValidationError as error:
        raise ValidationError({"file": error.error_list}) from None
    if checked.kind != "pdf":
        raise ValidationError({"file": [_("Karar belgesi PDF olmalı.")]})
    stored = None
    try:
        with transaction.atomic():
            decision, proposals = _locked_decision(decision)
            documents = DecisionDocument.objects.filter(decision=decision)
            same = documents.filter(digest=checked.digest).first()
            if same is not None:
                return same
            if decision.state == DecisionState.WITHDRAWN or documents.count() >= MAX_DOCUMENTS:
                raise Refused(_("Bu karara başka belge eklenemez."), "too_many_documents")
            document = DecisionDocument(
                decision=decision,
                kind=kind,
                name=checked.name,
                size=len(checked.content),
                digest=checked.digest,
                added_by=actor,
                added_at=at,
            )
            document.file.save(checked.name, ContentFile(checked.content), save=False)
            stored = document.file
            document.save(force_insert=True)
            facts = {"decision": decision.number, "name": document.name}
            tell(MunicipalKind.DECISION_DOCUMENT_ADDED, proposals, actor=actor, at=at, facts=facts)
            return document
    except BaseException:
        if stored is not None:
            stored.delete(save=False)
        raise
