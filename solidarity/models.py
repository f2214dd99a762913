"""What organisations need from each other and offer to each other (dayanışma panosu)."""

from __future__ import annotations

import uuid
from datetime import date

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _l

from councils.models import Council, District
from organisations.models import Organisation
from people.models import Person

LONGEST_TEXT = 3000


class Side(models.TextChoices):
    """Whether something is needed or offered (taraf)."""

    NEED = "need", _l("İhtiyaç")
    OFFER = "offer", _l("Destek")


class Sort(models.TextChoices):
    """What it is about (tür)."""

    PLACE = "place", _l("Yer")
    EQUIPMENT = "equipment", _l("Araç gereç")
    VOLUNTEERS = "volunteers", _l("Gönüllü")
    EXPERTISE = "expertise", _l("Uzmanlık")


class PostQuerySet(models.QuerySet["Post"]):
    def open_on(self, day: date) -> PostQuerySet:
        """What everybody sees on the board on a day."""
        return self.filter(closed_at__isnull=True, hidden_at__isnull=True, expires_on__gte=day)


class Post(models.Model):
    """A need or an offer of a verified organisation (ilan)."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="solidarity_posts")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="solidarity_posts")
    side = models.CharField(_l("taraf"), max_length=5, choices=Side)
    sort = models.CharField(_l("tür"), max_length=10, choices=Sort)
    title = models.CharField(_l("başlık"), max_length=120)
    text = models.TextField(_l("açıklama"), validators=[MaxLengthValidator(LONGEST_TEXT)])
    quantity = models.PositiveSmallIntegerField(_l("sayı"), null=True, blank=True)
    district = models.ForeignKey(District, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField(_l("başlangıç"), null=True, blank=True)
    ends_on = models.DateField(_l("bitiş"), null=True, blank=True)
    # Until when it stands on the board; the organisation may renew it.
    expires_on = models.DateField()
    posted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    posted_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    hidden_reason = models.CharField(max_length=500, blank=True)
    # Under which the form was sent: sent again it is the same post.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _l("ilan")
        verbose_name_plural = _l("ilanlar")
        constraints = [
            models.CheckConstraint(condition=Q(side__in=Side.values), name="post_side_is_known"),
            models.CheckConstraint(condition=Q(sort__in=Sort.values), name="post_sort_is_known"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(text=""), name="post_says_something"),
            models.CheckConstraint(
                condition=Q(quantity__isnull=True) | Q(quantity__gte=1), name="post_is_of_something"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="post_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(hidden_at__isnull=True, hidden_by__isnull=True, hidden_reason="")
                | (Q(hidden_at__isnull=False, hidden_by__isnull=False) & ~Q(hidden_reason="")),
                name="a_hidden_post_says_why",
            ),
        ]
        indexes = [
            models.Index(
                fields=["council", "-posted_at", "-id"],
                condition=Q(closed_at__isnull=True, hidden_at__isnull=True),
                name="posts_on_the_board",
            ),
            models.Index(fields=["organisation", "-posted_at", "-id"], name="posts_of_an_organisation"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("solidarity_post", args=[self.council.slug, self.pk])

    @property
    def topic(self) -> str:
        return f"post:{self.pk}"


class Message(models.Model):
    """Something written between the organisation of a post and another one. Only added (migration 0002)."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="messages")
    # The organisation on the other side of the conversation.
    other = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    is_from_poster = models.BooleanField()
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_l("ileti"), validators=[MaxLengthValidator(LONGEST_TEXT)])
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="board_message_says_something")]

    def __str__(self) -> str:
        return f"{self.post_id} {self.at:%Y-%m-%d %H:%M}"


class Match(models.Model):
    """A need and an offer that the desk brings together (eşleşme); both sides say yes or no."""

    need = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="matches_of_need")
    offer = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="matches_of_offer")
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    need_says = models.BooleanField(null=True)
    offer_says = models.BooleanField(null=True)
    fulfilled_at = models.DateTimeField(null=True)
    outcome = models.CharField(_l("sonuç"), max_length=500, blank=True)

    class Meta:
        ordering = ["proposed_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["need", "offer"], name="a_need_meets_an_offer_once"),
            models.CheckConstraint(condition=~Q(need=F("offer")), name="a_post_does_not_match_itself"),
            models.CheckConstraint(
                condition=Q(fulfilled_at__isnull=True, outcome="")
                | (Q(fulfilled_at__isnull=False, need_says=True, offer_says=True) & ~Q(outcome="")),
                name="what_is_fulfilled_was_accepted_and_says_how",
            ),
            models.UniqueConstraint(
                fields=["need"], condition=Q(fulfilled_at__isnull=False), name="a_need_is_fulfilled_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.need_id} – {self.offer_id}"

    @property
    def is_declined(self) -> bool:
        return self.need_says is False or self.offer_says is False

    @property
    def is_accepted(self) -> bool:
        return bool(self.need_says and self.offer_says)


class Report(models.Model):
    """Somebody finds a post out of place (bildirim)."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="reports")
    reporter = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_l("neden"), max_length=500)
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["post", "reporter"], name="one_report_per_person_and_post"),
            models.CheckConstraint(condition=~Q(reason=""), name="a_report_of_a_post_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} {self.reporter_id}"


class Telling(models.Model):
    """A letter to the representatives of an organisation about a post: written with the deed, sent afterwards."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+")
    # What is told: one of `telling.WORDS`.
    what = models.CharField(max_length=10)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["id"], condition=Q(sent_at__isnull=True), name="tellings_to_send")]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.what}"
