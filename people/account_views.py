"""allauth's views as this site serves them: Turkish addresses, 422 for a form that is wrong, a word on who may enter."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account import views as allauth
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from people.access import before_second_step, public, signed_in
from people.adapter import refuse_a_password_beside_the_outside_login
from people.proving import proof_required, require_proof

secrets_stay_out_of_reports = method_decorator(
    sensitive_post_parameters("password", "password1", "password2", "oldpassword", "code"), name="dispatch"
)


class Unprocessable:
    """A form with errors answers 422, so that nobody takes it for a page. It comes by POST alone."""

    http_method_names: ClassVar[list[str]] = ["get", "head", "post", "options"]

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        if response.status_code == 200:
            response.status_code = 422
        return response


@secrets_stay_out_of_reports
class Login(Unprocessable, allauth.LoginView):
    pass


@secrets_stay_out_of_reports
class SignUp(Unprocessable, allauth.SignupView):
    pass


@secrets_stay_out_of_reports
class ConfirmLoginCode(Unprocessable, allauth.ConfirmLoginCodeView):
    pass


class RequestLoginCode(Unprocessable, allauth.RequestLoginCodeView):
    pass


@secrets_stay_out_of_reports
class Reauthenticate(Unprocessable, allauth.ReauthenticateView):
    pass


@method_decorator(proof_required, name="dispatch")
class Address(Unprocessable, allauth.EmailView):
    """Changing the address: the password is asked for first, and the old address hears of it."""


class ConfirmAddress(allauth.ConfirmEmailView):
    """The link in the mail shows a button; only pressing it confirms, because mail programs open links by themselves."""

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().get(*args, **kwargs)
        if self.object is None:
            response.status_code = 404
        return response

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().post(*args, **kwargs)
        except Http404:
            self.object = None
            return self.render_to_response(self.get_context_data(), status=404)


@secrets_stay_out_of_reports
class ChangePassword(Unprocessable, allauth.PasswordChangeView):
    pass


@secrets_stay_out_of_reports
class SetPassword(Unprocessable, allauth.PasswordSetView):
    """A password for an account that has none. A session that was found open is not enough: it would take the account over."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        refuse_a_password_beside_the_outside_login(request.user)
        require_proof(request)
        return super().dispatch(request, *args, **kwargs)


class ResetPassword(Unprocessable, allauth.PasswordResetView):
    pass


@secrets_stay_out_of_reports
class ResetPasswordFromKey(Unprocessable, allauth.PasswordResetFromKeyView):
    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        if context.get("token_fail"):
            kwargs.setdefault("status", 404)
        return super().render_to_response(context, **kwargs)

    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return super().dispatch(request, *args, **kwargs)


login = before_second_step(public(Login.as_view()))
sign_up = before_second_step(public(SignUp.as_view()))
logout = before_second_step(public(allauth.LogoutView.as_view()))
closed = before_second_step(public(allauth.AccountInactiveView.as_view()))
request_login_code = public(RequestLoginCode.as_view())
confirm_login_code = public(ConfirmLoginCode.as_view())
reauthenticate = before_second_step(signed_in(Reauthenticate.as_view()))
address = signed_in(Address.as_view())
confirmation_sent = before_second_step(public(allauth.EmailVerificationSentView.as_view()))
confirm_address = before_second_step(public(ConfirmAddress.as_view()))
change_password = signed_in(ChangePassword.as_view())
set_password = signed_in(SetPassword.as_view())
reset_password = public(ResetPassword.as_view())
reset_password_sent = public(allauth.PasswordResetDoneView.as_view())
reset_password_from_key = public(ResetPasswordFromKey.as_view())
reset_password_done = public(allauth.PasswordResetFromKeyDoneView.as_view())
