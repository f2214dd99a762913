"""Notices as people read them, and whether there are any unread."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from notifications.models import Notice, NoticeQuerySet, Role
from notifications.sentences import sentence
from people.models import AnyPerson


@dataclass(frozen=True)
class NoticeLine:
    """A notice ready for a page, a mail or a program."""

    id: int
    role: str
    relation: str
    kind: str
    sentence: str
    at: datetime
    is_read: bool
    title: str
    number: str
    council: str
    url: str


def has_unread(person: OuterRef) -> Exists:
    """Whether somebody has unread notices, as a part of another query."""
    return Exists(Notice.objects.filter(person=person, read_at__isnull=True))


def notices_of(person: AnyPerson) -> NoticeQuerySet:
    """A person's own notices with all a line needs."""
    return Notice.objects.of(person).with_facts()


def notice_lines(notices: Iterable[Notice]) -> list[NoticeLine]:
    """Lines for notices of `notices_of`; no query for a line."""
    return [
        NoticeLine(
            id=notice.pk,
            role=notice.role,
            relation=str(Role(notice.role).label),
            kind=notice.step.entry.kind,
            sentence=sentence(notice.step.entry.kind, notice.step.entry.facts, due_at=notice.step.due_at),
            at=notice.step.entry.at,
            is_read=notice.read_at is not None,
            title=notice.proposal.title,
            number=notice.proposal.number,
            council=notice.proposal.council.name,
            url=notice.proposal.get_absolute_url(),
        )
        for notice in notices
    ]
