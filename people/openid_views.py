"""Out to the provider and back: logging in, and linking one's account. No address of this exists without a provider."""

from __future__ import annotations

from typing import Any

import structlog
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_safe

from people import actions, openid
from people.access import before_second_step, is_plain_path, public, signed_in
from people.models import ExternalIdentity, Person
from people.proving import proof_required

log = structlog.get_logger(__name__)
SESSION_NAME = "openid_attempt"


@public
@never_cache
@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """To the provider, to log in there."""
    asked = request.GET.get("next", "")
    return _out(request, openid.new_attempt(onward=asked if is_plain_path(asked) else ""))


@signed_in
@never_cache
@require_safe
@proof_required
def link(request: HttpRequest) -> HttpResponse:
    """To the provider, to link the account one is signed in with; the password or second step is asked for first."""
    assert isinstance(request.user, Person)
    return _out(request, openid.new_attempt(onward=reverse("mfa_index"), links=request.user.pk))


@before_second_step
@signed_in
@never_cache
@require_safe
def prove(request: HttpRequest) -> HttpResponse:
    """To the provider, to log in there once more: how a linked account without a second step proves who it is."""
    assert isinstance(request.user, Person)
    if not ExternalIdentity.objects.filter(person=request.user).exists():
        raise Http404
    asked = request.GET.get("next", "")
    onward = asked if is_plain_path(asked) else reverse("mfa_index")
    return _out(request, openid.new_attempt(onward=onward, proves=request.user.pk))


def _out(request: HttpRequest, attempt: openid.Attempt) -> HttpResponse:
    provider = _provider()
    try:
        address = openid.address_of(provider, attempt, redirect_uri=_way_back())
    except openid.Untrusted as error:
        return _failed(request, error.code, status=503)
    request.session[SESSION_NAME] = attempt.as_data()
    return HttpResponseRedirect(address)


@public
@never_cache
@require_safe
@sensitive_variables("claims", "code")
def back(request: HttpRequest) -> HttpResponse:
    """The way back. An attempt is taken out of the session first, so it answers once."""
    provider = _provider()
    kept: dict[str, Any] | None = request.session.pop(SESSION_NAME, None)
    if kept is None:
        return _failed(request, "no_attempt")
    attempt = openid.Attempt(**kept)
    try:
        openid.check_state(attempt, request.GET.get("state", ""))
        if "error" in request.GET:
            messages.info(request, _("Dış giriş tamamlanmadı."))
            return redirect("mfa_index" if attempt.links or attempt.proves else "account_login")
        code = request.GET.get("code", "")
        claims = openid.claims_of(provider, attempt, code=code, redirect_uri=_way_back())
    except openid.Untrusted as error:
        return _failed(request, error.code)
    if attempt.links is not None:
        return _link(request, attempt, claims)
    if attempt.proves is not None:
        return _prove(request, attempt, claims)
    return _log_in(request, attempt, claims)


def _log_in(request: HttpRequest, attempt: openid.Attempt, claims: openid.Claims) -> HttpResponse:
    known = (
        ExternalIdentity.objects.filter(issuer=claims.issuer, subject=claims.subject).select_related("person").first()
    )
    person = known.person if known else actions.sign_up_from_outside(claims=claims, at=timezone.now())
    response: HttpResponse = perform_login(
        request, person, email_verification="none", redirect_url=attempt.onward or None
    )
    return response


def _link(request: HttpRequest, attempt: openid.Attempt, claims: openid.Claims) -> HttpResponse:
    person = request.user
    if not isinstance(person, Person) or person.pk != attempt.links:
        return _failed(request, "other_person")
    person = actions.link_identity(actor=person, claims=claims, at=timezone.now())
    update_session_auth_hash(request, person)
    actions.end_sessions(person=person, keep=request.session.session_key or "")
    messages.success(request, _("Hesabınız bağlandı. Bundan sonra oradan girersiniz."))
    return redirect("mfa_index")


def _prove(request: HttpRequest, attempt: openid.Attempt, claims: openid.Claims) -> HttpResponse:
    person = request.user
    if not isinstance(person, Person) or person.pk != attempt.proves:
        return _failed(request, "other_person")
    if not ExternalIdentity.objects.filter(person=person, issuer=claims.issuer, subject=claims.subject).exists():
        return _failed(request, "other_identity")
    if claims.proved_at is None or claims.proved_at < attempt.began - openid.CLOCK_SECONDS:
        return _failed(request, "not_anew")
    record_authentication(request, person, "openid", reauthenticated=True)
    return HttpResponseRedirect(attempt.onward)


def _provider() -> openid.Provider:
    found = openid.provider()
    if found is None:
        raise Http404
    return found


def _way_back() -> str:
    return f"{settings.SITE_URL}{reverse('openid_back')}"


def _failed(request: HttpRequest, code: str, status: int = 400) -> HttpResponse:
    log.warning("openid_failed", code=code)
    return render(request, "people/openid_failed.html", status=status)
