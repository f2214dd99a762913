"""Amendments as people read them: a text by paragraphs with whom each came from, a list, one of them beside its rivals."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.utils.safestring import SafeString

from people.models import AnyPerson, Person
from proposals.amending import AmendmentKind, AmendmentState, digest_of, paragraphs_of
from proposals.attribution import Text, origins
from proposals.differences import SECONDS, Difference, compare
from proposals.models import Amendment, AmendmentDecision, Proposal, ProposalVersion
from proposals.reading.wording import text_html
from proposals.stages import BEFORE_A_VOTE, Stage

TONES = {
    AmendmentState.OPEN: "wait",
    AmendmentState.ACCEPTED: "done",
    AmendmentState.DECLINED: "no",
    AmendmentState.WITHDRAWN: "plain",
    AmendmentState.OVERTAKEN: "plain",
}

SECONDS_OF_A_PAGE, LEAST_SECONDS = 1.0, 0.02
"""How long the differences of one page may take together, and each at least; past it they become coarser."""


@dataclass(frozen=True)
class Credit:
    """Somebody who brought or changed a paragraph, with which version, by which amendment if by one."""

    person: Person
    version: ProposalVersion
    amendment: Amendment | None = None


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the text as it stands: whom it came from first, who changed it, what is asked of it."""

    position: int
    text: str
    credits: Sequence[Credit]
    amendments: list[Amendment] = field(default_factory=list)

    @property
    def html(self) -> SafeString:
        return text_html(self.text)

    @property
    def digest(self) -> str:
        return digest_of(self.text)


def paragraphs(proposal: Proposal) -> tuple[list[Paragraph], list[Credit]]:
    """The text by paragraphs, and the amendments that took paragraphs out of it. Three queries."""
    versions = list(proposal.versions.select_related("author").order_by("number"))
    decided = AmendmentDecision.objects.filter(amendment__proposal=proposal, outcome=AmendmentState.ACCEPTED)
    made_by = {each.version_id: each.amendment for each in decided.select_related("amendment__author")}
    texts: list[Text] = []
    givers: dict[int, Credit] = {}
    for version in versions:
        amendment = made_by.get(version.pk)
        change = amendment.change if amendment is not None else None
        texts.append(Text(version.number, paragraphs_of(version.text), change))
        givers[version.number] = Credit(amendment.author if amendment else version.author, version, amendment)
    waiting: dict[int, list[Amendment]] = {}
    for amendment in Amendment.objects.filter(proposal=proposal, state=AmendmentState.OPEN).order_by("number"):
        waiting.setdefault(amendment.position, []).append(amendment)
    found = [
        Paragraph(position, origin.paragraph, [givers[n] for n in origin.versions], waiting.get(position, []))
        for position, origin in enumerate(origins(texts), start=1)
    ]
    removed = [
        each for each in givers.values() if each.amendment is not None and each.amendment.kind == AmendmentKind.REMOVE
    ]
    return found, removed


def difference_of(amendment: Amendment, *, seconds: float = SECONDS) -> Difference:
    """What it changes, word by word; an insertion stands behind its paragraph."""
    new = amendment.text
    if amendment.kind == AmendmentKind.INSERT:
        new = f"{amendment.paragraph}\n\n{amendment.text}".strip()
    return compare(amendment.paragraph, new, seconds=seconds)


def amendments_of(proposal: Proposal, state: str = "") -> QuerySet[Amendment]:
    """The amendments of a proposal, of one state if it is a known one; by `order` those that wait come first."""
    rows = Amendment.objects.filter(proposal=proposal).with_names()
    if state in AmendmentState.values:
        rows = rows.filter(state=state)
    order = Case(When(state=AmendmentState.OPEN, then=Value(0)), default=Value(1), output_field=IntegerField())
    return rows.annotate(order=order)


def counts(proposal: Proposal) -> dict[str, int]:
    """How many amendments stand in which state. One query."""
    found = Amendment.objects.filter(proposal=proposal).order_by().values_list("state").annotate(Count("pk"))
    return dict(found)


def part_of_page(proposal: Proposal) -> dict[str, Any]:
    """What `proposals/_amendments.html` needs; the same for every reader. One query."""
    known = counts(proposal)
    return {
        "proposal": proposal,
        "council": proposal.council,
        "amendment_count": sum(known.values()),
        "open_amendment_count": known.get(AmendmentState.OPEN, 0),
        "takes_amendments": proposal.stage in BEFORE_A_VOTE,
    }


def rivals_of(amendment: Amendment) -> list[Amendment]:
    """Other open amendments of the same paragraph: accepting one of them overtakes the rest."""
    if not amendment.is_open or amendment.kind == AmendmentKind.INSERT:
        return []
    rows = Amendment.objects.filter(
        proposal=amendment.proposal, state=AmendmentState.OPEN, position=amendment.position
    ).exclude(pk=amendment.pk)
    return list(rows.select_related("author").order_by("number")[:20])


def likely_position(amendment: Amendment) -> int:
    """Where an overtaken amendment most likely belongs now: at the end of the text where its place is past it."""
    return min(amendment.position, len(paragraphs_of(amendment.proposal.text)))


def dress(amendments: Sequence[Amendment], proposal: Proposal) -> Sequence[Amendment]:
    """Amendments with their difference and, in words and tone, where they stand on this proposal."""
    lapsed = proposal.stage not in BEFORE_A_VOTE
    until = time.monotonic() + SECONDS_OF_A_PAGE
    for each in amendments:
        row: Any = each
        row.proposal = proposal
        left = until - time.monotonic()
        row.difference = difference_of(each, seconds=min(SECONDS, max(LEAST_SECONDS, left)))
        row.tone = TONES[AmendmentState(each.state)]
        row.has_lapsed = lapsed and each.is_open and proposal.stage != Stage.BALLOT
    return amendments


def written_amendments(person: Person) -> QuerySet[Amendment]:
    """What a person asked for, in any council."""
    return Amendment.objects.filter(author=person).with_names().select_related("proposal__council")


def amendments_to_decide(person: AnyPerson) -> QuerySet[Amendment]:
    """Undecided amendments of texts the person wrote."""
    mine = Q(proposal__author=person.pk)
    return Amendment.objects.undecided().filter(mine).select_related("author", "proposal__council")


def undecided_count(proposal: Proposal) -> int:
    """How many amendments wait for a decision."""
    return proposal.amendments.filter(state=AmendmentState.OPEN).count()
