"""Forms about where people live."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.debug import sensitive_variables

from councils.models import District
from people.identity import InvalidNumber, checked_number
from turkish.functions import SortKey


class ResidenceForm(forms.Form):
    """The district one lives in, grouped by council; the council follows from it."""

    district = forms.ModelChoiceField(
        queryset=District.objects.select_related("council"),
        label=_l("Oturduğunuz ilçe"),
        error_messages={"required": _l("Bir ilçe seçin."), "invalid_choice": _l("Listeden bir ilçe seçin.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        districts = District.objects.select_related("council").order_by(
            SortKey("council__name"), "council_id", SortKey("name")
        )
        groups = groupby(districts, key=lambda district: district.council)
        self.fields["district"].choices = [
            ("", _("Seçin")),
            *((str(council), [(each.pk, each.name) for each in inside]) for council, inside in groups),
        ]


class ForgetfulInput(forms.TextInput):
    """A field whose value is never written back into a page."""

    def format_value(self, value: Any) -> None:
        return None


class IdentityForm(forms.Form):
    """The national number as read from the card."""

    national_number = forms.CharField(
        label=_l("T.C. kimlik no"),
        max_length=20,
        strip=True,
        help_text=_l(
            "On bir rakam. Numara saklanmaz ve bu ekrana geri yazılmaz: yanlışsa baştan yazarsınız. "
            "Yalnız, aynı kişinin ikinci bir hesapla doğrulanmasını önleyen, numaraya geri çevrilemeyen bir izi tutulur."
        ),
        widget=ForgetfulInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "class": "code", "spellcheck": "false"}
        ),
        error_messages={
            "required": _l("Kimlik kartındaki numarayı yazın."),
            "max_length": _l("Numara on bir rakam olmalı."),
        },
    )

    @sensitive_variables()
    def clean_national_number(self) -> str:
        try:
            return checked_number(self.cleaned_data["national_number"])
        except InvalidNumber as error:
            if error.code == "length":
                raise forms.ValidationError(_("Numara on bir rakam olmalı."), code="length") from None
            raise forms.ValidationError(
                _("Bu bir T.C. kimlik no değil. Numarayı karttan bir daha okuyun."), code="digits"
            ) from None
