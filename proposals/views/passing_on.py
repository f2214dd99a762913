"""Pages for those who hold a proposal after its body, for the directorate, and for putting proposals together or apart."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from people.access import signed_in
from people.verdicts import Refused
from proposals import actions, reading
from proposals.actions import Part
from proposals.actions.merging import MOST_PARTS
from proposals.forms import AnswerForm, MergeForm, PartForm, ReasonForm, take_errors
from proposals.permissions import may_answer_directly, may_give_back, may_merge, may_put_on_agenda, may_split
from proposals.stages import BEFORE_A_VOTE, Stage
from proposals.views.deciding import METHODS, done, reasoned
from proposals.views.finding import find_proposal, has_just_moved

SIMILAR_SHOWN = 5
PARTS_AT_FIRST = 2


@signed_in
@require_http_methods(METHODS)
def proposal_put_on_agenda(request: HttpRequest, number: str) -> HttpResponse:
    """The executive board puts what a body has adopted on the general assembly's agenda."""
    proposal, at = find_proposal(request, number), timezone.now()
    verdict = may_put_on_agenda(request.user, proposal, at=at)
    refused: Any = "" if verdict else verdict.reason
    if request.method == "POST":
        if has_just_moved(proposal, request.user.pk, Stage.GENERAL_ASSEMBLY):
            return done(proposal)
        try:
            actions.put_on_agenda(actor=request.user, proposal=proposal, at=at)
            return done(proposal)
        except Refused as refusal:
            refused = refusal.reason
    context = {"proposal": proposal, "refused": refused, "allowed": bool(verdict)}
    return render(request, "proposals/put_on_agenda.html", context, status=403 if refused else 200)


@signed_in
@require_http_methods(METHODS)
def proposal_give_back(request: HttpRequest, number: str) -> HttpResponse:
    """The board or the general assembly gives the proposal back to its body."""
    proposal, at = find_proposal(request, number), timezone.now()
    return reasoned(
        request,
        proposal,
        verdict=may_give_back(request.user, proposal, at=at),
        act=lambda **why: actions.give_back(actor=request.user, proposal=proposal, at=at, **why),
        exit_to=Stage.IN_GROUP,
        template="proposals/give_back.html",
        reached=(Stage.IN_GROUP,),
    )


@signed_in
@require_http_methods(METHODS)
def proposal_answer(request: HttpRequest, number: str) -> HttpResponse:
    """The directorate accepts what was proposed to it and says what it will do, or declines and says why."""
    proposal, at = find_proposal(request, number), timezone.now()
    verdict = may_answer_directly(request.user, proposal, at=at)
    accepts = request.POST.get("decision") == "accept"
    form = AnswerForm(request.POST if request.method == "POST" and accepts else None, prefix="accept")
    declining = ReasonForm(
        request.POST if request.method == "POST" and not accepts else None, exit_to=Stage.DECLINED, prefix="decline"
    )
    refused: Any = "" if verdict else verdict.reason
    status = 200 if verdict else 403
    if request.method == "POST":
        if not verdict and has_just_moved(proposal, request.user.pk, Stage.IMPLEMENTATION, Stage.DECLINED):
            return done(proposal)
        status = 422 if verdict else 403
        used = form if accepts else declining
        act = actions.accept_directly if accepts else actions.decline_directly
        try:
            if verdict and used.is_valid():
                act(actor=request.user, proposal=proposal, at=at, **used.cleaned_data)
                return done(proposal)
        except ValidationError as error:
            take_errors(used, error)
        except Refused as refusal:
            refused, status = refusal.reason, 403
    context = {
        "proposal": proposal,
        "form": form,
        "declining": declining,
        "refused": refused,
        "shows_form": bool(verdict) or request.method == "POST",
        "body_html": reading.text_html(proposal.text),
    }
    return render(request, "proposals/answer.html", context, status=status)


