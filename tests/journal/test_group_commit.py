"""The machinery of group commits, without a database: `write` is a function of the test.

`Disk` stands for one: what is written becomes readable at its commit, which the test may hold up or let fail.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from journal.group_commit import GroupCommit, OutcomeUnknown

LIMIT = 30


class Disk:
    def __init__(self):
        self.committed, self.batches = [], []
        self.is_free = threading.Event()
        self.is_free.set()
        self.is_asked = threading.Event()
        self.bad = {}

    def write(self, items: Sequence[str]) -> list[str]:
        self.batches.append(list(items))
        self.is_asked.set()
        assert self.is_free.wait(LIMIT)
        for item in items:
            if item in self.bad:
                raise self.bad[item]
        self.committed += items
        return [f"{item}!" for item in items]


@pytest.fixture
def disk():
    return Disk()


@pytest.fixture
def group(disk):
    group = GroupCommit(disk.write, same=lambda item: item[0], name="test", patience=LIMIT)
    yield group
    disk.is_free.set()
    assert group.drain(LIMIT)


@pytest.fixture
def pool():
    with ThreadPoolExecutor(24) as pool:
        yield pool


def held(disk, group, pool, items):
    """Hold the disk with a first item, let the others queue up behind it in their order; their futures, first and all."""
    disk.is_free.clear()
    disk.is_asked.clear()
    asked = [pool.submit(group.ask, "0")]
    assert disk.is_asked.wait(LIMIT)
    for number, item in enumerate(items, 1):
        asked.append(pool.submit(group.ask, item))
        wait_until(lambda number=number: len(group._queue) == number)
    return asked


def wait_until(is_so):
    for _ in range(LIMIT * 100):
        if is_so():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it did not come about")


def test_a_lone_item_is_answered_by_itself(disk, group):
    assert (group.ask("a"), disk.batches) == ("a!", [["a"]])


def test_what_waits_for_the_disk_is_written_together(disk, group, pool):
    asked = held(disk, group, pool, "abc")
    disk.is_free.set()
    assert [future.result(LIMIT) for future in asked] == ["0!", "a!", "b!", "c!"]
    assert disk.batches == [["0"], ["a", "b", "c"]]


def test_nobody_is_answered_before_the_commit(disk, group, pool):
    asked = held(disk, group, pool, "ab")
    assert not any(future.done() for future in asked)
    disk.is_free.set()
    for item, future in zip("0ab", asked, strict=True):
        future.result(LIMIT)
        assert item in disk.committed


def test_a_batch_is_bounded(disk, pool):
    group = GroupCommit(disk.write, same=lambda item: item, name="test", most=3, patience=LIMIT)
    asked = held(disk, group, pool, "abcdefg")
    disk.is_free.set()
    assert [future.result(LIMIT) for future in asked] == [f"{item}!" for item in "0abcdefg"]
    assert disk.batches == [["0"], ["a", "b", "c"], ["d", "e", "f"], ["g"]]


def test_two_items_of_one_person_are_written_in_their_order_and_never_together(disk, group, pool):
    asked = held(disk, group, pool, ["a1", "b1", "a2", "a3", "b2", "c1"])
    disk.is_free.set()
    assert [future.result(LIMIT) for future in asked] == ["0!", "a1!", "b1!", "a2!", "a3!", "b2!", "c1!"]
    assert disk.batches == [["0"], ["a1", "b1", "c1"], ["a2", "b2"], ["a3"]]


def test_one_bad_item_among_many_spoils_none_of_the_others(disk, group, pool):
    disk.bad = {"c": ValueError("c is bad"), "f": ValueError("f is bad")}
    asked = held(disk, group, pool, "abcdefgh")
    disk.is_free.set()
    answers = [future.exception(LIMIT) or future.result() for future in asked]
    assert [str(answer) for answer in answers] == ["0!", "a!", "b!", "c is bad", "d!", "e!", "f is bad", "g!", "h!"]
    assert sorted(disk.committed) == list("0abdegh")


def test_an_answer_missing_from_a_batch_is_an_error_of_the_batch_and_not_of_another_item(pool):
    """Answers are matched to items by their place: a `write` that loses one must not shift the others."""
    group = GroupCommit(lambda items: [items[0]], same=lambda item: item, name="test", patience=LIMIT)
    answers = list(pool.map(group.ask, "abcdefgh"))
    assert answers == list("abcdefgh")


def test_who_waits_too_long_is_told_that_the_outcome_is_unknown(disk, pool):
    group = GroupCommit(disk.write, same=lambda item: item, name="test", patience=0.2)
    disk.is_free.clear()
    first = pool.submit(group.ask, "a")
    assert disk.is_asked.wait(LIMIT)
    with pytest.raises(OutcomeUnknown):
        group.ask("b")
    assert isinstance(first.exception(LIMIT), OutcomeUnknown)
    disk.is_free.set()
    assert group.drain(LIMIT)
    assert disk.committed == ["a"], "what was begun is finished, what nobody waits for is not begun"


def test_a_leader_that_dies_leaves_its_batch_unknown_and_the_others_to_the_next(disk, group, pool):
    disk.bad = {"0": SystemExit()}
    asked = held(disk, group, pool, "ab")
    disk.is_free.set()
    assert isinstance(asked[0].exception(LIMIT), OutcomeUnknown)
    assert [future.result(LIMIT) for future in asked[1:]] == ["a!", "b!"]
    assert group.ask("c") == "c!"


def test_a_leader_that_vanished_is_replaced(disk, group):
    assert group.ask("a") == "a!"
    gone = threading.Thread(target=lambda: None)
    gone.start()
    gone.join()
    group._leader = gone
    assert group.ask("b") == "b!"


def test_a_leader_without_work_gives_its_connection_back(disk):
    rested = threading.Event()
    group = GroupCommit(disk.write, same=lambda item: item, name="test", linger=0.01, rest=rested.set)
    group.ask("a")
    assert rested.wait(LIMIT)
    assert group.ask("b") == "b!"


def test_draining_waits_until_everything_is_answered(disk, group, pool):
    asked = held(disk, group, pool, "ab")
    assert group.drain(0.05) is False
    draining = pool.submit(group.drain, LIMIT)
    disk.is_free.set()
    assert draining.result(LIMIT) is True
    assert [future.result(0) for future in asked] == ["0!", "a!", "b!"]
    assert group._leader is None


def test_too_many_that_wait_are_told_at_once(disk, pool):
    group = GroupCommit(disk.write, same=lambda item: item, name="test", waiting=2, patience=LIMIT)
    asked = held(disk, group, pool, "ab")
    with pytest.raises(OutcomeUnknown):
        group.ask("c")
    disk.is_free.set()
    assert [future.result(LIMIT) for future in asked] == ["0!", "a!", "b!"]


# --- Coroutines -------------------------------------------------------------------------------------------------------
def test_coroutines_and_threads_share_a_batch(disk, group, pool):
    asked = held(disk, group, pool, "a")

    async def ask():
        tasks = [asyncio.create_task(group.ask_async(item)) for item in "bcd"]
        await asyncio.sleep(0)
        assert [task.done() for task in tasks] == [False, False, False]
        disk.is_free.set()
        return await asyncio.wait_for(asyncio.gather(*tasks), LIMIT)

    assert asyncio.run(ask()) == ["b!", "c!", "d!"]
    assert [future.result(LIMIT) for future in asked] == ["0!", "a!"]
    assert disk.batches == [["0"], ["a", "b", "c", "d"]]


def test_a_coroutine_gets_its_error_and_its_unknown_outcome(disk):
    disk.bad = {"a": ValueError("a is bad"), "b": SystemExit()}
    group = GroupCommit(disk.write, same=lambda item: item, name="test", patience=LIMIT)

    async def ask(item):
        await asyncio.wait_for(group.ask_async(item), LIMIT)

    with pytest.raises(ValueError, match="a is bad"):
        asyncio.run(ask("a"))
    with pytest.raises(OutcomeUnknown):
        asyncio.run(ask("b"))
    disk.is_free.clear()
    group.patience = 0.05
    with pytest.raises(OutcomeUnknown):
        asyncio.run(ask("c"))
    disk.is_free.set()
    assert group.drain(LIMIT)


def test_what_a_coroutine_gave_up_before_it_was_begun_is_not_written(disk, group, pool):
    asked = held(disk, group, pool, "")

    async def ask_and_leave():
        task = asyncio.create_task(group.ask_async("a"))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(ask_and_leave())
    disk.is_free.set()
    asked[0].result(LIMIT)
    assert group.drain(LIMIT)
    assert disk.committed == ["0"]
