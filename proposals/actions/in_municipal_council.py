"""An opinion before the municipal council: on the agenda, in a commission, off the agenda, and meetings that pass without it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import structlog
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.meetings.rules import has_passed, target_meeting
from councils.models import CALLED_OFF, MeetingState, MunicipalMeeting
from journal.actions import record
from people.models import Person
from people.verdicts import Refused
from proposals.actions.moving import move, required_reason
from proposals.actions.opinions.common import locked_opinion
from proposals.models import AgendaItem, CommissionStage, MissedMeeting, Opinion, OpinionProposal, Proposal
from proposals.municipal_kinds import MunicipalKind
from proposals.municipal_permissions import may_keep_decisions
from proposals.stages import Stage

log = structlog.get_logger(__name__)


# --- What all of them share -------------------------------------------------------------------------------------------
def before_the_council(proposals: list[Proposal], *stages: Stage) -> list[Proposal]:
    """The proposals that stand in one of the stages; refuses when none does."""
    found = [proposal for proposal in proposals if proposal.stage in stages]
    if not found:
        raise Refused(_("Bu görüş şu anda bu adımda değil; sayfayı yenileyin."), "wrong_stage")
    return found


def tell(
    kind: MunicipalKind, proposals: list[Proposal], *, actor: Person | None, at: datetime, facts: dict[str, Any]
) -> None:
    """Record for each proposal what moves none of them."""
    for proposal in proposals:
        record(
            kind,
            actor=actor,
            subject=proposal,
            topic=proposal.topic,
            council=proposal.council,
            body=proposal.addressed_to,
            at=at,
            facts={"number": proposal.number, "title": proposal.title, "stage": proposal.stage, **facts},
        )


def day_of(meeting: MunicipalMeeting) -> str:
    return f"{timezone.localtime(meeting.starts_at):%d.%m.%Y}"


def _meeting_facts(opinion: Opinion, item: AgendaItem) -> dict[str, Any]:
    return {
        "opinion": opinion.number,
        "meeting": item.meeting.name,
        "day": day_of(item.meeting),
        "agenda": item.number,
    }


def current_item(opinion: Opinion) -> AgendaItem | None:
    return AgendaItem.objects.filter(opinion=opinion, ended_at__isnull=True).select_related("meeting").first()


# --- The steps --------------------------------------------------------------------------------------------------------
@transaction.atomic
def put_on_municipal_agenda(
    *, actor: Person, opinion: Opinion, meeting: MunicipalMeeting, number: int, at: datetime
) -> AgendaItem:
    """The opinion is on the agenda of a meeting, or goes on to that of a later one. The same again changes nothing.

    Refuses who keeps no decisions, and an opinion that is not before the council. `ValidationError` on ``meeting`` or ``number``.
    """
    may_keep_decisions(actor, opinion.council, at=at).require()
    opinion, proposals = locked_opinion(opinion)
    before = current_item(opinion)
    if before is not None and (before.meeting_id, before.number) == (meeting.pk, number):
        return before
    wanted = (Stage.SENT,) if before is None else (Stage.SENT, Stage.ON_AGENDA)
    proposals = before_the_council(proposals, *wanted)
    _check_agenda(opinion, meeting, number, before)
    if before is not None:
        before.ended_at = at
        before.save(update_fields=["ended_at"])
    item = AgendaItem(opinion=opinion, meeting=meeting, number=number, actor=actor, at=at)
    try:
        with transaction.atomic():
            item.save(force_insert=True)
    except IntegrityError:
        raise ValidationError({"number": _("Bu gündem numarasında başka bir görüş var.")}) from None
    facts = _meeting_facts(opinion, item)
    for proposal in proposals:
        if proposal.stage == Stage.SENT:
            move(proposal, Stage.ON_AGENDA, kind=MunicipalKind.ON_AGENDA, actor=actor, at=at, facts=facts)
        else:
            tell(MunicipalKind.ON_LATER_AGENDA, [proposal], actor=actor, at=at, facts=facts)
    return item


def _check_agenda(opinion: Opinion, meeting: MunicipalMeeting, number: int, before: AgendaItem | None) -> None:
    wrong: dict[str, str] = {}
    if meeting.council_id != opinion.council_id or meeting.is_called_off:
        wrong["meeting"] = _("Takvimden yapılacak ya da yapılmış bir toplantı seçin.")
    elif opinion.sent_at is not None and meeting.starts_at < opinion.sent_at:
        wrong["meeting"] = _("Bu toplantı görüş gönderilmeden önceydi.")
    elif before is not None and meeting.starts_at < before.meeting.starts_at:
        wrong["meeting"] = _("Görüş daha sonraki bir toplantının gündeminde.")
    if not 1 <= number <= 999:
        wrong["number"] = _("Gündem numarası 1 ile 999 arasında olmalı.")
    if wrong:
        raise ValidationError({name: [sentence] for name, sentence in wrong.items()})


@transaction.atomic
def refer_to_commission(*, actor: Person, opinion: Opinion, commission: str, at: datetime) -> CommissionStage:
    """The council sends the opinion to one of its commissions. `ValidationError` on ``commission``."""
    may_keep_decisions(actor, opinion.council, at=at).require()
    opinion, proposals = locked_opinion(opinion)
    proposals = before_the_council(proposals, Stage.ON_AGENDA)
    commission = " ".join(commission.split())
    if not 3 <= len(commission) <= 160:
        raise ValidationError({"commission": _("Komisyonun adını yazın; en çok 160 harf.")})
    stage = CommissionStage.objects.create(opinion=opinion, commission=commission, actor=actor, at=at)
    facts = {"opinion": opinion.number, "commission": commission}
    for proposal in proposals:
        move(proposal, Stage.IN_COMMISSION, kind=MunicipalKind.IN_COMMISSION, actor=actor, at=at, facts=facts)
    return stage


@transaction.atomic
def take_back_from_commission(*, actor: Person, opinion: Opinion, report: str, at: datetime) -> CommissionStage:
    """The commission has reported: the opinion is before the council again. `ValidationError` on ``report``."""
    may_keep_decisions(actor, opinion.council, at=at).require()
    opinion, proposals = locked_opinion(opinion)
    proposals = before_the_council(proposals, Stage.IN_COMMISSION)
    report = report.strip()
    if not 10 <= len(report) <= 2000:
        raise ValidationError(
            {"report": _("Komisyonun ne dediğini 10 ile 2.000 harf arasında yazın; herkes okuyacak.")}
        )
    stage = CommissionStage.objects.get(opinion=opinion, back_at__isnull=True)
    stage.back_at, stage.report = at, report
    stage.save(update_fields=["back_at", "report"])
    facts = {"opinion": opinion.number, "commission": stage.commission, "report": report}
    for proposal in proposals:
        move(proposal, Stage.ON_AGENDA, kind=MunicipalKind.BACK_FROM_COMMISSION, actor=actor, at=at, facts=facts)
    return stage


@transaction.atomic
def take_off_municipal_agenda(*, actor: Person, opinion: Opinion, reason: str, at: datetime) -> None:
    """The opinion is taken off the agenda and waits for the next meeting. `ValidationError` on ``reason``."""
    may_keep_decisions(actor, opinion.council, at=at).require()
    opinion, proposals = locked_opinion(opinion)
    proposals = before_the_council(proposals, Stage.ON_AGENDA)
    reason = required_reason(reason)
    AgendaItem.objects.filter(opinion=opinion, ended_at__isnull=True).update(ended_at=at, off_reason=reason)
    for proposal in proposals:
        move(
            proposal,
            Stage.SENT,
            kind=MunicipalKind.TAKEN_OFF,
            actor=actor,
            at=at,
            reason=reason,
            facts={"opinion": opinion.number},
        )


# --- Meetings that pass without an opinion ----------------------------------------------------------------------------
def waits_since(opinion: Opinion) -> datetime:
    """From when the opinion waits for a meeting: since it was sent, or since it was last taken off an agenda."""
    assert opinion.sent_at is not None
    off = AgendaItem.objects.filter(opinion=opinion).exclude(off_reason="").order_by("-ended_at").first()
    return opinion.sent_at if off is None or off.ended_at is None else max(opinion.sent_at, off.ended_at)


def note_missed_meetings(*, at: datetime) -> int:
    """Write down each meeting that passed without an opinion which had been sent in time; returns how many.

    Safe to run twice and in parallel: a meeting is missed once by an opinion. Opinions that can have missed none are not locked.
    """
    noted = 0
    missed = MissedMeeting.objects.filter(opinion=OuterRef(OuterRef("opinion")), meeting=OuterRef("pk"))
    begun = MunicipalMeeting.objects.filter(
        council=OuterRef("opinion__council"), agenda_closes_at__gt=OuterRef("opinion__sent_at"), starts_at__lte=at
    )
    waiting = OpinionProposal.objects.filter(
        Exists(begun.exclude(state__in=CALLED_OFF).exclude(Exists(missed))),
        is_current=True,
        proposal__stage=Stage.SENT,
    )
    for pk in list(waiting.order_by("opinion_id").values_list("opinion_id", flat=True).distinct()):
        try:
            noted += _note_missed(pk, at=at)
        except Exception:  # one opinion's fault must not hide the others'
            log.exception("missed_meeting_not_noted", opinion=pk)
    return noted


@transaction.atomic
def _note_missed(pk: int, *, at: datetime) -> int:
    opinion, proposals = locked_opinion(Opinion(pk=pk))
    waiting = [proposal for proposal in proposals if proposal.stage == Stage.SENT]
    if not waiting or opinion.sent_at is None:
        return 0
    counted_from = waits_since(opinion)
    meetings = list(MunicipalMeeting.objects.filter(council=opinion.council, agenda_closes_at__gt=counted_from))
    missed = set(MissedMeeting.objects.filter(opinion=opinion).values_list("meeting_id", flat=True))
    noted = 0
    while (target := target_meeting(meetings, counted_from, missed=missed)) is not None:
        if not has_passed(target, is_held=target.state == MeetingState.HELD, at=at):
            break
        missed.add(target.pk)
        MissedMeeting.objects.create(opinion=opinion, meeting=target, at=at)
        facts = {"opinion": opinion.number, "meeting": target.name, "day": day_of(target)}
        tell(MunicipalKind.MEETING_MISSED, waiting, actor=None, at=at, facts=facts)
        noted += 1
    if noted:
        Proposal.objects.filter(pk__in=[proposal.pk for proposal in waiting]).update(
            due_at=target.starts_at if target is not None else None, due_how={}
        )
    return noted
