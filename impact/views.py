"""The figures for everybody, the panel of those who work with them, and the list behind each number."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from councils.models import Council
from councils.paging import page_of
from impact.permissions import may_read_panel
from impact.reading import decided, drawing, figures, listing, paid, tables
from impact.reading import people as people_
from impact.reading.asking import Asked, read_asked
from impact.reading.tables import Table
from people.access import kept_for_visitors, public, signed_in
from proposals.sheets import XLSX, csv_lines, workbook

ON_A_PAGE = 30
TRACED_ON_PANEL = 30
"""Lines of decisions, of the budget and of the plan on the panel; the file has them all."""


def _council(request: HttpRequest) -> Council:
    council = request.council
    assert council is not None
    return council


@kept_for_visitors
@public
@require_safe
def impact_home(request: HttpRequest) -> HttpResponse:
    """What became of the proposals, for everybody."""
    council = _council(request)
    asked = read_asked(council, request.GET)
    found = figures.totals(asked)
    took_part = people_.people_for_everybody(council)
    groups = figures.groups(asked, ("konu", "ilce"))
    context = {
        **_common(asked, found),
        **_paid(asked),
        "groups": [tables.of_group(group) for group in groups if group.rows],
        "people": took_part,
        "missing": people_.missing_in_words(took_part),
        "places": tables.of_places_for_everybody(took_part),
        "beside": tables.of_councils(figures.by_council(year=asked.year)),
    }
    return render(request, "impact/impact_home.html", context)


def _common(asked: Asked, found: figures.Totals) -> dict[str, Any]:
    """What both pages show."""
    stages = figures.stages(asked)
    flows = figures.flows(asked)
    return {
        "asked": asked,
        "totals": found,
        "summary": figures.summary(found),
        "funnel": drawing.funnel(figures.funnel(stages), tables.of_stages(stages)),
        "sankey": drawing.sankey(flows, tables.of_flows(flows)),
    }


def _paid(asked: Asked) -> dict[str, Any]:
    """What pays the proposals and what they serve, on both pages."""
    return {
        "sources": tables.of_sources(paid.sources(asked)),
        "budget": tables.of_budget(paid.lines(asked, most=TRACED_ON_PANEL)),
        "plan": tables.of_plan(paid.objectives(asked, most=TRACED_ON_PANEL)),
    }


@signed_in
@require_safe
def impact_panel(request: HttpRequest) -> HttpResponse:
    """How proposals shape policy, for the directorate and the secretariat."""
    council, at = _council(request), timezone.now()
    may_read_panel(request.user, council, at=at).require()
    asked = read_asked(council, request.GET)
    times = figures.times(asked)
    groups = figures.groups(asked)
    of_years = next(group for group in groups if group.word == "yil")
    took_part = people_.people(council, year=asked.year)
    context = {
        **_common(asked, figures.totals(asked)),
        "times": drawing.times(times, tables.of_times(times)),
        "years": drawing.years(of_years, tables.of_group(of_years)),
        "late": tables.of_late(figures.late(asked, at=at)),
        "outcomes": tables.of_outcomes(decided.outcomes(asked)),
        "traced": tables.of_traced(decided.traced(asked, most=TRACED_ON_PANEL)),
        **_paid(asked),
        "groups": [tables.of_group(group) for group in groups if group.rows and group.word != "yil"],
        "people": took_part,
        "missing": people_.missing_in_words(took_part),
        "places": tables.of_places(took_part),
        "ages": tables.of_ages(took_part),
        "beside": tables.of_councils(figures.by_council(year=asked.year)),
    }
    return render(request, "impact/impact_panel.html", context)


# --- Files ------------------------------------------------------------------------------------------------------------
def _groups(word: str) -> Callable[[Asked, datetime], Table]:
    return lambda asked, _at: tables.of_group(figures.groups(asked, (word,))[0])


TABLES: dict[str, Callable[[Asked, datetime], Table]] = {
    "asamalar": lambda asked, _at: tables.of_stages(figures.stages(asked)),
    "gecisler": lambda asked, _at: tables.of_flows(figures.flows(asked)),
    "sureler": lambda asked, _at: tables.of_times(figures.times(asked)),
    "gecikenler": lambda asked, at: tables.of_late(figures.late(asked, at=at)),
    "sonuclar": lambda asked, _at: tables.of_outcomes(decided.outcomes(asked)),
    "kararlar": lambda asked, _at: tables.of_traced(decided.traced(asked)),
    "kaynaklar": lambda asked, _at: tables.of_sources(paid.sources(asked)),
    "butce": lambda asked, _at: tables.of_budget(paid.lines(asked)),
    "hedefler": lambda asked, _at: tables.of_plan(paid.objectives(asked)),
    **{word: _groups(word) for word in ("yil", "konu", "ilce", "organ", "stk")},
    "katilim": lambda asked, _at: tables.of_places(people_.people(asked.council, year=asked.year)),
    "yaslar": lambda asked, _at: tables.of_ages(people_.people(asked.council, year=asked.year)),
    "konseyler": lambda asked, _at: tables.of_councils(figures.by_council(year=asked.year)),
}


def _taken(request: HttpRequest, form: str) -> tuple[Asked, datetime]:
    """What a file is about; refuses who may not read the panel."""
    council, at = _council(request), timezone.now()
    may_read_panel(request.user, council, at=at).require()
    if form not in {"csv", "xlsx"}:
        raise Http404
    return read_asked(council, request.GET), at


def _file(name: str, form: str, response: HttpResponseBase) -> HttpResponseBase:
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    patch_cache_control(response, private=True, no_store=True)
    return response


@signed_in
@require_safe
def impact_table(request: HttpRequest, table: str, form: str) -> HttpResponseBase:
    """One table of the panel as a file; `hepsi` is a workbook of all of them."""
    asked, at = _taken(request, form)
    name = f"etki-{asked.council.slug}-{table}"
    if table == "hepsi" and form == "xlsx":
        book = workbook([tables.sheet(make(asked, at)) for make in TABLES.values()])
        return _file(name, form, HttpResponse(book, content_type=XLSX))
    if table not in TABLES:
        raise Http404
    found = TABLES[table](asked, at)
    if form == "xlsx":
        return _file(name, form, HttpResponse(workbook([tables.sheet(found)]), content_type=XLSX))
    lines = "".join(csv_lines(found.head, found.cells))
    return _file(name, form, HttpResponse(lines, content_type="text/csv; charset=utf-8"))


# --- The list behind a number -----------------------------------------------------------------------------------------
@public
@require_safe
def impact_proposals(request: HttpRequest) -> HttpResponse:
    """Exactly the proposals that a number counts."""
    council, at = _council(request), timezone.now()
    asked = read_asked(council, request.GET)
    selection = listing.read_selection(asked, request.GET, at=at)
    page = page_of(
        request, listing.dressed(selection), by=["submitted_at", "proposal_id"], size=ON_A_PAGE, descending=True
    )
    context = {
        "asked": asked,
        "selection": selection,
        "count": listing.total(selection),
        "rows": listing.rows(page.items),
        "page": page,
        "may_take": bool(may_read_panel(request.user, council, at=at)),
        "query": request.GET.urlencode(),
    }
    return render(request, "impact/impact_proposals.html", context)


@signed_in
@require_safe
def impact_proposals_file(request: HttpRequest, form: str) -> HttpResponseBase:
    """The whole list as a file."""
    asked, at = _taken(request, form)
    selection = listing.read_selection(asked, request.GET, at=at)
    name, head, rows = f"etki-{asked.council.slug}-oneriler", listing.head(), listing.table(selection.facts)
    if form == "xlsx":
        return _file(name, form, HttpResponse(workbook([(selection.title, head, rows)]), content_type=XLSX))
    return _file(name, form, StreamingHttpResponse(csv_lines(head, rows), content_type="text/csv; charset=utf-8"))
