"""The hub over both buses: order, resume, gaps, audiences, goodbye."""

from __future__ import annotations

import asyncio
import time

import pytest

from journal.models import Entry, Topic
from people.models import Person
from realtime import actions, frames
from realtime.bus import BusDown, Message, get_bus
from tests.realtime.conftest import Client, empty_the_journal, in_thread, say, say_many, until


async def test_followers_get_every_entry_once_and_in_order(hub, other_hub, room):
    here, there = Client(hub), Client(other_hub)
    await here.join("room:1")
    await there.join("room:1")
    await asyncio.gather(*(in_thread(say, str(number)) for number in range(40)))
    await until(lambda: len(here.of("room:1")) == 40 and len(there.of("room:1")) == 40)
    assert here.sequences("room:1") == there.sequences("room:1") == list(range(1, 41))
    by_sequence = await in_thread(lambda: {e.sequence: e.facts["text"] for e in Entry.objects.all()})
    assert {frame["s"]: frame["text"] for frame in here.of("room:1")} == by_sequence


async def test_a_client_resumes_after_the_last_sequence_it_saw(hub, room):
    await in_thread(say_many, 7)
    client = Client(hub)
    epoch = (await in_thread(Topic.objects.get)).epoch
    await client.join(room_1=(epoch, 4))
    await until(lambda: len(client.of("room:1")) == 3)
    assert client.sequences("room:1") == [5, 6, 7]
    assert client.told("joined") == [{"type": "joined", "t": "room:1", "e": epoch, "s": 4}]
    await in_thread(say)
    await until(lambda: client.sequences("room:1") == [5, 6, 7, 8])


async def test_a_client_without_a_sequence_starts_with_what_comes(hub, room):
    await in_thread(say_many, 3)
    client = Client(hub)
    await client.join("room:1")
    await in_thread(say)
    await until(lambda: client.sequences("room:1") == [4])


async def test_a_page_that_names_its_moment_misses_nothing_recorded_around_it(hub, room):
    await in_thread(say_many, 3)
    entry = await in_thread(Entry.objects.latest, "pk")
    client = Client(hub)
    await hub.join(client.sink, {"room:1": (None, None)}, at=entry.recorded_at)
    await until(lambda: client.sequences("room:1") == [1, 2, 3])


@pytest.mark.parametrize("place", [("ffffffff", 1), (None, 99)])
async def test_another_epoch_or_a_sequence_from_the_future_means_resync(hub, room, place):
    await in_thread(say_many, 2)
    client = Client(hub)
    await client.join(room_1=place)
    assert [frame["s"] for frame in client.told("resync")] == [2]
    await in_thread(say)
    await until(lambda: client.sequences("room:1") == [3])


async def test_missing_more_than_the_limit_means_resync(hub, room, monkeypatch):
    monkeypatch.setattr(frames, "REPLAY_LIMIT", 5)
    await in_thread(say_many, 8)
    client = Client(hub)
    await client.join(room_1=(None, 1))
    await until(lambda: client.told("resync"))
    assert client.told("resync")[0]["s"] == 8
    await in_thread(say)
    await until(lambda: client.sequences("room:1") == [9])


async def test_what_the_bus_lost_is_read_from_the_journal(hub, room, monkeypatch):
    client = Client(hub)
    await client.join("room:1")
    bus = get_bus()
    publish = bus.publish
    monkeypatch.setattr(bus, "publish", lambda topic, message: None)
    await in_thread(say, "lost 1")
    await in_thread(say, "lost 2")
    monkeypatch.setattr(bus, "publish", publish)
    await in_thread(say, "heard")
    await until(lambda: client.sequences("room:1") == [1, 2, 3])
    assert [frame["text"] for frame in client.of("room:1")] == ["lost 1", "lost 2", "heard"]


async def test_frames_published_in_the_wrong_order_are_delivered_in_order(hub, room, monkeypatch):
    client = Client(hub)
    await client.join("room:1")
    bus = get_bus()
    publish, held = bus.publish, []
    monkeypatch.setattr(bus, "publish", lambda topic, message: held.append((topic, message)))
    await in_thread(say_many, 3)
    for topic, message in reversed(held):
        await in_thread(publish, topic, message)
        await in_thread(publish, topic, message)
    await until(lambda: len(client.of("room:1")) >= 3)
    assert client.sequences("room:1") == [1, 2, 3]


async def test_an_entry_lost_at_the_end_is_found_by_the_regular_check(hub, room, monkeypatch):
    client = Client(hub)
    await client.join("room:1")
    bus = get_bus()
    publish = bus.publish
    monkeypatch.setattr(bus, "publish", lambda topic, message: None)
    await in_thread(say, "lost")
    monkeypatch.setattr(bus, "publish", publish)
    await hub.check_truth()
    await until(lambda: client.sequences("room:1") == [1])


