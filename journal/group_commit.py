"""Group commit: what many requests ask at the same moment is written by one statement and one commit.

A commit waits for the disk, however little it writes. So requests put what they ask into a queue; a leader (a thread
that lives while there is something to do) takes what waits, writes it in one transaction, and after the commit gives
each its own answer. While it waits for the disk the next ones gather, so batches grow with the load and a lone request
waits for nobody.

Pure machinery: it knows neither the database nor what is asked. What is promised:

- an answer is given after the commit of what it answers, or not at all;
- two items with the same `same(item)`, where it is given, are never in one batch; they are written in the order in which
  they were asked;
- a batch that raises is written in halves, and so on, until the item at fault stands alone: only it gets the error.
  So `write` must do nothing twice when it is asked the same again;
- who waits longer than `patience` seconds is told `OutcomeUnknown`: the item may or may not be written. An item that
  nobody waits for any more is not begun.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from concurrent import futures
from typing import Generic, TypeVar

import structlog

Item = TypeVar("Item")
Answer = TypeVar("Answer")
log = structlog.get_logger(__name__)


class OutcomeUnknown(Exception):
    """No answer came: what was asked may have been written or not. Asking the same again is safe and finds out."""


class _Waiting(Generic[Item, Answer]):
    """One item and who waits for its answer: a thread, or a coroutine of `loop`."""

    __slots__ = ("future", "item", "loop")

    def __init__(
        self,
        item: Item,
        future: futures.Future[Answer] | asyncio.Future[Answer],
        loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self.item, self.future, self.loop = item, future, loop


Outcome = tuple[_Waiting[Item, Answer], Answer | BaseException]


class GroupCommit(Generic[Item, Answer]):
    """One queue with one leader. `write` takes items and returns, after their commit, an answer for each, in order.

    `most` items make a batch at most; `waiting` may wait at most, further ones are told `OutcomeUnknown` at once. After
    `linger` seconds without work the leader calls `rest` (to give its connection back) and ends.
    """

    def __init__(
        self,
        write: Callable[[Sequence[Item]], Sequence[Answer]],
        *,
        same: Callable[[Item], Hashable] | None = None,
        name: str,
        most: int = 256,
        waiting: int = 20_000,
        patience: float = 10.0,
        linger: float = 0.2,
        rest: Callable[[], None] = lambda: None,
    ) -> None:
        self._write, self._same, self._rest = write, same, rest
        self._name, self._most, self._bound, self._linger = name, most, waiting, linger
        self.patience = patience
        self._queue: deque[_Waiting[Item, Answer]] = deque()
        self._changed = threading.Condition()
        self._leader: threading.Thread | None = None

    # --- Asking -------------------------------------------------------------------------------------------------------
    def ask(self, item: Item) -> Answer:
        """Wait in this thread for the answer. Raises `OutcomeUnknown`, or what `write` raised for this item alone."""
        future: futures.Future[Answer] = futures.Future()
        self._add(_Waiting(item, future))
        try:
            return future.result(self.patience)
        except futures.TimeoutError:
            if future.cancel():
                raise OutcomeUnknown from None
            return future.result()
        except futures.CancelledError:
            raise OutcomeUnknown from None

    async def ask_async(self, item: Item) -> Answer:
        """As `ask`, for a coroutine: its loop does other things meanwhile."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Answer] = loop.create_future()
        self._add(_Waiting(item, future, loop))
        timer = loop.call_later(self.patience, _give_up, future)
        try:
            return await future
        finally:
            timer.cancel()

    def _add(self, waiting: _Waiting[Item, Answer]) -> None:
        with self._changed:
            if len(self._queue) >= self._bound:
                raise OutcomeUnknown
            self._queue.append(waiting)
            if self._leader is None or not self._leader.is_alive():
                self._begin()
            elif len(self._queue) == 1:
                self._changed.notify_all()

    # --- Leading ------------------------------------------------------------------------------------------------------
    def _begin(self) -> None:
        """Start a leader; the lock is held."""
        self._leader = threading.Thread(target=self._lead, name=f"group-commit-{self._name}", daemon=True)
        self._leader.start()

    def _lead(self) -> None:
        batch: list[_Waiting[Item, Answer]] = []
        try:
            while batch := self._take():
                self._settle(self._written(batch))
        except BaseException:
            # Not a fault of one item: the leader itself ends. Its batch may be written or not, the others wait for a new one.
            log.exception("group_commit_leader_ended", group=self._name)
            self._settle([(waiting, OutcomeUnknown()) for waiting in batch])
            with self._changed:
                self._leader = None
                if self._queue:
                    self._begin()
                self._changed.notify_all()
        finally:
            self._rest()

    def _take(self) -> list[_Waiting[Item, Answer]]:
        """The next batch; empty when there was nothing to do for a while and the leader has stepped down."""
        with self._changed:
            while True:
                if not self._changed.wait_for(lambda: self._queue, self._linger):
                    self._leader = None
                    self._changed.notify_all()
                    return []
                batch: list[_Waiting[Item, Answer]] = []
                seen: set[Hashable] = set()
                later: list[_Waiting[Item, Answer]] = []
                while self._queue and max(len(batch), len(later)) < self._most:
                    waiting = self._queue.popleft()
                    if waiting.future.done():  # nobody waits for it any more
                        continue
                    key = self._same(waiting.item) if self._same else waiting
                    (later if key in seen else batch).append(waiting)
                    seen.add(key)
                self._queue.extendleft(reversed(later))
                if batch:
                    return batch

    def _written(self, batch: Sequence[_Waiting[Item, Answer]]) -> list[Outcome[Item, Answer]]:
        """Each with its answer, or with the error that it alone raises."""
        batch = [waiting for waiting in batch if not waiting.future.done()]
        if not batch:
            return []
        try:
            answers = self._write([waiting.item for waiting in batch])
            return list(zip(batch, answers, strict=True))
        except Exception as error:
            if len(batch) == 1:
                return [(batch[0], error)]
            log.warning("group_commit_split", group=self._name, items=len(batch), error=repr(error))
        middle = len(batch) // 2
        return self._written(batch[:middle]) + self._written(batch[middle:])

    @staticmethod
    def _settle(outcomes: Sequence[Outcome[Item, Answer]]) -> None:
        """Give the answers out: to threads at once, to each loop in one call."""
        by_loop: dict[asyncio.AbstractEventLoop, list[Outcome[Item, Answer]]] = {}
        for outcome in outcomes:
            if outcome[0].loop is None:
                _answer(outcome)
            else:
                by_loop.setdefault(outcome[0].loop, []).append(outcome)
        for loop, theirs in by_loop.items():
            if not loop.is_closed():
                loop.call_soon_threadsafe(_answer_all, theirs)

    # --- Ending -------------------------------------------------------------------------------------------------------
    def drain(self, patience: float = 10.0) -> bool:
        """Wait until everything that was asked is answered and the leader has ended; False when that took too long."""
        with self._changed:
            return self._changed.wait_for(
                lambda: not self._queue and (self._leader is None or not self._leader.is_alive()), patience
            )


def _give_up(future: asyncio.Future[Answer]) -> None:
    if not future.done():
        future.set_exception(OutcomeUnknown())


def _answer_all(outcomes: Sequence[Outcome[Item, Answer]]) -> None:
    for outcome in outcomes:
        _answer(outcome)


def _answer(outcome: Outcome[Item, Answer]) -> None:
    waiting, answer = outcome
    future = waiting.future
    try:
        if future.done():
            return
        if isinstance(answer, BaseException):
            future.set_exception(answer)
        else:
            future.set_result(answer)
    except futures.InvalidStateError:  # gave up between the question and the answer
        pass
