"""The cast: the people every test speaks of, in two councils."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Barrier, Thread
from typing import Any

import pytest
import structlog
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_in
from django.core.cache import cache
from django.db import connection, connections
from django.dispatch import receiver
from django.test.utils import setup_databases, teardown_databases
from django.utils import translation
from hypothesis import settings as hypothesis_settings
from whitenoise.middleware import WhiteNoiseMiddleware

from councils.models import Body, BodyKind, Council, OfficerRole, Role
from organisations.models import Organisation
from people import second_step
from people.models import Person
from tests import factories as f
from tests.hashing import SLOW, hash_quickly

# A slow machine is no fault of the code.
hypothesis_settings.register_profile("meydan", deadline=None)
hypothesis_settings.load_profile("meydan")
hash_quickly()
# A logger that was used once would keep its processors, and `capture_logs` would see nothing of it.
structlog.configure(**structlog.get_config() | {"cache_logger_on_first_use": False})


static_files: dict[str, Any] = {}
look_for_static_files = WhiteNoiseMiddleware.add_files_from_finders


def the_same_static_files(server: WhiteNoiseMiddleware) -> None:
    """Every client makes the middleware anew; looking for the static files again would take longer than most tests."""
    if not static_files:
        look_for_static_files(server)
        static_files.update(server.files)
    server.files.update(static_files)


WhiteNoiseMiddleware.add_files_from_finders = the_same_static_files


@pytest.fixture(autouse=True)
def _turkish_and_a_clean_cache():
    cache.clear()
    with translation.override("tr"):
        yield


@receiver(user_logged_in, dispatch_uid="tests.a_forced_login_is_a_whole_one")
def a_forced_login_is_a_whole_one(request, user, **_):
    """`client.force_login` stands for a whole log-in, the second step with it. A log-in over HTTP takes its steps itself.

    Most of the cast have no password; they have just proved who they are, as nobody could ask them again.
    """
    if not request.path:
        second_step.mark(request, user, type="test", reauthenticated=None if user.has_usable_password() else True)


@pytest.fixture(scope="session")
def _database(django_db_setup, django_db_blocker):
    """The test database, also when no selected test says `db`: pytest-django makes it for those only.

    Between the two it is barred again, or tests that forgot to ask for a database would pass behind one of these.
    """
    here = connection.settings_dict
    with django_db_blocker.unblock():
        is_made = here["NAME"] == here["TEST"]["NAME"]
        made = [] if is_made else setup_databases(verbosity=0, interactive=False, aliases={"default"})
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture
def slowly_hashed(monkeypatch) -> None:
    """Passwords are hashed as slowly as on an installation."""
    for name, cost in SLOW.items():
        monkeypatch.setattr(Argon2PasswordHasher, name, cost)


@pytest.fixture
def kocaeli(db) -> Council:
    council = f.CouncilFactory(province="Kocaeli", code="KOC")
    f.ProcedureFactory(council=council)
    for district in ("İzmit", "Gebze", "Kandıra"):
        f.DistrictFactory(council=council, name=district)
    for theme in ("Ulaşım", "Parklar ve yeşil alanlar", "Kültür"):
        f.ThemeFactory(council=council, name=theme)
    f.BodyFactory(council=council, kind=BodyKind.SECRETARIAT, name="Genel Sekreterlik")
    return council


@pytest.fixture
def adana(db) -> Council:
    council = f.CouncilFactory(province="Adana", code="ADA", latitude=37.0, longitude=35.32)
    f.ProcedureFactory(council=council)
    f.DistrictFactory(council=council, name="Seyhan")
    f.ThemeFactory(council=council, name="Sivil toplum")
    return council


@pytest.fixture
def ulasim(kocaeli: Council) -> Body:
    """The transport working group of Kocaeli, with its charter."""
    body = f.BodyFactory(council=kocaeli, name="Ulaşım Çalışma Grubu")
    f.CharterFactory(body=body)
    return body


@pytest.fixture
def kadin(kocaeli: Council) -> Body:
    """The women's assembly of Kocaeli."""
    return f.BodyFactory(council=kocaeli, kind=BodyKind.ASSEMBLY, name="Kadın Meclisi")


