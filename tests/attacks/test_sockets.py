"""Cases 83 to 92 and 134: the live connection as an attacker meets it, at its door and on the wire."""

# ruff: noqa: F811 - fixtures are asked for by their names
from __future__ import annotations

import asyncio
import contextlib
import json

import pytest
from django.db import transaction
from django.test import Client as Browser

from people.models import Person
from realtime import limits, protocol
from realtime.limits import Buckets
from realtime.server import options
from tests.realtime.conftest import (  # noqa: F401 - fixtures
    Client,
    hub,
    in_thread,
    quick_db,
    room,
    say,
    say_many,
    until,
)
from tests.realtime.servers import Server
from tests.realtime.test_socket import (  # noqa: F401 - fixtures
    HOST,
    ORIGIN,
    Socket,
    _address,
    live_bus,
    make_person,
    opened,
    sign_in,
)

WITHIN = 30.0  # seconds; generous, because a busy machine is no fault of the code


# --- 83: the door -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "",
        "https://meydan.test",
        "http://meydan.test:8443",
        "http://meydan.test.evil.tld",
        "http://evil.tld",
        "http://evil.tld/meydan.test",
        "http://meydan.test@evil.tld",
        "file://",
    ],
)
async def test_083_a_page_of_another_site_opens_no_socket(hub, room, settings, origin):
    settings.ALLOWED_HOSTS = [HOST, "*"]
    accepted, _ = await Socket(origin=origin).connect()
    assert not accepted


async def test_083_a_page_of_this_site_opens_one(hub, room):
    accepted, _ = await Socket().connect()
    assert accepted


# --- 84 to 86: who may follow, asked again ----------------------------------------------------------------------------
async def test_084_nobody_joins_what_is_closed_to_them(hub, room):
    room.banned.add(None)
    socket = await opened()
    await socket.hello(room_1=None)
    frame = await socket.next()
    assert (frame["type"], frame["t"]) == ("refused", "room:1")
    await in_thread(say, "gizli")
    await socket.send_json_to({"type": "ping"})
    assert (await socket.next())["type"] == "pong"  # and nothing in between
    await socket.disconnect()


async def end_by_log_out(session: str, person: Person) -> None:
    browser = Browser(headers={"host": HOST})
    browser.cookies["meydan_session"] = session
    await in_thread(browser.post, "/hesap/cikis/")


async def end_by_a_new_password(session: str, person: Person) -> None:
    def change() -> None:
        person.set_password("başka bir uzun parola")
        person.save()

    await in_thread(change)


async def end_by_closing(session: str, person: Person) -> None:
    def close() -> None:
        person.is_active = False
        person.save()

    await in_thread(close)


@pytest.mark.parametrize("end", [end_by_log_out, end_by_a_new_password, end_by_closing])
async def test_085_a_socket_ends_with_its_session_and_its_account(hub, room, end):
    person = await in_thread(make_person)
    session = await in_thread(sign_in, person)
    socket = await opened(session=session)
    await socket.hello(room_1=None)
    assert (await socket.next())["type"] == "joined"
    await end(session, person)
    assert await asyncio.wait_for(socket.closed_with(), WITHIN) in {4401, 4403}


async def test_086_who_lost_the_right_hears_nothing_more(hub, room):
    from realtime import actions

    person = await in_thread(make_person)
    listener = Client(hub, person)
    await listener.join("room:1")
    await in_thread(say, "herkese")
    await until(lambda: listener.sequences("room:1") == [1])
    room.banned.add(person.pk)

    def recheck() -> None:
        with transaction.atomic():
            actions.recheck(person=person.pk)

    await in_thread(recheck)
    await until(lambda: listener.told("ended") or "room:1" not in listener.sink.follows, within=WITHIN)
    await in_thread(say, "yalnız kalanlara")
    await asyncio.sleep(0.2)
    assert listener.sequences("room:1") == [1]


# --- 87 and 88: what a browser may say --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "said",
    [
        {"type": "vote", "ballot": 1, "choice": "yes"},
        {"type": "chair", "meeting": 1},
        {"type": "comment", "thread": 1, "text": "x"},
        {"type": "join", "topics": {"room:1": {"$gt": 0}}},
        {"type": "join", "topics": {f"room:{n}": None for n in range(1, 200)}},
        [],
        "hello",
        7,
    ],
)
async def test_087_a_socket_writes_nothing(hub, room, said):
    socket = await opened()
    await socket.send_json_to(said)
    assert await socket.closed_with() == 4400


@pytest.mark.parametrize(
    "text",
    [
        "[" * 60_000,
        '{"a":' * 10_000 + "1" + "}" * 10_000,
        "x" * (limits.MESSAGE_BYTES + 1),
        "{",
        "\x00",
        '{"type": NaN}',
    ],
    ids=["deep list", "deep object", "long", "cut", "nul", "not a number"],
)
def test_088_what_is_no_short_plain_message_is_not_read(text):
    with pytest.raises(protocol.ProtocolError):
        protocol.read(text)


async def test_088_large_and_broken_frames_end_the_connection(hub, room, settings):
    """On the wire: two megabytes, bytes that are no text, and a thousand pieces of one message."""
    import websockets

    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    async with Server() as server:
        for evil in ("x" * 2_097_152, b"\xff\xfe\xfd", ["x" * 100] * 1_000):
            async with server.connect() as socket:
                with contextlib.suppress(websockets.ConnectionClosed):
                    await socket.send(evil)
                await asyncio.wait_for(socket.wait_closed(), WITHIN)
                assert socket.close_code in {1006, 1007, 1009, 4400}


