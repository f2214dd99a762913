"""Summary rows: made from what other apps keep, kept by the journal, and always equal to a recount (`auditing`)."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _l

from councils.models import Body, Council, District, Theme
from organisations.models import Organisation
from people.models import AgeBand, Person
from proposals.models import Proposal
from proposals.stages import Stage


class ProposalFact(models.Model):
    """What the figures count of one submitted proposal (öneri özeti)."""

    proposal = models.OneToOneField(Proposal, on_delete=models.CASCADE, primary_key=True, related_name="+")
    council = models.ForeignKey(Council, on_delete=models.CASCADE, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField()
    theme = models.ForeignKey(Theme, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    district = models.ForeignKey(District, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    body = models.ForeignKey(Body, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    stage = models.CharField(max_length=20)
    stage_since = models.DateTimeField()
    holder = models.CharField(max_length=20, blank=True)
    due_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField()
    # Stages it reached, in their order; and moves it made at least once, as "in_group>ballot".
    reached = ArrayField(models.CharField(max_length=20), default=list)
    flows = ArrayField(models.CharField(max_length=41), default=list)
    in_time = models.BooleanField(null=True)

    class Meta:
        verbose_name = _l("öneri özeti")
        verbose_name_plural = _l("öneri özetleri")
        constraints = [models.CheckConstraint(condition=~Q(stage=Stage.DRAFT), name="drafts_are_not_counted")]
        indexes = [
            models.Index(fields=["council", "year", "stage"], name="facts_of_a_council"),
            models.Index(fields=["council", "due_at"], condition=Q(due_at__isnull=False), name="facts_by_due"),
            models.Index(fields=["council", "-submitted_at", "-proposal"], name="facts_newest_first"),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id}: {self.stage}"


class StageSpan(models.Model):
    """A proposal's time in one stage it reached (aşama süresi); one row for each."""

    fact = models.ForeignKey(ProposalFact, on_delete=models.CASCADE, related_name="spans", db_index=False)
    council = models.ForeignKey(Council, on_delete=models.CASCADE, related_name="+", db_index=False)
    stage = models.CharField(max_length=20)
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    seconds = models.BigIntegerField(null=True)
    in_time = models.BooleanField(null=True)

    class Meta:
        verbose_name = _l("aşama süresi")
        verbose_name_plural = _l("aşama süreleri")
        constraints = [models.UniqueConstraint(fields=["fact", "stage"], name="one_span_per_proposal_and_stage")]
        indexes = [models.Index(fields=["council", "stage"], name="spans_of_a_council")]

    def __str__(self) -> str:
        return f"{self.fact_id}: {self.stage}"


EVERY_YEAR = 0


class Participation(models.Model):
    """That somebody took part in a council in a year, and how (katılım). Read only as counts, never as a list of people."""

    council = models.ForeignKey(Council, on_delete=models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    # 0 stands for all years together, so that people are counted once without being compared.
    year = models.PositiveSmallIntegerField()
    district = models.ForeignKey(District, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    age_band = models.CharField(max_length=5, choices=AgeBand, blank=True)
    is_author = models.BooleanField()
    is_supporter = models.BooleanField()
    is_commenter = models.BooleanField()
    is_voter = models.BooleanField()

    class Meta:
        verbose_name = _l("katılım")
        verbose_name_plural = _l("katılımlar")
        constraints = [
            models.UniqueConstraint(fields=["council", "year", "person"], name="one_participation_per_person_and_year"),
            models.CheckConstraint(
                condition=Q(is_author=True) | Q(is_supporter=True) | Q(is_commenter=True) | Q(is_voter=True),
                name="who_took_part_did_something",
            ),
        ]
        indexes = [
            models.Index(
                fields=["council", "year", "district"],
                include=["is_author", "is_supporter", "is_commenter", "is_voter"],
                name="participation_by_district",
            ),
            models.Index(fields=["council", "year", "age_band"], name="participation_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.council_id}/{self.year}"


class Subject(models.TextChoices):
    """What a mark speaks of."""

    PROPOSAL = "proposal"
    PERSON = "person"
    COMMENT = "comment"
    BALLOT = "ballot"


class Mark(models.Model):
    """Something changed and its summary rows wait to be made anew (işaret). Many may speak of the same thing."""

    subject = models.CharField(max_length=8, choices=Subject)
    key = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(subject__in=Subject.values), name="mark_subject_is_known")]

    def __str__(self) -> str:
        return f"{self.subject}:{self.key}"


class VotesSeen(models.Model):
    """How far the votes were looked through for new voters (görülen oylar); one row."""

    last_id = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.last_id)


def report_path(report: Any, name: str) -> str:
    return f"raporlar/{report.year}/{uuid.uuid4().hex}.pdf"


class AnnualReport(models.Model):
    """A year of a council as a document, as the figures stood at a moment (yıllık rapor). One of a year may be public."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    file = models.FileField(upload_to=report_path, max_length=200)
    size = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _l("yıllık rapor")
        verbose_name_plural = _l("yıllık raporlar")
        ordering = ["-year", "-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["council", "year"],
                condition=Q(published_at__isnull=False),
                name="one_public_report_of_a_council_and_year",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, published_by__isnull=True)
                | Q(published_at__gte=models.F("made_at"), published_by__isnull=False),
                name="a_report_is_published_by_somebody_after_it_was_made",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.council_id}: {self.year}"
