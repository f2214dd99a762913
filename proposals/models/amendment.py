"""Changes to a proposal's text that somebody else asks for, and what became of them."""

from __future__ import annotations

from datetime import datetime

from django.core.validators import MaxLengthValidator, MinLengthValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _l

from people.models import Person
from proposals.amending import AmendmentKind, AmendmentReason, AmendmentState, Change, paragraphs_of
from proposals.models.proposal import MAX_BODY_LENGTH, Proposal, ProposalVersion
from proposals.stages import BEFORE_A_VOTE

LONGEST_REASON = 300


class AmendmentQuerySet(models.QuerySet["Amendment"]):
    def undecided(self) -> AmendmentQuerySet:
        """Open ones on texts that may still change."""
        return self.filter(state=AmendmentState.OPEN, proposal__stage__in=sorted(BEFORE_A_VOTE))

    def with_names(self) -> AmendmentQuerySet:
        """Everything a page names, joined."""
        return self.select_related("author", "decision__actor", "decision__version", "renews", "renewal")


class Amendment(models.Model):
    """A change to one paragraph of a proposal's text, with a reason (değişiklik önergesi).

    `version` and `position` say where its paragraph stands now; they follow it while it is open. Everything else never
    changes; the state follows from the decision.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="amendments")
    number = models.PositiveSmallIntegerField(editable=False)
    kind = models.CharField(_l("tür"), max_length=7, choices=AmendmentKind)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="amendments")
    # The version it was written on, and the newest one in which its paragraph stands at `position`.
    written_on = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField(_l("paragraf"))
    paragraph = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    text = models.TextField(_l("yeni metin"), blank=True, validators=[MaxLengthValidator(MAX_BODY_LENGTH)])
    reason = models.CharField(_l("gerekçe"), max_length=LONGEST_REASON, validators=[MinLengthValidator(10)])
    state = models.CharField(max_length=9, choices=AmendmentState, default=AmendmentState.OPEN)
    # The overtaken one whose author asks anew.
    renews = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="renewal")
    created_at = models.DateTimeField()

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        verbose_name = _l("değişiklik önergesi")
        verbose_name_plural = _l("değişiklik önergeleri")
        constraints = [
            models.UniqueConstraint(fields=["proposal", "number"], name="one_amendment_per_number"),
            models.CheckConstraint(condition=Q(kind__in=AmendmentKind.values), name="amendment_kind_is_known"),
            models.CheckConstraint(condition=Q(state__in=AmendmentState.values), name="amendment_state_is_known"),
            models.CheckConstraint(
                condition=Q(kind=AmendmentKind.REMOVE, text="") | (~Q(kind=AmendmentKind.REMOVE) & ~Q(text="")),
                name="amendments_bring_a_text_unless_they_remove",
            ),
            models.CheckConstraint(
                condition=Q(kind=AmendmentKind.INSERT, position=0, paragraph="")
                | (Q(position__gte=1) & ~Q(paragraph="")),
                name="amendments_speak_of_a_paragraph",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="amendments_say_why"),
            models.CheckConstraint(condition=Q(version__gte=F("written_on")), name="amendments_follow_later_versions"),
            models.CheckConstraint(
                condition=~Q(renews=F("id")) | Q(renews__isnull=True), name="an_amendment_renews_another"
            ),
        ]
        indexes = [
            models.Index(fields=["proposal", "state", "position"], name="amendments_by_state"),
            models.Index(fields=["author", "-id"], name="amendments_of_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id}/{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("amendment_detail", args=[self.proposal.council.slug, self.proposal.number, self.number])

    @property
    def is_open(self) -> bool:
        return self.state == AmendmentState.OPEN

    @property
    def change(self) -> Change:
        """What it does to the paragraphs of its version."""
        return Change(self.kind, self.position, len(paragraphs_of(self.text)))

    @property
    def decided_at(self) -> datetime | None:
        return self.decision.at if self.state != AmendmentState.OPEN else None


class AmendmentDecision(models.Model):
    """What became of an amendment: who, when, why. Written once; the amendment's state follows from it."""

    amendment = models.OneToOneField(Amendment, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=9, choices=AmendmentState)
    # Nobody, where a new version overtook it.
    actor = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason_code = models.CharField(_l("gerekçe türü"), max_length=24, blank=True)
    reason = models.TextField(_l("gerekçe"), blank=True, validators=[MaxLengthValidator(2000)])
    # The version it made, or the one that overtook it.
    version = models.ForeignKey(
        ProposalVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="amendment_decisions"
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=sorted(set(AmendmentState.values) - {AmendmentState.OPEN})),
                name="amendment_outcome_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=AmendmentState.DECLINED)
                | (Q(reason_code__in=AmendmentReason.values) & ~Q(reason="")),
                name="declined_amendments_carry_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=[AmendmentState.ACCEPTED, AmendmentState.OVERTAKEN], version__isnull=False)
                | Q(outcome__in=[AmendmentState.DECLINED, AmendmentState.WITHDRAWN], version__isnull=True),
                name="versions_come_of_accepted_amendments",
            ),
            models.CheckConstraint(
                condition=Q(outcome=AmendmentState.OVERTAKEN, actor__isnull=True)
                | (~Q(outcome=AmendmentState.OVERTAKEN) & Q(actor__isnull=False)),
                name="somebody_decides_amendments",
            ),
            models.UniqueConstraint(
                fields=["version"],
                condition=Q(outcome=AmendmentState.ACCEPTED),
                name="one_amendment_makes_a_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amendment_id}: {self.outcome}"

    @property
    def reason_kind(self) -> str:
        """The kind of a refusal's reason in words."""
        return str(AmendmentReason(self.reason_code).label) if self.reason_code else ""
