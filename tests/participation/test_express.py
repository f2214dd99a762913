"""The express lane answers as Django would. Each request goes both ways, and the answers must be the same.

A vote changes what the next one is answered, so the two ways have a ballot each, alike in everything.
"""

from __future__ import annotations

import asyncio
import json
import re
import threading
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from rest_framework.throttling import UserRateThrottle
from structlog.testing import capture_logs

from ballots import actions, casting
from ballots.models import Ballot, Vote
from journal.group_commit import OutcomeUnknown
from participation import asgi
from participation.express import lane as express
from participation.express.visitors import SessionStore
from people import second_step
from people.models import Person
from tests import factories as f

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = "a" * 32
SECRET = {"x-request-id", "content-length"}
RECEIPT, MOMENTS = rb'"code":"[0-9A-Z]{15}"', rb'"(?:cast|changed)_at":"[^"]*"'
NONCE = rb"[\w+/]{22}=="
MASKED = re.compile(b"|".join((RECEIPT, MOMENTS, NONCE)))
ANEW = object()
"""A key of its own for each request."""


class Ways:
    """The same request through the lane and through Django, to a ballot each."""

    def __init__(self, mehmet):
        self.lane = express.ExpressLane(asgi.limited_pages)
        teacher = f.PersonFactory()
        self.people = f.PersonFactory.create_batch(8)
        self.by_lane, self.by_django, self.first = (
            f.ProposalBallotFactory(ballot=f.BallotFactory(electors=[mehmet, teacher, *self.people])).ballot
            for _ in range(3)
        )
        self.teacher = self.sign_in(teacher)
        self.sign_in(mehmet)

    def sign_in(self, person):
        client = Client()
        client.force_login(person)
        self.session = client.cookies[settings.SESSION_COOKIE_NAME].value
        return self.session

    def request(self, ballot, *, body=b'{"paper": "yes"}', method="PUT", query=b"", cookies=None, **headers):
        cookies = {settings.SESSION_COOKIE_NAME: self.session, settings.CSRF_COOKIE_NAME: TOKEN} | (cookies or {})
        sent = {
            "host": "127.0.0.1:8000",
            "cookie": "; ".join(f"{name}={value}" for name, value in cookies.items() if value),
            "content-type": "application/json",
            "content-length": str(len(body)),
            "x-csrftoken": TOKEN,
        } | {name.replace("_", "-"): str(uuid4()) if value is ANEW else value for name, value in headers.items()}
        path = f"/api/v1/ballots/{ballot}/vote/"
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
            "path": path, "raw_path": path.encode(), "query_string": query, "root_path": "",
            "headers": [(name.encode(), value.encode()) for name, value in sent.items() if value is not None],
            "client": ("127.0.0.1", 50_000), "server": ("127.0.0.1", 8000),
        }  # fmt: skip
        return scope, body

    async def ask(self, app, scope, body):
        got = []
        waiting = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive():
            if waiting:
                return waiting.pop()
            return await asyncio.Event().wait()

        async def send(message):
            got.append(message)

        await asyncio.wait_for(app(scope, receive, send), 30)
        headers = sorted((name.decode().lower(), value.decode()) for name, value in got[0]["headers"])
        return got[0]["status"], headers, b"".join(message.get("body", b"") for message in got)

    def both(self, *, teach="tr", **request):
        """The answers of the lane and of Django, and whether the lane gave its own."""

        async def run():
            if teach:
                cookies = {"meydan_language": teach, settings.SESSION_COOKIE_NAME: self.teacher}
                await self.ask(self.lane, *self.request(self.first.pk, cookies=cookies))
            answered = self.lane.answered
            one = await self.ask(self.lane, *self.request(self.by_lane.pk, **request))
            two = await self.ask(self.lane.django, *self.request(self.by_django.pk, **request))
            return one, two, self.lane.answered - answered

        one, two, answered = asyncio.run(run())
        return plain(one), plain(two), bool(answered)


def plain(answer):
    """An answer without what differs from one to the next."""
    status, headers, body = answer
    names = [name for name, _value in headers]
    assert len(names) == len(set(names)), names
    seen = [(name, MASKED.sub(b"", value.encode())) for name, value in headers if name not in SECRET]
    if dict(headers).get("content-type", "").startswith("text/html"):
        body = b""  # a page of an error names the address, which differs
    return status, seen, MASKED.sub(b"", body), names


@pytest.fixture
def ways(kocaeli, mehmet):
    assert express.is_open(), set(settings.MIDDLEWARE) - express.KNOWN_MIDDLEWARES
    yield Ways(mehmet)
    assert casting.box.drain(20)


def test_a_vote_is_answered_by_the_lane_as_by_django(ways, mehmet):
    one, two, answered = ways.both()
    assert one == two
    assert (one[0], answered) == (200, True)
    assert sorted(Vote.objects.filter(person=mehmet).values_list("ballot", "paper", "times")) == [
        (ways.by_lane.pk, "yes", 1),
        (ways.by_django.pk, "yes", 1),
    ]


