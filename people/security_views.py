"""Second steps, passkeys, recovery codes and sessions of one's own account. The names of the addresses are allauth's."""

from __future__ import annotations

from typing import Any

from allauth.mfa.base import views as base
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal import auth as webauthn_auth
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from people import second_step
from people.access import before_second_step, public, signed_in
from people.account_views import Unprocessable, secrets_stay_out_of_reports
from people.actions import end_sessions
from people.mfa import Adapter
from people.models import ExternalIdentity, Person
from people.offices import holds_office
from people.proving import proof_required
from people.sessions_shown import sessions_of

never_stored = method_decorator(never_cache, name="dispatch")


def person_of(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user


# --- The page of one's security ---------------------------------------------------------------------------------------
@never_stored
class Overview(base.IndexView):
    template_name = "mfa/index.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = person_of(self.request)
        found = list(Authenticator.objects.filter(user=person).order_by("pk"))
        by_type = {row.type: row for row in found}
        codes = by_type.get(Authenticator.Type.RECOVERY_CODES)
        return {
            "app": by_type.get(Authenticator.Type.TOTP),
            "passkeys": [row for row in found if row.type == Authenticator.Type.WEBAUTHN],
            "codes_left": len(codes.wrap().get_unused_codes()) if codes else None,
            "is_needed": holds_office(person),
            "is_done": second_step.is_done(self.request.session, person),
            "identity": ExternalIdentity.objects.filter(person=person).first(),
            "session_count": len(sessions_of(person, current=self.request.session.session_key)),
        }


# --- The code app -----------------------------------------------------------------------------------------------------
@never_stored
@secrets_stay_out_of_reports
class ActivateApp(Unprocessable, totp.ActivateTOTPView):
    template_name = "mfa/totp_activate.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        secret = context["form"].secret
        return context | {"secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))}

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        person = person_of(self.request)
        row = Authenticator.objects.get(user=person, type=Authenticator.Type.TOTP)
        row.data["last_counter"] = form.counter
        row.save(update_fields=["data"])
        second_step.mark(self.request, person, id=row.pk, type=row.type)
        return response


@never_stored
class DeactivateApp(Unprocessable, totp.DeactivateTOTPView):
    template_name = "mfa/totp_deactivate.html"

    def form_valid(self, form: BaseForm) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        _a_step_is_gone(self.request)
        return response


def _a_step_is_gone(request: HttpRequest) -> None:
    """What was proved with it counts no more: neither elsewhere, nor here unless another step is left."""
    person = person_of(request)
    end_sessions(person=person, keep=request.session.session_key or "")
    if not second_step.has_one(person):
        second_step.forget(request, person)


# --- Recovery codes ---------------------------------------------------------------------------------------------------
@never_stored
class RecoveryCodes(recovery_codes.ViewRecoveryCodesView):
    template_name = "mfa/recovery_codes.html"


@never_stored
class RenewRecoveryCodes(Unprocessable, recovery_codes.GenerateRecoveryCodesView):
    template_name = "mfa/recovery_codes_generate.html"


# --- Passkeys ---------------------------------------------------------------------------------------------------------
@never_stored
class AddPasskey(Unprocessable, webauthn.AddWebAuthnView):
    template_name = "mfa/passkey_add.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """A passkey asks for finger, face or PIN, and can be found without an address: it can stand for the whole log-in."""
        context = super(webauthn.AddWebAuthnView, self).get_context_data(**kwargs)
        return context | {"options": webauthn_auth.begin_registration(self.request.user, passwordless=True)}

    def form_valid(self, form: BaseForm) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        person = person_of(self.request)
        second_step.mark(self.request, person, type=Authenticator.Type.WEBAUTHN)
        return response


@never_stored
class RemovePasskey(webauthn.RemoveWebAuthnView):
    template_name = "mfa/passkey_remove.html"
    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: BaseForm) -> HttpResponse:
        adapter = Adapter()
        if not adapter.can_delete_authenticator(self.get_object()):
            refusal: ValidationError = adapter.validation_error("cannot_delete_authenticator")
            messages.error(self.request, refusal.messages[0])
            return HttpResponseRedirect(self.get_success_url())
        response: HttpResponse = super().form_valid(form)
        _a_step_is_gone(self.request)
        return response


@never_stored
class LoginByPasskey(webauthn.LoginWebAuthnView):
    """GET gives the challenge as data, POST takes the answer. The page of log-in has the button."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return JsonResponse({"request_options": webauthn_auth.begin_authentication(user=None)})


# --- Log-in and step-up -----------------------------------------------------------------------------------------------
@never_stored
@secrets_stay_out_of_reports
class SecondStep(base.AuthenticateView):
    template_name = "mfa/authenticate.html"

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        response.status_code = 422
        return response


@never_stored
@secrets_stay_out_of_reports
class ProveByCode(Unprocessable, base.ReauthenticateView):
    template_name = "mfa/reauthenticate.html"


@never_stored
class ProveByPasskey(webauthn.ReauthenticateWebAuthnView):
    template_name = "mfa/passkey_reauthenticate.html"


# --- Sessions ---------------------------------------------------------------------------------------------------------
@signed_in
@never_cache
@require_safe
def session_list(request: HttpRequest) -> HttpResponse:
    """Where one is signed in: kind of browser, since when, last seen. No address, no place."""
    found = sessions_of(person_of(request), current=request.session.session_key)
    return render(request, "people/sessions.html", {"sessions": found})


@signed_in
@require_POST
def session_end(request: HttpRequest) -> HttpResponse:
    """End one session, or every other one."""
    person, current = person_of(request), request.session.session_key or ""
    name = request.POST.get("which", "")
    if name:
        keys = [each.key for each in sessions_of(person, current=current) if each.name == name and not each.is_current]
        ended = end_sessions(person=person, only=keys)
    else:
        ended = end_sessions(person=person, keep=current)
    messages.success(request, _("Oturum kapatıldı.") if ended else _("Kapatılacak başka oturum yok."))
    return redirect("session_list")


overview = before_second_step(signed_in(Overview.as_view()))
activate_app = before_second_step(signed_in(proof_required(ActivateApp.as_view())))
deactivate_app = signed_in(proof_required(DeactivateApp.as_view()))
codes = before_second_step(signed_in(proof_required(RecoveryCodes.as_view())))
renew_codes = signed_in(proof_required(RenewRecoveryCodes.as_view()))
add_passkey = before_second_step(signed_in(proof_required(AddPasskey.as_view())))
remove_passkey = signed_in(proof_required(RemovePasskey.as_view()))
login_by_passkey = public(LoginByPasskey.as_view())
authenticate = public(SecondStep.as_view())
prove_by_code = before_second_step(signed_in(ProveByCode.as_view()))
prove_by_passkey = before_second_step(signed_in(ProveByPasskey.as_view()))