def test_088_the_server_takes_small_messages_and_unpacks_none():
    given = options()
    assert given["ws_max_size"] <= 65_536
    assert given["ws_per_message_deflate"] is False


# --- 89 and 134: requests that two servers would read in two ways -----------------------------------------------------
async def answer_to(server: Server, *lines: bytes, body: bytes = b"") -> bytes:
    """The first line of the answer to a request as it is; empty when the server hung up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    try:
        writer.write(b"\r\n".join([*lines, b"", b""]) + body)
        await writer.drain()
        return await asyncio.wait_for(reader.readline(), WITHIN)
    finally:
        writer.close()


UPGRADE = (
    b"GET /canli/ HTTP/1.1",
    b"Connection: Upgrade",
    b"Upgrade: websocket",
    b"Sec-WebSocket-Version: 13",
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
)


async def test_089_bytes_that_end_a_line_elsewhere_smuggle_no_header(hub, room, settings):
    for byte in "\x0b\x0c\x1c\x1d\x1e\x85\n\r":
        for origin in (f"http://evil.tld{byte}{ORIGIN}", f"{ORIGIN}{byte}x"):
            accepted, _ = await Socket(origin=origin).connect()
            assert not accepted, byte
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    async with Server() as server:
        host, own = f"Host: 127.0.0.1:{server.port}".encode(), server.origin.encode()
        for byte in (b"\x0b", b"\x0c", b"\x1c", b"\x1d", b"\x1e", b"\x85", b"\n", b"\r"):
            smuggled = b"X-Any: 1" + byte + b"Origin: " + own
            said = await answer_to(server, *UPGRADE, host, b"Origin: http://evil.tld", smuggled)
            assert b" 101 " not in said, byte
            said = await answer_to(server, *UPGRADE, host, b"Origin: " + own + byte + b"http://evil.tld")
            assert b" 101 " not in said, byte
        assert b" 101 " in await answer_to(server, *UPGRADE, host, b"Origin: " + own)


async def test_134_a_request_of_two_lengths_is_refused(hub, room, settings):
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    async with Server() as server:
        host = f"Host: 127.0.0.1:{server.port}".encode()
        smuggled = b"0\r\n\r\nGET /saglik/ HTTP/1.1\r\nHost: x\r\n\r\n"
        for lengths in (
            (b"Content-Length: 5", b"Transfer-Encoding: chunked"),
            (b"Content-Length: 5", b"Content-Length: 6"),
            (b"Transfer-Encoding: chunked, identity",),
            (b"Content-Length: +5",),
            (b"Content-Length: 5 ", b"Content-Length : 5"),
        ):
            said = await answer_to(server, b"POST /dil/ HTTP/1.1", host, *lengths, body=smuggled)
            assert said == b"" or b" 400 " in said, lengths


async def test_120_a_body_beyond_the_limit_is_refused_by_the_server_before_it_is_read(hub, room, settings):
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    async with Server() as server:
        host = f"Host: 127.0.0.1:{server.port}".encode()
        size = 4 * settings.ATTACHMENT_MAX_BYTES + 1
        said = await answer_to(server, b"POST /dil/ HTTP/1.1", host, f"Content-Length: {size}".encode())
        assert b" 413 " in said


# --- 90: how much -----------------------------------------------------------------------------------------------------
async def test_090_a_flood_ends_the_connection_and_so_does_silence(hub, room, monkeypatch):
    monkeypatch.setattr(limits, "HELLO_SECONDS", 0.05)
    silent = await opened()
    assert await silent.closed_with() == 4408
    monkeypatch.setattr(limits, "HELLO_SECONDS", 60.0)
    monkeypatch.setattr(limits, "MESSAGES_PER_SECOND", 0.001)  # however slowly they are read
    loud = await opened()
    for _ in range(int(limits.MESSAGES_AT_ONCE) + 5):
        await loud.send_json_to({"type": "ping"})
    assert await loud.closed_with() == 4429


async def test_090_one_address_and_one_person_have_so_many_sockets_and_joins(hub, room, monkeypatch):
    monkeypatch.setattr(limits, "SOCKETS_PER_ADDRESS", 1)
    first, second = await opened(), Socket()
    await second.connect()
    assert await second.closed_with() == 4429
    hub.joins = Buckets(0.001, 1)
    await first.hello(room_1=None, room_2=None)
    assert await first.closed_with() == 4429


# --- 92: after a break ------------------------------------------------------------------------------------------------
async def test_092_who_comes_back_has_what_a_fresh_page_has(hub, room):
    """Seen up to the second of seven, then away: what is told on coming back joins on without gap or repetition."""
    stayed, left = Client(hub), Client(hub)
    await stayed.join(room_1=(None, 0))
    await left.join(room_1=(None, 0))
    await in_thread(say_many, 2)
    await until(lambda: left.sequences("room:1") == [1, 2], within=WITHIN)
    hub.unregister(left.sink)
    await in_thread(say_many, 5)
    back = Client(hub)
    await back.join(room_1=(None, 2))
    await until(lambda: len(back.of("room:1")) == 5 and len(stayed.of("room:1")) == 7, within=WITHIN)
    together = left.of("room:1") + back.of("room:1")
    assert [json.dumps(frame, sort_keys=True) for frame in together] == [
        json.dumps(frame, sort_keys=True) for frame in stayed.of("room:1")
    ]
