"""Browsers without a WebSocket get the same frames by asking."""

from __future__ import annotations

import asyncio
import json
import time
import urllib.parse
import urllib.request

import pytest

from journal.models import Entry, Topic
from realtime import actions, frames, limits, views
from realtime import hub as hubs
from tests.realtime.conftest import Client, in_thread, say, say_many, until
from tests.realtime.servers import Server

ADDRESS = "/canli/yokla/"


@pytest.fixture(autouse=True)
def _own_site(monkeypatch, settings):
    settings.ROOT_URLCONF = "tests.realtime.pages"
    monkeypatch.setattr(views, "_buckets", views.limits.Buckets(1000, 1000))


async def test_polling_tells_what_the_socket_tells(hub, room, client):
    room.state[1] = {"yes": 3}
    await in_thread(say_many, 4)
    await in_thread(say, "secret", audience="staff")
    listener = Client(hub)
    await listener.join("state:room:1", room_1=(None, 2))
    await until(lambda: len(listener.of("room:1")) == 3)
    answer = await in_thread(client.get, ADDRESS, {"t": ["room:1@:2", "state:room:1"]})
    polled = answer.json()["frames"]
    assert [frame for frame in polled if "type" not in frame and "s" in frame] == listener.of("room:1")
    assert [frame["d"] for frame in polled if "d" in frame] == [{"yes": 3}]
    assert [frame for frame in polled if frame.get("type") == "joined"] == [
        frame for frame in listener.told("joined") if frame["t"] == "room:1"
    ]


def test_polling_is_never_cached_and_asks_the_same_permission(quick_db, room, client):
    room.banned.add(None)
    answer = client.get(ADDRESS, {"t": ["room:1", "state:room:1", "closed:1"]})
    assert [frame["type"] for frame in answer.json()["frames"]] == ["refused"] * 3
    assert "no-store" in answer.headers["Cache-Control"]
    assert "private" in answer.headers["Cache-Control"]


def test_polling_with_an_old_epoch_or_too_far_behind_is_told_to_load_again(quick_db, room, client, monkeypatch):
    monkeypatch.setattr(frames, "REPLAY_LIMIT", 2)
    say_many(4)
    for place in ("ffffffff:1", ":1", ":99"):
        answer = client.get(ADDRESS, {"t": f"room:1@{place}"})
        assert [(frame["type"], frame["s"]) for frame in answer.json()["frames"]] == [("resync", 4)]


def test_a_page_without_sequences_names_its_moment(quick_db, room, client):
    say_many(2)
    at = int(Entry.objects.latest("pk").recorded_at.timestamp())
    answer = client.get(ADDRESS, {"t": "room:1", "at": at})
    assert [frame["s"] for frame in answer.json()["frames"] if "k" in frame] == [1, 2]
    assert answer.json()["frames"][0]["e"] == Topic.objects.get().epoch


@pytest.mark.parametrize(
    "query", [{}, {"t": ["room:1"] * 21}, {"t": "room:1@x:y"}, {"t": "x" * 200}, {"t": "room:1@-3"}]
)
def test_nonsense_is_a_bad_request(quick_db, room, client, query):
    assert client.get(ADDRESS, query).status_code == 400


def test_polling_is_limited_by_address(quick_db, room, client, monkeypatch):
    monkeypatch.setattr(views, "_buckets", views.limits.Buckets(0.01, 2))
    assert [client.get(ADDRESS, {"t": "room:1"}).status_code for _ in range(3)] == [200, 200, 429]


def test_the_answer_is_json(quick_db, room, client):
    assert json.loads(client.get(ADDRESS, {"t": "presence:room:1"}).content)["frames"][0]["d"] == {"count": 0}


async def ask(origin: str, **query) -> tuple[dict, float]:
    """A question over a real server; its answer and how long it took."""
    started = time.monotonic()

    def get() -> dict:
        with urllib.request.urlopen(
            f"{origin}{ADDRESS}?{urllib.parse.urlencode(query, doseq=True)}", timeout=40
        ) as answer:
            return json.load(answer)

    return await asyncio.to_thread(get), time.monotonic() - started


async def test_a_long_poll_is_answered_when_there_is_news_and_tells_what_a_short_one_tells(
    quick_db, room, settings, live_bus, monkeypatch
):
    settings.ALLOWED_HOSTS, settings.LIVE_ORIGINS = ["127.0.0.1"], []
    room.state[1] = {"yes": 1}
    await in_thread(say_many, 2)
    async with Server() as server:
        first, _ = await ask(server.origin, t=["room:1@:1", "state:room:1"], bekle=1)
        assert [frame["s"] for frame in first["frames"] if "k" in frame] == [2]
        version = next(frame["v"] for frame in first["frames"] if "d" in frame)
        known = ["room:1@:2", f"state:room:1@{version[0]}:{version[1]}"]
        hub = await hubs.get_hub()
        for news in (lambda: say("three"), lambda: (room.state.update({1: {"yes": 2}}), actions.touch("state:room:1"))):
            asking = asyncio.create_task(ask(server.origin, t=known, bekle=1))
            await until(lambda: any(len(sink.follows) == 2 for sink in hub.sinks))
            await asyncio.sleep(0.1)
            assert not asking.done()
            await in_thread(news)
            answer, _ = await asking
            assert answer["held"] is True
            known[0] = "room:1@:3"
        assert [frame["d"] for frame in answer["frames"] if "d" in frame] == [{"yes": 2}]
        await until(lambda: not hub.sinks)
        monkeypatch.setattr(limits, "HELD_SECONDS", 0.2)
        answer, _ = await ask(server.origin, t="room:1@:3", bekle=1)
        assert [frame.get("type") for frame in answer["frames"]] == ["joined"]


async def test_a_long_poll_about_a_closed_topic_is_not_woken_and_a_refusal_is_told_at_once(
    quick_db, room, settings, live_bus
):
    settings.ALLOWED_HOSTS, settings.LIVE_ORIGINS = ["127.0.0.1"], []
    room.banned.add(None)
    async with Server() as server:
        answer, _ = await ask(server.origin, t="room:1@:0", bekle=1)
        assert [frame["type"] for frame in answer["frames"]] == ["refused"]
