"""Who may read a ballot, its results and its roll call: asked of the app that owns it."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol, runtime_checkable

from ballots.models import Ballot
from journal.actions import HasKey
from people.models import AnyPerson
from people.verdicts import Verdict


class BallotPolicy(Protocol):
    """What an owner answers about one of its ballots."""

    def may_read(self, person: AnyPerson, ballot: Ballot) -> bool: ...

    def may_manage(self, person: AnyPerson, ballot: Ballot, *, at: datetime) -> Verdict:
        """Whether the person may close or cancel the ballot."""
        ...

    def may_see_roll_call(self, person: AnyPerson, ballot: Ballot, *, at: datetime) -> Verdict:
        """Whether the person may read who voted how."""
        ...

    def address(self, ballot: Ballot) -> str: ...

    def place(self, ballot: Ballot) -> tuple[HasKey | None, HasKey | None]:
        """The council and the body of the ballot, for the journal."""
        ...

    def declared(self, ballot: Ballot, *, at: datetime) -> None:
        """Called inside the transaction that declares the outcome; the owner moves its own state.

        Where the rule gives a tie to the chair it is called when the chair has decided; `Ballot.decided_outcome` counts.
        """
        ...


@runtime_checkable
class KnowsTitle(Protocol):
    """What a policy may answer besides: what the page is called on which the ballot stands."""

    def title(self, ballot: Ballot) -> str: ...


@runtime_checkable
class KnowsElectorate(Protocol):
    """What a policy answers whose ballots have a roll that moves: who has the right to vote now."""

    def has_the_right(self, ballot: Ballot, person_id: int, *, at: datetime) -> bool: ...

    def people_with_the_right(self, ballot: Ballot, *, at: datetime) -> set[int]: ...


@runtime_checkable
class LeadsBack(Protocol):
    """What a policy answers whose ballots stand on pages of their own: where the list of them is."""

    def back(self, ballot: Ballot) -> str: ...


_policies: dict[str, BallotPolicy] = {}


def register(name: str, policy: BallotPolicy) -> None:
    _policies[name] = policy


def policy_of(ballot: Ballot) -> BallotPolicy:
    """The policy of a ballot's owner; LookupError when the owner's app is not installed."""
    return _policies[ballot.policy]
