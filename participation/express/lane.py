"""An ASGI application before Django that answers one request itself: `PUT /api/v1/ballots/<id>/vote/` of a signed-in person.

Thousands vote in the same minutes, and what a vote needs is little: whose session it is, that the form token fits, one
row. On the way through Django each request costs a thread and some milliseconds of middlewares. Here it is a coroutine
that does what the middlewares do, with their own functions, and joins the others in the group commit (`ballots.casting`).

It knows one answer, the receipt. Whatever it does not understand exactly (another header that could matter, a token, a
refusal, an unusual body, an office with a second step) goes to Django unchanged and gets Django's answer; nothing has been
written then. The headers of the answer are those Django gave to the first such vote of this process.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from io import BytesIO
from json import loads
from random import getrandbits
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import orjson
import structlog
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import SuspiciousOperation
from django.core.handlers.asgi import ASGIRequest
from django.db import Error, connection
from django.http import HttpRequest
from django.utils import translation
from ipware import get_client_ip
from rest_framework.authentication import CSRFCheck
from rest_framework.exceptions import ValidationError
from rest_framework.throttling import BaseThrottle

from ballots import casting, papers
from ballots.casting import Cast, Receipt
from ballots.models import Ballot, RollRule
from ballots.permissions import may_read
from journal.group_commit import OutcomeUnknown
from participation.api import idempotency
from participation.api.serializers import ReceiptSerializer
from participation.api.views.ballots import VoteView
from participation.express.visitors import Visitor, visitors

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

PATH = re.compile(r"/api/v1/ballots/([1-9][0-9]{0,17})/vote/")
MOST_BYTES = 4_096
MOST_HOSTS = 16
BALLOT_SECONDS = 2.0
"""How long what a ballot's owner said, that everybody may read it, is believed."""

# Everything else in a request could change the answer, or is not known to leave it alone.
HARMLESS = frozenset(
    b"accept accept-encoding accept-language cache-control connection content-length content-type cookie dnt host "
    b"idempotency-key origin pragma priority referer sec-ch-ua sec-ch-ua-mobile sec-ch-ua-platform sec-fetch-dest "
    b"sec-fetch-mode sec-fetch-site user-agent x-csrftoken x-forwarded-for x-forwarded-proto x-real-ip x-request-id "
    b"x-requested-with".split()
)
CONTENT_TYPES = frozenset({"application/json", "application/json; charset=utf-8", "application/json;charset=UTF-8"})
# Headers of Django's answer that are the same for every vote.
CONSTANT = frozenset(
    b"allow cache-control content-language content-security-policy content-type cross-origin-opener-policy "
    b"permissions-policy referrer-policy strict-transport-security vary x-content-type-options x-frame-options".split()
)
MADE_HERE = frozenset({b"content-length", b"x-request-id", idempotency.REPLAYED.lower().encode()})
# What the lane does or may leave out of the middlewares; with any other it stays closed (`is_open`).
KNOWN_MIDDLEWARES = frozenset(
    {
        "django.middleware.security.SecurityMiddleware",
        "whitenoise.middleware.WhiteNoiseMiddleware",
        "csp.middleware.CSPMiddleware",
        "django_structlog.middlewares.RequestMiddleware",
        "participation.middleware.RequestIdMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "people.middleware.LanguageMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "participation.page_cache.PageCacheMiddleware",  # pages for reading only
        "people.middleware.PersonMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
        "allauth.account.middleware.AccountMiddleware",
        "django_htmx.middleware.HtmxMiddleware",
        "participation.middleware.SecondStepMiddleware",
        "councils.middleware.CouncilMiddleware",
        "people.middleware.PersonalPagesMiddleware",
    }
)
# One for all answers: DRF makes it anew for each, which costs as much as everything else together.
SHAPE = ReceiptSerializer()
Manners = tuple[tuple[bytes, bytes], ...]
requests_log = logging.getLogger("django_structlog.middlewares.request")
log = structlog.get_logger(requests_log.name)


class NotHere(Exception):
    """This request is Django's."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A vote as it was sent, with everything that is read from the request alone."""

    request: HttpRequest
    session: str
    ballot: int
    paper: str
    key: UUID | None
    manners: tuple[str, bool]
    """What the headers of the answer depend on: the language, and whether the line is secure."""


@dataclass(slots=True)
class Looked:
    """What was found when a ballot's owner was asked, and the next look when it is under way."""

    at: float
    found: asyncio.Task[Ballot | None]
    again: Looked | None = None

    def is_older(self, now: float, than: float = BALLOT_SECONDS) -> bool:
        return self.at + than < now


