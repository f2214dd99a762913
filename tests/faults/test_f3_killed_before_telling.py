"""F3: the web server dies when a comment is committed and before anybody is told. Sockets live in another process."""

import time

import pytest

from tests.faults.clients import Writer, at_work
from tests.faults.invariants import logs_have_no_gap, recovered, screens_agree
from tests.faults.observer import Observer
from tests.faults.screens import Audience
from tests.faults.town import Town, until

pytestmark = pytest.mark.faults
SCREENS, WRITERS, PAUSE = 100, 20, 8.0
TOLD = 5.0
"""Seconds after which everybody has heard of what a dead process left untold."""


def run(deaths: int, *, breaks: str = "", patience: float = 60):
    with Town("F3", redis=True) as town:
        death_row = town.folder / "deaths"
        death_row.mkdir()
        log, state = f"thread:{town.facts['thread']}", f"state:thread:{town.facts['thread']}"
        more = {"breaks": "dies_before_telling", "DEATHS_DIR": str(death_row), "tasks": False}
        web, live = town.serve(**more), town.serve(breaks=breaks)
        observer = Observer(town)
        with Audience(SCREENS, lambda _: live.port, log=log, state=state) as audience:
            until(audience.are_in, "the screens did not join")
            writers = [
                Writer(town, n, lambda: web.port, about=town.facts["thread"], pause=PAUSE) for n in range(WRITERS)
            ]
            with at_work(writers):
                for number in range(deaths):
                    time.sleep(1)
                    (death_row / f"death-{number}").touch()
                    until(web.is_dead, "the server did not die", within=60)
                    web = town.serve(port=web.port, **more)
                    if number == 0:
                        observer.look(web)
            audience.agree(
                town.head_of(log), within=patience
            )  # no gap is being filled that the last one could slip into
            # One more, of which nobody can hear but by the sweep: no later entry shows the gap.
            last = Writer(town, WRITERS, lambda: web.port, about=town.facts["thread"])
            (death_row / "death-last").touch()
            town.history.add(last.ask("Son yorum", "00000000-0000-4000-8000-000000000001"))
            until(web.is_dead, "the server did not die")
            head = town.head_of(log)
            waited = audience.agree(head, within=patience)
            wrong = screens_agree(audience.positions(), head) + logs_have_no_gap(audience.logs())
            wrong += recovered([waited], TOLD, calm=town.calm)
        return wrong + observer.judge(live), town.history, {"comments": head, "told_after_s": waited}


def test_f3_a_committed_comment_reaches_every_screen(report):
    wrong, history, seen = run(deaths=3)

    report("F3", screens=SCREENS, deaths=4, unknown=history.count("info"), **seen)
    assert wrong == []
    assert seen["comments"] > 4


def test_f3_control_without_sweep_and_comparison_it_is_never_told(caught):
    wrong, _history, _seen = run(deaths=1, breaks="never_sweeps never_compares", patience=15)

    caught("F3", "no sweep, and hubs that never look at the database", wrong, "client .* shows .*, the truth is")
