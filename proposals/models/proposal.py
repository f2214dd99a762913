"""A proposal, its number, its versions and its moves."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import MaxLengthValidator, MinLengthValidator
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _l

from ballots.models import Majority
from councils.models import Body, Council, District, Holder, Procedure, Theme
from discussions.models import Thread
from organisations.models import Organisation
from people.models import AnyPerson, Person
from proposals.overdue import late_at
from proposals.stages import LONGEST_STAGE, NEED_REASON, Stage
from turkish.functions import SearchVector

MAX_BODY_LENGTH = 20_000


NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def due_or_never() -> Case:
    """When a proposal is due, as an order: what nobody holds any more is never due, and comes last."""
    return Case(When(holder="", then=Value(NEVER)), default=Coalesce("due_at", Value(NEVER)))


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def visible_to(self, person: AnyPerson) -> ProposalQuerySet:
        """Submitted proposals are public; a draft is its author's alone."""
        public = ~Q(stage=Stage.DRAFT)
        return self.filter(public | Q(author_id=person.pk)) if person.is_authenticated else self.filter(public)

    def late(self, at: datetime) -> ProposalQuerySet:
        """Those whose step somebody is late with at a moment."""
        return self.filter(late_at(at))

    def with_names(self) -> ProposalQuerySet:
        """Everything a card or a page names, joined."""
        return self.select_related("council", "author", "on_behalf_of", "theme", "district", "addressed_to")


