"""The page of one proposal, and the parts of it that depend on the reader."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from django.db.models import Count, Window
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

from ballots.reading import ballot_context
from discussions.reading import thread_context
from people.access import kept_for_visitors, public
from people.offices import holds_office
from people.verdicts import YES, Refused, Verdict
from proposals import reading
from proposals.actions.attaching import may_attach
from proposals.budget.permissions import may_name_money
from proposals.models import Proposal, ProposalBallot, Support
from proposals.municipal_permissions import may_keep_decisions
from proposals.opinions.permissions import may_prepare_opinions, may_send_opinion
from proposals.permissions import (
    may_answer_directly,
    may_decide_admissibility,
    may_decline_in_group,
    may_give_back,
    may_implement,
    may_merge,
    may_open_ballot,
    may_put_on_agenda,
    may_review,
    may_revise,
    may_split,
    may_support,
    may_withdraw,
    may_withdraw_support,
)
from proposals.reading.implementation import FOLLOWED, standing
from proposals.reading.municipal import part_of_proposal
from proposals.reading.opinions import opinion_of, opinion_on_page
from proposals.reading.own_part import own_part
from proposals.reading.related import related
from proposals.stages import BEFORE_A_VOTE, ENDED, PASSED, REFUSED, Stage
from proposals.views.finding import find_proposal, read_proposal
from proposals.views.listing import map_context

NAMES_SHOWN = 20
SUPPORTERS_PER_PAGE = 50


@kept_for_visitors
@public
@require_safe
def proposal_detail(request: HttpRequest, number: str) -> HttpResponse:
    """The page: what it is, where it stands, what one can do, the text, the discussion."""
    return detail_page(request, number)


def detail_page(request: HttpRequest, number: str, *, refused: Refused | None = None) -> HttpResponse:
    """The page, or, with a refusal, the page with its sentence and status 403.

    What is the same for every reader is read when the page asks for it: a part that is kept need not.
    """
    proposal = read_proposal(request, number)
    link = _ballot_link(request, proposal)
    ballot = link.ballot if link is not None else None
    supporters: Any = SimpleLazyObject(lambda: _supporters(proposal))
    context: dict[str, Any] = {
        "status": SimpleLazyObject(lambda: _status(proposal, link)),
        **action_context(request, proposal),
        **_tools_context(request, proposal),
        "stands": SimpleLazyObject(lambda: standing(proposal, at=timezone.now()))
        if proposal.stage in FOLLOWED
        else None,
        "related": SimpleLazyObject(lambda: related(proposal)),
        "opinion": opinion_on_page(proposal),
        "refused": refused.reason if refused else "",
        "body_html": SimpleLazyObject(lambda: reading.text_html(proposal.text)),
        "version_at": SimpleLazyObject(lambda: _version_moment(proposal)),
        "attachments": SimpleLazyObject(lambda: list(proposal.attachments.all()) if proposal.has_attachments else []),
        "in_council": SimpleLazyObject(lambda: part_of_proposal(proposal) or {}),
        "supporters": supporters,
        "shown_count": SimpleLazyObject(lambda: supporters[0].total if supporters else 0),
        "has_ended": proposal.stage in ENDED,
        "amendment_count": proposal.amendment_count,
        "open_amendment_count": proposal.open_amendment_count,
        "takes_amendments": proposal.stage in BEFORE_A_VOTE,
        "map": map_context(request) if proposal.latitude is not None else None,
        "live": _live(proposal, ballot),
    }
    context |= thread_context(request, proposal.thread)
    if ballot is not None:
        context |= ballot_context(request, ballot)
    return render(request, "proposals/proposal_detail.html", context, status=403 if refused else 200)


def _ballot_link(request: HttpRequest, proposal: Any) -> ProposalBallot | None:
    """The current or the last ballot, of which each reader gets their own copy: what they may do is noted in it."""
    if proposal.ballot_link is None:
        return None
    links = ProposalBallot.objects.select_related("ballot")
    return deepcopy(request.kept.value(("ballot", proposal.ballot_link), lambda: links.get(pk=proposal.ballot_link)))


def _status(proposal: Any, link: ProposalBallot | None) -> dict[str, Any]:
    moves = list(proposal.moves.all()) if proposal.has_moves else []
    return reading.status_context(proposal, moves=moves, ballot=link.ballot if link and link.is_current else None)


def _version_moment(proposal: Proposal) -> Any:
    if proposal.version == 1:
        return proposal.submitted_at
    return proposal.versions.values_list("created_at", flat=True).get(number=proposal.version)


def _supporters(proposal: Any) -> list[Support]:
    """The newest supports whose givers let their names be shown, each with how many there are in `total`."""
    if not proposal.has_supporters_by_name:
        return []
    shown = Support.objects.filter(proposal=proposal, shows_name=True).order_by("-pk")
    return list(shown.select_related("person").annotate(total=Window(Count("pk")))[:NAMES_SHOWN])


def _live(proposal: Proposal, ballot: Any) -> dict[str, list[str]]:
    thread = proposal.thread.topic
    topics = [proposal.topic, f"state:{proposal.topic}", f"presence:{proposal.topic}", thread, f"state:{thread}"]
    if ballot is not None:
        topics += [ballot.topic, f"state:{ballot.topic}"]
    return {"topics": topics}


def action_context(request: HttpRequest, proposal: Proposal) -> dict[str, Any]:
    """What the support box needs: the reader's own support and follow, and what they may do. One query."""
    at = timezone.now()
    person = request.user
    mine = own_part(person, proposal)
    gathers = proposal.gathers_support(at)
    return {
        "proposal": proposal,
        "support": mine.support,
        "gathers": gathers,
        "may_support": may_support(person, proposal, at=at, resident=mine.is_resident)
        if mine.support is None and gathers
        else None,
        "may_withdraw_support": may_withdraw_support(person, proposal, at=at) if mine.support and gathers else None,
        "follows": mine.follows,
        "is_author": person.is_authenticated and proposal.author_id == person.pk,
        "may_write_anew": proposal.stage in REFUSED,
        "waits_for_support": proposal.stage == Stage.SUBMITTED,
        "was_supported": proposal.stage in {Stage.IN_GROUP, Stage.BALLOT, Stage.DECLINED, *PASSED},
    }


