"""A ballot as people read it: the state that travels, the numbers as they may be shown, and one reader's own view.

Results that are hidden until the ballot has been declared are left out here, before anything is rendered, so that no
page, frame, feed or header can show them by mistake.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import uuid4

from django.db import connection
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from ballots.counting import share
from ballots.models import (
    RANKED,
    Ballot,
    ChairDecision,
    Choice,
    EarlyClosing,
    Method,
    Outcome,
    Phase,
    Proxy,
    ResultsVisibility,
    Vote,
)
from ballots.papers import InvalidPaper, marks
from ballots.permissions import is_on_roll, may_close, may_decide_tie, may_see_roll_call, may_vote, why_not
from ballots.proxies import proxies_held
from ballots.result_tables import ResultTables
from ballots.results import count_papers, papers_of
from ballots.wording import how_to_vote, outcome_sentence, receipt_sentence, roll_sentence, rule_sentence
from people.models import AnyPerson, Person
from people.verdicts import Verdict, no

CHOICES = (Choice.YES, Choice.NO, Choice.ABSTAIN)
_SNAPSHOT = """
    SELECT ballot.opens_at, ballot.closes_at, ballot.declared_at, ballot.quorum,
           coalesce(ballot.roll_size, ballot.electorate_size), ballot.visibility, ballot.method, clock_timestamp(),
           count(vote.id),
           count(vote.id) FILTER (WHERE vote.paper = 'yes'),
           count(vote.id) FILTER (WHERE vote.paper = 'no'),
           count(vote.id) FILTER (WHERE vote.paper = 'abstain')
      FROM ballots_ballot ballot LEFT JOIN ballots_vote vote ON vote.ballot_id = ballot.id
     WHERE ballot.id = %s GROUP BY ballot.id
"""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A ballot's public state at one moment of the database's clock."""

    data: dict[str, Any]
    now: datetime
    again_at: datetime | None
    """When time alone changes the phase."""


