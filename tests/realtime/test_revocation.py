"""Who may follow is asked when joining, and again when something was revoked."""

from __future__ import annotations

import asyncio
import threading

from people.models import Person
from realtime import actions
from tests.realtime.conftest import Client, in_thread, say, until


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
