"""Who supports a proposal, and who follows it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _l

from people.models import Person
from proposals.models.proposal import Proposal


class Support(models.Model):
    """One person's public support (destek) for a proposal; the name is shown by choice."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="supports")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="supports")
    shows_name = models.BooleanField(_l("adım görünsün"), default=False)
    created_at = models.DateTimeField()
    # The proposal it was given to, when it came here by a merger or a split.
    came_from = models.ForeignKey(Proposal, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _l("destek")
        verbose_name_plural = _l("destekler")
        constraints = [models.UniqueConstraint(fields=["proposal", "person"], name="one_support_per_person")]

    def __str__(self) -> str:
        return f"{self.proposal_id}/{self.person_id}"


class Follow(models.Model):
    """Somebody who wants to know what becomes of a proposal (takip)."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="follows")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="follows")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "person"], name="one_follow_per_person")]

    def __str__(self) -> str:
        return f"{self.proposal_id}/{self.person_id}"
