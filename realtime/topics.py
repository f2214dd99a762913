"""Names of topics and who may follow them.

A topic is ``kind:id`` (a log: every entry counts), ``state:kind:id`` (only the newest state matters) or
``presence:kind:id`` (how many are there). Ids are positive integers: a name never carries anything else.
``kind:id:involved`` and ``kind:id:staff`` are the same log as that audience may read it, with a rule of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import structlog
from django.contrib.auth.models import AnonymousUser

from journal.models import Audience
from people.models import AnyPerson, Person

log = structlog.get_logger(__name__)
MayJoin = Callable[[AnyPerson, int], bool]
Among = Callable[[Mapping[int, Person], int], set[int]]
"""Those of the people, by id, who may follow the topic with this id."""
LONGEST_NAME = 80
_NAME = re.compile(
    r"(?:(state|presence):([a-z][a-z_]{0,30}):([1-9][0-9]{0,17})|([a-z][a-z_]{0,30}):([1-9][0-9]{0,17})(?::(involved|staff))?)",
    re.ASCII,
)
NARROW = (Audience.INVOLVED, Audience.STAFF)
_rules: dict[str, MayJoin] = {}
_widening: set[str] = set()
_among: dict[str, Among] = {}


class Sort(StrEnum):
    LOG = "log"
    STATE = "state"
    PRESENCE = "presence"


@dataclass(frozen=True, slots=True)
class Topic:
    """A parsed name."""

    name: str
    sort: Sort
    kind: str
    id: int
    audience: str = Audience.PUBLIC

    @property
    def base(self) -> str:
        """The topic as the journal has it: what ``state:ballot:3`` and ``ballot:3:staff`` stand and fall with."""
        return f"{self.kind}:{self.id}"

    @property
    def rule(self) -> str:
        """Where its rule is registered, unless its sort has none of its own."""
        return self.kind if self.audience == Audience.PUBLIC else f"{self.kind}:{self.audience}"


class UnknownTopic(ValueError):
    """The name is malformed, or nobody registered its kind."""


def parse(name: str) -> Topic:
    """Read a topic's name. Raises `UnknownTopic`."""
    match = _NAME.fullmatch(name) if len(name) <= LONGEST_NAME else None
    if match is None:
        raise UnknownTopic(name[:LONGEST_NAME])
    if match[1]:
        return Topic(name, Sort(match[1]), match[2], int(match[3]))
    return Topic(name, Sort.LOG, match[4], int(match[5]), match[6] or Audience.PUBLIC)


def narrower(name: str) -> list[str]:
    """The names of a log for the narrower audiences that have a rule."""
    kind = name.partition(":")[0]
    return [f"{name}:{audience}" for audience in NARROW if f"{kind}:{audience}" in _rules]


def register(prefix: str, *, may_join: MayJoin, visitors_first: bool = False, among: Among | None = None) -> None:
    """Say who may follow the topics of a kind ("thread"), of one sort of it ("state:ballot") or audience ("body:involved").

    `visitors_first`: whoever is signed in may follow at least what visitors may. Then one question answers for everybody
    who follows an open topic. `among` gives the answer of `may_join` for many people at once, with few statements.
    """
    _rules[prefix] = may_join
    if among is not None:
        _among[prefix] = among
    (_widening.add if visitors_first else _widening.discard)(prefix)


def unregister(prefix: str) -> None:
    _rules.pop(prefix, None)
    _among.pop(prefix, None)
    _widening.discard(prefix)


def open_to_all(names: Iterable[str]) -> set[str]:
    """Those of the names which everybody may follow now, as far as their rules say so with one question each."""
    return {name for name in names if _prefix_of(name) in _widening and may_join(AnonymousUser(), name)}


def _prefix_of(name: str) -> str:
    try:
        topic = parse(name)
    except UnknownTopic:
        return ""
    longer = f"{topic.sort}:{topic.kind}"
    return longer if longer in _rules else topic.rule


def may_join(person: AnyPerson, name: str) -> bool:
    """Whether this person may follow this topic now. Unknown topics are refused, and so is one whose rule fails.

    Raises database errors: not being able to ask is not a refusal.
    """
    rule = _rules.get(_prefix_of(name))
    return rule is not None and _asked(name, lambda id_: rule(person, id_)) is True


def who_may_join(people: Mapping[int, Person], name: str) -> set[int]:
    """As `may_join` for many people, by id; with few statements for a kind of topic that can be asked so."""
    if among := _among.get(_prefix_of(name)):
        return _asked(name, lambda id_: among(people, id_)) or set()
    return {key for key, person in people.items() if may_join(person, name)}


def _asked(name: str, rule: Callable[[int], Any]) -> Any:
    from django.db import InterfaceError, OperationalError

    try:
        return rule(parse(name).id)
    except (InterfaceError, OperationalError):
        raise
    except Exception:
        log.exception("live_rule_failed", topic=name)
        return None


def allowed(person: AnyPerson, names: Iterable[str]) -> set[str]:
    """Those of the names which this person may follow now."""
    return {name for name in names if may_join(person, name)}
