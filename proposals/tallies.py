"""Whether a decision's numbers can be true. Plain data in, sentences out."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

MOST_MEMBERS = 500
"""No municipal council has more members; a larger tally is a slip of the pen."""


def wrong_tally(
    votes_for: int | None, votes_against: int | None, votes_abstain: int | None, *, is_unanimous: bool
) -> str:
    """Why a tally cannot be one; empty when it can. The votes are those for and against the decision as it was taken.

    With as many votes for as against, the president's vote decides (law 5393, article 22).
    """
    numbers = (votes_for, votes_against, votes_abstain)
    if is_unanimous and all(number is None for number in numbers):
        return ""
    if any(number is None for number in numbers):
        return _("Kabul, ret ve çekimser sayılarının üçünü de yazın ya da oy birliğini seçin.")
    given = [number for number in numbers if number is not None]
    if min(given) < 0 or sum(given) > MOST_MEMBERS:
        return _("Oyların toplamı en çok %(most)d olabilir.") % {"most": MOST_MEMBERS}
    if given[0] == 0:
        return _("Karar lehine en az bir oy olmalı.")
    if given[1] > given[0]:
        return _("Karar, aleyhine daha çok oy varken alınmış olamaz; sayıları denetleyin.")
    if is_unanimous and given[1]:
        return _("Oy birliğinde ret oyu olmaz.")
    return ""


def wrong_day(decided_on: date, meeting_on: date, *, today: date) -> str:
    """Why a decision cannot be of a day; empty when it can."""
    if decided_on > today:
        return _("Karar tarihi gelecekte olamaz.")
    if decided_on != meeting_on:
        return _("Bu tarihte seçtiğiniz toplantı yapılmadı; toplantının günü %(day)s.") % {
            "day": f"{meeting_on:%d.%m.%Y}"
        }
    return ""
