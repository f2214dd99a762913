"""What people are told of the steps of proposals, and the mails that tell it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _l

from journal.models import Entry
from people.models import AnyPerson, Person
from proposals.models import Proposal
from proposals.stages import Stage
from servicerequests.models import ServiceRequest


class Role(models.TextChoices):
    """How near somebody is to a proposal, the nearest first."""

    AUTHOR = "author", _l("Yazdığınız öneri")
    AMENDER = "amender", _l("Değişiklik önergesi verdiğiniz öneri")
    SUPPORTER = "supporter", _l("Desteklediğiniz öneri")
    COMMENTER = "commenter", _l("Yorum yazdığınız öneri")
    FOLLOWER = "follower", _l("Takip ettiğiniz öneri")


class RequestRole(models.TextChoices):
    """What somebody has to do with a request. Its mails are answered one by one, so no digest gathers them."""

    APPLICANT = "applicant", _l("Müdürlüğe başvurunuz")
    JOINED = "joined", _l("Katıldığınız başvuru")
    DESK = "desk", _l("Size ya da biriminize düşen başvuru")


class Frequency(models.TextChoices):
    """When something is told by mail."""

    NOW = "now", _l("Hemen")
    DAILY = "daily", _l("Günde bir")
    WEEKLY = "weekly", _l("Haftada bir")
    NEVER = "never", _l("Hiç")


class Step(models.Model):
    """A step of a proposal that people are told of (adım): which entry of the journal, and how far the telling has come."""

    # Without a constraint of the database: entries are never deleted, and the journal stands by itself.
    entry = models.OneToOneField(
        Entry, primary_key=True, on_delete=models.PROTECT, db_constraint=False, related_name="+"
    )
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="+")
    # Until when the holder of the new stage should have moved on, as it was when the step was taken.
    due_at = models.DateTimeField(null=True)
    # People are told in the order of their keys; the last one who has been.
    told_until = models.BigIntegerField(default=0)
    told_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["entry"], condition=Q(told_at__isnull=True), name="steps_still_to_tell")]

    def __str__(self) -> str:
        return f"{self.entry_id}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def of(self, person: AnyPerson) -> NoticeQuerySet:
        """A person's own notices, as far as the person may read the proposal they speak of."""
        return self.filter(person_id=person.pk or 0).exclude(proposal__stage=Stage.DRAFT)

    def unread(self) -> NoticeQuerySet:
        return self.filter(read_at__isnull=True)

    def with_facts(self) -> NoticeQuerySet:
        """Everything its sentence needs, joined."""
        return self.select_related("step__entry", "proposal__council").only(
            "person_id", "role", "created_at", "read_at", "proposal__title", "proposal__number", "proposal__stage",
            "proposal__council__slug", "proposal__council__name", "step__due_at", "step__entry__kind",
            "step__entry__facts", "step__entry__at",
        )  # fmt: skip


