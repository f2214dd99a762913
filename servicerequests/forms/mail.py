"""What an officer does with a held mail. What may be done is checked again by the actions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _l

from servicerequests.models import RequestTypeVersion
from servicerequests.models.request import LONGEST_TEXT


class AcceptMailForm(forms.Form):
    """The mail as a request."""

    kind = forms.ChoiceField(
        label=_l("Tür"),
        error_messages={"required": _l("Türü seçin."), "invalid_choice": _l("Listedeki türlerden birini seçin.")},
    )
    named = forms.CharField(
        label=_l("Başvuran"),
        max_length=120,
        required=False,
        help_text=_l("Yanıt, e-postanın geldiği adrese gider."),
    )
    subject = forms.CharField(
        label=_l("Başvurunun konusu"), max_length=160, error_messages={"required": _l("Konuyu yazın.")}
    )
    text = forms.CharField(
        label=_l("Başvuru metni"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 8, "maxlength": LONGEST_TEXT}),
        error_messages={"required": _l("Başvuru metni boş kalamaz.")},
    )

    def __init__(self, types: list[RequestTypeVersion], *args: Any, is_proven: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("prefix", "kabul")
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _l("Seçin")), *((each.type.slug, each.words) for each in types)]  # type: ignore[attr-defined]
        if is_proven:
            del self.fields["named"]


class AttachMailForm(forms.Form):
    """The mail as a message of a request that is there."""

    number = forms.CharField(
        label=_l("Başvuru numarası"),
        max_length=24,
        widget=forms.TextInput(attrs={"class": "short", "autocomplete": "off"}),
        error_messages={"required": _l("Başvurunun numarasını yazın.")},
    )
    reopens = forms.BooleanField(
        label=_l("Sonuçlanmış başvuruyu yeniden aç"),
        required=False,
        help_text=_l("Yanıttan sonraki 30 gün içinde ve bir kez."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("prefix", "ekle")
        super().__init__(*args, **kwargs)


class DiscardMailForm(forms.Form):
    """Away with the mail, and why."""

    reason = forms.CharField(
        label=_l("Gerekçe"),
        max_length=300,
        help_text=_l("Gönderene yanıt gitmez; gerekçeyi yalnız müdürlük görür."),
        error_messages={"required": _l("Gerekçeyi yazın.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("prefix", "ayikla")
        super().__init__(*args, **kwargs)
