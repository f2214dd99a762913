"""What stands on a council's home: computed from the rows, a fixed number of queries, nothing of another council."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, FloatField, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ballots.models import Ballot
from councils.models import Body, Council, CouncilBallot
from participation.record import WEEK, RecordLine, moves_of_council, record_lines
from people.models import AnyPerson
from people.verdicts import Verdict
from proposals.models import Proposal, ProposalBallot
from proposals.permissions import may_write
from proposals.reading import Step, cards, mini_steps
from proposals.stages import PASSED, Stage
from servicerequests.models import RequestType
from turkish.templatetags.turkish_text import left, number

BALLOTS_SHOWN = 6
GATHERING_SHOWN = 4
MOVES_SHOWN = 8


@dataclass(frozen=True)
class Figure:
    """A number and the list it counts."""

    value: int
    label: str
    url: str


@dataclass(frozen=True)
class Deciding:
    """What is being decided now: a proposal that is voted on or gathers support, or a question of the council's own."""

    title: str
    url: str
    steps: list[Step]
    status: str
    organisation: str
    count: str
    count_label: str
    # For an open ballot: the state topic its turnout moves with, and how many are on the roll.
    topic: str = ""
    cast: int = 0
    roll: int = 0
    closes_at: datetime | None = None
    # None where the council asks a question of its own.
    proposal: Proposal | None = None


def stage_counts(council: Council) -> dict[str, int]:
    """How many proposals of a council stand in each stage; drafts are nobody's number. One query."""
    rows = Proposal.objects.filter(council=council).exclude(stage=Stage.DRAFT).order_by()
    return dict(rows.values_list("stage").annotate(n=Count("pk")))


def figures(council: Council) -> list[Figure]:
    """From word to policy in four numbers."""
    counts = stage_counts(council)
    address = reverse("proposal_list", args=[council.slug])

    def of(*stages: Stage) -> int:
        return sum(counts.get(stage, 0) for stage in stages)

    counted = reverse("impact_proposals", args=[council.slug])
    written = sum(counts.values())
    deciding, accepted, done = of(Stage.IN_GROUP, Stage.BALLOT), of(*PASSED), of(Stage.DONE, Stage.REVIEWED)
    return [
        Figure(written, ngettext("öneri sunuldu", "öneri sunuldu", written), address),
        Figure(deciding, _("görüşülüyor ya da oylanıyor"), f"{address}?asama=grupta&asama=oylamada"),
        Figure(accepted, _("kabul edildi"), f"{counted}?sonuc=kabul"),
        Figure(done, ngettext("yapıldı", "yapıldı", done), f"{counted}?sonuc=yapilan"),
    ]


def open_ballots(council: Council, *, at: datetime) -> QuerySet[ProposalBallot]:
    """Ballots of a council that take votes now, the one that closes first on top, each with its turnout."""
    running = Ballot.running_at(at)
    return (
        ProposalBallot.objects.filter(is_current=True, proposal__council=council, ballot__in=running)
        .select_related("ballot")
        .annotate(cast=Count("ballot__votes"))
        .order_by("ballot__closes_at", "pk")
    )


def open_council_ballots(council: Council, *, at: datetime) -> QuerySet[CouncilBallot]:
    """Questions of the council and its bodies that take votes now, the one that closes first on top, each with its turnout."""
    running = Ballot.running_at(at)
    return (
        CouncilBallot.objects.filter(council=council, ballot__in=running)
        .select_related("ballot", "body", "district")
        .annotate(cast=Count("ballot__votes"))
        .order_by("ballot__closes_at", "pk")
    )


def nearest_to_threshold(council: Council, *, at: datetime) -> QuerySet[Proposal]:
    """Proposals that gather support, the one that needs the fewest more relative to its threshold on top."""
    share = Cast(F("support_count"), FloatField()) / Cast(F("support_threshold"), FloatField())
    gathering = Proposal.objects.filter(council=council, stage=Stage.GATHERING, support_closes_at__gt=at)
    return gathering.annotate(share=share).order_by("-share", "support_closes_at", "pk")


def deciding(council: Council, *, at: datetime) -> list[Deciding]:
    """What is being decided now: four queries. Keys are sorted first, so that no wide row is sorted.

    Ballots stand first, whoever holds them, the one that closes first on top.
    """
    links = list(open_ballots(council, at=at)[:BALLOTS_SHOWN])
    asked = list(open_council_ballots(council, at=at)[:BALLOTS_SHOWN])
    nearest = list(nearest_to_threshold(council, at=at).values_list("pk", flat=True)[:GATHERING_SHOWN])
    wanted = Proposal.objects.filter(pk__in=[*(link.proposal_id for link in links), *nearest])
    rows = {row.pk: row for row in cards(wanted)}
    voting = [_voting(rows[link.proposal_id], link) for link in links] + [_asking(council, each) for each in asked]
    soonest = sorted(voting, key=lambda item: (item.closes_at or at, item.topic))[:BALLOTS_SHOWN]
    return soonest + [_gathering(rows[pk]) for pk in nearest]


