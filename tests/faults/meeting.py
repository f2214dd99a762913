"""A busy meeting: comments of many, votes, and everybody's screens, over two servers with one Redis between them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.faults.clients import Voter, Writer, at_work
from tests.faults.history import OK, now
from tests.faults.screens import Audience
from tests.faults.town import Process, Town, until

SCREENS = 300
WRITERS, WRITERS_PAUSE = 120, 7.0
"""Together seventeen comments a second; each writes less than ten a minute, which is what one may."""
VOTERS, VOTERS_PAUSE = 20, 1.0
FIRST_VOTER = 140
PAPERS = ("yes", "no", "abstain")


class Meeting:
    """Use as a context manager: everybody's screens are in when it begins."""

    def __init__(self, town: Town, *, breaks: str = "") -> None:
        self.town = town
        self.lasted = 0.0
        self.thread, self.ballot = town.facts["thread"], town.facts["ballot"]
        self.servers: list[Process] = [town.serve(breaks=breaks), town.serve(breaks=breaks, tasks=False)]
        self.screens = Audience(SCREENS, self.port, log=f"thread:{self.thread}", state=f"state:ballot:{self.ballot}")

    def port(self, number: int) -> int:
        return self.servers[number % 2].port

    def __enter__(self) -> Meeting:
        self.screens.__enter__()
        until(self.screens.are_in, "the screens did not join", within=60)
        return self

    def __exit__(self, *_: object) -> None:
        self.screens.__exit__()

    def writer(self, place: int, *, about: int = 0, pause: float = WRITERS_PAUSE) -> Writer:
        return Writer(self.town, place, lambda: self.port(place), about=about or self.thread, pause=pause)

    @contextmanager
    def goes_on(self, *others: Voter) -> Iterator[None]:
        """Comments and votes while the block breaks things."""
        writers = [self.writer(n) for n in range(WRITERS)]
        voters = [
            Voter(self.town, FIRST_VOTER + n, lambda n=n: self.port(n), pause=VOTERS_PAUSE)  # type: ignore[misc]
            for n in range(VOTERS)
        ]
        began = now()
        with at_work([*writers, *voters, *others]):
            yield
            self.lasted = now() - began

    def pace(self) -> dict[str, float]:
        """How many comments and votes a second were taken while it went on."""
        done = [operation.does for operation in self.town.history.operations if operation.outcome == OK]
        return {f"{does}s_per_s": done.count(does) / self.lasted for does in ("comment", "vote")}

    def tally(self) -> dict[str, int]:
        """A recount of the rows, in the words of papers."""
        stored = self.town.votes()
        return {paper: sum(vote.paper == paper for vote in stored) for paper in PAPERS}

    def head(self) -> int:
        return self.town.head_of(f"thread:{self.thread}")
