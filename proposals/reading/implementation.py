"""How an implementation stands: its steps, what is late, how much is done, and what those say who asked for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from councils.models import Council
from people.models import AnyPerson
from proposals.budget.reading import served_by, shares_of
from proposals.models import (
    Answer,
    BudgetShare,
    Implementation,
    Milestone,
    Objective,
    ProgressNote,
    Proposal,
    Review,
    ServedObjective,
    Unit,
)
from proposals.stages import Stage

FOLLOWED = (Stage.IMPLEMENTATION, Stage.DONE, Stage.REVIEWED, Stage.ABANDONED)
"""Stages in which a proposal may have an implementation."""
NOTES_SHOWN = 5
SENTENCES_SHOWN = 20
STATES = {
    "suren": Stage.IMPLEMENTATION,
    "yapilan": Stage.DONE,
    "uygulanamayan": Stage.ABANDONED,
}
LATE = "geciken"


def share_done(done: int, steps: int) -> int:
    """How much is done, 0 to 100: done steps of all steps, rounded down, so that 100 means all of them."""
    return done * 100 // steps if steps else 0


@dataclass(frozen=True)
class Tally:
    """One answer of a review as the bar chart draws it."""

    key: str
    label: Any
    count: int
    share: int
    tone: str


@dataclass(frozen=True)
class Standing:
    """Everything the page of a proposal says about its implementation."""

    implementation: Implementation | None
    milestones: list[Milestone]
    notes: list[ProgressNote]
    review: Review | None
    tally: list[Tally]
    sentences: list[Any]
    day: date
    is_running: bool
    money: list[BudgetShare] = field(default_factory=list)
    objectives: list[Objective] = field(default_factory=list)

    @property
    def given(self) -> Decimal | None:
        """How much all lines give together; None where no amount is written."""
        amounts = [share.amount for share in self.money if share.amount is not None]
        return sum(amounts, Decimal(0)) if amounts else None

    @property
    def done(self) -> int:
        return sum(1 for each in self.milestones if each.done_on is not None)

    @property
    def share(self) -> int:
        return share_done(self.done, len(self.milestones))

    @property
    def steps(self) -> list[tuple[Milestone, bool]]:
        """Each milestone and whether it is late; nothing is once the work has ended."""
        return [(each, self.is_running and each.is_late(self.day)) for each in self.milestones]

    @property
    def answered(self) -> int:
        return sum(row.count for row in self.tally)


def standing(proposal: Proposal, *, at: datetime) -> Standing | None:
    """How the implementation of a proposal stands; None, and no query, in the stages before it."""
    if proposal.stage not in FOLLOWED:
        return None
    here = OuterRef("pk")
    asked = Implementation.objects.filter(proposal=proposal).select_related("unit")
    begun: Any = asked.annotate(
        has_money=Exists(BudgetShare.objects.filter(implementation=here)),
        has_objectives=Exists(ServedObjective.objects.filter(implementation=here)),
    ).first()
    milestones, notes, money, objectives = [], [], [], []
    if begun is not None:
        begun.proposal = proposal
        milestones = list(begun.milestones.select_related("file").prefetch_related("changes"))
        notes = list(begun.notes.all()[:NOTES_SHOWN])
        money = shares_of(begun) if begun.has_money else []
        objectives = served_by(begun) if begun.has_objectives else []
    review = Review.objects.filter(proposal=proposal).first() if proposal.stage != Stage.IMPLEMENTATION else None
    day, is_running = timezone.localtime(at).date(), proposal.stage == Stage.IMPLEMENTATION
    if review is None:
        return Standing(begun, milestones, notes, None, [], [], day, is_running, money, objectives)
    counted = dict(review.answers.order_by().values_list("answer").annotate(n=Count("pk")))
    said = list(review.answers.exclude(sentence="")[:SENTENCES_SHOWN])
    return Standing(begun, milestones, notes, review, _tally(counted), said, day, is_running, money, objectives)


_TONES = {Answer.YES: "yes", Answer.PARTLY: "abstain", Answer.NO: "no"}


def _tally(counted: dict[str, int]) -> list[Tally]:
    total = sum(counted.values())
    return [
        Tally(str(answer), answer.label, n := counted.get(answer, 0), n * 100 // total if total else 0, _TONES[answer])
        for answer in Answer
    ]


def implementations(council: Council, *, at: datetime) -> QuerySet[Proposal]:
    """The council's proposals that are or were carried out, each with its steps counted; what is late first, then newest."""
    day = timezone.localtime(at).date()
    open_steps = Milestone.objects.filter(implementation__proposal=OuterRef("pk"), done_on__isnull=True)
    steps = Milestone.objects.filter(implementation__proposal=OuterRef("pk")).order_by()
    counted = steps.values("implementation").annotate(n=Count("pk"), d=Count("pk", filter=Q(done_on__isnull=False)))
    return (
        Proposal.objects.filter(council=council, stage__in=FOLLOWED)
        .select_related("implementation__unit", "review")
        .defer("text", "search")
        .annotate(
            is_late=Exists(open_steps.filter(planned_on__lt=day)) & Q(stage=Stage.IMPLEMENTATION),
            next_title=Subquery(open_steps.order_by("planned_on", "pk").values("title")[:1]),
            next_on=Subquery(open_steps.order_by("planned_on", "pk").values("planned_on")[:1]),
            steps=Subquery(counted.values("n")),
            done_steps=Subquery(counted.values("d")),
        )
    )


def narrowed(
    rows: QuerySet[Proposal], *, state: str = "", unit: str = "", year: int | None = None
) -> QuerySet[Proposal]:
    """Those in a state (a word of `STATES`, or late), of a unit by its word, that began in a year."""
    if state == LATE:
        rows = rows.filter(is_late=True)
    elif state in STATES:
        stages = {STATES[state]} | ({Stage.REVIEWED} if STATES[state] == Stage.DONE else set())
        rows = rows.filter(stage__in=stages)
    if unit:
        rows = rows.filter(implementation__unit__word=unit)
    if year is not None:
        rows = rows.filter(implementation__began_at__year=year)
    return rows


def years_begun(council: Council) -> list[int]:
    """The years in which something began to be carried out, the newest first. One query."""
    begun = Implementation.objects.filter(proposal__council=council)
    return [moment.year for moment in begun.datetimes("began_at", "year", order="DESC")]


def units(council: Council) -> QuerySet[Unit]:
    """Units that carry out or carried out something, also those not used any more."""
    works = Implementation.objects.filter(unit=OuterRef("pk"))
    return Unit.objects.filter(Exists(works), council=council).order_by("name", "pk")


def reviews_to_answer(person: AnyPerson, *, at: datetime) -> QuerySet[Review]:
    """Open reviews of what the person wrote or supports and has not answered; the first to close on top."""
    running = Review.objects.filter(closed_at__isnull=True, closes_at__gt=at)
    mine = Q(proposal__author_id=person.pk) | Q(proposal__supports__person_id=person.pk)
    return (
        running.filter(mine)
        .exclude(answers__person_id=person.pk)
        .select_related("proposal__council")
        .defer("proposal__text", "proposal__search", "proposal__council__outline", "proposal__council__about")
        .distinct()
        .order_by("closes_at", "pk")
    )
