"""The municipal council's decisions as everybody reads them, and the pages that keep an opinion's way through the council."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from councils.models import MunicipalMeeting
from councils.paging import page_of
from documents.attachment_files import pdf_answer
from people.access import public, signed_in
from people.verdicts import Refused
from proposals import actions
from proposals.models import Decision, DecisionDocument, DecisionOutcome, DecisionState, Opinion
from proposals.municipal_forms import AgendaForm, CommissionForm, DecisionForm, DocumentForm, OffForm, ReportForm
from proposals.municipal_permissions import may_confirm, may_keep_decisions, may_withdraw_decision
from proposals.reading.municipal import council_part, proposals_before_council
from proposals.stages import IN_MUNICIPAL_COUNCIL, Stage

ON_A_PAGE = 20
MEETINGS_OFFERED = 24


# --- Decisions --------------------------------------------------------------------------------------------------------
@public
@require_safe
def decision_list(request: HttpRequest) -> HttpResponse:
    """Every confirmed decision, the newest first."""
    rows = Decision.objects.visible_to(request.user).filter(council=request.council).with_names()
    page = page_of(request, rows, by=["decided_on", "pk"], size=ON_A_PAGE, descending=True)
    outcomes: dict[int, list[DecisionOutcome]] = {}
    wanted = DecisionOutcome.objects.filter(decision__in=[row.pk for row in page.items])
    for each in wanted.select_related("proposal").order_by("pk"):
        outcomes.setdefault(each.decision_id, []).append(each)
    lines = [{"decision": row, "outcomes": outcomes.get(row.pk, [])} for row in page.items]
    return render(request, "proposals/decision_list.html", {"page": page, "lines": lines})


def _find_decision(request: HttpRequest, pk: int) -> Decision:
    """A confirmed decision, or any for those who keep them; 404 for everything else."""
    decisions = Decision.objects.with_names().filter(council=request.council, pk=pk)
    decision = decisions.first()
    if decision is None:
        raise Http404
    is_public = Decision.objects.visible_to(request.user).filter(pk=pk).exists()
    if not is_public and not may_keep_decisions(request.user, request.council, at=timezone.now()):
        raise Http404
    return decision


@public
@require_safe
def decision_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What the council decided, with how many votes and why; before that, what its second person has to check."""
    return _decision_page(request, _find_decision(request, pk))


def _decision_page(
    request: HttpRequest, decision: Decision, *, form: DocumentForm | None = None, refused: str = "", status: int = 200
) -> HttpResponse:
    at, person = timezone.now(), request.user
    keeps = bool(may_keep_decisions(person, decision.council, at=at))
    waits = decision.state == DecisionState.PENDING
    outcomes = DecisionOutcome.objects.filter(decision=decision).select_related("proposal__council", "deferred_to")
    context = {
        "decision": decision,
        "outcomes": list(outcomes.order_by("pk")),
        "documents": list(DecisionDocument.objects.filter(decision=decision)),
        "keeps": keeps,
        "may_confirm": may_confirm(person, decision, at=at) if keeps and waits else None,
        "may_withdraw": may_withdraw_decision(person, decision, at=at) if keeps and waits else None,
        "form": (form or DocumentForm()) if keeps and decision.state != DecisionState.WITHDRAWN else None,
        "refused": refused,
    }
    return render(request, "proposals/decision_detail.html", context, status=status)


@signed_in
@require_POST
def decision_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person confirms the entry, or somebody withdraws it."""
    decision = _find_decision(request, pk)
    act = actions.confirm_decision if "confirm" in request.POST else actions.withdraw_decision
    try:
        act(actor=request.user, decision=decision, at=timezone.now())
    except Refused as refusal:
        return _decision_page(request, _find_decision(request, pk), refused=refusal.reason, status=403)
    said = _("Karar onaylandı. Öneriler ilerledi; yazanlar ve destekleyenler haber aldı.")
    messages.success(
        request, said if "confirm" in request.POST else _("Giriş geri çekildi. Karar yeniden girilebilir.")
    )
    return HttpResponseRedirect(decision.get_absolute_url())


@signed_in
@require_POST
def decision_document_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add the signed decision or the commission's report."""
    decision = _find_decision(request, pk)
    form = DocumentForm(request.POST, request.FILES)
    refused, status = "", 422
    if form.is_valid():
        try:
            actions.add_decision_document(
                actor=request.user,
                decision=decision,
                kind=form.cleaned_data["kind"],
                upload=form.cleaned_data["file"],
                at=timezone.now(),
            )
            return HttpResponseRedirect(decision.get_absolute_url())
        except ValidationError as error:
            form.take_errors(error)
        except Refused as refusal:
            refused, status = refusal.reason, 403
    return _decision_page(request, decision, form=form, refused=refused, status=status)


@public
@require_safe
def decision_document(request: HttpRequest, pk: int, document: int) -> HttpResponseBase:
    """The document as a download."""
    found = DecisionDocument.objects.filter(decision=_find_decision(request, pk), pk=document).first()
    if found is None:
        raise Http404
    return pdf_answer(found.file, found.name)


