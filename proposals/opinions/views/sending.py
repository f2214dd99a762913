"""Handing an adopted opinion over to the municipality."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from people.access import signed_in
from people.verdicts import Refused
from proposals import actions
from proposals.forms import take_errors
from proposals.opinion_states import OpinionState
from proposals.opinions.forms import SendForm
from proposals.opinions.permissions import (
    may_send_opinion,
)
from proposals.opinions.views.common import METHODS, find_opinion
from proposals.reading.opinions import (
    proposals_of,
)


@signed_in
@require_http_methods(METHODS)
def opinion_send(request: HttpRequest, number: str) -> HttpResponse:
    """Write down when the opinion was handed to the municipality, and under which number of its registry."""
    opinion, at = find_opinion(request, number), timezone.now()
    proposals = proposals_of(opinion)
    verdict = may_send_opinion(request.user, opinion, {proposal.holder for proposal in proposals}, at=at)
    posted = request.method == "POST"
    form = SendForm(request.POST if posted else None, initial={"sent_on": timezone.localtime(at).date()})
    refused: Any = "" if verdict else verdict.reason
    status = 200 if verdict else 403
    if posted:
        if opinion.state == OpinionState.SENT and opinion.sent_by_id == request.user.pk:
            return HttpResponseRedirect(opinion.get_absolute_url())
        status = 422 if verdict else 403
        try:
            if verdict and form.is_valid():
                actions.send_opinion(actor=request.user, opinion=opinion, at=at, **form.cleaned_data)
                return HttpResponseRedirect(opinion.get_absolute_url())
        except ValidationError as error:
            take_errors(form, error)
        except Refused as refusal:
            refused, status = refusal.reason, 403
    context = {"opinion": opinion, "form": form, "refused": refused, "proposals": proposals}
    return render(request, "proposals/opinions/send.html", context, status=status)
