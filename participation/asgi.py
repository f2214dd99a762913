"""The entrances of the server: pages by Django, live connections by Channels, in one process or in two halves.

`application` is everything; `pages_only` and `live_only` are its halves for installations with several processes, so that
a fan-out never delays a page and new pages cut no sockets.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from types import FrameType
from typing import Any

from channels.routing import ProtocolTypeRouter
from django.conf import settings
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "participation.settings")
pages = get_asgi_application()  # first: it loads the apps

from ballots import casting  # noqa: E402
from participation.body_limit import limited_body, timely_body  # noqa: E402
from participation.charset import SAFE, plain_charset  # noqa: E402
from participation.express.lane import express_lane  # noqa: E402
from proposals.actions import supporting  # noqa: E402
from realtime.hub import Hub, get_hub  # noqa: E402
from realtime.measures import with_measures  # noqa: E402
from realtime.routing import live_socket  # noqa: E402
from realtime.waiting import App, hold_polls  # noqa: E402

DRAIN_SECONDS = 5.0
"""How long a process that ends waits for votes, and then for supports."""


def _say_goodbye_on_signals(hub: Hub) -> None:
    """Tell the sockets before the server closes them, so that browsers come back spread over some seconds."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)

        def handle(number: int, frame: FrameType | None, before: Any = before) -> None:
            if not hub.loop.is_closed():
                hub.loop.call_soon_threadsafe(hub.say_goodbye)
            if callable(before):
                before(number, frame)
            elif before is signal.SIG_DFL:
                signal.signal(number, signal.SIG_DFL)
                signal.raise_signal(number)

        signal.signal(number, handle)


def finish_what_was_taken() -> None:
    """Wait until the votes and supports that this process has taken are committed and answered."""
    for group in (casting.box, supporting.desk):
        group.drain(DRAIN_SECONDS)


async def lifespan(scope: dict[str, Any], receive: Any, send: Any) -> None:
    hub: Hub | None = None
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            hub = await get_hub()
            _say_goodbye_on_signals(hub)
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            if hub is not None:
                await hub.stop()
            await asyncio.to_thread(finish_what_was_taken)
            await send({"type": "lifespan.shutdown.complete"})
            return


async def lifespan_without_sockets(scope: dict[str, Any], receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.shutdown":
            await asyncio.to_thread(finish_what_was_taken)
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


def only_below(paths: tuple[str, ...], app: App) -> App:
    """A half that answers nothing else: 404."""

    async def guarded(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["path"].startswith(paths):
            await app(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": 404, "headers": [(b"content-length", b"0"), *SAFE]})
        await send({"type": "http.response.body", "body": b""})

    return guarded


async def no_socket(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """A half that has no live connections: refused at the handshake."""
    await send({"type": "websocket.close", "code": 1013})


# A file that is a little too large still gets its sentence beside the field.
limited_pages = limited_body(plain_charset(pages), most=4 * settings.ATTACHMENT_MAX_BYTES)
http = timely_body(express_lane(with_measures(hold_polls(limited_pages))))
LIVE_PATHS = ("/canli/", "/saglik/")
application = ProtocolTypeRouter({"http": http, "websocket": live_socket, "lifespan": lifespan})
pages_only = ProtocolTypeRouter(
    {"http": timely_body(express_lane(limited_pages)), "websocket": no_socket, "lifespan": lifespan_without_sockets}
)
live_only = ProtocolTypeRouter({"http": only_below(LIVE_PATHS, http), "websocket": live_socket, "lifespan": lifespan})
