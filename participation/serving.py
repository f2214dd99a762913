"""The server of `manage.py serve`: one process with everything in it, from the database to the tasks.

Larger installations run its parts apart (docs/operations): processes for pages, processes for live connections, Celery
workers, beat.
"""

from __future__ import annotations

import gc
import os
import resource
import signal
import socket
from collections.abc import Callable, MutableMapping
from pathlib import Path
from types import FrameType

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000
GRACE_SECONDS = 3
KEEP_ALIVE_SECONDS = 75  # longer than proxies keep idle connections (60 s), so that none sends into a closed one
MOST_FILES = 65_536
GARBAGE = 10_000, 10, 10
"""After how many objects more the garbage collector looks: what a hundred requests hold at a time is no garbage."""
APPLICATIONS = {
    "": "participation.asgi:application",
    "pages": "participation.asgi:pages_only",
    "live": "participation.asgi:live_only",
}
"""What one process serves: everything, or one half of it."""


class NoAddress(Exception):
    """The site cannot be served there; the message is one sentence in Turkish and English."""


def name_the_site(environment: MutableMapping[str, str]) -> None:
    """Let the site be known by the address it is served at, unless SITE_URL says otherwise. Runs before the settings."""
    if environment.get("SITE_URL"):
        return
    host, port = address(environment)
    shown = "127.0.0.1" if host in {"0.0.0.0", "::", ""} else host  # noqa: S104 - compared, not bound  # nosec B104
    environment["SITE_URL"] = f"http://{shown}:{port}"
    if shown == "127.0.0.1":
        origins = f"{environment['SITE_URL']},http://localhost:{port}"
        environment.setdefault("LIVE_ORIGINS", origins)
        environment.setdefault("CSRF_TRUSTED_ORIGINS", origins)


def address(environment: MutableMapping[str, str]) -> tuple[str, int]:
    """Return host and port from BIND and PORT; raise NoAddress when PORT is no port."""
    given = environment.get("PORT") or str(DEFAULT_PORT)
    if not given.isdecimal() or not 0 < int(given) < 65_536:
        raise NoAddress(
            f"PORT 1 ile 65535 arasında bir sayı olmalı, “{given}” değil. / "
            f"PORT must be a number from 1 to 65535, not “{given}”."
        )
    return environment.get("BIND") or DEFAULT_HOST, int(given)


def listen(host: str, port: int) -> socket.socket:
    """Take the port before anything slow begins; raise NoAddress when it is in use."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(4096)
    except OSError as error:
        listening.close()
        raise NoAddress(
            f"{host}:{port} dinlenemiyor ({error.strerror}); başka bir kapı seçin: make demo PORT={port + 1} / "
            f"Cannot listen on {host}:{port} ({error.strerror}); choose another port: make demo PORT={port + 1}"
        ) from error
    listening.set_inheritable(False)
    return listening


def allow_many_files() -> int:
    """Raise the limit of open files as far as the system lets this process; each socket is one. Returns the limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        except (OSError, ValueError):
            return soft
        return wanted
    return soft


def serve(listening: socket.socket, *, half: str = "", on_stop: Callable[[], None] = lambda: None) -> None:
    """Serve until SIGINT or SIGTERM; `on_stop` is called as soon as one arrives. Returns when every request has ended."""
    import uvicorn

    from realtime.server import options

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            load_pages()
            await super().startup(sockets)
            put_aside_what_stays()

        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            on_stop()
            super().handle_exit(sig, frame)

    config = uvicorn.Config(
        APPLICATIONS[half],
        loop="uvloop",
        http="httptools",
        **options(),
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=bool(os.environ.get("BEHIND_PROXY")),
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    allow_many_files()
    before = {number: signal.signal(number, _nothing_more) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        Server(config).run(sockets=[listening])
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def load_pages() -> None:
    """Import every view now, not while the first person waits."""
    from django.urls import get_resolver

    get_resolver().url_patterns  # noqa: B018


def put_aside_what_stays() -> None:
    """Let the garbage collector look only at what is made from now on.

    Modules, models and routes live as long as the process. A full collection walked through all of them again and again, and
    stopped every request for that long each time (decision 27).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE)


def _nothing_more(_number: int, _frame: FrameType | None) -> None:
    """uvicorn raises the signals it caught once more after it has stopped; the stop is already under way."""


def schedule_file(var: Path) -> Path:
    """Return where beat remembers when each task last ran."""
    return var / "celery" / "schedule"
