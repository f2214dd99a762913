"""Forms of a request. What may be said is checked again by the actions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from councils.models import Council, District
from organisations.models import Organisation
from servicerequests.actions import Said
from servicerequests.form_fields import LONGEST_TEXT as LONGEST_ANSWER
from servicerequests.form_fields import Question
from servicerequests.forms.files import FilesField, WithFiles
from servicerequests.models import Matter, RequestTypeVersion
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


class RequestForm(WithFiles):
    """What one asks, with the questions of the type."""

    subject = forms.CharField(
        label=_l("Konu"),
        max_length=160,
        help_text=_l("Bir cümleyle ne istediğiniz."),
        error_messages={"required": _l("Konuyu yazın.")},
    )
    text = forms.CharField(
        label=_l("Ne istiyorsunuz?"),
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
