"""A ballot's page, its box on other pages, voting, closing early, and the roll call."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ballots import actions
from ballots.chairing import decide_tie
from ballots.forms import ClosingForm, ProxyForm, TieForm
from ballots.models import Ballot, Choice, Method, Proxy, TieRule
from ballots.papers import InvalidPaper, drops_what_is_filled_in, from_form
from ballots.permissions import may_close, may_decide_tie, may_read, may_see_roll_call, why_not
from ballots.policies import KnowsTitle, LeadsBack
from ballots.proxies import give_proxy_to, revoke_proxy
from ballots.reading import Voting, ballot_context
from ballots.roll_reading import roll_call
from people.access import public, signed_in
from people.models import Person
from people.verdicts import Refused, no

BIGGEST = 2**63 - 1
STATUS_OF_REFUSAL = {"outcome_unknown": 503, "key_reused": 409}


def find_ballot(request: HttpRequest, pk: int) -> Ballot:
    """A ballot the reader may read; for anybody else it does not exist."""
    if pk > BIGGEST:
        raise Http404
    ballot = get_object_or_404(Ballot.objects.select_related("opened_by", "chair"), pk=pk)
    if not may_read(request.user, ballot):
        raise Http404
    request.council = ballot.rules.place(ballot)[0]  # type: ignore[attr-defined]
    return ballot


def where(ballot: Ballot) -> dict[str, str]:
    """The page a ballot stands on, for crumbs and ways back."""
    rules = ballot.rules
    return {
        "owner_url": rules.back(ballot) if isinstance(rules, LeadsBack) else rules.address(ballot),
        "owner_title": rules.title(ballot) if isinstance(rules, KnowsTitle) else "",
    }


def _page(request: HttpRequest, ballot: Ballot, *, status: int = 200, **shown: Any) -> HttpResponse:
    context: dict[str, Any] = {
        **ballot_context(request, ballot, **shown),
        "ballot": ballot,
        **where(ballot),
        "live": {"topics": [ballot.topic, f"state:{ballot.topic}"]},
    }
    return render(request, "ballots/ballot_detail.html", context, status=status)


def _box(request: HttpRequest, ballot: Ballot, *, status: int = 200, **shown: Any) -> HttpResponse:
    response = render(request, "ballots/_ballot.html", ballot_context(request, ballot, **shown), status=status)
    if status != 200:
        response["HX-Retarget"] = "#ballot"
        response["HX-Reswap"] = "outerHTML"
    return response


def _answer(request: HttpRequest, ballot: Ballot, *, status: int = 200, **shown: Any) -> HttpResponse:
    """The box for htmx; without JavaScript the page the ballot stands on, or its own page with what went wrong.

    `shown` is what `ballot_context` takes: a problem, a wrong paper, a question.
    """
    if request.htmx:  # type: ignore[attr-defined]
        return _box(request, ballot, status=status, **shown)
    if status != 200:
        return _page(request, ballot, status=status, **shown)
    return HttpResponseRedirect(f"{ballot.rules.address(ballot)}#ballot")


@public
@require_safe
def ballot_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The ballot on its own page: the question, the rule, my vote, the count."""
    return _page(request, find_ballot(request, pk))


@public
@require_safe
def ballot_box(request: HttpRequest, pk: int) -> HttpResponse:
    """The box alone, fetched again by open pages when the ballot opens, closes or is declared."""
    return _box(request, find_ballot(request, pk))


