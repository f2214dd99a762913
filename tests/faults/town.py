"""A whole installation of one's own in a temporary folder: PostgreSQL, Redis if wanted, servers, workers. Everything is
ended by the number of its process, and the folder goes with it.

The database is copied from one that is made once for the migrations there are, with `tests.faults.populate`.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import http.client
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import psycopg

from participation import embedded
from tests.faults.history import History
from tests.faults.invariants import StoredVote
from tests.services import spare_port, start_redis

ROOT = Path(__file__).resolve().parent.parent.parent
KEPT = ROOT / "var" / "faults"
OURS = ("DATABASE_URL", "REDIS_URL", "TEST_RUN", "TEST_TEMPLATE", "SITE_URL", "VAR_DIR", "DATABASE_POOL", "DEMO")
START_SECONDS = 90
SECRET = "a secret of experiments that protects nothing at all, 1234567890"


class Town:
    """Use as a context manager. `seed` decides everything the clients draw."""

    def __init__(self, name: str, *, redis: bool = False, seed: int = 1) -> None:
        self.name, self.random, self.wants_redis = name, random.Random(seed), redis
        self.folder = Path(tempfile.mkdtemp(prefix=f"meydan-{name.lower()}-"))
        self.data = self.folder / "postgres"
        self.processes: list[Process] = []
        self.history = History(self.folder / "history.jsonl")
        self.redis_port = spare_port() if redis else 0
        self._redis: start_redis | None = None
        self.calm = 0.0
        """Seconds that the first server took to start: how fast this machine is now. Limits of time may lean on it."""

    def __enter__(self) -> Town:
        try:
            self.facts = _copy_of_the_prepared(self.data)
            embedded.ensure_running(self.data)
            if self.wants_redis:
                self.start_redis()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.processes:
            process.kill()
        if self._redis:
            self._redis.__exit__()
        self.history.close()
        embedded.stop(self.data)
        KEPT.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self.history.path, KEPT / f"{self.name}.jsonl")
        shutil.rmtree(self.folder, ignore_errors=True)

    # --- Services ------------------------------------------------------------------------------------------------------

    @property
    def dsn(self) -> str:
        return embedded.database_url(self.data)

    def start_redis(self) -> None:
        """Empty, on the same port each time."""
        self._redis = start_redis(port=self.redis_port)
        _url, self.redis = self._redis.__enter__()

    def kill_redis(self) -> None:
        self.redis.kill()
        self.redis.wait(timeout=10)

    def stop_postgres(self, how: int) -> None:
        """SIGQUIT is `pg_ctl stop -m immediate`: no checkpoint, sessions are dropped, the next start recovers."""
        pid = int((self.data / "postmaster.pid").read_text().split()[0])
        os.kill(pid, how)
        until(lambda: not _lives(pid), "PostgreSQL did not end")

    def start_postgres(self) -> None:
        embedded.stop(self.data)  # let go of the one that is gone
        embedded.ensure_running(self.data)

    def rows(self, sql: str, arguments: Any = None) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            cursor = connection.execute(sql, arguments)
            return cursor.fetchall() if cursor.description else []

    def votes(self, ballot: int | None = None) -> list[StoredVote]:
        found = self.rows(
            "SELECT person_id, paper, times FROM ballots_vote WHERE ballot_id = %s", [ballot or self.facts["ballot"]]
        )
        return [StoredVote(*row) for row in found]

    def head_of(self, topic: str) -> int:
        """How many entries the log of a topic has."""
        found = self.rows("SELECT sequence FROM journal_topic WHERE name = %s", [topic])
        return int(found[0][0]) if found else 0

    def records(self) -> list[tuple[int, str, str]]:
        """Whose wish, its key, and the receipt: what was ever recorded of votes."""
        found = self.rows("SELECT person_id, key, receipt FROM ballots_voterecord WHERE key IS NOT NULL")
        return [(person, str(key), "".join(filter(str.isalnum, receipt))) for person, key, receipt in found]

    def comments(self) -> list[tuple[int, str]]:
        """Author and key of every comment."""
        return [(author, str(key)) for author, key in self.rows("SELECT author_id, key FROM discussions_comment")]

    # --- Processes -----------------------------------------------------------------------------------------------------

    def environment(self, port: int) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if name not in OURS}
        return inherited | {
            "DATABASE_URL": self.dsn,
            "REDIS_URL": f"redis://127.0.0.1:{self.redis_port}/0" if self.wants_redis else "",
            "SECRET_KEY": SECRET,
            "VAR_DIR": str(self.folder / "var"),
            "SITE_URL": f"http://127.0.0.1:{port}",
            "PORT": str(port),
            "LOG_LEVEL": "WARNING",
        }

    def serve(self, *, port: int = 0, breaks: str = "", tasks: bool = True, **environment: str) -> Process:
        """Start a server; with `tasks` they run inside it. `breaks` names what is wrong with it, see `tests.faults.broken`."""
        port = port or spare_port()
        words = ["serve"] if tasks else ["serve", "--without-tasks"]
        process = self.run([*words], breaks=breaks, port=port, **environment)
        process.port, began = port, time.monotonic()
        until(lambda: process.answers() or process.is_dead(), "the server did not start", within=START_SECONDS)
        if process.is_dead():
            raise RuntimeError(f"the server did not start: {process.said()[-3000:]}")
        self.calm = self.calm or time.monotonic() - began
        return process

    def run(self, words: list[str], *, breaks: str = "", port: int = 0, **environment: str) -> Process:
        """`manage.py WORDS`, or with a first word `celery` the command of that name."""
        process = Process(self, words, {**self.environment(port or 1), "BREAKS": breaks, **environment})
        self.processes.append(process)
        return process

    def manage(self, *words: str) -> str:
        """`manage.py WORDS`, run to its end; what it printed."""
        return self._run_to_the_end("manage.py", *words)

    def complaints_of(self, *words: str) -> list[str]:
        """What a command that checks something has to say against it, a line each; nothing when it is content."""
        done = self._run("manage.py", *words)
        return (done.stderr.splitlines() or [f"{words[0]} ended with {done.returncode}"]) if done.returncode else []

    def add_ballots(self, count: int, seconds: float) -> list[int]:
        """Ballots that end in so many seconds."""
        found: list[int] = json.loads(
            self._run_to_the_end("-m", "tests.faults.populate", "--ballots", str(count), str(seconds))
        )
        return found

    def chores(self, count: int, seconds: float) -> list[str]:
        """Something to do for every task within so many seconds; the effects that must come about."""
        found: list[str] = json.loads(self._run_to_the_end("-m", "tests.faults.chores", str(count), str(seconds)))
        return found

    def _run_to_the_end(self, *words: str) -> str:
        done = self._run(*words)
        if done.returncode:
            raise RuntimeError(f"{' '.join(words)}: {done.stdout[-1000:]}{done.stderr[-2000:]}")
        return done.stdout

    def _run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *words],
            cwd=ROOT,
            env=self.environment(1),
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )


class Process:
    """A process of the installation."""

    def __init__(self, town: Town, words: list[str], environment: dict[str, str]) -> None:
        self.port = 0
        self.log = town.folder / f"process-{len(town.processes)}.log"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.broken", *words],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self.process.pid

    def kill(self) -> None:
        """SIGKILL to it and the processes it started: nothing is said, nothing is finished."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)  # it leads a group of its own
        self.process.wait(timeout=30)

    def signal(self, number: int) -> None:
        if self.process.poll() is None:
            os.kill(self.pid, number)

    def is_dead(self) -> bool:
        return self.process.poll() is not None

    def threads(self) -> int:
        return int(Path(f"/proc/{self.pid}/status").read_text().partition("Threads:")[2].split()[0])

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def answers(self) -> bool:
        try:
            return self.get("/saglik/")[0] < 500
        except (OSError, http.client.HTTPException):
            return False

    def get(self, path: str, *, session: str = "", timeout: float = 20) -> tuple[int, bytes]:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)) as connection:
            connection.request("GET", path, headers={"Cookie": f"meydan_session={session}"} if session else {})
            answer = connection.getresponse()
            return answer.status, answer.read()

    def tally(self, ballot: int, session: str) -> dict[str, int]:
        """What the API shows, in the words of papers."""
        status, body = self.get(f"/api/v1/ballots/{ballot}/", session=session)
        assert status == 200, body
        tally = json.loads(body)["tally"]
        return {paper: tally[paper] for paper in ("yes", "no", "abstain") if tally[paper]}


