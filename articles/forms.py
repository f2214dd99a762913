"""Forms of an article. What may be said is checked again by the actions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _l

from articles.actions import Words
from articles.models import LONGEST_BODY, LONGEST_SUMMARY, LONGEST_TITLE, ArticleVersion


class ArticleForm(forms.Form):
    """The text of an article."""

    title = forms.CharField(
        label=_l("Başlık"),
        max_length=LONGEST_TITLE,
        help_text=_l("Okuyanın soracağı gibi: “Genel kurul bildirimi ne zaman yapılır?”"),
        error_messages={"required": _l("Başlığı yazın.")},
    )
    summary = forms.CharField(
        label=_l("Kısa yanıt"),
        required=False,
        max_length=LONGEST_SUMMARY,
        help_text=_l("Bir ya da iki cümle. Listede ve başvuru yapılırken gösterilir."),
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": LONGEST_SUMMARY, "class": "low"}),
    )
    body = forms.CharField(
        label=_l("Metin"),
        max_length=LONGEST_BODY,
        widget=forms.Textarea(attrs={"rows": 14, "maxlength": LONGEST_BODY}),
        help_text=_l("Boş satır yeni paragraf, satır başında - liste, ### ara başlık yapar. Kimsenin adını yazmayın."),
        error_messages={"required": _l("Metni yazın.")},
    )
    topics = forms.CharField(
        label=_l("Konular"), required=False, max_length=300, help_text=_l("Virgülle ayırın: dernek, genel kurul, tüzük")
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=32_767)

    def words(self) -> Words:
        data = self.cleaned_data
        return Words(data["title"], data["body"], data["summary"], tuple(data["topics"].split(",")))

    def take(self, wrong: dict[str, list[str]]) -> None:
        """Put what the action found beside its field."""
        for name, sentences in wrong.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)


def shown_in(version: ArticleVersion) -> dict[str, Any]:
    """A version as the form shows it."""
    return {
        "title": version.title,
        "summary": version.summary,
        "body": version.body,
        "topics": ", ".join(version.topics),
        "seen": version.number,
    }


class ReasonForm(forms.Form):
    """Why an article goes back or away."""

    reason = forms.CharField(
        label=_l("Gerekçe"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500, "class": "low"}),
        error_messages={"required": _l("Gerekçeyi yazın.")},
    )
