"""What the municipal council decided on an opinion: entered by one person, confirmed by another."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from councils.models import Council, MunicipalMeeting
from people.models import AnyPerson, Person
from proposals.models.opinion import Opinion
from proposals.models.proposal import Proposal
from proposals.reasons import Reason


class DecisionState(models.TextChoices):
    """Whether an entered decision counts."""

    PENDING = "pending", _l("Onay bekliyor")
    CONFIRMED = "confirmed", _l("Onaylandı")
    WITHDRAWN = "withdrawn", _l("Geri çekildi")


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visible_to(self, person: AnyPerson) -> DecisionQuerySet:
        """What was confirmed is public; what waits is found by those who keep it, through `kept`."""
        return self.filter(state=DecisionState.CONFIRMED)

    def with_names(self) -> DecisionQuerySet:
        return self.select_related("council", "opinion", "meeting", "entered_by", "confirmed_by")


class Decision(models.Model):
    """A decision of the municipal council (karar). It moves proposals once a second person has confirmed it; after that nothing
    of it changes, and before that only whether it is confirmed or withdrawn (migration 0065)."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="decisions")
    opinion = models.ForeignKey(Opinion, on_delete=models.PROTECT, related_name="+")
    meeting = models.ForeignKey(MunicipalMeeting, on_delete=models.PROTECT, related_name="+")
    agenda_number = models.PositiveSmallIntegerField(_l("gündem numarası"), null=True, blank=True)
    commission = models.CharField(_l("komisyon"), max_length=160, blank=True)
    decided_on = models.DateField(_l("karar tarihi"))
    year = models.PositiveSmallIntegerField(_l("yıl"))
    serial = models.PositiveIntegerField(_l("karar numarası"))
    is_unanimous = models.BooleanField(_l("oy birliği"), default=False)
    votes_for = models.PositiveSmallIntegerField(_l("kabul"), null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField(_l("ret"), null=True, blank=True)
    votes_abstain = models.PositiveSmallIntegerField(_l("çekimser"), null=True, blank=True)
    reasons = models.TextField(_l("gerekçe"))
    state = models.CharField(max_length=9, choices=DecisionState, default=DecisionState.PENDING)
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    # Who confirmed it, or withdrew it.
    confirmed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _l("karar")
        verbose_name_plural = _l("kararlar")
        constraints = [
            models.UniqueConstraint(
                fields=["council", "year", "serial"],
                condition=~Q(state="withdrawn"),
                name="one_decision_per_number_of_a_municipality_and_year",
            ),
            models.UniqueConstraint(
                fields=["opinion"], condition=Q(state="pending"), name="one_decision_of_an_opinion_waits"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("entered_by")),
                name="nobody_confirms_what_they_entered",
            ),
            models.CheckConstraint(
                condition=Q(state="pending", confirmed_by__isnull=True, confirmed_at__isnull=True)
                & Q(withdrawn_by__isnull=True, withdrawn_at__isnull=True)
                | Q(state="confirmed", confirmed_by__isnull=False, confirmed_at__isnull=False)
                & Q(withdrawn_by__isnull=True, withdrawn_at__isnull=True)
                | Q(state="withdrawn", confirmed_by__isnull=True, confirmed_at__isnull=True)
                & Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False),
                name="decision_state_says_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(is_unanimous=True) & (Q(votes_for__isnull=True) | Q(votes_for__gte=1, votes_against=0))
                | Q(
                    is_unanimous=False,
                    votes_for__gte=1,
                    votes_for__isnull=False,
                    votes_against__isnull=False,
                    votes_abstain__isnull=False,
                ),
                name="a_tally_is_whole_or_unanimous",
            ),
            models.CheckConstraint(condition=Q(serial__gte=1), name="decision_numbers_start_at_one"),
            models.CheckConstraint(condition=Q(decided_on__year=F("year")), name="a_decision_is_numbered_in_its_year"),
            models.CheckConstraint(condition=~Q(reasons=""), name="a_decision_says_why"),
        ]
        indexes = [models.Index(fields=["council", "-decided_on", "-id"], name="decisions_newest_first")]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """As it is cited: ``2026/118``."""
        return f"{self.year}/{self.serial}"

    @property
    def tally(self) -> str:
        """For, against and abstaining, in words."""
        if self.votes_for is None:
            return _("Oy birliği")
        figures = {"for": self.votes_for, "against": self.votes_against, "abstain": self.votes_abstain or 0}
        numbers = _("%(for)d kabul, %(against)d ret, %(abstain)d çekimser") % figures
        return _("Oy birliği (%(numbers)s)") % {"numbers": numbers} if self.is_unanimous else numbers

    def get_absolute_url(self) -> str:
        return reverse("decision_detail", args=[self.council.slug, self.pk])


class Outcome(models.TextChoices):
    """What a decision means for one proposal (sonuç)."""

    ACCEPTED = "accepted", _l("Kabul edildi")
    PARTLY = "partly", _l("Kısmen kabul edildi")
    DECLINED = "declined", _l("Kabul edilmedi")
    DEFERRED = "deferred", _l("Ertelendi")


class DecisionOutcome(models.Model):
    """What a decision means for one proposal of the opinion. Written with the decision, never changed (migration 0065)."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="outcomes")
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="decision_outcomes")
    outcome = models.CharField(_l("sonuç"), max_length=8, choices=Outcome)
    accepted_parts = models.TextField(_l("kabul edilen bölümler"), blank=True)
    reason_code = models.CharField(_l("gerekçe türü"), max_length=20, choices=Reason, blank=True)
    deferred_to = models.ForeignKey(MunicipalMeeting, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _l("karar sonucu")
        verbose_name_plural = _l("karar sonuçları")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "proposal"], name="one_outcome_per_proposal_of_a_decision"),
            models.CheckConstraint(
                condition=Q(outcome="accepted", accepted_parts="", reason_code="", deferred_to__isnull=True)
                | Q(outcome="partly", reason_code="", deferred_to__isnull=True) & ~Q(accepted_parts="")
                | Q(outcome="declined", accepted_parts="", deferred_to__isnull=True) & ~Q(reason_code="")
                | Q(outcome="deferred", accepted_parts="", reason_code="", deferred_to__isnull=False),
                name="an_outcome_says_what_it_needs",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id}: {self.proposal_id} {self.outcome}"


class DocumentKind(models.TextChoices):
    DECISION = "decision", _l("Karar belgesi")
    REPORT = "report", _l("Komisyon raporu")


def decision_path(document: DecisionDocument, name: str) -> str:
    """Files are stored under our own random name; the given one is only shown."""
    return f"decisions/{document.added_at:%Y/%m}/{uuid.uuid4().hex}.pdf"


class DecisionDocument(models.Model):
    """The signed decision or the commission's report as a PDF, checked by its content. Added, never changed (migration 0065)."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(_l("belge türü"), max_length=8, choices=DocumentKind)
    file = models.FileField(upload_to=decision_path, max_length=200)
    name = models.CharField(max_length=120)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        verbose_name = _l("karar belgesi")
        verbose_name_plural = _l("karar belgeleri")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "digest"], name="one_decision_document_per_content"),
            models.CheckConstraint(condition=Q(kind__in=DocumentKind.values), name="decision_document_kind_is_known"),
        ]

    def __str__(self) -> str:
        return self.name
