"""Who is on a ballot's roll and what they voted, page by page."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from ballots.models import Ballot, Choice, Elector, Proxy, Vote
from ballots.wording import paper_in_words
from turkish.functions import SortKey

ROLL_PAGE = 50


@dataclass(frozen=True, slots=True)
class RollLine:
    """An elector and what they voted; no vote when they did not."""

    ballot: Ballot
    name: str
    vote: Vote | None
    holder: str = ""
    """Who votes for them by proxy."""
    is_struck: bool = False

    @property
    def label(self) -> str:
        return paper_in_words(self.ballot, self.vote.paper) if self.vote is not None else _("Oy vermedi")

    @property
    def tone(self) -> str:
        tones: dict[str, str] = {Choice.YES: "done", Choice.NO: "no"}
        return tones.get(self.vote.paper, "") if self.vote is not None else "plain"


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
    holders = {}
    if ballot.proxy_limit:
        proxies = Proxy.objects.filter(ballot=ballot, revoked_at__isnull=True, giver__in=[e.person_id for e in page])
        holders = dict(proxies.values_list("giver_id", "holder__display_name"))
    lines = [
        RollLine(
            ballot,
            entry.person.display_name,
            votes.get(entry.person_id),
            holders.get(entry.person_id, ""),
            entry.struck_at is not None,
        )
        for entry in page
    ]
    return RollPage(lines, page[-1].pk if len(found) > ROLL_PAGE else None)
