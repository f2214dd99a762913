"""Mails that came in: what became of each, and those an officer looks at first."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _l

from councils.models import Council
from people.models import Person
from servicerequests.models.request import ServiceRequest
from servicerequests.models.saying import Message


class MailState(models.TextChoices):
    """What became of a mail."""

    HELD = "held", _l("Bekliyor")
    FILED = "filed", _l("Başvuru oldu")
    THREADED = "threaded", _l("Yazışmaya eklendi")
    DISCARDED = "discarded", _l("Ayıklandı")
    # Written by a machine: never answered, never shown.
    IGNORED = "ignored", _l("Otomatik ileti")
    BROKEN = "broken", _l("Okunamadı")


class HeldFor(models.TextChoices):
    """Why an officer looks at it first (neden bekliyor)."""

    UNKNOWN = "unknown", _l("Gönderen tanınmıyor")
    NOT_PROVEN = "not_proven", _l("Adresin gönderene ait olduğu doğrulanamadı")
    FORGED = "forged", _l("DMARC denetiminden geçemedi: adres taklit edilmiş olabilir")
    NO_SENDER = "no_sender", _l("Tek bir gönderen adresi yok")
    OTHER_SENDER = "other_sender", _l("Başvurana ait olmayan bir adresten geldi")
    ENDED = "ended", _l("Başvuru sonuçlanmıştı")
    TOO_MANY = "too_many", _l("Bu adresten kısa sürede çok e-posta geldi")
    NO_TYPE = "no_type", _l("E-postayla alınan bir başvuru türü yok")
    REFUSED = "refused", _l("Başvuru ya da ileti olarak alınamadı")
    TOO_LARGE = "too_large", _l("Çok büyük; yalnız başlıkları okundu")


class MailboxCursor(models.Model):
    """How far a mailbox has been read. Its lock lets each mail be taken once, however many read at the same time."""

    mailbox = models.CharField(max_length=200, unique=True)
    uid_validity = models.BigIntegerField(default=0)
    last_uid = models.BigIntegerField(default=0)
    # How often the mail after the last one could not be taken because something else was broken.
    failures = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.mailbox} {self.last_uid}"


class IncomingMail(models.Model):
    """An e-mail that came to the address of requests (gelen e-posta)."""

    council = models.ForeignKey(Council, null=True, on_delete=models.CASCADE, related_name="+")
    mailbox = models.CharField(max_length=200)
    uid_validity = models.BigIntegerField()
    uid = models.BigIntegerField()
    # The same mail in the same mailbox under another uid, as after it was copied or the mailbox restored.
    fingerprint = models.CharField(max_length=64)
    header_id = models.CharField(max_length=260, blank=True)
    sender = models.EmailField(_l("adres"), max_length=254, blank=True)
    sender_name = models.CharField(_l("ad"), max_length=120, blank=True)
    # Whose verified address it is, where the receiving server vouches for it; nobody otherwise.
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    proof = models.CharField(
        max_length=4, choices=[("pass", "pass"), ("fail", "fail"), ("none", "none")], default="none"
    )
    subject = models.CharField(_l("konu"), max_length=200, blank=True)
    text = models.TextField(blank=True)
    whole = models.TextField(blank=True)
    # Files that could not be taken, each with why.
    left_out = models.JSONField(default=list, blank=True)
    sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()

    state = models.CharField(max_length=9, choices=MailState)
    why = models.CharField(max_length=40, blank=True)
    request = models.ForeignKey(ServiceRequest, null=True, on_delete=models.PROTECT, related_name="mails")
    message = models.OneToOneField(Message, null=True, on_delete=models.PROTECT, related_name="mail")
    # The request it seems to belong to, for the officer who decides.
    suggested = models.ForeignKey(ServiceRequest, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(_l("gerekçe"), max_length=300, blank=True)

    class Meta:
        verbose_name = _l("gelen e-posta")
        verbose_name_plural = _l("gelen e-postalar")
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "uid_validity", "uid"], name="a_mail_is_taken_once"),
            models.UniqueConstraint(fields=["mailbox", "fingerprint"], name="the_same_mail_is_taken_once"),
            models.CheckConstraint(condition=Q(state__in=MailState.values), name="incoming_mail_state_is_known"),
            models.CheckConstraint(condition=Q(proof__in=["pass", "fail", "none"]), name="mail_proof_is_known"),
            models.CheckConstraint(
                condition=Q(state__in=[MailState.FILED, MailState.THREADED], request__isnull=False)
                | ~Q(state__in=[MailState.FILED, MailState.THREADED]) & Q(request__isnull=True),
                name="a_taken_mail_has_its_request",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=True) | Q(proof="pass"), name="a_mail_is_somebodys_only_when_proven"
            ),
            models.CheckConstraint(
                condition=~Q(state=MailState.DISCARDED) | (~Q(reason="") & Q(decided_by__isnull=False)),
                name="a_discarded_mail_says_why_and_by_whom",
            ),
        ]
        indexes = [
            models.Index(
                F("council"), F("received_at"), F("id"), condition=Q(state="held"), name="mails_held_at_a_desk"
            ),
            models.Index(fields=["sender", "-received_at"], name="mails_of_a_sender"),
            models.Index(fields=["header_id"], condition=~Q(header_id=""), name="mails_by_header_id"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.state}"

    @property
    def why_words(self) -> str:
        """Why it is held, in the active language."""
        return str(HeldFor(self.why).label) if self.why in HeldFor.values else self.why


def incoming_file_path(file: Any, name: str) -> str:
    return f"requests/mail/{file.mail.received_at:%Y/%m}/{uuid.uuid4().hex}{file.extension}"


class IncomingFile(models.Model):
    """A checked file of a held mail; it goes to the request with it, or away."""

    mail = models.ForeignKey(IncomingMail, on_delete=models.CASCADE, related_name="files")
    kind = models.CharField(max_length=5, choices=[("pdf", "PDF"), ("image", _l("Görsel"))])
    file = models.FileField(upload_to=incoming_file_path, max_length=200)
    name = models.CharField(max_length=120)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def extension(self) -> str:
        return ".pdf" if self.kind == "pdf" else ".webp"