def _tools_context(request: HttpRequest, proposal: Proposal) -> dict[str, Any]:
    opinion: Any = SimpleLazyObject(lambda: opinion_of(proposal))
    return {"tools": tools(request, proposal, opinion), "tools_opinion": opinion}


def tools(request: HttpRequest, proposal: Proposal, opinion: Any) -> dict[str, Verdict]:
    """What the reader's office or authorship lets them do with the proposal now; empty for most readers."""
    person, at = request.user, timezone.now()
    if not person.is_authenticated or proposal.stage in ENDED:
        return {}
    asked = {}
    in_office = holds_office(person)
    if in_office:
        asked |= _tools_of_office(person, proposal, opinion, at=at)
    decides = proposal.author_id == person.pk or asked.get("open_ballot")
    if decides and proposal.amendments.undecided().exists():
        asked["amendments"] = YES
    if proposal.stage == Stage.DONE:
        asked["review"] = may_review(person, proposal, at=at)
    if proposal.author_id == person.pk:
        asked["revise"] = may_revise(person, proposal, at=at)
        asked["attach"] = may_attach(person, proposal, at=at)
        asked["withdraw"] = may_withdraw(person, proposal, at=at)
    return {name: verdict for name, verdict in asked.items() if verdict}


def _tools_of_office(person: Any, proposal: Proposal, opinion: Any, *, at: Any) -> dict[str, Verdict]:
    """What somebody with an office may be asked for in the proposal's stage; what nobody may is not asked."""
    asked: dict[str, Verdict] = {}
    match proposal.stage:
        case Stage.SUBMITTED:
            asked["admissibility"] = may_decide_admissibility(person, proposal, at=at)
        case Stage.IN_GROUP:
            asked["open_ballot"] = may_open_ballot(person, proposal, at=at)
            asked["decline"] = may_decline_in_group(person, proposal, at=at)
        case Stage.BOARD:
            asked["agenda"] = may_put_on_agenda(person, proposal, at=at)
        case Stage.GENERAL_ASSEMBLY:
            asked["opinion"] = may_prepare_opinions(person, proposal.council, at=at)
        case Stage.DIRECTORATE:
            asked["answer"] = may_answer_directly(person, proposal, at=at)
        case Stage.OPINION if opinion:
            asked["send"] = may_send_opinion(person, opinion, [proposal.holder], at=at)
        case Stage.SENT | Stage.ON_AGENDA | Stage.IN_COMMISSION if opinion:
            asked["council"] = may_keep_decisions(person, proposal.council, at=at)
        case Stage.IMPLEMENTATION:
            asked["implement"] = may_implement(person, proposal, at=at)
        case Stage.DONE:
            asked["money"] = may_name_money(person, proposal, at=at)
    if proposal.stage in {Stage.BOARD, Stage.GENERAL_ASSEMBLY}:
        asked["give_back"] = may_give_back(person, proposal, at=at)
    if proposal.stage in BEFORE_A_VOTE:
        asked["merge"] = may_merge(person, proposal, at=at)
        asked["split"] = asked["merge"] and may_split(person, proposal, at=at)  # the same people: asked of them alone
    return asked


@public
@require_safe
def proposal_action(request: HttpRequest, number: str) -> HttpResponse:
    """What depends on the reader, the support box and the tools, asked for again when something changed."""
    proposal = find_proposal(request, number)
    context = action_context(request, proposal) | _tools_context(request, proposal)
    return render(request, "proposals/_reader.html", context)


@public
@require_safe
def proposal_supporters(request: HttpRequest, number: str) -> HttpResponse:
    """Everybody who supports the proposal and lets their name be shown, newest first."""
    proposal = find_proposal(request, number)
    rows = Support.objects.filter(proposal=proposal, shows_name=True).select_related("person")
    page = reading.page_of(
        rows,
        key="created_at",
        descending=True,
        cursor=request.GET.get("sayfa", ""),
        size=SUPPORTERS_PER_PAGE,
        is_moment=True,
    )
    context = {"proposal": proposal, "page": page, "shown_count": rows.count()}
    return render(request, "proposals/supporters.html", context)
