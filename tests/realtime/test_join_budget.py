"""Asking to follow costs questions to the database: one address cannot spend everybody's time."""

from __future__ import annotations

from realtime import limits, topics
from realtime.limits import Buckets
from tests.realtime.conftest import in_thread
from tests.realtime.test_socket import _address as _address  # noqa: PLC0414 - a fixture
from tests.realtime.test_socket import live_bus as live_bus  # noqa: PLC0414 - a fixture
from tests.realtime.test_socket import make_person, opened, sign_in


async def test_one_address_asks_for_so_many_topics_and_no_more(hub, room):
    hub.joins = Buckets(0.001, 60)
    first, second = await opened(), await opened()
    await first.hello(**{f"room_{n}": None for n in range(1, 51)})
    assert (await first.next())["type"] == "joined"
    await second.hello(**{f"room_{n}": None for n in range(1, 51)})
    assert await second.closed_with() == 4429
    elsewhere = await opened(address="192.0.2.8")
    await elsewhere.hello(room_1=None)
    assert (await elsewhere.next())["type"] == "joined"
    for socket in (first, second, elsewhere):
        await socket.disconnect()


async def test_a_person_has_a_budget_of_their_own(hub, room):
    hub.joins = Buckets(0.001, 3)
    visitor = await opened()
    await visitor.hello(room_1=None, room_2=None, room_3=None)
    assert (await visitor.next())["type"] == "joined"
    session = await in_thread(lambda: sign_in(make_person()))
    person = await opened(session=session)
    await person.hello(room_1=None)
    assert (await person.next())["type"] == "joined"
    for socket in (visitor, person):
        await socket.disconnect()


async def test_what_is_followed_already_costs_nothing(hub, room):
    hub.joins = Buckets(0.001, 1)
    socket = await opened()
    for _ in range(5):
        await socket.hello(room_1=None)
    assert (await socket.next())["type"] == "joined"
    assert not hub.sinks.copy().pop().closed
    await socket.disconnect()


async def test_a_state_that_nobody_knows_is_refused_and_the_rest_is_joined(hub, room, monkeypatch):
    monkeypatch.setattr(topics, "_rules", {"room": room.may_join, "hall": room.may_join})
    socket = await opened()
    await socket.send_json_to({"type": "hello", "topics": {"state:hall:1": None, "room:1": None}})
    said = [await socket.next(), await socket.next()]
    assert {(frame["type"], frame["t"]) for frame in said} == {("refused", "state:hall:1"), ("joined", "room:1")}
    await socket.disconnect()


def test_a_page_fits_into_the_budget_many_times():
    """A school behind one address: every visitor's page follows some eight topics."""
    assert limits.JOINS_AT_ONCE >= limits.SOCKETS_PER_ADDRESS * 8
