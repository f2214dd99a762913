"""Forms of lending. What may be said is checked again by the actions."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from councils.models import Council
from documents.attachment_content import Checked, check
from lending.actions import Described
from lending.models import MOST_DAYS, Condition, Item, Piece
from organisations.models import Organisation

DAY = {"type": "date", "class": "short"}
COUNT = {"class": "short", "inputmode": "numeric"}


def posted(request: HttpRequest) -> tuple[Any, Any]:
    """What a form is made of: nothing before it was sent, and then also what was sent empty."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def a_day(label: Any, **kwargs: Any) -> forms.DateField:
    widget = forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, error_messages={"invalid": _l("Günü seçin.")}, **kwargs)


def a_count(label: Any, **kwargs: Any) -> forms.IntegerField:
    widget = forms.NumberInput(attrs=COUNT)
    kwargs.setdefault("max_value", 5000)
    return forms.IntegerField(label=label, widget=widget, **kwargs)


def some_text(label: Any, *, longest: int = 500, rows: int = 3, **kwargs: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "maxlength": longest})
    return forms.CharField(label=label, max_length=longest, widget=widget, **kwargs)


class WithErrors(forms.Form):
    """A form that takes what an action found wrong."""

    def take(self, error: ValidationError) -> None:
        for name, sentences in error.message_dict.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)


class FreeForm(forms.Form):
    """For which days one looks; a day that cannot be read counts as not given."""

    gun = a_day(_l("Alış günü"), required=False)
    son = a_day(_l("Dönüş günü"), required=False)

    def days(self, today: date) -> tuple[date, date]:
        found = self.cleaned_data if self.is_valid() else {}
        first = max(found.get("gun") or today, today)
        last = max(found.get("son") or first, first)
        return first, min(last, date.fromordinal(first.toordinal() + MOST_DAYS - 1))


class ItemForm(WithErrors):
    """What is said of an item."""

    name = forms.CharField(label=_l("Ad"), max_length=120)
    about = some_text(_l("Açıklama"), longest=2000, rows=5, required=False)
    kept_at = forms.CharField(label=_l("Nereden alınır?"), max_length=160, required=False)
    condition = forms.ChoiceField(label=_l("Durum"), choices=Condition.choices, initial=Condition.GOOD)
    longest_days = a_count(_l("En çok kaç gün verilir?"), min_value=1, max_value=MOST_DAYS, initial=7)
    picture = forms.FileField(
        label=_l("Resim"),
        required=False,
        help_text=_l("JPEG, PNG ya da WebP."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    def __init__(self, *args: Any, item: Item | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if item is None:
            self.fields["is_by_piece"] = forms.BooleanField(
                label=_("Her parçanın demirbaş numarası var"),
                help_text=_(
                    "Parçaları malzemeyi ekledikten sonra tek tek yazarsınız; sayıları kendiliğinden hesaplanır."
                ),
                required=False,
            )
        if item is None or not item.is_by_piece:
            self.fields["stock"] = a_count(_("Kaç adet var?"), min_value=0, required=item is not None, initial=1)
        if item is not None:
            if not item.is_by_piece:
                self.fields["reason"] = forms.CharField(
                    label=_("Sayı değiştiyse neden?"), max_length=500, required=False
                )
            self.fields["is_active"] = forms.BooleanField(label=_("Ödünç veriliyor"), required=False)

    def clean_picture(self) -> Checked | None:
        upload = self.cleaned_data.get("picture")
        if not upload:
            return None
        found = check(upload, upload.name or "", max_bytes=settings.ATTACHMENT_MAX_BYTES)
        if found.kind != "image":
            raise ValidationError(_("Resim olarak JPEG, PNG ya da WebP yükleyin."))
        return found

    def described(self) -> Described:
        data = self.cleaned_data
        names = ("name", "about", "kept_at", "condition", "longest_days")
        return Described(**{name: data[name] for name in names}, is_active=data.get("is_active", True))


class PieceForm(WithErrors):
    """A piece to be added."""

    inventory_number = forms.CharField(label=_l("Demirbaş numarası"), max_length=40)
    condition = forms.ChoiceField(label=_l("Durum"), choices=Condition.choices, initial=Condition.GOOD)


class LendForm(WithErrors):
    """A loan: what, to whom, how many, from when until when."""

    item = forms.ModelChoiceField(Item.objects.none(), label=_l("Malzeme"))
    quantity = a_count(_l("Kaç adet?"), min_value=1, initial=1)
    starts_on = a_day(_l("Alış günü"))
    ends_on = a_day(_l("Dönüş günü"))
    text = some_text(_l("Not"), required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, council: Council, *args: Any, is_asked: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = Item.objects.filter(council=council, is_active=True).order_by("name", "pk")
        if not is_asked:
            organisations = Organisation.objects.filter(council_links__council=council).alphabetical()
            self.fields["organisation"] = forms.ModelChoiceField(
                organisations, required=False, label=_("Kuruluş"), empty_label=_("Listede yok")
            )
            self.fields["named"] = forms.CharField(
                label=_("Kuruluş listede yoksa kime?"), max_length=120, required=False
            )
        self.order_fields(["organisation", "named", "item", "quantity", "starts_on", "ends_on", "text", "key"])
        if not self.is_bound:
            self.initial.setdefault("key", uuid4())


class _Pieces(WithErrors):
    """Shared by what names single pieces."""

    def offer(self, pieces: list[Piece], label: str) -> None:
        self.fields["pieces"] = forms.ModelMultipleChoiceField(
            Piece.objects.filter(pk__in=[piece.pk for piece in pieces]),
            label=label,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )


class HandOutForm(_Pieces):
    condition = forms.ChoiceField(
        label=_l("Hangi durumda veriliyor?"), choices=Condition.choices, initial=Condition.GOOD
    )
    text = some_text(_l("Not"), required=False)


class TakeBackForm(_Pieces):
    quantity = a_count(_l("Kaç adet geri geldi?"), min_value=1, required=False)
    lost = a_count(_l("Bunlardan kaçı kayıp ya da kullanılamaz?"), min_value=0, initial=0, required=False)
    condition = forms.ChoiceField(label=_l("Hangi durumda?"), choices=Condition.choices, initial=Condition.GOOD)
    text = some_text(_l("Hasar ya da not"), required=False)


class ReasonForm(WithErrors):
    text = forms.CharField(label=_l("Neden"), max_length=500)


class LongerForm(WithErrors):
    until = a_day(_l("Yeni dönüş günü"))
    reason = forms.CharField(label=_l("Neden?"), max_length=500)


class DecideForm(WithErrors):
    is_granted = forms.TypedChoiceField(
        label=_l("Süre uzatılsın mı?"),
        choices=(("yes", _l("Evet, uzatılsın")), ("no", _l("Hayır"))),
        coerce=lambda word: word == "yes",
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_l("Yanıtınız"), max_length=500, required=False, help_text=_l("Uzatılmıyorsa nedeni.")
    )
