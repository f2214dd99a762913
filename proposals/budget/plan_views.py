"""The strategic plan: its aims and objectives in public, and what the directorate does with them."""

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
from proposals.budget.comparing import compared_objectives
from proposals.budget.exporting import objectives_csv
from proposals.budget.forms import ObjectiveForm, PlanForm, units_offered
from proposals.budget.importing import read_objectives
from proposals.budget.pages import METHODS, ON_A_PAGE, csv_file, form_page, import_page, keeper
from proposals.budget.permissions import may_keep_budget
from proposals.models import Objective, StrategicPlan

ROWS = 60
"""Aims and objectives on a page: a plan has a few dozen, and they are read together."""
EXAMPLE = """dönem;kod;ad;birim
2025-2029;A1;Ulaşımda erişilebilirliği ve güvenliği artırmak;
2025-2029;H1.2;Bisiklet ve yaya yollarını bütünleştirmek;Ulaşım Dairesi Başkanlığı"""


@public
@require_safe
def strategic_plan(request: HttpRequest) -> HttpResponse:
    """A plan as a tree, each aim and objective with how many proposals serve it."""
    council: Council = request.council  # type: ignore[attr-defined]
    plans = list(reading.plans_of(council))
    plan = reading.plan_asked(plans, request.GET.get("donem", ""))
    page = None
    if plan is not None:
        page = page_of(request, reading.objectives_of(council, plan), by=["aim", "target", "pk"], size=ROWS)
    context = {
        "plan": plan,
        "plans": plans,
        "page": page,
        "may_keep": bool(may_keep_budget(request.user, council, at=timezone.now())),
    }
    return render(request, "proposals/budget/plan.html", context)


@public
@require_safe
def objective_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One aim or objective, and the proposals that serve it."""
    council: Council = request.council  # type: ignore[attr-defined]
    objective = _found(request, pk)
    rows = reading.behind_objective(objective)
    below = reading.objectives_of(council).filter(parent=objective).order_by("target") if objective.is_aim else []
    context = {
        "objective": objective,
        "below": list(below),
        "page": page_of(request, rows, by=["pk"], size=ON_A_PAGE, descending=True),
        "total": reading.total_of(rows),
        "may_keep": bool(may_keep_budget(request.user, council, at=timezone.now())),
    }
    return render(request, "proposals/budget/objective.html", context)


def _found(request: HttpRequest, pk: int) -> Objective:
    objectives = Objective.objects.visible_to(request.user).select_related("plan__council", "parent", "unit")
    return get_object_or_404(objectives, plan__council=request.council, pk=pk)  # type: ignore[attr-defined]


def _plan(request: HttpRequest, pk: int) -> StrategicPlan:
    plans = StrategicPlan.objects.select_related("council")
    return get_object_or_404(plans, council=request.council, pk=pk)  # type: ignore[attr-defined]


@public
@require_safe
def plan_csv(request: HttpRequest) -> HttpResponse:
    """All plans as a table that the import reads."""
    council: Council = request.council  # type: ignore[attr-defined]
    rows = Objective.objects.filter(plan__council=council).select_related("plan", "unit")
    return csv_file(
        objectives_csv(rows.order_by("plan__first_year", "aim", "target", "pk")), f"{council.slug}-stratejik-plan"
    )


def _address(council: Council, plan: StrategicPlan | None = None) -> str:
    return reverse("strategic_plan", args=[council.slug]) + (f"?donem={plan.key}" if plan else "")


@signed_in
@require_http_methods(METHODS)
def plan_add(request: HttpRequest) -> HttpResponse:
    """Add a plan for some years."""
    person, council, at = keeper(request)
    form = PlanForm(request.POST if request.method == "POST" else None)
    return form_page(
        request,
        "proposals/budget/plan_form.html",
        form,
        lambda said: actions.add_strategic_plan(actor=person, council=council, at=at, **said),
        back=_address(council),
        places={"period": "first_year"},
        plan=None,
    )


@signed_in
@require_http_methods(METHODS)
def plan_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a plan's years."""
    person, council, at = keeper(request)
    plan = _plan(request, pk)
    initial = {"first_year": plan.first_year, "last_year": plan.last_year}
    form = PlanForm(request.POST if request.method == "POST" else None, initial=initial)
    return form_page(
        request,
        "proposals/budget/plan_form.html",
        form,
        lambda said: actions.change_strategic_plan(actor=person, plan=plan, at=at, **said),
        back=_address(council),
        places={"period": "first_year"},
        plan=plan,
    )


@signed_in
@require_http_methods(METHODS)
def objective_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add an aim or an objective to a plan."""
    person, council, at = keeper(request)
    plan = _plan(request, pk)
    form = ObjectiveForm(request.POST if request.method == "POST" else None)
    return form_page(
        request,
        "proposals/budget/objective_form.html",
        form,
        lambda said: actions.add_objective(actor=person, plan=plan, said=said, at=at),
        back=_address(council, plan),
        plan=plan,
        objective=None,
        units=units_offered(council),
    )


@signed_in
@require_http_methods(METHODS)
def objective_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an aim or an objective, retire it, take it back."""
    person, council, at = keeper(request)
    objective = _found(request, pk)
    form = ObjectiveForm(request.POST if request.method == "POST" else None, initial=ObjectiveForm.of(objective))
    return form_page(
        request,
        "proposals/budget/objective_form.html",
        form,
        lambda said: actions.change_objective(actor=person, objective=objective, said=said, at=at),
        back=reverse("objective_detail", args=[council.slug, objective.pk]),
        plan=objective.plan,
        objective=objective,
        units=units_offered(council),
    )


@signed_in
@require_http_methods(METHODS)
def plan_import(request: HttpRequest) -> HttpResponse:
    """A strategic plan out of a table."""
    _person, council, _at = keeper(request)
    return import_page(
        request,
        read=read_objectives,
        compare=compared_objectives,
        write=actions.import_objectives,
        back=_address(council),
        title=_("Stratejik planı dosyadan aktar"),
        back_name=_("Stratejik plan"),
        needs=_("En az dönem, kod ve ad gerekir. Amaçlar A1, hedefler H1.2 biçiminde yazılır."),
        example=EXAMPLE,
    )
