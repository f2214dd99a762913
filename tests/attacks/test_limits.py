"""Cases 79, 81, 123 to 127, 130, 132 and 136: odd requests, and what every answer says to browsers and caches."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import time
from io import BytesIO, StringIO
from typing import Any

import pytest
import structlog
from django.core.handlers.asgi import ASGIRequest
from django.test import Client
from django.urls import reverse

from participation.charset import plain_charset
from participation.logs import configure_logging
from tests.attacks.test_code import inline

pytestmark = pytest.mark.django_db
SLOW = 30.0  # seconds, on a busy machine; what grows with a bad request takes hours


# --- 81 and 130: headers on every page --------------------------------------------------------------------------------
def some_pages(world) -> list[tuple[str, str]]:
    t, k = world.things, "kocaeli"
    return [
        ("visitor", reverse("home")),
        ("visitor", reverse("account_login")),
        ("visitor", reverse("api-docs")),
        ("visitor", reverse("api-councils")),
        ("visitor", "/yok/boyle/bir/sayfa/"),
        ("mehmet", reverse("council_home", args=[k])),
        ("mehmet", reverse("proposal_list", args=[k])),
        ("mehmet", reverse("proposal_list", args=[k]) + "?gorunum=harita"),
        ("mehmet", reverse("proposal_detail", args=[k, t.gathering.number])),
        ("mehmet", reverse("proposal_detail", args=[k, t.voting.number])),
        ("mehmet", reverse("thread_page", args=[t.thread.pk])),
        ("mehmet", reverse("desk", args=[k])),  # refused
        ("mehmet", reverse("proposal_draft", args=[k, t.draft.key])),  # not found
        ("mehmet", reverse("group_detail", args=[k, t.group.slug])),
        ("mehmet", reverse("organisation_detail", args=[k, t.organisation.slug])),
        ("ayse", reverse("proposal_draft_step", args=[k, t.draft.key, "konu"])),
        ("ayse", reverse("settings")),
        ("ayse", reverse("me")),
        ("secretary", reverse("desk", args=[k])),
        ("secretary", reverse("proposal_admissibility", args=[k, t.submitted.number])),
        ("member", reverse("ballot_detail", args=[t.ballot.pk])),
    ]


def test_081_every_page_forbids_what_is_not_its_own(world):
    clients = {role: world.client(role) for role in world.people}
    for role, path in some_pages(world):
        answer = clients[role].get(path)
        policy = dict(part.strip().partition(" ")[::2] for part in answer["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'", path
        assert policy["form-action"] == policy["font-src"] == "'self'", path
        assert "unsafe" not in answer["Content-Security-Policy"], path
        assert not re.search(r"(?:^|\s)(?:\*|https?:)(?:\s|$)", answer["Content-Security-Policy"].replace(";", " ")), (
            path
        )
        assert answer["X-Content-Type-Options"] == "nosniff", path
        assert answer["X-Frame-Options"] == "DENY", path
        assert answer["Referrer-Policy"] == "same-origin", path
        if answer["Content-Type"].startswith("text/html"):
            html = answer.content.decode()
            assert inline(html) == [], path
            own = re.findall(r'<(?:script|link|img|source|iframe)[^>]+(?:src|href)="([^"]+)"', html)
            assert [link for link in own if not link.startswith("/") or link.startswith("//")] == [], path


def test_081_every_answer_carries_the_headers_whatever_it_is(world, client, monkeypatch):
    """Files, redirects, refusals, wrong methods, mishaps, feeds, JSON: the policy, nosniff and the referrer's rule."""
    from participation import pages

    t = world.things
    answers = {
        "file": client.get("/static/js/site.js"),
        "no file": client.get("/static/js/nowhere.js"),
        "redirect": client.get("/kocaeli"),
        "log in": client.get("/ben/"),
        "absent": client.get("/yok/boyle/bir/sayfa/"),
        "wrong method": client.post("/hakkinda/"),
        "no token": Client(enforce_csrf_checks=True).post("/dil/", {"language": "tr"}),
        "wrong host": client.get("/", headers={"Host": "evil.example"}),
        "api": client.get("/api/v1/councils/"),
        "api absent": client.get("/api/v1/nowhere/"),
        "api refused": client.put(f"/api/v1/councils/kocaeli/proposals/{t.gathering.number}/support/"),
        "poll": client.get("/canli/yokla/?t=thread:1"),
        "feed": client.get("/kocaeli/kayit/besleme.xml"),
        "attachment": client.get(reverse("proposal_attachment", args=["kocaeli", t.document.pk])),
        "administration": world.client("superuser").get("/admin/"),
    }
    monkeypatch.setattr(pages.council_home, "council_cards", lambda *args, **kwargs: 1 / 0)
    client.raise_request_exception = False
    answers["mishap"] = client.get("/")
    assert answers["file"].status_code == 200
    assert answers["mishap"].status_code == 500
    for name, answer in answers.items():
        policy = answer.headers.get("Content-Security-Policy", "")
        assert "default-src 'none'" in policy or name == "administration", name
        assert "frame-ancestors 'none'" in policy, name
        assert "unsafe" not in policy, name
        assert answer["X-Content-Type-Options"] == "nosniff", name
        assert answer["Referrer-Policy"] == "same-origin", name
        assert "Server" not in answer, name
        assert "X-Powered-By" not in answer, name