USUAL = [
    {"teach": "en", "cookies": {"meydan_language": "en"}},
    {"idempotency_key": ANEW, "origin": "http://127.0.0.1:8000"},
    {"accept_language": "tr", "user_agent": "x", "referer": "http://127.0.0.1:8000/"},
    {"content_type": "application/json; charset=utf-8", "x_forwarded_for": "203.0.113.9"},
    {"x_request_id": "ours"},
]


def test_what_browsers_and_programs_usually_send_stays_in_the_lane(ways):
    for turn, request in enumerate(USUAL):
        paper = b'{"paper": "%s"}' % (b"yes" if turn % 2 else b"no")
        one, two, answered = ways.both(body=paper, **request)
        assert one == two, request
        assert (one[0], answered) == (200, True), request


def test_the_same_key_again_is_answered_the_same_by_both(ways, mehmet):
    key = uuid4()
    for ballot in (ways.by_lane, ways.by_django):
        actions.cast_vote(actor=mehmet, ballot=ballot, paper="yes", key=key if ballot == ways.by_lane else uuid4())
    one, two, answered = ways.both(idempotency_key=str(key))
    assert (one[0], dict(one[1])["idempotent-replayed"], answered) == (200, b"true", True)
    assert two[0] == 409, "the key was used on the other ballot"


REFUSED = {
    "no form token": {"x_csrftoken": None},
    "a wrong form token": {"x_csrftoken": "b" * 32},
    "no form cookie": {"cookies": {"meydan_csrf": ""}},
    "an origin elsewhere": {"origin": "https://kotu.example"},
    "a host that is not ours": {"host": "kotu.example"},
    "no session": {"cookies": {"meydan_session": ""}},
    "a session that never was": {"cookies": {"meydan_session": "x" * 32}},
    "a token of a program": {"authorization": "Bearer mey_yok"},
    "a paper that does not fit": {"body": b'{"paper": "belki"}'},
    "an option of another ballot": {"body": b'{"paper": "3"}'},
    "no paper": {"body": b"{}"},
    "a field too many": {"body": b'{"paper": "yes", "person": 1}'},
    "a list": {"body": b'["yes"]'},
    "a number": {"body": b'{"paper": 1}'},
    "no JSON": {"body": b"paper=yes"},
    "JSON in half": {"body": b'{"paper": "yes"'},
    "letters that are none": {"body": b'{"paper": "\xff"}'},
    "no body": {"body": b""},
    "a body too long": {"body": b'{"paper": "' + b"y" * 5_000 + b'"}'},
    "a form": {"content_type": "application/x-www-form-urlencoded"},
    "another character set": {"content_type": "application/json; charset=utf-16"},
    "a key that is none": {"idempotency_key": "7"},
    "a parameter": {"query": b"x=1"},
    "another method": {"method": "POST"},
    "a method in disguise": {"method": "POST", "x_http_method_override": "PUT"},
    "a look at it": {"method": "GET", "body": b""},
}


def test_what_the_lane_does_not_take_gets_the_answer_of_django(ways, mehmet):
    """Without writing anything first. (A condition is no refusal: the API does not know it for votes.)"""
    for name, request in REFUSED.items():
        one, two, answered = ways.both(**request)
        assert one == two, name
        assert answered is False, name
        assert one[0] >= 400, name
    assert not Vote.objects.filter(person=mehmet).exists()
    one, two, answered = ways.both(if_match='"x"')
    assert (one, answered) == (two, False)


def close(ways, mehmet):
    Ballot.objects.filter(pk__in=[ways.by_lane.pk, ways.by_django.pk]).update(closes_at=actions.database_now())


def session_of(ways):
    return SessionStore.get_model_class().objects.filter(session_key=ways.session)


SINCE = {
    "logged out": lambda ways, person: session_of(ways).delete(),
    "the session has expired": lambda ways, person: session_of(ways).update(
        expire_date=actions.database_now() - timedelta(seconds=1)
    ),
    "the session was tampered with": lambda ways, person: session_of(ways).update(session_data="e30:1:x"),
    "the account was closed": lambda ways, person: Person.objects.filter(pk=person.pk).update(is_active=False),
    "the password was changed": lambda ways, person: Person.objects.filter(pk=person.pk).update(password="!x"),
    "signed in as somebody else": lambda ways, person: ways.sign_in(f.PersonFactory()),
    "not seen for a while": lambda ways, person: session_of(ways).update(
        seen_at=actions.database_now() - timedelta(minutes=11)
    ),
    "the ballot has closed": close,
}
STILL_VOTES = {"not seen for a while"}


def test_what_has_happened_since_the_last_vote_counts_in_the_lane_at_once(ways):
    """The lane has seen this session vote; nothing it remembers may outlive what happened."""
    for (name, happens), person in zip(SINCE.items(), ways.people, strict=True):
        ways.sign_in(person)
        assert ways.both()[2] is True
        happens(ways, person)
        one, two, answered = ways.both(body=b'{"paper": "no"}')
        assert one == two, name
        assert (one[0] == 200, answered) == (name in STILL_VOTES, False), name
        papers = set(Vote.objects.filter(person=person).values_list("paper", flat=True))
        assert papers == ({"no"} if name in STILL_VOTES else {"yes"}), name


