"""Opinions: what the general assembly adopts of one or more proposals and the secretary sends to the municipal council."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _l

from ballots.models import Ballot, Majority
from councils.models import Council
from people.models import AnyPerson, Person
from proposals.models.proposal import MAX_BODY_LENGTH, Proposal
from proposals.opinion_states import OpinionState


class OpinionQuerySet(models.QuerySet["Opinion"]):
    def visible_to(self, person: AnyPerson) -> OpinionQuerySet:
        """Public once the general assembly has been asked: an opinion has its number from then on."""
        return self.exclude(number="")


class Opinion(models.Model):
    """What a council says to the municipal council (görüş): a text made of one or more proposals."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="opinions")
    # A draft is addressed by its key; the number comes when the general assembly is asked.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    year = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    serial = models.PositiveIntegerField(null=True, blank=True, editable=False)
    number = models.CharField(max_length=22, blank=True, editable=False)
    title = models.CharField(_l("başlık"), max_length=160)
    text = models.TextField(_l("görüş metni"), validators=[MaxLengthValidator(MAX_BODY_LENGTH)])
    # Counts what was saved, so that two people do not write over one another.
    revision = models.PositiveIntegerField(default=1)
    state = models.CharField(_l("durum"), max_length=8, choices=OpinionState, default=OpinionState.DRAFT)
    prepared_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    # When it came into its state.
    state_since = models.DateTimeField()
    adopted_at = models.DateTimeField(null=True, blank=True)
    # Handed to the municipality: the moment it was written down here, the day and the number of the municipality's registry.
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_on = models.DateField(_l("gönderildiği gün"), null=True, blank=True)
    registry_number = models.CharField(_l("evrak kayıt numarası"), max_length=40, blank=True)
    sent_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = OpinionQuerySet.as_manager()

    class Meta:
        verbose_name = _l("görüş")
        verbose_name_plural = _l("görüşler")
        constraints = [
            models.UniqueConstraint(
                fields=["council", "year", "serial"], name="one_opinion_per_serial_in_a_council_and_year"
            ),
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="one_opinion_per_number"),
            models.CheckConstraint(condition=Q(state__in=OpinionState.values), name="opinion_state_is_known"),
            models.CheckConstraint(
                condition=Q(number="", year__isnull=True, serial__isnull=True)
                | (~Q(number="") & Q(year__isnull=False, serial__isnull=False)),
                name="opinion_number_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(state=OpinionState.DRAFT) | (~Q(number="") & ~Q(title="") & ~Q(text="")),
                name="opinion_is_a_draft_or_complete_with_number",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[OpinionState.ADOPTED, OpinionState.SENT]) | Q(adopted_at__isnull=False),
                name="adopted_opinions_say_when",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state=OpinionState.SENT, sent_at__isnull=False, sent_on__isnull=False, sent_by__isnull=False)
                    & ~Q(registry_number="")
                )
                | (~Q(state=OpinionState.SENT) & Q(sent_at__isnull=True, sent_on__isnull=True, registry_number="")),
                name="sent_opinions_say_when_and_under_which_number",
            ),
        ]
        indexes = [
            models.Index(fields=["council", "-id"], condition=~Q(number=""), name="opinions_newest_first"),
            models.Index(fields=["council", "state"], name="opinions_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()

    def get_absolute_url(self) -> str:
        if not self.number:
            return reverse("opinion_draft", args=[self.council.slug, self.key])
        return reverse("opinion_detail", args=[self.council.slug, self.number])

    @property
    def topic(self) -> str:
        return f"opinion:{self.pk}"


class OpinionProposal(models.Model):
    """A proposal that an opinion was made of; it belongs to one living opinion at most."""

    opinion = models.ForeignKey(Opinion, on_delete=models.CASCADE, related_name="links")
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="opinion_links")
    # The version of its text when it was taken in.
    version = models.PositiveSmallIntegerField(default=1)
    # Whether the proposal goes on with this opinion; not, when it was given back after a vote without result.
    is_current = models.BooleanField(default=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["opinion", "proposal"], name="a_proposal_stands_once_in_an_opinion"),
            models.UniqueConstraint(
                fields=["proposal"], condition=Q(is_current=True), name="one_living_opinion_per_proposal"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opinion_id}: {self.proposal_id}"


class OpinionSeries(models.Model):
    """The last serial given to an opinion in a council and year; its row lock makes numbers gap-free."""

    council = models.ForeignKey(Council, on_delete=models.CASCADE)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["council", "year"], name="one_opinion_series_per_council_and_year")
        ]

    def __str__(self) -> str:
        return f"{self.council_id}-{self.year}: {self.last}"


