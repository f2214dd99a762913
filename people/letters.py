"""A plain letter by mail to one person: a subject, a text, an address to read on. Nothing that is loaded or counted."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from people.models import Person

LONGEST_SUBJECT = 150


def send_letter(person: Person, subject: str, text: str, *, url: str) -> None:
    """Send it in the active language; nobody is written to whose account is closed. Raises what the mail server raises."""
    if not person.is_active or not person.email:
        return
    seen = "".join(letter if letter.isprintable() else " " for letter in subject)
    line = " ".join(seen.split())
    shown = line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 1] + "…"
    lines = [
        _("Merhaba %(name)s,") % {"name": person.display_name},
        text,
        settings.SITE_URL + url,
        _("Bu ileti size gönderildi, çünkü bu işin bir tarafısınız. Yanıtlamak için sayfayı açın."),
    ]
    EmailMessage(
        shown, "\n\n".join(lines) + "\n", to=[person.email], headers={"Auto-Submitted": "auto-generated"}
    ).send()
