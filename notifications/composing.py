"""Mails in the language of their reader: plain text, simple HTML, nothing that is loaded or counted."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications.frequencies import frequencies_of
from notifications.leaving import leaving_token
from notifications.models import Mail, Role
from notifications.reading import NoticeLine, notice_lines, notices_of

LINES = 30
"""Notices told in one digest; of more it says how many there are."""


def compose(mail: Mail) -> EmailMultiAlternatives | None:
    """The message of a mail; None when there is nothing to tell any more (read meanwhile, account closed, not wanted now)."""
    if not mail.person.is_active:
        return None
    notices = notices_of(mail.person).unread()
    chosen = frequencies_of(mail.person_id)
    if mail.round is None:
        notices = notices.filter(step=mail.step_id)
        roles = [role for role in Role.values if chosen[role] != "never"]
    else:
        notices = notices.filter(created_at__gte=mail.round.from_at, created_at__lt=mail.round.until_at)
        roles = [role for role in Role.values if chosen[role] == mail.round.frequency]
    notices = notices.filter(role__in=roles)
    with translation.override(mail.person.language):
        lines = notice_lines(notices.order_by("-pk")[:LINES])
        if not lines:
            return None
        more = notices.count() - len(lines) if len(lines) == LINES else 0
        return _message(mail, lines, more, roles if mail.round is not None else [lines[0].role])


def _message(mail: Mail, lines: list[NoticeLine], more: int, roles: list[str]) -> EmailMultiAlternatives:
    leave = settings.SITE_URL + reverse("notice_leave", args=[leaving_token(mail.person_id, roles)])
    context = {
        "lines": lines,
        "more": more,
        "person": mail.person,
        "is_digest": mail.round is not None,
        "site": settings.SITE_URL,
        "inbox": settings.SITE_URL + reverse("notice_list"),
        "choices": settings.SITE_URL + reverse("notice_choices"),
        "leave": leave,
        "language": mail.person.language,
    }
    if mail.round is None:
        subject = _("%(title)s: yeni bir adım") % {"title": lines[0].title}
    else:
        count = len(lines) + more
        subject = ngettext("Önerilerden %(n)s haber", "Önerilerden %(n)s haber", count) % {"n": count}
    message = EmailMultiAlternatives(
        subject=header_text(subject),
        body=render_to_string("notifications/email/notices.txt", context),
        to=[mail.person.email],
        headers={
            "List-Unsubscribe": f"<{leave}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Message-ID": f"<haber-{mail.pk}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(render_to_string("notifications/email/notices.html", context), "text/html")
    return message


def header_text(text: str) -> str:
    """A text as it may stand in a header: one line, nothing that is not to be seen, not too long."""
    seen = "".join(letter if letter.isprintable() else " " for letter in text)
    line = " ".join(seen.split())
    return line if len(line) <= 150 else line[:149] + "…"
