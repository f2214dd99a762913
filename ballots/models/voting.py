"""Who may vote in a ballot, who votes for whom, the votes and the records of their receipts."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _l

from ballots.models.ballot import Ballot
from ballots.words import MAX_PAPER
from people.models import Person


class Elector(models.Model):
    """An entry of the roll taken when the ballot was opened (seçmen listesi)."""

    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="electors")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="rolls")
    # Where the roll rule lets them: added after the opening, struck before the closing.
    added_at = models.DateTimeField(null=True, blank=True)
    struck_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _l("seçmen")
        constraints = [models.UniqueConstraint(fields=["ballot", "person"], name="one_roll_entry_per_person")]

    def __str__(self) -> str:
        return f"{self.ballot_id}/{self.person_id}"


class Proxy(models.Model):
    """Somebody's right to vote in one ballot, lent to another elector (vekâlet).

    The database holds the rules (migration 0008): both are on the roll, nobody holds more than the ballot allows, no chains,
    nobody who has voted gives theirs away; a proxy is revoked once and only until the closing.
    """

    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="proxies")
    giver = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="proxies_given")
    holder = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="proxies_held")
    given_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _l("vekâlet")
        verbose_name_plural = _l("vekâletler")
        constraints = [
            models.CheckConstraint(condition=~Q(giver=F("holder")), name="nobody_is_their_own_proxy"),
            models.UniqueConstraint(
                fields=["ballot", "giver"], condition=Q(revoked_at__isnull=True), name="one_proxy_for_a_giver"
            ),
        ]
        indexes = [models.Index(fields=["ballot", "holder"], name="proxies_by_holder")]

    def __str__(self) -> str:
        return f"{self.ballot_id}: {self.giver_id} → {self.holder_id}"


class Vote(models.Model):
    """One elector's vote by roll call (oy); changed in place until the ballot closes."""

    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="votes")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="votes")
    # What was voted, in its one canonical writing; see `papers.py`. Migration 0007 refuses what does not fit the ballot.
    paper = models.CharField(max_length=MAX_PAPER)
    cast_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    # How often it was cast; shown to the voter beside the moment.
    times = models.PositiveIntegerField(default=1, validators=[MaxValueValidator(10_000)])
    # Made by whoever sent the last cast, so that a retry is told from a second wish.
    key = models.UUIDField(null=True, blank=True)
    # Who cast it by proxy; empty when its voter did.
    cast_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="votes_cast_for_others"
    )

    class Meta:
        verbose_name = _l("oy")
        verbose_name_plural = _l("oylar")
        constraints = [
            models.UniqueConstraint(fields=["ballot", "person"], name="one_vote_per_person"),
        ]
        indexes = [models.Index(fields=["ballot", "paper"], name="votes_by_paper")]

    def __str__(self) -> str:
        return f"{self.ballot_id}/{self.person_id}"


class VoteRecord(models.Model):
    """One cast or change of a vote with the code of its receipt (oy makbuzu). Never changed, never deleted.

    Written by a trigger on the votes themselves (migration 0020), so that no way of voting can miss it; it is sealed in
    the journal's log. Ballot and person are those of the vote, which has the foreign keys.
    """

    ballot = models.ForeignKey(
        Ballot, on_delete=models.PROTECT, related_name="vote_records", db_constraint=False, db_index=False
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="vote_records", db_constraint=False)
    paper = models.CharField(max_length=MAX_PAPER)
    times = models.PositiveIntegerField()
    at = models.DateTimeField()
    key = models.UUIDField(null=True)
    # Who cast it by proxy, as the vote says.
    cast_by = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    # 75 random bits in letters that are not mistaken for one another; made by the database, derived from nothing.
    receipt = models.CharField(max_length=15)

    class Meta:
        verbose_name = _l("oy makbuzu")
        verbose_name_plural = _l("oy makbuzları")
        constraints = [
            models.UniqueConstraint(fields=["receipt"], name="one_record_per_receipt"),
            models.UniqueConstraint(
                fields=["person", "key"], condition=Q(key__isnull=False), name="one_record_per_person_and_key"
            ),
        ]
        indexes = [models.Index(fields=["ballot", "person", "times"], name="records_of_a_vote")]

    def __str__(self) -> str:
        return f"{self.ballot_id}/{self.person_id}#{self.times}"
