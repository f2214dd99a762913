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
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ballots.actions import Receipt
from ballots.counting import needed_yes, share
from ballots.models import Ballot, Choice, EarlyClosing, Elector, Majority, Outcome, Phase, ResultsVisibility, Vote
from ballots.permissions import may_close, may_see_roll_call, may_vote
from people.models import AnyPerson
from people.verdicts import Verdict
from turkish.functions import SortKey
from turkish.templatetags.turkish_text import weekday_moment

CHOICES = (Choice.YES, Choice.NO, Choice.ABSTAIN)
_SNAPSHOT = """
    SELECT ballot.opens_at, ballot.closes_at, ballot.declared_at, ballot.quorum, ballot.electorate_size,
           ballot.visibility, clock_timestamp(), count(vote.id),
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
    opens_at, closes_at, declared_at, quorum, electorate, visibility, now, turnout, yes, no, abstain = row
    phase = Ballot(opens_at=opens_at, closes_at=closes_at, declared_at=declared_at).phase(now)
    data: dict[str, Any] = {
        "phase": str(phase),
        "turnout": turnout,
        "electorate": electorate,
        "quorum": quorum,
        "turnout_share": share(turnout, electorate),
    }
    if visibility == ResultsVisibility.LIVE or declared_at is not None:
        for key, count in (("yes", yes), ("no", no), ("abstain", abstain)):
            data[key] = count
            data[f"{key}_share"] = share(count, electorate)
    again_at = {Phase.BEFORE: opens_at, Phase.OPEN: closes_at}.get(phase)
    return Snapshot(data, now, again_at)


def tally(ballot_id: int) -> dict[str, Any]:
    """The state topic's data: phase, turnout, electorate, quorum, and the results once they may be shown; {} for none.

    Counts are votes, shares are percent of the electorate, so that bars grow as people vote.
    """
    found = snapshot(ballot_id)
    return found.data if found is not None else {}


# --- Sentences --------------------------------------------------------------------------------------------------------
def rule_sentence(ballot: Ballot) -> str:
    """What the ballot needs to pass, in one sentence."""
    needs = {
        Majority.SIMPLE: _("kabul için kabul oylarının ret oylarından çok olması gerekir"),
        Majority.ABSOLUTE: _("kabul için oy hakkı olanların yarısından çoğunun kabul oyu gerekir"),
        Majority.TWO_THIRDS: _("kabul için kabul ve ret oylarının en az üçte ikisinin kabul olması gerekir"),
    }[Majority(ballot.majority)]
    if ballot.quorum <= 1:
        return _("Yeter sayı aranmaz; %(needs)s. Çekimser oylar çoğunluğa sayılmaz.") % {"needs": needs}
    quorum = ngettext("En az %(quorum)d kişi oy vermeli", "En az %(quorum)d kişi oy vermeli", ballot.quorum) % {
        "quorum": ballot.quorum
    }
    return _("%(quorum)s; %(needs)s. Çekimser oylar yeter sayıya katılır, çoğunluğa sayılmaz.") % {
        "quorum": quorum,
        "needs": needs,
    }


def outcome_sentence(ballot: Ballot) -> str:
    """What was decided and why, in one sentence; empty before the declaration."""
    if ballot.declared_at is None:
        return ""
    turnout = (ballot.yes_votes or 0) + (ballot.no_votes or 0) + (ballot.abstentions or 0)
    numbers = {"turnout": turnout, "electorate": ballot.electorate_size, "quorum": ballot.quorum}
    took_part = _("Oy hakkı olan %(electorate)d kişiden %(turnout)d kişi oy verdi.")
    match Outcome(ballot.outcome):
        case Outcome.PASSED:
            return " ".join([_("Kabul edildi, gereken çoğunluk sağlandı."), took_part % numbers])
        case Outcome.REJECTED:
            return " ".join([_("Kabul edilmedi."), needed_sentence(ballot), took_part % numbers])
        case Outcome.TIED:
            return " ".join([_("Karar çıkmadı: kabul ve ret oyları eşit."), took_part % numbers])
        case Outcome.NO_QUORUM if turnout == 0:
            return _("Karar çıkmadı: oy veren olmadı.")
        case Outcome.NO_QUORUM:
            missed = _("Karar çıkmadı: yeter sayı olan %(quorum)d sağlanmadı.")
            return " ".join([missed % numbers, took_part % numbers])
    return _("Oylama iptal edildi.")


def needed_sentence(ballot: Ballot) -> str:
    """What a rejected ballot would have needed, and what it got."""
    yes, against = ballot.yes_votes or 0, ballot.no_votes or 0
    needed = needed_yes(yes=yes, no=against, electorate=ballot.electorate_size, majority=ballot.majority)
    return _("Kabul için %(needed)d oy gerekiyordu: %(yes)d kabul, %(no)d ret, %(abstain)d çekimser.") % {
        "needed": needed,
        "yes": yes,
        "no": against,
        "abstain": ballot.abstentions or 0,
    }


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
        return bool(self.data["turnout"] >= max(1, self.ballot.quorum))

    @property
    def rule(self) -> str:
        return rule_sentence(self.ballot)

    @property
    def outcome(self) -> str:
        return outcome_sentence(self.ballot)

    @cached_property
    def early_closing(self) -> EarlyClosing | None:
        """Who closed the ballot early and why; asked only of a ballot that has been declared."""
        if self.ballot.declared_at is None or self.ballot.is_recorded_afterwards:
            return None
        return EarlyClosing.objects.select_related("actor").filter(ballot=self.ballot).first()

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


class Voting:
    """What `_ballot.html` shows one reader: the count, my vote, what I may do and, when I may not, why."""

    def __init__(self, request: HttpRequest, ballot: Ballot, *, problem: str = "") -> None:
        self.ballot = ballot
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
        elector = Elector.objects.filter(ballot=self.ballot, person_id=self.person.pk).exists()
        vote = Vote.objects.filter(ballot=self.ballot, person_id=self.person.pk).first() if elector else None
        return elector, vote

    @property
    def is_elector(self) -> bool:
        return self._mine[0]

    @property
    def my_vote(self) -> Vote | None:
        return self._mine[1]

    @cached_property
    def may_vote(self) -> Verdict:
        return may_vote(self.person, self.ballot, at=self.now, on_roll=self.is_elector)

    @cached_property
    def may_close(self) -> Verdict:
        return may_close(self.person, self.ballot, at=self.now)

    @cached_property
    def may_see_roll_call(self) -> Verdict:
        return may_see_roll_call(self.person, self.ballot, at=self.now)

    @property
    def choices(self) -> list[dict[str, Any]]:
        mine = self.my_vote.paper if self.my_vote else None
        return [{"value": c.value, "label": c.label, "pressed": c.value == mine} for c in CHOICES]

    @property
    def receipt(self) -> str:
        """The line below the buttons."""
        return receipt_sentence(self.ballot, self.my_vote) if self.my_vote else ""


def receipt_sentence(ballot: Ballot, vote: Vote | Receipt) -> str:
    if ballot.declared_at is not None:
        return _("Oyunuz sayıldı: %(choice)s.") % {"choice": Choice(vote.paper).label}
    return _("Oyunuz kaydedildi. Oylama kapanana kadar değiştirebilirsiniz: %(moment)s.") % {
        "moment": weekday_moment(ballot.closes_at)
    }


def ballot_context(request: HttpRequest, ballot: Ballot, *, problem: str = "") -> dict[str, Any]:
    """The context of `ballots/_ballot.html`: one key, ``voting``. `problem` is a refusal to show beside the buttons."""
    return {"voting": Voting(request, ballot, problem=problem)}


def tally_context(ballot: Ballot) -> dict[str, Any]:
    """The context of `ballots/_tally.html`: one key, ``count``. One query."""
    return {"count": Count(ballot)}


# --- Roll call --------------------------------------------------------------------------------------------------------
ROLL_PAGE = 50


@dataclass(frozen=True, slots=True)
class RollLine:
    """An elector and what they voted; no vote when they did not."""

    name: str
    vote: Vote | None

    @property
    def label(self) -> str:
        return Choice(self.vote.paper).label if self.vote is not None else _("Oy vermedi")

    @property
    def tone(self) -> str:
        tones = {Choice.YES: "done", Choice.NO: "no"}
        return tones.get(Choice(self.vote.paper), "") if self.vote is not None else "plain"


@dataclass(frozen=True, slots=True)
class RollPage:
    lines: list[RollLine]
    next_after: int | None


def roll_call(ballot: Ballot, *, choice: str = "", after: str = "") -> RollPage:
    """A page of the roll in alphabetical order, perhaps only of one choice or ("none") of those who did not vote.

    `after` is the id of the last entry of the page before. Whoever calls has asked `may_see_roll_call`.
    """
    entries = Elector.objects.filter(ballot=ballot).annotate(key=SortKey("person__display_name"))
    voted = Vote.objects.filter(ballot=ballot, person=OuterRef("person"))
    if choice == "none":
        entries = entries.filter(~Exists(voted))
    elif choice:
        entries = entries.filter(Exists(voted.filter(paper=choice)))
    last = entries.filter(pk=int(after)).first() if after.isascii() and after.isdecimal() and len(after) < 19 else None
    if last is not None:
        entries = entries.filter(Q(key__gt=last.key) | Q(key=last.key, pk__gt=last.pk))
    found = list(entries.select_related("person").order_by("key", "pk")[: ROLL_PAGE + 1])
    page = found[:ROLL_PAGE]
    votes = {
        vote.person_id: vote for vote in Vote.objects.filter(ballot=ballot, person__in=[e.person_id for e in page])
    }
    lines = [RollLine(entry.person.display_name, votes.get(entry.person_id)) for entry in page]
    return RollPage(lines, page[-1].pk if len(found) > ROLL_PAGE else None)
