"""What a working group is for, what it plans, and who asks to join."""

from __future__ import annotations

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _l

from councils.models import Body, Membership
from discussions.models import Thread
from people.models import Person


class Charter(models.Model):
    """A working group's purpose and objectives (çalışma grubunun yönergesi)."""

    body = models.OneToOneField(Body, on_delete=models.CASCADE, related_name="charter")
    purpose = models.TextField(_l("amaç"), blank=True)
    scope = models.TextField(_l("kapsam"), blank=True)
    objectives = models.JSONField(_l("hedefler"), default=list, blank=True)
    thread = models.OneToOneField(Thread, on_delete=models.PROTECT, related_name="+")
    # Public groups let everybody read their discussion; only members write.
    is_discussion_public = models.BooleanField(default=True)

    class Meta:
        verbose_name = _l("yönerge")
        verbose_name_plural = _l("yönergeler")

    def __str__(self) -> str:
        return str(self.body)


class ActivityState(models.TextChoices):
    """Where a planned activity stands."""

    PLANNED = "planned", _l("Planlandı")
    RUNNING = "running", _l("Sürüyor")
    DONE = "done", _l("Tamamlandı")


class PlannedActivity(models.Model):
    """Something a group has set out to do (planlanan faaliyet)."""

    charter = models.ForeignKey(Charter, on_delete=models.CASCADE, related_name="activities")
    position = models.PositiveSmallIntegerField()
    text = models.TextField()
    state = models.CharField(max_length=8, choices=ActivityState, default=ActivityState.PLANNED)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["charter", "position"], name="one_activity_per_position"),
            models.CheckConstraint(condition=Q(state__in=ActivityState.values), name="activity_state_is_known"),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class PartnerInstitution(models.Model):
    """An institution a group works with (paydaş kurum)."""

    charter = models.ForeignKey(Charter, on_delete=models.CASCADE, related_name="partners")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["charter", "name"], name="one_partner_per_name")]

    def __str__(self) -> str:
        return self.name


class JoinState(models.TextChoices):
    """What became of a request to join."""

    PENDING = "pending", _l("Bekliyor")
    ACCEPTED = "accepted", _l("Kabul edildi")
    DECLINED = "declined", _l("Kabul edilmedi")
    WITHDRAWN = "withdrawn", _l("Geri çekildi")


class JoinRequest(models.Model):
    """A person's request to become a member of a working group (katılma isteği)."""

    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="join_requests")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="join_requests")
    message = models.TextField(_l("neden katılmak istiyorsunuz?"), blank=True, validators=[MaxLengthValidator(1000)])
    state = models.CharField(max_length=10, choices=JoinState, default=JoinState.PENDING)
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_l("gerekçe"), max_length=500, blank=True)

    class Meta:
        verbose_name = _l("katılma isteği")
        verbose_name_plural = _l("katılma istekleri")
        constraints = [
            models.UniqueConstraint(
                fields=["body", "person"], condition=Q(state="pending"), name="one_pending_request_per_person"
            ),
            models.CheckConstraint(condition=Q(state__in=JoinState.values), name="join_request_state_is_known"),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(reason=""), name="join_request_is_declined_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} → {self.body}"


class Departure(models.Model):
    """The end of a membership (ayrılış): who ended it, when and why. One who leaves by themselves owes no reason."""

    membership = models.OneToOneField(Membership, on_delete=models.CASCADE, related_name="departure")
    ended_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_l("gerekçe"), max_length=500, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _l("ayrılış")
        verbose_name_plural = _l("ayrılışlar")

    def __str__(self) -> str:
        return f"{self.membership_id}"
