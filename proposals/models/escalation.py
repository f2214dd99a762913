"""Late steps that were told upwards."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from proposals.models.proposal import Proposal
from proposals.overdue import Level


class Escalation(models.Model):
    """A late step of a proposal, told to somebody (gecikme bildirimi). Added once for each level, never changed."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="escalations")
    # The step: since when the proposal stood where it was late.
    since = models.DateTimeField()
    due_at = models.DateTimeField()
    level = models.CharField(max_length=11, choices=Level)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "since", "level"], name="a_late_step_is_told_once_a_level"),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="escalation_level_is_known"),
            models.CheckConstraint(condition=Q(at__gte=models.F("due_at")), name="only_late_steps_are_told"),
        ]
        indexes = [models.Index(fields=["proposal", "level"], name="escalations_of_a_proposal")]

    def __str__(self) -> str:
        return f"{self.proposal_id}: {self.level}"
