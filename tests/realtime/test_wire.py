"""What travels over the wire: ready frames as uvicorn would have framed them, and bounds on what a browser sends."""

from __future__ import annotations

import asyncio
import json
import random

import pytest
from websockets.frames import Frame, Opcode

from realtime import bus as buses
from realtime import hub as hubs
from realtime import wire
from tests.realtime.conftest import in_thread, say, until
from tests.realtime.servers import Server


@pytest.fixture(autouse=True)
def _here(settings, quick_db, room):
    settings.ALLOWED_HOSTS, settings.LIVE_ORIGINS, settings.IS_HTTPS = ["127.0.0.1"], [], False
    settings.LIVE_BUS = "memory"
    buses.close_bus()
    yield
    buses.close_bus()


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536, 200_000])
def test_a_ready_frame_is_what_websockets_makes_of_the_text(size):
    text = "ş" + "x" * (size - 2) if size > 1 else "x" * size
    assert wire.framed(text) == Frame(Opcode.TEXT, text.encode()).serialize(mask=False)


async def test_frames_are_written_ready_and_arrive_in_order_among_others(monkeypatch):
    written: list[bytes] = []
    write = wire.LiveProtocol.write_frame
    monkeypatch.setattr(
        wire.LiveProtocol, "write_frame", lambda self, frame: write(self, frame) and not written.append(frame)
    )
    async with Server() as server, server.connect() as client:
        await client.recv()
        await client.send(json.dumps({"type": "hello", "topics": {"room:1": None}}))
        assert json.loads(await client.recv())["type"] == "joined"
        await in_thread(say, "ş" * 300)
        await client.send(json.dumps({"type": "ping"}))
        told = [json.loads(await client.recv()) for _ in range(2)]
    assert {frame.get("text") or frame["type"] for frame in told} >= {"ş" * 300}
    assert len(written) >= 3


async def test_where_the_server_has_no_wire_frames_are_sent_as_asgi_has_it(monkeypatch):
    monkeypatch.setattr(wire, "EXTENSION", "nobody.knows")
    monkeypatch.setattr("realtime.consumers.wire_of", lambda scope: None)
    async with Server() as server, server.connect() as client:
        await client.recv()
        await client.send(json.dumps({"type": "hello", "topics": {"room:1": None}}))
        assert json.loads(await client.recv())["type"] == "joined"
        await in_thread(say, "as ever")
        assert json.loads(await client.recv())["text"] == "as ever"


def masked(opcode: int, payload: bytes = b"", *, fin: bool = True) -> bytes:
    return bytes([opcode | (0x80 if fin else 0), 0x80 | len(payload)]) + b"\0\0\0\0" + payload


@pytest.mark.parametrize(
    ("what", "code"),
    [
        (masked(1, b"{", fin=False) + masked(0, b"", fin=False) * 10_000, 1009),
        (masked(9, b"hi") * 1_000, 1008),
        (b"\x81\xff" + (2 * 1024 * 1024).to_bytes(8, "big") + b"\0\0\0\0", 1009),
        (b"\xc1\x82\0\0\0\0{}", 1002),  # compressed, although nothing was agreed
        (b"\x81\x02{}", 1002),  # not masked
    ],
    ids=["fragments", "pings", "size", "compressed", "unmasked"],
)
async def test_floods_and_frames_that_nobody_agreed_on_end_the_connection(what, code):
    async with Server() as server:
        reader, writer = await handshake(server.port)
        writer.write(what)
        data = await asyncio.wait_for(read_until_closed(reader), 60)
        assert data[data.rindex(b"\x88") + 2 :][:2] == code.to_bytes(2, "big")
        hub = await hubs.get_hub()
        await until(lambda: not hub.sinks)
        writer.close()


async def handshake(port: int, *headers: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection that asked to become a socket; its answer's head is read when it was accepted."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    lines = [
        b"GET /canli/ HTTP/1.1",
        b"Host: 127.0.0.1:%d" % port,
        b"Origin: http://127.0.0.1:%d" % port,
        b"Upgrade: websocket",
        b"Connection: Upgrade",
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        b"Sec-WebSocket-Version: 13",
        b"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
        *headers,
    ]
    writer.write(b"\r\n".join(lines) + b"\r\n\r\n")
    if not headers:
        answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 60)
        assert answer.startswith(b"HTTP/1.1 101")
        assert b"deflate" not in answer
    return reader, writer


async def read_until_closed(reader: asyncio.StreamReader) -> bytes:
    data = b""
    try:
        while chunk := await reader.read(65_536):
            data += chunk
    except ConnectionResetError:
        pass
    return data


async def test_bytes_that_smuggle_headers_are_a_bad_request():
    async with Server() as server:
        for byte in (b"\x0b", b"\x0c", b"\x1c", b"\x1d", b"\x1e", b"\x85", b"\x00", b"\x7f"):
            for header in (b"X-Thing: a%sb" % byte, b"Cookie: meydan_session=%sx" % byte, b"Cookie: a=b%s" % byte):
                reader, writer = await handshake(server.port, header)
                answer = await asyncio.wait_for(read_until_closed(reader), 60)
                assert answer.startswith(b"HTTP/1.1 400"), (header, answer[:80])
                writer.close()


async def test_an_open_socket_has_let_go_of_its_request():
    async with Server() as server, server.connect() as client:
        await client.recv()
        (protocol,) = server.server.server_state.connections
        assert (protocol.request, protocol.response, protocol.scope["headers"]) == (None, None, [])


async def test_nonsense_after_the_handshake_breaks_nothing():
    async with Server() as server:
        for seed in range(20):
            _reader, writer = await handshake(server.port)
            writer.write(random.Random(seed).randbytes(3000))
            writer.close()
        hub = await hubs.get_hub()
        await until(lambda: not hub.sinks)
