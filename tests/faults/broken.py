"""Run `manage.py` with a fault switched on: a process that dies at the worst moment, or one with a bug.

    BREAKS=dies_after_commit python -m tests.faults.broken serve

The faults live here and reach the application only from this module, so that no installation can trip over one. Without
BREAKS it is `manage.py` as it is. Deaths are limited by the files of DEATHS_DIR, one for each death.
"""

from __future__ import annotations

import faulthandler
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

FAULTS: dict[str, Any] = {}


def fault(function: Any) -> Any:
    FAULTS[function.__name__] = function
    return function


def _die_if_any_is_left() -> None:
    """SIGKILL for this very process, as often as there are files to take."""
    for death in sorted(Path(os.environ["DEATHS_DIR"]).glob("death-*")):
        try:
            death.unlink()
        except FileNotFoundError:
            continue
        os.kill(os.getpid(), signal.SIGKILL)


# --- Deaths ------------------------------------------------------------------------------------------------------------


@fault
def dies_after_commit() -> None:
    """F2: the votes are committed, the answers never leave."""
    from ballots.casting import box

    write = box._write

    def write_and_die(casts: Any) -> Any:
        answers = write(casts)
        _die_if_any_is_left()
        return answers

    box._write = write_and_die


@fault
def dies_before_telling() -> None:
    """F3: the entry is committed, nobody hears of it."""
    from journal import actions

    deliver = actions.deliver

    def die_or_deliver(entries: Any) -> bool:
        _die_if_any_is_left()
        return bool(deliver(entries))

    actions.deliver = die_or_deliver


# --- Pace --------------------------------------------------------------------------------------------------------------


@fault
def works_slowly() -> None:
    """F10, F25: so that a worker can be killed in the middle, of a task or between two of its effects."""
    from celery.signals import task_prerun

    from ballots import actions
    from proposals.actions import moving

    def slowed(function: Any) -> Any:
        def wait_and_do(*arguments: Any, **named: Any) -> Any:
            time.sleep(0.05)
            return function(*arguments, **named)

        return wait_and_do

    actions._declare = slowed(actions._declare)
    moving._end_support_period = slowed(moving._end_support_period)
    task_prerun.connect(lambda **_: time.sleep(0.03), weak=False)


@fault
def notes_tasks() -> None:
    """F10, F25: writes down in the file TASKS_NOTED which task is begun and which is done."""
    from celery.signals import task_postrun, task_prerun

    file = Path(os.environ["TASKS_NOTED"])

    def note(task_id: str, what: str) -> None:
        with file.open("a") as notes:
            notes.write(json.dumps({"task": task_id, "is": what, "at": time.monotonic()}) + "\n")

    task_prerun.connect(lambda task_id, **_: note(task_id, "begun"), weak=False)
    task_postrun.connect(lambda task_id, state, **_: note(task_id, "done" if state == "SUCCESS" else state), weak=False)


@fault
def redelivers_soon() -> None:
    """F10: what a dead worker had taken comes again after seconds instead of minutes."""
    from participation.celery import app

    app.conf.broker_transport_options = {**app.conf.broker_transport_options, "visibility_timeout": 4}


# --- Bugs, for the negative controls -------------------------------------------------------------------------------------


def _pretended(cast: Any) -> Any:
    """The receipt of a vote that was not written."""
    from django.utils import timezone

    from ballots.casting import Receipt

    now = timezone.now()
    return Receipt(0, cast.paper, now, now, 1)


@fault
def forgets_some_votes() -> None:
    """Acknowledges every seventh vote without writing it."""
    from itertools import count

    from ballots.casting import box

    write, number = box._write, count(1)

    def write_or_forget(casts: Any) -> Any:
        kept = [cast for cast in casts if next(number) % 7]
        answers = dict(zip(kept, write(kept) if kept else (), strict=True))
        return [answers[cast] if cast in answers else _pretended(cast) for cast in casts]

    box._write = write_or_forget


@fault
def hides_database_errors() -> None:
    """Says yes when the database said nothing."""
    from django.db import Error

    from ballots.casting import box

    write = box._write

    def write_or_pretend(casts: Any) -> Any:
        try:
            return write(casts)
        except Error:
            return [_pretended(cast) for cast in casts]

    box._write = write_or_pretend


@fault
def answers_retries_anew() -> None:
    """Tells somebody who asks again about a vote that is not theirs."""
    from dataclasses import replace

    from ballots.casting import Receipt, box

    write = box._write

    def write_and_invent(casts: Any) -> Any:
        return [
            replace(answer, code="K0000000000000", times=answer.times + 1)
            if isinstance(answer, Receipt) and answer.is_repeated
            else answer
            for answer in write(casts)
        ]

    box._write = write_and_invent


@fault
def never_sweeps() -> None:
    """What a crash left behind is never told."""
    from journal import actions

    actions.sweep = lambda **_: 0


@fault
def never_compares() -> None:
    """The hub trusts the bus alone and never looks at the database."""
    from realtime.hub import Hub

    async def nothing(_self: Hub) -> None:
        return None

    Hub.check_truth = nothing  # type: ignore[method-assign]


@fault
def never_rechecks() -> None:
    """A permission taken away ends no stream."""
    from realtime import access

    async def nothing(*_: Any, **__: Any) -> None:
        return None

    access.recheck = nothing


@fault
def acknowledges_early() -> None:
    """A task is off the queue as soon as a worker has it."""
    from participation.celery import app

    app.conf.task_acks_late = app.conf.task_reject_on_worker_lost = False
    for task in app.tasks.values():
        task.acks_late = task.reject_on_worker_lost = False


@fault
def waits_for_redis() -> None:
    """Trusts that Redis answers in the end."""
    from participation import cache

    cache.PATIENCE = 60.0


@fault
def never_cuts() -> None:
    """Waits for clients that do not read for as long as they like."""
    from realtime.hub import Hub

    async def nothing(_self: Hub) -> None:
        return None

    Hub._watch_slow = nothing  # type: ignore[method-assign]


@fault
def waits_for_bodies() -> None:
    """Waits for the rest of a request for as long as it takes."""
    from participation import body_limit

    body_limit.timely_body.__kwdefaults__["seconds"] = 3600.0


@fault
def waits_for_everybody() -> None:
    """Tells the next client when the one before has taken it."""
    from realtime.streams.log import LogStream

    async def one_after_the_other(self: Any, _before: int, _first: int, last: int, text: str) -> None:
        for follow in list(self.follows.values()):
            if not follow.gone and follow.cursor < last:
                follow.cursor = last
                await follow.sink._send({"type": "websocket.send", "text": text})

    LogStream._fan_out = one_after_the_other  # type: ignore[method-assign]


@fault
def forgets_positions() -> None:
    """Whoever comes back is told only what happens from now on."""
    from realtime.streams.log import LogStream

    join = LogStream.join

    def join_anew(self: Any, sink: Any, epoch: Any, _cursor: Any, *more: Any) -> None:
        join(self, sink, epoch, None, *more)

    LogStream.join = join_anew  # type: ignore[method-assign]


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "participation.settings")
    words = sys.argv[1:]
    faulthandler.register(signal.SIGUSR1)  # kill -USR1 shows in the log where every thread stands
    import django

    if wanted := os.environ.get("BREAKS", "").split():
        from participation.serving import name_the_site

        name_the_site(os.environ)
        django.setup()
        for name in wanted:
            FAULTS[name]()
    if words[0] == "celery":
        from participation.celery import app

        app.start(words[1:])
        return
    import manage

    sys.argv = ["manage.py", *words]
    manage.main()


if __name__ == "__main__":
    main()
