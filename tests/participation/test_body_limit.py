"""Bodies that come in drops: each costs a connection, and none is waited for without end."""

import asyncio
from itertools import chain, repeat

from participation.body_limit import timely_body

BODY = (b"content-length", b"60000")


async def keep(_scope, receive, send):
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def answer(application, *headers, pieces=(), then=0.0):
    """The first message of the answer to a body of which these pieces are there at once and the rest after `then` seconds."""
    sent, told_all, left = [], [], chain(pieces, repeat(None))

    async def receive():
        piece = next(left)
        if piece is None:
            await asyncio.sleep(then)
            if told_all:
                await asyncio.sleep(3600)  # until the client goes
            told_all.append(True)
        return {"type": "http.request", "body": piece or b"", "more_body": piece is not None}

    async def send(message):
        sent.append(message)

    asyncio.run(application({"type": "http", "method": "POST", "path": "/", "headers": headers}, receive, send))
    return sent[0]


def test_a_body_that_stops_halfway_is_refused_and_its_connection_let_go():
    refusal = answer(timely_body(keep, seconds=0.05), BODY, pieces=[b"x", b"x"], then=3600)

    assert refusal["status"] == 408
    assert (b"connection", b"close") in refusal["headers"]


def test_what_has_arrived_earns_time_for_the_rest():
    slow = {"pieces": [b"x" * 1000], "then": 0.3}

    assert answer(timely_body(keep, seconds=0.05, rate=1), BODY, **slow)["status"] == 200
    assert answer(timely_body(keep, seconds=0.05, rate=10**9), BODY, **slow)["status"] == 408


def test_nobody_who_sends_no_body_is_hurried():
    assert answer(timely_body(keep, seconds=0.0), then=0.05)["status"] == 200


def test_after_the_body_an_answer_may_take_its_time():
    async def think(_scope, receive, send):
        assert not (await receive())["more_body"]
        gone = asyncio.ensure_future(receive())  # as servers of pages do, to hear that nobody waits any more
        await asyncio.sleep(1.2)
        assert not gone.done()
        gone.cancel()
        await send({"type": "http.response.start", "status": 200, "headers": []})

    assert answer(timely_body(think, seconds=1.0), BODY)["status"] == 200
