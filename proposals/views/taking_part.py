"""Support and following: one press each, and back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from people.access import signed_in
from people.verdicts import Refused
from proposals import actions
from proposals.models import Proposal
from proposals.views.finding import find_proposal
from proposals.views.page import action_context, detail_page


def _answer(request: HttpRequest, proposal: Proposal, *, anchor: str, refused: Refused | None = None) -> HttpResponse:
    """The box for htmx, a redirect for a browser without; a refusal shows its sentence in either."""
    if request.htmx:
        context = action_context(request, find_proposal(request, proposal.number))
        # htmx puts in only what is answered with 200; the sentence of a refusal belongs into the box.
        return render(request, "proposals/_action.html", context | {"refused": refused.reason if refused else ""})
    if refused is not None:
        return detail_page(request, proposal.number, refused=refused)
    return HttpResponseRedirect(f"{proposal.get_absolute_url()}#{anchor}")


@signed_in
@require_POST
def proposal_support(request: HttpRequest, number: str) -> HttpResponse:
    """Give support, or change whether the name is shown."""
    proposal = find_proposal(request, number)
    refused = None
    try:
        actions.support_proposal(
            actor=request.user, proposal=proposal, shows_name=request.POST.get("shows_name") == "on"
        )
    except Refused as refusal:
        refused = refusal
    return _answer(request, proposal, anchor="action", refused=refused)


@signed_in
@require_POST
def proposal_withdraw_support(request: HttpRequest, number: str) -> HttpResponse:
    """Take support back."""
    proposal = find_proposal(request, number)
    refused = None
    try:
        actions.withdraw_support(actor=request.user, proposal=proposal, at=timezone.now())
    except Refused as refusal:
        refused = refusal
    return _answer(request, proposal, anchor="action", refused=refused)


@signed_in
@require_POST
def proposal_follow(request: HttpRequest, number: str) -> HttpResponse:
    """Follow, or stop following with ``follow=off``."""
    proposal = find_proposal(request, number)
    if request.POST.get("follow") == "off":
        actions.unfollow_proposal(actor=request.user, proposal=proposal)
    else:
        actions.follow_proposal(actor=request.user, proposal=proposal, at=timezone.now())
    return _answer(request, proposal, anchor="action")
