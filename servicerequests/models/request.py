"""A request, what is said in it, and when it stood still."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _l

from councils.models import Council, District, Officer
from organisations.models import Organisation
from people.models import AnyPerson, Person
from servicerequests.models.kinds import DeskUnit, Priority, RequestTypeVersion
from servicerequests.models.matters import Matter, MatterBy
from servicerequests.states import OPEN, RESOLUTIONS, Resolution, Status
from turkish.functions import SearchVector

LONGEST_TEXT = 10_000


def _ends() -> Q:
    """Each end with the resolutions it may have."""
    found = Q()
    for status, resolutions in RESOLUTIONS.items():
        found |= Q(status=status, resolution__in=sorted(resolutions), ended_at__isnull=False)
    return found


class Channel(models.TextChoices):
    """By which way it came (geliş yolu)."""

    SITE = "site", _l("Site")
    PHONE = "phone", _l("Telefon")
    VISIT = "visit", _l("Yüz yüze")
    LETTER = "letter", _l("Dilekçe")
    EMAIL = "email", _l("E-posta")
    IMPORT = "import", _l("Aktarım")


class Publicity(models.TextChoices):
    """Who reads it (görünürlük)."""

    PRIVATE = "private", _l("Yalnız siz ve müdürlük")
    AWAITED = "awaited", _l("Yayımlanması bekleniyor")
    PUBLIC = "public", _l("Herkes")


class RequestQuerySet(models.QuerySet["ServiceRequest"]):
    def visible_to(self, person: AnyPerson) -> RequestQuerySet:
        """What is published, and one's own. What the desk reads is asked of its offices."""
        public = Q(publicity=Publicity.PUBLIC)
        return self.filter(public | Q(applicant_id=person.pk)) if person.is_authenticated else self.filter(public)

    def late(self, at: Any) -> RequestQuerySet:
        """Those on which the desk owes an answer whose time is over."""
        return self.filter(status__in=sorted(OPEN - {Status.WAITING_APPLICANT}), due_at__lt=at)