def test_081_the_nonce_is_another_one_every_time(client, kocaeli):
    nonces = {re.search(r"'nonce-([^']+)'", client.get("/hakkinda/")["Content-Security-Policy"])[1] for _ in range(3)}
    assert len(nonces) == 3


def test_130_no_shared_cache_keeps_a_page_made_for_somebody(world):
    clients = {role: world.client(role) for role in world.people}
    for role, path in some_pages(world):
        answer = clients[role].get(path)
        assert "cookie" in answer["Vary"].lower(), path
        assert re.search(r"private|no-store", answer["Cache-Control"]), path
        assert "public" not in answer["Cache-Control"], path


def test_130_two_people_at_one_address_never_get_one_body(world):
    path = reverse("proposal_detail", args=["kocaeli", world.things.gathering.number])
    bodies = {role: world.client(role).get(path).content.decode() for role in ("ayse", "mehmet")}
    assert "Ayşe Demir" in bodies["ayse"]
    assert f'data-person="{world.people["ayse"].pk}"' not in bodies["mehmet"]
    assert f'data-person="{world.people["mehmet"].pk}"' in bodies["mehmet"]


# --- 79: the log ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("as_json", [True, False])
def test_079_what_a_request_says_stays_in_one_line_of_the_log(as_json):
    """CR, LF, colours of a terminal and letters that turn the direction are written as what they are."""
    stream = StringIO()
    config = configure_logging(json=as_json, level="INFO")
    formatter = config["formatters"]["events"]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processor=formatter["processor"], foreign_pre_chain=formatter["foreign_pre_chain"]
        )
    )
    logger = logging.getLogger("attack")
    logger.addHandler(handler)
    logger.propagate = False
    logger.setLevel(logging.INFO)
    evil = "x\r\n2026-11-22 [info] giriş yapıldı\x1b[31m\u202e\u2028\x85\x9b31m"
    try:
        logger.info("Not Found: %s", evil)
        structlog.wrap_logger(logger, processors=structlog.get_config()["processors"]).info(
            "request_started", request=f"GET /{evil}", user_agent=evil
        )
    finally:
        logger.removeHandler(handler)
        configure_logging(json=True, level="INFO")
    lines = stream.getvalue().splitlines()
    assert len(lines) == 2, lines
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029]", "".join(lines))


