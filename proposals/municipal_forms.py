"""What the pages ask that keep an opinion's way through the municipal council."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from councils.models import MunicipalMeeting
from proposals.actions import DecisionFields, Said
from proposals.models import DocumentKind, Outcome, Proposal
from proposals.reasons import REASONS
from proposals.stages import Stage


class _Form(forms.Form):
    def take_errors(self, error: ValidationError) -> None:
        for name, messages in error.message_dict.items():
            self.add_error(name if name in self.fields else None, messages)


def _named(meetings: Iterable[MunicipalMeeting]) -> list[tuple[str, str]]:
    return [(str(m.pk), f"{timezone.localtime(m.starts_at):%d.%m.%Y} · {m.label}") for m in meetings]


class _WithMeetings(_Form):
    """A form that chooses among meetings it was given."""

    def __init__(self, *args: Any, meetings: list[MunicipalMeeting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_pk = {str(meeting.pk): meeting for meeting in meetings}


class AgendaForm(_WithMeetings):
    meeting = forms.ChoiceField(label=_l("Toplantı"), error_messages={"required": _l("Toplantıyı seçin.")})
    number = forms.IntegerField(label=_l("Gündem numarası"), min_value=1, max_value=999)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meeting"].choices = _named(self.by_pk.values())  # type: ignore[attr-defined]

    def said(self) -> dict[str, Any]:
        return {"meeting": self.by_pk[self.cleaned_data["meeting"]], "number": self.cleaned_data["number"]}


class CommissionForm(_Form):
    commission = forms.CharField(
        label=_l("Komisyonun adı"),
        max_length=160,
        error_messages={"required": _l("Komisyonun adını yazın; en çok 160 harf.")},
    )

    def said(self) -> dict[str, Any]:
        return self.cleaned_data


class ReportForm(_Form):
    report = forms.CharField(
        label=_l("Komisyon ne dedi?"),
        help_text=_l("Raporun özeti, herkesin anlayacağı sözlerle. 10 ile 2.000 harf."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
    )

    def said(self) -> dict[str, Any]:
        return self.cleaned_data


class OffForm(_Form):
    reason = forms.CharField(
        label=_l("Neden gündemden çıkarıldı?"),
        help_text=_l("Herkes okur. En az 10 harf."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
    )

    def said(self) -> dict[str, Any]:
        return self.cleaned_data


class DecisionForm(_WithMeetings):
    """Number, day and tally of a decision, why, and what it means for each proposal of the opinion."""

    meeting = forms.ChoiceField(label=_l("Toplantı"), error_messages={"required": _l("Toplantıyı seçin.")})
    decided_on = forms.DateField(
        label=_l("Karar tarihi"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "short"})
    )
    serial = forms.IntegerField(
        label=_l("Karar numarası"),
        help_text=_l("Yılı ayrıca yazmayın: 2026/118 için 118."),
        min_value=1,
        max_value=99_999,
    )
    is_unanimous = forms.BooleanField(
        label=_l("Oy birliğiyle"), help_text=_l("Sayılar bilinmiyorsa boş kalabilir."), required=False
    )
    votes_for = forms.IntegerField(label=_l("Karar lehine oy"), min_value=0, required=False)
    votes_against = forms.IntegerField(label=_l("Karar aleyhine oy"), min_value=0, required=False)
    votes_abstain = forms.IntegerField(label=_l("Çekimser oy"), min_value=0, required=False)
    reasons = forms.CharField(
        label=_l("Gerekçe"),
        help_text=_l("Meclis neden böyle karar verdi? Herkesin anlayacağı sözlerle; en az 20 harf."),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=2000,
    )

    def __init__(self, *args: Any, proposals: list[Proposal], later: list[MunicipalMeeting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proposals, self.later = proposals, {str(meeting.pk): meeting for meeting in later}
        self.fields["meeting"].choices = _named(self.by_pk.values())  # type: ignore[attr-defined]
        for proposal in proposals:
            number = proposal.number
            self.fields[f"outcome-{number}"] = forms.ChoiceField(
                label=_("Ne karar verildi?"), choices=Outcome.choices, widget=forms.RadioSelect
            )
            self.fields[f"parts-{number}"] = forms.CharField(
                label=_("Kısmen kabulde: hangi bölümler?"),
                widget=forms.Textarea(attrs={"rows": 2}),
                max_length=2000,
                required=False,
            )
            self.fields[f"code-{number}"] = forms.ChoiceField(
                label=_("Kabul edilmediyse: gerekçenin türü"),
                choices=[("", "—"), *((reason.value, reason.label) for reason in REASONS[Stage.DECLINED])],
                required=False,
            )
            self.fields[f"meeting-{number}"] = forms.ChoiceField(
                label=_("Ertelendiyse: hangi toplantıya?"),
                choices=[("", "—"), *_named(self.later.values())],
                required=False,
            )

    def parts(self) -> list[tuple[Proposal, list[BoundField]]]:
        """The fields of each proposal, for the page."""
        return [
            (each, [self[f"{name}-{each.number}"] for name in ("outcome", "parts", "code", "meeting")])
            for each in self.proposals
        ]

    def said(self) -> DecisionFields:
        data = self.cleaned_data
        return {
            "meeting": self.by_pk[data["meeting"]],
            "serial": data["serial"],
            "decided_on": data["decided_on"],
            "is_unanimous": data["is_unanimous"],
            "votes_for": data["votes_for"],
            "votes_against": data["votes_against"],
            "votes_abstain": data["votes_abstain"],
            "reasons": data["reasons"],
        }

    def outcomes(self) -> list[Said]:
        data = self.cleaned_data
        return [
            Said(
                each,
                data[f"outcome-{each.number}"],
                data[f"parts-{each.number}"],
                data[f"code-{each.number}"],
                self.later.get(data[f"meeting-{each.number}"]),
            )
            for each in self.proposals
        ]


class DocumentForm(_Form):
    kind = forms.ChoiceField(label=_l("Belge"), choices=DocumentKind.choices, initial=DocumentKind.DECISION)
    file = forms.FileField(
        label=_l("Dosya"),
        help_text=format_lazy(_l("PDF; en çok {size} MB."), size=settings.ATTACHMENT_MAX_BYTES // (1024 * 1024)),
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
        error_messages={
            "required": _l("Bir dosya seçin."),
            "empty": _l("Bu dosya boş."),
            "invalid": _l("Dosya gelmedi; yeniden seçin."),
        },
        max_length=400,
    )
