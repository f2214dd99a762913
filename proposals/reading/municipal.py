"""What the municipal council does with opinions, as people read it: target meeting, flags, agenda, commissions, decisions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, QuerySet, Subquery

from councils.meetings.rules import target_meeting
from councils.models import CALLED_OFF, Council, MunicipalMeeting
from proposals.models import (
    AgendaItem,
    CommissionStage,
    Decision,
    DecisionOutcome,
    DecisionState,
    MissedMeeting,
    Opinion,
    OpinionProposal,
    Proposal,
)
from proposals.stages import Stage


@dataclass(frozen=True)
class CouncilPart:
    """An opinion's way through the municipal council."""

    opinion: Opinion
    is_waiting: bool
    target: MunicipalMeeting | None = None
    missed: list[MissedMeeting] = field(default_factory=list)
    items: list[AgendaItem] = field(default_factory=list)
    commissions: list[CommissionStage] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)

    @property
    def item(self) -> AgendaItem | None:
        """The agenda it stands on."""
        return next((item for item in self.items if item.ended_at is None), None)

    @property
    def commission(self) -> CommissionStage | None:
        """The commission it is in."""
        return next((stage for stage in self.commissions if stage.back_at is None), None)


def sent_opinion_of() -> Subquery:
    """For a row of proposals: the opinion that was sent with it, by id."""
    links = OpinionProposal.objects.filter(proposal=OuterRef("pk"), is_current=True, opinion__sent_at__isnull=False)
    return Subquery(links.order_by("-opinion_id").values("opinion_id")[:1])


def council_part(opinion: Opinion, *, is_waiting: bool) -> CouncilPart:
    """Everything of one opinion. Four queries, and one more while it waits for a meeting."""
    items = list(AgendaItem.objects.filter(opinion=opinion).select_related("meeting").order_by("pk"))
    missed = list(MissedMeeting.objects.filter(opinion=opinion).select_related("meeting").order_by("pk"))
    return CouncilPart(
        opinion,
        is_waiting,
        _target(opinion, items, missed) if is_waiting else None,
        [each for each in missed if not each.meeting.is_called_off],
        items,
        list(CommissionStage.objects.filter(opinion=opinion).order_by("pk")),
        list(
            Decision.objects.filter(opinion=opinion, state=DecisionState.CONFIRMED)
            .select_related("council", "meeting")
            .order_by("pk")
        ),
    )


def _target(opinion: Opinion, items: list[AgendaItem], missed: list[MissedMeeting]) -> MunicipalMeeting | None:
    if opinion.sent_at is None:
        return None
    ends = [item.ended_at for item in items if item.off_reason and item.ended_at is not None]
    counted_from = max([opinion.sent_at, *ends])
    ahead = MunicipalMeeting.objects.filter(council=opinion.council_id, agenda_closes_at__gt=counted_from)
    return target_meeting(ahead, counted_from, missed={each.meeting_id for each in missed})


def part_of_proposal(proposal: Any) -> dict[str, Any] | None:
    """For the page of a proposal: its opinion before the council and what was decided on itself; None without one.

    Nothing is asked when the proposal was never sent: `sent_opinion` says so.
    """
    if proposal.sent_opinion is None:
        return None
    opinion = Opinion.objects.get(pk=proposal.sent_opinion)
    part = council_part(opinion, is_waiting=proposal.stage == Stage.SENT)
    outcomes = DecisionOutcome.objects.filter(proposal=proposal, decision__state=DecisionState.CONFIRMED)
    return {"part": part, "outcomes": list(outcomes.select_related("decision", "deferred_to").order_by("pk"))}


def _missed() -> QuerySet[MissedMeeting]:
    """For a row of opinions: the meetings that passed without it. One that was called off afterwards is none."""
    found = MissedMeeting.objects.filter(opinion=OuterRef("pk")).exclude(meeting__state__in=CALLED_OFF)
    return found.order_by()


def missed_count() -> Subquery:
    """For a row of opinions: how many meetings passed without it; None when none did."""
    return Subquery(_missed().values("opinion").annotate(n=Count("pk")).values("n"))


def flagged_opinions(council: Council) -> QuerySet[Opinion]:
    """Opinions that still wait although a meeting passed without them, each with how many passed, the most first."""
    waiting = OpinionProposal.objects.filter(opinion=OuterRef("pk"), is_current=True, proposal__stage=Stage.SENT)
    missed = _missed()
    latest = missed.values("opinion").annotate(at=Max("at")).values("at")
    return (
        Opinion.objects.filter(Exists(waiting), Exists(missed), council=council)
        .annotate(missed_count=missed_count(), flagged_at=Subquery(latest))
        .order_by("-missed_count", "pk")
    )


def taken_up_at(meetings: Iterable[MunicipalMeeting]) -> dict[int, dict[str, list[Any]]]:
    """What each meeting took up and decided, by the meeting's id. Three queries for any number of meetings."""
    pks = [meeting.pk for meeting in meetings]
    found: dict[int, dict[str, list[Any]]] = {pk: {"items": [], "decisions": [], "missed": []} for pk in pks}
    for item in AgendaItem.objects.filter(meeting__in=pks).select_related("opinion").order_by("number", "pk"):
        found[item.meeting_id]["items"].append(item)
    decisions = Decision.objects.filter(meeting__in=pks, state=DecisionState.CONFIRMED)
    for decision in decisions.select_related("council", "opinion").order_by("serial"):
        found[decision.meeting_id]["decisions"].append(decision)
    for missed in MissedMeeting.objects.filter(meeting__in=pks).select_related("opinion").order_by("pk"):
        found[missed.meeting_id]["missed"].append(missed)
    return found


def proposals_before_council(opinion: Opinion, stages: Iterable[Stage]) -> list[Proposal]:
    """The opinion's proposals that stand in one of the stages, in the order of their numbers."""
    links = OpinionProposal.objects.filter(opinion=opinion, is_current=True, proposal__stage__in=list(stages))
    return [link.proposal for link in links.select_related("proposal__council").order_by("proposal_id")]
