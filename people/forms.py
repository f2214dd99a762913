"""Forms about the person. allauth reads `SignUpExtraForm` while it loads its own forms, so this file imports none of them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _l

from people.models import AgeBand, Language, Person
from people.names import MAX_LENGTH, clean_display_name


class DisplayNameField(forms.CharField):
    """The name others read."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _l("Görünen ad"))
        options.setdefault("help_text", _l("Önerilerinizin ve yorumlarınızın yanında bu ad görünür."))
        super().__init__(**options)
        self.widget.attrs.update({"maxlength": str(MAX_LENGTH), "autocomplete": "name"})

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return clean_display_name(text) if text else text


class SignUpExtraForm(forms.Form):
    """What signing up asks besides address and password; `people.adapter` stores it with the account."""

    display_name = DisplayNameField()

    def signup(self, request: HttpRequest, user: Person) -> None:
        """allauth asks for this hook; the account is complete already."""


class AgeBandForm(forms.Form):
    """One's age band, with a consent of its own that comes unticked."""

    age_band = forms.ChoiceField(label=_l("Yaş aralığınız"), choices=[("", _l("Seçin")), *AgeBand.choices])
    consent = forms.BooleanField(
        label=_l("Yaş aralığımın katılım sayımlarında kullanılmasına izin veriyorum."),
        error_messages={"required": _l("Kaydetmek için izin kutusunu işaretleyin; izin vermek zorunda değilsiniz.")},
    )


class ProfileForm(forms.Form):
    """Name and language of one's own account."""

    display_name = DisplayNameField()
    language = forms.ChoiceField(
        label=_l("Dil"),
        choices=Language.choices,
        widget=forms.RadioSelect,
        help_text=_l("Site ve size gönderilen e-postalar bu dilde olur."),
    )
