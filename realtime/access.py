"""Who may still follow what: asked at joining, when something was revoked, and when a lease ends."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import structlog

from realtime import identity, states, topics
from realtime.sinks import Sink

if TYPE_CHECKING:
    from realtime.hub import Hub

log = structlog.get_logger(__name__)


def permitted(person_id: int | None, names: Iterable[str]) -> set[str] | None:
    """Those of the topics a person may follow now; None when the account is closed. Queries the database."""
    person = identity.person_of(person_id)
    return None if person is None else topics.allowed(person, filter(_is_told, names))


def _is_told(name: str) -> bool:
    """Whether there is anything to follow: a state needs somebody who knows it."""
    return not name.startswith("state:") or states.is_known(name)


def subject_of(name: str) -> str:
    """``state:ballot:3`` and ``presence:ballot:3`` stand and fall with ``ballot:3``."""
    return name.split(":", 1)[1] if name.startswith(("state:", "presence:")) else name


def concerns(order: dict[str, Any], sink: Sink, wished: Iterable[str] = ()) -> bool:
    """Whether an order on the control topic is about this socket."""
    if order.get("session"):
        return bool(order["session"] == sink.visitor.session)
    if order.get("person") is not None and order["person"] != sink.person_id:
        return False
    topic = order.get("topic")
    return topic is None or any(subject_of(name) == subject_of(topic) for name in (*sink.follows, *wished))


async def recheck(hub: Hub, sinks: Sequence[Sink], *, topic: str | None = None, thoroughly: bool = False) -> None:
    """Ask again what these sockets follow and put out who may no longer; `thoroughly` looks at their sessions too.

    When the question cannot be asked, the stream ends: the client comes back and is asked at the door.
    """
    by_person: dict[int | None, list[Sink]] = {}
    for sink in sinks:
        by_person.setdefault(sink.person_id, []).append(sink)
    for person_id, owned in by_person.items():
        for pause in (0.3, 1.0, None):
            try:
                await _recheck_person(hub, person_id, owned, topic=topic, thoroughly=thoroughly)
                break
            except asyncio.CancelledError:
                raise
            except Exception as error:  # whatever hinders the question
                log.warning("live_recheck_failed", error=repr(error))
                if pause is None:
                    for sink in owned:
                        sink.cut(1013)
                else:
                    await asyncio.sleep(pause)


async def _recheck_person(
    hub: Hub, person_id: int | None, sinks: list[Sink], *, topic: str | None, thoroughly: bool
) -> None:
    names = {name for sink in sinks for name in sink.follows if topic is None or subject_of(name) == subject_of(topic)}
    allowed = await hub.run(permitted, person_id, names)
    for sink in sinks:
        if allowed is None:
            sink.cut(4403)
            continue
        if thoroughly and person_id is not None:
            visitor = await hub.run(identity.visitor_of, sink.visitor.session_key)
            if visitor.person_id != person_id:
                sink.cut(4401)
                continue
        for name in names & set(sink.follows):
            if name not in allowed:
                hub.put_out(sink, name)
            elif topic is None:
                hub.renew(sink.follows[name])
