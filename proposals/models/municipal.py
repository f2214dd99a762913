"""An opinion before the municipal council: agenda items, commissions, and meetings that passed without it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _l

from councils.models import MunicipalMeeting
from people.models import Person
from proposals.models.opinion import Opinion


class AgendaItem(models.Model):
    """An opinion on the agenda of a meeting (gündem maddesi), until it is taken off or goes on to a later meeting."""

    opinion = models.ForeignKey(Opinion, on_delete=models.PROTECT, related_name="+")
    meeting = models.ForeignKey(MunicipalMeeting, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField(_l("gündem numarası"))
    actor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    # Why it was taken off; empty when it went on to a later meeting.
    off_reason = models.CharField(_l("gündemden çıkarılma nedeni"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _l("gündem maddesi")
        verbose_name_plural = _l("gündem maddeleri")
        constraints = [
            models.UniqueConstraint(
                fields=["opinion"], condition=Q(ended_at__isnull=True), name="an_opinion_stands_on_one_agenda"
            ),
            models.UniqueConstraint(
                fields=["meeting", "number"],
                condition=Q(ended_at__isnull=True),
                name="one_opinion_per_number_of_an_agenda",
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="agenda_numbers_start_at_one"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=False) | Q(off_reason=""), name="what_is_on_the_agenda_was_not_taken_off"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}/{self.number}"


class CommissionStage(models.Model):
    """An opinion in a commission of the municipal council (komisyon), and what the commission reported."""

    opinion = models.ForeignKey(Opinion, on_delete=models.PROTECT, related_name="+")
    commission = models.CharField(_l("komisyon"), max_length=160)
    actor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    back_at = models.DateTimeField(null=True, blank=True)
    report = models.TextField(_l("komisyon raporunun özeti"), blank=True)

    class Meta:
        verbose_name = _l("komisyon aşaması")
        verbose_name_plural = _l("komisyon aşamaları")
        constraints = [
            models.UniqueConstraint(
                fields=["opinion"], condition=Q(back_at__isnull=True), name="an_opinion_is_in_one_commission"
            ),
            models.CheckConstraint(condition=~Q(commission=""), name="a_commission_has_a_name"),
            models.CheckConstraint(
                condition=Q(back_at__isnull=True) | ~Q(report=""), name="a_commission_reports_before_it_gives_back"
            ),
            models.CheckConstraint(
                condition=Q(back_at__isnull=True) | Q(back_at__gte=F("at")), name="a_commission_gives_back_afterwards"
            ),
        ]

    def __str__(self) -> str:
        return self.commission


class MissedMeeting(models.Model):
    """A meeting that passed without an opinion that had been sent in time (geçen toplantı).

    Added, never changed (migration 0065).
    """

    opinion = models.ForeignKey(Opinion, on_delete=models.PROTECT, related_name="+")
    meeting = models.ForeignKey(MunicipalMeeting, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _l("gündeme alınmayan toplantı")
        verbose_name_plural = _l("gündeme alınmayan toplantılar")
        constraints = [models.UniqueConstraint(fields=["opinion", "meeting"], name="a_meeting_is_missed_once")]

    def __str__(self) -> str:
        return f"{self.opinion_id}: {self.meeting_id}"
