"""A person's own page (Sayfam): what they wrote, what they follow, where they sit, what they can do next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from ballots.receipts import latest_receipts
from councils.models import Council, Membership, Officer, Residence
from councils.paging import Page, page_of
from discussions.models import Comment, Mention
from journal.models import Entry
from notifications.changed import changed_by, changes
from organisations.models import Representative
from participation.awaited import awaited_of
from participation.proposal_rows import proposal_rows
from participation.record import MOVES, RecordLine, record_lines
from people.models import IdentityCheck, Person
from proposals.amending import AmendmentState
from proposals.models import Follow, Proposal, Support
from proposals.reading import cards
from proposals.reading.amendments import TONES, amendments_to_decide, written_amendments
from proposals.stages import BEFORE_A_VOTE, Stage
from servicerequests.reading import TONES as REQUEST_TONES
from servicerequests.reading import own_requests
from workinggroups.models import Charter, Departure, JoinRequest

PROPOSALS_SHOWN = 20
FOLLOWED_SHOWN = 20
CHANGES_SHOWN = 10
NEWS_SHOWN = 12
MENTIONS_SHOWN = 10
RECEIPTS_SHOWN = 10
AMENDMENTS_SHOWN = 10
REQUESTS_SHOWN = 10
# News is looked for among the proposals that a person turned to last.
FOLLOWED_WATCHED = 200


@dataclass(frozen=True)
class MentionRow:
    """Somebody named me in a comment."""

    author: Person
    text: str
    at: datetime
    url: str
    title: str


def my_page(request: HttpRequest, person: Person, *, at: datetime) -> dict[str, Any]:
    """Everything on the page; the number of queries does not depend on how much there is."""
    day = timezone.localtime(at).date()
    written = page_of(
        request,
        written_by(person),
        by=["submitted_at", "pk"],
        size=PROPOSALS_SHOWN,
        descending=True,
        parameter="onerilerim",
    )
    followed = page_of(
        request, followed_by(person), by=["pk"], size=FOLLOWED_SHOWN, descending=True, parameter="izlediklerim"
    )
    changed = page_of(
        request,
        changed_by(person),
        by=["stage_since", "pk"],
        size=CHANGES_SHOWN,
        descending=True,
        parameter="degisenler",
    )
    return {
        "changed": {"rows": changes(changed.items), "previous": changed.previous, "next": changed.next},
        "drafts": list(
            Proposal.objects.filter(author=person, stage=Stage.DRAFT)
            .select_related("council")
            .defer("text", "search", "council__outline", "council__about")
            .order_by("-changed_at")[:PROPOSALS_SHOWN]
        ),
        "written": _rows(written),
        "followed": _rows(followed),
        "news": news_for(person),
        "mentions": mentions_of(person, day),
        "memberships": _memberships(person, day),
        "departures": _departures(person),
        "join_requests": list(
            JoinRequest.objects.filter(person=person).select_related("body__council").order_by("-created_at")[:10]
        ),
        **_to_decide(person),
        "my_amendments": _amendments(
            page_of(
                request,
                written_amendments(person),
                by=["pk"],
                size=AMENDMENTS_SHOWN,
                descending=True,
                parameter="onergelerim",
            )
        ),
        "my_requests": _requests(
            page_of(
                request,
                own_requests(person),
                by=["filed_at", "id"],
                size=REQUESTS_SHOWN,
                descending=True,
                parameter="basvurularim",
            )
        ),
        "awaited": awaited_of(person, at=at),
        "receipts": latest_receipts(person, limit=RECEIPTS_SHOWN),
        "mandates": list(
            Representative.objects.filter(person=person).on(day).select_related("organisation").order_by("pk")  # type: ignore[attr-defined]
        ),
        "residence": Residence.objects.filter(person=person).select_related("council", "district").first(),
        "identity": IdentityCheck.objects.filter(person=person).first(),
        "desks": councils_with_desk(person, at=at),
        "languages": settings.LANGUAGES,
        "at": at,
    }


def written_by(person: Person) -> QuerySet[Proposal]:
    return cards(Proposal.objects.filter(author=person).exclude(stage=Stage.DRAFT))


def followed_by(person: Person) -> QuerySet[Proposal]:
    """What the person supports or follows and did not write."""
    chosen = Q(pk__in=Support.objects.filter(person=person).values("proposal")) | Q(
        pk__in=Follow.objects.filter(person=person).values("proposal")
    )
    return cards(Proposal.objects.filter(chosen).exclude(stage=Stage.DRAFT).exclude(author=person))


def _to_decide(person: Person) -> dict[str, Any]:
    """The oldest amendments that wait for the person, and how many wait in all; counted only where some are not shown."""
    waiting = amendments_to_decide(person)
    shown = list(waiting.order_by("created_at", "pk")[:AMENDMENTS_SHOWN])
    count = len(shown) if len(shown) < AMENDMENTS_SHOWN else waiting.count()
    return {"amendments_to_decide": shown, "amendments_to_decide_count": count}


def _requests(page: Page) -> dict[str, Any]:
    rows = [{"row": row, "tone": REQUEST_TONES[row.status]} for row in page.items]
    return {"rows": rows, "previous": page.previous, "next": page.next}


def _amendments(page: Page) -> dict[str, Any]:
    """My amendments, each with what its state says and whether I am asked to renew it."""
    for row in page.items:
        row.tone = TONES[AmendmentState(row.state)]
        changes = row.proposal.stage in BEFORE_A_VOTE
        row.has_lapsed = row.is_open and not changes and row.proposal.stage != Stage.BALLOT
        row.to_renew = row.state == AmendmentState.OVERTAKEN and changes and not hasattr(row, "renewal")
    return {"rows": page.items, "previous": page.previous, "next": page.next}


def _rows(page: Page) -> dict[str, Any]:
    return {"rows": proposal_rows(page.items), "previous": page.previous, "next": page.next}


def news_for(person: Person) -> list[RecordLine]:
    """The newest moves of what I wrote, support or follow."""
    ids: set[int] = set()
    for rows in (
        Proposal.objects.filter(author=person).exclude(stage=Stage.DRAFT).order_by("-pk").values_list("pk", flat=True),
        Support.objects.filter(person=person).order_by("-pk").values_list("proposal_id", flat=True),
        Follow.objects.filter(person=person).order_by("-pk").values_list("proposal_id", flat=True),
    ):
        ids.update(rows[:FOLLOWED_WATCHED])
    if not ids:
        return []
    entries = Entry.objects.public().in_topics(*(f"proposal:{pk}" for pk in ids)).filter(kind__in=list(MOVES))
    return record_lines(entries.order_by("-at", "-pk")[:NEWS_SHOWN])


def mentions_of(person: Person, day: date) -> list[MentionRow]:
    """Comments that name me and that I may read."""
    seats = Membership.objects.filter(person=person).on(day).values("body")  # type: ignore[attr-defined]
    open_groups = Charter.objects.filter(Q(is_discussion_public=True) | Q(body__in=seats))
    public = Proposal.objects.exclude(stage=Stage.DRAFT)
    readable = Q(thread__in=open_groups.values("thread")) | Q(thread__in=public.values("thread"))
    comments = (
        Comment.objects.filter(pk__in=Mention.objects.filter(person=person).values("comment"))
        .filter(readable, hidden_at__isnull=True, deleted_at__isnull=True)
        .select_related("author")
        .order_by("-pk")[:MENTIONS_SHOWN]
    )
    found = list(comments)
    titles = _thread_titles({comment.thread_id for comment in found})
    return [
        MentionRow(
            comment.author,
            comment.text,
            comment.created_at,
            reverse("comment_page", args=[comment.thread_id, comment.pk]),
            titles.get(comment.thread_id, ""),
        )
        for comment in found
    ]


def _thread_titles(threads: set[int]) -> dict[int, str]:
    """What each thread is about."""
    proposals = Proposal.objects.filter(thread__in=threads).values_list("thread_id", "title")
    groups = Charter.objects.filter(thread__in=threads).values_list("thread_id", "body__name")
    return dict([*proposals, *groups]) if threads else {}


def _memberships(person: Person, day: date) -> list[Membership]:
    running = Membership.objects.filter(person=person).on(day)  # type: ignore[attr-defined]
    return list(running.select_related("body__council").order_by("body__council", "body__kind", "pk"))


def _departures(person: Person) -> list[Departure]:
    """Seats that somebody else ended, with the reason."""
    ended = Departure.objects.filter(membership__person=person).exclude(ended_by=person)
    return list(ended.select_related("membership__body__council").order_by("-at")[:3])


def councils_with_desk(person: Person, *, at: datetime) -> list[Council]:
    """Councils in which the person has a desk."""
    day = timezone.localtime(at).date()
    seats = Membership.objects.filter(person=person).on(day).leading()  # type: ignore[attr-defined]
    offices = Officer.objects.filter(person=person, is_active=True)
    mine = Q(pk__in=seats.values("body__council")) | Q(pk__in=offices.values("council"))
    return list(Council.objects.filter(mine).only("name", "slug").alphabetical())
