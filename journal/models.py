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
            # What somebody did, for the file of everything that is kept about them.
            models.Index(
                fields=["actor_id", "id"], condition=models.Q(actor_id__isnull=False), name="entries_by_actor"
            ),
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


# --- The sealed log ---------------------------------------------------------------------------------------------------
class Queued(models.Model):
    """A committed row that waits to be sealed; written by a trigger on the row's own table, taken by the sealer."""

    source = models.CharField(max_length=40)
    row_id = models.BigIntegerField()
    # A declared ballot is sealed at once and not with the next hour's batch.
    is_urgent = models.BooleanField(db_default=False, default=False)
    since = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["id"], condition=models.Q(is_urgent=True), name="queued_that_are_urgent")]

    def __str__(self) -> str:
        return f"{self.source} {self.row_id}"


class Leaf(models.Model):
    """A sealed row's place in the log and the hash of its content (yaprak). Never changed, never deleted.

    The salt keeps somebody who sees the hash in a neighbour's proof from guessing the content.
    """

    index = models.BigIntegerField(primary_key=True)
    source = models.CharField(max_length=40)
    row_id = models.BigIntegerField()
    # Of the form of the content, so that a later release still knows how an old leaf was made.
    version = models.PositiveSmallIntegerField()
    salt = models.BinaryField(max_length=16)
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "row_id"], name="a_row_is_sealed_once"),
            models.CheckConstraint(condition=models.Q(index__gte=0), name="leaf_index_starts_at_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.index}: {self.source} {self.row_id}"


class Node(models.Model):
    """The hash of a perfect subtree at every eighth level, so that a proof is made from a few rows."""

    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="one_node_per_place")]

    def __str__(self) -> str:
        return f"{self.level}/{self.index}"


class Head(models.Model):
    """A seal (mühür): size and root of the log at a moment, and the hash of the head before. Never changed."""

    number = models.BigIntegerField(primary_key=True)
    size = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    previous = models.BinaryField(max_length=32)
    at = models.DateTimeField()
    hash = models.BinaryField(max_length=32)
    # What the next batch is added to; see `merkle.Frontier`.
    frontier = models.BinaryField()

    class Meta:
        verbose_name = _l("mühür")
        verbose_name_plural = _l("mühürler")
        constraints = [
            models.UniqueConstraint(fields=["size"], name="every_head_adds_leaves"),
            models.CheckConstraint(
                condition=models.Q(number__gte=1, size__gte=1), name="head_numbers_and_sizes_start_at_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"