class Notice(models.Model):
    """One person told of one step (haber). Its sentence is made when it is read, in the reader's language."""

    # Many are written at once: the constraints and indexes below serve for all that is asked.
    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="notices", db_index=False)
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notices", db_index=False)
    role = models.CharField(max_length=10, choices=Role)
    created_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _l("haber")
        verbose_name_plural = _l("haberler")
        constraints = [
            models.UniqueConstraint(fields=["step", "person"], name="one_notice_per_person_and_step"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="notice_role_is_known"),
        ]
        indexes = [
            models.Index(fields=["person", "-id"], name="notices_of_a_person_newest"),
            models.Index(fields=["person"], condition=Q(read_at__isnull=True), name="notices_still_unread"),
            models.Index(fields=["created_at"], name="notices_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.step_id} → {self.person_id}"


class MailChoice(models.Model):
    """When a person wants mails about the proposals and requests they are this near to (haber tercihi), else the default."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="mail_choices")
    role = models.CharField(max_length=10, choices=[*Role.choices, *RequestRole.choices])
    frequency = models.CharField(max_length=6, choices=Frequency)

    class Meta:
        verbose_name = _l("haber tercihi")
        verbose_name_plural = _l("haber tercihleri")
        constraints = [
            models.UniqueConstraint(fields=["person", "role"], name="one_mail_choice_per_person_and_role"),
            models.CheckConstraint(
                condition=Q(role__in=[*Role.values, *RequestRole.values]), name="mail_choice_role_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(role__in=RequestRole.values) | Q(frequency__in=["now", "never"]),
                name="mails_of_requests_come_at_once_or_never",
            ),
            models.CheckConstraint(condition=Q(frequency__in=Frequency.values), name="mail_choice_frequency_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.role} {self.frequency}"


class Round(models.Model):
    """A digest's span of time (özet dönemi), the same for everybody; the next one begins where this one ends."""

    frequency = models.CharField(max_length=6, choices=Frequency)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["frequency", "until_at"], name="one_round_per_frequency_and_end"),
            models.CheckConstraint(
                condition=Q(frequency__in=[Frequency.DAILY, Frequency.WEEKLY]), name="a_round_is_daily_or_weekly"
            ),
            models.CheckConstraint(condition=Q(until_at__gt=models.F("from_at")), name="a_round_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return f"{self.frequency} {self.until_at:%Y-%m-%d}"


class MailState(models.TextChoices):
    WAITING = "waiting", _l("Bekliyor")
    SENT = "sent", _l("Gönderildi")
    DROPPED = "dropped", _l("Gerek kalmadı")
    FAILED = "failed", _l("Gönderilemedi")


class Mail(models.Model):
    """A mail that is owed to somebody (gönderilecek posta): about one step, or the digest of a round."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    step = models.ForeignKey(Step, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    round = models.ForeignKey(Round, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    state = models.CharField(max_length=7, choices=MailState, default=MailState.WAITING, db_default=MailState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    created_at = models.DateTimeField(db_default=Now())
    next_try_at = models.DateTimeField(db_default=Now())
    # Nobody wants to read it later than this.
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["step", "person"], name="one_mail_per_person_and_step"),
            models.UniqueConstraint(fields=["round", "person"], name="one_mail_per_person_and_round"),
            models.CheckConstraint(
                condition=Q(step__isnull=True, round__isnull=False) | Q(step__isnull=False, round__isnull=True),
                name="a_mail_is_of_a_step_or_of_a_round",
            ),
            models.CheckConstraint(condition=Q(state__in=MailState.values), name="mail_state_is_known"),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(state="waiting"), name="mails_still_to_send"),
            models.Index(fields=["created_at"], name="mails_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.state}"


class Letter(models.Model):
    """A mail about a request that is owed to somebody, with or without an account (başvuru postası).

    Its words are made when it is sent, from the request as it is then; only what the applicant may read ever stands in it.
    """

    request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="+")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, db_constraint=False, related_name="+", db_index=False)
    role = models.CharField(max_length=10, choices=RequestRole)
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="+")
    # Of who has no account; otherwise the person's address as it is when the mail is sent.
    address = models.EmailField(max_length=254, blank=True)
    state = models.CharField(max_length=7, choices=MailState, default=MailState.WAITING, db_default=MailState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    created_at = models.DateTimeField(db_default=Now())
    next_try_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    sent_to = models.EmailField(max_length=254, blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "person", "address"],
                nulls_distinct=False,
                name="one_letter_per_entry_and_addressee",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False, address="") | Q(person__isnull=True) & ~Q(address=""),
                name="a_letter_goes_to_a_person_or_an_address",
            ),
            models.CheckConstraint(condition=Q(role__in=RequestRole.values), name="letter_role_is_known"),
            models.CheckConstraint(condition=Q(state__in=MailState.values), name="letter_state_is_known"),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(state="waiting"), name="letters_still_to_send"),
            models.Index(fields=["sent_to", "-sent_at"], name="letters_by_address"),
            models.Index(fields=["created_at"], name="letters_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.role} {self.state}"
