"""A browser's connection to the application itself, without a server in between."""

from __future__ import annotations

import json

from asgiref.testing import ApplicationCommunicator
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from participation.asgi import application
from people.models import Person
from people.sessions import SessionStore

PATIENCE = 30.0
"""Seconds for an answer; reached only when something is broken: a busy machine is no failure."""
HOST, ORIGIN = "meydan.test", "http://meydan.test"


class Socket(ApplicationCommunicator):
    """A browser's connection. (Channels' own communicator wants Daphne installed.)"""

    def __init__(self, *, origin: str | None = ORIGIN, host: str = HOST, session: str = "", address: str = "192.0.2.7"):
        headers = [(b"host", host.encode())]
        if origin is not None:
            headers.append((b"origin", origin.encode()))
        if session:
            headers.append((b"cookie", f"meydan_session={session}; other=1".encode()))
        scope = {"type": "websocket", "path": "/canli/", "query_string": b"", "headers": headers, "subprotocols": []}
        super().__init__(application, {**scope, "client": (address, 50000)})
        self.code: int | None = None

    async def connect(self) -> tuple[bool, int | None]:
        """Whether the handshake was accepted, else the code."""
        await self.send_input({"type": "websocket.connect"})
        answer = await self.receive_output(PATIENCE)
        return answer["type"] == "websocket.accept", answer.get("code")

    async def send_to(self, *, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        await self.send_input({"type": "websocket.receive", "text": text_data, "bytes": bytes_data})

    async def send_json_to(self, message: object) -> None:
        await self.send_to(text_data=json.dumps(message))

    async def disconnect(self) -> None:
        await self.send_input({"type": "websocket.disconnect", "code": 1001})
        await self.wait(PATIENCE)

    async def next(self) -> dict | list | None:
        """The next frame; None when the server closed."""
        message = await self.receive_output(PATIENCE)
        if message["type"] == "websocket.close":
            self.code = message.get("code")
            return None
        return json.loads(message["text"])

    async def hello(self, **topics):
        await self.send_json_to(
            {"type": "hello", "topics": {name.replace("_", ":"): at for name, at in topics.items()}}
        )

    async def closed_with(self) -> int | None:
        while await self.next() is not None:
            pass
        return self.code


async def opened(**how) -> Socket:
    socket = Socket(**how)
    accepted, _ = await socket.connect()
    assert accepted
    assert (await socket.next())["type"] == "welcome"
    return socket


async def recognised(*, ticket: str = "", **how) -> Socket:
    """A socket that said hello: whose it is is known."""
    socket = await opened(**how)
    await socket.send_json_to({"type": "hello", "topics": {}, "ticket": ticket})
    await socket.send_json_to({"type": "ping"})
    assert (await socket.next())["type"] == "pong"
    return socket


def sign_in(person: Person) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "people.backends.Backend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return session.session_key


def make_person(name: str = "ayse", **fields) -> Person:
    person = Person(email=f"{name}@ornek.invalid", display_name=name, **fields)
    person.set_password("uzun bir parola")
    person.save()
    return person
