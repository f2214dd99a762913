"""Pytest plugin (loaded by ``-p tests.services``): what the tests stand on, started once for the whole run.

PostgreSQL: the cluster of DATABASE_URL, or an embedded one of its own under ``var/tests``, started by the process that was
called (xdist's workers find its address in the environment). Migrations run once, into a template that later runs use again
until a migration changes; each worker's database is a copy of it.
Chromium and Redis: used when found. Otherwise their tests are skipped with a word on how to enable them, or, with
REQUIRE_ALL=1 as in CI, fail.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django.plugin import blocking_manager_key

from participation import embedded
from participation.services import ServiceMissing, check_postgresql

ROOT = Path(__file__).resolve().parent.parent
OWN_CLUSTER = ROOT / "var" / "tests" / "postgres"
REQUIRE_ALL = os.environ.get("REQUIRE_ALL", "") not in ("", "0")
HOW_TO_ENABLE = {
    "browser": "no Chromium found: apt-get install chromium, or set CHROMIUM=/path/to/chromium",
    "redis": "no Redis found: apt-get install redis-server, or set REDIS_URL=redis://host:6379/0",
    "nginx": "no nginx found: apt-get install nginx-light",
}
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
"""Start Chromium as root, without a screen, and without looking for hosts of its maker."""

# Settings are imported by pytest-django before any conftest, so the addresses are put in place while this plugin is loaded.
# The settings under test stay in memory whatever REDIS_URL says; tests of Redis ask for the fixture.
REDIS_GIVEN = os.environ.pop("REDIS_URL", "")
os.environ.setdefault("DATABASE_URL", embedded.database_url(OWN_CLUSTER, name="postgres"))
os.environ.setdefault("TEST_RUN", str(os.getpid()))
os.environ.setdefault("DATABASE_POOL", "0")  # races hold a connection for every thread
if REDIS_GIVEN:
    os.environ.setdefault("TEST_REDIS_URL", REDIS_GIVEN)


def _is_own_cluster() -> bool:
    return os.environ["DATABASE_URL"] == embedded.database_url(OWN_CLUSTER, name="postgres")


def _is_worker() -> bool:
    return "PYTEST_XDIST_WORKER" in os.environ


# --- PostgreSQL --------------------------------------------------------------------------------------------------------


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    from django.db import connections

    empty_only_what_is_filled()
    if session.config.option.collectonly:
        return
    test = connections["default"].settings_dict["TEST"]
    test["NAME"] = f"test_{os.environ['TEST_RUN']}"
    if not _is_worker():
        if _is_own_cluster():
            try:
                embedded.ensure_running(OWN_CLUSTER, throwaway=True)
            except embedded.EmbeddedError as error:
                pytest.exit(str(error), returncode=1)
        else:
            try:
                check_postgresql(os.environ["DATABASE_URL"])
            except ServiceMissing as missing:
                pytest.exit(missing.english, returncode=1)
        with session.config.stash[blocking_manager_key].unblock():
            if _is_own_cluster():
                _drop_databases_of_dead_runs()
            os.environ["TEST_TEMPLATE"] = _make_template()
    test["TEMPLATE"] = os.environ.get("TEST_TEMPLATE") or None


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    if not _is_worker() and _is_own_cluster():
        embedded.stop(OWN_CLUSTER)


def _migrations_hash() -> str:
    """Change with everything the migrated, empty database depends on."""
    paths = [ROOT / "requirements.txt", *ROOT.glob("*/migrations/*.py"), *ROOT.glob("turkish/**/*.py")]
    digest = hashlib.sha256()
    for path in sorted(path for path in paths if path.is_file()):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def _make_template() -> str:
    """Return the name of a migrated database, made now unless an earlier run left it; "" when migrating fails.

    A failure is left to the first test that needs the database, so that tests of pure rules still run.
    """
    from django.core.management import call_command
    from django.db import connection

    name = f"meydan_template_{_migrations_hash()}"
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(7305011)")  # until this connection closes
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'meydan\\_template\\_%%'")
        found = {row[0] for row in cursor.fetchall()}
        if name in found:
            return name
        for old in found:
            cursor.execute(f'DROP DATABASE IF EXISTS "{old}" WITH (FORCE)')
        building = f"{name}_new"
        cursor.execute(f"CREATE DATABASE \"{building}\" TEMPLATE template0 ENCODING 'UTF8'")
        configured = connection.settings_dict["NAME"]
        try:
            connection.settings_dict["NAME"] = building
            call_command("migrate", verbosity=0, interactive=False)
            _let_tests_empty_tables()
        except Exception as error:
            print(f"tests: the migrations do not apply: {error}", file=sys.stderr)
            return ""
        finally:
            connection.close()
            connection.close_pool()
            connection.settings_dict["NAME"] = configured
        cursor.execute(f'ALTER DATABASE "{building}" RENAME TO "{name}"')
    return name


def _let_tests_empty_tables() -> None:
    """Tables that are never emptied on an installation are emptied between tests that commit."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname LIKE '%never_emptied'")
        for table, trigger in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DISABLE TRIGGER "{trigger}"')


