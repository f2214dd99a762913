"""The hub over both buses: order, resume, gaps, conflation, slow clients, revocation."""

from __future__ import annotations

import asyncio
import threading
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


# --- states ------------------------------------------------------------------------------------------


async def test_a_state_is_told_at_joining_and_then_at_most_four_times_a_second(hub, room):
    room.state[1] = {"yes": 0}
    client = Client(hub)
    await client.join("state:room:1")
    await until(lambda: client.of("state:room:1"))
    started = time.monotonic()
    for number in range(1, 400):
        room.state[1] = {"yes": number}
        await in_thread(actions.touch, "state:room:1")
        if number % 40 == 0:
            await asyncio.sleep(0.05)
    await until(lambda: client.of("state:room:1")[-1]["d"] == {"yes": 399})
    elapsed = time.monotonic() - started
    told = client.of("state:room:1")
    assert len(told) - 1 <= elapsed * 4 + 2
    values, versions = [frame["d"]["yes"] for frame in told], [frame["v"] for frame in told]
    assert values == sorted(values)
    assert versions == sorted(versions)
    assert len({tuple(version) for version in versions}) == len(versions)
    assert len(room.reads) - 1 <= elapsed * 4 + 2


async def test_a_change_after_a_calm_is_told_at_once(hub, room, monkeypatch):
    """Nothing is put off: the state is read in the turn of the loop that hears of the change."""
    room.state[1] = {"yes": 0}
    client = Client(hub)
    await client.join("state:room:1")
    await asyncio.sleep(0.3)
    stream, later, put_off = hub.streams["state:room:1"], hub.loop.call_later, []

    def noted(delay, callback, *arguments):
        if callback == stream._start:
            put_off.append(delay)
        return later(delay, callback, *arguments)

    monkeypatch.setattr(hub.loop, "call_later", noted)
    room.state[1] = {"yes": 1}
    await in_thread(actions.touch, "state:room:1")
    await until(lambda: len(client.of("state:room:1")) == 2)
    assert put_off == []
    await in_thread(actions.touch, "state:room:1")
    await until(lambda: put_off)


async def test_a_state_nobody_follows_is_not_read(hub, room):
    await in_thread(actions.touch, "state:room:1")
    await asyncio.sleep(0.1)
    assert room.reads == []


async def test_versions_of_all_processes_follow_what_they_saw(hub, other_hub, room):
    """Whoever read later has the higher version, in whatever process: a client that moves never goes back."""
    here, there = Client(hub), Client(other_hub)
    room.state[1] = {"yes": 0}
    await here.join("state:room:1")
    await there.join("state:room:1")
    for number in range(1, 6):
        room.state[1] = {"yes": number}
        await in_thread(say)  # a committed write, as a vote is
        await in_thread(actions.touch, "state:room:1")
        await until(lambda: all(client.of("state:room:1")[-1]["d"] == room.state[1] for client in (here, there)))
    told = sorted([*here.of("state:room:1"), *there.of("state:room:1")], key=lambda frame: frame["v"])
    values = [frame["d"]["yes"] for frame in told]
    assert values == sorted(values)


async def test_a_state_that_changes_by_the_clock_is_read_at_that_moment(hub, room):
    from datetime import timedelta

    from django.utils import timezone

    from realtime import states

    closes_at = None

    def read(_room: int) -> states.State:
        nonlocal closes_at
        now = timezone.now()
        closes_at = closes_at or now + timedelta(seconds=0.6)  # after it was read for the first time, however late
        return states.State({"open": now < closes_at}, again_at=closes_at)

    states.register("room", read)
    client = Client(hub)
    await client.join("state:room:1")
    await until(lambda: client.of("state:room:1")[-1:] and client.of("state:room:1")[-1]["d"] == {"open": False})
    assert [frame["d"]["open"] for frame in client.of("state:room:1")] == [True, False]


async def test_presence_counts_people_over_all_processes(hub, other_hub, room):
    ayse = await in_thread(Person.objects.create, email="ayse@ornek.invalid", display_name="Ayşe")
    first, second = Client(hub, ayse), Client(hub, ayse)
    third = Client(other_hub)
    for client in (first, second, third):
        await client.join("presence:room:1")
    for client in (first, third):
        await until(
            lambda client=client: (
                client.of("presence:room:1")[-1:] and client.of("presence:room:1")[-1]["d"] == {"count": 2}
            )
        )
    other_hub.unregister(third.sink)
    await until(lambda: first.of("presence:room:1")[-1]["d"] == {"count": 1})
    assert all(set(frame["d"]) == {"count"} for frame in first.of("presence:room:1"))


# --- slow clients --------------------------------------------------------------------------------------


