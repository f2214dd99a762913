"""A server of one's own: `manage.py serve` on a spare port, with its data in a temporary folder."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from participation import embedded
from tests.services import spare_port

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = ("DATABASE_URL", "REDIS_URL", "TEST_RUN", "SITE_URL", "VAR_DIR")
START_SECONDS = 120


class Site:
    """Use as a context manager: the data go with it. `start` and `stop` may be called again and again."""

    def __init__(
        self,
        *,
        demo: bool = True,
        arguments: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
        beside: Site | None = None,
    ) -> None:
        """`arguments` go to `manage.py serve`; `beside` another site means on its data."""
        self.demo, self.arguments, self.settings = demo, arguments, environment or {}
        self.folder = beside.folder if beside else tempfile.TemporaryDirectory(prefix="meydan-load-")
        self.has_own_folder = beside is None
        self.port = spare_port()

    def __enter__(self) -> Site:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        if self.has_own_folder:
            self.folder.cleanup()

    def database(self) -> str:
        """The address of its database."""
        return embedded.database_url(Path(self.folder.name).resolve() / "postgres")

    def environment(self) -> dict[str, str]:
        """The environment of the server, and of a process that works beside it on the same data."""
        return {name: value for name, value in os.environ.items() if name not in OURS} | {
            "DEMO": str(int(self.demo)),
            "LOG_LEVEL": "WARNING",
            "PORT": str(self.port),
            "VAR_DIR": self.folder.name,
            **self.settings,
        }

    def start(self) -> float:
        """Start the server and return after how many seconds it answered its first page."""
        began = time.monotonic()
        with open(Path(self.folder.name) / "server.log", "ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", *self.arguments],
                cwd=ROOT,
                env=self.environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        while time.monotonic() - began < START_SECONDS and self.process.poll() is None:
            try:
                if self.get("/").status < 500:
                    return time.monotonic() - began
            except OSError:
                time.sleep(0.02)
        self.stop()
        raise RuntimeError(f"the server did not start: {(Path(self.folder.name) / 'server.log').read_text()[-2000:]}")

    def stop(self) -> float:
        """Stop the server as Ctrl-C does and return how many seconds that took."""
        began = time.monotonic()
        if getattr(self, "process", None) and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            if self.process.wait(timeout=30):
                raise RuntimeError(f"the server ended with code {self.process.returncode}")
        return time.monotonic() - began

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=START_SECONDS)

    def get_json(self, path: str) -> Any:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=START_SECONDS) as answer:
            return json.load(answer)

    def get(self, path: str) -> http.client.HTTPResponse:
        connection = self.connect()
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            return answer
        finally:
            connection.close()
