"""Cases 111, 131 and 135: how an installation is set, read from its own settings as docs/operations describes them."""

from __future__ import annotations

import importlib.util
import os
from typing import Any

import pytest
import structlog
from django.conf import settings as django_settings
from django.core.checks import Warning as CheckWarning
from django.core.checks import run_checks
from django.test import Client, override_settings

from tests.check import PRODUCTION


def read(environment: dict[str, str]) -> dict[str, Any]:
    """The settings as they would be in another environment."""
    names = {"DEMO", "DEBUG", "REDIS_URL", "BEHIND_PROXY", "NUM_PROXIES", *PRODUCTION}
    before, configured = dict(os.environ), structlog.get_config()
    try:
        for name in names:
            os.environ.pop(name, None)
        os.environ.update(environment)
        spec = importlib.util.find_spec("participation.settings")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return {name: value for name, value in vars(module).items() if name.isupper()}
    finally:
        os.environ.clear()
        os.environ.update(before)
        structlog.configure(**configured)


@pytest.fixture
def production() -> dict[str, Any]:
    return read(PRODUCTION)


def test_111_cookies_are_of_this_host_alone_and_no_script_reads_them():
    production = read(PRODUCTION)
    for cookie in ("SESSION", "CSRF"):
        assert production[f"{cookie}_COOKIE_NAME"].startswith("__Host-")
        assert production[f"{cookie}_COOKIE_SECURE"] is True
        assert production[f"{cookie}_COOKIE_HTTPONLY"] is True
        assert production[f"{cookie}_COOKIE_SAMESITE"] == "Lax"
        assert production.get(f"{cookie}_COOKIE_DOMAIN") is None
        assert production.get(f"{cookie}_COOKIE_PATH", "/") == "/"


@pytest.mark.django_db
def test_111_the_cookies_of_an_answer_carry_their_flags(kocaeli, mehmet, production):
    names = [name for name in production if "COOKIE" in name]
    mehmet.set_password("uzun bir parola 42")
    mehmet.save()
    with override_settings(**{name: production[name] for name in names}):
        browser = Client(enforce_csrf_checks=False)
        browser.get("/hesap/giris/", secure=True)
        first = browser.cookies["__Host-meydan_csrf"].value
        browser.post("/hesap/giris/", {"login": mehmet.email, "password": "uzun bir parola 42"}, secure=True)
        browser.get("/hakkinda/", secure=True)
    assert set(browser.cookies) >= {"__Host-meydan_csrf"}
    for cookie in (each for each in browser.cookies.values() if each["max-age"] != 0):
        assert cookie.key.startswith("__Host-"), cookie.key
        assert cookie["secure"] is True
        assert cookie["httponly"] is True
        assert cookie["samesite"] == "Lax"
        assert (cookie["path"], cookie["domain"]) == ("/", "")
    assert first


def test_131_an_installation_is_closed_unless_it_is_opened(production):
    assert (production["DEBUG"], production["DEMO"]) == (False, False)
    assert production["SECRET_KEY"] == PRODUCTION["SECRET_KEY"]
    assert production["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert production["SECURE_SSL_REDIRECT"] is True
    assert production["SECURE_PROXY_SSL_HEADER"] is None if "SECURE_PROXY_SSL_HEADER" in production else True
    assert "django.contrib.auth.backends.ModelBackend" not in production["AUTHENTICATION_BACKENDS"]
    assert production["PASSWORD_HASHERS"][0].endswith("Argon2PasswordHasher")


def test_131_the_deployment_check_has_nothing_to_say():
    production = read(PRODUCTION)
    names = [
        name
        for name in production
        if name.startswith(("SECURE_", "SESSION_", "CSRF_", "X_FRAME", "DEBUG", "SECRET_KEY"))
    ]
    with override_settings(**{name: production[name] for name in names}):
        said = run_checks(include_deployment_checks=True)
    assert [message for message in said if message.level >= CheckWarning("").level] == []


def test_131_a_task_is_plain_data(production):
    assert production["CELERY_ACCEPT_CONTENT"] == ["json"]
    assert production["CELERY_TASK_SERIALIZER"] == "json"
    assert production["CELERY_TASK_IGNORE_RESULT"] is True


def test_135_redis_stores_no_objects(production):
    """What is read from Redis is data: JSON for tasks and the bus; sessions stand in the database."""
    redis = read({**PRODUCTION, "REDIS_URL": "redis://127.0.0.1:6379/0"})
    assert redis["CELERY_ACCEPT_CONTENT"] == ["json"]
    assert redis.get("SESSION_ENGINE", django_settings.SESSION_ENGINE) in {
        "people.sessions",
        "django.contrib.sessions.backends.db",
    }
    assert redis["CACHES"]["default"].get("KEY_PREFIX")
