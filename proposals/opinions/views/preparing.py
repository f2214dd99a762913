"""Drafts: choosing proposals, writing the text, discarding."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from councils.paging import page_of
from people.access import signed_in
from people.verdicts import Refused
from proposals import actions
from proposals.forms import take_errors
from proposals.models import Opinion, Proposal
from proposals.opinion_states import OpinionState
from proposals.opinions.forms import ChooseForm, OpinionForm
from proposals.opinions.permissions import (
    may_ask_assembly,
    may_edit_opinion,
    may_prepare_opinions,
)
from proposals.opinions.views.common import METHODS, find_draft
from proposals.reading import text_html
from proposals.reading.opinions import (
    proposals_of,
    waiting_for_opinion,
)

CHOICES_ON_A_PAGE = 40


@signed_in
@require_http_methods(METHODS)
def opinion_new(request: HttpRequest) -> HttpResponse:
    """Choose proposals that wait for the general assembly: for a new opinion, or for a draft that is there."""
    council, at = request.council, timezone.now()  # type: ignore[attr-defined]
    may_prepare_opinions(request.user, council, at=at).require()
    draft = _chosen_draft(request)
    rows = waiting_for_opinion(council)
    posted = request.method == "POST"
    form = ChooseForm(request.POST if posted else None, rows=rows)
    status = 422 if posted else 200
    refused = ""
    if posted and form.is_valid():
        try:
            chosen = list(form.cleaned_data["proposals"])
            if draft is None:
                draft = actions.prepare_opinion(actor=request.user, council=council, proposals=chosen, at=at)
            else:
                actions.edit_opinion(
                    actor=request.user,
                    opinion=draft,
                    title=draft.title,
                    text=draft.text,
                    proposals=[*proposals_of(draft), *chosen],
                    base=draft.revision,
                    at=at,
                )
            return HttpResponseRedirect(reverse("opinion_draft", args=[council.slug, draft.key]))
        except ValidationError as error:
            take_errors(form, error)
        except Refused as refusal:
            refused, status = refusal.reason, 403
    page = page_of(request, rows, by=["stage_since", "pk"], size=CHOICES_ON_A_PAGE)
    for row in page.items:
        row.council = council
    context = {
        "form": form,
        "page": page,
        "draft": draft,
        "refused": refused,
        "chosen": request.POST.getlist("proposals") if posted else [request.GET.get("oneri", "")],
    }
    return render(request, "proposals/opinions/choose.html", context, status=status)


def _chosen_draft(request: HttpRequest) -> Opinion | None:
    key = request.GET.get("taslak", "")
    if not key:
        return None
    try:
        return find_draft(request, UUID(key))
    except ValueError:
        raise Http404 from None


@signed_in
@require_http_methods(METHODS)
def opinion_draft(request: HttpRequest, key: UUID) -> HttpResponse:
    """The draft: title, text and proposals, until the general assembly is asked."""
    opinion, at = find_draft(request, key), timezone.now()
    if opinion.state != OpinionState.DRAFT:
        return HttpResponseRedirect(opinion.get_absolute_url())
    proposals = proposals_of(opinion)
    rows = Proposal.objects.filter(pk__in=[proposal.pk for proposal in proposals])
    posted = request.method == "POST"
    form = OpinionForm(
        request.POST if posted else None,
        rows=rows,
        initial=OpinionForm.of(opinion, [proposal.pk for proposal in proposals]),
    )
    verdict = may_edit_opinion(request.user, opinion, at=at)
    refused: Any = "" if verdict else verdict.reason
    status = 200 if verdict or not posted else 403
    if posted and verdict:
        status = 422
        try:
            if form.is_valid():
                actions.edit_opinion(actor=request.user, opinion=opinion, at=at, **form.cleaned_data)
                messages.success(request, _("Taslak kaydedildi."))
                return HttpResponseRedirect(reverse("opinion_draft", args=[opinion.council.slug, opinion.key]))
        except ValidationError as error:
            take_errors(form, error)
        except Refused as refusal:
            refused, status = refusal.reason, 403
    context = {
        "opinion": opinion,
        "form": form,
        "proposals": proposals,
        "refused": refused,
        "may_edit": bool(verdict),
        "may_ask": bool(may_ask_assembly(request.user, opinion, at=at)),
        "preview": text_html(opinion.text),
    }
    return render(request, "proposals/opinions/draft.html", context, status=status)


@signed_in
@require_http_methods(METHODS)
def opinion_discard(request: HttpRequest, key: UUID) -> HttpResponse:
    """Delete a draft the general assembly was never asked about."""
    opinion, at = find_draft(request, key), timezone.now()
    refused = ""
    if opinion.number:
        refused = _("Genel kurula sunulmuş bir görüş silinmez; önerileri başka bir görüşe alın.")
    if request.method == "POST":
        try:
            actions.discard_opinion(actor=request.user, opinion=opinion, at=at)
            messages.success(request, _("Taslak silindi. Önerileri genel kurulda beklemeyi sürdürüyor."))
            return HttpResponseRedirect(reverse("opinion_list", args=[opinion.council.slug]))
        except Refused as refusal:
            refused = str(refusal.reason)
    context = {"opinion": opinion, "refused": refused}
    return render(request, "proposals/opinions/discard.html", context, status=403 if refused else 200)