def snapshot(ballot_id: int) -> Snapshot | None:
    """The state of a ballot and when it changes by time alone; None when there is none. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_SNAPSHOT, [ballot_id])
        row = cursor.fetchone()
    if row is None:
        return None
    opens_at, closes_at, declared_at, quorum, electorate, visibility, method, now, turnout, yes, no, abstain = row
    phase = Ballot(opens_at=opens_at, closes_at=closes_at, declared_at=declared_at).phase(now)
    data: dict[str, Any] = {
        "phase": str(phase),
        "turnout": turnout,
        "electorate": electorate,
        "quorum": quorum,
        "turnout_share": share(turnout, electorate),
    }
    if visibility == ResultsVisibility.LIVE or declared_at is not None:
        if method == Method.YES_NO:
            for key, count in (("yes", yes), ("no", no), ("abstain", abstain)):
                data[key] = count
                data[f"{key}_share"] = share(count, electorate)
        else:
            data |= _sums(ballot_id)
    again_at = {Phase.BEFORE: opens_at, Phase.OPEN: closes_at}.get(phase)
    return Snapshot(data, now, again_at)


def _sums(ballot_id: int) -> dict[str, int]:
    """Votes or points of each option, as ``option_3`` and ``option_3_share``; nothing where papers are ranked.

    The share is that of the valid papers, with scores that of the points they could have given.
    """
    ballot = Ballot.objects.get(pk=ballot_id)
    if ballot.method in RANKED:
        return {}
    result = ballot.result or count_papers(ballot, papers_of(ballot)).as_json()
    whole = result["valid"] * (ballot.highest if ballot.method == Method.SCORE else 1)
    data: dict[str, int] = {}
    for number in range(1, ballot.option_count + 1):
        votes = result["votes"][str(number)]
        data[f"option_{number}"] = votes
        data[f"option_{number}_share"] = share(votes, whole)
    return data


def tally(ballot_id: int) -> dict[str, Any]:
    """The state topic's data: phase, turnout, electorate, quorum, and the results once they may be shown; {} for none.

    Counts are votes, shares are percent of the electorate, so that bars grow as people vote.
    """
    found = snapshot(ballot_id)
    return found.data if found is not None else {}


# --- Contexts ---------------------------------------------------------------------------------------------------------
class Count:
    """What `_tally.html` shows; the same for every reader."""

    def __init__(self, ballot: Ballot, state: Snapshot | None = None) -> None:
        self.ballot = ballot
        self._state = state

    @cached_property
    def state(self) -> Snapshot:
        state = self._state or snapshot(self.ballot.pk)
        assert state is not None
        return state

    @property
    def topic(self) -> str:
        return f"state:{self.ballot.topic}"

    @property
    def data(self) -> dict[str, Any]:
        return self.state.data

    @property
    def phase(self) -> str:
        return str(self.data["phase"])

    @property
    def rows(self) -> list[dict[str, Any]] | None:
        """Rows for the component `tally`; None while results may not be shown."""
        if "option_1" in self.data:
            return [
                {
                    "key": f"option_{number}",
                    "label": text,
                    "count": self.data[f"option_{number}"],
                    "share": self.data[f"option_{number}_share"],
                    "tone": "",
                }
                for number, text in sorted(self.ballot.option_texts.items())
            ]
        if "yes" not in self.data:
            return None
        return [
            {
                "key": choice.value,
                "label": choice.label,
                "count": self.data[choice.value],
                "share": self.data[f"{choice.value}_share"],
                "tone": choice.value,
            }
            for choice in CHOICES
        ]

    @property
    def is_quorum_met(self) -> bool:
        """Asked of a declared ballot; the base of its quorum may leave out some who took part."""
        return self.ballot.outcome != Outcome.NO_QUORUM

    @property
    def rule(self) -> str:
        return rule_sentence(self.ballot)

    @property
    def roll(self) -> str:
        return roll_sentence(self.ballot)

    @property
    def outcome(self) -> str:
        return outcome_sentence(self.ballot)

    @property
    def has_options(self) -> bool:
        return self.ballot.method != Method.YES_NO

    @cached_property
    def tables(self) -> ResultTables | None:
        """The stored count of a declared ballot with options."""
        return ResultTables(self.ballot) if self.ballot.result is not None else None

    @cached_property
    def early_closing(self) -> EarlyClosing | None:
        """Who closed the ballot early and why; asked only of a ballot that has been declared."""
        if self.ballot.declared_at is None or self.ballot.is_recorded_afterwards:
            return None
        return EarlyClosing.objects.select_related("actor").filter(ballot=self.ballot).first()

    @property
    def decision(self) -> ChairDecision | None:
        """What the chair decided, where a tie was theirs."""
        return self.ballot.decision

    @property
    def title(self) -> str:
        match self.phase:
            case Phase.BEFORE:
                return _("Oylama açılmadı")
            case Phase.OPEN:
                return _("Şu ana kadar")
            case Phase.CLOSED:
                return _("Oylar sayılıyor")
        return _("Sonuç")


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperLine:
    """An option on the paper: its field, what stands in it, what is wrong with it."""

    number: int
    text: str
    name: str
    value: str
    error: str
    choices: list[tuple[str, bool]]


class Voting:
    """What `_ballot.html` shows one reader: the count, my vote, what I may do and, when I may not, why."""

    def __init__(
        self,
        request: HttpRequest,
        ballot: Ballot,
        *,
        problem: str = "",
        wrong: InvalidPaper | None = None,
        giver: Person | None = None,
        asks_about_blank: bool = False,
    ) -> None:
        self.giver = giver
        self.ballot = ballot
        self.wrong = wrong
        self.asks_about_blank = asks_about_blank
        self._form = request.POST if wrong is not None or asks_about_blank else None
        self.person: AnyPerson = request.user
        self.count = Count(ballot)
        self.problem = problem
        self.address = request.get_full_path() if request.method == "GET" else ""
        self.key = uuid4()

    @property
    def now(self) -> datetime:
        return self.count.state.now

    @property
    def phase(self) -> str:
        return self.count.phase

    @cached_property
    def _mine(self) -> tuple[bool, Vote | None]:
        """Whether the reader is on the roll, and their vote; one query."""
        if not self.person.is_authenticated:
            return False, None
        voter = self.giver or self.person
        vote = Vote.objects.filter(ballot=self.ballot, person_id=voter.pk).first()
        return is_on_roll(voter, self.ballot, at=self.now), vote

    @property
    def is_elector(self) -> bool:
        return self._mine[0]

    @property
    def my_vote(self) -> Vote | None:
        return self._mine[1]

    @cached_property
    def may_vote(self) -> Verdict:
        if self.given is not None and self.giver is None and self.phase == Phase.OPEN:
            return no(why_not("given_away", self.ballot), code="given_away")
        return may_vote(self.person, self.ballot, at=self.now, on_roll=self.is_elector)

    # --- Proxies ------------------------------------------------------------------------------------------------------
    @cached_property
    def given(self) -> Proxy | None:
        """The proxy the reader has given."""
        if not self.ballot.proxy_limit or not self.person.is_authenticated:
            return None
        found = Proxy.objects.filter(ballot=self.ballot, giver_id=self.person.pk, revoked_at__isnull=True)
        return found.select_related("holder").first()

    @cached_property
    def held(self) -> list[Proxy]:
        """The proxies the reader holds, while they can be used."""
        if not self.ballot.proxy_limit or not isinstance(self.person, Person) or self.phase != Phase.OPEN:
            return []
        return proxies_held(self.ballot, self.person)

    @property
    def may_give_proxy(self) -> bool:
        """Whether to show the way to the page that gives one; what stands against it is said there."""
        is_running = self.phase in (Phase.BEFORE, Phase.OPEN)
        return bool(self.ballot.proxy_limit and is_running and self.is_elector and not self.my_vote and not self.held)

    @cached_property
    def may_close(self) -> Verdict:
        return may_close(self.person, self.ballot, at=self.now)

    @cached_property
    def may_decide_tie(self) -> Verdict:
        return may_decide_tie(self.person, self.ballot)

    @cached_property
    def may_see_roll_call(self) -> Verdict:
        return may_see_roll_call(self.person, self.ballot, at=self.now)

    @property
    def choices(self) -> list[dict[str, Any]]:
        mine = self.my_vote.paper if self.my_vote else None
        return [{"value": c.value, "label": c.label, "pressed": c.value == mine} for c in CHOICES]

    # --- Papers with options ------------------------------------------------------------------------------------------
    @property
    def how(self) -> str:
        return how_to_vote(self.ballot)

    @property
    def ranks(self) -> str:
        """Whether a rank is given ``once`` or may be ``shared``; empty where nothing is ranked."""
        if self.ballot.method not in RANKED:
            return ""
        return "shared" if self.ballot.method == Method.SCHULZE else "once"

    @cached_property
    def lines(self) -> list[PaperLine]:
        """A line of the paper for each option, with what was typed or voted before."""
        given = self._typed() if self._form is not None else {}
        if self._form is None and self.my_vote is not None:
            given = {number: str(mark) for number, mark in marks(self.ballot.method, self.my_vote.paper).items()}
        name = {Method.SCORE: "score", **dict.fromkeys(RANKED, "rank")}.get(Method(self.ballot.method), "option")
        return [
            PaperLine(
                number=number,
                text=text,
                name=f"{name}-{number}" if name != "option" else name,
                value=given.get(number, ""),
                error=self.wrong.sentence if self.wrong and self.wrong.field == f"{name}-{number}" else "",
                choices=self._choices(given.get(number, "")),
            )
            for number, text in sorted(self.ballot.option_texts.items())
        ]

    def _typed(self) -> dict[int, str]:
        form = self._form or QueryDict()
        if self.ballot.method in (Method.SINGLE, Method.APPROVAL):
            return {int(text): "1" for text in form.getlist("option") if text.isascii() and text.isdecimal()}
        name = "score" if self.ballot.method == Method.SCORE else "rank"
        return {n: form.get(f"{name}-{n}", "") for n in range(1, self.ballot.option_count + 1)}

    def _choices(self, chosen: str) -> list[tuple[str, bool]]:
        if self.ballot.method == Method.SCORE:
            return [(str(points), str(points) == chosen) for points in range(self.ballot.highest, -1, -1)]
        if self.ballot.method in RANKED:
            return [(str(rank), str(rank) == chosen) for rank in range(1, self.ballot.option_count + 1)]
        return []

    @property
    def receipt(self) -> str:
        """The line below the buttons."""
        return receipt_sentence(self.ballot, self.my_vote) if self.my_vote else ""


def ballot_context(
    request: HttpRequest,
    ballot: Ballot,
    *,
    problem: str = "",
    wrong: InvalidPaper | None = None,
    asks_about_blank: bool = False,
) -> dict[str, Any]:
    """The context of `ballots/_ballot.html`: one key, ``voting``.

    `problem` is a refusal to show beside the buttons, `wrong` what is wrong with the paper that was sent. With
    `asks_about_blank` the paper is shown as it was filled in, with the question whether a blank one is meant.
    """
    return {"voting": Voting(request, ballot, problem=problem, wrong=wrong, asks_about_blank=asks_about_blank)}


def tally_context(ballot: Ballot) -> dict[str, Any]:
    """The context of `ballots/_tally.html`: one key, ``count``. One query."""
    return {"count": Count(ballot)}
