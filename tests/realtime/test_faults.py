"""Real sockets over a real server, and a Redis that dies."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from types import SimpleNamespace

import pytest
import websockets
from django.db import OperationalError

from realtime import access, actions, topics
from realtime import bus as buses
from realtime import hub as hubs
from tests.realtime.conftest import Client, in_thread, say, until
from tests.realtime.servers import Server
from tests.services import spare_port, start_redis


async def joined(socket_, **topics) -> None:
    assert json.loads(await socket_.recv())["type"] == "welcome"
    wishes = {name.replace("_", ":"): at for name, at in topics.items()}
    await socket_.send(json.dumps({"type": "hello", "topics": wishes}))
    for _ in wishes:
        assert json.loads(await socket_.recv())["type"] == "joined"


async def code_of(client) -> int:
    """The code the server closed with."""
    with contextlib.suppress(websockets.ConnectionClosedError):
        async for _message in client:
            pass
    return client.close_code


@pytest.fixture
def here(settings):
    settings.ALLOWED_HOSTS, settings.LIVE_ORIGINS, settings.IS_HTTPS = ["127.0.0.1"], [], False


async def test_clients_that_never_read_delay_nobody_and_are_cut(live_bus, quick_db, room, here, monkeypatch):
    monkeypatch.setattr(hubs.Hub, "slowest", 4.0)  # readers share the loop with the server
    async with Server() as server, contextlib.AsyncExitStack() as stack:
        readers = [await stack.enter_async_context(server.connect()) for _ in range(20)]
        for reader in readers:
            await joined(reader, room_1=None)
        stalled = [await stalled_socket(server.port) for _ in range(3)]
        hub = await hubs.get_hub()
        await until(lambda: len(hub.sinks) == 23 and all(sink.follows for sink in hub.sinks))

        async def read(reader) -> list[int]:
            seen: list[int] = []
            while len(seen) < 60:
                frames = json.loads(await reader.recv())
                frames = frames if isinstance(frames, list) else [frames]
                seen += [frame["s"] for frame in frames if "k" in frame]
            return seen

        reading = [asyncio.create_task(read(reader)) for reader in readers]
        for _ in range(60):
            await in_thread(say, "x" * 200_000)
        seen = await asyncio.wait_for(asyncio.gather(*reading), 80)
        assert seen == [list(range(1, 61))] * 20
        await until(lambda: len(hub.sinks) == 20)  # the stalled ones are cut, their memory is free
        for each in stalled:
            each.close()


async def stalled_socket(port: int) -> socket.socket:
    """A client that says hello and then reads nothing at all."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(made, ("127.0.0.1", port))
    handshake = (
        f"GET /canli/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    await loop.sock_sendall(made, handshake.encode())
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += await loop.sock_recv(made, 4096)
    hello = json.dumps({"type": "hello", "topics": {"room:1": None}}).encode()
    mask = b"\0\0\0\0"
    await loop.sock_sendall(made, bytes([0x81, 0x80 | len(hello)]) + mask + hello)
    return made


async def test_a_message_too_large_or_not_utf8_ends_the_connection(live_bus, quick_db, room, here):
    async with Server() as server:
        async with server.connect() as client:
            await client.send("x" * 70_000)
            assert await code_of(client) == 1009
        async with server.connect() as client:
            await joined(client, room_1=None)
            client.transport.write(b"\x81\x82\0\0\0\0\xff\xfe")
            assert await code_of(client) == 1007


async def test_a_foreign_origin_is_refused_over_the_wire(live_bus, quick_db, here):
    async with Server() as server:
        for origin in ("http://evil.tld", None, "null", f"https://127.0.0.1:{server.port}", "http://127.0.0.1"):
            with pytest.raises(websockets.InvalidStatus) as refused:
                await websockets.connect(server.address, origin=origin)
            assert refused.value.response.status_code == 403


async def test_too_many_handshakes_answer_503_over_the_wire(live_bus, quick_db, here, monkeypatch):
    monkeypatch.setattr("realtime.limits.HANDSHAKES", 0)
    async with Server() as server:
        with pytest.raises(websockets.InvalidStatus) as refused:
            await server.connect()
        assert refused.value.response.status_code == 503
        assert refused.value.response.headers["retry-after"]


def test_sigterm_says_goodbye_and_closes_with_1012(quick_db, live_server_environment):
    port = spare_port()
    command = [sys.executable, "-m", "uvicorn", "participation.asgi:application", "--port", str(port)]
    command += ["--ws", "websockets-sansio", "--timeout-graceful-shutdown", "3", "--log-level", "warning"]
    process = subprocess.Popen(command, env=live_server_environment(port), start_new_session=True)

    async def stay() -> tuple[list[dict], int]:
        deadline = time.monotonic() + 60
        while True:
            try:
                client = await websockets.connect(f"ws://127.0.0.1:{port}/canli/", origin=f"http://127.0.0.1:{port}")
                break
            except OSError:
                assert time.monotonic() < deadline
                assert process.poll() is None
                await asyncio.sleep(0.1)
        told = [json.loads(await client.recv())]
        os.kill(process.pid, signal.SIGTERM)
        try:
            while True:
                told.append(json.loads(await client.recv()))
        except websockets.ConnectionClosed as closed:
            return told, closed.rcvd.code

    try:
        told, code = asyncio.run(stay())
        assert [frame["type"] for frame in told] == ["welcome", "bye"]
        assert code == 1012
        assert process.wait(timeout=60) in (0, -signal.SIGTERM)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


@pytest.fixture
def live_server_environment():
    from django.db import connection

    def environment(port: int) -> dict[str, str]:
        name = connection.settings_dict["NAME"]
        address = os.environ["DATABASE_URL"]
        base, _, query = address.partition("?")
        url = base.rsplit("/", 1)[0] + f"/{name}" + (f"?{query}" if query else "")
        return {
            **os.environ,
            "DATABASE_URL": url,
            "SITE_URL": f"http://127.0.0.1:{port}",
            "LIVE_ORIGINS": f"http://127.0.0.1:{port}",
        }

    return environment


@pytest.mark.redis
async def test_when_redis_dies_and_comes_back_every_client_ends_with_the_right_state(
    quick_db, room, settings, monkeypatch
):
    """Two processes; Redis is killed while things happen, and comes back empty on the same port."""
    monkeypatch.setattr(hubs.Hub, "check_every_deaf", 0.5)
    port = spare_port()
    settings.LIVE_PREFIX = f"test:{uuid.uuid4().hex}:"
    settings.LIVE_BUS = f"redis://127.0.0.1:{port}/0"
    buses.close_bus()
    room.state[1] = {"yes": 0}
    with start_redis(port=port) as (_url, process):
        here, there = hubs.Hub(), hubs.Hub()
        await here.start()
        await there.start()
        clients = [Client(each) for each in (here, here, there, there)]
        for client in clients:
            await client.join("room:1", "state:room:1")
        await in_thread(say, "before")
        await until(lambda: all(len(client.of("room:1")) == 1 for client in clients))
        process.kill()
        process.wait()
        await until(lambda: not here.subscription.connected and not there.subscription.connected)
        for number in range(1, 6):
            room.state[1] = {"yes": number}
            await in_thread(say, f"during {number}")
            await in_thread(actions.touch, "state:room:1")
        # Nobody waits for Redis: what is deaf asks the journal itself.
        await until(lambda: all(len(client.of("room:1")) == 6 for client in clients))
    with start_redis(port=port):
        await until(lambda: here.subscription.connected and there.subscription.connected)
        room.state[1] = {"yes": 6}
        await until_published(lambda: in_thread(say, "after"))
        await in_thread(actions.touch, "state:room:1")
        await until(lambda: all(len(client.of("room:1")) >= 7 for client in clients))
        await until(lambda: all(client.of("state:room:1")[-1]["d"] == {"yes": 6} for client in clients))
        for client in clients:
            sequences, values = client.sequences("room:1"), [frame["d"]["yes"] for frame in client.of("state:room:1")]
            assert sequences == list(range(1, len(sequences) + 1))
            assert values == sorted(values)
        await here.stop()
        await there.stop()
    buses.close_bus()


async def until_published(publish) -> None:
    await asyncio.sleep(2.5)  # the publisher rests after its last failure
    await publish()


@pytest.fixture
def sessions(monkeypatch):
    """Whose the sessions are; nobody's, when it is not said."""
    owners: dict[str, int] = {}
    monkeypatch.setattr("realtime.identity.persons_of", lambda keys: {key: owners.get(key) for key in keys})
    return owners


@pytest.fixture
def waits_for_orders(monkeypatch):
    """A hub that asks nobody of its own accord while it is deaf."""

    async def nothing(_hub):
        return None

    monkeypatch.setattr(access, "recheck_unheard", nothing)


@pytest.fixture
async def deaf(quick_db, room, settings, sessions):
    """A hub whose Redis was killed, with a client of Ayşe's; orders given now are heard by nobody. `revive` starts it again."""
    from people.models import Person

    port = spare_port()
    settings.LIVE_PREFIX = f"test:{uuid.uuid4().hex}:"
    settings.LIVE_BUS = f"redis://127.0.0.1:{port}/0"
    buses.close_bus()
    ayse = await in_thread(Person.objects.create, email="ayse@ornek.invalid", display_name="Ayşe")
    with start_redis(port=port) as (_url, process):
        hub = hubs.Hub()
        await hub.start()
        sessions["s"] = ayse.pk
        client = Client(hub, ayse, session="s")
        await client.join("room:1")
        process.kill()
        process.wait()
        await until(lambda: not hub.subscription.connected)
        buses.get_bus().detach(hub)  # as if orders were given in another process
    yield SimpleNamespace(ayse=ayse, client=client, revive=lambda: start_redis(port=port))
    await hub.stop()
    buses.close_bus()


@pytest.mark.redis
async def test_a_revocation_while_redis_is_away_takes_effect_when_it_is_back(room, waits_for_orders, deaf):
    room.banned.add(deaf.ayse.pk)
    await in_thread(actions.recheck, person=deaf.ayse.pk)
    with deaf.revive():
        await until(lambda: deaf.client.told("left"))


@pytest.mark.redis
async def test_a_revocation_is_found_while_no_order_can_be_heard(room, deaf):
    room.banned.add(deaf.ayse.pk)
    await until(lambda: deaf.client.told("left"))
    assert deaf.client.code is None


@pytest.mark.redis
async def test_a_session_that_ended_while_redis_was_away_is_cut_when_it_is_back(sessions, waits_for_orders, deaf):
    sessions.clear()
    with deaf.revive():
        await until(lambda: deaf.client.code == 4401)


async def test_what_is_open_to_all_is_asked_of_nobody_in_particular(hub, room, monkeypatch):
    client, asked = Client(hub), []
    await client.join("room:1")
    monkeypatch.setattr(access, "ask_for_many", asked.append)
    monkeypatch.setattr(topics, "_widening", {"room"})
    await access.recheck_unheard(hub)
    assert (client.told("left"), client.code, asked) == ([], None, [])


async def test_without_a_database_nobody_is_put_out_by_what_cannot_be_asked(hub, room, monkeypatch):
    client = Client(hub)
    await client.join("room:1")
    monkeypatch.setattr(topics, "open_to_all", lambda _names: (_ for _ in ()).throw(OperationalError("away")))
    await access.recheck_unheard(hub)
    assert (client.code, client.told("left")) == (None, [])