async def test_a_client_that_does_not_read_delays_nobody_and_catches_up(hub, room, monkeypatch):
    monkeypatch.setattr(hub, "slowest", 3600.0)  # however long the others take
    room.state[1] = {"yes": 0}
    slow, quick = Client(hub), Client(hub)
    for client in (slow, quick):
        await client.join("room:1", "state:room:1")
    await until(lambda: slow.of("state:room:1"))
    slow.reads.clear()
    for number in range(1, 31):
        await in_thread(say, str(number))
        room.state[1] = {"yes": number}
        await in_thread(actions.touch, "state:room:1")
    await until(lambda: len(quick.of("room:1")) == 30 and quick.of("state:room:1")[-1]["d"] == {"yes": 30})
    assert len(slow.of("room:1")) == 0
    slow.reads.set()
    await until(lambda: len(slow.of("room:1")) == 30 and slow.of("state:room:1")[-1]["d"] == {"yes": 30})
    assert slow.sequences("room:1") == list(range(1, 31))
    assert len(slow.of("state:room:1")) <= 4  # the newest, not all of them


async def test_five_stalled_clients_of_205_leave_the_others_alone(hub, room, monkeypatch):
    monkeypatch.setattr(hub, "slowest", 0.5)
    clients = [Client(hub) for _ in range(205)]
    await asyncio.gather(*(client.join("room:1") for client in clients))
    stalled, quick = clients[:5], clients[5:]
    for client in stalled:
        client.reads.clear()
    for number in range(10):
        await in_thread(say, str(number))
    await until(lambda: all(client.sequences("room:1") == list(range(1, 11)) for client in quick))
    assert not any(client.of("room:1") for client in stalled)
    await until(lambda: [client.code for client in stalled] == [4008] * 5)
    assert {client.code for client in quick} == {None}


async def test_above_so_many_a_second_entries_travel_together(hub, room, monkeypatch):
    from realtime.streams import log

    monkeypatch.setattr(log, "BATCH_ABOVE", 2)  # a busy machine may record less than twenty a second
    client, late = Client(hub), Client(hub)
    await client.join("room:1")
    for start in range(0, 120, 40):
        await in_thread(say_many, 40)
        await until(lambda start=start: len(client.of("room:1")) == start + 40)
        if not start:
            await late.join(room_1=(None, 10))
    await until(lambda: len(late.of("room:1")) == 110)
    assert client.sequences("room:1") == list(range(1, 121))
    assert late.sequences("room:1") == list(range(11, 121))
    assert client.messages < 100


async def test_few_entries_travel_alone_and_at_once(hub, room):
    client = Client(hub)
    await client.join("room:1")
    for number in range(5):
        await in_thread(say)
        await until(lambda number=number: len(client.of("room:1")) == number + 1)
    assert client.messages == 1 + 5 + len(client.told("joined")) - 1


async def test_a_ring_keeps_so_many_frames_and_so_long(hub, room, monkeypatch):
    from realtime.streams import log

    monkeypatch.setattr(log, "RING", 5)
    client = Client(hub)
    await client.join("room:1")
    await in_thread(say_many, 8)
    await until(lambda: len(client.of("room:1")) == 8)
    stream = hub.streams["room:1"]
    assert [frame[0] for frame in stream.ring] == [4, 5, 6, 7, 8]
    monkeypatch.setattr(log, "RING_SECONDS", 0.0)
    await hub.check_truth()
    assert list(stream.ring) == []
    late = Client(hub)
    await late.join(room_1=(None, 3))
    await until(lambda: late.sequences("room:1") == [4, 5, 6, 7, 8])


async def test_one_question_answers_for_everybody_who_follows_an_open_topic(hub, room):
    from realtime import topics

    topics.register("room", may_join=room.may_join, visitors_first=True)
    ayse = await in_thread(Person.objects.create, email="ayse@ornek.invalid", display_name="Ayşe")
    clients = [Client(hub, person) for person in (None, ayse) for _ in range(10)]
    for client in clients:
        await client.join("room:1", "state:room:1")
    assert room.asked == 2
    from realtime import access

    await access.recheck(hub, [client.sink for client in clients])
    assert room.asked == 4
    room.banned.add(None)
    await in_thread(actions.recheck, topic="room:1")
    await until(lambda: all(len(client.told("left")) == 2 for client in clients[:10]))
    assert not any(client.told("left") for client in clients[10:])


async def test_a_client_that_reads_nothing_is_cut_and_may_resume(hub, room, monkeypatch):
    monkeypatch.setattr(hub, "slowest", 0.3)
    slow = Client(hub)
    await slow.join("room:1")
    slow.reads.clear()
    await in_thread(say)
    await until(lambda: slow.code == 4008)
    again = Client(hub)
    await again.join(room_1=(None, 0))
    await until(lambda: again.sequences("room:1") == [1])


