"""Equipment that a council's directorate lends: what there is, who has it, and in what state it went and came."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _l

from councils.models import Council
from organisations.models import Organisation
from people.models import Person
from servicerequests.models import ServiceRequest

MOST_DAYS = 90


class Condition(models.TextChoices):
    """In what state something is (durum)."""

    NEW = "new", _l("Yeni")
    GOOD = "good", _l("İyi")
    WORN = "worn", _l("Yıpranmış")
    DAMAGED = "damaged", _l("Hasarlı")


class State(models.TextChoices):
    """How far a loan has come (ödüncün durumu)."""

    RESERVED = "reserved", _l("Ayırtıldı")
    OUT = "out", _l("Teslim edildi")
    RETURNED = "returned", _l("Geri alındı")
    CANCELLED = "cancelled", _l("İptal edildi")


HOLDS = (State.RESERVED, State.OUT)
"""Loans that keep pieces from others."""


def picture_path(item: Any, name: str) -> str:
    """Pictures are stored under our own random name."""
    return f"lending/{uuid.uuid4().hex}.webp"


class Item(models.Model):
    """Something a council lends (malzeme): so many pieces that are alike, or single ones with inventory numbers."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="lent_items")
    name = models.CharField(_l("ad"), max_length=120)
    slug = models.SlugField(max_length=80)
    about = models.TextField(_l("açıklama"), max_length=2000, blank=True)
    kept_at = models.CharField(_l("nereden alınır"), max_length=160, blank=True)
    condition = models.CharField(_l("durum"), max_length=7, choices=Condition, default=Condition.GOOD)
    is_by_piece = models.BooleanField(_l("demirbaş numarasıyla"), default=False)
    # How many there are; never fewer than are promised for any day (migration 0002).
    stock = models.PositiveSmallIntegerField(_l("adet"), default=0)
    longest_days = models.PositiveSmallIntegerField(
        _l("en çok kaç gün"), default=7, validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)]
    )
    picture = models.FileField(_l("resim"), upload_to=picture_path, max_length=200, blank=True)
    is_active = models.BooleanField(_l("ödünç veriliyor"), default=True)

    class Meta:
        verbose_name = _l("ödünç malzeme")
        verbose_name_plural = _l("ödünç malzemeler")
        constraints = [
            models.UniqueConstraint(fields=["council", "slug"], name="one_lent_item_per_slug_of_a_council"),
            models.CheckConstraint(condition=~Q(name=""), name="lent_item_has_a_name"),
            models.CheckConstraint(condition=Q(condition__in=Condition.values), name="lent_item_condition_is_known"),
            models.CheckConstraint(
                condition=Q(longest_days__gte=1, longest_days__lte=MOST_DAYS), name="lent_item_is_lent_for_some_days"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("lending_item", args=[self.council.slug, self.slug])

    # What a file is given out by (documents.attachment_files).
    kind = "image"
    extension = ".webp"


class Piece(models.Model):
    """One piece with an inventory number (demirbaş)."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="pieces")
    inventory_number = models.CharField(_l("demirbaş numarası"), max_length=40)
    condition = models.CharField(_l("durum"), max_length=7, choices=Condition, default=Condition.GOOD)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["inventory_number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "inventory_number"], name="one_piece_per_inventory_number_of_an_item"
            ),
            models.CheckConstraint(condition=~Q(inventory_number=""), name="piece_has_an_inventory_number"),
            models.CheckConstraint(condition=Q(condition__in=Condition.values), name="piece_condition_is_known"),
        ]

    def __str__(self) -> str:
        return self.inventory_number


class Loan(models.Model):
    """Pieces of an item that somebody has from a day until a day (ödünç)."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="loans")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="loans")
    request = models.ForeignKey(ServiceRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="loans")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="loans")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="loans"
    )
    # Who it is for without an account.
    named = models.CharField(_l("kime"), max_length=120, blank=True)
    quantity = models.PositiveSmallIntegerField(_l("adet"))
    returned = models.PositiveSmallIntegerField(default=0)
    lost = models.PositiveSmallIntegerField(default=0)
    starts_on = models.DateField(_l("alış günü"))
    ends_on = models.DateField(_l("dönüş günü"))
    state = models.CharField(max_length=9, choices=State, default=State.RESERVED)
    # Under which the form was sent: sent again it is the same loan.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reserved_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reserved_at = models.DateTimeField()
    handed_out_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    handed_out_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _l("ödünç")
        verbose_name_plural = _l("ödünçler")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="loan_state_is_known"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="loan_is_of_something"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="loan_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(organisation__isnull=False) | ~Q(named=""),
                name="loan_is_for_somebody",
            ),
            models.CheckConstraint(
                condition=Q(lost__lte=F("returned"), returned__lte=F("quantity")),
                name="no_more_comes_back_than_was_lent",
            ),
            models.CheckConstraint(
                condition=Q(state=State.RESERVED, handed_out_at__isnull=True, ended_at__isnull=True, returned=0)
                | Q(state=State.OUT, handed_out_at__isnull=False, ended_at__isnull=True, returned__lt=F("quantity"))
                | Q(state=State.RETURNED, handed_out_at__isnull=False, ended_at__isnull=False, returned=F("quantity"))
                | Q(state=State.CANCELLED, handed_out_at__isnull=True, ended_at__isnull=False, returned=0),
                name="loan_state_says_what_happened",
            ),
        ]
        indexes = [
            models.Index(
                fields=["item", "starts_on", "ends_on"],
                condition=Q(state__in=["reserved", "out"]),
                name="loans_that_hold",
            ),
            models.Index(fields=["council", "-reserved_at", "-id"], name="loans_newest_first"),
            models.Index(fields=["council", "state", "ends_on"], name="loans_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} × {self.quantity}, {self.starts_on} – {self.ends_on}"

    def get_absolute_url(self) -> str:
        return reverse("lending_loan", args=[self.council.slug, self.pk])

    @property
    def outstanding(self) -> int:
        return self.quantity - self.returned

    @property
    def topic(self) -> str:
        return f"loan:{self.pk}"

    @property
    def who(self) -> str:
        """For whom it is, as the two sides read it."""
        if self.organisation is not None:
            return self.organisation.name
        return self.person.display_name if self.person is not None else self.named


class LoanPiece(models.Model):
    """Which single piece went with a loan, and when it came back."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="loan_pieces")
    piece = models.ForeignKey(Piece, on_delete=models.PROTECT, related_name="loan_pieces")
    returned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["piece__inventory_number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["loan", "piece"], name="a_piece_goes_with_a_loan_once"),
            models.UniqueConstraint(
                fields=["piece"], condition=Q(returned_at__isnull=True), name="a_piece_is_with_one_borrower"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.loan_id}: {self.piece_id}"


class Deed(models.TextChoices):
    """What happened to an item or a loan (olay)."""

    ADDED = "added", _l("Eklendi")
    STOCK = "stock", _l("Sayısı değişti")
    PIECE_ADDED = "piece_added", _l("Demirbaş eklendi")
    PIECE_RETIRED = "piece_retired", _l("Demirbaş çıkarıldı")
    RESERVED = "reserved", _l("Ayırtıldı")
    HANDED_OUT = "handed_out", _l("Teslim edildi")
    TAKEN_BACK = "taken_back", _l("Geri alındı")
    LOST = "lost", _l("Kayıp ya da kullanılamaz")
    CANCELLED = "cancelled", _l("İptal edildi")
    LONGER = "longer", _l("Süresi uzatıldı")
    NOTE = "note", _l("Durum notu")


class Happening(models.Model):
    """One line in the history of an item: what, how many, in what state. Only added (migration 0002)."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="history")
    loan = models.ForeignKey(Loan, null=True, on_delete=models.PROTECT, related_name="history")
    piece = models.ForeignKey(Piece, null=True, on_delete=models.PROTECT, related_name="history")
    deed = models.CharField(max_length=13, choices=Deed)
    quantity = models.PositiveSmallIntegerField(null=True)
    condition = models.CharField(max_length=7, choices=Condition, blank=True)
    note = models.CharField(max_length=500, blank=True)
    actor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(deed__in=Deed.values), name="lending_deed_is_known"),
            models.CheckConstraint(
                condition=Q(condition="") | Q(condition__in=Condition.values), name="noted_condition_is_known"
            ),
        ]
        indexes = [models.Index(fields=["item", "-at", "-id"], name="history_of_a_lent_item")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.deed} {self.at:%Y-%m-%d}"