# --- An opinion before the council ------------------------------------------------------------------------------------
def _find_opinion(request: HttpRequest, number: str) -> Opinion:
    opinion = Opinion.objects.filter(council=request.council, number=number, sent_at__isnull=False).first()
    if opinion is None:
        raise Http404
    opinion.council = request.council  # type: ignore[assignment]
    return opinion


def _meetings(opinion: Opinion, *, until: datetime | None = None) -> list[MunicipalMeeting]:
    """Meetings since the opinion was sent that take place, the next first or, until a moment, the latest first."""
    rows = MunicipalMeeting.objects.not_called_off().filter(council=opinion.council_id, starts_at__gte=opinion.sent_at)
    if until is not None:
        return list(rows.filter(starts_at__lte=until).order_by("-starts_at")[:MEETINGS_OFFERED])
    return list(rows.order_by("starts_at")[:MEETINGS_OFFERED])


STEPS: dict[str, tuple[type[Any], Any]] = {
    "gundem": (AgendaForm, actions.put_on_municipal_agenda),
    "komisyon": (CommissionForm, actions.refer_to_commission),
    "rapor": (ReportForm, actions.take_back_from_commission),
    "cikar": (OffForm, actions.take_off_municipal_agenda),
}
POSSIBLE = {
    Stage.SENT: ("gundem",),
    Stage.ON_AGENDA: ("komisyon", "gundem", "cikar"),
    Stage.IN_COMMISSION: ("rapor",),
}


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def opinion_in_council(request: HttpRequest, number: str) -> HttpResponse:
    """Where an opinion stands before the council, and its next steps for those who keep them."""
    at = timezone.now()
    may_keep_decisions(request.user, request.council, at=at).require()
    opinion = _find_opinion(request, number)
    posted = request.POST.get("adim", "") if request.method == "POST" else ""
    forms = _step_forms(request, opinion, posted)
    refused, status = "", 200
    if request.method == "POST":
        form, status = forms.get(posted), 422
        try:
            if posted in STEPS and form is None:
                raise Refused(_("Bu görüş şu anda bu adımda değil; sayfayı yenileyin."), "wrong_stage")
            if form is not None and form.is_valid():
                STEPS[posted][1](actor=request.user, opinion=opinion, at=at, **form.said())
                return HttpResponseRedirect(request.path)
        except ValidationError as error:
            form.take_errors(error)
        except Refused as refusal:
            refused, status = refusal.reason, 403
    proposals = proposals_before_council(opinion, IN_MUNICIPAL_COUNCIL)
    waits = any(proposal.stage == Stage.SENT for proposal in proposals)
    context = {
        "opinion": opinion,
        "part": council_part(opinion, is_waiting=waits),
        "proposals": proposals,
        "forms": list(forms.items()),
        "pending": Decision.objects.with_names().filter(opinion=opinion, state=DecisionState.PENDING).first(),
        "refused": refused,
    }
    return render(request, "proposals/opinion_in_council.html", context, status=status)


def _step_forms(request: HttpRequest, opinion: Opinion, posted: str) -> dict[str, Any]:
    """The forms of the steps that are possible now."""
    proposals = proposals_before_council(opinion, IN_MUNICIPAL_COUNCIL)
    stages = {Stage(proposal.stage) for proposal in proposals}
    names = [name for stage in POSSIBLE if stage in stages for name in POSSIBLE[stage]]
    found = {}
    for name in dict.fromkeys(names):
        options: dict[str, Any] = {"prefix": None}
        if name == "gundem":
            options["meetings"] = _meetings(opinion)
        found[name] = STEPS[name][0](request.POST if posted == name else None, **options)
    return found


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def decision_enter(request: HttpRequest, number: str) -> HttpResponse:
    """Enter the council's decision; a second person will confirm it."""
    at = timezone.now()
    may_keep_decisions(request.user, request.council, at=at).require()
    opinion = _find_opinion(request, number)
    past = _meetings(opinion, until=at)
    later = [m for m in _meetings(opinion) if not past or m.starts_at > past[-1].starts_at]
    form = DecisionForm(
        request.POST if request.method == "POST" else None,
        meetings=past,
        later=later,
        proposals=proposals_before_council(opinion, IN_MUNICIPAL_COUNCIL),
        initial={"decided_on": timezone.localtime(past[0].starts_at).date()} if past else None,
    )
    refused, status = "", 200
    if request.method == "POST":
        status = 422
        try:
            if form.is_valid():
                decision = actions.enter_decision(
                    actor=request.user, opinion=opinion, said=form.said(), outcomes=form.outcomes(), at=at
                )
                messages.success(request, _("Karar girildi. İkinci bir kişi onayladığında herkes görür."))
                return HttpResponseRedirect(decision.get_absolute_url())
        except ValidationError as error:
            form.take_errors(error)
        except Refused as refusal:
            refused, status = refusal.reason, 403
    context = {"opinion": opinion, "form": form, "refused": refused, "has_meetings": bool(past)}
    return render(request, "proposals/decision_enter.html", context, status=status)
