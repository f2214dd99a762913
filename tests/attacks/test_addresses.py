"""Cases 100 and 133: limits count the address of the connection, and no header of the client stands for anything else."""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO

import pytest
from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.http.request import HttpRequest
from django.test import Client, RequestFactory
from rest_framework.throttling import AnonRateThrottle, SimpleRateThrottle

from participation.express.lane import ExpressLane, NotHere
from realtime import limits

pytestmark = pytest.mark.django_db
MADE_UP = (
    "X-Forwarded-For",
    "X-Real-Ip",
    "Forwarded",
    "X-Client-Ip",
    "True-Client-Ip",
    "X_Forwarded_For",
    "Cf-Connecting-Ip",
)


@pytest.fixture
def three_a_minute(monkeypatch):
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", {"anon": "3/min", "user": "3/min", "token": "3/min"})


def statuses(*addresses: str, header: str = "X-Forwarded-For") -> list[int]:
    return [Client(headers={header: each}).get("/api/v1/councils/").status_code for each in addresses]


@pytest.mark.parametrize("header", MADE_UP)
def test_100_an_address_the_client_made_up_does_not_reset_the_count(kocaeli, three_a_minute, header):
    made_up = [f"for=10.0.0.{n}" if header == "Forwarded" else f"10.0.0.{n}" for n in range(5)]
    assert statuses(*made_up, header=header)[-1] == 429


def test_100_behind_a_named_proxy_the_client_counts_and_what_it_adds_does_not(kocaeli, three_a_minute, settings):
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": 1}
    assert statuses(*(f"{n}.1.1.1, 203.0.113.7" for n in range(1, 5))) == [200, 200, 200, 429]
    assert statuses("4.4.4.4, 203.0.113.8") == [200]


def test_100_polls_and_sockets_count_a_whole_network_of_ipv6_as_one():
    assert limits.network_of("2001:db8:1:2::1") == limits.network_of("2001:db8:1:2:ffff::9")
    assert limits.network_of("2001:db8:1:2::1") != limits.network_of("2001:db8:1:3::1")
    assert limits.network_of("::ffff:192.0.2.7") == "192.0.2.7"


# --- 133: names of headers --------------------------------------------------------------------------------------------
def request_with(*headers: tuple[bytes, bytes]) -> HttpRequest:
    scope = {
        "type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": list(headers),
        "client": ("198.51.100.7", 9), "server": ("127.0.0.1", 80),
    }  # fmt: skip
    return ASGIRequest(scope, BytesIO())


def test_133_a_header_with_an_underscore_is_no_header(settings):
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": 1}
    request = request_with((b"x_forwarded_for", b"10.0.0.1"), (b"x_forwarded_proto", b"https"), (b"x_csrftoken", b"a"))
    assert [name for name in request.META if name.startswith("HTTP_X")] == []
    assert AnonRateThrottle().get_ident(request) == "198.51.100.7"


def test_133_nobody_says_in_a_header_who_they_are(kocaeli, superuser):
    names = ("Remote-User", "X-User", "X-User-Id", "X-Forwarded-User", "X-Auth-Request-Email", "X-Remote-User")
    for value in (str(superuser.pk), superuser.email):
        browser = Client(headers=dict.fromkeys(names, value))
        assert browser.get("/api/v1/councils/kocaeli/drafts/").status_code == 401
        assert browser.get("/admin/").status_code == 302
    assert Client(REMOTE_USER=superuser.email).get("/admin/").status_code == 302


def test_133_only_a_named_proxy_says_that_the_connection_is_secure(settings):
    request = RequestFactory().get(
        "/", headers={"X-Forwarded-Proto": "https", "X-Forwarded-Ssl": "on", "Front-End-Https": "on"}
    )
    settings.SECURE_PROXY_SSL_HEADER = None
    assert request.is_secure() is False


def test_133_made_up_ports_of_our_host_take_no_memory():
    """Any port of a host of ours is let in, so whoever asks could make up as many as there are numbers."""
    lane = ExpressLane(None)
    body = b'{"paper": "yes"}'
    for port in range(1, 100):
        headers = {
            "host": f"127.0.0.1:{port:09d}",
            "cookie": f"{settings.SESSION_COOKIE_NAME}=x",
            "content-type": "application/json",
        }
        scope = {
            "type": "http", "http_version": "1.1", "method": "PUT", "scheme": "http", "path": "/api/v1/ballots/1/vote/",
            "query_string": b"", "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }  # fmt: skip
        with suppress(NotHere):
            lane.read(scope, body, 1)
    assert 1 <= len(lane.hosts) <= 16
