"""What requests are about: the matters of a council, with the words of the published rule."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _l

from councils.models import Council
from people.models import Person


class MatterBy(models.TextChoices):
    """Who says what a request is about."""

    APPLICANT = "applicant", _l("Başvuran seçti")
    DESK = "desk", _l("Görevli seçti")
    RULE = "rule", _l("Sözcük kuralı buldu")


class Matter(models.Model):
    """A field of the municipality's work that requests are about (konu alanı)."""

    council = models.ForeignKey(Council, on_delete=models.CASCADE, related_name="request_matters")
    slug = models.SlugField(max_length=60)
    name = models.CharField(_l("ad"), max_length=80)
    name_en = models.CharField(_l("İngilizce adı"), max_length=80, blank=True)
    words = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _l("konu alanı")
        verbose_name_plural = _l("konu alanları")
        ordering = ["position", "slug"]
        constraints = [
            models.UniqueConstraint(fields=["council", "slug"], name="one_matter_per_slug_of_a_council"),
            models.CheckConstraint(condition=~Q(name=""), name="a_matter_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> str:
        """Its name in the active language."""
        return self.name_en if self.name_en and get_language() == "en" else self.name


class MatterChange(models.Model):
    """That somebody said what a request is about, or corrected it. Only added (migration 0050)."""

    request = models.ForeignKey(
        "servicerequests.ServiceRequest", on_delete=models.PROTECT, related_name="matter_changes"
    )
    old = models.ForeignKey(Matter, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    new = models.ForeignKey(Matter, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    was_by = models.CharField(max_length=9, choices=MatterBy, blank=True)
    actor = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(old=F("new"))
                | Q(old__isnull=True, new__isnull=False)
                | Q(old__isnull=False, new__isnull=True),
                name="a_matter_change_changes_the_matter",
            )
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.old_id} → {self.new_id}"
