"""Putting an opinion to the general assembly, and what the assembly said."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ballots.models import Majority
from people.access import signed_in
from people.verdicts import Refused
from proposals import actions
from proposals.actions.opinions.common import rule_of
from proposals.actions.opinions.voting import assembly_roll
from proposals.forms import BallotForm, take_errors
from proposals.models import Opinion, Proposal
from proposals.opinion_states import OpinionState
from proposals.opinions.forms import RejectTallyForm, TallyForm
from proposals.opinions.permissions import (
    may_ask_assembly,
    may_settle_tally,
)
from proposals.opinions.views.common import METHODS, find_draft, find_opinion
from proposals.reading.opinions import (
    proposals_of,
)

BALLOT_DAYS = 7


def _rule_context(opinion: Opinion, at: Any) -> dict[str, Any]:
    """By what the assembly decides, or why it cannot be asked."""
    members = len(assembly_roll(opinion.council, at=at))
    try:
        rule = rule_of(proposals_with_procedures(opinion))
    except ValidationError as error:
        return {"rule_problem": " ".join(error.messages), "members": members}
    return {"members": members, "quorum": rule.quorum(members), "majority": Majority(rule.majority).label}


def proposals_with_procedures(opinion: Opinion) -> list[Proposal]:
    """The opinion's proposals with their frozen procedures and steps."""
    rows = Proposal.objects.filter(opinion_links__opinion=opinion, opinion_links__is_current=True)
    return list(rows.select_related("procedure").prefetch_related("procedure__steps").defer("text", "search"))


@signed_in
@require_http_methods(METHODS)
def opinion_open_ballot(request: HttpRequest, key: UUID) -> HttpResponse:
    """Put the opinion to the general assembly's members by a ballot here; the rule is shown before."""
    opinion, at = find_draft(request, key), timezone.now()
    verdict = may_ask_assembly(request.user, opinion, at=at)
    form = BallotForm(request.POST or None, initial=BallotForm.starting(days=BALLOT_DAYS, at=at))
    refused: Any = "" if verdict else verdict.reason
    status = 200 if verdict else 403
    if request.method == "POST":
        if opinion.state == OpinionState.VOTING:
            return HttpResponseRedirect(opinion.get_absolute_url())
        status = 422 if verdict else 403
        if verdict and form.is_valid():
            try:
                actions.open_opinion_ballot(
                    actor=request.user,
                    opinion=opinion,
                    opens_at=form.cleaned_data["opens_at"],
                    closes_at=form.cleaned_data["closes_at"],
                    visibility=form.cleaned_data["visibility"],
                    at=at,
                )
                opinion.refresh_from_db(fields=["number"])
                return HttpResponseRedirect(opinion.get_absolute_url())
            except ValidationError as error:
                form.take_errors(error)
            except Refused as refusal:
                refused, status = refusal.reason, 403
    context = {
        "opinion": opinion,
        "form": form,
        "refused": refused,
        "question": _("“%(title)s” başlıklı görüş kabul edilsin mi?") % {"title": opinion.title},
        **_rule_context(opinion, at),
    }
    return render(request, "proposals/opinions/open_ballot.html", context, status=status)


@signed_in
@require_http_methods(METHODS)
def opinion_tally(request: HttpRequest, key: UUID) -> HttpResponse:
    """Enter how the general assembly voted in a meeting, with its minutes."""
    opinion, at = find_draft(request, key), timezone.now()
    verdict = may_ask_assembly(request.user, opinion, at=at)
    posted = request.method == "POST"
    form = TallyForm(*((request.POST, request.FILES) if posted else ()))
    refused: Any = "" if verdict else verdict.reason
    status = 200 if verdict else 403
    if posted:
        if opinion.state == OpinionState.VOTING:
            return HttpResponseRedirect(opinion.get_absolute_url())
        status = 422 if verdict else 403
        try:
            if verdict and form.is_valid():
                actions.enter_tally(
                    actor=request.user,
                    opinion=opinion,
                    figures=form.figures(),
                    upload=form.cleaned_data["file"],
                    at=at,
                )
                opinion.refresh_from_db(fields=["number"])
                messages.success(request, _("Sonuç girildi. İkinci bir kişi tutanakla karşılaştırıp onaylayacak."))
                return HttpResponseRedirect(opinion.get_absolute_url())
        except ValidationError as error:
            take_errors(form, error)
        except Refused as refusal:
            refused, status = refusal.reason, 403
    context = {
        "opinion": opinion,
        "form": form,
        "refused": refused,
        "most": settings.ATTACHMENT_MAX_BYTES,
        **_rule_context(opinion, at),
    }
    return render(request, "proposals/opinions/tally.html", context, status=status)


@signed_in
@require_http_methods(METHODS)
def opinion_settle(request: HttpRequest, number: str) -> HttpResponse:
    """A second person compares the figures with the minutes, and confirms them or says what is wrong."""
    opinion, at = find_opinion(request, number), timezone.now()
    tally = opinion.tallies.order_by("-pk").first()
    if tally is None:
        raise Http404
    tally.opinion = opinion
    verdict = may_settle_tally(request.user, tally, at=at)
    posted = request.method == "POST"
    confirms = request.POST.get("decision") == "confirm"
    form = RejectTallyForm(request.POST if posted and not confirms else None)
    refused: Any = "" if verdict else verdict.reason
    status = 200 if verdict else 403
    if posted:
        if not verdict and tally.settled_by_id == request.user.pk:
            return HttpResponseRedirect(opinion.get_absolute_url())
        status = 422 if verdict else 403
        try:
            if verdict and (confirms or form.is_valid()):
                if confirms:
                    actions.confirm_tally(actor=request.user, tally=tally, at=at)
                else:
                    actions.reject_tally(actor=request.user, tally=tally, reason=form.cleaned_data["reason"], at=at)
                return HttpResponseRedirect(opinion.get_absolute_url())
        except ValidationError as error:
            take_errors(form, error)
        except Refused as refusal:
            refused, status = refusal.reason, 403
    context = {
        "opinion": opinion,
        "tally": tally,
        "form": form,
        "refused": refused,
        "majority": Majority(tally.majority).label,
        "proposals": proposals_of(opinion),
    }
    return render(request, "proposals/opinions/settle.html", context, status=status)
