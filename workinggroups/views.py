"""Joining, leaving and answering requests. Each step has its own page, so that it works without JavaScript and a refusal
stands beside what was typed."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from councils.models import Body, BodyKind, Membership
from councils.paging import page_of
from people.access import signed_in
from people.models import Person
from people.verdicts import Refused, Verdict
from workinggroups import actions
from workinggroups.forms import JoinForm, ReasonForm
from workinggroups.models import JoinRequest, JoinState
from workinggroups.permissions import may_ask_to_join, may_decide_on_joining, may_end_membership, may_leave

REQUESTS_ON_A_PAGE = 20
DECIDED_SHOWN = 10
UNPROCESSABLE, FORBIDDEN = 422, 403


def _group(request: HttpRequest, slug: str) -> Body:
    groups = Body.objects.visible_to(request.user).filter(council=request.council, kind=BodyKind.WORKING_GROUP)
    body = get_object_or_404(groups, slug=slug)
    body.council = request.council
    return body


def _me(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user


def _place_errors(form: JoinForm | ReasonForm, error: ValidationError) -> None:
    for name, sentences in error.message_dict.items():
        form.add_error(name if name in form.fields else None, sentences)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask to join: why, and what happens next."""
    body, me, at = _group(request, slug), _me(request), timezone.now()
    form = JoinForm(request.POST or None)
    verdict: Verdict | None = may_ask_to_join(me, body, at=at)
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                actions.ask_to_join(actor=me, body=body, message=form.cleaned_data["message"], at=at)
            except ValidationError as error:
                _place_errors(form, error)
            except Refused as refused:
                verdict, status = Verdict(False, refused.reason, refused.code), FORBIDDEN
            else:
                messages.success(
                    request,
                    _("İsteğiniz kolaylaştırıcıya iletildi. Yanıtını bu sayfada ve kendi sayfanızda görürsünüz."),
                )
                return redirect(f"{body.get_absolute_url()}#katil")
    return render(request, "workinggroups/join.html", {"body": body, "form": form, "verdict": verdict}, status=status)


@require_POST
@signed_in
def withdraw_request(request: HttpRequest, slug: str, request_id: int) -> HttpResponse:
    """Take my own request back."""
    body, me = _group(request, slug), _me(request)
    asked = get_object_or_404(JoinRequest, pk=request_id, body=body, person=me)
    try:
        actions.withdraw_join(actor=me, request=asked, at=timezone.now())
    except Refused as refused:
        messages.error(request, refused.reason)
    else:
        messages.success(request, _("Katılma isteğiniz geri çekildi."))
    return redirect(f"{body.get_absolute_url()}#katil")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """Give my seat back, after a question."""
    body, me, at = _group(request, slug), _me(request), timezone.now()
    verdict = may_leave(me, body, at=at)
    status = 200
    if request.method == "POST":
        try:
            actions.leave_group(actor=me, body=body, at=at)
        except Refused as refused:
            verdict, status = Verdict(False, refused.reason, refused.code), FORBIDDEN
        else:
            messages.success(request, _("Gruptan ayrıldınız."))
            return redirect(body)
    return render(request, "workinggroups/leave.html", {"body": body, "verdict": verdict}, status=status)


@signed_in
@require_safe
def requests(request: HttpRequest, slug: str) -> HttpResponse:
    """Requests that wait for the facilitator, oldest first, and the last answers."""
    body = _group(request, slug)
    may_decide_on_joining(request.user, body, at=timezone.now()).require()
    return _requests_page(request, body)


def _requests_page(
    request: HttpRequest,
    body: Body,
    *,
    declining: int = 0,
    form: ReasonForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    asked = JoinRequest.objects.filter(body=body).select_related("person")
    waiting = asked.filter(state=JoinState.PENDING)
    page = page_of(request, waiting, by=["created_at", "pk"], size=REQUESTS_ON_A_PAGE)
    rows = [
        (row, form if form is not None and row.pk == declining else ReasonForm(auto_id=f"id_{row.pk}_%s"))
        for row in page.items
    ]
    context = {
        "body": body,
        "live": {"topics": [f"{body.topic}:involved"]},
        "page": page,
        "rows": rows,
        "declining": declining,
        "refusal": refusal,
        "waiting_count": waiting.count(),
        "decided": asked.exclude(state=JoinState.PENDING)
        .select_related("decided_by")
        .order_by("-decided_at")[:DECIDED_SHOWN],
    }
    return render(request, "workinggroups/requests.html", context, status=status)


@require_POST
@signed_in
def accept_request(request: HttpRequest, slug: str, request_id: int) -> HttpResponse:
    body, me = _group(request, slug), _me(request)
    may_decide_on_joining(me, body, at=timezone.now()).require()
    asked = get_object_or_404(JoinRequest.objects.select_related("person"), pk=request_id, body=body)
    try:
        actions.accept_join(actor=me, request=asked, at=timezone.now())
    except Refused as refused:
        return _requests_page(request, body, refusal=refused.reason, status=FORBIDDEN)
    messages.success(request, _("%(name)s artık grubun üyesi.") % {"name": asked.person.display_name})
    return redirect("group_requests", body.council.slug, body.slug)


@require_POST
@signed_in
def decline_request(request: HttpRequest, slug: str, request_id: int) -> HttpResponse:
    body, me = _group(request, slug), _me(request)
    may_decide_on_joining(me, body, at=timezone.now()).require()
    asked = get_object_or_404(JoinRequest.objects.select_related("person"), pk=request_id, body=body)
    form = ReasonForm(request.POST, auto_id=f"id_{asked.pk}_%s")
    if form.is_valid():
        try:
            actions.decline_join(actor=me, request=asked, reason=form.cleaned_data["reason"], at=timezone.now())
        except ValidationError as error:
            _place_errors(form, error)
        except Refused as refused:
            return _requests_page(request, body, refusal=refused.reason, status=FORBIDDEN)
        else:
            messages.success(request, _("Yanıtınız iletildi: %(name)s") % {"name": asked.person.display_name})
            return redirect("group_requests", body.council.slug, body.slug)
    return _requests_page(request, body, declining=asked.pk, form=form, status=UNPROCESSABLE)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def end_membership(request: HttpRequest, slug: str, membership_id: int) -> HttpResponse:
    """End somebody's seat, with a reason they read."""
    body, me, at = _group(request, slug), _me(request), timezone.now()
    day = timezone.localtime(at).date()
    running = Membership.objects.on(day).filter(body=body).select_related("person")
    seat = get_object_or_404(running, pk=membership_id)
    seat.body = body
    verdict = may_end_membership(me, seat, at=at)
    if not verdict and verdict.code in {"not_facilitator", "own_seat"}:
        verdict.require()
    form = ReasonForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                actions.end_membership(actor=me, membership=seat, reason=form.cleaned_data["reason"], at=at)
            except ValidationError as error:
                _place_errors(form, error)
            except Refused as refused:
                verdict, status = Verdict(False, refused.reason, refused.code), FORBIDDEN
            else:
                messages.success(request, _("Üyelik sona erdi: %(name)s") % {"name": seat.person.display_name})
                return redirect(reverse("group_members", args=[body.council.slug, body.slug]))
    context = {"body": body, "seat": seat, "form": form, "verdict": verdict}
    return render(request, "workinggroups/end_membership.html", context, status=status)
