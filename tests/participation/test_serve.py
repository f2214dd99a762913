"""`manage.py serve`: starts, survives a kill with its data, stops cleanly."""

from pathlib import Path

import psycopg
import pytest
from whitenoise.middleware import WhiteNoiseMiddleware

from participation import embedded
from tests.load.site import Site


@pytest.fixture
def site():
    with Site(demo=False) as site:
        yield site


def data_of(site: Site) -> Path:
    return Path(site.folder.name).resolve() / "postgres"


def test_it_serves_keeps_its_data_over_a_kill_and_stops_with_everything_it_started(site):
    site.start()
    assert site.get("/").status == 200
    with psycopg.connect(embedded.database_url(data_of(site)), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (word text); INSERT INTO kept VALUES ('söz')")

    site.process.kill()
    site.process.wait()
    site.start()
    with psycopg.connect(embedded.database_url(data_of(site)), autocommit=True) as connection:
        assert connection.execute("SELECT word FROM kept").fetchone() == ("söz",)

    site.stop()
    assert site.process.returncode == 0
    assert embedded._running_pid(embedded._Cluster(data_of(site), {})) is None
    assert "Traceback" not in (Path(site.folder.name) / "server.log").read_text()


def test_outside_the_demo_nothing_is_loaded_and_no_demo_people_are_printed(site):
    site.start()
    assert "demo" not in (Path(site.folder.name) / "server.log").read_text().lower().replace(site.folder.name, "")
    with psycopg.connect(embedded.database_url(data_of(site))) as connection:
        assert connection.execute("SELECT count(*) FROM people_person").fetchone() == (0,)


@pytest.mark.django_db  # closing an answer looks after the connections that earlier tests of the process have opened
def test_a_file_that_changes_under_a_running_demo_is_served_whole(settings, tmp_path, rf):
    settings.WHITENOISE_AUTOREFRESH, settings.WHITENOISE_USE_FINDERS = True, False  # as settings.py has it with DEMO
    settings.STATIC_ROOT = tmp_path
    server = WhiteNoiseMiddleware(lambda request: None)
    for text in ("short", "a longer text than before", "x"):
        (tmp_path / "site.css").write_text(text)
        answer = server(rf.get("/static/site.css"))
        assert (b"".join(answer), answer["Content-Length"]) == (text.encode(), str(len(text)))
        answer.close()
