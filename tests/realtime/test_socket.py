"""The socket as a browser meets it: the door, the protocol, the limits."""

from __future__ import annotations

import json

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY
from django.test import Client as Browser

from people.models import Person
from people.sessions import SessionStore
from realtime import bus as buses
from realtime import limits
from realtime.origins import is_allowed
from tests.realtime.conftest import in_thread, say, say_many, until
from tests.realtime.sockets import HOST, ORIGIN, Socket, make_person, opened, recognised, sign_in


@pytest.fixture(autouse=True)
def _address(settings):
    settings.ALLOWED_HOSTS, settings.LIVE_ORIGINS, settings.IS_HTTPS = [HOST], [], False


@pytest.fixture
def live_bus(settings):
    """In memory only: the door and the protocol know nothing of the bus."""
    settings.LIVE_BUS = "memory"
    buses.close_bus()
    yield "memory"
    buses.close_bus()


# --- the door ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("origin", "scheme", "expected"),
    [
        ("https://meydan.test", "https", True),
        ("https://MEYDAN.test:443", "https", True),
        ("https://listed.test:8443", "https", True),
        ("http://meydan.test", "https", False),
        ("https://meydan.test:8443", "https", False),
        ("https://meydan.test.evil.tld", "https", False),
        ("https://evil.tld", "https", False),
        ("https://listed.test", "https", False),
        ("http://listed.test:8443", "https", False),
        ("https://user@meydan.test", "https", False),
        ("https://meydan.test/", "https", False),
        ("null", "https", False),
        ("", "https", False),
        ("file://", "https", False),
        ("https://meydan.test:x", "https", False),
        ("http://meydan.test", "http", True),
        ("https://meydan.test", "http", False),
    ],
)
def test_an_origin_is_compared_with_scheme_host_and_port(settings, origin, scheme, expected):
    settings.LIVE_ORIGINS = ["https://listed.test:8443"]
    assert is_allowed(origin, host="meydan.test", scheme=scheme) is expected


def test_a_star_in_allowed_hosts_opens_no_door(settings):
    settings.ALLOWED_HOSTS = ["*"]
    assert not is_allowed("http://evil.tld", host="evil.tld", scheme="http")


@pytest.mark.parametrize("origin", [None, "null", "http://evil.tld", "https://meydan.test", "http://meydan.test:81"])
async def test_a_foreign_or_missing_origin_is_refused_at_the_handshake(hub, origin):
    accepted, _ = await Socket(origin=origin).connect()
    assert not accepted


async def test_two_origins_are_refused(hub):
    socket = Socket()
    socket.scope["headers"].append((b"origin", ORIGIN.encode()))
    assert (await socket.connect())[0] is False


# --- talking -------------------------------------------------------------------------------------------


async def test_a_visitor_joins_resumes_leaves_and_is_answered(hub, room):
    await in_thread(say_many, 2)
    socket = await opened()
    await socket.hello(room_1=1)
    joined, missed = await socket.next(), await socket.next()
    assert (joined["type"], joined["s"]) == ("joined", 1)
    assert [frame["s"] for frame in missed] == [2]
    await in_thread(say, "new")
    assert (await socket.next())["text"] == "new"
    await socket.send_json_to({"type": "ping"})
    assert (await socket.next())["type"] == "pong"
    await socket.send_json_to({"type": "leave", "topics": ["room:1"]})
    await in_thread(say, "after leaving")
    await socket.send_json_to({"type": "ping"})
    assert (await socket.next())["type"] == "pong"
    await socket.disconnect()
    await until(lambda: not hub.sinks)


async def test_a_refused_topic_does_not_hinder_the_others(hub, room):
    socket = await opened()
    await socket.send_json_to({"type": "hello", "topics": {"secret:1": None, "room:1": None}})
    assert {(frame["type"], frame["t"]) for frame in (await socket.next(), await socket.next())} == {
        ("refused", "secret:1"),
        ("joined", "room:1"),
    }
    await socket.disconnect()


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        "[" * 30_000,
        '{"a":' * 9_000,
        "[]",
        '"hello"',
        "{}",
        '{"type":"vote","ballot":3}',
        '{"type":"hello"}',
        '{"type":"hello","topics":["room:1"]}',
        '{"type":"hello","topics":{"room:1":-1}}',
        '{"type":"hello","topics":{"room:1":true}}',
        '{"type":"hello","topics":{"room:1":[1,2,3]}}',
        '{"type":"hello","topics":{"' + "x" * 200 + '":null}}',
        '{"type":"leave","topics":{}}',
        json.dumps({"type": "hello", "topics": {f"room:{n}": None for n in range(1, 52)}}),
        '{"type":"ping","pad":"' + "x" * 70_000 + '"}',
    ],
)
async def test_what_is_not_the_protocol_ends_the_connection(hub, room, text):
    socket = await opened()
    await socket.send_to(text_data=text)
    assert await socket.closed_with() == 4400
    await socket.disconnect()


async def test_bytes_are_not_the_protocol(hub):
    socket = await opened()
    await socket.send_to(bytes_data=b"{}")
    assert await socket.closed_with() == 4400
    await socket.disconnect()


