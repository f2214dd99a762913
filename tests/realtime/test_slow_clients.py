"""Who reads slowly delays nobody; what comes in crowds travels together."""

from __future__ import annotations

import asyncio

from people.models import Person
from realtime import actions
from tests.realtime.conftest import Client, in_thread, say, say_many, until


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
