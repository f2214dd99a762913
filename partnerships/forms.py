"""Forms of partnerships. What may be said is checked again by the actions."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from councils.models import Council, Officer, OfficerRole
from documents.attachment_content import Checked, check
from organisations.models import Organisation
from partnerships.models import LONGEST_TEXT, MOVES, Partnership, State


def _day(label: Any, **kwargs: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date", "class": "short"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, error_messages={"invalid": _l("Günü seçin.")}, **kwargs)


def _text(label: Any, rows: int) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "maxlength": LONGEST_TEXT})
    return forms.CharField(label=label, max_length=LONGEST_TEXT, widget=widget)


def _officers(council: Council, label: Any) -> forms.ModelChoiceField:
    rows = Officer.objects.filter(council=council, role=OfficerRole.DIRECTORATE, is_active=True).select_related(
        "person"
    )
    field = forms.ModelChoiceField(rows.order_by("pk"), required=False, label=label, empty_label="—")
    field.label_from_instance = lambda officer: officer.person.display_name  # type: ignore[method-assign]
    return field


class Taking(forms.Form):
    """A form that takes what an action found wrong."""

    def take(self, error: ValidationError) -> None:
        for name, sentences in error.message_dict.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)


class FileForm(Taking):
    """What a partnership is about."""

    title = forms.CharField(label=_l("Başlık"), max_length=160)
    purpose = _text(_l("Amaç"), 6)
    starts_on = _day(_l("Başlangıç"), required=False)
    ends_on = _day(_l("Bitiş"), required=False)
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, council: Council, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["responsible"] = _officers(council, _("Sorumlu görevli"))
        self.order_fields(["title", "purpose", "responsible", "starts_on", "ends_on", "key"])
        if not self.is_bound:
            self.initial.setdefault("key", uuid4())

    def said(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("title", "purpose", "responsible", "starts_on", "ends_on")}


class MoveForm(Taking):
    state = forms.ChoiceField(label=_l("Yeni durum"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_l("Neden"), max_length=500, required=False, help_text=_l("Vazgeçildiyse nedenini yazın.")
    )

    def __init__(self, found: Partnership, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [(state.value, state.label) for state in MOVES[State(found.state)]]  # type: ignore[attr-defined]


class PartnerForm(Taking):
    named = forms.CharField(label=_l("Listede yoksa kurumun adı"), max_length=160, required=False)

    def __init__(self, council: Council, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Organisation.objects.filter(council_links__council=council).alphabetical()
        self.fields["organisation"] = forms.ModelChoiceField(
            rows, required=False, label=_("Kuruluş"), empty_label=_("Listede yok")
        )
        self.order_fields(["organisation", "named"])


class StepForm(Taking):
    title = forms.CharField(label=_l("İş ya da tarih"), max_length=200)
    due_on = _day(_l("Son gün"))
    is_milestone = forms.BooleanField(label=_l("Projenin bir tarihi; herkese açık sayfada da görünür"), required=False)

    def __init__(self, found: Partnership, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officer"] = _officers(found.council, _("Görevli"))
        self.fields["partner"] = forms.ModelChoiceField(
            found.partners.select_related("organisation"), required=False, label=_("Ya da ortak"), empty_label="—"
        )
        self.order_fields(["title", "due_on", "officer", "partner", "is_milestone"])


class ProtocolForm(Taking):
    document = forms.FileField(label=_l("Protokol"), widget=forms.FileInput(attrs={"accept": "application/pdf"}))
    signed_on = _day(_l("İmza günü"), required=False)
    valid_until = _day(_l("Ne zamana kadar geçerli?"), required=False)

    def clean_document(self) -> Checked:
        upload = self.cleaned_data["document"]
        found = check(upload, upload.name or "", max_bytes=settings.ATTACHMENT_MAX_BYTES)
        if found.kind != "pdf":
            raise ValidationError(_("Protokolü PDF olarak yükleyin."))
        return found


class NoteForm(Taking):
    text = _text(_l("Not"), 3)

    def __init__(self, *args: Any, is_desk: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_desk:
            self.fields["is_inside"] = forms.BooleanField(label=_("İç not; ortaklar görmez"), required=False)
