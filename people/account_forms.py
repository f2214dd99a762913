"""allauth's forms in the site's words. Named in settings.ACCOUNT_FORMS."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from django import forms
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.validators import MaxLengthValidator
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _l

from people.models import ExternalIdentity, Person

LONGEST_PASSWORD = 500
PASSWORD_HINT = _l("En az 10 karakter. Birkaç sözcükten oluşan bir parola hem güçlüdür hem kolay hatırlanır.")


def _address(form: forms.Form, name: str, *, autocomplete: str = "email") -> None:
    field = form.fields[name]
    field.label = _l("E-posta")
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update({"autocomplete": autocomplete, "maxlength": "254", "spellcheck": "false"})


def _password(form: forms.Form, name: str, label: Any, hint: Any = "") -> None:
    field = form.fields[name]
    field.label, field.help_text = label, hint
    field.widget.attrs.pop("placeholder", None)
    # No maxlength on the input: a browser would cut a pasted password silently.
    field.validators = [*field.validators, MaxLengthValidator(LONGEST_PASSWORD)]


class LoginForm(allauth.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _address(self, "login", autocomplete="username")
        _password(self, "password", _l("Parola"))


class SignUpForm(allauth.SignupForm):
    """Says and does the same for a known address as for a new one, in the same time."""

    field_order = ["display_name", "email", "password1"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _address(self, "email")
        self.fields["email"].help_text = _l("Onay bağlantısı ve giriş kodları buraya gelir. Başkalarına gösterilmez.")
        _password(self, "password1", _l("Parola"), PASSWORD_HINT)

    def try_save(self, request: HttpRequest) -> Any:
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])  # as long as the hash of a new account takes
            return super().try_save(request)
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:  # the same address a moment ago: a double click
            self.account_already_exists = True
            return super().try_save(request)


class AddEmailForm(allauth.AddEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _address(self, "email")
        self.fields["email"].label = _l("Yeni e-posta adresi")


class ChangePasswordForm(allauth.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _password(self, "oldpassword", _l("Şimdiki parola"))
        _password(self, "password1", _l("Yeni parola"), PASSWORD_HINT)
        _password(self, "password2", _l("Yeni parola, bir daha"))


class SetPasswordForm(allauth.SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _password(self, "password1", _l("Parola"), PASSWORD_HINT)
        _password(self, "password2", _l("Parola, bir daha"))


class ResetPasswordForm(allauth.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _address(self, "email")

    def save(self, request: HttpRequest, **options: Any) -> str:
        """An account of the outside log-in gets a mail that says so, at the same page and pace."""
        if any(ExternalIdentity.objects.filter(person=user).exists() for user in self.users):
            email: str = self.cleaned_data["email"]
            get_adapter().send_mail(
                "account/email/external_account", email, {"external_login": settings.OPENID_NAME, "user": self.users[0]}
            )
            return email
        return str(super().save(request, **options))


class ResetPasswordKeyForm(allauth.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _password(self, "password1", _l("Yeni parola"), PASSWORD_HINT)
        _password(self, "password2", _l("Yeni parola, bir daha"))


class UserTokenForm(allauth.UserTokenForm):
    """A link of an account that was closed meanwhile opens nothing."""

    def _get_user(self, uidb36: str) -> Person | None:
        person = super()._get_user(uidb36)
        return person if person is not None and person.is_active else None


class RequestLoginCodeForm(allauth.RequestLoginCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _address(self, "email", autocomplete="username")


class ConfirmLoginCodeForm(allauth.ConfirmLoginCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.label = _l("Kod")
        field.widget.attrs.pop("placeholder", None)
        field.widget.attrs.update({"inputmode": "numeric", "class": "code", "maxlength": "20"})


class ReauthenticateForm(allauth.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _password(self, "password", _l("Parola"))