async def test_a_journal_that_began_anew_resyncs_everybody(hub, room):
    client = Client(hub)
    await client.join("room:1")
    await in_thread(say_many, 3)
    await until(lambda: len(client.of("room:1")) == 3 and client.told("joined")[-1]["e"])
    await in_thread(empty_the_journal)
    await in_thread(say, "first of the new")
    await hub.check_truth()
    await until(lambda: client.told("resync"))
    assert client.told("resync")[0]["s"] == 1
    await in_thread(say, "second")
    await until(lambda: client.of("room:1")[-1]["text"] == "second")


async def test_an_entry_that_is_not_public_counts_and_tells_nothing(hub, room):
    client = Client(hub)
    await client.join("room:1")
    await in_thread(say, "secret", audience="staff")
    await in_thread(say, "open")
    await until(lambda: len(client.of("room:1")) == 2)
    assert client.of("room:1")[0] == {"t": "room:1", "s": 1, "k": ""}
    late = Client(hub)
    await late.join(room_1=(None, 0))
    await until(lambda: len(late.of("room:1")) == 2)
    assert late.of("room:1") == client.of("room:1")


async def test_an_audience_reads_its_own_entries_of_the_same_log(hub, other_hub, room):
    from realtime import topics

    ayse = await in_thread(Person.objects.create, email="ayse@ornek.invalid", display_name="Ayşe")
    topics.register("room:staff", may_join=lambda person, room: person.pk == ayse.pk)
    officer, visitor = Client(other_hub, ayse), Client(hub)
    for client in (officer, visitor):
        await client.join("room:1", "room:1:staff", "room:1:involved")
    assert [[frame["t"] for frame in each.told("refused")] for each in (officer, visitor)] == [
        ["room:1:involved"],
        ["room:1:staff", "room:1:involved"],
    ]
    await in_thread(say, "for staff", audience="staff")
    await in_thread(say, "for those involved", audience="involved")
    await in_thread(say, "for all")
    await until(lambda: len(officer.of("room:1:staff")) == len(visitor.of("room:1")) == len(officer.of("room:1")) == 3)
    assert [frame.get("text") for frame in officer.of("room:1:staff")] == ["for staff", None, "for all"]
    for client in (officer, visitor):
        assert [frame.get("text") for frame in client.of("room:1")] == [None, None, "for all"]
    late = Client(hub, ayse)
    await hub.join(late.sink, {"room:1:staff": (None, 0)})
    await until(lambda: late.of("room:1:staff") == officer.of("room:1:staff"))
    topics.register("room:staff", may_join=lambda person, room: False)
    await in_thread(actions.recheck, topic="room:1")
    await until(lambda: [frame["t"] for frame in officer.told("left")] == ["room:1:staff"])


async def test_what_was_hidden_is_not_told_again_from_memory(hub, room):
    client = Client(hub)
    await client.join("room:1")
    await in_thread(say, "insult")
    await until(lambda: client.of("room:1"))
    frames.register("room.said", lambda entry: {"text": "hidden"})
    await in_thread(say, kind="room.hushed")
    await until(lambda: len(client.of("room:1")) == 2)
    late = Client(hub)
    await late.join(room_1=(None, 0))
    await until(lambda: len(late.of("room:1")) == 2)
    assert [frame.get("text") for frame in late.of("room:1")] == ["hidden", None]


async def test_a_renderer_that_fails_costs_its_content_only(hub, room):
    client = Client(hub)
    await client.join("room:1")
    frames.register("room.broken", lambda entry: {"text": 1 / 0})
    await in_thread(say, kind="room.broken")
    await in_thread(say, "next")
    await until(lambda: client.sequences("room:1") == [1, 2])


# --- the bus -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "message",
    [Message(), Message(7, '{"t":"ş"}'), Message(7, "{}", True), Message(control={"what": "end", "person": 3})],
)
def test_messages_survive_the_bus(message):
    assert Message.decode(message.encode()) == message


def test_nonsense_on_the_bus_is_refused():
    for data in (b"", b"x", b"lnot a number {}", b"c[]", b"c{"):
        with pytest.raises(ValueError):
            Message.decode(data)


async def test_goodbye_is_said_before_the_close(hub, room):
    client = Client(hub)
    await client.join("room:1")
    await hub.stop()
    assert client.told("bye")
    assert client.code == 1012


@pytest.mark.parametrize("live_bus", [pytest.param("redis", marks=pytest.mark.redis)], indirect=True)
async def test_a_dead_redis_breaks_no_publisher(live_bus, quick_db, room, settings):
    from realtime import bus as buses
    from tests.services import spare_port

    settings.LIVE_BUS = f"redis://127.0.0.1:{spare_port()}/0"
    buses.close_bus()
    started = time.monotonic()
    await in_thread(say, "recorded all the same")
    with pytest.raises(BusDown):
        await in_thread(get_bus().publish, "room:1", Message())
    assert time.monotonic() - started < 30
    assert await in_thread(Entry.objects.count) == 1
