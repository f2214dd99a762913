"""Forms of the board. What may be said is checked again by the actions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from councils.models import Council, District
from organisations.models import Organisation
from solidarity.actions import Said
from solidarity.models import LONGEST_TEXT, Side, Sort
from turkish.functions import SortKey


def posted(request: HttpRequest) -> Any:
    """What a form is made of: nothing before it was sent, and then also what was sent empty."""
    return request.POST if request.method == "POST" else None


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date", "class": "short"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, error_messages={"invalid": _l("Günü seçin.")})


class _Taking(forms.Form):
    """A form that takes what an action found wrong, and is sent once."""

    def take(self, error: ValidationError) -> None:
        for name, sentences in error.message_dict.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)


class PostForm(_Taking):
    """A need or an offer."""

    side = forms.ChoiceField(label=_l("Ne yazıyorsunuz?"), choices=Side.choices, widget=forms.RadioSelect)
    sort = forms.ChoiceField(label=_l("Türü"), choices=Sort.choices, widget=forms.RadioSelect)
    title = forms.CharField(label=_l("Başlık"), max_length=120)
    text = forms.CharField(
        label=_l("Açıklama"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": LONGEST_TEXT}),
        help_text=_l("Herkes okur. Telefon ya da e-posta yazmayın; yanıtlar buradan gelir."),
    )
    quantity = forms.IntegerField(
        label=_l("Kaç kişi ya da adet?"),
        required=False,
        min_value=1,
        max_value=10_000,
        widget=forms.NumberInput({"class": "short"}),
    )
    starts_on = _day(_l("Hangi günden?"))
    ends_on = _day(_l("Hangi güne kadar?"))
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, council: Council, mandates: list[Organisation], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mandates = mandates
        districts = District.objects.filter(council=council).order_by(SortKey("name"))
        self.fields["district"] = forms.ModelChoiceField(
            districts, required=False, label=_("İlçe"), empty_label=_("Bütün kent")
        )
        self.fields["organisation"] = _which(mandates, _("Hangi kuruluş için?"))
        self.order_fields(
            ["organisation", "side", "sort", "title", "text", "quantity", "district", "starts_on", "ends_on", "key"]
        )
        if not self.is_bound:
            self.initial.setdefault("key", uuid4())

    def said(self) -> Said:
        names = ("side", "sort", "title", "text", "quantity", "district", "starts_on", "ends_on")
        return Said(**{name: self.cleaned_data[name] for name in names})


def _which(organisations: Iterable[Organisation], label: str) -> forms.ModelChoiceField:
    found = list(organisations)
    rows = Organisation.objects.filter(pk__in=[each.pk for each in found]).alphabetical()
    initial = found[0].pk if len(found) == 1 else None
    return forms.ModelChoiceField(rows, label=label, initial=initial, empty_label=None if initial else "—")


class WriteForm(_Taking):
    """A message: for which of one's organisations, and from a post's own to whom."""

    text = forms.CharField(
        label=_l("İletiniz"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST_TEXT}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, ours: list[Organisation], others: list[Organisation] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if others is not None:
            self.fields["other"] = _which(others, _("Kime?"))
        elif len(ours) > 1:
            self.fields["organisation"] = _which(ours, _("Hangi kuruluş için?"))
        self.order_fields(["other", "organisation", "text", "key"])
        if not self.is_bound:
            self.initial.setdefault("key", uuid4())


class ReasonForm(_Taking):
    text = forms.CharField(label=_l("Neden"), max_length=500)


class OutcomeForm(_Taking):
    outcome = forms.CharField(label=_l("Ne oldu?"), max_length=500)
