"""Pages of opinions: the list, the page of one, preparing, asking the general assembly, and sending."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ballots.models import Majority
from ballots.reading import ballot_context
from councils.paging import page_of
from documents import DocumentError
from people.access import public, signed_in
from people.offices import holds_office
from people.verdicts import Refused
from proposals import actions
from proposals.actions.opinions.common import rule_of
from proposals.actions.opinions.voting import assembly_roll
from proposals.attachment_files import guarded, pdf_answer
from proposals.forms import BallotForm, take_errors
from proposals.models import Opinion, Proposal
from proposals.municipal_permissions import may_keep_decisions
from proposals.opinion_states import OpinionState
from proposals.opinions import documents
from proposals.opinions.forms import ChooseForm, OpinionForm, RejectTallyForm, SendForm, TallyForm
from proposals.opinions.permissions import (
    may_ask_assembly,
    may_edit_opinion,
    may_prepare_opinions,
    may_read_minutes,
    may_send_opinion,
    may_settle_tally,
)
from proposals.reading import text_html
from proposals.reading.municipal import council_part
from proposals.reading.opinions import (
    WORDS,
    listed,
    opinion_part,
    proposals_of,
    standing_tally,
    tone_of,
    waiting_for_opinion,
    years_of,
)
from proposals.stages import Stage

log = structlog.get_logger(__name__)
METHODS = ["GET", "HEAD", "POST"]
ON_A_PAGE = 20
CHOICES_ON_A_PAGE = 40
DRAFTS_SHOWN = 30
BALLOT_DAYS = 7


def find_opinion(request: HttpRequest, number: str) -> Opinion:
    """An opinion of the page's council that the reader may see; 404 for any other."""
    found = Opinion.objects.visible_to(request.user).filter(council=request.council, number=number).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    found.council = request.council  # type: ignore[attr-defined]
    return found


def find_draft(request: HttpRequest, key: UUID) -> Opinion:
    """A draft, for those who prepare opinions or ask the assembly; 404 for a key that is none."""
    council, at = request.council, timezone.now()  # type: ignore[attr-defined]
    found = Opinion.objects.filter(council=council, key=key).first()
    if found is None:
        may_prepare_opinions(request.user, council, at=at).require()
        raise Http404
    found.council = council
    if not may_prepare_opinions(request.user, council, at=at):
        may_ask_assembly(request.user, found, at=at).require()
    return found


# --- Reading ----------------------------------------------------------------------------------------------------------
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
    drafts: list[Opinion] = []
    if may_prepare:
        drafts = list(Opinion.objects.filter(council=council, state=OpinionState.DRAFT).order_by("pk")[:DRAFTS_SHOWN])
    for row in (*page.items, *drafts):
        row.council = council
    context = {
        "page": page,
        "lines": lines,
        "drafts": drafts,
        "may_prepare": may_prepare,
        "states": [{"word": word, "label": value.label, "chosen": word == state} for word, value in WORDS.items()],
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


# --- Preparing --------------------------------------------------------------------------------------------------------
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


# --- Asking the general assembly --------------------------------------------------------------------------------------
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


# --- Sending ----------------------------------------------------------------------------------------------------------
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
