"""The body, the token, the rate: what is refused before any rule is asked."""

from __future__ import annotations

import bz2
import json
import zlib

import pytest
from django.test import Client
from rest_framework.throttling import SimpleRateThrottle

from participation.api.parsers import MAX_BYTES
from proposals.models import Proposal, Support
from proposals.stages import Stage
from tests import factories as f
from tests.api.conftest import refusal, wrong_fields

pytestmark = pytest.mark.django_db
DRAFTS = "councils/kocaeli/drafts/"


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json; charset=bz2_codec", bz2.compress(b"{}")),
        ("application/json; charset=zlib_codec", zlib.compress(b"{}")),
        ("application/json;charset='bz2'", bz2.compress(b"{}")),
        ('application/json; charset="zip"; charset=utf-8', zlib.compress(b"{}")),
        ("application/json; charset=utf-16", "{}".encode("utf-16")),
        ("application/json; charset=rot13", b"{}"),
        ("application/json; charset=", b"{}"),
        ("application/x-www-form-urlencoded", b"title=x"),
        ("multipart/form-data; boundary=x", b"--x--\r\n"),
        ("text/plain", b"{}"),
        ("application/xml", b"<a/>"),
        ("application/yaml", b"a: 1"),
        ("application/jsonx", b"{}"),
        ("nonsense", b"{}"),
    ],
)
def test_a_body_in_another_form_is_not_read(call, kocaeli, ayse, content_type, body):
    answer = call(ayse)("post", DRAFTS, body, content_type=content_type)
    assert refusal(answer) == (415, "unsupported_media_type")
    assert Proposal.objects.count() == 0


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf8"'])
def test_utf_8_may_be_named(call, kocaeli, ayse, charset):
    body = json.dumps({"title": "İçmesuyu"}).encode()
    answer = call(ayse)("post", DRAFTS, body, content_type=f"application/json; charset={charset}")
    assert answer.json()["title"] == "İçmesuyu"


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"",
        b'{"title": "a",}',
        b'{"title": "\xff\xfe"}',
        b"\xef\xbb\xbf{}",
        b'{"latitude": NaN}',
        b'{"latitude": Infinity}',
        b'{"latitude": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"a":' * 30_000 + b"1" + b"}" * 30_000,
        b'{"a":' * 21 + b"1" + b"}" * 21,
        b"\x00",
        "{}".encode("utf-16"),
    ],
)
def test_a_body_that_cannot_be_read_is_a_bad_request(call, kocaeli, ayse, body):
    answer = call(ayse)("post", DRAFTS, body)
    if body == b"":  # nothing was sent: an empty draft
        assert answer.status_code == 201
        return
    assert refusal(answer) == (400, "parse_error")
    assert Proposal.objects.count() == 0


def test_a_name_that_is_there_twice_is_read_once(call, kocaeli, ayse):
    assert call(ayse)("post", DRAFTS, b'{"title": "a", "title": "b"}').json()["title"] == "b"


@pytest.mark.parametrize("size", [MAX_BYTES + 1, 10 * 1024 * 1024])
def test_a_body_that_is_too_large_is_refused(call, kocaeli, ayse, size):
    body = b'{"title": "' + b"a" * size + b'"}'
    assert refusal(call(ayse)("post", DRAFTS, body)) == (413, "too_large")
    assert Proposal.objects.count() == 0


def test_a_body_of_unknown_length_is_refused_and_not_taken_for_none(call, kocaeli, ayse):
    answer = call(ayse, **{"Transfer-Encoding": "chunked"})("post", DRAFTS, b"{}", CONTENT_LENGTH="")
    assert refusal(answer) == (411, "length_required")
    assert Proposal.objects.count() == 0


def test_a_lying_length_does_not_get_a_large_body_in(kocaeli):
    from io import BytesIO

    from participation.api.parsers import PlainJSONParser, TooLarge

    with pytest.raises(TooLarge):
        PlainJSONParser().parse(BytesIO(b'"' + b"a" * MAX_BYTES + b'"'), "application/json", {})


# --- Sessions and tokens ----------------------------------------------------------------------------------------------
def test_a_session_writes_only_with_the_token_of_the_forms(kocaeli, ayse):
    proposal = f.ProposalFactory(council=kocaeli, stage=Stage.GATHERING)
    path = f"/api/v1/councils/kocaeli/proposals/{proposal.number}/support/"
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ayse)
    for headers in ({}, {"X-CSRFToken": "a" * 64}):
        answer = browser.put(path, b"{}", content_type="application/json", headers=headers)
        assert refusal(answer) == (403, "csrf_failed")
    assert refusal(browser.delete(path)) == (403, "csrf_failed")
    assert Support.objects.count() == 0
    browser.get("/hesap/giris/")
    browser.get("/")
    token = browser.cookies["meydan_csrf"].value
    other_site = {"X-CSRFToken": token, "Origin": "https://evil.example"}
    assert refusal(browser.put(path, b"{}", content_type="application/json", headers=other_site)) == (
        403,
        "csrf_failed",
    )
    answer = browser.put(path, b"{}", content_type="application/json", headers={"X-CSRFToken": token})
    assert (answer.status_code, Support.objects.count()) == (200, 1)


