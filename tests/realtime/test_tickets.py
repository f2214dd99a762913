"""A ticket spares the database at the door, and never opens what a log-out or a lost seat has closed."""

from __future__ import annotations

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people.models import Person, Session
from realtime import access, actions, identity, tickets
from realtime import bus as buses
from realtime.identity import digest
from tests.realtime.conftest import in_thread, until
from tests.realtime.sockets import HOST, make_person, opened, recognised, sign_in

TOPIC = "room:1"


@pytest.fixture(autouse=True)
def _address(settings):
    settings.ALLOWED_HOSTS, settings.LIVE_ORIGINS, settings.IS_HTTPS = [HOST, "testserver"], [], False


@pytest.fixture
def live_bus(settings):
    """In memory only: a ticket knows nothing of the bus."""
    settings.LIVE_BUS = "memory"
    buses.close_bus()
    yield "memory"
    buses.close_bus()


def test_a_ticket_is_good_for_a_minute_and_only_as_it_was_made():
    text = tickets.mint(7, "session", ["b", "a"], asked_at=1000)
    assert tickets.read(text, now=1059) == tickets.Ticket(7, "session", 1000, frozenset({"a", "b"}))
    assert tickets.read(text, now=1060) is None
    assert tickets.read(text, now=990) is None
    for broken in ("", "x", text[:-1], text.replace(text[3], "x", 1), "a:b", text + "x" * 9000):
        assert tickets.read(broken, now=1010) is None


@pytest.fixture
def asked(hub, monkeypatch):
    """What the hub asked of the database."""
    names: list[str] = []
    run = hub.run

    async def counted(function, *arguments, **named):
        names.append(function.__name__)
        return await run(function, *arguments, **named)

    monkeypatch.setattr(hub, "run", counted)
    monkeypatch.setattr(hub, "_heard_since", hub.loop.time() - 60)
    return names


async def hello(socket, ticket: str) -> dict:
    await socket.send_json_to({"type": "hello", "topics": {TOPIC: None}, "ticket": ticket})
    return await socket.next()


async def who(**fields) -> tuple[Person, str]:
    person = await in_thread(make_person, **fields)
    return person, await in_thread(sign_in, person)


async def test_with_a_ticket_neither_the_session_nor_the_topics_are_asked(hub, room, asked):
    person, key = await who()
    socket = await opened(session=key)
    assert asked == []
    assert (await hello(socket, tickets.mint(person.pk, digest(key), [TOPIC])))["type"] == "joined"
    assert asked == ["heads"]  # where the topic stands: once for everybody
    assert [sink.person_id for sink in hub.sinks] == [person.pk]
    await socket.disconnect()


@pytest.mark.parametrize("whose", ["nobody", "another"])
async def test_a_ticket_counts_only_with_the_cookie_it_was_made_for(hub, room, asked, whose):
    victim, key = await who()
    thief, cookie = (None, "") if whose == "nobody" else await who(name="mehmet")
    socket = await recognised(session=cookie, ticket=tickets.mint(victim.pk, digest(key), [TOPIC]))
    assert [sink.person_id for sink in hub.sinks] == [thief and thief.pk]
    await socket.disconnect()


async def test_an_old_ticket_is_no_ticket(hub, room, asked):
    person, key = await who()
    old = tickets.mint(person.pk, digest(key), [TOPIC], asked_at=time.time() - 61)
    socket = await recognised(session=key, ticket=old)
    assert "visitor_of" in asked
    assert [sink.person_id for sink in hub.sinks] == [person.pk]
    await socket.disconnect()


async def test_a_hub_that_was_deaf_since_the_ticket_was_made_asks_the_database(hub, room, asked, monkeypatch):
    person, key = await who()
    room.banned.add(person.pk)
    monkeypatch.setattr(hub, "_heard_since", hub.loop.time())
    socket = await recognised(session=key)
    assert (await hello(socket, tickets.mint(person.pk, digest(key), [TOPIC])))["type"] == "refused"
    assert "visitor_of" in asked
    await socket.disconnect()


async def test_a_seat_lost_after_the_ticket_was_made_opens_nothing(hub, room, asked):
    person, key = await who()
    ticket = tickets.mint(person.pk, digest(key), [TOPIC])
    room.banned.add(person.pk)
    await in_thread(actions.recheck, person=person.pk)
    await until(lambda: hub._orders)
    socket = await opened(session=key)
    assert (await hello(socket, ticket))["type"] == "refused"
    await socket.disconnect()


async def test_a_session_ended_after_the_ticket_was_made_is_nobodys(hub, room, asked):
    person, key = await who()
    ticket = tickets.mint(person.pk, digest(key), [TOPIC])
    await in_thread(lambda: Session.objects.all().delete())
    await in_thread(actions.end_session, key)
    await until(lambda: hub._orders)
    socket = await recognised(session=key, ticket=ticket)
    assert [sink.person_id for sink in hub.sinks] == [None]
    await socket.disconnect()


def test_the_page_of_tickets_answers_for_its_reader_only(quick_db, room, client):
    assert client.get("/canli/bilet/", {"t": TOPIC}).json() == {"ticket": "", "seconds": 60}
    person = make_person()
    client.force_login(person, backend="people.backends.Backend")
    answer = client.get("/canli/bilet/", {"t": [TOPIC, "closed:1", "x" * 200]})
    ticket = tickets.read(answer.json()["ticket"])
    assert (ticket.person_id, ticket.topics) == (person.pk, frozenset({TOPIC}))
    assert ticket.session == digest(client.session.session_key)
    assert {"no-store", "private"} <= set(answer.headers["Cache-Control"].replace(" ", "").split(","))
    room.banned.add(person.pk)
    assert tickets.read(client.get("/canli/bilet/", {"t": TOPIC}).json()["ticket"]).topics == frozenset()


async def test_leases_of_many_sockets_are_asked_with_few_queries(hub, room):
    def make() -> list[tuple[Person, str]]:
        made = [make_person(f"kisi{n}") for n in range(6)]
        return [(person, sign_in(person)) for person in made]

    made = await in_thread(make)

    def ask() -> tuple[int, int, dict]:
        with CaptureQueriesContext(connection) as first:
            access.ask_for_many({person.pk: {TOPIC} for person, _ in made} | {None: {TOPIC}})
        with CaptureQueriesContext(connection) as second:
            found = identity.persons_of([key for _, key in made] + ["0" * 32])
        return len(first), len(second), found

    of_people, of_sessions, found = await in_thread(ask)
    assert (of_people, of_sessions) == (1, 2)
    assert found == {key: person.pk for person, key in made} | {"0" * 32: None}
