"""Forms of a request. What may be said is checked again by the actions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.forms import BoundField
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from councils.models import Council, District
from organisations.models import Organisation
from servicerequests.actions import Said
from servicerequests.form_fields import LONGEST_TEXT as LONGEST_ANSWER
from servicerequests.form_fields import Question, is_asked
from servicerequests.forms.files import FilesField, WithFiles
from servicerequests.models import Channel, Matter, RequestTypeVersion
from servicerequests.models.request import LONGEST_TEXT
from turkish.functions import SortKey

ASKED = "soru-"
YES_NO = (("yes", _l("Evet")), ("no", _l("Hayır")))


def _field(question: Question) -> forms.Field:
    """How a question is put; what may be answered is decided in `form_fields.take`."""
    common: dict[str, Any] = {"label": question.words, "required": False, "help_text": question.help}
    match question.kind:
        case "choice":
            return forms.ChoiceField(choices=question.choices, widget=forms.RadioSelect, **common)
        case "several":
            return forms.MultipleChoiceField(choices=question.choices, widget=forms.CheckboxSelectMultiple, **common)
        case "yesno":
            return forms.ChoiceField(choices=YES_NO, widget=forms.RadioSelect, **common)
        case "date":
            return forms.CharField(widget=forms.DateInput(attrs={"type": "date", "class": "short"}), **common)
        case "number":
            widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "short"})
            return forms.CharField(widget=widget, **common)
        case "long":
            return forms.CharField(
                widget=forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST_ANSWER["long"]}), **common
            )
        case _:
            return forms.CharField(widget=forms.TextInput(attrs={"maxlength": LONGEST_ANSWER["text"]}), **common)


@dataclass(frozen=True)
class Asking:
    """A question as it is put. With `when` it is asked while that field has one of `values`; a script shows and hides it."""

    field: BoundField
    name: str
    when: str
    values: str
    is_asked: bool
    is_required: bool


class RequestForm(WithFiles):
    """What one asks, with the questions of the type.

    A question that depends on an answer is put once that is given: by the script at once, without it when the form is sent.
    `seen` says which were put, so that no form is taken with a question that nobody has read.
    """

    subject = forms.CharField(
        label=_l("Konu"),
        max_length=160,
        help_text=_l("Bir cümleyle, örneğin: “Genel kurul bildirimi ne zaman verilir?”"),
        error_messages={"required": _l("Konuyu yazın.")},
    )
    text = forms.CharField(
        label=_l("Anlatın"),
        help_text=_l("Ne oldu, ne istiyorsunuz? Bildiğiniz tarih, yer ve belgeleri yazın."),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 8, "maxlength": LONGEST_TEXT}),
        error_messages={"required": _l("Ne istediğinizi yazın.")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self,
        version: RequestTypeVersion,
        council: Council,
        *args: Any,
        mandates: Iterable[Organisation] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.version = version
        for question in version.questions:
            self.fields[ASKED + question.name] = _field(question)
        matters = Matter.objects.filter(council=council, is_active=True)
        self.fields["matter"] = forms.ModelChoiceField(
            matters,
            required=False,
            to_field_name="slug",
            label=_("Konu alanı"),
            empty_label=_("Siz bulun"),
            error_messages={"invalid_choice": _("Listedeki konulardan birini seçin.")},
        )
        self.fields["matter"].label_from_instance = lambda matter: matter.title  # type: ignore[attr-defined]
        districts = District.objects.filter(council=council).order_by(SortKey("name"))
        self.fields["district"] = forms.ModelChoiceField(
            districts,
            required=False,
            label=_("İlçe"),
            empty_label=_("Bütün kent"),
            error_messages={"invalid_choice": _("Listedeki ilçelerden birini seçin.")},
        )
        self.mandates = list(mandates)
        if self.mandates:
            self.fields["on_behalf_of"] = forms.ChoiceField(
                label=_("Kimin adına?"),
                required=False,
                choices=[("", _("Kendi adıma")), *((str(each.pk), each.name) for each in self.mandates)],
            )
        self.fields["files"] = FilesField()
        if not version.is_public:
            self.fields["may_be_published"] = forms.BooleanField(
                required=False,
                label=_("Başvurum ve yanıtı, adım ve kişisel bilgilerim çıkarılarak yayımlanabilir"),
                help_text=_("Aynı soruyu olan başkaları da yararlanır. Yayımlanacak metni müdürlük hazırlar."),
            )
        if not self.is_bound:
            self.initial.setdefault("key", uuid4())

    def asking(self) -> list[Asking]:
        """The questions of the type, with whether each is asked after what was answered so far."""
        found, answers = [], self._answers()
        for question in self.version.questions:
            other, values = question.shown_when or ("", ())
            name = ASKED + question.name
            found.append(
                Asking(
                    self[name],
                    name,
                    ASKED + other if other else "",
                    " ".join(values),
                    is_asked(question, answers),
                    question.is_required,
                )
            )
        return found

    def shown_names(self) -> str:
        """What `seen` says of this page."""
        return " ".join(each.name for each in self.asking() if each.is_asked and each.when)

    def _answers(self) -> dict[str, Any]:
        """What was answered so far, checked or not; what is not asked has no answer."""
        answers: dict[str, Any] = {}
        for question in self.version.questions:
            if is_asked(question, answers):
                answers[question.name] = self[ASKED + question.name].value() or ""
        return answers

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        seen = self.data.get("seen")
        if seen is not None:
            known = set(seen.split())
            for each in self.asking():
                if each.when and each.is_asked and each.name not in known and not data.get(each.name):
                    self.add_error(each.name, _("Verdiğiniz yanıta göre bu da soruluyor."))
        return data

    def ends(self) -> list[BoundField]:
        """What is asked after the questions of the type: files, for whom, what may be published."""
        return [self[name] for name in ("files", "on_behalf_of", "may_be_published") if name in self.fields]

    def said(self) -> Said:
        """What was typed, for the action."""
        data = self.cleaned_data
        return Said(
            subject=data["subject"],
            text=data["text"],
            answers={each.name: data.get(ASKED + each.name, "") for each in self.version.questions},
            district=data.get("district"),
            matter=data.get("matter"),
            may_be_published=bool(data.get("may_be_published")),
        )

    def behalf(self) -> Organisation | None:
        chosen = self.cleaned_data.get("on_behalf_of", "")
        return next((each for each in self.mandates if str(each.pk) == chosen), None)

    def take(self, wrong: dict[str, list[str]]) -> None:
        """Put what the action found beside its field; a question has its own name there."""
        for name, sentences in wrong.items():
            place = next((each for each in (name, ASKED + name) if each in self.fields), None)
            for sentence in sentences:
                self.add_error(place, sentence)
        self.choose_again()


def started_with(text: str) -> dict[str, str]:
    """A form begun with what was typed on the page before: all of it, and its first sentence as the subject."""
    first = re.split(r"(?<=[.!?])\s|\n", text.strip(), maxsplit=1)[0]
    return {"subject": Truncator(first).chars(160), "text": text} if text.strip() else {}


CHANNELS = [(each.value, each.label) for each in (Channel.PHONE, Channel.VISIT, Channel.LETTER)]


class EntryForm(RequestForm):
    """What somebody said by phone, in a visit or a letter, written down by an officer."""

    named = forms.CharField(
        label=_l("Başvuranın adı"),
        max_length=120,
        error_messages={"required": _l("Başvuranın adını yazın.")},
    )
    contact = forms.CharField(
        label=_l("İletişim"),
        max_length=160,
        required=False,
        help_text=_l("Telefon, e-posta ya da adres; yanıtı nereye vereceğiniz."),
    )
    channel = forms.ChoiceField(
        label=_l("Nasıl geldi?"),
        choices=CHANNELS,
        widget=forms.RadioSelect,
        error_messages={"required": _l("Başvurunun nasıl geldiğini seçin.")},
    )
    came_at = forms.DateTimeField(
        label=_l("Ne zaman geldi?"),
        help_text=_l("Süre bu andan işler. En çok 30 gün öncesi yazılabilir."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "class": "short"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y %H.%M"],
        error_messages={
            "required": _l("Başvurunun geldiği günü ve saati yazın."),
            "invalid": _l("Günü ve saati 31.12.2026 14.30 gibi yazın."),
        },
    )

    def who(self) -> list[BoundField]:
        return [self[name] for name in ("named", "contact", "channel", "came_at")]

    def entered(self) -> dict[str, Any]:
        """Who asked, how and when, for the action."""
        data = self.cleaned_data
        came_at: datetime = data["came_at"]
        return {
            "named": data["named"],
            "contact": data["contact"],
            "channel": Channel(data["channel"]),
            "came_at": came_at,
        }
