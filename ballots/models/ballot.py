"""One question put to an electorate between two moments, and the votes it gets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _l

from ballots.words import (
    CHAIR_DECIDES,
    COUNTED_BASES,
    MAX_OPTION,
    MAX_OPTIONS,
    MAX_PROXIES,
    MAX_REASON,
    MAX_SCORE,
    RANKED,
    SEVERAL_SEATS,
    Base,
    Choice,
    Majority,
    Method,
    Outcome,
    Phase,
    ResultsVisibility,
    RollRule,
    TieRule,
)
from people.models import Person

if TYPE_CHECKING:
    from ballots.policies import BallotPolicy


@dataclass(frozen=True, slots=True)
class OpenTie:
    """What is equal and how many of them go on: ``yes`` and ``no``, or numbers of options as text."""

    between: tuple[str, ...]
    places: int


class Ballot(models.Model):
    """A ballot (oylama). Question, moments, rule and roll are frozen when it opens.

    Open or closed is computed from the moments by the database's clock; `declared_at` only says that the outcome
    has been counted and written down. Triggers (migration 0004) refuse every later change of what is frozen.
    """

    policy = models.CharField(max_length=60)
    question = models.CharField(_l("soru"), max_length=300)
    method = models.CharField(_l("yöntem"), max_length=8, choices=Method, default=Method.YES_NO)
    # The options are numbered from 1 to this; none in a yes/no ballot.
    option_count = models.PositiveSmallIntegerField(default=0)
    seats = models.PositiveSmallIntegerField(_l("kazanan sayısı"), default=1)
    # Approval: how many options a paper names; without `most` as many as there are.
    least = models.PositiveSmallIntegerField(_l("en az"), default=1)
    most = models.PositiveSmallIntegerField(_l("en çok"), null=True, blank=True)
    # Score: points go from 0 to this.
    highest = models.PositiveSmallIntegerField(_l("en yüksek puan"), default=5)
    allows_blank = models.BooleanField(_l("boş oy verilebilir"), default=False)
    tie_rule = models.CharField(_l("eşitlik kuralı"), max_length=11, choices=TieRule, default=TieRule.OPEN)
    # SHA-256 of the seed of the lot, published when the ballot opens; the seed when it is declared.
    lot_digest = models.CharField(max_length=64, blank=True)
    # Who decides a tie where the rule gives it to the chair: named when the ballot opens, whoever presides later.
    chair = models.ForeignKey(
        Person,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="ballots_chaired",
        verbose_name=_l("başkan"),
    )
    opens_at = models.DateTimeField(_l("açılış"))
    closes_at = models.DateTimeField(_l("kapanış"))
    # In electors, fixed from the procedure's percentage when the roll is taken.
    quorum = models.PositiveIntegerField(_l("yeter sayı"), default=0)
    quorum_base = models.CharField(_l("yeter sayıya katılanlar"), max_length=7, choices=Base, default=Base.CAST)
    # Empty where most votes win.
    majority = models.CharField(_l("çoğunluk"), max_length=12, choices=Majority, default=Majority.SIMPLE, blank=True)
    threshold_base = models.CharField(_l("çoğunluğun esası"), max_length=7, choices=Base, default=Base.VALID)
    # How many were at the meeting when the ballot was opened, where a base asks for it.
    present = models.PositiveIntegerField(_l("toplantıda bulunanlar"), null=True, blank=True)
    visibility = models.CharField(
        _l("sonuçlar"), max_length=14, choices=ResultsVisibility, default=ResultsVisibility.LIVE
    )
    electorate_size = models.PositiveIntegerField(default=0)
    roll_rule = models.CharField(_l("liste kuralı"), max_length=7, choices=RollRule, default=RollRule.FIXED)
    # How many are on the roll now, once somebody was added or struck; see `roll.py`.
    roll_size = models.PositiveIntegerField(null=True, blank=True)
    # How many others one person may vote for; 0 where the procedure knows no proxies.
    proxy_limit = models.PositiveSmallIntegerField(_l("vekâlet sınırı"), default=0)
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="ballots_opened")
    created_at = models.DateTimeField()
    # Held elsewhere and written down afterwards, with its votes; see `actions.record_past_ballot`.
    is_recorded_afterwards = models.BooleanField(default=False)
    # Set when the outcome is declared; closes_at moves back to the same moment when closed early.
    declared_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    yes_votes = models.PositiveIntegerField(null=True, blank=True)
    no_votes = models.PositiveIntegerField(null=True, blank=True)
    abstentions = models.PositiveIntegerField(null=True, blank=True)
    # The count of a ballot with options as `ballots.counting` writes it: votes, stages, winners, ties.
    result = models.JSONField(null=True, blank=True)

    class Meta:
        verbose_name = _l("oylama")
        verbose_name_plural = _l("oylamalar")
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="ballot_closes_after_it_opens"),
            models.CheckConstraint(condition=Q(majority__in=["", *Majority.values]), name="ballot_majority_is_known"),
            models.CheckConstraint(condition=Q(method__in=Method.values), name="ballot_method_is_known"),
            models.CheckConstraint(condition=Q(tie_rule__in=TieRule.values), name="ballot_tie_rule_is_known"),
            models.CheckConstraint(
                condition=Q(quorum_base__in=COUNTED_BASES, threshold_base__in=Base.values), name="ballot_base_is_known"
            ),
            models.CheckConstraint(
                condition=(Q(quorum_base=Base.PRESENT) | Q(threshold_base=Base.PRESENT)) & Q(present__isnull=False)
                | (~Q(quorum_base=Base.PRESENT) & ~Q(threshold_base=Base.PRESENT)),
                name="ballot_says_how_many_are_present",
            ),
            models.CheckConstraint(
                condition=~Q(majority=Majority.ABSOLUTE) | Q(threshold_base=Base.MEMBERS),
                name="ballot_absolute_majority_is_of_the_members",
            ),
            models.CheckConstraint(
                condition=Q(method=Method.YES_NO, option_count=0, seats=1, tie_rule__in=[TieRule.OPEN, TieRule.CHAIR])
                & ~Q(majority="")
                | (~Q(method=Method.YES_NO) & Q(option_count__range=(2, MAX_OPTIONS), seats__gte=1)),
                name="ballot_has_the_options_of_its_method",
            ),
            models.CheckConstraint(
                condition=Q(majority="")
                | Q(method=Method.YES_NO)
                | Q(method__in=[Method.SINGLE, Method.APPROVAL], seats=1),
                name="ballot_threshold_fits_its_method",
            ),
            models.CheckConstraint(
                condition=Q(seats__lt=F("option_count"), method__in=[*SEVERAL_SEATS]) | Q(seats=1),
                name="ballot_elects_fewer_than_its_options",
            ),
            models.CheckConstraint(
                condition=Q(least__gte=1, least__lte=F("option_count"))
                & (Q(most__isnull=True) | Q(most__gte=F("least"), most__lte=F("option_count")))
                | (~Q(method=Method.APPROVAL) & Q(least=1, most__isnull=True)),
                name="ballot_paper_limits_can_be_met",
            ),
            models.CheckConstraint(condition=Q(highest__range=(1, MAX_SCORE)), name="ballot_score_has_a_range"),
            models.CheckConstraint(
                condition=Q(tie_rule__in=[TieRule.LOT, TieRule.EARLIER_LOT], lot_digest__regex="^[0-9a-f]{64}$")
                | (~Q(tie_rule__in=[TieRule.LOT, TieRule.EARLIER_LOT]) & Q(lot_digest="")),
                name="ballot_lot_is_sealed_at_opening",
            ),
            models.CheckConstraint(
                condition=~Q(tie_rule__in=[TieRule.EARLIER, TieRule.EARLIER_LOT])
                | Q(method__in=[Method.IRV, Method.STV]),
                name="ballot_without_stages_has_no_earlier_ones",
            ),
            models.CheckConstraint(
                condition=Q(tie_rule=TieRule.CHAIR, chair__isnull=False)
                | (~Q(tie_rule=TieRule.CHAIR) & Q(chair__isnull=True)),
                name="ballot_names_its_chair",
            ),
            models.CheckConstraint(
                condition=~Q(tie_rule=TieRule.CHAIR)
                | Q(method=Method.YES_NO, majority=Majority.SIMPLE, threshold_base=Base.VALID)
                | Q(method__in=CHAIR_DECIDES),
                name="ballot_chair_decides_where_there_is_a_choice",
            ),
            models.CheckConstraint(
                condition=Q(visibility=ResultsVisibility.AFTER_CLOSING) | ~Q(method__in=RANKED),
                name="ballot_of_ranks_is_counted_after_closing",
            ),
            models.CheckConstraint(
                condition=Q(visibility__in=ResultsVisibility.values), name="ballot_visibility_is_known"
            ),
            models.CheckConstraint(condition=Q(outcome__in=["", *Outcome.values]), name="ballot_outcome_is_known"),
            models.CheckConstraint(
                condition=Q(declared_at__isnull=True, outcome="", yes_votes__isnull=True, result__isnull=True)
                | Q(declared_at__isnull=False)
                & ~Q(outcome="")
                & (
                    Q(method=Method.YES_NO, yes_votes__isnull=False, result__isnull=True)
                    | (~Q(method=Method.YES_NO) & Q(yes_votes__isnull=True, result__isnull=False))
                ),
                name="ballot_outcome_is_declared_with_its_tally",
            ),
            models.CheckConstraint(condition=Q(quorum__lte=F("electorate_size")), name="ballot_quorum_can_be_reached"),
            models.CheckConstraint(condition=Q(roll_rule__in=RollRule.values), name="ballot_roll_rule_is_known"),
            models.CheckConstraint(
                condition=Q(roll_size__isnull=True) | ~Q(roll_rule=RollRule.FIXED),
                name="ballot_fixed_roll_keeps_its_size",
            ),
            models.CheckConstraint(condition=Q(proxy_limit__lte=MAX_PROXIES), name="ballot_proxies_are_few"),
        ]
        indexes = [
            models.Index(fields=["closes_at"], condition=Q(declared_at__isnull=True), name="ballots_to_be_declared")
        ]

    def __str__(self) -> str:
        return self.question

    @property
    def topic(self) -> str:
        return f"ballot:{self.pk}"

    @cached_property
    def option_texts(self) -> dict[int, str]:
        """The options by their number; frozen, so read once."""
        return dict(self.options.values_list("number", "text")) if self.option_count else {}

    @staticmethod
    def options_of(ballots: Iterable[Ballot]) -> dict[int, dict[int, str]]:
        """The `option_texts` of several ballots by their ids, in one query."""
        found: dict[int, dict[int, str]] = {ballot.pk: {} for ballot in ballots}
        for option in BallotOption.objects.filter(ballot__in=found):
            found[option.ballot_id][option.number] = option.text
        return found

    @classmethod
    def running_at(cls, at: datetime) -> models.QuerySet[Ballot]:
        """Ballots that take votes at a moment: those whose `phase` is open."""
        return cls.objects.filter(declared_at__isnull=True, opens_at__lte=at, closes_at__gt=at)

    @property
    def members(self) -> int:
        """How many have the right to vote: the roll as it was taken, or as it stands where its rule lets it move."""
        return self.electorate_size if self.roll_size is None else self.roll_size

    @property
    def rules(self) -> BallotPolicy:
        from ballots.policies import policy_of

        return policy_of(self)

    def phase(self, at: datetime) -> Phase:
        """Where the ballot stands at a moment of the database's clock."""
        if self.declared_at is not None:
            return Phase.DECLARED
        if at < self.opens_at:
            return Phase.BEFORE
        return Phase.OPEN if at < self.closes_at else Phase.CLOSED

    # --- The chair's decision -------------------------------------------------------------------------------------------
    @property
    def open_tie(self) -> OpenTie | None:
        """The tie that the rule gives to the chair, decided or not; None where there is none."""
        if self.tie_rule != TieRule.CHAIR or self.outcome != Outcome.TIED:
            return None
        if self.result is None:  # with no yes and no no there is nothing to choose between
            return OpenTie((Choice.YES.value, Choice.NO.value), 1) if self.yes_votes else None
        tie = next(tie for tie in self.result["ties"] if not tie["chosen"])
        return OpenTie(tuple(map(str, tie["between"])), tie["places"])

    @cached_property
    def decision(self) -> ChairDecision | None:
        """What the chair decided; a query only where there is a tie that is theirs."""
        return getattr(self, "chair_decision", None) if self.open_tie is not None else None

    @property
    def awaits_chair(self) -> bool:
        return self.open_tie is not None and self.decision is None

    @property
    def decided_outcome(self) -> str:
        """The outcome, with the chair's decision where there is one."""
        return self.outcome if self.decision is None else self.decision.outcome

    @property
    def decided_result(self) -> dict[str, Any] | None:
        """The count as it is stored, with the chair's decision where there is one."""
        if self.decision is None or self.result is None:
            return self.result
        chosen = sorted(map(int, self.decision.chosen.split(",")))
        return {
            **self.result,
            "winners": [*self.result["winners"], *chosen],
            "ties": [
                tie if tie["chosen"] else {**tie, "broken_by": "chair", "chosen": chosen} for tie in self.result["ties"]
            ],
            "unresolved": False,
        }

    @property
    def shows_results(self) -> bool:
        """Whether yes, no and abstentions may be read by those who may read the ballot."""
        return self.visibility == ResultsVisibility.LIVE or self.declared_at is not None


