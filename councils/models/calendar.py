"""The days on which nobody works: an editable table for each council."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _l

from councils.models.council import Council


class HolidayKind(models.TextChoices):
    OFF = "off", _l("Tatil")
    HALF = "half", _l("Yarım gün (13.00’ten sonra tatil)")
    WORKED = "worked", _l("Çalışılan gün")


class HolidaySource(models.TextChoices):
    LIBRARY = "library", _l("Resmî tatil takvimi")
    ESTIMATE = "estimate", _l("Tahmini gün")
    OFFICE = "office", _l("Konseyin kaydı")


class Holiday(models.Model):
    """A day that is special (tatil günü): off, half, or worked after all. Due dates are counted around it."""

    council = models.ForeignKey(Council, on_delete=models.CASCADE, related_name="holidays")
    day = models.DateField(_l("gün"))
    name = models.CharField(_l("ad"), max_length=120)
    name_en = models.CharField(_l("İngilizce adı"), max_length=120, blank=True)
    kind = models.CharField(_l("tür"), max_length=6, choices=HolidayKind, default=HolidayKind.OFF)
    source = models.CharField(max_length=8, choices=HolidaySource, default=HolidaySource.OFFICE)

    class Meta:
        verbose_name = _l("tatil günü")
        verbose_name_plural = _l("tatil günleri")
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["council", "day"], name="one_holiday_per_day_of_a_council"),
            models.CheckConstraint(condition=Q(kind__in=HolidayKind.values), name="holiday_kind_is_known"),
            models.CheckConstraint(condition=Q(source__in=HolidaySource.values), name="holiday_source_is_known"),
            models.CheckConstraint(condition=~Q(name=""), name="holiday_has_a_name"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"

    @property
    def label(self) -> str:
        """Its name in the active language."""
        return self.name_en if self.name_en and get_language() == "en" else self.name
