"""What pages and programs show of the board."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from councils.models import Council
from organisations.models import Organisation
from solidarity.matching import Facts, Fit, best
from solidarity.models import Match, Message, Post, Report, Side

COMPARED = 300
"""Offers that a need is compared with: the newest ones."""


def board(
    council: Council, day: date, *, side: str = "", sort: str = "", district: int | None = None
) -> QuerySet[Post]:
    """What stands on the board on a day, narrowed."""
    rows = Post.objects.open_on(day).filter(council=council).select_related("organisation", "district")
    if side:
        rows = rows.filter(side=side)
    if sort:
        rows = rows.filter(sort=sort)
    return rows if district is None else rows.filter(Q(district=district) | Q(district__isnull=True))


def posts_of(council: Council, organisation: Organisation, day: date, *, is_ours: bool) -> QuerySet[Post]:
    """An organisation's posts: those on the board, and for itself all of them."""
    rows = Post.objects.filter(council=council, organisation=organisation)
    rows = rows if is_ours else rows.open_on(day)
    return rows.select_related("organisation", "district")


def fulfilled_in(council: Council, year: int) -> int:
    """Needs that were met in a year."""
    zone = timezone.get_current_timezone()
    first, after = datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone)
    return Match.objects.filter(need__council=council, fulfilled_at__gte=first, fulfilled_at__lt=after).count()


def facts_of(post: Post) -> Facts:
    text = f"{post.title} {post.text}"
    return Facts(post.pk, post.organisation_id, post.sort, post.district_id, post.starts_on, post.ends_on, text)


@dataclass(frozen=True)
class Suggestion:
    """An offer that may meet a need, and why."""

    post: Post
    fit: Fit


def suggestions(need: Post, day: date) -> list[Suggestion]:
    """Offers of the board that fit a need and have not been tried. Two queries."""
    tried = Match.objects.filter(need=need).values("offer")
    rows = board(need.council, day, side=Side.OFFER, sort=need.sort).exclude(pk__in=tried).order_by("-posted_at", "-pk")
    offers = {row.pk: row for row in rows[:COMPARED]}
    for row in offers.values():
        row.council = need.council
    return [
        Suggestion(offers[each.key], each) for each in best(facts_of(need), [facts_of(row) for row in offers.values()])
    ]


def matches_of(post: Post) -> QuerySet[Match]:
    rows = Match.objects.filter(Q(need=post) | Q(offer=post))
    return rows.select_related("need__organisation", "offer__organisation", "need__council", "offer__council")


def conversation(post: Post, organisations: Iterable[Organisation], *, is_ours: bool) -> list[Message]:
    """What was written: all of it for the organisation of the post, its own for another."""
    rows = post.messages.select_related("other")
    found: list[Message] = list(rows if is_ours else rows.filter(other__in=list(organisations)))
    return found


def unmet(council: Council, day: date) -> QuerySet[Post]:
    """Needs on the board for which no match runs, for the desk; `due` is the day they leave it."""
    running = Match.objects.filter(need=OuterRef("pk")).exclude(need_says=False).exclude(offer_says=False)
    return board(council, day, side=Side.NEED).filter(~Exists(running))


def reported(council: Council) -> QuerySet[Any]:
    """Posts with reports that nobody has settled, with the `first` one."""
    open_ones = Report.objects.filter(settled_at__isnull=True)
    rows = Post.objects.filter(council=council, reports__in=open_ones).select_related("organisation")
    return rows.annotate(first=Min("reports__at"))
