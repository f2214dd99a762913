"""The calendar in sentences."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from councils.meetings.rules import CalendarRule
from councils.models import MeetingWeek, Month, Weekday
from turkish.text import lower


def rule_sentence(rule: CalendarRule) -> str:
    """When the council usually meets and when its agenda closes."""
    weekday = str(Weekday(rule.weekday).label)
    sentence = _(
        "Her ayın %(week)s haftası, %(weekday)s günü saat %(begins)s. Gündem %(days)d gün önce saat %(closes)s olunca kapanır."
    ) % {
        "week": lower(str(MeetingWeek(rule.week).label)),
        "weekday": weekday if get_language() == "en" else lower(weekday),
        "begins": f"{rule.begins:%H.%M}",
        "days": rule.notice_days,
        "closes": f"{rule.agenda_closes:%H.%M}",
    }
    if rule.recess_month is not None:
        sentence += " " + _("Tatil ayı: %(month)s.") % {"month": Month(rule.recess_month).label}
    return sentence
