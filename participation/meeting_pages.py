"""The municipal council's meetings as everybody sees them: the next one, until when its agenda is open, and past ones."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from councils.meetings.checking import rule_of
from councils.meetings.permissions import may_keep_meetings
from councils.meetings.wording import rule_sentence
from councils.models import MunicipalMeeting
from councils.paging import page_of
from people.access import public
from proposals.reading.municipal import flagged_opinions, taken_up_at

AHEAD = 6
PAST_ON_A_PAGE = 20
FLAGGED_SHOWN = 50


@public
@require_safe
def municipal_meetings(request: HttpRequest) -> HttpResponse:
    """The meetings ahead, opinions that a meeting passed without, and past meetings by pages with what they took up."""
    council, at = request.council, timezone.now()
    assert council is not None
    meetings = MunicipalMeeting.objects.visible_to(request.user).filter(council=council)
    ahead = list(meetings.filter(starts_at__gt=at).order_by("starts_at", "pk")[:AHEAD])
    past = page_of(
        request,
        meetings.filter(starts_at__lte=at),
        by=["starts_at", "pk"],
        size=PAST_ON_A_PAGE,
        descending=True,
    )
    taken_up = taken_up_at([*ahead, *past.items])
    for meeting in (*ahead, *past.items):
        meeting.taken_up = taken_up[meeting.pk]
    context = {
        "flagged": list(flagged_opinions(council)[:FLAGGED_SHOWN]),
        "ahead": ahead,
        "open_one": next((each for each in ahead if not each.is_called_off and each.agenda_closes_at > at), None),
        "next_one": next((each for each in ahead if not each.is_called_off), None),
        "past": past,
        "rule": rule_sentence(rule_of(council)),
        "may_keep": bool(may_keep_meetings(request.user, council, at=at)),
    }
    return render(request, "councils/meetings/public.html", context)
