"""A person's access tokens: which there are, a new one shown once, and taking one back."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from people import second_step
from people.access import signed_in
from people.actions import make_token, revoke_token
from people.models import AccessToken, Person
from people.outgrown import is_outgrown, with_offices_of_now
from people.proving import proof_required
from people.token_forms import TokenForm
from people.tokens import Scope
from people.verdicts import Refused

TOKENS_SHOWN = 60
LARGEST_KEY = 2**63 - 1


@signed_in
@never_cache
@require_safe
def tokens(request: HttpRequest) -> HttpResponse:
    """My tokens, the newest first; of those that open nothing any more the last ones too."""
    assert isinstance(request.user, Person)
    at = timezone.now()
    rows = []
    for token in with_offices_of_now(AccessToken.objects.of(request.user)).order_by("-pk")[:TOKENS_SHOWN]:
        token.person = request.user
        row = {"token": token, "is_live": token.is_live(at), "scopes": [Scope(scope).label for scope in token.scopes]}
        rows.append(row | {"is_outgrown": row["is_live"] and is_outgrown(token, at=at)})
    return render(request, "people/tokens.html", {"rows": rows, "at": at})


@signed_in
@never_cache
@proof_required
@require_http_methods(["GET", "HEAD", "POST"])
def token_new(request: HttpRequest) -> HttpResponse:
    """Make a token. The answer to the form shows it, this once."""
    assert isinstance(request.user, Person)
    form = TokenForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                token, whole = make_token(
                    actor=request.user,
                    name=form.cleaned_data["name"],
                    scopes=form.cleaned_data["scopes"],
                    lifetime=timedelta(days=form.cleaned_data["days"]),
                    is_stepped_up=second_step.is_done(request.session, request.user),
                    at=timezone.now(),
                )
            except ValidationError as error:
                form.add_error(None, [sentence for found in error.message_dict.values() for sentence in found])
            except Refused as refused:
                form.add_error(None, refused.reason)
                status = 403
            else:
                labels = [Scope(scope).label for scope in token.scopes]
                context = {"token": token, "whole": whole, "scopes": labels}
                return render(request, "people/token_made.html", context)
    return render(request, "people/token_new.html", {"form": form}, status=status)


@signed_in
@require_POST
def token_revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """Take one of my tokens back."""
    assert isinstance(request.user, Person)
    token = get_object_or_404(AccessToken.objects.of(request.user), pk=min(token_id, LARGEST_KEY))
    revoke_token(actor=request.user, token=token, at=timezone.now())
    messages.success(request, _("“%(name)s” anahtarı iptal edildi.") % {"name": token.name})
    return HttpResponseRedirect(reverse("tokens"))
