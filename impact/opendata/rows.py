"""The rows of each table, in the order of its columns, read a few thousand at a time. Everything in them is public already."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, Subquery, Value, When, Window
from django.db.models.functions import Coalesce, RowNumber
from django.urls import reverse

from ballots.models import Vote
from councils.models import Body, Council, CouncilBallot, District, MunicipalMeeting, Theme
from impact.models import EVERY_YEAR, Participation
from impact.opendata.schema import ACTIVITIES, ALL, NONE
from impact.suppression import SMALLEST, suppressed
from proposals.models import (
    BudgetLine,
    BudgetShare,
    Decision,
    DecisionOutcome,
    DecisionState,
    Implementation,
    Milestone,
    Objective,
    Opinion,
    OpinionProposal,
    Proposal,
    ProposalBallot,
    ServedObjective,
    StageChange,
)
from proposals.stages import Stage

Rows = Iterator[tuple[Any, ...]]
AT_ONCE = 2_000


def themes(council: Council) -> Rows:
    yield from Theme.objects.filter(council=council).order_by("slug").values_list("slug", "name")


def districts(council: Council) -> Rows:
    yield from District.objects.filter(council=council).order_by("slug").values_list("slug", "name", "population")


def bodies(council: Council) -> Rows:
    yield from Body.objects.filter(council=council).order_by("slug").values_list("slug", "kind", "name", "is_active")


def proposals(council: Council) -> Rows:
    """Authors are a kind; only an organisation has a name. The order of the numbers is that of submission."""
    page = settings.SITE_URL.rstrip("/") + reverse("proposal_list", args=[council.slug])
    kind = Case(When(on_behalf_of__isnull=True, then=Value("person")), default=Value("organisation"))
    found = Proposal.objects.filter(council=council).exclude(stage=Stage.DRAFT).order_by("year", "serial")
    columns = (
        "number", "title", "summary", "text", "version", "author_kind", "on_behalf_of__name", "theme__slug",
        "district__slug", "addressed_to__slug", "stage", "stage_since", "holder", "due_at", "submitted_at", "ended_at",
        "support_count", "support_threshold", "thread__comment_count", "merged_into__number", "split_from__number",
    )  # fmt: skip
    rows = found.annotate(author_kind=kind).values_list(*columns)
    for row in rows.iterator(chunk_size=AT_ONCE):
        yield (*row, f"{page}{row[0]}/")


def stage_changes(council: Council) -> Rows:
    place = Window(RowNumber(), partition_by=F("proposal_id"), order_by=[F("at").asc(), F("pk").asc()])
    found = StageChange.objects.filter(proposal__council=council).exclude(proposal__stage=Stage.DRAFT)
    rows = found.annotate(n=place).order_by("proposal__year", "proposal__serial", "n")
    columns = ("proposal__number", "n", "old", "new", "at", "reason_code", "reason")
    yield from rows.values_list(*columns).iterator(chunk_size=AT_ONCE)


def ballots(council: Council) -> Rows:
    """Those of proposals, then those of the council itself; what is not declared has no result yet."""
    votes = Vote.objects.filter(ballot=OuterRef("ballot")).order_by().values("ballot").annotate(n=Count("pk"))
    cast = Coalesce(Subquery(votes.values("n"), output_field=IntegerField()), 0)
    of_ballot = (
        "method", "opens_at", "closes_at", "declared_at", "electorate_size", "cast", "quorum", "majority", "outcome",
        "yes_votes", "no_votes", "abstentions",
    )  # fmt: skip
    columns = tuple(name if name == "cast" else f"ballot__{name}" for name in of_ballot)
    of_proposals = ProposalBallot.objects.filter(proposal__council=council, ballot__declared_at__isnull=False)
    rows = of_proposals.annotate(cast=cast).order_by("ballot")
    first = ("ballot_id", "proposal__number", "proposal__addressed_to__slug")
    yield from rows.values_list(*first, *columns).iterator(chunk_size=AT_ONCE)
    of_council = CouncilBallot.objects.filter(council=council, ballot__declared_at__isnull=False)
    rows = of_council.annotate(cast=cast).order_by("ballot").values_list("ballot_id", "body__slug", *columns)
    for ballot, body, *rest in rows.iterator(chunk_size=AT_ONCE):
        yield (ballot, None, body, *rest)


def opinions(council: Council) -> Rows:
    """What has a number is public: the general assembly was asked."""
    columns = ("number", "title", "text", "state", "state_since", "adopted_at", "sent_on", "registry_number")
    found = Opinion.objects.filter(council=council).exclude(number="").order_by("year", "serial")
    site = settings.SITE_URL.rstrip("/")
    for row in found.values_list(*columns).iterator(chunk_size=AT_ONCE):
        yield (*row, site + reverse("opinion_detail", args=[council.slug, row[0]]))


def opinion_proposals(council: Council) -> Rows:
    found = OpinionProposal.objects.filter(opinion__council=council).exclude(opinion__number="")
    rows = found.order_by("opinion__year", "opinion__serial", "pk")
    yield from rows.values_list("opinion__number", "proposal__number", "is_current").iterator(chunk_size=AT_ONCE)


def municipal_meetings(council: Council) -> Rows:
    columns = ("starts_at", "name", "agenda_closes_at", "is_extraordinary", "is_estimate", "state")
    found = MunicipalMeeting.objects.filter(council=council).order_by("starts_at", "name", "pk")
    seen = set()
    for row in found.values_list(*columns).iterator(chunk_size=AT_ONCE):
        if row[:2] not in seen:  # a meeting called off and planned again for the same moment is one
            seen.add(row[:2])
            yield row


def decisions(council: Council) -> Rows:
    """Those a second person confirmed; who entered and who confirmed them is not told."""
    columns = (
        "opinion__number", "meeting__starts_at", "meeting__name", "agenda_number", "commission", "decided_on",
        "is_unanimous", "votes_for", "votes_against", "votes_abstain", "reasons",
    )  # fmt: skip
    found = Decision.objects.filter(council=council, state=DecisionState.CONFIRMED).order_by("year", "serial")
    site = settings.SITE_URL.rstrip("/")
    for pk, year, serial, *row in found.values_list("pk", "year", "serial", *columns).iterator(chunk_size=AT_ONCE):
        yield (f"{year}/{serial}", *row, site + reverse("decision_detail", args=[council.slug, pk]))


def decision_outcomes(council: Council) -> Rows:
    found = DecisionOutcome.objects.filter(decision__council=council, decision__state=DecisionState.CONFIRMED)
    rows = found.order_by("decision__year", "decision__serial", "proposal__year", "proposal__serial")
    columns = ("proposal__number", "outcome", "accepted_parts", "reason_code", "deferred_to__starts_at")
    cited = ("decision__year", "decision__serial")
    for year, serial, *row in rows.values_list(*cited, *columns).iterator(chunk_size=AT_ONCE):
        yield (f"{year}/{serial}", *row)


def implementations(council: Council) -> Rows:
    """The unit, and not whom to turn to in it."""
    columns = ("proposal__number", "unit__name", "began_at", "done_at", "outcome", "why_open")
    found = Implementation.objects.filter(proposal__council=council).order_by("proposal__year", "proposal__serial")
    yield from found.values_list(*columns).iterator(chunk_size=AT_ONCE)


def milestones(council: Council) -> Rows:
    columns = ("implementation__proposal__number", "title", "planned_on", "done_on", "evidence", "link")
    found = Milestone.objects.filter(implementation__proposal__council=council)
    order = ("implementation__proposal__year", "implementation__proposal__serial", "planned_on", "pk")
    yield from found.order_by(*order).values_list(*columns).iterator(chunk_size=AT_ONCE)


def budget_lines(council: Council) -> Rows:
    columns = ("code", "name", "unit__name", "amount", "is_retired")
    found = BudgetLine.objects.filter(council=council).order_by("year", "code")
    site = settings.SITE_URL.rstrip("/")
    for pk, year, code, *row in found.values_list("pk", "year", *columns).iterator(chunk_size=AT_ONCE):
        yield (f"{year}/{code}", year, code, *row, site + reverse("budget_line", args=[council.slug, pk]))


def plan_objectives(council: Council) -> Rows:
    found = Objective.objects.filter(plan__council=council).select_related("plan", "parent", "unit")
    site = settings.SITE_URL.rstrip("/")
    for row in found.order_by("plan__first_year", "aim", "target").iterator(chunk_size=AT_ONCE):
        aim = f"{row.plan.key}/{row.parent.code}" if row.parent else None
        url = site + reverse("objective_detail", args=[council.slug, row.pk])
        unit = row.unit.name if row.unit else None
        yield (f"{row.plan.key}/{row.code}", row.plan.first_year, row.plan.last_year, row.code, aim, row.name, unit,
               row.is_retired, url)  # fmt: skip


def implementation_budget_lines(council: Council) -> Rows:
    columns = ("implementation__proposal__number", "line__year", "line__code", "amount")
    found = BudgetShare.objects.filter(line__council=council)
    order = ("implementation__proposal__year", "implementation__proposal__serial", "line__year", "line__code")
    for number, year, code, amount in found.order_by(*order).values_list(*columns).iterator(chunk_size=AT_ONCE):
        yield (number, f"{year}/{code}", amount)


def implementation_objectives(council: Council) -> Rows:
    found = ServedObjective.objects.filter(objective__plan__council=council).select_related("objective__plan")
    order = ("implementation__proposal__year", "implementation__proposal__serial", "objective")
    rows = found.annotate(number=F("implementation__proposal__number")).order_by(*order)
    for row in rows.iterator(chunk_size=AT_ONCE):
        yield (row.number, f"{row.objective.plan.key}/{row.objective.code}")


def participation(council: Council) -> Rows:
    """People as counts: all years by district, and each year by activity in the whole city; never crossed.

    Groups under five are left out. Only the districts add up to a total, and there the smallest neighbour goes with a single
    small group (`impact.suppression`); years share their people and activities overlap, so they give nothing away.
    """
    found = Participation.objects.filter(council=council).order_by()
    every = found.filter(year=EVERY_YEAR)
    by_place = dict(every.values_list("district__slug").annotate(n=Count("pk")))
    names = [*District.objects.filter(council=council).order_by("slug").values_list("slug", flat=True), None]
    told, total = suppressed({name: by_place.get(name, 0) for name in names})
    yield (ALL, ALL, "any", total)
    for name in names:
        yield (ALL, name or NONE, "any", told[name])
    doers = {f"n_{name}": Count("pk", filter=Q(**{f"is_{name}": True})) for name in ACTIVITIES[1:]}
    years = found.exclude(year=EVERY_YEAR).values("year").annotate(n_any=Count("pk"), **doers).order_by("year")
    for year in years:
        for activity in ACTIVITIES:
            people = year[f"n_{activity}"]
            yield (str(year["year"]), ALL, activity, people if people == 0 or people >= SMALLEST else None)


ROWS: dict[str, Callable[[Council], Rows]] = {
    "themes": themes,
    "districts": districts,
    "bodies": bodies,
    "proposals": proposals,
    "stage_changes": stage_changes,
    "ballots": ballots,
    "opinions": opinions,
    "opinion_proposals": opinion_proposals,
    "municipal_meetings": municipal_meetings,
    "decisions": decisions,
    "decision_outcomes": decision_outcomes,
    "implementations": implementations,
    "milestones": milestones,
    "budget_lines": budget_lines,
    "plan_objectives": plan_objectives,
    "implementation_budget_lines": implementation_budget_lines,
    "implementation_objectives": implementation_objectives,
    "participation": participation,
}
