"""What a person does with their notices, and when notices are let go."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from notifications.models import Letter, Mail, MailChoice, MailState, Notice
from people.models import Person

READ_KEPT = timedelta(days=365)
UNREAD_KEPT = timedelta(days=730)
MAILS_KEPT = timedelta(days=30)


@transaction.atomic
def mark_read(*, actor: Person, notice: Notice, at: datetime) -> Notice:
    """Mark one's own notice as read; a second call changes nothing. Raises `Notice.DoesNotExist` for another's."""
    notice = Notice.objects.of(actor).select_for_update(of=("self",)).get(pk=notice.pk)
    if notice.read_at is None:
        notice.read_at = at
        notice.save(update_fields=["read_at"])
    return notice


@transaction.atomic
def mark_all_read(*, actor: Person, until: int, at: datetime) -> int:
    """Mark one's own notices up to this one as read; what came meanwhile stays unread. Returns how many."""
    return Notice.objects.filter(person=actor, pk__lte=until, read_at__isnull=True).update(read_at=at)


def forget_person(*, person: int) -> None:
    """Nothing stays of the notices, choices and mails of an account that was closed."""
    for model in (Letter, Mail, MailChoice, Notice):
        model.objects.filter(person=person).delete()


def forget_old(*, at: datetime) -> int:
    """Let go of read notices of a year ago, unread ones of two, and mails that are done; returns how many rows."""
    read = Q(read_at__isnull=False, created_at__lt=at - READ_KEPT)
    notices = Notice.objects.filter(read | Q(created_at__lt=at - UNREAD_KEPT)).delete()[0]
    done = sum(
        model.objects.filter(created_at__lt=at - MAILS_KEPT).exclude(state=MailState.WAITING).delete()[0]
        for model in (Mail, Letter)
    )
    return notices + done