def _resident(council: Council, name: str, email: str) -> Person:
    person = f.PersonFactory(display_name=name, email=email)
    f.ResidenceFactory(person=person, council=council)
    return person


@pytest.fixture
def ayse(kocaeli: Council) -> Person:
    """A citizen, verified resident of Kocaeli."""
    return _resident(kocaeli, "Ayşe Demir", "ayse@ornek.invalid")


@pytest.fixture
def mehmet(kocaeli: Council) -> Person:
    """A second verified resident of Kocaeli."""
    return _resident(kocaeli, "Mehmet Arslan", "mehmet@ornek.invalid")


@pytest.fixture
def korfez(kocaeli: Council) -> Organisation:
    """A verified association listed in Kocaeli."""
    organisation = f.OrganisationFactory(name="Körfez Bisikletliler Derneği")
    f.CouncilOrganisationFactory(council=kocaeli, organisation=organisation)
    return organisation


@pytest.fixture
def elif_(kocaeli: Council, korfez: Organisation) -> Person:
    """The representative of the association."""
    person = _resident(kocaeli, "Elif Kaya", "elif@ornek.invalid")
    f.RepresentativeFactory(organisation=korfez, person=person)
    return person


@pytest.fixture
def derya(kocaeli: Council, ulasim: Body) -> Person:
    """The facilitator of the transport group, a voting member."""
    person = _resident(kocaeli, "Derya Öztürk", "derya@ornek.invalid")
    f.MembershipFactory(body=ulasim, person=person, role=Role.FACILITATOR)
    return person


@pytest.fixture
def nermin(kocaeli: Council, kadin: Body) -> Person:
    """The president of the women's assembly."""
    person = _resident(kocaeli, "Nermin Çelik", "nermin@ornek.invalid")
    f.MembershipFactory(body=kadin, person=person, role=Role.PRESIDENT)
    return person


@pytest.fixture
def hakan(kocaeli: Council) -> Person:
    """The secretary of the council."""
    person = f.PersonFactory(display_name="Hakan Yıldız", email="hakan@ornek.invalid")
    secretariat = f.BodyFactory(council=kocaeli, kind=BodyKind.SECRETARIAT, name="Genel Sekreterlik")
    f.MembershipFactory(body=secretariat, person=person, role=Role.SECRETARY)
    return person


@pytest.fixture
def selin(kocaeli: Council) -> Person:
    """An officer of the municipality's NGO directorate."""
    person = f.PersonFactory(display_name="Selin Aksoy", email="selin@ornek.invalid")
    f.OfficerFactory(council=kocaeli, person=person)
    return person


@pytest.fixture
def murat(kocaeli: Council) -> Person:
    """An officer of a civil society centre."""
    person = f.PersonFactory(display_name="Murat Kılıç", email="murat@ornek.invalid")
    f.OfficerFactory(council=kocaeli, person=person, role=OfficerRole.CENTRE)
    return person


@pytest.fixture
def outsider(db) -> Person:
    """Somebody with an account and no verified residence."""
    return f.PersonFactory(display_name="Deniz Uzak", email="deniz@ornek.invalid")


@pytest.fixture
def superuser(db) -> Person:
    return f.PersonFactory(
        display_name="Sistem Yöneticisi", email="sistem@ornek.invalid", is_staff=True, is_superuser=True
    )


@pytest.fixture
def visitor() -> AnonymousUser:
    return AnonymousUser()


@pytest.fixture
def unguarded():
    """`with unguarded("journal_entry") as cursor:` somebody who owns the database turns the triggers of tables off."""

    @contextmanager
    def unguarded_(*tables: str):
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            yield cursor
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    return unguarded_


@pytest.fixture
def side_by_side():
    """Run functions in threads that start at once, each with its own connection; results or exceptions in order."""

    def run(functions):
        gate = Barrier(len(functions))
        results = [None] * len(functions)

        def work(index, function):
            try:
                connection.ensure_connection()
                gate.wait(timeout=60)
                results[index] = function()
            except Exception as error:
                results[index] = error
            finally:
                connections.close_all()

        threads = [Thread(target=work, args=pair) for pair in enumerate(functions)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert not any(thread.is_alive() for thread in threads)
        return results

    return run
