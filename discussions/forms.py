"""Forms of a discussion. What a comment may say is checked again by the action."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _l

from discussions.markup import clean
from discussions.models import MAX_COMMENT_LENGTH, Comment, Mark, Report, ReportReason

# As one says it oneself; beside a comment it is said of its author (`Mark`).
MY_MARKS = [
    (Mark.FOR, _l("Destekliyorum")),
    (Mark.AGAINST, _l("Karşıyım")),
    (Mark.NEUTRAL, _l("Tarafsızım")),
]


class CommentForm(forms.ModelForm):
    """A new comment or an edited one. The key makes a second sending harmless."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    class Meta:
        model = Comment
        fields = ["text", "mark"]
        widgets = {
            "text": forms.Textarea(attrs={"rows": 4, "maxlength": MAX_COMMENT_LENGTH}),
            "mark": forms.RadioSelect,
        }
        error_messages = {"text": {"required": _l("Yorumunuzu yazın.")}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mark"].choices = MY_MARKS  # type: ignore[attr-defined]
        self.fields["mark"].required = False
        if not self.is_bound:
            self.initial.setdefault("key", uuid4())
            self.initial.setdefault("mark", Mark.NEUTRAL)

    def clean_text(self) -> str:
        return clean(self.cleaned_data["text"])

    def clean_mark(self) -> str:
        return self.cleaned_data["mark"] or Mark.NEUTRAL

    def renew_key(self) -> None:
        """Another key for the same words: what was sent with the old one is already there."""
        self.data = self.data.copy()
        self.data[self.add_prefix("key")] = str(uuid4())


class EditForm(CommentForm):
    key = None  # type: ignore[assignment]


class HideForm(forms.Form):
    reason = forms.CharField(
        label=_l("Gerekçe"),
        max_length=300,
        min_length=3,
        help_text=_l("Yorumun yerinde herkes bu gerekçeyi okur."),
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 300}),
        error_messages={"required": _l("Neden gizlediğinizi yazın, herkes okuyacak.")},
    )


class ReportForm(forms.ModelForm):
    class Meta:
        model = Report
        fields = ["reason", "note"]
        widgets = {"reason": forms.RadioSelect, "note": forms.Textarea(attrs={"rows": 3, "maxlength": 500})}
        help_texts = {"note": _l("İsterseniz neyin yanlış olduğunu birkaç sözle anlatın. Yorumun yazarı görmez.")}
        error_messages = {"reason": {"required": _l("Bir neden seçin.")}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = ReportReason.choices  # type: ignore[attr-defined]
