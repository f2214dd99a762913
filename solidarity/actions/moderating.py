"""Posts that are out of place: reported by anybody, hidden and shown again by the desk, each with a reason."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from discussions.markup import clean
from people.models import Person
from solidarity.actions.posting import locked, tell
from solidarity.actions.telling import note_telling
from solidarity.journal_kinds import SolidarityKind
from solidarity.models import Post, Report
from solidarity.permissions import may_keep, may_report


def _reason(text: str) -> str:
    text = clean(text)
    if not 3 <= len(text) <= 500:
        raise ValidationError({"text": _("Nedenini yazın, en çok 500 harf.")})
    return text


@transaction.atomic
def report_post(*, actor: Person, found: Post, text: str, at: datetime) -> Report:
    """Say that a post is out of place; once for each person."""
    found = locked(found)
    may_report(actor, found, at=at).require()
    defaults = {"reason": _reason(text), "at": at}
    report, _made = Report.objects.get_or_create(post=found, reporter=actor, defaults=defaults)
    return report


@transaction.atomic
def hide_post(*, actor: Person, found: Post, text: str, at: datetime) -> Post:
    """Take it off the board with the reason, which its organisation reads. Settles the reports."""
    found = locked(found)
    may_keep(actor, found.council).require()
    if found.hidden_at is None:
        found.hidden_at, found.hidden_by, found.hidden_reason = at, actor, _reason(text)
        found.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
        note_telling(found, found.organisation, "hidden", at)
        tell(SolidarityKind.HIDDEN, found, actor, at, reason=found.hidden_reason)
    _settle(found, actor, at)
    return found


@transaction.atomic
def show_post(*, actor: Person, found: Post, at: datetime) -> Post:
    """Nothing is wrong with it: it stands on the board, and its reports are settled."""
    found = locked(found)
    may_keep(actor, found.council).require()
    if found.hidden_at is not None:
        found.hidden_at, found.hidden_by, found.hidden_reason = None, None, ""
        found.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
        tell(SolidarityKind.SHOWN, found, actor, at)
    _settle(found, actor, at)
    return found


def _settle(found: Post, actor: Person, at: datetime) -> None:
    Report.objects.filter(post=found, settled_at__isnull=True).update(settled_at=at, settled_by=actor)
