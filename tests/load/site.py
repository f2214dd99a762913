"""A server of one's own: `manage.py serve` on a spare port, with its data in a temporary folder."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.services import spare_port

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = ("DATABASE_URL", "REDIS_URL", "TEST_RUN", "SITE_URL", "VAR_DIR")
START_SECONDS = 120


class Site:
    """Use as a context manager: the data go with it. `start` and `stop` may be called again and again."""

    def __init__(self, *, demo: bool = True) -> None:
        self.demo = demo
        self.folder = tempfile.TemporaryDirectory(prefix="meydan-load-")
        self.port = spare_port()

    def __enter__(self) -> Site:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self.folder.cleanup()

    def start(self) -> float:
        """Start the server and return after how many seconds it answered its first page."""
        environment = {name: value for name, value in os.environ.items() if name not in OURS}
        environment |= {
            "DEMO": str(int(self.demo)),
            "LOG_LEVEL": "WARNING",
            "PORT": str(self.port),
            "VAR_DIR": self.folder.name,
        }
        began = time.monotonic()
        with open(Path(self.folder.name) / "server.log", "ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"], cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
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

    def get(self, path: str) -> http.client.HTTPResponse:
        connection = self.connect()
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            return answer
        finally:
            connection.close()
