"""State topics over both buses: the newest state, seldom enough, never going back; and who is there."""

from __future__ import annotations

import asyncio
import time

from people.models import Person
from realtime import actions
from tests.realtime.conftest import Client, in_thread, say, until


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
