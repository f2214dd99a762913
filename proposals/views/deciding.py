"""Decisions on a proposal: by the secretary, the facilitator and the author. Each has its own page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ballots.models import Majority
from people.access import signed_in
from people.verdicts import Refused, Verdict
from proposals import actions, reading
from proposals.actions.balloting import quorum_of, roll
from proposals.forms import BallotForm, ReasonForm, take_errors
from proposals.models import Proposal
from proposals.permissions import (
    may_decide_admissibility,
    may_decline_in_group,
    may_merge,
    may_open_ballot,
    may_withdraw,
)
from proposals.reading.amendments import undecided_count
from proposals.routes import next_stage
from proposals.stages import Stage
from proposals.views.finding import find_proposal, has_just_moved

METHODS = ["GET", "HEAD", "POST"]


def done(proposal: Proposal, anchor: str = "stage") -> HttpResponse:
    return HttpResponseRedirect(f"{proposal.get_absolute_url()}#{anchor}")


def reasoned(
    request: HttpRequest,
    proposal: Proposal,
    *,
    verdict: Verdict,
    act: Callable[..., object],
    exit_to: Stage,
    template: str,
    reached: tuple[Stage, ...],
    said: Callable[[], object] | None = None,
    at_once: Callable[[], object] | None = None,
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    """A decision with a reason, or the one that needs none: the form, what is wrong with it, the refusal, or the deed."""
    posted = request.method == "POST" and at_once is None
    form = ReasonForm(request.POST if posted else None, exit_to=exit_to)
    refused: Any = verdict.reason
    status = 200 if verdict else 403
    if request.method == "POST" and verdict:
        status = 422
        try:
            if at_once is not None:
                at_once()
            if at_once is not None or form.is_valid():
                if at_once is None:
                    act(**form.cleaned_data)
                if said is not None:
                    said()
                return done(proposal)
        except ValidationError as error:
            take_errors(form, error)
        except Refused as refusal:
            refused, status = refusal.reason, 403
    if request.method == "POST" and refused and has_just_moved(proposal, request.user.pk, *reached):
        return done(proposal)
    typed = request.POST.get("reason", "") if refused else ""
    if typed:  # what was typed stays, although nothing can be done with it now
        form = ReasonForm(
            initial={"reason": typed, "reason_code": request.POST.get("reason_code", "")}, exit_to=exit_to
        )
    context = {
        "proposal": proposal,
        "form": form,
        "refused": refused,
        "shows_form": bool(verdict or typed),
        **(extra or {}),
    }
    return render(request, template, context, status=status)


def _decided(request: HttpRequest, proposal: Proposal, *, at: datetime) -> str:
    """That the decision is on the record, and the way to the next proposal that waits for one, or to the desk."""
    waiting = (
        Proposal.objects.visible_to(request.user)
        .filter(council=proposal.council, stage=Stage.SUBMITTED)
        .exclude(pk=proposal.pk)
        .exclude(author=request.user)
        .select_related("council", "addressed_to")
        .order_by("due_at", "pk")
    )
    following = next((each for each in waiting[:5] if may_decide_admissibility(request.user, each, at=at)), None)
    if following is None:
        url, words = reverse("desk", args=[proposal.council.slug]), _("Masam")
    else:
        url = reverse("proposal_admissibility", args=[proposal.council.slug, following.number])
        words = _("Sıradaki öneri: %(title)s") % {"title": following.title}
    return format_html('{} <a href="{}">{}</a>', _("Karar kayda geçti."), url, words)


@signed_in
@require_http_methods(METHODS)
def proposal_admissibility(request: HttpRequest, number: str) -> HttpResponse:
    """The secretary reads the proposal and finds it admissible, or not and why."""
    proposal, at = find_proposal(request, number), timezone.now()

    def admit() -> object:
        return actions.find_admissible(actor=request.user, proposal=proposal, at=at)

    return reasoned(
        request,
        proposal,
        verdict=may_decide_admissibility(request.user, proposal, at=at),
        act=lambda **why: actions.find_inadmissible(actor=request.user, proposal=proposal, at=at, **why),
        exit_to=Stage.INADMISSIBLE,
        at_once=admit if request.method == "POST" and request.POST.get("decision") == "admit" else None,
        template="proposals/admissibility.html",
        reached=(Stage.GATHERING, Stage.IN_GROUP, Stage.DIRECTORATE, Stage.INADMISSIBLE),
        said=lambda: messages.success(request, _decided(request, proposal, at=at)),
        extra={
            "body_html": reading.text_html(proposal.text),
            "attachments": list(proposal.attachments.all()),
            "what_follows": Stage(next_stage(proposal, Stage.SUBMITTED) or Stage.IN_GROUP),
            "may_merge": may_merge(request.user, proposal, at=at),
        },
    )


@signed_in
@require_http_methods(METHODS)
def proposal_decline(request: HttpRequest, number: str) -> HttpResponse:
    """The facilitator enters that the group does not take the proposal on."""
    proposal, at = find_proposal(request, number), timezone.now()
    return reasoned(
        request,
        proposal,
        verdict=may_decline_in_group(request.user, proposal, at=at),
        act=lambda **why: actions.decline_in_group(actor=request.user, proposal=proposal, at=at, **why),
        exit_to=Stage.DECLINED,
        template="proposals/decline.html",
        reached=(Stage.DECLINED,),
    )


@signed_in
@require_http_methods(METHODS)
def proposal_withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """The author takes the proposal back."""
    proposal, at = find_proposal(request, number), timezone.now()
    return reasoned(
        request,
        proposal,
        verdict=may_withdraw(request.user, proposal, at=at),
        act=lambda **why: actions.withdraw_proposal(actor=request.user, proposal=proposal, at=at, **why),
        exit_to=Stage.WITHDRAWN,
        template="proposals/withdraw.html",
        reached=(Stage.WITHDRAWN,),
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
            return done(proposal, "ballot-area")
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
                return done(proposal, "ballot-area")
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
        "undecided": undecided_count(proposal),
    }
    return render(request, "proposals/open_ballot.html", context, status=status)
