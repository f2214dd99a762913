"""Projects that the directorate carries out together with others (proje ortaklığı): one file for each."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _l

from councils.models import Council, Officer
from organisations.models import Organisation
from people.models import Person
from servicerequests.models import ServiceRequest

LONGEST_TEXT = 4000


class State(models.TextChoices):
    """How far a partnership has come (durum)."""

    IDEA = "idea", _l("Fikir")
    NEGOTIATION = "negotiation", _l("Görüşülüyor")
    SIGNED = "signed", _l("Protokol imzalandı")
    RUNNING = "running", _l("Yürüyor")
    ENDED = "ended", _l("Tamamlandı")
    DROPPED = "dropped", _l("Vazgeçildi")


MOVES: dict[str, tuple[State, ...]] = {
    State.IDEA: (State.NEGOTIATION, State.DROPPED),
    State.NEGOTIATION: (State.SIGNED, State.DROPPED),
    State.SIGNED: (State.RUNNING, State.DROPPED),
    State.RUNNING: (State.ENDED, State.DROPPED),
    State.ENDED: (),
    State.DROPPED: (),
}
SHOWN = (State.SIGNED, State.RUNNING, State.ENDED)
"""States in which a partnership may be published."""


class Partnership(models.Model):
    """The file of a project with partners (ortaklık dosyası)."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="partnerships")
    request = models.ForeignKey(
        ServiceRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="partnerships"
    )
    title = models.CharField(_l("başlık"), max_length=160)
    purpose = models.TextField(_l("amaç"), validators=[MaxLengthValidator(LONGEST_TEXT)])
    # Nobody while the post is empty.
    responsible = models.ForeignKey(
        Officer, null=True, blank=True, on_delete=models.SET_NULL, related_name="partnerships"
    )
    state = models.CharField(_l("durum"), max_length=11, choices=State, default=State.IDEA)
    starts_on = models.DateField(_l("başlangıç"), null=True, blank=True)
    ends_on = models.DateField(_l("bitiş"), null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        verbose_name = _l("proje ortaklığı")
        verbose_name_plural = _l("proje ortaklıkları")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="partnership_state_is_known"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(purpose=""), name="partnership_says_what_for"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="partnership_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(state__in=[state.value for state in SHOWN]),
                name="only_a_signed_partnership_is_published",
            ),
        ]
        indexes = [models.Index(fields=["council", "-opened_at", "-id"], name="partnerships_newest_first")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("partnership", args=[self.council.slug, self.pk])

    @property
    def topic(self) -> str:
        return f"partnership:{self.pk}"


class Partner(models.Model):
    """Who takes part besides the directorate (ortak): an organisation of the site, or an institution by its name."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="partners")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="partnerships"
    )
    named = models.CharField(_l("kurum"), max_length=160, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "organisation"], name="an_organisation_is_a_partner_once"),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False, named="") | (Q(organisation__isnull=True) & ~Q(named="")),
                name="a_partner_is_an_organisation_or_named",
            ),
        ]

    def __str__(self) -> str:
        return self.organisation.name if self.organisation is not None else self.named


def protocol_path(protocol: Any, name: str) -> str:
    """Files are stored under our own random name; the given one is only shown."""
    return f"partnerships/{uuid.uuid4().hex}.pdf"


class Protocol(models.Model):
    """A version of the protocol, as a checked PDF. Only added (migration 0002)."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="protocols")
    version = models.PositiveSmallIntegerField(_l("sürüm"))
    file = models.FileField(upload_to=protocol_path, max_length=200)
    name = models.CharField(max_length=120)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    signed_on = models.DateField(_l("imza günü"), null=True, blank=True)
    valid_until = models.DateField(_l("geçerlilik"), null=True, blank=True)
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "version"], name="one_protocol_per_version"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(signed_on__isnull=True) | Q(valid_until__gte=F("signed_on")),
                name="protocol_is_valid_after_it_is_signed",
            ),
        ]

    kind = "pdf"
    extension = ".pdf"

    def __str__(self) -> str:
        return f"{self.partnership_id} · {self.version}"


class Step(models.Model):
    """Something to be done until a day, by an officer or a partner; or a date of the project (iş, kilometre taşı)."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="steps")
    title = models.CharField(_l("iş"), max_length=200)
    is_milestone = models.BooleanField(_l("projenin tarihi"), default=False)
    officer = models.ForeignKey(Officer, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(Partner, null=True, blank=True, on_delete=models.PROTECT, related_name="steps")
    due_on = models.DateField(_l("son gün"))
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="partnership_step_says_what"),
            models.CheckConstraint(
                condition=Q(officer__isnull=True) | Q(partner__isnull=True), name="a_step_is_somebody_s_alone"
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="a_done_step_says_by_whom",
            ),
        ]
        indexes = [
            models.Index(fields=["officer", "due_on"], condition=Q(done_at__isnull=True), name="steps_of_officers")
        ]

    def __str__(self) -> str:
        return self.title


class Note(models.Model):
    """A note in the file, for both sides or inside the desk. Only added (migration 0002)."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="notes")
    is_inside = models.BooleanField(default=False)
    text = models.TextField(_l("not"), validators=[MaxLengthValidator(LONGEST_TEXT)])
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="partnership_note_says_something")]

    def __str__(self) -> str:
        return f"{self.partnership_id} {self.at:%Y-%m-%d}"


class StateChange(models.Model):
    """A move of a partnership: who, when, why. Only added (migration 0002)."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="moves")
    old = models.CharField(max_length=11, choices=State)
    new = models.CharField(max_length=11, choices=State)
    reason = models.CharField(max_length=500, blank=True)
    actor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(new=State.DROPPED) | ~Q(reason=""), name="a_dropped_partnership_says_why"
            ),
            models.CheckConstraint(condition=~Q(old=F("new")), name="a_partnership_moves_somewhere_else"),
        ]

    def __str__(self) -> str:
        return f"{self.partnership_id}: {self.old} → {self.new}"


class Reminder(models.Model):
    """That a protocol runs out soon: written once, sent by mail afterwards."""

    protocol = models.OneToOneField(Protocol, on_delete=models.CASCADE, related_name="reminder")
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.protocol_id}"