# --- permission ----------------------------------------------------------------------------------------


async def test_who_may_not_join_is_refused_and_hears_nothing(hub, room):
    room.banned.add(None)
    client = Client(hub)
    await client.join("room:1", "state:room:1", "presence:room:1", "closed:1", "room:0", "room:x", "room:1;drop")
    assert {frame["t"] for frame in client.told("refused")} == {
        "room:1", "state:room:1", "presence:room:1", "closed:1", "room:0", "room:x", "room:1;drop",
    }  # fmt: skip
    await in_thread(say)
    await asyncio.sleep(0.2)
    assert len(client.frames) == 7


async def test_a_removed_member_hears_nothing_more(hub, other_hub, room):
    ayse = await in_thread(Person.objects.create, email="ayse@ornek.invalid", display_name="Ayşe")
    mehmet = await in_thread(Person.objects.create, email="mehmet@ornek.invalid", display_name="Mehmet")
    removed, kept = Client(other_hub, ayse), Client(other_hub, mehmet)
    for client in (removed, kept):
        await client.join("room:1", "state:room:1")
    room.banned.add(ayse.pk)
    await in_thread(actions.recheck, person=ayse.pk)
    await until(lambda: len(removed.told("left")) == 2)
    await in_thread(say, "after")
    await until(lambda: kept.of("room:1"))
    assert removed.of("room:1") == []
    await removed.join("room:1")
    assert [frame["t"] for frame in removed.told("refused")] == ["room:1"]


async def test_a_closed_topic_loses_its_visitors_with_its_states(hub, room):
    client = Client(hub)
    await client.join("room:1", "state:room:1", "room:2")
    room.banned.add(None)
    await in_thread(actions.recheck, topic="room:1")
    await until(lambda: len(client.told("left")) == 2)
    assert set(client.sink.follows) == {"room:2"}


async def test_a_revocation_that_comes_while_joining_is_not_missed(hub, room, monkeypatch):
    """The membership ends after the question was asked and before the join is complete."""
    from realtime import access

    ayse = await in_thread(Person.objects.create, email="ayse@ornek.invalid", display_name="Ayşe")
    client = Client(hub, ayse)
    asked = access.permitted

    def ask_then_revoke(person_id, names):
        answer = asked(person_id, names)
        if ayse.pk not in room.banned:
            room.banned.add(ayse.pk)
            actions.recheck(person=ayse.pk)
            arrived.wait(30)  # the order reaches the hub before the answer does
        return answer

    def obey_and_tell(order):
        obey(order)
        arrived.set()

    obey, arrived = hub._obey, threading.Event()
    monkeypatch.setattr(hub, "_obey", obey_and_tell)

    monkeypatch.setattr(access, "permitted", ask_then_revoke)
    await client.join("room:1")
    assert client.told("refused")
    assert client.sink.follows == {}


async def test_a_lease_finds_what_no_order_told(hub, room, monkeypatch):
    ayse = await in_thread(Person.objects.create, email="ayse@ornek.invalid", display_name="Ayşe")
    monkeypatch.setattr("realtime.identity.persons_of", lambda keys: dict.fromkeys(keys, ayse.pk))
    client = Client(hub, ayse, session="s")
    await client.join("room:1")
    room.banned.add(ayse.pk)
    from realtime import access

    await access.recheck(hub, [client.sink], thoroughly=True)
    assert [frame["t"] for frame in client.told("left")] == ["room:1"]


async def test_a_closed_account_is_cut_at_the_lease(hub, room):
    from realtime import access

    ayse = await in_thread(Person.objects.create, email="ayse@ornek.invalid", display_name="Ayşe")
    client = Client(hub, ayse, session="s")
    await client.join("room:1")
    await in_thread(Person.objects.filter(pk=ayse.pk).update, is_active=False)
    await access.recheck(hub, [client.sink], thoroughly=True)
    await until(lambda: client.code == 4403)


async def test_ending_a_session_closes_its_sockets_in_every_process(hub, other_hub, room):
    from realtime.identity import digest

    ayse = await in_thread(Person.objects.create, email="ayse@ornek.invalid", display_name="Ayşe")
    ended = [Client(each, ayse, session=digest("key")) for each in (hub, other_hub)]
    other_session = Client(other_hub, ayse, session=digest("other"))
    await in_thread(actions.end_session, "key")
    await until(lambda: [client.code for client in ended] == [4401, 4401])
    assert other_session.code is None
    await in_thread(actions.end_person, ayse.pk)
    await until(lambda: other_session.code == 4401)


async def test_a_rule_that_fails_refuses(hub, room):
    from realtime import topics

    topics.register("room", may_join=lambda person, room: 1 / 0)
    client = Client(hub)
    await client.join("room:1")
    assert client.told("refused")


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