def empty_only_what_is_filled() -> None:
    """Between tests that commit, rows are deleted where there are any: emptying every table costs more than most tests do."""
    from django.db.backends.postgresql.operations import DatabaseOperations

    DatabaseOperations.sql_flush = _sql_flush


def _sql_flush(
    operations: Any, style: Any, tables: list[str], *, reset_sequences: bool = False, allow_cascade: bool = False
) -> list[str]:
    filled = " UNION ALL ".join(f"(SELECT '{table}' FROM \"{table}\" LIMIT 1)" for table in tables)
    with operations.connection.cursor() as cursor:
        cursor.execute(filled)
        names = [name for (name,) in cursor.fetchall()]
    # Neither triggers nor references are asked: what is emptied is all there is.
    return [
        "SET LOCAL session_replication_role = replica",
        *(f'DELETE FROM "{name}"' for name in names),
        "SET LOCAL session_replication_role = origin",
    ]


def _drop_databases_of_dead_runs() -> None:
    from django.db import connection

    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname ~ '^test_[0-9]+'")
        for (name,) in cursor.fetchall():
            pid = int(name.split("_")[1])
            if pid != os.getpid() and not _is_alive(pid):
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


# --- Chromium ----------------------------------------------------------------------------------------------------------


def find_chromium() -> str | None:
    """Return the path of a Chromium or Chrome: CHROMIUM, or the first found on the PATH."""
    given = os.environ.get("CHROMIUM")
    names = [given] if given else ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
    return next((path for name in names if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The Chromium to hand to Playwright as executable_path, together with CHROMIUM_ARGUMENTS."""
    return find_chromium() or _missing("browser")


# --- Redis -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The address of an empty Redis. One that was started here belongs to this worker alone; a given one is shared."""
    if given := os.environ.get("TEST_REDIS_URL"):
        yield given
        return
    binary = shutil.which("redis-server") or _missing("redis")
    with start_redis(binary) as (url, _process):
        yield url


class start_redis:
    """Run a Redis of one's own on a spare port of 127.0.0.1, without files; yields its address and process."""

    def __init__(self, binary: str | None = None, port: int | None = None) -> None:
        self.binary, self.port = binary or shutil.which("redis-server") or _missing("redis"), port or spare_port()

    def __enter__(self) -> tuple[str, subprocess.Popen[bytes]]:
        self.process = subprocess.Popen(
            [self.binary, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 - no threads yet
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return f"redis://127.0.0.1:{self.port}/0", self.process
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.02)
        self.__exit__()
        raise RuntimeError(f"{self.binary} did not start on port {self.port}")

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(timeout=60)


def _die_with_parent() -> None:
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)


def spare_port() -> int:
    """Return a port of 127.0.0.1 that was free a moment ago.

    It lies below those that the system gives to outgoing connections (Linux: from 32,768), so that none of the many that
    the tests of all workers open meanwhile can take it before it is listened on.
    """
    for _ in range(1000):
        port = random.SystemRandom().randrange(12_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no port between 12,000 and 32,000 is free")


# --- nginx -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def nginx_path() -> str:
    """The nginx of the system; Debian keeps it where only root looks."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin") or _missing("nginx")


# --- Skips -------------------------------------------------------------------------------------------------------------


def _missing(service: str) -> str:
    if REQUIRE_ALL:
        pytest.fail(f"REQUIRE_ALL is set and {HOW_TO_ENABLE[service]}", pytrace=False)
    pytest.skip(HOW_TO_ENABLE[service])


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Tests marked ``browser`` or ``redis`` need not ask for the fixture to be skipped."""
    if item.get_closest_marker("browser") and find_chromium() is None:
        _missing("browser")
    if item.get_closest_marker("redis") and not (os.environ.get("TEST_REDIS_URL") or shutil.which("redis-server")):
        _missing("redis")
