"""The directorate's page of what pays a proposal and which objectives of the strategic plan it serves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Case, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from people.access import signed_in
from people.verdicts import Refused
from proposals import actions
from proposals.budget.forms import AmountForm, FundForm, LeaveLineForm, LeaveObjectiveForm, ServeForm
from proposals.budget.permissions import may_name_money
from proposals.forms import take_errors
from proposals.models import BudgetLine, Proposal
from proposals.reading.implementation import standing
from proposals.views.deciding import METHODS
from proposals.views.finding import find_proposal

LINES_OFFERED = 200
"""Lines to choose from while typing; any other is named by its year and code."""
DEEDS: dict[str, tuple[type[forms.Form], Callable[..., object]]] = {
    "fund": (FundForm, actions.fund_implementation),
    "amount": (AmountForm, actions.fund_implementation),
    "stop": (LeaveLineForm, actions.stop_funding),
    "serve": (ServeForm, actions.serve_objective),
    "leave": (LeaveObjectiveForm, actions.stop_serving),
}
NEW = frozenset({"fund", "serve"})


@signed_in
@require_http_methods(METHODS)
def proposal_money(request: HttpRequest, number: str) -> HttpResponse:
    """The directorate says which budget lines pay a proposal, how much of each, and which objectives it serves."""
    proposal, at = find_proposal(request, number), timezone.now()
    verdict = may_name_money(request.user, proposal, at=at)
    deed = request.POST.get("do", "") if request.method == "POST" else ""
    refused: Any = "" if verdict else verdict.reason
    status = 200 if verdict else 403
    used: forms.Form | None = None
    if request.method == "POST" and verdict:
        status = 422
        if deed in DEEDS:
            shape, act = DEEDS[deed]
            used = _form(deed, shape, proposal, request.POST)
            try:
                if used.is_valid():
                    act(actor=request.user, proposal=proposal, at=at, **used.cleaned_data)
                    address = reverse("proposal_money", args=[request.council.slug, proposal.number])  # type: ignore[attr-defined]
                    return HttpResponseRedirect(address)
            except ValidationError as error:
                take_errors(used, error)
            except Refused as refusal:
                refused, status = refusal.reason, 403
    context = {"proposal": proposal, "refused": refused, "shows_form": bool(verdict), "sent": used}
    if verdict:
        context |= _shown(proposal, deed, used, at)
    return render(request, "proposals/money.html", context, status=status)


def _form(deed: str, shape: type[forms.Form], proposal: Proposal, data: Any = None) -> forms.Form:
    more = {"council": proposal.council} if deed in NEW else {}
    return shape(data, prefix=deed if deed in NEW else None, **more)


def _shown(proposal: Proposal, deed: str, used: forms.Form | None, at: Any) -> dict[str, Any]:
    """A form for each line that pays, and one for a new line and a new objective, with what was typed in the one sent."""
    stands = standing(proposal, at=at)
    assert stands is not None
    rows = []
    for share in stands.money:
        is_used = deed == "amount" and used is not None and used.data.get("line") == str(share.line_id)
        form = used if is_used else AmountForm(initial={"amount": share.amount}, auto_id=f"id_%s_{share.line_id}")
        rows.append({"share": share, "form": form, "is_open": is_used})
    fresh = {name: _form(name, DEEDS[name][0], proposal) for name in NEW}
    if used is not None and deed in NEW:
        fresh[deed] = used
    unit = stands.implementation.unit_id if stands.implementation else None
    own_first = Case(When(unit=unit, then=0), default=1) if unit is not None else Value(0)
    offered = BudgetLine.objects.filter(council=proposal.council, is_retired=False)
    lines = list(offered.order_by(own_first, "-year", "code")[:LINES_OFFERED])
    return {"stands": stands, "rows": rows, "forms": fresh, "lines": lines}
