"""The municipality's units: everybody reads them, the directorate renames them, puts them together and retires them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from councils.models import Council
from councils.paging import page_of
from people.access import public, signed_in
from proposals.actions import change_unit, merge_unit
from proposals.budget import reading
from proposals.budget.forms import MergeForm, UnitForm, units_offered
from proposals.budget.pages import METHODS, ON_A_PAGE, form_page, keeper
from proposals.budget.permissions import may_keep_budget
from proposals.models import Unit


@public
@require_safe
def units(request: HttpRequest) -> HttpResponse:
    """The units by name, each with how much it answers for."""
    council: Council = request.council  # type: ignore[attr-defined]
    context = {
        "page": page_of(request, reading.units_of(council), by=["name", "pk"], size=ON_A_PAGE),
        "may_keep": bool(may_keep_budget(request.user, council, at=timezone.now())),
    }
    return render(request, "proposals/budget/units.html", context)


@signed_in
@require_http_methods(METHODS)
def unit_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a unit, retire it or take it back, or put it together with another."""
    person, council, at = keeper(request)
    rows = Unit.objects.select_related("council", "merged_into")
    unit = get_object_or_404(rows, council=council, pk=pk)
    sent = request.POST if request.method == "POST" else None
    is_merge = sent is not None and "merge" in sent
    initial = {"name": unit.name, "is_retired": unit.is_retired}
    others = [each for each in units_offered(council) if each.pk != unit.pk]
    rename = UnitForm(None if is_merge else sent, initial=initial)
    merge = MergeForm(sent if is_merge else None, others=others)

    def act(said: dict[str, object]) -> None:
        if is_merge:
            merge_unit(actor=person, unit=unit, at=at, **said)  # type: ignore[arg-type]
        else:
            change_unit(actor=person, unit=unit, at=at, **said)  # type: ignore[arg-type]

    return form_page(
        request,
        "proposals/budget/unit_form.html",
        merge if is_merge else rename,
        act,
        back=reverse("units", args=[council.slug]),
        unit=unit,
        rename=rename,
        merge=merge,
    )
