"""Run `manage.py` with a fault switched on: a process that dies at the worst moment, or one with a bug.

    BREAKS=dies_after_commit python -m tests.faults.broken serve

The faults live here and reach the application only from this module, so that no installation can trip over one. Without
BREAKS it is `manage.py` as it is. Deaths are limited by the files of DEATHS_DIR, one for each death.
"""

from __future__ import annotations

import os
import signal
import sys
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
    """F2: the vote is committed, the answer never leaves."""
    from ballots import actions

    cast = actions.cast_vote

    def cast_and_die(**arguments: Any) -> Any:
        receipt = cast(**arguments)
        _die_if_any_is_left()
        return receipt

    actions.cast_vote = cast_and_die


@fault
def dies_before_telling() -> None:
    """F3: the entry is committed, nobody hears of it."""
    from journal import actions

    deliver = actions.deliver

    def die_or_deliver(entries: Any) -> bool:
        _die_if_any_is_left()
        return bool(deliver(entries))

    actions.deliver = die_or_deliver


# --- Bugs, for the negative controls -------------------------------------------------------------------------------------


@fault
def forgets_some_votes() -> None:
    """Acknowledges every seventh vote without writing it."""
    from itertools import count

    from django.utils import timezone

    from ballots import actions

    cast, number = actions.cast_vote, count(1)

    def cast_or_forget(**arguments: Any) -> Any:
        if next(number) % 7 == 0:
            now = timezone.now()
            return actions.Receipt(0, arguments["paper"], now, now, 1)
        return cast(**arguments)

    actions.cast_vote = cast_or_forget


@fault
def hides_database_errors() -> None:
    """Says yes when the database said nothing."""
    from django.db import Error
    from django.utils import timezone

    from ballots import actions

    cast = actions.cast_vote

    def cast_or_pretend(**arguments: Any) -> Any:
        try:
            return cast(**arguments)
        except Error:
            now = timezone.now()
            return actions.Receipt(0, arguments["paper"], now, now, 1)

    actions.cast_vote = cast_or_pretend


@fault
def writes_retries_again() -> None:
    """Counts a repeated wish as one more change."""
    from django.db.models import F

    from ballots import actions
    from ballots.models import Vote

    cast = actions.cast_vote

    def cast_and_count(**arguments: Any) -> Any:
        mine = Vote.objects.filter(ballot=arguments["ballot"], person=arguments["actor"])
        is_repeated = mine.filter(paper=arguments["paper"]).exists()
        receipt = cast(**arguments)
        if is_repeated:
            mine.update(times=F("times") + 1)
        return receipt

    actions.cast_vote = cast_and_count


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


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "participation.settings")
    words = sys.argv[1:]
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
