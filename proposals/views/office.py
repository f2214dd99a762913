"""The office's list of proposals (Gelen öneriler): read, searched, ordered and worked through by many at once."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    QueryDict,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from people.access import signed_in
from proposals import actions
from proposals.actions.bulk import MOST_AT_ONCE, Deed, Outcome, may_do_each
from proposals.models import Assignment, Proposal, SavedView
from proposals.office_forms import OrderForm, ViewForm
from proposals.overdue import is_late
from proposals.permissions import may_manage_proposals
from proposals.reading import office, similar_proposals
from proposals.sheets import XLSX, csv_lines, workbook
from proposals.stages import BEFORE_A_VOTE

NUMBER = re.compile(r"[A-Z]{3}-[0-9]{4}-[0-9]{4,9}")


def _enter(request: HttpRequest) -> datetime:
    at = timezone.now()
    may_manage_proposals(request.user, request.council, at=at).require()
    return at


@signed_in
@never_cache
@require_safe
def proposal_office(request: HttpRequest) -> HttpResponse:
    """The list by filters, order and page; beside one row those like it, where `benzer` names it."""
    at = _enter(request)
    council, person = request.council, request.user
    choices = office.office_choices(council, at=at)
    filters = office.read_office_filters(request.GET, choices)
    sort = office.office_sort(request.GET.get("sirala", ""), filters)
    page = office.office_listing(council, person, filters, sort=sort, cursor=request.GET.get("sayfa", ""), at=at)
    _beside(request, page.rows)
    for row in page.rows:
        row.is_late = is_late(row.stage, row.due_at, at)  # type: ignore[attr-defined]
    query = office.known_query(request.GET)
    views = list(office.views_of(council, person))
    context = {
        "page": page,
        "total": office.office_rows(council, person, filters, at=at).count(),
        "filters": filters,
        "groups": office.groups(filters, choices),
        "sort": sort,
        "sorts": office.office_sorts(filters),
        "views": views,
        "query": query,
        "deeds": Deed.choices,
        "view_form": ViewForm(initial={"query": query}),
    }
    return render(request, "proposals/office.html", context)


def _beside(request: HttpRequest, rows: Any) -> None:
    """Put proposals like it beside the row that was asked about, where it could still go into one of them."""
    asked = request.GET.get("benzer", "")
    row = next((row for row in rows if row.number == asked), None)
    if row is None:
        return
    found = similar_proposals(request.council, request.user, f"{row.title} {row.summary}", without=row, limit=8)
    row.alike = [each for each in found if each.stage in BEFORE_A_VOTE][:5]
    row.shows_alike = True


@signed_in
@never_cache
@require_safe
def proposal_office_file(request: HttpRequest, form: str) -> HttpResponse | StreamingHttpResponse:
    """Everything that fits the filters, as CSV or as a workbook. Names of people are no part of it but the office's own."""
    at = _enter(request)
    council = request.council
    filters = office.read_office_filters(request.GET, office.office_choices(council, at=at))
    found = office.office_rows(council, request.user, filters, at=at)
    rows = office.office_table(found, council, site=settings.SITE_URL.rstrip("/"))
    name = f"oneriler-{council.slug}-{timezone.localdate(at):%Y-%m-%d}.{form}"
    if form == "csv":
        lines = csv_lines(office.office_head(), rows)
        answer: Any = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer
    book = HttpResponse(workbook([(_("Öneriler"), office.office_head(), rows)]), content_type=XLSX)
    book["Content-Disposition"] = f'attachment; filename="{name}"'
    return book


