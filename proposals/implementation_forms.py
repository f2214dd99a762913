"""Forms of the page where an implementation is kept, and of the review."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _l

from proposals.forms import AttachmentForm, PlainText, ReasonForm
from proposals.models import Answer
from proposals.models.implementation import LONGEST_MILESTONE, LONGEST_SENTENCE, LONGEST_UNIT
from proposals.stages import Stage

DAY = {"required": _l("Günü yazın."), "invalid": _l("Günü gün.ay.yıl olarak yazın.")}


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date", "class": "short"}, format="%Y-%m-%d"),
        error_messages=DAY,
    )


def _told(label: Any, hint: Any = "", *, required: bool = True) -> PlainText:
    return PlainText(
        label=label,
        help_text=hint,
        required=required,
        max_length=LONGEST_SENTENCE,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _l("En az 10 harf yazın.")},
    )


class PlanForm(forms.Form):
    """Which unit carries the proposal out."""

    unit = forms.CharField(
        label=_l("Sorumlu birim"),
        help_text=_l("Listeden seçin ya da yeni bir birim yazın, örneğin Ulaşım Dairesi Başkanlığı."),
        max_length=LONGEST_UNIT,
        widget=forms.TextInput(attrs={"list": "known-units", "autocomplete": "off"}),
        error_messages={"required": _l("Birimin adını yazın.")},
    )
    contact = forms.CharField(
        label=_l("Başvurulacak görev"),
        help_text=_l("Kişi adı, telefon ya da e-posta değil, görev: örneğin Proje Şefliği."),
        max_length=120,
        required=False,
    )


class MilestoneForm(forms.Form):
    """A new step."""

    title = forms.CharField(
        label=_l("Adım"), max_length=LONGEST_MILESTONE, error_messages={"required": _l("Adımın adını yazın.")}
    )
    planned_on = _day(_l("Planlanan gün"))


class MoveForm(forms.Form):
    """Another day for a step."""

    planned_on = _day(_l("Yeni gün"))
    reason = _told(_l("Neden değişti?"), _l("Eski gün de görünür kalır. En az 10 harf."))


class FinishForm(forms.Form):
    """A step is done: when, and what shows it."""

    done_on = _day(_l("Tamamlandığı gün"))
    evidence = _told(_l("Ne yapıldı?"), _l("Bir cümleyle anlatın; herkes okur. En az 10 harf."))
    link = forms.CharField(label=_l("Bağlantı"), required=False, max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        file = AttachmentForm.base_fields["file"]
        self.fields["file"] = forms.FileField(
            label=_l("Fotoğraf ya da belge"),
            help_text=file.help_text,
            widget=file.widget,
            error_messages=file.error_messages,
            required=False,
            max_length=400,
        )


class NoteForm(forms.Form):
    """How the work goes."""

    text = _told(_l("İşler nasıl gidiyor?"), _l("Tarihiyle birlikte öneri sayfasında görünür. En az 10 harf."))


class DoneForm(forms.Form):
    """The proposal is done."""

    outcome = _told(_l("Ne yapıldı?"), _l("Öneriyi yazan, destekleyenler ve herkes okur. En az 10 harf."))
    why_open = _told(_l("Tamamlanmamış adımlar neden kaldı?"), _l("Yalnız açık adım varsa yazın."), required=False)


class AbandonForm(ReasonForm):
    """The proposal will not be carried out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, exit_to=Stage.ABANDONED, **kwargs)


class ReviewForm(forms.Form):
    """One person's answer a year later."""

    answer = forms.ChoiceField(
        label=_l("Oldu mu?"),
        choices=Answer.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _l("Yanıtlardan birini seçin.")},
    )
    sentence = forms.CharField(
        label=_l("Bir cümleyle neden?"),
        help_text=_l("Adınız olmadan, herkese görünür."),
        required=False,
        max_length=300,
    )
