"""What is said in a request, kept as it was said: messages, notes of the desk, files, pauses and changes of status."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _l

from people.models import Person
from servicerequests.models.request import LONGEST_TEXT, ServiceRequest
from servicerequests.states import Resolution, Status


class Side(models.TextChoices):
    """Who speaks (taraf)."""

    APPLICANT = "applicant", _l("Başvuran")
    DESK = "desk", _l("Müdürlük")
    NOTE = "note", _l("İç not")


class Message(models.Model):
    """Something said between applicant and desk, or a note inside the desk. Only added (migration 0002)."""

    request = models.ForeignKey(ServiceRequest, on_delete=models.PROTECT, related_name="messages")
    side = models.CharField(max_length=9, choices=Side)
    author = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_l("ileti"), validators=[MaxLengthValidator(LONGEST_TEXT)])
    # A question to the applicant stops the clock; an answer of the desk is what the first answer is measured by.
    is_question = models.BooleanField(default=False)
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["request", "at", "id"], name="messages_of_a_request")]
        constraints = [
            models.CheckConstraint(condition=Q(side__in=Side.values), name="message_side_is_known"),
            models.CheckConstraint(condition=~Q(text=""), name="message_says_something"),
            models.CheckConstraint(condition=Q(is_question=False) | Q(side=Side.DESK), name="only_the_desk_asks_back"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.side} {self.at:%Y-%m-%d %H:%M}"


def request_file_path(file: Any, name: str) -> str:
    """Files are stored under our own random name; the given one is only shown."""
    return f"requests/{file.added_at:%Y/%m}/{uuid.uuid4().hex}{file.extension}"


class RequestFile(models.Model):
    """A document or picture of a request, checked by its content; read by applicant and desk alone."""

    request = models.ForeignKey(ServiceRequest, on_delete=models.PROTECT, related_name="files")
    message = models.ForeignKey(Message, null=True, blank=True, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(max_length=5, choices=[("pdf", "PDF"), ("image", _l("Görsel"))])
    file = models.FileField(upload_to=request_file_path, max_length=200)
    name = models.CharField(max_length=120)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    added_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["pdf", "image"]), name="request_file_kind_is_known"),
            models.UniqueConstraint(
                fields=["request", "message", "digest"], nulls_distinct=False, name="one_file_per_content_of_a_message"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def extension(self) -> str:
        return ".pdf" if self.kind == "pdf" else ".webp"


class Pause(models.Model):
    """From when to when the clock stood still because the applicant was asked (bekleme)."""

    request = models.ForeignKey(ServiceRequest, on_delete=models.PROTECT, related_name="pauses")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["began_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("began_at")), name="a_pause_ends_after_it_began"
            ),
            models.UniqueConstraint(
                fields=["request"], condition=Q(ended_at__isnull=True), name="one_running_pause_of_a_request"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.began_at:%Y-%m-%d %H:%M}"


class StatusChange(models.Model):
    """A move of a request: who, when, and with which resolution. Only added (migration 0002)."""

    request = models.ForeignKey(ServiceRequest, on_delete=models.PROTECT, related_name="moves")
    old = models.CharField(max_length=17, choices=Status, blank=True)
    new = models.CharField(max_length=17, choices=Status)
    resolution = models.CharField(max_length=12, choices=Resolution, blank=True)
    actor = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(old=F("new")), name="a_status_change_changes_the_status")]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.old} → {self.new}"


class Joined(models.Model):
    """Somebody who has the same concern (ben de): told what becomes of it, counted, and named to nobody."""

    request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="joined")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="requests_joined")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "person"], name="one_joins_a_request_once")]

    def __str__(self) -> str:
        return f"{self.request_id} {self.person_id}"
