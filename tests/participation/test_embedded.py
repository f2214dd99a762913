"""The embedded PostgreSQL: shared by processes, stopped by the last, found again after a kill, at home in long paths."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from participation import embedded

ROOT = Path(embedded.__file__).resolve().parent.parent

USER = """
import sys
from pathlib import Path
from participation import embedded
embedded.ensure_running(Path(sys.argv[1]), throwaway=True)
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def data(tmp_path):
    path = tmp_path / "postgres"
    yield path
    embedded.ensure_running(path, throwaway=True)
    embedded.stop(path)
    assert server_pid(path) is None


def server_pid(data: Path) -> int | None:
    return embedded._running_pid(embedded._Cluster(data, {}))


def another_user(data: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", USER, str(data)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "ready\n"
    return process


def answer(data: Path, question: str) -> object:
    with psycopg.connect(
        host=str(embedded.socket_dir(data)), user=embedded.SUPERUSER, dbname=embedded.DATABASE
    ) as connection:
        return connection.execute(question).fetchone()[0]


def test_the_last_process_to_leave_stops_the_server(data):
    embedded.ensure_running(data, throwaway=True)
    first = server_pid(data)
    other = another_user(data)
    embedded.stop(data)
    assert server_pid(data) == first
    other.communicate()
    assert server_pid(data) is None


def test_a_server_whose_process_was_killed_is_used_again_and_stopped_in_the_end(data):
    other = another_user(data)
    other.kill()
    other.communicate()
    orphan = server_pid(data)
    assert orphan is not None
    embedded.ensure_running(data, throwaway=True)
    assert server_pid(data) == orphan
    embedded.stop(data)
    assert server_pid(data) is None


def test_a_killed_server_starts_again_and_keeps_what_it_answered(data):
    embedded.ensure_running(data)
    with psycopg.connect(embedded.database_url(data), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('çınar')")
    os.kill(server_pid(data), signal.SIGKILL)
    embedded._clusters.pop(data).users.close()
    embedded.ensure_running(data)
    assert answer(data, "SELECT word FROM kept") == "çınar"


def test_a_reused_process_id_in_the_pid_file_does_not_stop_the_start(data):
    embedded.ensure_running(data, throwaway=True)
    embedded.stop(data)
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n{int(time.time())}\n5432\n{data}\n\n0 0\nready\n")
    embedded.ensure_running(data, throwaway=True)
    assert answer(data, "SELECT 1") == 1


def test_a_path_too_long_for_a_socket_gets_a_short_private_one(tmp_path):
    data = tmp_path / ("uzun-bir-klasör-adı-" * 5) / "postgres"
    try:
        embedded.ensure_running(data, throwaway=True)
        assert embedded.socket_dir(data) != data
        assert embedded.socket_dir(data).stat().st_mode & 0o077 == 0
        assert answer(data, "SHOW server_encoding") == "UTF8"
        with psycopg.connect(embedded.database_url(data)) as connection:
            assert connection.execute("SELECT lower('ÇĞÖŞÜ')").fetchone()[0] == "çğöşü"
    finally:
        embedded.stop(data)
        embedded.socket_dir(data).rmdir()


def test_data_of_another_version_is_refused_in_one_sentence(tmp_path):
    data = tmp_path / "postgres"
    data.mkdir()
    (data / "PG_VERSION").write_text("16\n")
    with pytest.raises(embedded.EmbeddedError, match="written by PostgreSQL 16"):
        embedded.ensure_running(data)
