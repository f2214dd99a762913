"""What happened: the public record, the outbox and the replay log of live topics in one append-only table."""

from __future__ import annotations

import secrets

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _l


def new_epoch() -> str:
    return secrets.token_hex(4)


class Audience(models.TextChoices):
    """Who may read an entry."""

    PUBLIC = "public", _l("Herkes")
    INVOLVED = "involved", _l("İlgililer")
    STAFF = "staff", _l("Görevliler")


class Topic(models.Model):
    """A stream of entries with its own gap-free sequence, such as ``proposal:42``.

    The row is locked while an entry is added, so the order of sequences is the order of commits.
    A changed epoch tells a client that sequences started anew.
    """

    name = models.CharField(max_length=80, primary_key=True)
    sequence = models.BigIntegerField(default=0)
    epoch = models.CharField(max_length=8, default=new_epoch)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(sequence__gte=0), name="topic_sequence_is_not_negative")
        ]

    def __str__(self) -> str:
        return f"{self.name}@{self.sequence}"


class EntryQuerySet(models.QuerySet["Entry"]):
    def public(self) -> EntryQuerySet:
        return self.filter(audience=Audience.PUBLIC)

    def in_topics(self, *topics: str) -> EntryQuerySet:
        return self.filter(topic__in=topics)

    def newest_first(self) -> EntryQuerySet:
        return self.order_by("-pk")


class Entry(models.Model):
    """One thing that happened (kayıt). Never changed, never deleted; holds ids and public values only.

    The journal lies below every other app, so people, organisations, councils and bodies are plain ids here.
    """

    kind = models.CharField(max_length=60)
    actor_id = models.BigIntegerField(null=True)
    on_behalf_of_id = models.BigIntegerField(null=True)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    council_id = models.BigIntegerField(null=True)
    body_id = models.BigIntegerField(null=True)
    topic = models.CharField(max_length=80)
    sequence = models.BigIntegerField()
    audience = models.CharField(max_length=10, choices=Audience, default=Audience.PUBLIC)
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _l("kayıt")
        verbose_name_plural = _l("kayıtlar")
        constraints = [
            models.UniqueConstraint(fields=["topic", "sequence"], name="one_entry_per_topic_and_sequence"),
            models.CheckConstraint(condition=models.Q(sequence__gte=1), name="entry_sequence_starts_at_one"),
            models.CheckConstraint(condition=models.Q(audience__in=Audience.values), name="entry_audience_is_known"),
        ]
        indexes = [
            models.Index(fields=["council_id", "-id"], name="entries_of_a_council"),
            models.Index(
                fields=["body_id", "-id"], condition=models.Q(body_id__isnull=False), name="entries_of_a_body"
            ),
            models.Index(fields=["topic", "-id"], name="entries_of_a_topic_newest"),
            models.Index(fields=["subject_type", "subject_id"], name="entries_of_a_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.topic}@{self.sequence}"


class Undelivered(models.Model):
    """An entry whose effects outside the database are still owed: written with it, removed once delivered."""

    entry = models.OneToOneField(Entry, primary_key=True, on_delete=models.CASCADE, related_name="undelivered")
    since = models.DateTimeField(db_default=Now())
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["since"], name="undelivered_oldest_first")]

    def __str__(self) -> str:
        return f"{self.entry_id}"
