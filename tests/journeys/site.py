"""The site as it is served to people, in a process of its own beside the test, over the database of the test."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.services import spare_port

ROOT = Path(__file__).resolve().parents[2]
SECONDS_TO_START = 90
SERVE = """
import os, sys, threading, warnings

def leave_with_the_test():
    sys.stdin.read()
    os._exit(0)

threading.Thread(target=leave_with_the_test, daemon=True).start()
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
os.environ["DJANGO_SETTINGS_MODULE"] = "participation.settings"
from participation import serving
from tests.hashing import hash_quickly
hash_quickly()
serving.serve(serving.listen(*serving.address(os.environ)))
"""


class Site:
    """uvicorn with pages and live connections, in demo mode, the bus in memory. It ends when the test's process ends."""

    def __init__(self, database: Mapping[str, Any], folder: Path, *, secret_key: str) -> None:
        self.port = spare_port()
        self.origin = f"http://127.0.0.1:{self.port}"
        self.folder = folder
        self.log = folder / "site.log"
        (folder / "static").mkdir(parents=True, exist_ok=True)
        self.environment = {
            **os.environ,
            "PORT": str(self.port),
            "SITE_URL": self.origin,
            "DATABASE_URL": address_of(database),
            "DATABASE_POOL": "8",
            "SECRET_KEY": secret_key,
            "VAR_DIR": str(folder),
            "MEDIA_ROOT": str(folder / "media"),
            "DEMO": "1",
            "LOG_LEVEL": "WARNING",
        }
        for name in ("REDIS_URL", "DEBUG", "LIVE_ORIGINS", "CSRF_TRUSTED_ORIGINS", "ALLOWED_HOSTS", "MAP_TILE_URL"):
            self.environment.pop(name, None)

    def start(self) -> None:
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", SERVE],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + SECONDS_TO_START
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"the site did not start:\n{self.log.read_text()[-4000:]}")
            time.sleep(0.1)

    def answers(self) -> bool:
        """Whether somebody is there; what they answer is for the tests to see."""
        try:
            with urllib.request.urlopen(f"{self.origin}/saglik/", timeout=10):
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(timeout=30)

    def is_own(self, url: str) -> bool:
        """Whether a browser that asks for this address asks this site, or nobody."""
        parts = urllib.parse.urlsplit(url)
        return parts.scheme in {"data", "blob", "about"} or parts.netloc in {
            f"{host}:{self.port}" for host in ("127.0.0.1", "localhost")
        }


def address_of(database: Mapping[str, Any]) -> str:
    """The address of a configured database."""
    user, password = (urllib.parse.quote(str(database.get(name) or ""), safe="") for name in ("USER", "PASSWORD"))
    account = f"{user}:{password}@" if password else f"{user}@" if user else ""
    host = str(database.get("HOST") or database.get("OPTIONS", {}).get("host") or "")
    port = str(database.get("PORT") or "")
    query = ""
    if host.startswith("/"):
        query, host = "?host=" + urllib.parse.quote(host, safe="/"), ""
    return f"postgresql://{account}{host}{':' + port if port else ''}/{database['NAME']}{query}"