class Prolongation(models.Model):
    """The wish to keep something longer (süre uzatma isteği), and what the desk said."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="prolongations")
    until = models.DateField(_l("yeni dönüş günü"))
    reason = models.CharField(_l("neden"), max_length=500)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    is_granted = models.BooleanField(null=True)
    answer = models.CharField(_l("yanıt"), max_length=500, blank=True)
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["loan"], condition=Q(decided_at__isnull=True), name="one_open_prolongation_of_a_loan"
            ),
            models.CheckConstraint(
                condition=Q(is_granted__isnull=True, decided_at__isnull=True, decided_by__isnull=True)
                | Q(is_granted__isnull=False, decided_at__isnull=False, decided_by__isnull=False),
                name="a_prolongation_is_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(is_granted=False) | ~Q(answer=""), name="a_declined_prolongation_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.loan_id} → {self.until}"


class Reminder(models.Model):
    """A reminder of a return: written once for a day, sent by mail afterwards (hatırlatma)."""

    loan = models.ForeignKey(Loan, on_delete=models.CASCADE, related_name="reminders")
    # The day it speaks of and how late that is: -1 the day before, then once a week.
    ends_on = models.DateField()
    days_late = models.SmallIntegerField()
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["loan", "ends_on", "days_late"], name="one_reminder_per_day_of_a_loan")
        ]
        indexes = [models.Index(fields=["id"], condition=Q(sent_at__isnull=True), name="reminders_to_send")]

    def __str__(self) -> str:
        return f"{self.loan_id} {self.ends_on} {self.days_late:+d}"
