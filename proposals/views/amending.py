"""Amendments: the text by paragraphs, asking for a change, the list, one of them, and what becomes of it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from councils.paging import page_of
from people.access import public, signed_in
from people.verdicts import Refused
from proposals import actions
from proposals.amending import AmendmentKind, AmendmentState, digest_of, paragraphs_of
from proposals.differences import compare
from proposals.forms import AmendmentDecisionForm, AmendmentForm, take_errors
from proposals.models import Amendment, Proposal
from proposals.permissions import may_accept_amendment, may_amend, may_decline_amendment, may_withdraw_amendment
from proposals.reading import amendments as reading
from proposals.views.finding import find_proposal

METHODS = ["GET", "HEAD", "POST"]
ON_A_PAGE = 20
STATES = {
    "acik": AmendmentState.OPEN,
    "kabul": AmendmentState.ACCEPTED,
    "ret": AmendmentState.DECLINED,
    "yenilenecek": AmendmentState.OVERTAKEN,
    "geri-cekilen": AmendmentState.WITHDRAWN,
}


@public
@require_safe
def proposal_text(request: HttpRequest, number: str) -> HttpResponse:
    """The text by paragraphs: what came from whom, what is asked of each, and the way to ask."""
    proposal = find_proposal(request, number)
    found, removed = reading.paragraphs(proposal)
    context = {
        "proposal": proposal,
        "paragraphs": found,
        "removed": removed,
        "may_amend": may_amend(request.user, proposal, at=timezone.now()),
        "is_author": proposal.author_id == request.user.pk,
    }
    return render(request, "proposals/text.html", context)


@public
@require_safe
def proposal_amendments(request: HttpRequest, number: str) -> HttpResponse:
    """All amendments with their differences, by pages; ``?durum=`` narrows them to one state."""
    proposal = find_proposal(request, number)
    chosen = request.GET.get("durum", "")
    state = STATES.get(chosen, "")
    page = page_of(request, reading.amendments_of(proposal, state), by=["order", "created_at", "pk"], size=ON_A_PAGE)
    known = reading.counts(proposal)
    tabs = [(word, AmendmentState(each).label, known.get(each, 0), each == state) for word, each in STATES.items()]
    context = {
        "proposal": proposal,
        "amendments": reading.dress(page.items, proposal),
        "page": page,
        "tabs": [("", _("Hepsi"), sum(known.values()), not state), *tabs],
        "may_amend": may_amend(request.user, proposal, at=timezone.now()),
    }
    return render(request, "proposals/amendments.html", context)


def find_amendment(request: HttpRequest, number: str, amendment: int) -> Amendment:
    """An amendment of a proposal of the page's council that the reader may see; 404 for any other."""
    proposal = find_proposal(request, number)
    found = Amendment.objects.filter(proposal=proposal, number=min(amendment, 32_767)).with_names().first()
    if found is None:
        raise Http404
    found.proposal = proposal
    return found


@public
@require_safe
def amendment_detail(request: HttpRequest, number: str, amendment: int) -> HttpResponse:
    """One amendment: what it changes and why, its rivals, its decision, and what the reader may do."""
    found = find_amendment(request, number, amendment)
    return _detail(request, found)


def _detail(request: HttpRequest, found: Amendment, *, refused: Any = "") -> HttpResponse:
    at, person = timezone.now(), request.user
    reading.dress([found], found.proposal)
    context = {
        "proposal": found.proposal,
        "amendment": found,
        "rivals": reading.dress(reading.rivals_of(found), found.proposal),
        "may_accept": may_accept_amendment(person, found, at=at),
        "may_decline": may_decline_amendment(person, found, at=at),
        "may_withdraw": may_withdraw_amendment(person, found, at=at),
        "may_renew": found.state == AmendmentState.OVERTAKEN
        and found.author_id == person.pk
        and not hasattr(found, "renewal")
        and bool(may_amend(person, found.proposal, at=at)),
        "renew_position": reading.likely_position(found),
        "refused": refused,
    }
    return render(request, "proposals/amendment.html", context, status=403 if refused else 200)


@signed_in
@require_http_methods(METHODS)
def amendment_propose(request: HttpRequest, number: str, position: int) -> HttpResponse:
    """Ask for a change of one paragraph; ``?yenile=3`` begins with the words of one's own that was overtaken."""
    proposal, at = find_proposal(request, number), timezone.now()
    paragraphs = paragraphs_of(proposal.text)
    if position > len(paragraphs):
        raise Http404
    verdict = may_amend(request.user, proposal, at=at)
    paragraph = paragraphs[position - 1] if position else ""
    old = _overtaken(request, proposal)
    if request.method != "POST":
        initial = {
            "kind": old.kind if old else AmendmentKind.REPLACE if position else AmendmentKind.INSERT,
            "text": old.text if old else paragraph,
            "reason": old.reason if old else "",
            "digest": digest_of(paragraph),
            "renews": old.number if old else None,
        }
        form = AmendmentForm(initial=initial, position=position)
        return _propose_page(request, proposal, position, paragraph, form, old, refused=verdict.reason)
    form = AmendmentForm(request.POST, position=position)
    if not form.is_valid():
        return _propose_page(request, proposal, position, paragraph, form, old, status=422)
    typed = form.cleaned_data
    if request.POST.get("do") == "preview":
        form.preview = _preview(paragraph, typed)
        return _propose_page(request, proposal, position, paragraph, form, old)
    try:
        amendment = actions.propose_amendment(
            actor=request.user,
            proposal=proposal,
            kind=typed["kind"],
            position=position,
            text=typed["text"],
            reason=typed["reason"],
            digest=typed["digest"],
            renews=old,
            at=at,
        )
    except ValidationError as error:
        take_errors(form, error)
        return _propose_page(request, proposal, position, paragraph, form, old, status=422)
    except Refused as refusal:
        form.data = form.data.copy()
        form.data["digest"] = digest_of(paragraph)
        return _propose_page(request, proposal, position, paragraph, form, old, refused=refusal.reason)
    amendment.proposal = proposal
    return HttpResponseRedirect(amendment.get_absolute_url())