# --- 123: the character set, before Django reads the request ----------------------------------------------------------
def ask_asgi(application: Any, *headers: tuple[bytes, bytes], query: bytes = b"") -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def run() -> None:
        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        scope = {
            "type": "http", "method": "POST", "path": "/api/v1/councils/", "query_string": query, "headers": list(headers),
            "http_version": "1.1", "scheme": "http", "root_path": "", "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 9),
        }  # fmt: skip
        await application(scope, receive, send)

    asyncio.run(run())
    return sent


async def nothing(scope: dict[str, Any], receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


@pytest.mark.parametrize(
    "kind",
    [
        "application/json; charset=bz2_codec",
        "text/html;charset='zlib'",
        "a/b; CHARSET=utf-16",
        "a/b; charset=utf-8; charset=hex",
    ],
)
def test_123_a_codec_that_is_not_of_text_is_refused_before_it_breaks_the_request(kind):
    started, body = ask_asgi(plain_charset(nothing), (b"content-type", kind.encode()))
    assert (started["status"], json.loads(body["body"])["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    "kind", ["application/json", "application/json; charset=UTF-8", "multipart/form-data; boundary=charset", ""]
)
def test_123_utf_8_passes(kind):
    assert ask_asgi(plain_charset(nothing), (b"content-type", kind.encode()))[0]["status"] == 200


def test_123_control_without_the_guard_such_a_codec_breaks_a_form():
    body = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n'
    kind = b"multipart/form-data; boundary=x; charset=bz2_codec"
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": headers}
    with pytest.raises(LookupError):
        _ = ASGIRequest(scope, BytesIO(body)).POST


def test_123_the_server_s_entrance_has_the_guard():
    from participation import asgi

    started = ask_asgi(
        asgi.application.application_mapping["http"], (b"content-type", b"a/b; charset=bz2_codec"), query=b"a=%41"
    )[0]
    assert started["status"] == 415


# --- 124: searches and numbers ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        "'" * 5_000,
        '"' * 5_000 + "a",
        "<" * 5_000,
        "a " * 5_000,
        "(" * 500 + "a" + ")" * 500,
        "%" * 3_000,
        "\0" * 10,
        "İıŞşĞğ" * 1_000,
        "a\u0301" * 3_000,
        "1e9999999",
        "'); SELECT pg_sleep(5); --",
        "' & !(a | b:*) <-> c",
    ],
)
def test_124_a_strange_search_is_answered_and_soon(kocaeli, ulasim, client, text):
    began = time.monotonic()
    for path, name in (
        ("/kocaeli/oneriler/", "q"),
        ("/kocaeli/oneriler/benzer/", "title"),
        ("/kocaeli/meclisler-ve-gruplar/", "q"),
        ("/kocaeli/stk/", "q"),
        ("/api/v1/councils/kocaeli/proposals/", "q"),
    ):
        answer = client.get(path, {name: text})
        assert answer.status_code in {200, 400}, (path, answer.status_code)
    assert time.monotonic() - began < SLOW * 2


@pytest.mark.parametrize(
    "number", ["1e9999999", "NaN", "inf", "-1", "9" * 5_000, "0x10", "1_000", "٣", "\0", "1,2", ""]
)
def test_124_a_strange_number_is_answered_and_soon(kocaeli, client, number):
    began = time.monotonic()
    proposal_less = [
        f"/kocaeli/oneriler/noktalar.json?yakinlik={number}",
        f"/kocaeli/oneriler/noktalar.json?yakinlik=9&kutu={number},{number},{number},{number}",
        f"/kocaeli/oneriler/?sayfa={number}",
        f"/kocaeli/oneriler/?sayfa=s.{number}.{number}",
        f"/kocaeli/kayit/?sayfa={number}",
        f"/kocaeli/stk/?sayfa={number}",
        f"/canli/yokla/?t=thread:{number}&at={number}",
        f"/canli/yokla/?t=thread:1@x:{number}",
    ]
    for path in proposal_less:
        answer = client.get(path.replace("\0", "%00"))
        assert answer.status_code in {200, 400, 404}, (path[:100], answer.status_code)
    assert time.monotonic() - began < SLOW * 2


