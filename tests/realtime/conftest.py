"""A hub over each bus, and clients that can be slow, deaf or honest."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import close_old_connections, connection, transaction
from django.utils import timezone
from django.utils.html import escape

from journal.actions import record
from people.models import Person
from realtime import bus as buses
from realtime import frames, states, topics
from realtime import hub as hubs
from realtime.hub import Hub
from realtime.identity import Visitor
from realtime.sinks import Sink

BUSES = ["memory", pytest.param("redis", marks=pytest.mark.redis)]


@pytest.fixture(params=BUSES)
def live_bus(request, settings):
    """The bus of the process under test; every test that asks for it runs over both."""
    settings.LIVE_BUS = "memory" if request.param == "memory" else request.getfixturevalue("redis_url")
    settings.LIVE_PREFIX = f"test:{uuid.uuid4().hex}:"
    buses.close_bus()
    yield request.param
    buses.close_bus()


@pytest.fixture
def quick_db(_database, django_db_blocker):
    """A database with real commits. Only what tests of the engine write is removed, which is a hundred times quicker
    than emptying every table."""
    with django_db_blocker.unblock():
        yield
        close_old_connections()
        empty_the_journal()
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM people_session")
            cursor.execute("DELETE FROM people_person")
        connection.close()


class Room:
    """Topics ``room:1`` for everybody but those who are banned, with a state that a test sets."""

    def __init__(self) -> None:
        self.banned: set[int | None] = set()
        self.state: dict[int, dict[str, Any]] = {}
        self.reads: list[float] = []
        self.asked = 0

    def may_join(self, person: Any, room: int) -> bool:
        self.asked += 1
        return person.pk not in self.banned

    def read(self, room: int) -> dict[str, Any]:
        self.reads.append(time.monotonic())
        return dict(self.state.get(room, {}))


def written(entry: Any) -> dict[str, Any]:
    html = f'<li id="said-{entry.sequence}">{escape(entry.facts["text"])}</li>'
    return {"do": "add", "id": f"said-{entry.sequence}", "by": entry.actor_id, "html": {"tr": html, "en": html}}


def moved(entry: Any) -> dict[str, Any]:
    html = f"""<section id="status" data-live-replace="room:1#status">{escape(entry.facts["text"])}
        <button name="choice" value="yes">Evet</button></section>"""
    return {"regions": {"status": {"tr": html, "en": html}}}


@pytest.fixture
def room(monkeypatch):
    made = Room()
    monkeypatch.setattr(topics, "_rules", {"room": made.may_join})
    monkeypatch.setattr(topics, "_widening", set())
    monkeypatch.setattr(states, "_providers", {"room": made.read})
    renderers = {"room.said": (lambda entry: {"text": entry.facts["text"]}, frozenset({"public"}))}
    renderers["room.written"] = (written, frozenset({"public"}))
    renderers["room.moved"] = (moved, frozenset({"public"}))
    renderers["room.hushed"] = (lambda entry: {"forget": True}, frozenset({"public"}))
    monkeypatch.setattr(frames, "_renderers", renderers)
    return made


@pytest.fixture
async def hub(live_bus, quick_db):
    """The hub of the test's event loop."""
    made = await hubs.get_hub()
    yield made
    await made.stop()


@pytest.fixture
async def other_hub(hub):
    """A hub as another process would have it."""
    made = Hub()
    await made.start()
    yield made
    await made.stop()


class Client:
    """A browser as the hub sees it."""

    def __init__(self, hub: Hub, person: Person | None = None, *, session: str = "") -> None:
        self.hub = hub
        self.frames: list[dict[str, Any]] = []
        self.at: list[float] = []
        self.code: int | None = None
        self.messages = 0
        self.reads = asyncio.Event()
        self.reads.set()
        visitor = Visitor(person.pk if person else None, session, session)
        self.sink = Sink(self._send, self._close, visitor=visitor, address="192.0.2.1")
        hub.register(self.sink)

    async def _send(self, message: dict[str, Any]) -> None:
        await self.reads.wait()
        told = json.loads(message["text"])
        self.messages += 1
        for frame in told if isinstance(told, list) else [told]:
            self.frames.append(frame)
            self.at.append(time.monotonic())

    async def _close(self, code: int) -> None:
        self.code = code
        self.hub.unregister(self.sink)

    async def join(self, *names: str, **known: Any) -> None:
        wishes = dict.fromkeys(names, (None, None))
        wishes.update({name.replace("_", ":"): place for name, place in known.items()})
        await self.hub.join(self.sink, wishes)

    def of(self, name: str) -> list[dict[str, Any]]:
        """The log or state frames of a topic."""
        return [frame for frame in self.frames if frame.get("t") == name and "type" not in frame]

    def sequences(self, name: str) -> list[int]:
        return [frame["s"] for frame in self.of(name)]

    def told(self, type_: str) -> list[dict[str, Any]]:
        return [frame for frame in self.frames if frame.get("type") == type_]


@pytest.fixture
def client_of():
    return Client


async def until(condition: Callable[[], Any], *, within: float = 30.0) -> None:
    """Wait for a condition; a generous limit, so that a busy machine is no failure."""
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        await asyncio.sleep(0.01)


async def in_thread(function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """Run database code as a request would: on another thread, with a connection of its own."""

    def call() -> Any:
        close_old_connections()
        try:
            return function(*arguments, **named)
        finally:
            close_old_connections()

    return await sync_to_async(call, thread_sensitive=False)()


def say(
    text: str = "", *, room: int = 1, kind: str = "room.said", audience: str = "public", by: Person | None = None
) -> int:
    """Record an entry; returns its sequence."""
    with transaction.atomic():
        subject = Person(pk=room)
        entry = record(
            kind,
            actor=by,
            subject=subject,
            topic=f"room:{room}",
            at=timezone.now(),
            facts={"text": text},
            audience=audience,
        )
    return entry.sequence


def say_many(count: int, *, room: int = 1) -> None:
    for number in range(count):
        say(str(number), room=room)


def empty_the_journal() -> None:
    """As after a restore from an old backup."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE journal_entry, journal_topic, journal_undelivered")
        cursor.execute("DELETE FROM journal_queued")  # what waits for its seal: other tests verify the log