def _preview(paragraph: str, typed: dict[str, Any]) -> Any:
    text = typed["text"].strip()
    if typed["kind"] == AmendmentKind.REMOVE:
        return compare(paragraph, "")
    if typed["kind"] == AmendmentKind.INSERT:
        return compare(paragraph, f"{paragraph}\n\n{text}".strip())
    return compare(paragraph, text)


def _overtaken(request: HttpRequest, proposal: Proposal) -> Amendment | None:
    """The reader's own overtaken amendment that the request names."""
    word = request.POST.get("renews", "") or request.GET.get("yenile", "")
    if not (word.isascii() and word.isdecimal() and len(word) <= 5):
        return None
    mine = Amendment.objects.filter(proposal=proposal, author=request.user, state=AmendmentState.OVERTAKEN)
    return mine.filter(number=min(int(word), 32_767)).first()


def _propose_page(
    request: HttpRequest,
    proposal: Proposal,
    position: int,
    paragraph: str,
    form: AmendmentForm,
    old: Amendment | None,
    *,
    refused: Any = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "proposal": proposal,
        "position": position,
        "paragraph_html": reading.text_html(paragraph),
        "form": form,
        "old": old,
        "refused": refused,
    }
    return render(request, "proposals/amendment_propose.html", context, status=403 if refused else status)


@signed_in
@require_http_methods(METHODS)
def amendment_decide(request: HttpRequest, number: str, amendment: int) -> HttpResponse:
    """Accept or decline an amendment, with a reason."""
    found, at = find_amendment(request, number, amendment), timezone.now()
    verdicts = {
        "accept": may_accept_amendment(request.user, found, at=at),
        "decline": may_decline_amendment(request.user, found, at=at),
    }
    if request.method == "POST" and not found.is_open and found.decision.actor_id == request.user.pk:
        return HttpResponseRedirect(found.get_absolute_url())  # the second click
    form = AmendmentDecisionForm(request.POST if request.method == "POST" else None)
    refused = "" if any(verdicts.values()) else verdicts["accept"].reason
    status = 200
    if request.method == "POST":
        accepts = request.POST.get("decision") == "accept"
        form.needs_reason = not accepts
        status = 422
        try:
            verdicts["accept" if accepts else "decline"].require()
            if form.is_valid():
                if accepts:
                    actions.accept_amendment(
                        actor=request.user, amendment=found, reason=form.cleaned_data["reason"], at=at
                    )
                else:
                    actions.decline_amendment(
                        actor=request.user,
                        amendment=found,
                        reason=form.cleaned_data["reason"],
                        reason_code=form.cleaned_data["reason_code"],
                        at=at,
                    )
                return HttpResponseRedirect(found.get_absolute_url())
        except ValidationError as error:
            take_errors(form, error)
        except Refused as refusal:
            refused = refusal.reason
    reading.dress([found], found.proposal)
    context = {
        "proposal": found.proposal,
        "amendment": found,
        "rivals": reading.dress(reading.rivals_of(found), found.proposal),
        "form": form,
        "verdicts": verdicts,
        "refused": refused,
    }
    return render(request, "proposals/amendment_decide.html", context, status=403 if refused else status)


@signed_in
@require_http_methods(METHODS)
def amendment_withdraw(request: HttpRequest, number: str, amendment: int) -> HttpResponse:
    """Its author takes an amendment back."""
    found, at = find_amendment(request, number, amendment), timezone.now()
    if request.method == "POST":
        try:
            actions.withdraw_amendment(actor=request.user, amendment=found, at=at)
        except Refused as refusal:
            return _withdraw_page(request, found, refusal.reason)
        return HttpResponseRedirect(found.get_absolute_url())
    return _withdraw_page(request, found, may_withdraw_amendment(request.user, found, at=at).reason)


def _withdraw_page(request: HttpRequest, found: Amendment, refused: Any) -> HttpResponse:
    reading.dress([found], found.proposal)
    context = {"proposal": found.proposal, "amendment": found, "refused": refused}
    return render(request, "proposals/amendment_withdraw.html", context, status=403 if refused else 200)
