"""A ballot's tally ticks; its opening and its outcome show. What may not be shown yet is not even read here."""

from __future__ import annotations

from typing import Any

from ballots.journal_kinds import BallotKind
from ballots.models import Ballot
from ballots.permissions import may_read
from journal.models import Entry
from people.models import AnyPerson
from realtime import frames, states, topics
from realtime.reactions.rendering import in_each_language


def register() -> None:
    topics.register("ballot", may_join=may_follow_ballot, visitors_first=True)
    states.register("ballot", ballot_state)
    for kind in BallotKind:
        frames.register(kind, ballot_changed)
        frames.touches(kind, lambda entry: [f"state:{entry.topic}"])


def may_follow_ballot(person: AnyPerson, ballot_id: int) -> bool:
    ballot = Ballot.objects.filter(pk=ballot_id).first()
    return ballot is not None and may_read(person, ballot)


def ballot_state(ballot_id: int) -> states.State | None:
    """Phase, turnout and, once they may be shown, the results; read again when the clock opens or closes the ballot."""
    from ballots import reading

    found = reading.snapshot(ballot_id)
    return None if found is None else states.State(found.data, again_at=found.again_at)


def ballot_changed(entry: Entry) -> dict[str, Any] | None:
    """The tally as it may be shown now, the same for every reader."""
    from ballots import reading

    ballot = Ballot.objects.filter(pk=entry.subject_id).first()
    if ballot is None:
        return None
    return {"regions": {"tally": in_each_language("ballots/_tally.html", lambda: reading.tally_context(ballot))}}
