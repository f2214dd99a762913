"""Decisions on a proposal: by the secretary, the facilitator and the author. Each has its own page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ballots.models import Majority
from discussions.markup import render as render_markup
from people.access import signed_in
from people.verdicts import Refused, Verdict
from proposals import actions, reading
from proposals.actions.balloting import quorum_of, roll
from proposals.forms import BallotForm, ReasonForm, take_errors
from proposals.models import Proposal
from proposals.permissions import may_decide_admissibility, may_decline_in_group, may_open_ballot, may_withdraw
from proposals.stages import Stage
from proposals.views.finding import find_proposal, has_just_moved

METHODS = ["GET", "HEAD", "POST"]


def _done(proposal: Proposal, anchor: str = "stage") -> HttpResponse:
    return HttpResponseRedirect(f"{proposal.get_absolute_url()}#{anchor}")


def _reasoned(
    request: HttpRequest,
    proposal: Proposal,
    *,
    verdict: Verdict,
    act: Callable[[str], object],
    template: str,
    reached: Stage,
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    """A decision that needs a reason: the form, what is wrong with it, the refusal, or the deed."""
    form = ReasonForm(request.POST or None)
    refused: Any = "" if verdict else verdict.reason
    status = 200 if verdict else 403
    if request.method == "POST":
        if not verdict and has_just_moved(proposal, request.user.pk, reached):
            return _done(proposal)
        status = 422
        if form.is_valid():
            try:
                act(form.cleaned_data["reason"])
                return _done(proposal)
            except ValidationError as error:
                take_errors(form, error)
            except Refused as refusal:
                refused, status = refusal.reason, 403
    context = {"proposal": proposal, "form": form, "refused": refused, "allowed": bool(verdict), **(extra or {})}
    return render(request, template, context, status=status)


@signed_in
@require_http_methods(METHODS)
def proposal_admissibility(request: HttpRequest, number: str) -> HttpResponse:
    """The secretary reads the proposal and finds it admissible, or not and why."""
    proposal, at = find_proposal(request, number), timezone.now()
    verdict = may_decide_admissibility(request.user, proposal, at=at)
    if request.method == "POST" and request.POST.get("decision") == "admit":
        try:
            actions.find_admissible(actor=request.user, proposal=proposal, at=at)
            return _done(proposal)
        except Refused:
            # Told by the page below; a second click by the same secretary is no refusal.
            if has_just_moved(proposal, request.user.pk, Stage.GATHERING):
                return _done(proposal)
            verdict = may_decide_admissibility(request.user, find_proposal(request, number), at=at)
            request.POST = request.POST.copy()
            request.POST.clear()
    return _reasoned(
        request,
        proposal,
        verdict=verdict,
        act=lambda reason: actions.find_inadmissible(actor=request.user, proposal=proposal, reason=reason, at=at),
        template="proposals/admissibility.html",
        reached=Stage.INADMISSIBLE,
        extra={"body_html": render_markup(proposal.text), "attachments": list(proposal.attachments.all())},
    )


@signed_in
@require_http_methods(METHODS)
def proposal_decline(request: HttpRequest, number: str) -> HttpResponse:
    """The facilitator enters that the group does not take the proposal on."""
    proposal, at = find_proposal(request, number), timezone.now()
    return _reasoned(
        request,
        proposal,
        verdict=may_decline_in_group(request.user, proposal, at=at),
        act=lambda reason: actions.decline_in_group(actor=request.user, proposal=proposal, reason=reason, at=at),
        template="proposals/decline.html",
        reached=Stage.DECLINED,
    )


@signed_in
@require_http_methods(METHODS)
def proposal_withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """The author takes the proposal back."""
    proposal, at = find_proposal(request, number), timezone.now()
    return _reasoned(
        request,
        proposal,
        verdict=may_withdraw(request.user, proposal, at=at),
        act=lambda reason: actions.withdraw_proposal(actor=request.user, proposal=proposal, reason=reason, at=at),
        template="proposals/withdraw.html",
        reached=Stage.WITHDRAWN,
    )


@signed_in
@require_http_methods(METHODS)
def proposal_open_ballot(request: HttpRequest, number: str) -> HttpResponse:
    """The facilitator puts the proposal to the vote; roll, quorum and majority are shown before."""
    proposal, at = find_proposal(request, number), timezone.now()
    verdict = may_open_ballot(request.user, proposal, at=at)
    form = BallotForm(request.POST or None, initial=BallotForm.starting(days=proposal.ballot_days or 7, at=at))
    refused: Any = "" if verdict else verdict.reason
    status = 200 if verdict else 403
    if request.method == "POST":
        if not verdict and has_just_moved(proposal, request.user.pk, Stage.BALLOT):
            return _done(proposal, "ballot")
        status = 422
        if form.is_valid():
            try:
                actions.open_ballot(
                    actor=request.user,
                    proposal=proposal,
                    opens_at=form.cleaned_data["opens_at"],
                    closes_at=form.cleaned_data["closes_at"],
                    visibility=form.cleaned_data["visibility"],
                    at=at,
                )
                return _done(proposal, "ballot")
            except ValidationError as error:
                form.take_errors(error)
            except Refused as refusal:
                refused, status = refusal.reason, 403
    size = len(roll(proposal, at=at)) if verdict else 0
    context = {
        "proposal": proposal,
        "form": form,
        "refused": refused,
        "allowed": bool(verdict),
        "question": _("“%(title)s” önerisi kabul edilsin mi?") % {"title": proposal.title},
        "roll_size": size,
        "quorum": quorum_of(size, proposal.quorum_percent or 0),
        "majority": Majority(proposal.majority).label if proposal.majority else "",
        "steps": reading.mini_steps(proposal),
    }
    return render(request, "proposals/open_ballot.html", context, status=status)
