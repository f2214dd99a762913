"""The same frames for browsers without a WebSocket, asked for every few seconds."""

from __future__ import annotations

import time
from datetime import datetime

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from people.access import public
from realtime import frames, limits, protocol, states, topics
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
        known = dict(_read(wish) for wish in wishes)
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
    body = f'{{"now":{int(time.time() * 1000)},"frames":[{",".join(found)}]}}'
    return HttpResponse(body, content_type="application/json")


def _read(wish: str) -> tuple[str, tuple[str | None, int | None]]:
    name, _, place = wish.partition("@")
    if not 0 < len(name) <= topics.LONGEST_NAME or len(place) > 40:
        raise protocol.ProtocolError("topics")
    if not place:
        return name, (None, None)
    epoch, _, sequence = place.rpartition(":")
    if not (sequence.isascii() and sequence.isdigit()):
        raise protocol.ProtocolError("position")
    return name, protocol.position([epoch, int(sequence)])


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
