"""Ballots somebody has to see to their end, and ties to decide."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Min, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from ballots.models import Ballot
from councils.models import CouncilBallot
from participation.awaited import ties_to_decide
from participation.desk.base import Office, Task, clock_of
from proposals.models import (
    ProposalBallot,
)
from turkish.templatetags.turkish_text import age


# --- Ballots one has to see to their end ----------------------------------------------------------
def open_ballots(office: Office) -> QuerySet[ProposalBallot]:
    running = Ballot.objects.filter(declared_at__isnull=True)
    return (
        ProposalBallot.objects.filter(
            is_current=True, proposal__council=office.council, proposal__addressed_to__in=office.led, ballot__in=running
        )
        .select_related("ballot", "proposal__addressed_to")
        .defer("proposal__text", "proposal__search")
        .annotate(cast=Count("ballot__votes"), due=Min("ballot__closes_at"))
    )


def tell_ballots(office: Office, rows: list[Any]) -> list[Task]:
    found = []
    for row in rows:
        row.proposal.council = office.council
        url = row.proposal.get_absolute_url()
        note = _("%(number)s · %(body)s · %(roll)s üyeden %(cast)s oy") % {
            "number": row.proposal.number,
            "body": row.proposal.addressed_to,
            "roll": row.ballot.electorate_size,
            "cast": row.cast,
        }
        clock, tone = clock_of(row.due, office.at)
        found.append(
            Task(row.proposal.title, url, note, _("Oylamayı izleyin"), url, due=row.due, clock=clock, tone=tone)
        )
    return found


# --- Ballots of the council's own -----------------------------------------------------------------
def council_ballots(office: Office) -> QuerySet[CouncilBallot]:
    running = Ballot.objects.filter(declared_at__isnull=True)
    rows = CouncilBallot.objects.filter(council=office.council, ballot__in=running)
    if not office.is_secretary:
        rows = rows.filter(body__in=office.led)
    rows = rows.select_related("ballot", "body", "district")
    return rows.annotate(cast=Count("ballot__votes"), due=Min("ballot__closes_at"))


def tell_council_ballots(office: Office, rows: list[Any]) -> list[Task]:
    found = []
    for row in rows:
        row.council = office.council
        url = reverse("ballot_detail", args=[row.ballot_id])
        figures = {"who": row.who, "roll": row.ballot.members, "cast": row.cast}
        note = _("%(who)s · oy hakkı olan %(roll)s kişiden %(cast)s oy") % figures
        clock, tone = clock_of(row.due, office.at)
        found.append(
            Task(row.ballot.question, url, note, _("Oylamayı izleyin"), url, due=row.due, clock=clock, tone=tone)
        )
    return found


# --- Ties one has to decide as chair --------------------------------------------------------------
def ties(office: Office) -> QuerySet[CouncilBallot]:
    rows = CouncilBallot.objects.filter(council=office.council, ballot__in=ties_to_decide(office.person))
    return rows.select_related("ballot", "body", "district").annotate(declared_at=Min("ballot__declared_at"))


def tell_ties(office: Office, rows: list[CouncilBallot]) -> list[Task]:
    found = []
    for row in rows:
        row.council = office.council
        url = reverse("ballot_decide_tie", args=[row.ballot_id])
        declared = row.ballot.declared_at
        clock = _("eşitlik: %(when)s") % {"when": age(declared, now=office.at)} if declared else ""
        found.append(Task(row.ballot.question, url, row.who, _("Karar verin"), url, since=declared, clock=clock))
    return found
