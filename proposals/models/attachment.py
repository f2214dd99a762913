"""Documents and pictures of a proposal."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _l

from people.models import Person
from proposals.models.proposal import Proposal


def attachment_path(attachment: Any, name: str) -> str:
    """Files are stored under our own random name; the given one is only shown."""
    return f"proposals/{attachment.added_at:%Y/%m}/{uuid.uuid4().hex}{attachment.extension}"


class AttachmentKind(models.TextChoices):
    PDF = "pdf", "PDF"
    IMAGE = "image", _l("Görsel")


class Attachment(models.Model):
    """A document or picture of a proposal (ek), checked by its content."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="attachments")
    kind = models.CharField(max_length=5, choices=AttachmentKind)
    file = models.FileField(upload_to=attachment_path, max_length=200)
    name = models.CharField(max_length=120)
    description = models.CharField(_l("açıklama"), max_length=200, blank=True)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=AttachmentKind.values), name="attachment_kind_is_known"),
            models.UniqueConstraint(fields=["proposal", "digest"], name="one_attachment_per_content"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def extension(self) -> str:
        return ".pdf" if self.kind == AttachmentKind.PDF else ".webp"
