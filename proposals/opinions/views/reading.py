"""The list of opinions, the page of one, and its documents."""

from __future__ import annotations

from typing import Any

import structlog
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ballots.models import Majority
from ballots.reading import ballot_context
from councils.paging import page_of
from documents import DocumentError
from documents.attachment_files import guarded, pdf_answer
from people.access import public
from people.offices import holds_office
from proposals.models import Opinion
from proposals.municipal_permissions import may_keep_decisions
from proposals.opinion_states import OpinionState
from proposals.opinions import documents
from proposals.opinions.permissions import (
    may_edit_opinion,
    may_prepare_opinions,
    may_read_minutes,
    may_send_opinion,
    may_settle_tally,
)
from proposals.opinions.views.common import find_opinion
from proposals.reading import text_html
from proposals.reading.municipal import council_part
from proposals.reading.opinions import (
    WORDS,
    listed,
    opinion_part,
    standing_tally,
    tone_of,
    years_of,
)
from proposals.stages import Stage

log = structlog.get_logger(__name__)
ON_A_PAGE = 20
DRAFTS_SHOWN = 30


@public
@require_safe
def opinion_list(request: HttpRequest) -> HttpResponse:
    """The council's opinions, the newest first; by state and year. Who prepares them sees the drafts too."""
    council, at = request.council, timezone.now()  # type: ignore[attr-defined]
    state, year = request.GET.get("durum", ""), request.GET.get("yil", "")
    rows = listed(council, request.user, state=state, year=year).defer("text")
    page = page_of(request, rows, by=["id"], size=ON_A_PAGE, descending=True)
    lines = [{"opinion": row, "tone": tone_of(row)} for row in page.items]
    may_prepare = holds_office(request.user) and bool(may_prepare_opinions(request.user, council, at=at))
    drafts = None
    if may_prepare:
        waiting = Opinion.objects.filter(council=council, state=OpinionState.DRAFT).defer("text")
        drafts = page_of(request, waiting, by=["pk"], size=DRAFTS_SHOWN, parameter="taslaklar")
    for row in (*page.items, *(drafts.items if drafts else ())):
        row.council = council
    context = {
        "page": page,
        "lines": lines,
        "drafts": drafts,
        "may_prepare": may_prepare,
        "states": [
            {"word": word, "label": value.label, "chosen": word == state}
            for word, value in WORDS.items()
            if may_prepare or value != OpinionState.DRAFT
        ],
        "years": [{"word": str(each), "chosen": str(each) == year} for each in years_of(council)],
        "narrowed": bool(state or year),
    }
    return render(request, "proposals/opinions/list.html", context)


@public
@require_safe
def opinion_detail(request: HttpRequest, number: str) -> HttpResponse:
    """An opinion: where it stands, its text, what it was made of, and how the general assembly voted."""
    opinion, at = find_opinion(request, number), timezone.now()
    part = opinion_part(opinion)
    person: Any = request.user
    tools = {}
    if holds_office(person):
        holders = {proposal.holder for proposal in part.proposals}
        tools = {
            "edit": may_edit_opinion(person, opinion, at=at),
            "send": may_send_opinion(person, opinion, holders, at=at),
        }
        if opinion.sent_at is not None:
            tools["council"] = may_keep_decisions(person, opinion.council, at=at)
        if part.is_pending:
            tools["settle"] = may_settle_tally(person, part.tally, at=at)  # type: ignore[arg-type]
    context: dict[str, Any] = {
        "part": part,
        "opinion": opinion,
        "body_html": text_html(opinion.text),
        "tools": {name: verdict for name, verdict in tools.items() if verdict},
        "shows_minutes": part.tally is not None and may_read_minutes(person, part.tally, at=at),
        "majority": Majority(part.tally.majority).label if part.tally else "",
        "has_document": documents.has_document(opinion),
    }
    if opinion.sent_at is not None:
        waits = any(proposal.stage == Stage.SENT for proposal in part.proposals)
        context["in_council"] = council_part(opinion, is_waiting=waits)
    if part.ballot is not None:
        context |= ballot_context(request, part.ballot)
        context["live"] = {"topics": [part.ballot.topic, f"state:{part.ballot.topic}"]}
    return render(request, "proposals/opinions/detail.html", context)


@public
@require_safe
def opinion_minutes(request: HttpRequest, number: str) -> HttpResponseBase:
    """The minutes of the assembly's vote; before the second person has confirmed it, only for whom it waits."""
    opinion = find_opinion(request, number)
    tally = standing_tally(opinion)
    if tally is None or not may_read_minutes(request.user, tally, at=timezone.now()):
        raise Http404
    return pdf_answer(tally.file, tally.name)


@public
@require_safe
def opinion_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The adopted opinion as an accessible PDF with its number and the way to this page."""
    opinion = find_opinion(request, number)
    if not documents.has_document(opinion):
        raise Http404
    return pdf_of(opinion)


def pdf_of(opinion: Opinion) -> HttpResponse:
    """The document as a download; 503 when it cannot be set at the moment."""
    try:
        content = documents.opinion_pdf(opinion)
    except DocumentError:
        log.exception("opinion_not_set", opinion=opinion.pk)
        return HttpResponse(_("Belge şu anda hazırlanamadı. Biraz sonra yeniden deneyin."), status=503)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{opinion.number}.pdf"'
    return guarded(response)