def _key(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return None


@signed_in
@require_POST
def ballot_vote(request: HttpRequest, pk: int) -> HttpResponse:
    """Cast or change my vote. Nothing but the paper and ``key`` is read from the form.

    The key was made with the page, so a form that is sent again after a lost connection changes nothing twice.
    """
    ballot = find_ballot(request, pk)
    if drops_what_is_filled_in(ballot, request.POST):
        return _answer(request, ballot, asks_about_blank=True, status=422)
    try:
        paper = from_form(ballot, request.POST)
        actions.cast_vote(actor=request.user, ballot=ballot, paper=paper, key=_key(request))
    except InvalidPaper as wrong:
        return _answer(request, ballot, wrong=wrong, status=422)
    except Refused as refusal:
        status = STATUS_OF_REFUSAL.get(refusal.code, 403)
        return _answer(request, find_ballot(request, pk), problem=refusal.reason, status=status)
    return _answer(request, ballot)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def ballot_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask why, then close an open ballot before its time; what was typed is never lost."""
    ballot = find_ballot(request, pk)
    form = ClosingForm(request.POST if request.method == "POST" else None)
    verdict = may_close(request.user, ballot, at=actions.database_now())
    status = 200 if verdict else 403
    if request.method == "POST" and verdict:
        status = 422
        try:
            if form.is_valid():
                actions.close_ballot_now(actor=request.user, ballot=ballot, reason=form.cleaned_data["reason"])
                return HttpResponseRedirect(f"{ballot.rules.address(ballot)}#ballot")
        except ValidationError as error:
            form.take_errors(error)
        except Refused as refusal:
            verdict, status = no(refusal.reason, code=refusal.code), 403
    context = {
        "form": form,
        **ballot_context(request, ballot),
        "ballot": ballot,
        "verdict": verdict,
        **where(ballot),
    }
    return render(request, "ballots/ballot_close.html", context, status=status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def ballot_decide_tie(request: HttpRequest, pk: int) -> HttpResponse:
    """The chair decides a tie, once, with a reason; there is no such page where the rule gives no tie to a chair."""
    ballot = find_ballot(request, pk)
    if ballot.tie_rule != TieRule.CHAIR:
        raise Http404
    verdict = may_decide_tie(request.user, ballot)
    form, status = None, 403
    if verdict and (tie := ballot.open_tie) is not None:
        form, status = TieForm(request.POST if request.method == "POST" else None, ballot=ballot, tie=tie), 200
    if request.method == "POST" and form is not None:
        status = 422
        try:
            if form.is_valid():
                decide_tie(actor=request.user, ballot=ballot, **form.cleaned_data)
                return HttpResponseRedirect(f"{ballot.rules.address(ballot)}#ballot")
        except ValidationError as error:
            form.take_errors(error)
        except Refused as refusal:  # somebody else's browser was quicker
            ballot, verdict, status = find_ballot(request, pk), no(refusal.reason, code=refusal.code), 403
    context = {"form": form, **ballot_context(request, ballot), "ballot": ballot, "verdict": verdict, **where(ballot)}
    return render(request, "ballots/ballot_decide_tie.html", context, status=status)


@signed_in
@require_safe
def ballot_roll_call(request: HttpRequest, pk: int) -> HttpResponse:
    """Who voted how, for those the owner lets see it and only once results may be read."""
    ballot = find_ballot(request, pk)
    verdict = may_see_roll_call(request.user, ballot, at=timezone.now())
    context: dict[str, Any] = {"ballot": ballot, "verdict": verdict, **where(ballot)}
    if verdict:
        choice = request.GET.get("choice", "")
        known = {"none", *(Choice.values if ballot.method == Method.YES_NO else [])}
        choice = choice if choice in known else ""
        page = roll_call(ballot, choice=choice, after=request.GET.get("after", ""))
        context |= {
            "page": page,
            "choice": choice,
            "choices": [*Choice.choices] if ballot.method == Method.YES_NO else [],
        }
    return render(request, "ballots/ballot_roll_call.html", context, status=200 if verdict else 403)


# --- Proxies ----------------------------------------------------------------------------------------------------------
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def ballot_proxy(request: HttpRequest, pk: int) -> HttpResponse:
    """Give my proxy to another elector, or take it back; there is no such page where no proxies are allowed."""
    ballot = find_ballot(request, pk)
    if not ballot.proxy_limit:
        raise Http404
    me = request.user
    assert isinstance(me, Person)
    form = ProxyForm(request.POST if request.method == "POST" and "revoke" not in request.POST else None)
    refused, status = "", 200
    if request.method == "POST":
        status = 422
        try:
            if "revoke" in request.POST:
                revoke_proxy(actor=me, ballot=ballot)
                return HttpResponseRedirect(f"{ballot.rules.address(ballot)}#ballot")
            if form.is_valid():
                give_proxy_to(actor=me, ballot=ballot, address=form.cleaned_data["email"])
                return HttpResponseRedirect(f"{ballot.rules.address(ballot)}#ballot")
        except Refused as refusal:
            refused, status = refusal.reason, 403
    context = {**ballot_context(request, ballot), "ballot": ballot, "form": form, "refused": refused, **where(ballot)}
    if status == 200 and not context["voting"].is_elector:
        context["refused"], status = why_not("not_on_roll", ballot), 403
    return render(request, "ballots/ballot_proxy.html", context, status=status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def ballot_vote_for(request: HttpRequest, pk: int, proxy_id: int) -> HttpResponse:
    """Vote for somebody whose proxy I hold. The address names the proxy, never a person."""
    ballot = find_ballot(request, pk)
    proxies = Proxy.objects.filter(ballot=ballot, holder_id=request.user.pk).select_related("giver")
    proxy = get_object_or_404(proxies, pk=min(proxy_id, BIGGEST))
    problem, wrong, status = "", None, 200
    asks_about_blank = drops_what_is_filled_in(ballot, request.POST)
    if asks_about_blank:
        status = 422
    elif request.method == "POST":
        try:
            paper = from_form(ballot, request.POST)
            actions.cast_vote(actor=request.user, ballot=ballot, paper=paper, key=_key(request), giver=proxy.giver)
            return HttpResponseRedirect(f"{ballot.rules.address(ballot)}#ballot")
        except InvalidPaper as error:
            wrong, status = error, 422
        except Refused as refusal:
            problem, status = refusal.reason, STATUS_OF_REFUSAL.get(refusal.code, 403)
    elif proxy.revoked_at is not None:
        problem, status = why_not("no_proxy", ballot), 403
    voting = Voting(request, ballot, problem=problem, wrong=wrong, giver=proxy.giver, asks_about_blank=asks_about_blank)
    context = {"voting": voting, "ballot": ballot, "proxy": proxy, **where(ballot)}
    return render(request, "ballots/ballot_vote_for.html", context, status=status)
