from django.db import models
from django.utils.translation import gettext_lazy as _l

from journal import kinds


class MeetingKind(models.TextChoices):
    CALENDAR_SET = "councils.municipal_calendar_set"
    PLANNED = "councils.municipal_meetings_planned"
    ADDED = "councils.municipal_meeting_added"
    CONFIRMED = "councils.municipal_meeting_confirmed"
    MOVED = "councils.municipal_meeting_moved"
    CHANGED = "councils.municipal_meeting_changed"
    HELD = "councils.municipal_meeting_held"
    POSTPONED = "councils.municipal_meeting_postponed"
    CANCELLED = "councils.municipal_meeting_cancelled"
    REINSTATED = "councils.municipal_meeting_reinstated"
    IMPORTED = "councils.municipal_meetings_imported"


kinds.register(
    MeetingKind,
    {
        MeetingKind.CALENDAR_SET: _l("{actor} belediye meclisinin toplantı günleri kuralını değiştirdi."),
        MeetingKind.PLANNED: _l("Belediye meclisinin beklenen toplantıları takvime yazıldı: {count}"),
        MeetingKind.ADDED: _l("Belediye meclisi takvimine toplantı eklendi: {name}, {day}"),
        MeetingKind.CONFIRMED: _l("Belediye meclisi toplantısının günü kesinleşti: {name}, {day}"),
        MeetingKind.MOVED: _l("Belediye meclisi toplantısının günü değişti: {name}, {before} yerine {day}"),
        MeetingKind.CHANGED: _l("Belediye meclisi toplantısının bilgileri değişti: {name}, {day}"),
        MeetingKind.HELD: _l("Belediye meclisi toplantısı yapıldı: {name}, {day}"),
        MeetingKind.POSTPONED: _l("Belediye meclisi toplantısı ertelendi: {name}, {day}. {note}"),
        MeetingKind.CANCELLED: _l("Belediye meclisi toplantısı iptal edildi: {name}, {day}. {note}"),
        MeetingKind.REINSTATED: _l("Belediye meclisi toplantısı yeniden takvimde: {name}, {day}"),
        MeetingKind.IMPORTED: _l("Belediye meclisi takvimi dosyadan aktarıldı; yeni: {new}, değişen: {changed}"),
    },
)
