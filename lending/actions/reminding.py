"""Reminders of returns: the day before, and once a week while something is late. Written once, then sent by mail."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lending.models import Loan, Reminder, State
from organisations.models import Representative
from people.letters import send_letter
from people.models import Person
from turkish.templatetags.turkish_text import day as day_in_words

AT_A_TIME = 200


def remind(*, at: datetime) -> int:
    """Write what is to be reminded of today, then send what has not been sent. Safe to run twice; returns how many were sent."""
    today = timezone.localtime(at).date()
    _write(today, at)
    sent = 0
    while sent < AT_A_TIME and _send_one(at):
        sent += 1
    return sent


def _write(today: date, at: datetime) -> None:
    soon = Loan.objects.filter(state=State.OUT, ends_on__lte=today + timedelta(days=1)).exclude(ends_on=today)
    rows = []
    for loan in soon.iterator():
        late = (today - loan.ends_on).days
        if late < 0 or late % 7 == 1:
            rows.append(Reminder(loan=loan, ends_on=loan.ends_on, days_late=late, made_at=at))
    Reminder.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def _send_one(at: datetime) -> bool:
    """Send the oldest one nobody else is sending; kept unsent when the mail server fails."""
    waiting = Reminder.objects.select_for_update(skip_locked=True, of=("self",)).filter(sent_at__isnull=True)
    reminder = waiting.select_related("loan__item", "loan__council").order_by("pk").first()
    if reminder is None:
        return False
    if reminder.loan.state == State.OUT and reminder.loan.ends_on == reminder.ends_on:
        for person in borrowers(reminder.loan, on=timezone.localtime(at).date()):
            with translation.override(person.language):
                send_letter(person, *_words(reminder), url=reminder.loan.get_absolute_url())
    reminder.sent_at = at
    reminder.save(update_fields=["sent_at"])
    return True


def borrowers(loan: Loan, *, on: date) -> list[Person]:
    """Who has it: the person who asked, and whoever represents the organisation."""
    found = Person.objects.filter(pk=loan.person_id) if loan.person_id else Person.objects.none()
    if loan.organisation_id is not None:
        mandates = Representative.objects.filter(organisation=loan.organisation_id).on(on)
        found = found | Person.objects.filter(pk__in=mandates.values("person"))
    return list(found.filter(is_active=True).distinct().order_by("pk"))


def _words(reminder: Reminder) -> tuple[str, str]:
    """Subject and text in the active language."""
    loan = reminder.loan
    facts = {"item": loan.item.name, "n": loan.outstanding, "day": day_in_words(loan.ends_on)}
    if reminder.days_late < 0:
        subject = _("Yarın dönüş günü: %(item)s") % facts
        text = ngettext(
            "Ödünç aldığınız malzemenin dönüş günü %(day)s: %(item)s, %(n)d adet. Gerekiyorsa süre uzatma isteyin.",
            "Ödünç aldığınız malzemenin dönüş günü %(day)s: %(item)s, %(n)d adet. Gerekiyorsa süre uzatma isteyin.",
            loan.outstanding,
        )
        return subject, text % facts
    subject = _("Dönüş günü geçti: %(item)s") % facts
    text = ngettext(
        "Ödünç aldığınız malzemenin dönüş günü %(day)s idi: %(item)s, %(n)d adet. Başkaları bekliyor; getirin ya da yazın.",
        "Ödünç aldığınız malzemenin dönüş günü %(day)s idi: %(item)s, %(n)d adet. Başkaları bekliyor; getirin ya da yazın.",
        loan.outstanding,
    )
    return subject, text % facts