def test_no_other_site_may_read_with_the_reader_s_session(call, kocaeli, ayse):
    answer = call(ayse, Origin="https://evil.example").get(DRAFTS)
    assert not [name for name in answer.headers if name.lower().startswith("access-control-")]
    assert "private" in answer["Cache-Control"]
    preflight = call(Origin="https://evil.example").client.options(
        "/api/v1/councils/", headers={"Access-Control-Request-Method": "PUT"}
    )
    assert not [name for name in preflight.headers if name.lower().startswith("access-control-")]


def test_a_closed_account_is_a_visitor(call, kocaeli, ayse):
    me = call(ayse)
    assert me.get(DRAFTS).status_code == 200
    ayse.is_active = False
    ayse.save()
    assert refusal(me.get(DRAFTS)) == (401, "not_authenticated")


@pytest.mark.parametrize(
    "header", [{"Authorization": "Basic YXlzZTpwYXJvbGE="}, {"Authorization": "Token x"}, {"X-User-Id": "1"}]
)
def test_no_header_stands_for_a_session(call, kocaeli, ayse, header):
    assert refusal(call(**header).get(DRAFTS)) == (401, "not_authenticated")


@pytest.mark.parametrize("override", ["?_method=PUT", "?method=DELETE"])
def test_a_method_is_not_overridden(call, kocaeli, ayse, override):
    proposal = f.ProposalFactory(council=kocaeli, stage=Stage.GATHERING)
    path = f"councils/kocaeli/proposals/{proposal.number}/support/"
    assert call(ayse).get(path + override).status_code == 400
    me = call(ayse, **{"X-HTTP-Method-Override": "PUT"})
    assert refusal(me.post(path, {})) == (405, "method_not_allowed")
    assert Support.objects.count() == 0


# --- Rates ------------------------------------------------------------------------------------------------------------
@pytest.fixture
def three_a_minute(monkeypatch):
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", {"anon": "3/min", "user": "3/min", "token": "2/min"})


def test_a_client_that_asks_too_often_is_told_when_to_come_back(call, kocaeli, three_a_minute):
    answers = [call().get("councils/") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert refusal(answers[-1]) == (429, "throttled")
    assert 0 < int(answers[-1]["Retry-After"]) <= 60


def test_an_address_the_client_made_up_does_not_reset_the_count(call, kocaeli, three_a_minute):
    answers = [
        call(**{"X-Forwarded-For": f"10.0.0.{n}", "X-Real-Ip": f"10.0.0.{n}", "X_Forwarded_For": f"10.1.0.{n}"}).get(
            "councils/"
        )
        for n in range(4)
    ]
    assert answers[-1].status_code == 429


def test_behind_a_named_proxy_the_client_counts_and_what_it_adds_does_not(call, kocaeli, three_a_minute, settings):
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": 1}
    for made_up in ("1.1.1.1", "2.2.2.2", "3.3.3.3"):
        assert call(**{"X-Forwarded-For": f"{made_up}, 203.0.113.7"}).get("councils/").status_code == 200
    assert call(**{"X-Forwarded-For": "4.4.4.4, 203.0.113.7"}).get("councils/").status_code == 429
    assert call(**{"X-Forwarded-For": "4.4.4.4, 203.0.113.8"}).get("councils/").status_code == 200


def test_one_person_s_rate_is_not_another_s(call, kocaeli, ayse, mehmet, three_a_minute):
    for _ in range(3):
        call(ayse).get("councils/")
    assert call(ayse).get("councils/").status_code == 429
    assert call(mehmet).get("councils/").status_code == 200


def test_each_token_has_a_rate_of_its_own_below_that_of_the_person(call, kocaeli, ayse, monkeypatch):
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", {"anon": "9/min", "user": "4/min", "token": "2/min"})
    first, second = (call(token=f.token(ayse, "councils:read")) for _ in range(2))
    answers = [first.get("councils/") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert [second.get("councils/").status_code for _ in range(2)] == [200, 429]  # the fifth of the person


def test_who_tries_out_tokens_is_soon_not_listened_to(call, kocaeli, ayse, monkeypatch):
    monkeypatch.setattr("participation.api.authentication.WRONG_TOKENS_A_MINUTE", 2)
    right = f.token(ayse, "councils:read")
    for _ in range(2):
        assert refusal(call(token="mey_aaaaaaaaaa_" + "b" * 43).get("councils/")) == (401, "invalid_token")
    assert refusal(call(token=right).get("councils/")) == (429, "throttled")
    assert call().get("councils/").status_code == 200


def test_unknown_parameters_are_refused_after_the_question_who_asks(call, kocaeli, ayse):
    assert refusal(call().get(f"{DRAFTS}?x=1")) == (401, "not_authenticated")
    assert wrong_fields(call(ayse).get(f"{DRAFTS}?x=1")) == {"x"}
