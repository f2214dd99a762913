"""Who may still follow what: asked at joining, when something was revoked, and when a lease ends."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import structlog
from django.contrib.auth.models import AnonymousUser

from people.models import Person
from realtime import identity, limits, states, tickets, topics
from realtime.metrics import METRICS
from realtime.sinks import Sink

if TYPE_CHECKING:
    from realtime.hub import Hub

log = structlog.get_logger(__name__)
CLOCKS_MAY_DIFFER = 5.0
"""Seconds by which the clocks of two machines may differ: a ticket counts as that much older."""


@dataclass(frozen=True, slots=True)
class Voucher:
    """What a ticket answered already: these topics are allowed, as of a moment of the hub's clock."""

    topics: frozenset[str]
    since: float


def permitted(person_id: int | None, names: Iterable[str]) -> set[str] | None:
    """Those of the topics a person may follow now; None when the account is closed. Queries the database."""
    person = identity.person_of(person_id)
    return None if person is None else topics.allowed(person, filter(_is_told, names))


def _is_told(name: str) -> bool:
    """Whether there is anything to follow: a state needs somebody who knows it."""
    return not name.startswith("state:") or states.is_known(name)


def ask(person_id: int | None, names: Iterable[str]) -> tuple[set[str] | None, set[str]]:
    """As `permitted`, with those of the topics that are open to everybody."""
    everybody = topics.open_to_all(filter(_is_told, names))
    rest = set(names) - everybody
    found = permitted(person_id, rest) if rest else set()
    return (None if found is None else found | everybody), everybody


def ask_for_many(wanted: Mapping[int | None, set[str]]) -> dict[int | None, set[str] | None]:
    """As `permitted` for many people: one question for all of them, then one for each topic that is open, and one more
    for each that is not."""
    told = set(filter(_is_told, set().union(*wanted.values())))
    everybody = topics.open_to_all(told)
    ids = [person_id for person_id in wanted if person_id is not None]
    people: dict[int, Person] = {person.pk: person for person in Person.objects.filter(pk__in=ids, is_active=True)}
    answers: dict[int | None, set[str] | None] = {
        person_id: names & everybody if person_id is None or person_id in people else None
        for person_id, names in wanted.items()
    }
    for name in told - everybody:
        asking = {key: person for key, person in people.items() if name in wanted[key]}
        for person_id in topics.who_may_join(asking, name) if asking else ():
            answers[person_id] = (answers[person_id] or set()) | {name}
    if None in wanted:
        answers[None] = (wanted[None] & everybody) | topics.allowed(AnonymousUser(), wanted[None] & told - everybody)
    return answers


def subject_of(name: str) -> str:
    """``state:ballot:3``, ``presence:ballot:3`` and ``ballot:3:staff`` stand and fall with ``ballot:3``."""
    try:
        return topics.parse(name).base
    except topics.UnknownTopic:
        return name


def concerns(order: dict[str, Any], sink: Sink, wished: Iterable[str] = ()) -> bool:
    """Whether an order on the control topic is about this socket."""
    if order.get("session"):
        return bool(order["session"] == sink.visitor.session)
    if order.get("person") is not None and order["person"] != sink.person_id:
        return False
    topic = order.get("topic")
    return topic is None or any(subject_of(name) == subject_of(topic) for name in (*sink.follows, *wished))


async def identify(hub: Hub, sink: Sink, ticket_text: str) -> Voucher | None:
    """Find out whose socket this is, from its ticket or else from its session; a person's oldest sockets make room.

    A ticket counts together with the cookie it was made for, and while this hub heard every order since it was made.
    Raises database errors.
    """
    stranger, voucher = sink.visitor, None
    ticket = tickets.read(ticket_text) if stranger.session else None
    if ticket is not None and ticket.session == stranger.session:
        since = hub.loop.time() - (time.time() - ticket.issued_at) - CLOCKS_MAY_DIFFER
        sink.visitor = replace(stranger, person_id=ticket.person_id)
        if hub.heard_all_since(since) and not hub.was_ended(since, sink):
            voucher = Voucher(ticket.topics, since)
            METRICS.tickets += 1
    while voucher is None and stranger.session:
        since = hub.loop.time()
        sink.visitor = await hub.run(identity.visitor_of, stranger.session_key)
        if not hub.was_ended(since, sink):
            break
    if sink.person_id is not None:
        mine = hub.of_person(sink.person_id)
        for oldest in mine[: max(0, len(mine) - limits.SOCKETS_PER_PERSON + 1)]:
            oldest.cut(4409)
        hub.recognise(sink)
    return voucher


async def recheck(hub: Hub, sinks: Sequence[Sink], *, topic: str | None = None, thoroughly: bool = False) -> None:
    """Ask again what these sockets follow and put out who may no longer; `thoroughly` looks at their sessions too.

    When the question cannot be asked, the stream ends: the client comes back and is asked at the door.
    """
    for pause in (0.3, 1.0, None):
        try:
            await _recheck(hub, sinks, topic=topic, thoroughly=thoroughly)
            return
        except asyncio.CancelledError:
            raise
        except Exception as error:  # whatever hinders the question
            log.warning("live_recheck_failed", error=repr(error))
            if pause is None:
                for sink in sinks:
                    sink.cut(1013)
            else:
                await asyncio.sleep(pause)


async def recheck_unheard(hub: Hub) -> None:
    """For while no order can be heard: ask again everybody who follows what is not open to all, and look at their sessions.

    When it cannot even be asked what is open, nobody is put out; the caller asks again soon.
    """
    followed = [name for name, stream in hub.streams.items() if stream.follows]
    try:
        closed = set(followed) - await hub.run(topics.open_to_all, followed)
    except Exception as error:  # the database is away as well
        log.warning("live_recheck_failed", error=repr(error))
        return
    sinks = [sink for sink in hub.sinks if not closed.isdisjoint(sink.follows)]
    if sinks:
        await recheck(hub, sinks, thoroughly=True)


async def _recheck(hub: Hub, sinks: Sequence[Sink], *, topic: str | None, thoroughly: bool) -> None:
    wanted: dict[int | None, set[str]] = {}
    for sink in sinks:
        names = (name for name in sink.follows if topic is None or subject_of(name) == subject_of(topic))
        wanted.setdefault(sink.person_id, set()).update(names)
    METRICS.rechecks += 1
    answers = await hub.run(ask_for_many, wanted)
    owners: dict[str, int | None] = {}
    if thoroughly:
        keys = {sink.visitor.session_key for sink in sinks if sink.person_id is not None}
        owners = await hub.run(identity.persons_of, keys) if keys else {}
    for sink in sinks:
        allowed = answers[sink.person_id]
        if allowed is None:
            sink.cut(4403)
            continue
        if thoroughly and sink.person_id is not None and owners.get(sink.visitor.session_key) != sink.person_id:
            sink.cut(4401)
            continue
        for name in wanted[sink.person_id] & set(sink.follows):
            if name not in allowed:
                hub.put_out(sink, name)
            elif topic is None:
                hub.renew(sink.follows[name])
