"""The form for a new access token."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext

from people.tokens import DAYS, Scope


class TokenForm(forms.Form):
    """What the token is for, what it may do, and how long."""

    name = forms.CharField(
        label=_l("Ad"),
        help_text=_l("Neyde kullanacağınızı hatırlatan bir ad; yalnız siz görürsünüz."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _l("Anahtara bir ad verin.")},
    )
    scopes = forms.MultipleChoiceField(
        label=_l("Neler yapabilsin"),
        help_text=_l("Yalnız gerekenleri seçin. Yazma izni aynı alanda okumayı da kapsar."),
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _l("Anahtarın ne yapabileceğini seçin.")},
    )
    days = forms.TypedChoiceField(label=_l("Geçerlilik süresi"), coerce=int, initial=90, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["days"].choices = [(days, ngettext("%(n)d gün", "%(n)d gün", days) % {"n": days}) for days in DAYS]
