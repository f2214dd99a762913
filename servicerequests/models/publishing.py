"""What was published of a request: every wording that was ever public, and when it was taken back."""

from __future__ import annotations

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _l

from people.models import Person
from servicerequests.models.request import LONGEST_TEXT, ServiceRequest


class Publication(models.Model):
    """A wording that everybody could read from then on, or that it was taken back and why. Only added (migration 0040)."""

    request = models.ForeignKey(ServiceRequest, on_delete=models.PROTECT, related_name="publications")
    subject = models.CharField(max_length=160, blank=True)
    text = models.TextField(blank=True, validators=[MaxLengthValidator(LONGEST_TEXT)])
    answer = models.TextField(blank=True, validators=[MaxLengthValidator(LONGEST_TEXT)])
    # Why it is public no more; empty for what was published.
    taken_back = models.CharField(_l("gerekçe"), max_length=300, blank=True)
    actor = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_back="") & ~Q(subject="") & ~Q(text="")
                | ~Q(taken_back="") & Q(subject="", text="", answer=""),
                name="a_publication_has_words_or_says_why_not",
            )
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.at:%Y-%m-%d %H:%M}"
