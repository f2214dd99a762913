"""Forms of publication: the words everybody reads, and why they are taken back."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _l

from servicerequests.models.request import LONGEST_TEXT


class PublishForm(forms.Form):
    """What everybody reads, and that somebody has looked at it for personal data."""

    subject = forms.CharField(label=_l("Konu"), max_length=160)
    text = forms.CharField(label=_l("Başvuru metni"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 8}))
    answer = forms.CharField(
        label=_l("Yanıt"), max_length=LONGEST_TEXT, required=False, widget=forms.Textarea(attrs={"rows": 8})
    )
    is_clean = forms.BooleanField(
        label=_l("Okudum; kişisel bilgi kalmadı"),
        error_messages={"required": _l("Yayımlamadan önce kişisel bilgi kalmadığını onaylayın.")},
    )


class TakeBackForm(forms.Form):
    reason = forms.CharField(
        label=_l("Neden kaldırılıyor?"),
        max_length=300,
        error_messages={"required": _l("Gerekçeyi 5 ile 300 harf arasında yazın.")},
    )