class Proposal(models.Model):
    """What a citizen or an organisation wants to change (öneri)."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="proposals")
    # A draft is addressed by its key; the number comes with submission.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    year = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    serial = models.PositiveIntegerField(null=True, blank=True, editable=False)
    number = models.CharField(max_length=20, blank=True, editable=False)

    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="proposals")
    on_behalf_of = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="proposals"
    )
    title = models.CharField(_l("başlık"), max_length=120, blank=True)
    summary = models.CharField(_l("özet"), max_length=400, blank=True)
    text = models.TextField(_l("öneri metni"), blank=True, validators=[MaxLengthValidator(MAX_BODY_LENGTH)])
    theme = models.ForeignKey(Theme, null=True, blank=True, on_delete=models.PROTECT, related_name="proposals")
    district = models.ForeignKey(District, null=True, blank=True, on_delete=models.PROTECT, related_name="proposals")
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    addressed_to = models.ForeignKey(
        Body, null=True, blank=True, on_delete=models.PROTECT, related_name="proposals_received"
    )
    thread = models.OneToOneField(Thread, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveSmallIntegerField(default=1)

    stage = models.CharField(_l("aşama"), max_length=LONGEST_STAGE, choices=Stage, default=Stage.DRAFT)
    stage_since = models.DateTimeField()
    # When the holder of the current stage should have moved on; empty when nothing is due.
    due_at = models.DateTimeField(null=True, blank=True)
    # How `due_at` was counted: start, days, which days did not count; see `actions.due`. Empty for a fixed moment.
    due_how = models.JSONField(default=dict, blank=True, editable=False)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    # Who must act now; empty when nobody must.
    holder = models.CharField(_l("elinde tutan"), max_length=20, choices=Holder, blank=True)
    # Where it went when it was merged, and where it came from when it was split off.
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_proposals"
    )
    split_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")

    # The council's procedure of the day of submission, a version that never changes, and what is read often of it.
    procedure = models.ForeignKey(Procedure, null=True, blank=True, on_delete=models.PROTECT, related_name="proposals")
    way = ArrayField(models.CharField(max_length=LONGEST_STAGE), default=list, editable=False)
    admissibility_days = models.PositiveSmallIntegerField(null=True, blank=True)
    support_threshold = models.PositiveIntegerField(null=True, blank=True)
    support_days = models.PositiveSmallIntegerField(null=True, blank=True)
    group_days = models.PositiveSmallIntegerField(null=True, blank=True)
    ballot_days = models.PositiveSmallIntegerField(null=True, blank=True)
    quorum_percent = models.PositiveSmallIntegerField(null=True, blank=True)
    majority = models.CharField(max_length=12, choices=Majority, blank=True)
    support_closes_at = models.DateTimeField(null=True, blank=True)

    # The rows of Support plus what was counted elsewhere before an import, kept in the transaction that changes a row.
    support_count = models.PositiveIntegerField(default=0)
    earlier_supports = models.PositiveIntegerField(default=0)

    # Where an imported proposal comes from: (source, source_id) identifies it.
    source = models.CharField(max_length=60, blank=True)
    source_id = models.CharField(max_length=80, blank=True)

    search = models.GeneratedField(
        expression=SearchVector("title", "summary", "text"), output_field=SearchVectorField(), db_persist=True
    )

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _l("öneri")
        verbose_name_plural = _l("öneriler")
        constraints = [
            models.UniqueConstraint(
                fields=["council", "year", "serial"], name="one_proposal_per_serial_in_a_council_and_year"
            ),
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="one_proposal_per_number"),
            models.UniqueConstraint(
                fields=["council", "source", "source_id"],
                condition=~Q(source_id=""),
                name="one_proposal_per_source_row",
            ),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="proposal_stage_is_known"),
            models.CheckConstraint(
                condition=Q(stage=Stage.DRAFT, number="", serial__isnull=True, submitted_at__isnull=True)
                | (
                    ~Q(stage=Stage.DRAFT)
                    & ~Q(number="")
                    & ~Q(title="")
                    & Q(serial__isnull=False, year__isnull=False, submitted_at__isnull=False)
                    & Q(addressed_to__isnull=False, thread__isnull=False, procedure__isnull=False)
                ),
                name="proposal_is_a_draft_or_complete_with_number",
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="proposal_point_is_whole_and_on_earth",
            ),
            models.CheckConstraint(
                condition=Q(support_count__gte=F("earlier_supports")), name="earlier_supports_are_counted_in"
            ),
            models.CheckConstraint(
                condition=~Q(stage=Stage.GATHERING) | Q(support_closes_at__isnull=False),
                name="gathering_support_has_an_end",
            ),
            models.CheckConstraint(
                condition=~Q(stage=Stage.GATHERING) | Q(support_threshold__isnull=False),
                name="gathering_support_has_a_threshold",
            ),
            models.CheckConstraint(
                condition=Q(stage=Stage.MERGED, merged_into__isnull=False)
                | (~Q(stage=Stage.MERGED) & Q(merged_into__isnull=True)),
                name="merged_proposals_say_where_they_went",
            ),
            models.CheckConstraint(
                condition=(~Q(merged_into=F("id")) | Q(merged_into__isnull=True))
                & (~Q(split_from=F("id")) | Q(split_from__isnull=True)),
                name="a_proposal_is_not_its_own_origin",
            ),
            models.CheckConstraint(condition=Q(holder__in=["", *Holder.values]), name="proposal_holder_is_known"),
        ]
        indexes = [
            GinIndex(fields=["search"], name="proposals_search"),
            models.Index(
                fields=["council", "-submitted_at", "-id"], condition=~Q(stage="draft"), name="proposals_newest_first"
            ),
            models.Index(
                fields=["council", "-support_count", "-id"],
                condition=~Q(stage="draft"),
                name="proposals_most_supported",
            ),
            models.Index(fields=["council", "stage", "-submitted_at", "-id"], name="proposals_by_stage"),
            models.Index(fields=["addressed_to", "stage"], name="proposals_of_a_body"),
            # Every column a facet counts, so that the rows themselves are not read.
            models.Index(
                fields=["council", "stage", "theme", "district", "addressed_to", "on_behalf_of"],
                condition=~Q(stage="draft"),
                name="proposals_facets",
            ),
            models.Index(
                fields=["support_closes_at"], condition=Q(stage="gathering"), name="proposals_gathering_by_end"
            ),
            models.Index(
                fields=["council", "holder", "due_at"], condition=~Q(holder=""), name="proposals_by_holder_and_due"
            ),
            # The office's list: what is due first, and what stands where it is the longest.
            models.Index(
                "council", due_or_never(), F("id").desc(), condition=~Q(stage="draft"), name="proposals_by_due"
            ),
            models.Index(
                fields=["council", "stage_since", "-id"], condition=~Q(stage="draft"), name="proposals_longest_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()

    def get_absolute_url(self) -> str:
        if self.is_draft:
            return reverse("proposal_draft", args=[self.council.slug, self.key])
        return reverse("proposal_detail", args=[self.council.slug, self.number])

    @property
    def topic(self) -> str:
        return f"proposal:{self.pk}"

    @property
    def is_draft(self) -> bool:
        return self.stage == Stage.DRAFT

    def gathers_support(self, at: datetime) -> bool:
        """Whether support may be given or taken back at a moment."""
        return self.stage == Stage.GATHERING and self.support_closes_at is not None and at < self.support_closes_at


class NumberSeries(models.Model):
    """The last serial given in a council and year; its row lock makes numbers gap-free."""

    council = models.ForeignKey(Council, on_delete=models.CASCADE)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["council", "year"], name="one_series_per_council_and_year")]

    def __str__(self) -> str:
        return f"{self.council_id}-{self.year}: {self.last}"


class ProposalVersion(models.Model):
    """The text of a proposal as it stood from a moment on (sürüm)."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=400)
    text = models.TextField()
    note = models.CharField(_l("neyi, neden değiştirdiniz?"), max_length=300, blank=True)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "number"], name="one_version_per_number"),
            models.CheckConstraint(condition=Q(number=1) | ~Q(note=""), name="later_versions_carry_a_note"),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} v{self.number}"


class StageChange(models.Model):
    """A move of a proposal: who, when and why."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="moves")
    old = models.CharField(max_length=LONGEST_STAGE, choices=Stage)
    new = models.CharField(max_length=LONGEST_STAGE, choices=Stage)
    actor = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    # One of the codes of `reasons.py`, for those exits that know them.
    reason_code = models.CharField(_l("gerekçe türü"), max_length=24, blank=True)
    reason = models.TextField(_l("gerekçe"), blank=True, validators=[MinLengthValidator(10), MaxLengthValidator(2000)])
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(new__in=sorted(NEED_REASON)) | ~Q(reason=""), name="exits_carry_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(new__in=sorted(NEED_REASON)) | ~Q(reason_code=""),
                name="exits_carry_the_kind_of_their_reason",
            ),
            models.CheckConstraint(condition=~Q(old=F("new")), name="a_move_changes_the_stage"),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id}: {self.old} → {self.new}"
