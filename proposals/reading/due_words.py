"""The due date of a step in words: by when, how it was counted, and how late it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proposals.models import Proposal
from proposals.overdue import is_late
from turkish.templatetags.turkish_text import day as day_words
from turkish.templatetags.turkish_text import number


@dataclass(frozen=True)
class DueWords:
    """What a page says of a due date."""

    how: str
    is_late: bool


def due_words(proposal: Proposal, *, at: datetime) -> DueWords | None:
    """None when nothing is due. Asks no query: how the date was counted stands with the proposal."""
    if proposal.due_at is None:
        return None
    return DueWords(how_counted(proposal.due_how), is_late(proposal.stage, proposal.due_at, at))


def how_counted(how: Mapping[str, Any]) -> str:
    """How a date was counted, as one or more sentences; empty for a fixed moment."""
    if not how:
        return ""
    start = day_words(date.fromisoformat(how["start"]))
    days = int(how["days"])
    if how["is_working"]:
        said = [
            ngettext(
                "%(start)s gününün ertesinden başlayarak %(n)s iş günü sayıldı.",
                "%(start)s gününün ertesinden başlayarak %(n)s iş günü sayıldı.",
                days,
            )
            % {"start": start, "n": number(days)}
        ]
    else:
        said = [
            ngettext(
                "%(start)s gününün ertesinden başlayarak %(n)s gün sayıldı.",
                "%(start)s gününün ertesinden başlayarak %(n)s gün sayıldı.",
                days,
            )
            % {"start": start, "n": number(days)}
        ]
    left_out = [f"{day_words(date.fromisoformat(day))} {name}" for day, name in how["skipped"]]
    if how["weekend_days"]:
        weekend = ngettext("hafta sonları (%(n)s gün)", "hafta sonları (%(n)s gün)", how["weekend_days"])
        left_out.insert(0, weekend % {"n": number(how["weekend_days"])})
    if left_out:
        sentence = (
            _("Sayılmayanlar: %(days)s.") if how["is_working"] else _("Son gün tatile geldiği için kaydı: %(days)s.")
        )
        said.append(sentence % {"days": ", ".join(left_out)})
    if how["ends_early"]:
        said.append(_("Son gün yarım gündür (%(name)s), süre 13.00’te biter.") % {"name": how["ends_early"]})
    else:
        said.append(_("Süre son günün mesai bitiminde dolar."))
    return " ".join(said)
