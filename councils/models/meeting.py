"""Meetings of the municipal council behind a city council, and the rule by which their days are expected."""

from __future__ import annotations

from datetime import time

from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _l

from councils.models.council import Council
from people.models import AnyPerson
from turkish.kept import meeting_label

WEB_ADDRESS = URLValidator(schemes=["https", "http"])


class Weekday(models.IntegerChoices):
    """Days of the week as `date.weekday` counts them."""

    MONDAY = 0, _l("Pazartesi")
    TUESDAY = 1, _l("Salı")
    WEDNESDAY = 2, _l("Çarşamba")
    THURSDAY = 3, _l("Perşembe")
    FRIDAY = 4, _l("Cuma")
    SATURDAY = 5, _l("Cumartesi")
    SUNDAY = 6, _l("Pazar")


class MeetingWeek(models.IntegerChoices):
    """Which such weekday of a month; the second lies between the 8th and the 14th."""

    FIRST = 1, _l("İlk")
    SECOND = 2, _l("İkinci")
    THIRD = 3, _l("Üçüncü")
    FOURTH = 4, _l("Dördüncü")


class Month(models.IntegerChoices):
    JANUARY = 1, _l("Ocak")
    FEBRUARY = 2, _l("Şubat")
    MARCH = 3, _l("Mart")
    APRIL = 4, _l("Nisan")
    MAY = 5, _l("Mayıs")
    JUNE = 6, _l("Haziran")
    JULY = 7, _l("Temmuz")
    AUGUST = 8, _l("Ağustos")
    SEPTEMBER = 9, _l("Eylül")
    OCTOBER = 10, _l("Ekim")
    NOVEMBER = 11, _l("Kasım")
    DECEMBER = 12, _l("Aralık")


class MunicipalCalendar(models.Model):
    """When a municipal council usually meets (toplantı takvimi kuralı). A council without a row has the values here.

    Metropolitan councils meet in the second week of each month (law 5216, article 13); the members have the agenda at least
    three days before, and one month a year may be a recess (law 5393, articles 20 and 21). All of it is the council's to change.
    """

    council = models.OneToOneField(
        Council, on_delete=models.PROTECT, primary_key=True, related_name="municipal_calendar"
    )
    week = models.PositiveSmallIntegerField(_l("ayın hangi haftası"), choices=MeetingWeek, default=MeetingWeek.SECOND)
    weekday = models.PositiveSmallIntegerField(_l("gün"), choices=Weekday, default=Weekday.THURSDAY)
    begins = models.TimeField(_l("başlama saati"), default=time(14))
    notice_days = models.PositiveSmallIntegerField(
        _l("gündem kaç gün önce kapanır"), default=3, validators=[MinValueValidator(1), MaxValueValidator(30)]
    )
    agenda_closes = models.TimeField(_l("gündemin kapandığı saat"), default=time(17))
    recess_month = models.PositiveSmallIntegerField(_l("tatil ayı"), choices=Month, null=True, blank=True)

    class Meta:
        verbose_name = _l("belediye meclisi takvim kuralı")
        verbose_name_plural = _l("belediye meclisi takvim kuralları")
        constraints = [
            models.CheckConstraint(
                condition=Q(week__range=(1, 4)), name="municipal_meetings_have_a_week_of_every_month"
            ),
            models.CheckConstraint(
                condition=Q(weekday__range=(0, 6)), name="municipal_meetings_have_a_day_of_the_week"
            ),
            models.CheckConstraint(
                condition=Q(notice_days__range=(1, 30)), name="agenda_closes_one_to_thirty_days_before"
            ),
            models.CheckConstraint(
                condition=Q(recess_month__isnull=True) | Q(recess_month__range=(1, 12)), name="recess_is_a_month"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.council_id}: {self.week}/{self.weekday}"


class MeetingState(models.TextChoices):
    """What became of a meeting."""

    PLANNED = "planned", _l("Planlandı")
    HELD = "held", _l("Yapıldı")
    POSTPONED = "postponed", _l("Ertelendi")
    CANCELLED = "cancelled", _l("İptal edildi")


CALLED_OFF = (MeetingState.POSTPONED, MeetingState.CANCELLED)


class MunicipalMeetingQuerySet(models.QuerySet["MunicipalMeeting"]):
    def visible_to(self, person: AnyPerson) -> MunicipalMeetingQuerySet:
        """Meetings of a municipal council are public."""
        return self

    def not_called_off(self) -> MunicipalMeetingQuerySet:
        return self.exclude(state__in=CALLED_OFF)


class MunicipalMeeting(models.Model):
    """A meeting of the municipal council (belediye meclisi birleşimi). Opinions go on the agenda of the first one whose
    agenda is still open."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="municipal_meetings")
    # What names the meeting in the municipality's own calendar, or in ours.
    uid = models.CharField(max_length=200)
    name = models.CharField(_l("birleşimin adı"), max_length=120)
    starts_at = models.DateTimeField(_l("gün ve saat"))
    agenda_closes_at = models.DateTimeField(_l("gündem kapanışı"))
    is_extraordinary = models.BooleanField(_l("olağanüstü"), default=False)
    # Expected by the calendar's rule; nobody has confirmed the day.
    is_estimate = models.BooleanField(_l("tahmini"), default=False)
    state = models.CharField(_l("durum"), max_length=9, choices=MeetingState, default=MeetingState.PLANNED)
    note = models.CharField(_l("açıklama"), max_length=300, blank=True)
    agenda_url = models.CharField(_l("gündemin adresi"), max_length=500, blank=True, validators=[WEB_ADDRESS])

    objects = MunicipalMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _l("belediye meclisi toplantısı")
        verbose_name_plural = _l("belediye meclisi toplantıları")
        constraints = [
            models.UniqueConstraint(fields=["council", "uid"], name="one_municipal_meeting_per_uid_in_a_council"),
            models.UniqueConstraint(
                fields=["council", "starts_at"],
                condition=Q(state__in=["planned", "held"]),
                name="one_municipal_meeting_at_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(agenda_closes_at__lt=F("starts_at")), name="agenda_closes_before_the_meeting_begins"
            ),
            models.CheckConstraint(condition=Q(state__in=MeetingState.values), name="municipal_meeting_state_is_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["postponed", "cancelled"]) | ~Q(note=""), name="meetings_called_off_say_why"
            ),
            models.CheckConstraint(
                condition=Q(is_estimate=False) | Q(state="planned"), name="only_planned_meetings_are_estimates"
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(uid=""), name="municipal_meeting_has_a_name"),
        ]
        indexes = [models.Index(fields=["council", "starts_at", "id"], name="municipal_meetings_by_day")]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """Its name in the active language."""
        return meeting_label(self.name)

    @property
    def is_called_off(self) -> bool:
        return self.state in CALLED_OFF