def until(condition: Callable[[], Any], complaint: str, *, within: float = 30.0) -> None:
    """Wait for a condition; limits are generous, because a slow machine is no fault."""
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(complaint)
        time.sleep(0.05)


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


# --- The prepared database -----------------------------------------------------------------------------------------------


def _copy_of_the_prepared(target: Path) -> dict[str, Any]:
    prepared = KEPT / f"prepared-{_fingerprint()}"
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (prepared / "facts.json").exists():
            for old in KEPT.glob("prepared-*"):
                shutil.rmtree(old)
            prepared.mkdir()
            _prepare(prepared)
        subprocess.run(["cp", "-a", str(prepared / "postgres"), str(target)], check=True)
        facts: dict[str, Any] = json.loads((prepared / "facts.json").read_text())
        return facts


def _prepare(folder: Path) -> None:
    data = folder / "postgres"
    url = embedded.ensure_running(data)
    try:
        inherited = {name: value for name, value in os.environ.items() if name not in OURS}
        subprocess.run(
            [sys.executable, "-m", "tests.faults.populate", str(folder / "facts.new")],
            cwd=ROOT,
            env=inherited
            | {"DATABASE_URL": url, "SECRET_KEY": SECRET, "VAR_DIR": str(folder / "var"), "LOG_LEVEL": "WARNING"},
            check=True,
            timeout=240,
        )
    finally:
        embedded.stop(data)
    (folder / "facts.new").rename(folder / "facts.json")


def _fingerprint() -> str:
    here = Path(__file__).parent
    paths: Iterable[Path] = [
        *ROOT.glob("*/migrations/*.py"),
        ROOT / "requirements.txt",
        *(ROOT / "tests" / "factories").glob("*.py"),
        here / "populate.py",
    ]
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]
