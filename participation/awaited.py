"""What is asked of a person now: a vote, also by proxy, the decision of a tie, a reply in a request, a review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from ballots.models import Ballot, Elector, Outcome, Proxy, Vote
from people.models import Person
from proposals.reading.implementation import reviews_to_answer
from servicerequests.models import ServiceRequest
from servicerequests.states import Status

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Awaited:
    """One ballot that waits for somebody: what it asks, for whom, and until when."""

    question: str
    url: str
    note: str
    closes_at: datetime | None


def ballots_to_vote_in(person: Person, *, at: datetime) -> QuerySet[Ballot]:
    """Open ballots whose roll has the person, who has not voted and has lent the vote to nobody; the first to close on top."""
    on_roll = Elector.objects.filter(ballot=OuterRef("pk"), person=person, struck_at__isnull=True)
    voted = Vote.objects.filter(ballot=OuterRef("pk"), person=person)
    lent = Proxy.objects.filter(ballot=OuterRef("pk"), giver=person, revoked_at__isnull=True)
    running = Ballot.running_at(at)
    return running.filter(Exists(on_roll), ~Exists(voted), ~Exists(lent)).order_by("closes_at", "pk")


def proxies_to_use(person: Person, *, at: datetime) -> QuerySet[Proxy]:
    """Proxies the person holds in open ballots and has not voted with."""
    voted = Vote.objects.filter(ballot=OuterRef("ballot"), person=OuterRef("giver"))
    held = Proxy.objects.filter(holder=person, revoked_at__isnull=True, ballot__declared_at__isnull=True)
    running = held.filter(ballot__opens_at__lte=at, ballot__closes_at__gt=at)
    return running.filter(~Exists(voted)).select_related("ballot", "giver").order_by("ballot__closes_at", "pk")


def ties_to_decide(person: Person) -> QuerySet[Ballot]:
    """Ballots that ended in a tie which the person, as their chair, has not decided; the oldest on top.

    A question that nobody answered with yes or no leaves nothing to choose between.
    """
    open_tie = Q(yes_votes__isnull=True) | Q(yes_votes__gt=0)
    theirs = Ballot.objects.filter(open_tie, chair=person, outcome=Outcome.TIED, chair_decision__isnull=True)
    return theirs.order_by("declared_at", "pk")


def requests_to_reply_to(person: Person) -> QuerySet[ServiceRequest]:
    """The person's requests in which the directorate waits for them; the longest on top."""
    rows = ServiceRequest.objects.filter(applicant=person, status=Status.WAITING_APPLICANT).select_related("council")
    return rows.only("number", "subject", "status_since", "council__slug").order_by("status_since", "pk")


def awaited_of(person: Person, *, at: datetime) -> list[Awaited]:
    """Everything that waits for the person: ties, requests in which they were asked, votes by their closing, and reviews.

    Five queries.
    """
    ties = [
        Awaited(
            ballot.question,
            reverse("ballot_decide_tie", args=[ballot.pk]),
            _("Oylar eşit çıktı, başkan olarak kararınız bekleniyor"),
            None,
        )
        for ballot in ties_to_decide(person)[:SHOWN]
    ]
    votes = [
        Awaited(ballot.question, reverse("ballot_detail", args=[ballot.pk]), "", ballot.closes_at)
        for ballot in ballots_to_vote_in(person, at=at)[:SHOWN]
    ]
    proxies = [
        Awaited(
            proxy.ballot.question,
            reverse("ballot_vote_for", args=[proxy.ballot_id, proxy.pk]),
            _("%(name)s yerine, vekil olarak") % {"name": proxy.giver.display_name},
            proxy.ballot.closes_at,
        )
        for proxy in proxies_to_use(person, at=at)[:SHOWN]
    ]
    reviews = [
        Awaited(
            review.proposal.title,
            reverse("proposal_review", args=[review.proposal.council.slug, review.proposal.number]),
            _("Yapıldı; oldu mu? Sizden bir değerlendirme bekleniyor"),
            review.closes_at,
        )
        for review in reviews_to_answer(person, at=at)[:SHOWN]
    ]
    asked = [
        Awaited(
            row.subject, row.get_absolute_url(), _("Müdürlük sizden bilgi bekliyor; siz yazana kadar süre durur"), None
        )
        for row in requests_to_reply_to(person)[:SHOWN]
    ]
    return ties + asked + sorted([*votes, *proxies, *reviews], key=lambda each: each.closes_at or at)
