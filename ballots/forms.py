"""What the pages of a ballot ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext

from ballots.models import MAX_REASON, Ballot, OpenTie
from ballots.wording import choice_in_words


def take_errors(form: forms.Form, error: ValidationError) -> None:
    """Put what an action found wrong beside the fields it names."""
    for name, messages in error.message_dict.items():
        form.add_error(name if name in form.fields else None, messages)


class OneOfMany(forms.RadioSelect):
    """Radio buttons for a field that holds a list."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        value = super().value_from_datadict(data, files, name)
        return [value] if value else []

    def format_value(self, value: Any) -> list[str]:
        return [str(each) for each in value or []]


class ProxyForm(forms.Form):
    """To whom the right to vote is lent. Names of the roll are not offered: where people live is nobody's to look up."""

    email = forms.EmailField(
        label=_l("Vekilinizin e-posta adresi"),
        help_text=_l(
            "Sizin yerinize oy verecek kişinin Meydan’da kullandığı adres. O kişi de oy hakkı listesinde olmalı."
        ),
        error_messages={"required": _l("Vekilinizin e-posta adresini yazın.")},
    )


class TieForm(forms.Form):
    """What the chair decides in a tie, and why. What fits is checked by the action."""

    chosen = forms.MultipleChoiceField(error_messages={"required": _l("Kararınızı seçin.")})
    reason = forms.CharField(
        label=_l("Gerekçe"),
        help_text=_l("Neden böyle karar verdiğinizi yazın. Herkes okur. En az 10 harf."),
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _l("Gerekçeyi yazın.")},
    )

    def __init__(self, data: QueryDict | None, *, ballot: Ballot, tie: OpenTie) -> None:
        super().__init__(data)
        chosen = self.fields["chosen"]
        assert isinstance(chosen, forms.MultipleChoiceField)
        chosen.choices = [(each, choice_in_words(ballot, each)) for each in tie.between]
        chosen.label = ngettext("Kararınız", "Kararınız: %(n)d seçenek", tie.places) % {"n": tie.places}
        if tie.places == 1:
            chosen.widget = OneOfMany(choices=chosen.choices)
        else:
            chosen.widget = forms.CheckboxSelectMultiple(choices=chosen.choices)

    take_errors = take_errors


class ClosingForm(forms.Form):
    """Why a ballot is closed before the announced moment. What it must say is checked by the action."""

    reason = forms.CharField(
        label=_l("Gerekçe"),
        help_text=_l("Neden duyurulan kapanışı beklemediğinizi yazın. Herkes okur. En az 10 harf."),
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _l("Gerekçeyi yazın.")},
    )

    take_errors = take_errors
