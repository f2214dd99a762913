"""An answer as the draft of an article."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _l

from articles.forms import ArticleForm


class ArticleFromAnswerForm(ArticleForm):
    """The text, and that somebody has looked for what is private in it."""

    is_checked = forms.BooleanField(
        label=_l("Okudum: kişisel bilgi yok"),
        help_text=_l("Ad, telefon, adres, kuruluş adı, tarih gibi başvuranı tanıtan bir şey kalmadı."),
        error_messages={"required": _l("Metni okuyup kişisel bilgi kalmadığını işaretleyin.")},
    )
