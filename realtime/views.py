"""Tickets for sockets, and the same frames for browsers without a WebSocket."""

from __future__ import annotations

import time
from datetime import datetime

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from people.access import public
from realtime import frames, identity, limits, protocol, states, tickets, topics, waiting
from realtime.bus import BusDown, get_bus
from realtime.metrics import METRICS

log = structlog.get_logger(__name__)
_buckets = limits.Buckets(limits.POLLS_PER_SECOND, limits.POLLS_AT_ONCE)


@public
@never_cache
@require_safe
def poll(request: HttpRequest) -> HttpResponse:
    """``?t=thread:9@epoch:17&t=state:ballot:3&at=…``: what happened since, as the socket would tell it."""
    METRICS.polls += 1
    if not _buckets.take(limits.network_of(request.META.get("REMOTE_ADDR", ""))):
        return JsonResponse({"code": "too_many_requests"}, status=429, headers={"Retry-After": "10"})
    wishes = request.GET.getlist("t")
    if not wishes or len(wishes) > limits.TOPICS_PER_POLL:
        return JsonResponse({"code": "topics"}, status=400)
    try:
        known = dict(map(protocol.wished, wishes))
    except protocol.ProtocolError:
        return JsonResponse({"code": "topics"}, status=400)
    at = request.GET.get("at", "")
    rendered_at = protocol.moment(int(at)) if at.isascii() and at.isdigit() and len(at) < 12 else None
    allowed = topics.allowed(request.user, known)
    found: list[str] = []
    for name, (epoch, cursor) in known.items():
        if name in allowed:
            found += _news(name, epoch, cursor, rendered_at)
        else:
            found.append(frames.control("refused", t=name))
    held = "true" if getattr(request, "scope", {}).get(waiting.HELD) else "false"
    body = f'{{"now":{int(time.time() * 1000)},"held":{held},"frames":[{",".join(found)}]}}'
    return HttpResponse(body, content_type="application/json")


@public
@never_cache
@require_safe
def ticket(request: HttpRequest) -> JsonResponse:
    """``?t=thread:9&t=…``: a ticket for the socket, with those of the topics which this person may follow.

    A visitor without an account needs none.
    """
    asked_at = time.time()
    key = request.session.session_key
    if not request.user.is_authenticated or key is None:
        return JsonResponse({"ticket": "", "seconds": tickets.SECONDS})
    wishes = [name for name in request.GET.getlist("t")[: limits.TOPICS_PER_SOCKET] if len(name) <= topics.LONGEST_NAME]
    allowed = topics.allowed(request.user, wishes)
    text = tickets.mint(request.user.pk, identity.digest(key), allowed, asked_at=asked_at)
    return JsonResponse({"ticket": text, "seconds": tickets.SECONDS})


def _news(name: str, epoch: str | None, cursor: int | None, at: datetime | None) -> list[str]:
    topic = topics.parse(name)
    if topic.sort is topics.Sort.PRESENCE:
        try:
            count = get_bus().count_present(name)
        except BusDown:
            return []
        return [states.encode(name, (int(time.time() * 1000), 0), {"count": count})]
    if topic.sort is topics.Sort.STATE:
        if not states.is_known(name):
            return [frames.control("refused", t=name)]
        reading = states.read(name)
        return [states.encode(name, reading.version, reading.data)]
    head = frames.heads([name])[name]
    if cursor is None:
        cursor = frames.sequence_at(name, at) if at else head.sequence
    if (epoch and head.epoch and epoch != head.epoch) or cursor > head.sequence:
        return [frames.control("resync", t=name, e=head.epoch, s=head.sequence)]
    missed = frames.replay(name, after=cursor) if cursor < head.sequence else []
    if len(missed) > frames.REPLAY_LIMIT:
        return [frames.control("resync", t=name, e=head.epoch, s=head.sequence)]
    return [frames.control("joined", t=name, e=head.epoch, s=cursor), *(frame.text for frame in missed)]
