"""The inbox, when mails come, and the way out of them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from councils.paging import page_of
from notifications.actions import choose_mails, mark_all_read, mark_read, stop_mails
from notifications.forms import MailChoicesForm
from notifications.frequencies import frequencies_of
from notifications.leaving import read_leaving_token
from notifications.models import Notice, RequestRole, Role
from notifications.reading import notice_lines, notices_of
from people import alongside
from people.access import own_path, public, signed_in
from people.models import Person

PAGE_SIZE = 30


@signed_in
@never_cache
@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    """What happened to the proposals somebody has to do with, newest first."""
    page = page_of(request, notices_of(request.user), by=["pk"], size=PAGE_SIZE, descending=True)
    context = {
        "lines": notice_lines(page.items),
        "page": page,
        "newest": page.items[0].pk if page.items else 0,
        "has_unread": alongside.answer(request.user, "has_unread_notices"),
    }
    return render(request, "notifications/notice_list.html", context)


@signed_in
@require_POST
def notice_read(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice is read; `next` leads on to the proposal."""
    assert isinstance(request.user, Person)
    notice = get_object_or_404(Notice.objects.of(request.user), pk=pk)
    mark_read(actor=request.user, notice=notice, at=timezone.now())
    return HttpResponseRedirect(own_path(request, request.POST.get("next") or reverse("notice_list")))


@signed_in
@require_POST
def notice_read_all(request: HttpRequest) -> HttpResponse:
    """All are read, up to the newest one that was shown."""
    assert isinstance(request.user, Person)
    until = request.POST.get("until", "")
    if until.isascii() and until.isdecimal() and len(until) < 19:
        mark_all_read(actor=request.user, until=int(until), at=timezone.now())
    return redirect("notice_list")


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def notice_choices(request: HttpRequest) -> HttpResponse:
    """When mails come."""
    assert isinstance(request.user, Person)
    form = MailChoicesForm(request.POST or None, chosen=frequencies_of(request.user.pk))
    if request.method == "POST" and form.is_valid():
        choose_mails(actor=request.user, choices=form.cleaned_data)
        messages.success(request, _("Haber tercihleriniz kaydedildi."))
        return redirect("notice_choices")
    status = 422 if request.method == "POST" else 200
    return render(request, "notifications/notice_choices.html", {"form": form}, status=status)


# A mail program posts here by itself (RFC 8058), without a session: the signed token is the whole right.
@csrf_exempt  # nosemgrep: csrf-exempt
@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def notice_leave(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the mails a token stands for. Looking at the address changes nothing."""
    found = read_leaving_token(token)
    if found is None:
        return render(request, "notifications/notice_leave.html", {"is_known": False}, status=404)
    person, roles = found
    is_left = request.method == "POST" and stop_mails(person=person, roles=roles)
    words = dict([*Role.choices, *RequestRole.choices])
    labels = [words[role] for role in roles]
    return render(request, "notifications/notice_leave.html", {"is_known": True, "is_left": is_left, "labels": labels})
