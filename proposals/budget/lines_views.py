"""The municipality's budget lines: a public list and page of each, and what the directorate does with them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from councils.models import Council
from councils.paging import page_of
from people.access import public, signed_in
from proposals.budget import actions, reading
from proposals.budget.comparing import compared_lines
from proposals.budget.exporting import lines_csv
from proposals.budget.forms import LineForm, units_offered
from proposals.budget.importing import read_lines
from proposals.budget.pages import METHODS, ON_A_PAGE, csv_file, form_page, import_page, keeper
from proposals.budget.permissions import may_keep_budget
from proposals.models import BudgetLine
from turkish.text import year_in

EXAMPLE = """yıl;kod;ad;birim;tutar
2026;46.41.02.30-06.2.0.00-5-06.5;Bisiklet yolu yapım işleri;Ulaşım Dairesi Başkanlığı;42.500.000"""


@public
@require_safe
def budget_lines(request: HttpRequest) -> HttpResponse:
    """The lines of a year by their code, each with what stands behind it."""
    council: Council = request.council  # type: ignore[attr-defined]
    years = reading.years_of(council)
    year = reading.year_asked(years, request.GET.get("yil", ""))
    lines = reading.lines_of(council, year=year)
    only = request.GET.get("yalniz", "")
    if only == "onerili":
        lines = lines.filter(proposal_count__gt=0)
    context = {
        "page": page_of(request, lines, by=["code", "pk"], size=ON_A_PAGE),
        "year": year,
        "years": years,
        "whole": reading.year_of(council, year),
        "only": only,
        "may_keep": bool(may_keep_budget(request.user, council, at=timezone.now())),
    }
    return render(request, "proposals/budget/lines.html", context)


@public
@require_safe
def budget_line(request: HttpRequest, pk: int) -> HttpResponse:
    """One line, and the proposals it pays."""
    council: Council = request.council  # type: ignore[attr-defined]
    line = _found(request, pk)
    rows = reading.behind_line(line)
    context = {
        "line": line,
        "page": page_of(request, rows, by=["pk"], size=ON_A_PAGE, descending=True),
        "total": reading.total_of(rows),
        "may_keep": bool(may_keep_budget(request.user, council, at=timezone.now())),
    }
    return render(request, "proposals/budget/line.html", context)


def _found(request: HttpRequest, pk: int) -> BudgetLine:
    lines = BudgetLine.objects.visible_to(request.user).select_related("unit", "council")
    return get_object_or_404(lines, council=request.council, pk=pk)  # type: ignore[attr-defined]


@public
@require_safe
def budget_csv(request: HttpRequest) -> HttpResponse:
    """The lines of a year, or of all of them, as a table that the import reads."""
    council: Council = request.council  # type: ignore[attr-defined]
    lines = BudgetLine.objects.filter(council=council).select_related("unit").order_by("year", "code", "pk")
    if (year := year_in(request.GET.get("yil", ""))) is not None:
        lines = lines.filter(year=year)
    return csv_file(lines_csv(lines), f"{council.slug}-butce-kalemleri")


@signed_in
@require_http_methods(METHODS)
def budget_line_add(request: HttpRequest) -> HttpResponse:
    """Add a line by hand."""
    person, council, at = keeper(request)
    initial = {"year": year_in(request.GET.get("yil", "")) or timezone.localtime(at).year}
    form = LineForm(request.POST if request.method == "POST" else None, initial=initial)
    return form_page(
        request,
        "proposals/budget/line_form.html",
        form,
        lambda said: actions.add_budget_line(actor=person, council=council, said=said, at=at),
        back=reverse("budget_lines", args=[council.slug]),
        line=None,
        units=units_offered(council),
    )


@signed_in
@require_http_methods(METHODS)
def budget_line_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a line, retire it, take it back."""
    person, council, at = keeper(request)
    line = _found(request, pk)
    form = LineForm(request.POST if request.method == "POST" else None, initial=LineForm.of(line))
    return form_page(
        request,
        "proposals/budget/line_form.html",
        form,
        lambda said: actions.change_budget_line(actor=person, line=line, said=said, at=at),
        back=reverse("budget_line", args=[council.slug, line.pk]),
        line=line,
        units=units_offered(council),
    )


@signed_in
@require_http_methods(METHODS)
def budget_import(request: HttpRequest) -> HttpResponse:
    """Budget lines out of a table."""
    _person, council, _at = keeper(request)
    back = reverse("budget_lines", args=[council.slug])
    return import_page(
        request,
        read=read_lines,
        compare=compared_lines,
        write=actions.import_budget_lines,
        back=back,
        title=_("Bütçe kalemlerini dosyadan aktar"),
        back_name=_("Bütçe kalemleri"),
        needs=_("En az yıl, kod ve ad gerekir. Olmayan sütun olduğu gibi kalır; boş hücre boş demektir."),
        example=EXAMPLE,
    )