def test_an_office_without_its_second_step_gets_the_answer_of_django(ways, mehmet, monkeypatch):
    f.OfficerFactory(person=mehmet)
    assert ways.both()[2] is True, "whoever has proved it votes in the lane"
    monkeypatch.setattr(second_step, "is_done", lambda session, person: False)
    one, two, answered = ways.both(body=b'{"paper": "no"}')
    assert (one, one[0], answered) == (two, 403, False)


def test_a_ballot_that_not_everybody_may_read_is_left_to_django(ways, monkeypatch):
    monkeypatch.setattr(express, "may_read", lambda person, ballot: person.is_authenticated)
    one, two, answered = ways.both()
    assert (one, answered) == (two, False)
    assert one[0] == 200


def test_a_ballot_is_looked_at_anew_in_good_time_and_nobody_waits_for_it(ways, monkeypatch):
    now, looks, held = SimpleNamespace(monotonic=lambda: 100.0), [], threading.Event()

    def find(pk):
        looks.append(pk)
        assert len(looks) == 1 or held.wait(60)
        return f"look {len(looks)}"

    monkeypatch.setattr(express, "time", now)
    monkeypatch.setattr(express, "find_public", find)

    async def read_at(seconds):
        now.monotonic = lambda: 100.0 + seconds
        return await ways.lane.readable(7)

    async def run():
        assert [await read_at(0), await read_at(0.9)] == ["look 1", "look 1"]
        assert (await read_at(1.5), await read_at(1.6)) == ("look 1", "look 1")  # one look is under way
        asyncio.get_running_loop().call_later(0.05, held.set)
        assert await read_at(2.1) == "look 2"  # what is older than two seconds is believed no more
        assert await read_at(2.2) == "look 2"
        assert len(looks) == 2
        assert await read_at(9) == "look 3"

    asyncio.run(run())


def test_the_limits_of_the_api_hold_in_the_lane_and_count_each_vote_once(ways, mehmet, monkeypatch):
    monkeypatch.setattr(UserRateThrottle, "THROTTLE_RATES", {**UserRateThrottle.THROTTLE_RATES, "user": "3/min"})
    assert ways.both()[2] is True
    assert len(cache.get(f"throttle_user_{mehmet.pk}")) == 2
    one, two, _ = ways.both()
    assert (one[0], two[0]) == (200, 429)
    one, two, answered = ways.both()
    assert one == two
    assert (one[0], answered) == (429, False)


def test_a_refused_vote_counts_once_against_the_limit(ways, mehmet):
    ways.both()
    counted = len(cache.get(f"throttle_user_{mehmet.pk}"))
    close(ways, mehmet)
    ways.both(body=b'{"paper": "no"}')
    assert len(cache.get(f"throttle_user_{mehmet.pk}")) == counted + 2


def test_an_unknown_outcome_is_asked_again_by_django(ways, monkeypatch):
    async def lose(item):
        raise OutcomeUnknown

    monkeypatch.setattr(casting.box, "ask_async", lose)
    one, two, answered = ways.both()
    assert (one, answered) == (two, False)
    assert one[0] == 200


def test_before_it_has_seen_an_answer_of_django_the_lane_gives_none(ways):
    one, two, answered = ways.both(teach="")
    assert (one, answered) == (two, False)


def test_many_first_votes_at_once_wait_for_one_lesson_and_are_counted(ways, monkeypatch):
    people = f.PersonFactory.create_batch(12)
    ballot = f.ProposalBallotFactory(ballot=f.BallotFactory(electors=people)).ballot
    requests = []
    for person in people:
        ways.sign_in(person)
        requests.append(ways.request(ballot.pk))

    async def run():
        return await asyncio.gather(*(ways.ask(ways.lane, *request) for request in requests))

    answers = asyncio.run(run())
    assert {answer[0] for answer in answers} == {200}
    assert (Vote.objects.filter(ballot=ballot).count(), ways.lane.answered) == (12, 11)


def test_with_a_middleware_it_does_not_know_the_lane_is_closed(settings):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "tests.Middleware"]
    assert express.express_lane(asgi.limited_pages) is asgi.limited_pages


def test_the_lane_can_be_closed_by_a_setting(settings):
    settings.EXPRESS_LANE = False
    assert express.express_lane(asgi.limited_pages) is asgi.limited_pages


def test_a_vote_leaves_its_line_in_the_log(ways, mehmet):
    with capture_logs() as lines:
        assert ways.both()[2] is True
    (line,) = [line for line in lines if line.get("lane") == "express"]
    assert (line["event"], line["code"], line["user_id"]) == ("request_finished", 200, mehmet.pk)
    assert line["request"] == f"PUT /api/v1/ballots/{ways.by_lane.pk}/vote/"
    assert line["ip"] == "127.0.0.1"
    assert "yes" not in json.dumps({name: str(value) for name, value in line.items()})