@signed_in
@require_http_methods(METHODS)
def proposal_merge(request: HttpRequest, number: str) -> HttpResponse:
    """Put the proposal into another one that asks for the same; similar ones are offered."""
    proposal, at = find_proposal(request, number), timezone.now()
    verdict = may_merge(request.user, proposal, at=at)
    refused: Any = "" if verdict else verdict.reason
    status = 200 if verdict else 403
    initial = {"into": request.GET.get("ile", "")[:20], "reason_code": "same_request"}
    form = MergeForm(request.POST if request.method == "POST" else None, proposal=proposal, initial=initial)
    if request.method == "POST":
        if not verdict and has_just_moved(proposal, request.user.pk, Stage.MERGED):
            return done(proposal)
        status = 422 if verdict else 403
        try:
            if verdict and form.is_valid():
                actions.merge_proposals(actor=request.user, proposal=proposal, at=at, **form.cleaned_data)
                return done(proposal)
        except ValidationError as error:
            take_errors(form, error)
        except Refused as refusal:
            refused, status = refusal.reason, 403
    similar = []
    if verdict:
        text = f"{proposal.title} {proposal.summary}"
        found = reading.similar_proposals(proposal.council, request.user, text, without=proposal, limit=20)
        similar = [row for row in found if row.stage in BEFORE_A_VOTE][:SIMILAR_SHOWN]
    context = {
        "proposal": proposal,
        "form": form,
        "refused": refused,
        "shows_form": bool(verdict) or request.method == "POST",
        "similar": similar,
    }
    return render(request, "proposals/merge.html", context, status=status)


@signed_in
@require_http_methods(METHODS)
def proposal_split(request: HttpRequest, number: str) -> HttpResponse:
    """Take the proposal apart; the first part begins with its text, one more part is added at a time."""
    proposal, at = find_proposal(request, number), timezone.now()
    verdict = may_split(request.user, proposal, at=at)
    refused: Any = "" if verdict else verdict.reason
    status = 200 if verdict else 403
    posted = request.method == "POST"
    adds = posted and "more" in request.POST
    count = PARTS_AT_FIRST
    if posted:
        given = request.POST.get("parts", "")
        count = min(int(given) if given.isascii() and given.isdigit() and len(given) < 3 else count, MOST_PARTS)
    if adds:
        count = min(count + 1, MOST_PARTS)
    form = ReasonForm(
        request.POST if posted and not adds else None,
        exit_to=Stage.SPLIT,
        initial={
            "reason_code": request.POST.get("reason_code", "several_matters"),
            "reason": request.POST.get("reason", ""),
        },
    )
    places = range(max(count, PARTS_AT_FIRST))
    parts = [_part_form(request, proposal, place, posted=posted, adds=adds) for place in places]
    if posted and not adds:
        if not verdict and has_just_moved(proposal, request.user.pk, Stage.SPLIT):
            return done(proposal)
        status = 422 if verdict else 403
        wrong = [each for each in (form, *parts) if not each.is_valid()]  # each tells what is wrong with it
        try:
            if verdict and not wrong:
                chosen = [Part(**part.cleaned_data) for part in parts if not part.is_empty]
                actions.split_proposal(actor=request.user, proposal=proposal, parts=chosen, at=at, **form.cleaned_data)
                return done(proposal)
        except ValidationError as error:
            take_errors(form, error)
        except Refused as refusal:
            refused, status = refusal.reason, 403
    context = {
        "proposal": proposal,
        "form": form,
        "parts": parts,
        "refused": refused,
        "shows_form": bool(verdict) or posted,
        "may_add": len(parts) < MOST_PARTS,
    }
    return render(request, "proposals/split.html", context, status=status)


def _part_form(request: HttpRequest, proposal: Any, place: int, *, posted: bool, adds: bool) -> PartForm:
    """A part as it was sent; where one more is asked for, what stands in it is kept and nothing is found wrong yet."""
    names = ("title", "summary", "text")
    initial = {name: getattr(proposal, name) for name in names} if place == 0 else {}
    is_there = posted and f"part{place}-title" in request.POST
    if is_there and adds:
        initial = {name: request.POST.get(f"part{place}-{name}", "") for name in names}
    return PartForm(
        request.POST if is_there and not adds else None,
        prefix=f"part{place}",
        initial=initial,
        is_needed=place < PARTS_AT_FIRST,
    )