class ServiceRequest(models.Model):
    """What somebody asks of the directorate (başvuru, talep)."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="service_requests")
    year = models.PositiveSmallIntegerField(editable=False)
    serial = models.PositiveIntegerField(editable=False)
    number = models.CharField(max_length=24, unique=True, editable=False)
    # Under which the form was sent: sent again it is the same request.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    type = models.ForeignKey(RequestTypeVersion, on_delete=models.PROTECT, related_name="requests")
    # Nobody for a request that came by letter, phone or e-mail from somebody without an account; then `named` says who.
    applicant = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="service_requests"
    )
    on_behalf_of = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="service_requests"
    )
    named = models.CharField(_l("başvuran"), max_length=120, blank=True)
    contact = models.CharField(_l("iletişim"), max_length=160, blank=True)
    channel = models.CharField(_l("geliş yolu"), max_length=6, choices=Channel, default=Channel.SITE)
    entered_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    subject = models.CharField(_l("konu"), max_length=160)
    text = models.TextField(_l("başvuru metni"), validators=[MaxLengthValidator(LONGEST_TEXT)])
    answers = models.JSONField(default=dict, blank=True)
    # What it is about; nobody has to say, and the desk corrects it.
    matter = models.ForeignKey(Matter, null=True, blank=True, on_delete=models.PROTECT, related_name="requests")
    matter_by = models.CharField(max_length=9, choices=MatterBy, blank=True)
    district = models.ForeignKey(District, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    # What everybody reads: written by the desk from the original, without what is private in it.
    publicity = models.CharField(_l("görünürlük"), max_length=7, choices=Publicity, default=Publicity.PRIVATE)
    public_subject = models.CharField(_l("yayımlanan konu"), max_length=160, blank=True)
    public_text = models.TextField(_l("yayımlanan metin"), blank=True, validators=[MaxLengthValidator(LONGEST_TEXT)])
    public_answer = models.TextField(_l("yayımlanan yanıt"), blank=True, validators=[MaxLengthValidator(LONGEST_TEXT)])
    published_at = models.DateTimeField(null=True, blank=True)

    status = models.CharField(_l("durum"), max_length=17, choices=Status, default=Status.NEW)
    status_since = models.DateTimeField()
    resolution = models.CharField(_l("sonuç"), max_length=12, choices=Resolution, blank=True)
    unit = models.ForeignKey(DeskUnit, on_delete=models.PROTECT, related_name="requests")
    assignee = models.ForeignKey(
        Officer, null=True, blank=True, on_delete=models.SET_NULL, related_name="service_requests"
    )
    priority = models.CharField(_l("öncelik"), max_length=5, choices=Priority, default=Priority.USUAL)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="duplicates")
    split_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")

    filed_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    # Both clocks as they stand; empty while the desk waits for the applicant, and once the answer has been given.
    first_answer_due_at = models.DateTimeField(null=True, blank=True)
    first_answered_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    # When three quarters of each have run.
    first_answer_warned_at = models.DateTimeField(null=True, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True)
    # How `due_at` was counted, for the sentence under it; see `actions.clocks`.
    due_how = models.JSONField(default=dict, blank=True, editable=False)
    ceiling_at = models.DateTimeField(null=True, blank=True)
    # When another body was asked first, where the law gives more days for that; from then on they are counted.
    asked_other_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    # Whether the last answer came in time by the clock of its day; nothing before there is one.
    was_in_time = models.BooleanField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reopened_at = models.DateTimeField(null=True, blank=True)

    search = models.GeneratedField(
        expression=SearchVector("subject", "named", "text"), output_field=SearchVectorField(), db_persist=True
    )
    public_search = models.GeneratedField(
        expression=SearchVector("public_subject", "number", "public_text"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _l("başvuru")
        verbose_name_plural = _l("başvurular")
        constraints = [
            models.UniqueConstraint(
                fields=["council", "year", "serial"], name="one_request_per_serial_in_a_council_and_year"
            ),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="request_status_is_known"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="request_channel_is_known"),
            models.CheckConstraint(condition=Q(publicity__in=Publicity.values), name="request_publicity_is_known"),
            models.CheckConstraint(condition=Q(priority__in=Priority.values), name="request_priority_is_known"),
            models.CheckConstraint(
                condition=Q(applicant__isnull=False) | ~Q(named=""), name="a_request_comes_from_somebody"
            ),
            models.CheckConstraint(condition=~Q(subject="") & ~Q(text=""), name="a_request_says_what_it_asks"),
            models.CheckConstraint(
                condition=Q(status__in=sorted(OPEN), resolution="", ended_at__isnull=True) | _ends(),
                name="only_an_end_has_a_resolution",
            ),
            models.CheckConstraint(
                condition=Q(matter__isnull=True, matter_by="") | Q(matter__isnull=False, matter_by__in=MatterBy.values),
                name="a_matter_was_given_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(publicity=Publicity.PUBLIC)
                | (~Q(public_subject="") & ~Q(public_text="") & Q(published_at__isnull=False)),
                name="what_is_published_has_its_own_words",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.WAITING_APPLICANT) | Q(due_at__isnull=True),
                name="nothing_is_due_while_the_applicant_is_waited_for",
            ),
            models.CheckConstraint(
                condition=Q(resolution=Resolution.DUPLICATE, merged_into__isnull=False)
                | (~Q(resolution=Resolution.DUPLICATE) & Q(merged_into__isnull=True)),
                name="duplicates_say_where_they_went",
            ),
            models.CheckConstraint(
                condition=(~Q(merged_into=F("id")) | Q(merged_into__isnull=True))
                & (~Q(split_from=F("id")) | Q(split_from__isnull=True)),
                name="a_request_is_not_its_own_origin",
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], name="requests_search"),
            GinIndex(fields=["public_search"], condition=Q(publicity="public"), name="requests_public_search"),
            models.Index(
                fields=["council", "unit", "due_at", "id"],
                condition=Q(ended_at__isnull=True),
                name="requests_open_by_unit",
            ),
            models.Index(
                fields=["council", "due_at", "id"],
                condition=Q(ended_at__isnull=True, due_at__isnull=False),
                name="requests_open_by_due",
            ),
            models.Index(
                fields=["council", "-ended_at", "-id"], condition=Q(ended_at__isnull=False), name="requests_ended"
            ),
            models.Index(
                fields=["council", "ended_at", "id"],
                condition=Q(ended_at__isnull=False, publicity="awaited"),
                name="requests_to_publish",
            ),
            models.Index(
                fields=["assignee", "due_at", "id"], condition=Q(ended_at__isnull=True), name="requests_open_by_person"
            ),
            models.Index(
                fields=["council", "-published_at", "-id"], condition=Q(publicity="public"), name="requests_published"
            ),
            models.Index(fields=["applicant", "-filed_at", "-id"], name="requests_of_a_person"),
            models.Index(fields=["council", "-filed_at", "-id"], name="requests_newest_first"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.subject}"

    def get_absolute_url(self) -> str:
        return reverse("request_detail", args=[self.council.slug, self.number])

    @property
    def topic(self) -> str:
        return f"request:{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN


class RequestSeries(models.Model):
    """The last serial given in a council and year; its row lock makes numbers gap-free."""

    council = models.ForeignKey(Council, on_delete=models.CASCADE)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["council", "year"], name="one_request_series_per_council_and_year")
        ]

    def __str__(self) -> str:
        return f"{self.council_id}-{self.year}: {self.last}"
