"""What was told of a request's clocks."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from servicerequests.escalation import Clock, Level
from servicerequests.models.request import ServiceRequest


class ClockNotice(models.Model):
    """A clock that runs out or has run out, told to somebody (süre bildirimi). Added once for each level, never changed."""

    request = models.ForeignKey(ServiceRequest, on_delete=models.PROTECT, related_name="clock_notices")
    clock = models.CharField(max_length=12, choices=Clock)
    # Since when the clock ran: a request that is opened again has a new one.
    since = models.DateTimeField()
    level = models.CharField(max_length=11, choices=Level)
    due_at = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "clock", "since", "level"], name="a_clock_is_told_once_at_a_level"
            ),
            models.CheckConstraint(condition=Q(clock__in=Clock.values), name="told_clock_is_known"),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="level_of_a_clock_is_known"),
            models.CheckConstraint(
                condition=Q(level=Level.WARNING) | Q(at__gte=models.F("due_at")),
                name="only_late_answers_are_told_upwards",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.clock}: {self.level}"