class BallotOption(models.Model):
    """One of the options of a ballot (seçenek), numbered from 1; frozen when the ballot opens (migration 0007)."""

    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="options")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(_l("seçenek"), max_length=MAX_OPTION)

    class Meta:
        verbose_name = _l("seçenek")
        verbose_name_plural = _l("seçenekler")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["ballot", "number"], name="one_option_per_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="options_are_numbered_from_one"),
            models.CheckConstraint(condition=~Q(text=""), name="option_says_something"),
        ]

    def __str__(self) -> str:
        return self.text


class SealedLot(models.Model):
    """The seed of a ballot's lot (kura), drawn when it opens and read by nobody before it is declared."""

    ballot = models.OneToOneField(Ballot, on_delete=models.PROTECT, primary_key=True, related_name="lot")
    seed = models.CharField(max_length=64)

    class Meta:
        verbose_name = _l("mühürlü kura")
        verbose_name_plural = _l("mühürlü kuralar")

    def __str__(self) -> str:
        return f"{self.ballot_id}"


class EarlyClosing(models.Model):
    """Who closed a ballot before the announced moment, and why. Written once (migration 0005)."""

    ballot = models.OneToOneField(Ballot, on_delete=models.PROTECT, primary_key=True, related_name="early_closing")
    actor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="ballots_closed_early")
    reason = models.CharField(_l("gerekçe"), max_length=MAX_REASON)
    announced_closes_at = models.DateTimeField(_l("duyurulan kapanış"))
    at = models.DateTimeField(_l("kapanış"))

    class Meta:
        verbose_name = _l("erken kapanış")
        verbose_name_plural = _l("erken kapanışlar")
        constraints = [
            models.CheckConstraint(
                condition=Q(at__lt=F("announced_closes_at")), name="early_closing_is_before_the_announced_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ballot_id}: {self.reason}"


class ChairDecision(models.Model):
    """What the chair decided in a tie, and why (başkanın kararı). Written once, by the chair the ballot names; migration 0040."""

    ballot = models.OneToOneField(Ballot, on_delete=models.PROTECT, primary_key=True, related_name="chair_decision")
    actor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="ties_decided")
    # ``yes``, ``no``, or the numbers of the options that go on, rising: ``2`` or ``1,4``.
    chosen = models.CharField(_l("karar"), max_length=MAX_OPTION)
    reason = models.CharField(_l("gerekçe"), max_length=MAX_REASON)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _l("başkanın kararı")
        verbose_name_plural = _l("başkanın kararları")

    def __str__(self) -> str:
        return f"{self.ballot_id}: {self.chosen}"

    @property
    def outcome(self) -> Outcome:
        return {Choice.YES: Outcome.PASSED, Choice.NO: Outcome.REJECTED}.get(self.chosen, Outcome.ELECTED)