class OpinionBallot(models.Model):
    """The link from an opinion to a ballot of the general assembly; one without result may be followed by another."""

    opinion = models.ForeignKey(Opinion, on_delete=models.PROTECT, related_name="ballot_links")
    ballot = models.OneToOneField(Ballot, on_delete=models.PROTECT, related_name="+")
    is_current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["opinion"], condition=Q(is_current=True), name="one_current_ballot_per_opinion"
            )
        ]

    def __str__(self) -> str:
        return f"{self.opinion_id} → {self.ballot_id}"


def minutes_path(tally: Any, name: str) -> str:
    """Files are stored under our own random name; the given one is only shown."""
    return f"opinions/{tally.entered_at:%Y/%m}/{uuid.uuid4().hex}.pdf"


class TallyState(models.TextChoices):
    """What became of a tally that somebody entered."""

    PENDING = "pending", _l("İkinci kişinin onayını bekliyor")
    CONFIRMED = "confirmed", _l("Onaylandı")
    REJECTED = "rejected", _l("Geri çevrildi")


class AssemblyTally(models.Model):
    """The vote of a general assembly that met elsewhere, with its signed minutes (genel kurul oylaması, tutanak).

    One person enters it, a second one confirms it; the rule it was measured by stands beside the figures.
    """

    opinion = models.ForeignKey(Opinion, on_delete=models.PROTECT, related_name="tallies")
    held_on = models.DateField(_l("toplantı günü"))
    members = models.PositiveIntegerField(_l("üye sayısı"))
    present = models.PositiveIntegerField(_l("toplantıya katılan"))
    votes_for = models.PositiveIntegerField(_l("kabul"))
    votes_against = models.PositiveIntegerField(_l("ret"))
    votes_abstain = models.PositiveIntegerField(_l("çekimser"))
    quorum = models.PositiveIntegerField()
    majority = models.CharField(max_length=12, choices=Majority)
    outcome = models.CharField(max_length=9)
    file = models.FileField(upload_to=minutes_path, max_length=200)
    name = models.CharField(max_length=120)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=9, choices=TallyState, default=TallyState.PENDING)
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    settled_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=2000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["opinion"],
                condition=Q(state="pending") | Q(state="confirmed", outcome__in=["passed", "rejected"]),
                name="one_tally_counts_per_opinion",
            ),
            models.CheckConstraint(condition=Q(state__in=TallyState.values), name="tally_state_is_known"),
            models.CheckConstraint(
                condition=Q(state="pending", settled_by__isnull=True, settled_at__isnull=True)
                | (
                    ~Q(state="pending")
                    & Q(settled_by__isnull=False, settled_at__isnull=False)
                    & ~Q(settled_by=F("entered_by"))
                ),
                name="a_tally_is_settled_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(present__gte=F("votes_for") + F("votes_against") + F("votes_abstain"))
                & Q(members__gte=F("present")),
                name="no_more_votes_than_people_present",
            ),
            models.CheckConstraint(condition=Q(present__gte=F("quorum")), name="tallies_meet_their_quorum"),
            models.CheckConstraint(condition=~Q(state="rejected") | ~Q(reason=""), name="rejected_tallies_say_why"),
            models.CheckConstraint(condition=Q(majority__in=Majority.values), name="tally_majority_is_known"),
            models.CheckConstraint(
                condition=Q(outcome__in=["passed", "rejected", "tied"]), name="tally_outcome_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opinion_id}: {self.votes_for}/{self.votes_against}/{self.votes_abstain}"
