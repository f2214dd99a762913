from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _l

from workinggroups.actions import MAX_MESSAGE, MAX_REASON, MIN_REASON


class JoinForm(forms.Form):
    """What a person says when asking to join."""

    message = forms.CharField(
        label=_l("Neden katılmak istiyorsunuz?"),
        help_text=_l("Bir iki cümle yeter. Yalnız grubun kolaylaştırıcısı okur."),
        required=False,
        max_length=MAX_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class ReasonForm(forms.Form):
    """A decision about somebody carries a reason that they read."""

    reason = forms.CharField(
        label=_l("Gerekçe"),
        help_text=_l("İlgili kişi bu gerekçeyi kendi sayfasında okur."),
        min_length=MIN_REASON,
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"min_length": _l("Gerekçeyi en az 10 harfle yazın; ilgili kişi okuyacak.")},
    )