@pytest.mark.parametrize("number", [0, 2**31, 2**63, 10**40])
def test_124_an_id_beyond_the_database_is_not_found(kocaeli, ulasim, hakan, client, number):
    client.force_login(hakan)
    for path in (
        f"/oylama/{number}/",
        f"/oylama/{number}/kutu/",
        f"/tartisma/{number}/",
        f"/tartisma/{number}/yorum/{number}/",
        f"/kocaeli/oneriler/ek/{number}/",
        f"/kocaeli/masam/hemsehrilik/{number}/",
        f"/kocaeli/oneriler/KOC-2026-{number}/",
    ):
        assert client.get(path).status_code == 404, path
    for path in (
        f"/kocaeli/gruplar/{ulasim.slug}/istekler/{number}/kabul/",
        f"/kocaeli/oneriler/ek/{number}/kaldir/",
        f"/oylama/{number}/oy/",
        f"/tartisma/{number}/bildirim/{number}/",
    ):
        assert client.post(path).status_code in {403, 404}, path


# --- 126 and 127: languages and headers -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "code", ["a" * 100_000, "tr-" * 20_000, "../../etc/passwd", "en\r\nSet-Cookie: a=b", "\0", "EN", "de"]
)
def test_126_a_strange_language_is_turkish_and_soon(kocaeli, client, code):
    began = time.monotonic()
    # The bare header: the test client itself would refuse to send such a cookie.
    safe = code.replace("\r\n", "").replace("\0", "")
    plain = Client(headers={"Cookie": f"meydan_language={safe}", "Accept-Language": safe})
    for path in ("/hakkinda/", "/api/v1/councils/"):
        answer = plain.get(path)
        assert answer.status_code == 200
        expected = "en" if code == "EN" and path.startswith("/api") else "tr"
        assert answer["Content-Language"] == expected, path
    posted = client.post("/dil/", {"language": code, "next": "/"})
    assert posted.status_code == 400
    assert "meydan_language" not in client.cookies
    assert time.monotonic() - began < SLOW


def test_127_a_thousand_times_the_same_header_is_read_soon():
    began = time.monotonic()
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "query_string": b"",
        "headers": [(b"accept", b"text/html;q=0.5,*/*")] * 1_000 + [(b"x-a", b"b" * 50)] * 20_000,
    }
    request = ASGIRequest(scope, BytesIO())
    assert request.accepts("text/html")
    assert time.monotonic() - began < SLOW


def test_120_many_fields_are_refused_and_not_read(kocaeli, ayse):
    browser = Client()
    browser.force_login(ayse)
    answer = browser.post(reverse("settings"), {f"f{n}": "x" for n in range(1_000)})
    assert answer.status_code == 400
    assert "f999" not in answer.content.decode()


# --- 136: pages of mishaps --------------------------------------------------------------------------------------------
def test_136_a_fault_tells_its_number_and_nothing_else(kocaeli, client, monkeypatch):
    from participation import pages

    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("SECRET_KEY=abc password=hunter2")

    monkeypatch.setattr(pages.council_home, "council_cards", broken)
    client.raise_request_exception = False
    answer = client.get("/")
    text = answer.content.decode()
    assert answer.status_code == 500
    for secret in ("hunter2", "SECRET_KEY", "Traceback", "RuntimeError", "site-packages", "Django"):
        assert secret not in text
    assert answer["X-Request-Id"] in text


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost:80@evil.example", "a" * 300])
def test_133_another_host_s_name_is_not_believed(client, kocaeli, host):
    answer = client.get("/api/v1/councils/", headers={"Host": host})
    assert answer.status_code == 400
    assert "evil.example" not in answer.content.decode()
    answer = client.get("/api/v1/councils/", {"page_size": 1}, headers={"X-Forwarded-Host": "evil.example"})
    assert "evil.example" not in answer.content.decode()
