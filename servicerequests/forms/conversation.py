"""Forms of a request. What may be said is checked again by the actions."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from servicerequests.forms.files import FilesField, WithFiles
from servicerequests.models.request import LONGEST_TEXT
from servicerequests.states import Resolution


class MessageForm(WithFiles):
    """One thing said in a request."""

    text = forms.CharField(
        label=_l("İletiniz"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": LONGEST_TEXT}),
        error_messages={"required": _l("Bir şey yazın.")},
    )
    files = FilesField()
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.initial.setdefault("key", uuid4())


DEEDS = (
    ("answer", _l("Yanıtla ve sonuçlandır")),
    ("say", _l("Ara bilgi ver")),
    ("ask", _l("Başvurana sor; süre durur")),
    ("other", _l("Başka birimden bekleniyor")),
    ("note", _l("İç not yaz; başvuran görmez")),
)
ANSWERS = [
    (each.value, each.label)
    for each in (
        Resolution.FULFILLED,
        Resolution.PARTLY,
        Resolution.NOT_POSSIBLE,
        Resolution.INFORMED,
        Resolution.REDIRECTED,
    )
]


class AnswerForm(MessageForm):
    """What the desk does with a request, and what it says."""

    deed = forms.ChoiceField(
        label=_l("Ne yapıyorsunuz?"),
        choices=DEEDS,
        widget=forms.RadioSelect,
        error_messages={"required": _l("Ne yaptığınızı seçin."), "invalid_choice": _l("Ne yaptığınızı seçin.")},
    )
    resolution = forms.ChoiceField(
        label=_l("Sonuç"),
        required=False,
        choices=[("", _l("Seçin")), *ANSWERS],
        help_text=_l("Yalnız sonuçlandırırken."),
        error_messages={"invalid_choice": _l("Listedeki sonuçlardan birini seçin.")},
    )
    field_order = ("deed", "resolution", "text", "files", "key")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("deed") == "answer" and not data.get("resolution"):
            self.add_error("resolution", _("Sonucu seçin."))
        return data
