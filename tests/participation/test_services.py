"""A missing or broken service is told in one sentence, with exit code 1 and no traceback."""

import gc
import os
import socket
import subprocess
import sys
import weakref
from pathlib import Path

import pytest

from participation import services, serving

ROOT = Path(services.__file__).resolve().parent.parent
FROM_A_THREAD = """
import os, threading, django
os.environ["DJANGO_SETTINGS_MODULE"] = "participation.settings"
os.environ.pop("REDIS_URL", None)
django.setup()
from proposals.tasks import recount_due_dates as task

def say():
    print(task.app.main, task.app.conf.broker_url.partition(":")[0])

thread = threading.Thread(target=say)
thread.start()
thread.join()
"""


def manage(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_an_unreachable_postgresql_is_one_sentence_without_the_password():
    done = manage("migrate", DATABASE_URL="postgresql://meydan:gizli@127.0.0.1:1/meydan")
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.strip().splitlines()) == 1
    assert "DATABASE_URL ile verilen PostgreSQL'e bağlanılamadı" in done.stderr
    assert "The PostgreSQL named by DATABASE_URL cannot be reached" in done.stderr
    assert "gizli" not in done.stderr


def test_an_unreachable_redis_is_one_sentence():
    done = manage("migrate", REDIS_URL="redis://127.0.0.1:1/0")
    assert (done.returncode, len(done.stderr.strip().splitlines())) == (1, 1)
    assert "The Redis named by REDIS_URL cannot be reached (redis://127.0.0.1:1/0)" in done.stderr


@pytest.mark.parametrize("url", ["mysql://x/y", "sqlite:///x", "not an address"])
def test_another_database_is_refused(url):
    with pytest.raises(services.ServiceMissing, match="must be the address of a PostgreSQL"):
        services.check_postgresql(url)


def test_a_port_in_use_is_one_sentence():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = manage("serve", PORT=str(taken.getsockname()[1]))
    assert (done.returncode, len(done.stderr.strip().splitlines())) == (1, 1)
    assert "Cannot listen on 127.0.0.1" in done.stderr


@pytest.mark.parametrize("port", ["0", "99999", "kapı"])
def test_a_port_that_is_none_is_one_sentence(port):
    done = manage("serve", PORT=port)
    assert (done.returncode, len(done.stderr.strip().splitlines())) == (1, 1)
    assert "PORT" in done.stderr


def test_the_site_knows_itself_by_the_address_it_is_served_at():
    environment = {"PORT": "9000"}
    serving.name_the_site(environment)
    assert environment["SITE_URL"] == "http://127.0.0.1:9000"
    assert environment["LIVE_ORIGINS"] == "http://127.0.0.1:9000,http://localhost:9000"

    environment = {"PORT": "9000", "SITE_URL": "https://meydan.example.org"}
    serving.name_the_site(environment)
    assert environment == {"PORT": "9000", "SITE_URL": "https://meydan.example.org"}


def test_what_is_loaded_when_serving_begins_is_never_walked_through_again():
    class Knot:
        pass

    before = gc.get_threshold()
    garbage = Knot()
    garbage.itself = garbage
    gone = weakref.ref(garbage)
    del garbage
    try:
        serving.put_aside_what_stays()
        assert gone() is None
        assert gc.get_freeze_count() > 10_000
        assert gc.get_threshold() == serving.GARBAGE
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)


def test_a_thread_that_sends_a_task_knows_the_brokers_address():
    """Celery keeps the app of a thread for itself; without a default one it would ask a server that is not ours."""
    done = subprocess.run(
        [sys.executable, "-c", FROM_A_THREAD], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.split() == ["meydan", "memory"]
