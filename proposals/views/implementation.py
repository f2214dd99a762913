"""Pages about what becomes of accepted proposals: the office's page of one, the review, and the council's list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from councils.paging import page_of
from people.access import public, signed_in
from people.verdicts import Refused
from proposals import actions
from proposals.budget.forms import units_offered
from proposals.forms import take_errors
from proposals.implementation_forms import (
    AbandonForm,
    DoneForm,
    FinishForm,
    MilestoneForm,
    MoveForm,
    NoteForm,
    PlanForm,
    ReviewForm,
)
from proposals.models import Proposal, Review
from proposals.permissions import may_implement, may_review
from proposals.reading.implementation import LATE, STATES, implementations, narrowed, standing, units, years_begun
from proposals.stages import Stage
from proposals.views.deciding import METHODS, done
from proposals.views.finding import find_proposal, has_just_moved
from turkish.text import year_in

PAGE_SIZE = 30
DEEDS: dict[str, tuple[type[forms.Form], Callable[..., object]]] = {
    "plan": (PlanForm, actions.plan_implementation),
    "step": (MilestoneForm, actions.add_milestone),
    "move": (MoveForm, actions.move_milestone),
    "finish": (FinishForm, actions.finish_milestone),
    "note": (NoteForm, actions.write_progress),
    "done": (DoneForm, actions.finish_implementation),
    "abandon": (AbandonForm, actions.abandon_implementation),
}
OF_A_STEP = frozenset({"move", "finish"})
ENDS = {"done": Stage.DONE, "abandon": Stage.ABANDONED}


@signed_in
@require_http_methods(METHODS)
def proposal_implementation(request: HttpRequest, number: str) -> HttpResponse:
    """The directorate keeps the unit, the steps, the notes and the end of an implementation."""
    proposal, at = find_proposal(request, number), timezone.now()
    verdict = may_implement(request.user, proposal, at=at)
    deed = request.POST.get("do", "") if request.method == "POST" else ""
    refused: Any = "" if verdict else verdict.reason
    status = 200 if verdict else 403
    used: forms.Form | None = None
    given = request.POST.get("milestone", "")
    step = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
    if request.method == "POST":
        if not verdict and deed in ENDS and has_just_moved(proposal, request.user.pk, ENDS[deed]):
            return done(proposal)
        if verdict and deed in DEEDS:
            shape, act = DEEDS[deed]
            prefix = f"{deed}{step}" if deed in OF_A_STEP else deed
            used, status = shape(request.POST, request.FILES, prefix=prefix), 422
            more = {"milestone": step} if deed in OF_A_STEP else {}
            try:
                if used.is_valid():
                    act(actor=request.user, proposal=proposal, at=at, **more, **used.cleaned_data)
                    if deed in ENDS:
                        return done(proposal)
                    address = reverse("proposal_implementation", args=[request.council.slug, proposal.number])
                    return HttpResponseRedirect(address)
            except ValidationError as error:
                take_errors(used, error)
            except Refused as refusal:
                refused, status = refusal.reason, 403
        elif verdict:
            status = 422
    return render(
        request,
        "proposals/implementation.html",
        {
            "proposal": proposal,
            "refused": refused,
            "shows_form": bool(verdict),
            **(_forms(proposal, deed, step, used, at) if verdict else {}),
        },
        status=status,
    )


def _forms(proposal: Proposal, deed: str, step: int, used: forms.Form | None, at: Any) -> dict[str, Any]:
    """A form for each deed, with what was typed in the one that was sent."""
    stands = standing(proposal, at=at)
    begun = stands.implementation if stands is not None else None
    today = timezone.localtime(at).date()
    plan = {"unit": begun.unit.name if begun and begun.unit else "", "contact": begun.contact if begun else ""}
    fresh = {
        name: shape(prefix=name, initial=plan if name == "plan" else None)
        for name, (shape, _act) in DEEDS.items()
        if name not in OF_A_STEP
    }
    steps = [
        {
            "milestone": milestone,
            "is_late": is_late,
            "move": MoveForm(prefix=f"move{milestone.pk}"),
            "finish": FinishForm(prefix=f"finish{milestone.pk}", initial={"done_on": today}),
            "is_open": False,
        }
        for milestone, is_late in (stands.steps if stands is not None else [])
    ]
    if used is not None and deed in OF_A_STEP:
        for row in steps:
            if row["milestone"].pk == step:
                row |= {deed: used, "is_open": True}
    elif used is not None:
        fresh[deed] = used
    return {"stands": stands, "forms": fresh, "steps": steps, "units": units_offered(proposal.council), "sent": used}


@signed_in
@require_http_methods(METHODS)
def proposal_review(request: HttpRequest, number: str) -> HttpResponse:
    """The author and the supporters say once whether it has been done."""
    proposal, at = find_proposal(request, number), timezone.now()
    verdict = may_review(request.user, proposal, at=at)
    form = ReviewForm(request.POST if request.method == "POST" else None)
    refused: Any = "" if verdict else verdict.reason
    status = 200 if verdict else 403
    if request.method == "POST":
        if verdict.code == "already_answered":
            return done(proposal, "implementation")
        status = 422 if verdict else 403
        try:
            if verdict and form.is_valid():
                actions.answer_review(actor=request.user, proposal=proposal, at=at, **form.cleaned_data)
                return done(proposal, "implementation")
        except ValidationError as error:
            take_errors(form, error)
        except Refused as refusal:
            refused, status = refusal.reason, 403
    context = {
        "proposal": proposal,
        "form": form,
        "refused": refused,
        "shows_form": bool(verdict),
        "review": Review.objects.filter(proposal=proposal).first(),
        "stands": standing(proposal, at=at),
    }
    return render(request, "proposals/review.html", context, status=status)


@public
@require_safe
def implementation_list(request: HttpRequest) -> HttpResponse:
    """What became of accepted proposals: running, late, done and given up, by unit and year."""
    at = timezone.now()
    state, unit, year = (request.GET.get(name, "") for name in ("durum", "birim", "yil"))
    known = {each.word: each for each in units(request.council)}
    state = state if state in {*STATES, LATE} else ""
    unit = unit if unit in known else ""
    began = year_in(year)
    rows = narrowed(implementations(request.council, at=at), state=state, unit=unit, year=began)
    page = page_of(request, rows, by=["stage_since", "pk"], size=PAGE_SIZE, descending=True)
    context = {
        "page": page,
        "state": state,
        "unit": unit,
        "year": began,
        "units": known.values(),
        "years": years_begun(request.council),
    }
    return render(request, "proposals/implementation_list.html", context)