# --- Many at once -----------------------------------------------------------------------------------------------------
@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def proposal_office_bulk(request: HttpRequest) -> HttpResponse:
    """What will be done with which proposals and what stands against it; then what became of each."""
    at = _enter(request)
    council, sent = request.council, request.POST if request.method == "POST" else request.GET
    numbers = list(dict.fromkeys(number for number in sent.getlist("oneri") if NUMBER.fullmatch(number)))
    asked = sent.get("is", "")
    deed = Deed(asked) if asked in Deed.values else None
    back = reverse("proposal_office", args=[council.slug]) + _back(sent.get("geri", ""))
    proposals = _chosen(request, numbers[:MOST_AT_ONCE])
    context: dict[str, Any] = {
        "deed": deed,
        "deeds": Deed.choices,
        "numbers": numbers,
        "unknown": [number for number in numbers[:MOST_AT_ONCE] if number not in {row.number for row in proposals}],
        "too_many": len(numbers) > MOST_AT_ONCE,
        "most": MOST_AT_ONCE,
        "back": back,
        "back_query": _back(sent.get("geri", "")).removeprefix("?"),
        "history": _history(proposals),
    }
    form = None
    if deed is not None:
        choices = office.office_choices(council, at=at)
        form = OrderForm(request.POST if request.method == "POST" else None, deed=deed, choices=choices)
    if request.method == "POST" and form is not None and proposals and not context["too_many"] and form.is_valid():
        done = actions.carry_out(actor=request.user, council=council, proposals=proposals, order=form.order(), at=at)
        return render(request, "proposals/office_done.html", context | _counted(done))
    verdicts = may_do_each(request.user, deed, proposals, at=at) if deed else [None] * len(proposals)
    rows = list(zip(proposals, verdicts, strict=True))
    context |= {"form": form, "rows": rows, "possible": sum(bool(verdict) for _row, verdict in rows)}
    status = 422 if request.method == "POST" else 200
    return render(request, "proposals/office_bulk.html", context, status=status)


def _back(query: str) -> str:
    """The query of the list one comes from, with known words alone."""
    known = office.known_query(QueryDict(query[:2_000]))
    return f"?{known}" if known else ""


def _chosen(request: HttpRequest, numbers: list[str]) -> list[Proposal]:
    """The named proposals of this council, in the order of their names; others are not found."""
    found = office.with_notes(
        Proposal.objects.filter(council=request.council, number__in=numbers)
        .exclude(number="")
        .select_related("addressed_to", "theme", "district", "on_behalf_of", "author")
        .defer("text", "search")
    )
    by_number = {row.number: row for row in found}
    for row in by_number.values():
        row.council = request.council
    return [by_number[number] for number in numbers if number in by_number]


def _history(proposals: list[Proposal]) -> list[Assignment]:
    """Who looked after it before, where one proposal stands alone on the page."""
    if len(proposals) != 1:
        return []
    rows = Assignment.objects.filter(proposal=proposals[0])
    return list(rows.select_related("assignee", "assigned_by", "ended_by")[:50])


def _counted(outcomes: list[Outcome]) -> dict[str, Any]:
    done = sum(outcome.is_done for outcome in outcomes)
    return {"outcomes": outcomes, "done": done, "failed": len(outcomes) - done}


# --- Views under a name -----------------------------------------------------------------------------------------------
@signed_in
@require_POST
def proposal_office_view(request: HttpRequest) -> HttpResponse:
    """Save the filters of the list under a name."""
    at, council = _enter(request), request.council
    form = ViewForm(request.POST)
    query = office.known_query(QueryDict(request.POST.get("query", "")[:4_000]))
    try:
        if form.is_valid():
            actions.save_view(
                actor=request.user,
                council=council,
                name=form.cleaned_data["name"],
                query=query,
                is_shared=form.cleaned_data["is_shared"],
                at=at,
            )
            messages.success(request, _("Görünüm kaydedildi."))
        else:
            messages.error(request, _("Görünüme en çok 60 harflik bir ad verin."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return HttpResponseRedirect(reverse("proposal_office", args=[council.slug]) + (f"?{query}" if query else ""))


@signed_in
@require_POST
def proposal_office_view_remove(request: HttpRequest, view_id: int) -> HttpResponse:
    """Delete one of one's own views."""
    at, council = _enter(request), request.council
    view = SavedView.objects.filter(pk=view_id, council=council, person=request.user).first()
    if view is None:
        raise Http404
    actions.forget_view(actor=request.user, view=view, at=at)
    messages.success(request, _("Görünüm silindi."))
    return HttpResponseRedirect(reverse("proposal_office", args=[council.slug]))
