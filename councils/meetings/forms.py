"""What the pages ask that keep the calendar of the municipal council."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from councils.meetings.actions import MeetingFields
from councils.meetings.importing import MAX_BYTES, UnreadableFile, decoded
from councils.models import MeetingState, MeetingWeek, Month, MunicipalMeeting, Weekday

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "short"})
CLOCK = forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "short"})


class _Form(forms.Form):
    def take_errors(self, error: ValidationError) -> None:
        for name, messages in error.message_dict.items():
            self.add_error(self.place(name), messages)

    def place(self, name: str) -> str | None:
        return name if name in self.fields else None


class MeetingForm(_Form):
    """One meeting: its name, day and hour, until when its agenda is open, and what became of it."""

    name = forms.CharField(
        label=_l("Birleşimin adı"),
        help_text=_l("Örneğin: Ağustos 2026, 2. birleşim"),
        max_length=120,
        error_messages={"required": _l("Birleşimin adını yazın.")},
    )
    day = forms.DateField(label=_l("Gün"), widget=DAY, error_messages={"required": _l("Toplantının gününü yazın.")})
    clock = forms.TimeField(
        label=_l("Saat"), widget=CLOCK, error_messages={"required": _l("Toplantının saatini yazın.")}
    )
    closes_day = forms.DateField(
        label=_l("Gündemin kapandığı gün"),
        help_text=_l("Boşsa takvim kuralından hesaplanır."),
        widget=DAY,
        required=False,
    )
    closes_clock = forms.TimeField(label=_l("Gündemin kapandığı saat"), widget=CLOCK, required=False)
    is_extraordinary = forms.BooleanField(label=_l("Olağanüstü toplantı"), required=False)
    state = forms.ChoiceField(label=_l("Durum"), choices=MeetingState.choices, initial=MeetingState.PLANNED)
    note = forms.CharField(
        label=_l("Açıklama"),
        help_text=_l("Ertelendiyse ya da iptal edildiyse nedeni. Herkes okur."),
        max_length=300,
        required=False,
    )
    agenda_url = forms.URLField(
        label=_l("Gündemin adresi"),
        help_text=_l("Belediyenin sayfasında yayımlanan gündem."),
        max_length=500,
        required=False,
        assume_scheme="https",
    )

    @staticmethod
    def of(meeting: MunicipalMeeting) -> dict[str, Any]:
        """The form's values for a meeting as it stands."""
        starts, closes = timezone.localtime(meeting.starts_at), timezone.localtime(meeting.agenda_closes_at)
        return {
            "name": meeting.name,
            "day": starts.date(),
            "clock": starts.time(),
            "closes_day": closes.date(),
            "closes_clock": closes.time(),
            "is_extraordinary": meeting.is_extraordinary,
            "state": meeting.state,
            "note": meeting.note,
            "agenda_url": meeting.agenda_url,
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if bool(data.get("closes_day")) != bool(data.get("closes_clock")) and "closes_day" not in self.errors:
            self.add_error("closes_day", _("Günü ve saati birlikte yazın ya da ikisini de boş bırakın."))
        return data

    def said(self) -> MeetingFields:
        """What the action takes."""
        data = self.cleaned_data
        closes = None
        if data["closes_day"]:
            closes = timezone.make_aware(datetime.combine(data["closes_day"], data["closes_clock"]))
        return {
            "name": data["name"],
            "starts_at": timezone.make_aware(datetime.combine(data["day"], data["clock"])),
            "agenda_closes_at": closes,
            "is_extraordinary": data["is_extraordinary"],
            "state": data["state"],
            "note": data["note"],
            "agenda_url": data["agenda_url"],
        }

    def place(self, name: str) -> str | None:
        return super().place({"starts_at": "day", "agenda_closes_at": "closes_day"}.get(name, name))


class CalendarForm(_Form):
    """When the council usually meets, and until when its agenda takes something."""

    week = forms.TypedChoiceField(label=_l("Ayın hangi haftası?"), choices=MeetingWeek.choices, coerce=int)
    weekday = forms.TypedChoiceField(label=_l("Haftanın günü"), choices=Weekday.choices, coerce=int)
    begins = forms.TimeField(label=_l("Başlama saati"), widget=CLOCK)
    notice_days = forms.IntegerField(
        label=_l("Gündem toplantıdan kaç gün önce kapanır?"),
        help_text=_l("5393 sayılı Kanun’a göre gündem üyelere en az üç gün önce bildirilir."),
        min_value=1,
        max_value=30,
    )
    agenda_closes = forms.TimeField(label=_l("O gün saat kaçta?"), widget=CLOCK)
    recess_month = forms.TypedChoiceField(
        label=_l("Tatil ayı"),
        choices=[("", _l("Yok")), *Month.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )


class ImportForm(_Form):
    """A calendar or a table, as a file or pasted."""

    file = forms.FileField(
        label=_l("Dosya"),
        help_text=_l("iCal (.ics) ya da CSV; en çok 256 kB."),
        widget=forms.FileInput(attrs={"accept": ".ics,.csv,text/calendar,text/csv"}),
        required=False,
        max_length=400,
        error_messages={"empty": _l("Bu dosya boş."), "invalid": _l("Dosya gelmedi; yeniden seçin.")},
    )
    text = forms.CharField(
        label=_l("Ya da içeriği buraya yapıştırın"),
        widget=forms.Textarea(attrs={"rows": 8}),
        required=False,
        strip=False,
        max_length=2 * MAX_BYTES,
    )

    def clean(self) -> dict[str, Any]:
        """``text`` is what is read in the end, out of the file where one was sent."""
        data = super().clean() or self.cleaned_data
        file = data.get("file")
        if file is not None:
            if file.size > MAX_BYTES:
                self.add_error("file", _("Dosya çok büyük; en çok %(most)d kB olabilir.") % {"most": MAX_BYTES // 1024})
                return data
            try:
                data["text"] = decoded(file.read())
            except UnreadableFile as error:
                self.add_error("file", str(error))
        elif not data.get("text", "").strip() and not self.errors:
            self.add_error("file", _("Bir dosya seçin ya da içeriğini yapıştırın."))
        return data
