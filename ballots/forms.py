"""What the pages of a ballot ask for."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _l

from ballots.models import MAX_REASON


class ProxyForm(forms.Form):
    """To whom the right to vote is lent. Names of the roll are not offered: where people live is nobody's to look up."""

    email = forms.EmailField(
        label=_l("Vekilinizin e-posta adresi"),
        help_text=_l(
            "Sizin yerinize oy verecek kişinin Meydan’da kullandığı adres. O kişi de oy hakkı listesinde olmalı."
        ),
        error_messages={"required": _l("Vekilinizin e-posta adresini yazın.")},
    )


class ClosingForm(forms.Form):
    """Why a ballot is closed before the announced moment. What it must say is checked by the action."""

    reason = forms.CharField(
        label=_l("Gerekçe"),
        help_text=_l("Neden duyurulan kapanışı beklemediğinizi yazın. Herkes okur. En az 10 harf."),
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _l("Gerekçeyi yazın.")},
    )

    def take_errors(self, error: ValidationError) -> None:
        for name, messages in error.message_dict.items():
            self.add_error(name if name in self.fields else None, messages)