async def test_fifty_topics_and_no_more(hub, room):
    socket = await opened()
    await socket.hello(**{f"room_{n}": None for n in range(1, 51)})
    for _ in range(50):
        assert (await socket.next())["type"] == "joined"
    await socket.hello(room_51=None)
    assert await socket.closed_with() == 4400
    await socket.disconnect()


async def test_a_flood_of_messages_ends_the_connection(hub, monkeypatch):
    monkeypatch.setattr(limits, "MESSAGES_PER_SECOND", 0.001)  # however slowly they are read
    socket = await opened()
    for _ in range(60):
        await socket.send_json_to({"type": "ping"})
    assert await socket.closed_with() == 4429
    await socket.disconnect()


async def test_who_says_nothing_is_sent_away(hub, monkeypatch):
    monkeypatch.setattr(limits, "HELLO_SECONDS", 0.1)
    socket = await opened()
    assert await socket.closed_with() == 4408
    await socket.disconnect()


async def test_a_seventh_tab_takes_the_place_of_the_oldest(hub, room):
    session = await in_thread(lambda: sign_in(make_person()))
    tabs = [await recognised(session=session) for _ in range(limits.SOCKETS_PER_PERSON + 1)]
    assert await tabs[0].closed_with() == 4409
    assert len([sink for sink in hub.sinks if not sink.closed]) == limits.SOCKETS_PER_PERSON
    for tab in tabs:
        await tab.disconnect()


async def test_visitors_of_one_address_are_limited(hub, monkeypatch):
    monkeypatch.setattr(limits, "SOCKETS_PER_ADDRESS", 2)
    tabs = [await opened() for _ in range(2)]
    third = Socket()
    await third.connect()
    assert await third.closed_with() == 4429
    tabs.append(await opened(address="192.0.2.8"))
    for tab in tabs:
        await tab.disconnect()


async def test_too_many_handshakes_at_once_are_told_to_come_back(hub, monkeypatch):
    monkeypatch.setattr(limits, "HANDSHAKES", 0)
    accepted, code = await Socket().connect()
    assert (accepted, code) == (False, 1013)


# --- sessions ------------------------------------------------------------------------------------------


async def test_the_socket_belongs_to_the_person_of_the_session(hub, room):
    person = await in_thread(make_person)
    socket = await recognised(session=await in_thread(sign_in, person))
    assert [sink.person_id for sink in hub.sinks] == [person.pk]
    await socket.disconnect()


@pytest.mark.parametrize("broken", ["unknown", "hash", "inactive", "backend"])
async def test_a_session_that_no_page_would_accept_is_nobody(hub, broken):
    def make() -> str:
        person = make_person()
        key = sign_in(person)
        if broken == "hash":
            person.set_password("another long password")
            Person.objects.filter(pk=person.pk).update(password=person.password)
        if broken == "inactive":
            Person.objects.filter(pk=person.pk).update(is_active=False)
        if broken == "backend":
            session = SessionStore(key)
            session[BACKEND_SESSION_KEY] = "somewhere.else.Backend"
            session.save()
        return "0" * 32 if broken == "unknown" else key

    socket = await recognised(session=await in_thread(make))
    assert [sink.person_id for sink in hub.sinks] == [None]
    await socket.disconnect()


async def test_log_out_closes_the_socket(hub, settings):
    def log_out(key: str) -> None:
        browser = Browser(headers={"host": HOST})
        browser.cookies[settings.SESSION_COOKIE_NAME] = key
        browser.logout()

    key = await in_thread(lambda: sign_in(make_person()))
    socket = await opened(session=key)
    await in_thread(log_out, key)
    assert await socket.closed_with() == 4401
    await socket.disconnect()


async def test_a_new_password_closes_every_socket_of_the_person(hub):
    def change(person: Person) -> None:
        person.set_password("yepyeni uzun parola")
        person.save()

    person = await in_thread(make_person)
    sockets = [await recognised(session=await in_thread(sign_in, person)) for _ in range(2)]
    await in_thread(change, person)
    assert [await socket.closed_with() for socket in sockets] == [4401, 4401]
    for socket in sockets:
        await socket.disconnect()


async def test_deactivation_closes_with_4403(hub):
    def deactivate(person: Person) -> None:
        person.is_active = False
        person.save()

    person = await in_thread(make_person)
    socket = await recognised(session=await in_thread(sign_in, person))
    await in_thread(deactivate, person)
    assert await socket.closed_with() == 4403
    await socket.disconnect()


async def test_logging_in_with_an_old_hash_upgrades_it_and_closes_nothing(hub):
    """Django saves a stronger hash of the same password: no new password."""

    def upgrade(person: Person) -> None:
        from django.contrib.auth.hashers import make_password

        person.password = make_password("uzun bir parola", hasher="pbkdf2_sha256")
        person.save()
        assert person.check_password("uzun bir parola")

    person = await in_thread(make_person)
    socket = await opened(session=await in_thread(sign_in, person))
    await in_thread(upgrade, person)
    await socket.send_json_to({"type": "ping"})
    assert (await socket.next())["type"] == "pong"
    await socket.disconnect()