def _asking(council: Council, asked: Any) -> Deciding:
    ballot = asked.ballot
    asked.council = council
    return Deciding(
        title=ballot.question,
        url=reverse("ballot_detail", args=[ballot.pk]),
        steps=[],
        status=_("Oylama · %(who)s") % {"who": asked.who},
        organisation="",
        count=left(ballot.closes_at),
        count_label="",
        topic=f"state:{ballot.topic}",
        cast=asked.cast,
        roll=ballot.members,
        closes_at=ballot.closes_at,
    )


def _voting(proposal: Proposal, link: Any) -> Deciding:
    ballot = link.ballot
    return Deciding(
        proposal=proposal,
        title=proposal.title,
        url=proposal.get_absolute_url(),
        steps=mini_steps(proposal),
        status=_("%(body)s oyluyor") % {"body": proposal.addressed_to},
        organisation=proposal.on_behalf_of.name if proposal.on_behalf_of else "",
        count=left(ballot.closes_at),
        count_label="",
        topic=f"state:{ballot.topic}",
        cast=link.cast,
        roll=ballot.electorate_size,
        closes_at=ballot.closes_at,
    )


def _gathering(proposal: Proposal) -> Deciding:
    return Deciding(
        proposal=proposal,
        title=proposal.title,
        url=proposal.get_absolute_url(),
        steps=mini_steps(proposal),
        status=_("Destek topluyor · %(body)s") % {"body": proposal.addressed_to},
        organisation=proposal.on_behalf_of.name if proposal.on_behalf_of else "",
        count=number(proposal.support_count),
        count_label=_("/ %(n)s destek") % {"n": number(proposal.support_threshold)},
        topic=f"state:{proposal.topic}",
        closes_at=proposal.support_closes_at,
    )


def moved_this_week(council: Council, *, at: datetime) -> list[RecordLine]:
    """The newest moves of the last seven days."""
    return record_lines(moves_of_council(council, since=at - WEEK)[:MOVES_SHOWN])


@dataclass(frozen=True)
class Door:
    """A way in. Writing is a way in for visitors too, who are sent to log in first."""

    kind: str
    url: str


def doors(council: Council, person: AnyPerson) -> list[Door]:
    verdict: Verdict = may_write(person, council)
    found = []
    if verdict or verdict.code == "sign_in":
        found.append(Door("proposal", reverse("proposal_new", args=[council.slug])))
    found.append(Door("group", reverse("body_list", args=[council.slug])))
    if RequestType.objects.filter(council=council, is_active=True).exists():
        found.append(Door("request", reverse("request_types", args=[council.slug])))
        found.append(Door("articles", reverse("article_list", args=[council.slug])))
    found.append(Door("organisation", reverse("organisation_list", args=[council.slug])))
    return found


@dataclass(frozen=True)
class CouncilCard:
    """A council on the home of the installation."""

    council: Council
    proposals: int
    groups: int
    open_ballots: int
    is_last: bool


def council_cards(*, last: str, at: datetime) -> list[CouncilCard]:
    """Every council with three counts, the one visited last first: five queries, however many councils."""
    councils = list(Council.objects.alphabetical().defer("outline", "principles"))
    proposals = _count_by_council(Proposal.objects.exclude(stage=Stage.DRAFT))
    groups = _count_by_council(Body.objects.take_proposals())
    running = Proposal.objects.filter(
        ballot_links__is_current=True,
        ballot_links__ballot__declared_at__isnull=True,
        ballot_links__ballot__opens_at__lte=at,
        ballot_links__ballot__closes_at__gt=at,
    )
    ballots = _count_by_council(running)
    open_now = Ballot.running_at(at)
    asked = _count_by_council(CouncilBallot.objects.filter(ballot__in=open_now))
    found = [
        CouncilCard(
            council,
            proposals.get(council.pk, 0),
            groups.get(council.pk, 0),
            ballots.get(council.pk, 0) + asked.get(council.pk, 0),
            council.slug == last,
        )
        for council in councils
    ]
    return sorted(found, key=lambda card: not card.is_last)


def _count_by_council(rows: QuerySet[Any]) -> dict[int, int]:
    return dict(rows.order_by().values_list("council_id").annotate(n=Count("pk")))
