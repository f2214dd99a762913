"""Whoever is responsible is reminded thirty days before a protocol runs out: written once, then sent by mail."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from partnerships.models import Protocol, Reminder, State
from people.letters import send_letter
from turkish.templatetags.turkish_text import day as day_in_words

BEFORE = timedelta(days=30)
AT_A_TIME = 100


def remind(*, at: datetime) -> int:
    """Write what runs out within thirty days, then send what has not been sent. Safe to run twice; returns how many were done."""
    today = timezone.localtime(at).date()
    newest = Protocol.objects.annotate(last=Max("partnership__protocols__version")).filter(version=F("last"))
    ending = newest.filter(
        valid_until__range=(today, today + BEFORE), partnership__state__in=[State.SIGNED, State.RUNNING], reminder=None
    )
    Reminder.objects.bulk_create(
        [Reminder(protocol=protocol, made_at=at) for protocol in ending], ignore_conflicts=True
    )
    done = 0
    while done < AT_A_TIME and _send_one(at):
        done += 1
    return done


@transaction.atomic
def _send_one(at: datetime) -> bool:
    waiting = Reminder.objects.select_for_update(skip_locked=True, of=("self",)).filter(sent_at__isnull=True)
    rows = waiting.select_related("protocol__partnership__council", "protocol__partnership__responsible__person")
    reminder = rows.order_by("pk").first()
    if reminder is None:
        return False
    partnership = reminder.protocol.partnership
    if partnership.responsible is not None and partnership.responsible.is_active:
        person = partnership.responsible.person
        with translation.override(person.language):
            facts = {"title": partnership.title, "day": day_in_words(reminder.protocol.valid_until)}
            subject = _("Protokolün süresi doluyor: %(title)s") % facts
            text = (
                _("“%(title)s” protokolünün süresi %(day)s günü doluyor. Uzatılacaksa yeni sürümünü ekleyin.") % facts
            )
            send_letter(person, subject, text, url=partnership.get_absolute_url())
    reminder.sent_at = at
    reminder.save(update_fields=["sent_at"])
    return True