def look(pk: int, now: float) -> Looked:
    return Looked(now, asyncio.create_task(asyncio.to_thread(find_public, pk)))


def is_open() -> bool:
    return settings.EXPRESS_LANE and KNOWN_MIDDLEWARES.issuperset(settings.MIDDLEWARE)


def express_lane(django: App) -> App:
    """Votes by the lane, everything else by `django`."""
    return ExpressLane(django) if is_open() else django


class ExpressLane:
    def __init__(self, django: App) -> None:
        self.django = django
        self.manners: dict[tuple[str, bool], Manners] = {}
        self.lessons: dict[tuple[str, bool], asyncio.Event] = {}
        self.ballots: dict[int, Looked] = {}
        self.hosts: set[str] = set()  # that Django has found to be ours
        self.answered = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "PUT" or not (place := PATH.fullmatch(scope["path"])):
            await self.django(scope, receive, send)
            return
        body = b""
        try:
            self.look_at(scope)
            body = await whole(receive)
            asked = self.read(scope, body, int(place[1]))
            manners = self.manners.get(asked.manners) or await self.learned(asked.manners)
            if manners is None:
                await self.learn(asked.manners, scope, replay(body, receive), send)
                return
            receipt = await self.cast(asked)
        except NotHere:
            await self.django(scope, replay(body, receive), send)
            return
        await self.answer(asked, manners, receipt, send)

    # --- Reading ------------------------------------------------------------------------------------------------------
    @staticmethod
    def look_at(scope: Scope) -> None:
        names = [name for name, _value in scope["headers"]]
        if scope.get("root_path") or scope.get("query_string") or len(set(names)) < len(names):
            raise NotHere
        if not HARMLESS.issuperset(names):
            raise NotHere
        length = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
        if not length.isdigit() or not 0 < int(length) <= MOST_BYTES:
            raise NotHere

    def read(self, scope: Scope, body: bytes, ballot: int) -> Asked:
        request = ASGIRequest(scope, BytesIO(body))
        session = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        if not session or request.META.get("CONTENT_TYPE") not in CONTENT_TYPES:
            raise NotHere
        try:
            if request.META.get("HTTP_HOST") not in self.hosts:
                request.get_host()
                # With any port a host of ours is ours: whoever asks makes up as many as they like.
                if len(self.hosts) < MOST_HOSTS:
                    self.hosts.add(request.META["HTTP_HOST"])
            is_secure = request.is_secure()
            key = None
            if "HTTP_IDEMPOTENCY_KEY" in request.META:
                key = idempotency.key_of(
                    SimpleNamespace(headers={idempotency.HEADER: request.META["HTTP_IDEMPOTENCY_KEY"]})
                )  # type: ignore[arg-type]
            sent = loads(body)
        except (SuspiciousOperation, ValidationError, ValueError, KeyError, RecursionError):
            raise NotHere from None
        if settings.SECURE_SSL_REDIRECT and not is_secure:
            raise NotHere
        if not isinstance(sent, dict) or sent.keys() != {"paper"} or not isinstance(sent["paper"], str):
            raise NotHere
        check = CSRFCheck(_nothing)
        check.process_request(request)
        if check.process_view(request, None, (), {}) is not None:
            raise NotHere
        language = translation.get_language_from_request(request)
        return Asked(request, session, ballot, sent["paper"], key, (language, is_secure))

    # --- Doing --------------------------------------------------------------------------------------------------------
    async def cast(self, asked: Asked) -> Receipt:
        """The receipt of the vote. Raises `NotHere` when there is none; the vote may still be written, and Django finds it."""
        try:
            ballot = await self.readable(asked.ballot)
            person = await visitors.ask_async(asked.session)
            if ballot is None or person is None or not fits(ballot, asked.paper):
                raise NotHere
            throttles = VoteView().get_throttles()
            if not await self.limits(within_limits, throttles, asked, person):
                raise NotHere
            answer = await casting.box.ask_async(Cast(ballot.pk, person.pk, asked.paper, asked.key))
            if isinstance(answer, str):
                await self.limits(uncount, throttles, asked, person)  # Django counts it
                raise NotHere
        except (OutcomeUnknown, Error):
            raise NotHere from None
        return answer

    @staticmethod
    async def limits(do: Callable[..., bool], throttles: list[BaseThrottle], asked: Asked, person: Visitor) -> bool:
        """The limits of the API, the same as on the way through Django."""
        asked.request.user = person  # type: ignore[assignment]
        asked.request.auth = None  # type: ignore[attr-defined]
        if settings.REDIS_URL:
            return await asyncio.to_thread(do, throttles, asked.request)
        return do(throttles, asked.request)

    async def readable(self, pk: int) -> Ballot | None:
        """A ballot that everybody may read, a visitor too. It is looked at anew in good time, so that nobody waits for it."""
        now = time.monotonic()
        known = self.ballots.get(pk)
        if known is not None and known.again is not None and (known.again.found.done() or known.is_older(now)):
            known = self.ballots[pk] = known.again
        if known is None or known.is_older(now):
            if len(self.ballots) > 1_000:
                self.ballots.clear()
            known = self.ballots[pk] = look(pk, now)
        elif known.again is None and known.is_older(now, BALLOT_SECONDS / 2):
            known.again = look(pk, now)
        return known.found.result() if known.found.done() else await asyncio.shield(known.found)

    # --- Answering ----------------------------------------------------------------------------------------------------
    async def learned(self, shape: tuple[str, bool]) -> Manners | None:
        """The headers of an answer of this shape, once the first request of the shape has been answered by Django."""
        lesson = self.lessons.get(shape)
        if lesson is None:
            return None
        await lesson.wait()
        return self.manners.get(shape)

    async def learn(self, shape: tuple[str, bool], scope: Scope, receive: Receive, send: Send) -> None:
        """Let Django answer, and remember the headers it gives to a vote of this shape."""

        async def listen(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                kept = tuple(
                    (name.lower(), value) for name, value in message["headers"] if name.lower() not in MADE_HERE
                )
                if CONSTANT.issuperset(name for name, _value in kept) and not any(
                    b"'nonce-" in value for _, value in kept
                ):
                    self.manners[shape] = kept
            await send(message)

        lesson = self.lessons.setdefault(shape, asyncio.Event())
        try:
            await self.django(scope, receive, listen)
        finally:
            lesson.set()

    async def answer(self, asked: Asked, manners: Manners, receipt: Receipt, send: Send) -> None:
        body = orjson.dumps(SHAPE.to_representation(receipt))
        request_id = str(new_id())
        headers = [*manners, (b"content-length", b"%d" % len(body)), (b"x-request-id", request_id.encode())]
        if receipt.is_repeated:
            headers.append((idempotency.REPLAYED.lower().encode(), b"true"))
        self.answered += 1
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})
        if requests_log.isEnabledFor(logging.INFO):
            write_down(asked.request, request_id)


