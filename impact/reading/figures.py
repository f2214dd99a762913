"""The figures: what is counted from the summary rows, each number with the list it counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Aggregate, Count, F, FloatField, Func, Min, Q, TextField
from django.utils.translation import gettext as _

from councils.models import Council, Holder
from impact.models import ProposalFact, StageSpan
from impact.outcomes import order
from impact.reading.asking import WORDS, Asked
from impact.reading.listing import in_outcome
from impact.walks import ARROW
from proposals.overdue import BY_THE_CLOCK, late_at
from proposals.stages import PATH, Stage

DAY = 86_400
ALL = Count("pk")
ACCEPTED_ONES = Count("pk", filter=Q(**in_outcome("kabul")))
DONE_ONES = Count("pk", filter=Q(**in_outcome("yapilan")))
REFUSED_ONES = Count("pk", filter=Q(**in_outcome("ret")))
ANSWERED = Count("pk", filter=Q(in_time__isnull=False))
IN_TIME = Count("pk", filter=Q(in_time=True))


class Percentile(Aggregate):
    """`percentile_cont`: the value below which a share of the rows lies, between two of them in proportion."""

    function = "percentile_cont"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()

    def __init__(self, expression: str, share: float) -> None:
        super().__init__(expression, share=share)


def share(part: int, whole: int) -> int | None:
    """Of a hundred, rounded; None of nothing."""
    return round(100 * part / whole) if whole else None


@dataclass(frozen=True)
class Number:
    """A figure and the address of the list it counts."""

    value: int
    url: str


@dataclass(frozen=True)
class Totals:
    written: Number
    accepted: Number
    refused: Number
    done: Number
    answered: int
    in_time: Number
    late: Number

    @property
    def share_in_time(self) -> int | None:
        return share(self.in_time.value, self.answered)


def totals(asked: Asked) -> Totals:
    """One query."""
    found = asked.facts().aggregate(
        all=ALL, accepted=ACCEPTED_ONES, refused=REFUSED_ONES, done=DONE_ONES, answered=ANSWERED, on_time=IN_TIME
    )
    return Totals(
        Number(found["all"], asked.list_url()),
        Number(found["accepted"], asked.list_url(sonuc="kabul")),
        Number(found["refused"], asked.list_url(sonuc="ret")),
        Number(found["done"], asked.list_url(sonuc="yapilan")),
        found["answered"],
        Number(found["on_time"], asked.list_url(yanit="zamaninda")),
        Number(found["answered"] - found["on_time"], asked.list_url(yanit="gec")),
    )


@dataclass(frozen=True)
class StageRow:
    """A stage: how many reached it, how many stand in it."""

    stage: Stage
    reached: Number
    now: Number


def stages(asked: Asked) -> list[StageRow]:
    """Every stage that any proposal reached, in the order of the way. Two queries."""
    unnested = Func(F("reached"), function="unnest", output_field=TextField())
    reached = dict(asked.facts().order_by().values_list(unnested).annotate(n=ALL))
    now = dict(asked.facts().order_by().values_list("stage").annotate(n=ALL))
    return [
        StageRow(
            Stage(stage),
            Number(reached[stage], asked.list_url(ulasan=stage)),
            Number(now.get(stage, 0), asked.list_url(asama=stage)),
        )
        for stage in order(reached)
    ]


def funnel(rows: Iterable[StageRow]) -> list[StageRow]:
    """The steps of the way alone."""
    return [row for row in rows if row.stage in PATH]


@dataclass(frozen=True)
class FlowRow:
    """How many proposals went from one stage to another at least once."""

    source: Stage
    target: Stage
    count: Number


def flows(asked: Asked) -> list[FlowRow]:
    """One query."""
    unnested = Func(F("flows"), function="unnest", output_field=TextField())
    found = dict(asked.facts().order_by().values_list(unnested).annotate(n=ALL))
    place = {stage: n for n, stage in enumerate(order(Stage.values))}
    pairs = sorted((flow.split(ARROW) for flow in found), key=lambda pair: [place[stage] for stage in pair])
    return [
        FlowRow(
            Stage(source),
            Stage(target),
            Number(found[f"{source}{ARROW}{target}"], asked.list_url(gecis=f"{source}-{target}")),
        )
        for source, target in pairs
    ]


@dataclass(frozen=True)
class TimeRow:
    """How long proposals stood in a stage they have left, in days; and whether who owed an answer gave it in time."""

    stage: Stage
    count: Number
    median: float
    ninetieth: float
    in_time: Number | None
    late: Number | None

    @property
    def share_in_time(self) -> int | None:
        return share(self.in_time.value, self.in_time.value + self.late.value) if self.in_time and self.late else None


def times(asked: Asked) -> list[TimeRow]:
    """One query."""
    rows = (
        StageSpan.objects.filter(council=asked.council, seconds__isnull=False, **asked.columns("fact__"))
        .order_by()
        .values("stage")
        .annotate(
            n=ALL,
            median=Percentile("seconds", 0.5),
            ninetieth=Percentile("seconds", 0.9),
            on_time=Count("pk", filter=Q(in_time=True)),
            late=Count("pk", filter=Q(in_time=False)),
        )
    )
    by_stage = {row["stage"]: row for row in rows}
    found = []
    for stage in order(by_stage):
        row = by_stage[stage]
        owed = stage not in BY_THE_CLOCK and row["on_time"] + row["late"] > 0
        found.append(
            TimeRow(
                Stage(stage),
                Number(row["n"], asked.list_url(biten=stage)),
                row["median"] / DAY,
                row["ninetieth"] / DAY,
                Number(row["on_time"], asked.list_url(yanit="zamaninda", adim=stage)) if owed else None,
                Number(row["late"], asked.list_url(yanit="gec", adim=stage)) if owed else None,
            )
        )
    return found


@dataclass(frozen=True)
class GroupRow:
    """The proposals of one theme, district, body, organisation or year."""

    name: str
    written: Number
    accepted: Number
    refused: Number
    done: Number
    answered: int
    in_time: Number
    # The same page about this group alone.
    query: str = ""

    @property
    def share_in_time(self) -> int | None:
        return share(self.in_time.value, self.answered)


@dataclass(frozen=True)
class Group:
    """A table by one property."""

    word: str
    title: str
    rows: Sequence[GroupRow]


def groups(asked: Asked, words: Iterable[str] = tuple(WORDS)) -> list[Group]:
    """A table for each property: one query each. What has none of it is not in its table."""
    found = []
    for word in words:
        column, label = WORDS[word]
        rows = {
            row[column]: row
            for row in asked.facts()
            .filter(**{f"{column}__isnull": False})
            .order_by()
            .values(column)
            .annotate(
                all=ALL,
                accepted=ACCEPTED_ONES,
                refused=REFUSED_ONES,
                done=DONE_ONES,
                answered=ANSWERED,
                on_time=IN_TIME,
            )
        }
        table = []
        for value, (key, name) in asked.choices.by_word[word].items():
            if row := rows.get(key):
                table.append(_group_row(asked.but(**{word: value}), name, row))
        found.append(Group(word, str(label), table))
    return found


def _group_row(asked: Asked, name: str, row: Mapping[str, Any]) -> GroupRow:
    return GroupRow(
        name,
        Number(row["all"], asked.list_url()),
        Number(row["accepted"], asked.list_url(sonuc="kabul")),
        Number(row["refused"], asked.list_url(sonuc="ret")),
        Number(row["done"], asked.list_url(sonuc="yapilan")),
        row["answered"],
        Number(row["on_time"], asked.list_url(yanit="zamaninda")),
        asked.query,
    )


@dataclass(frozen=True)
class LateRow:
    """Who should have moved proposals on by now."""

    name: str
    count: Number
    oldest: datetime


def late(asked: Asked, *, at: datetime) -> list[LateRow]:
    """By holder, the one whose oldest waits longest first. One query."""
    rows = asked.facts().filter(late_at(at)).order_by().values_list("holder").annotate(n=ALL, oldest=Min("due_at"))
    found = [
        LateRow(str(Holder(holder).label), Number(n, asked.list_url(geciken=holder)), oldest)
        for holder, n, oldest in rows
    ]
    return sorted(found, key=lambda row: row.oldest)


@dataclass(frozen=True)
class CouncilRow:
    """The figures of one council beside those of the others."""

    council: Council
    written: int
    accepted: int
    done: int
    answered: int
    in_time: int

    @property
    def share_accepted(self) -> int | None:
        return share(self.accepted, self.written)

    @property
    def share_in_time(self) -> int | None:
        return share(self.in_time, self.answered)


def by_council(*, year: int = 0) -> list[CouncilRow]:
    """All councils, in one year or in all. Two queries."""
    facts = ProposalFact.objects.filter(year=year) if year else ProposalFact.objects.all()
    rows = {
        row["council"]: row
        for row in facts.order_by()
        .values("council")
        .annotate(all=ALL, accepted=ACCEPTED_ONES, done=DONE_ONES, answered=ANSWERED, on_time=IN_TIME)
    }
    none = {"all": 0, "accepted": 0, "done": 0, "answered": 0, "on_time": 0}
    councils = Council.objects.alphabetical().only("name", "slug")
    return [
        CouncilRow(council, row["all"], row["accepted"], row["done"], row["answered"], row["on_time"])
        for council in councils
        for row in [rows.get(council.pk, none)]
    ]


def summary(found: Totals) -> str:
    """The totals in one sentence."""
    if not found.written.value:
        return _("Sunulmuş öneri yok.")
    said = _("%(written)d öneri sunuldu; %(accepted)d tanesi kabul edildi, %(refused)d tanesi kabul edilmedi.") % {
        "written": found.written.value,
        "accepted": found.accepted.value,
        "refused": found.refused.value,
    }
    if found.share_in_time is not None:
        said += " " + _("Yanıtlanan önerilerin yüzde %(share)d kadarı bütün yanıtlarını zamanında aldı.") % {
            "share": found.share_in_time
        }
    return said
