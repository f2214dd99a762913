"""Receipts (oy makbuzu): what a voter keeps, what anybody may see with its code, and its proof.

A code opens nothing by itself. Its owner, and those who may see the roll call, read what was voted; anybody else who may
read the ballot learns only that a vote with this code was cast, when, whether it still counts and that it is sealed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils import timezone

from ballots.models import Ballot, VoteRecord
from ballots.permissions import may_read, may_see_roll_call
from ballots.sealed import VOTE_RECORD
from ballots.wording import paper_in_words
from journal import proofs
from journal.models import Head, Leaf
from journal.sealing import sealed_by
from people.models import AnyPerson

LETTERS = 15
_GROUP = 5
# A keyboard in Turkish makes İ of i.
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "İ": "1"})
SHOWN = 50


def spelled(code: str) -> str:
    """A code as people read it: `7K3M9-QXT2B-4D1HJ`."""
    return "-".join(code[at : at + _GROUP] for at in range(0, LETTERS, _GROUP))


def read_code(typed: str) -> str:
    """The code that was typed, whatever its case and spacing; "" for what cannot be one."""
    code = "".join(letter for letter in typed[:100] if letter.isalnum()).upper().translate(_MISREAD)
    return code if len(code) == LETTERS and code.isascii() else ""


class Standing:
    """A receipt for one reader: the record behind it, whether it counts, whether it is sealed."""

    def __init__(self, record: VoteRecord, person: AnyPerson) -> None:
        self.record = record
        self.ballot: Ballot = record.ballot
        self.person = person

    @property
    def code(self) -> str:
        return spelled(self.record.receipt)

    @property
    def is_own(self) -> bool:
        return bool(self.person.is_authenticated and self.person.pk == self.record.person_id)

    @cached_property
    def may_see_paper(self) -> bool:
        return self.is_own or bool(may_see_roll_call(self.person, self.ballot, at=timezone.now()))

    @property
    def paper(self) -> str:
        """What was voted, in words; "" for who may not see it."""
        return paper_in_words(self.ballot, self.record.paper) if self.may_see_paper else ""

    @property
    def cast_by(self) -> str:
        """Who voted by proxy, for who may see the paper; "" when the voter did."""
        return self.record.cast_by.display_name if self.record.cast_by and self.may_see_paper else ""

    @cached_property
    def replaced_at(self) -> datetime | None:
        """When a later vote took its place; None when it is the one that counts."""
        later = VoteRecord.objects.filter(
            ballot=self.ballot, person=self.record.person_id, times__gt=self.record.times
        ).order_by("times")
        return later.values_list("at", flat=True).first()

    @cached_property
    def _leaf(self) -> Leaf | None:
        return proofs.leaf_of(VOTE_RECORD, self.record.pk)

    @cached_property
    def head(self) -> Head | None:
        """The head it is sealed under; None while it waits."""
        return proofs.head_of(self._leaf) if self._leaf is not None else None

    @cached_property
    def sealed_by(self) -> datetime | None:
        """By when it will be sealed, while it waits."""
        return sealed_by(VOTE_RECORD, self.record.pk) if self._leaf is None else None

    @cached_property
    def checked(self) -> proofs.Checked | None:
        """Its proof, made and checked now against the row as it stands; None while it waits."""
        if self._leaf is None:
            return None
        return proofs.check(json.dumps(proofs.inclusion_document(self._leaf, with_content=True, head=self.head)))

    def proof(self) -> dict[str, Any] | None:
        """The file to keep; None while it waits. With the content only for who may see it."""
        if self._leaf is None:
            return None
        return proofs.inclusion_document(self._leaf, with_content=self.may_see_paper, head=self.head)


def find_receipt(person: AnyPerson, code: str) -> Standing | None:
    """The receipt with a code as `read_code` gives it; None when there is none or the ballot is not the reader's to read."""
    if not code:
        return None
    record = VoteRecord.objects.select_related("ballot", "cast_by").filter(receipt=code).first()
    if record is None:
        return None
    standing = Standing(record, person)
    return standing if standing.is_own or may_read(person, standing.ballot) else None


def receipts_in(ballot: Ballot, person: AnyPerson) -> Sequence[Standing]:
    """A person's own receipts of a ballot, the one that counts first. Two queries; the latest fifty."""
    records = list(
        VoteRecord.objects.select_related("cast_by")
        .filter(ballot=ballot, person_id=person.pk)
        .order_by("-times", "-pk")[:SHOWN]
    )
    found: list[Standing] = []
    for record, later in zip(records, [None, *records], strict=False):
        record.ballot = ballot
        standing = Standing(record, person)
        standing.replaced_at = later.at if later is not None else None
        found.append(standing)
    return found


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """A ballot somebody voted in, for their own page."""

    ballot_id: int
    question: str
    at: datetime


def latest_receipts(person: AnyPerson, *, limit: int) -> list[ReceiptLine]:
    """The ballots a person voted in last. One query."""
    votes = person.votes.select_related("ballot").order_by("-changed_at", "-pk")[:limit]
    return [ReceiptLine(vote.ballot_id, vote.ballot.question, vote.changed_at) for vote in votes]