def new_id() -> uuid.UUID:
    """An id for the log, unique and no secret: a call of the system for each would let other threads in between."""
    return uuid.UUID(int=getrandbits(128), version=4)  # nosec B311


def write_down(request: HttpRequest, request_id: str) -> None:
    """The line a request leaves in the log, as on the way through Django."""
    log.info(
        "request_finished",
        code=200,
        request=f"{request.method} {request.path}",
        request_id=request_id,
        user_id=request.user.pk,
        ip=get_client_ip(request)[0],
        user_agent=request.META.get("HTTP_USER_AGENT"),
        lane="express",
    )


async def whole(receive: Receive) -> bytes:
    """The body of the request; the server takes no more than was announced."""
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise asyncio.CancelledError  # the client has gone
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return body


def replay(body: bytes, receive: Receive) -> Receive:
    """`receive` for Django, beginning with the body that has been read."""
    is_read = False

    async def again() -> dict[str, Any]:
        nonlocal is_read
        if is_read or not body:
            return await receive()
        is_read = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def find_public(pk: int) -> Ballot | None:
    try:
        ballot = Ballot.objects.filter(pk=pk).first()
        return ballot if ballot is not None and may_read(AnonymousUser(), ballot) else None
    finally:
        connection.close()


def fits(ballot: Ballot, paper: str) -> bool:
    """Whether the vote can be taken here. Where the roll moves, Django asks its owner who has the right now."""
    if ballot.roll_rule != RollRule.FIXED:
        return False
    try:
        papers.check(ballot, paper)
    except papers.InvalidPaper:
        return False
    return True


def within_limits(throttles: list[Any], request: HttpRequest) -> bool:
    """Whether the limits let this request pass; it is counted then."""
    verdicts = [throttle.allow_request(request, None) for throttle in throttles]  # each counts, whatever the others say
    return all(verdicts)


def uncount(throttles: list[Any], _request: HttpRequest) -> bool:
    """Take the request out of the counts again."""
    for throttle in throttles:
        if getattr(throttle, "key", None) and throttle.now in throttle.history:
            throttle.history.remove(throttle.now)
            throttle.cache.set(throttle.key, throttle.history, throttle.duration)
    return True


def _nothing(request: HttpRequest) -> Any:
    return None
