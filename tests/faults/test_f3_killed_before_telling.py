"""F3: the web server dies when a comment is committed and before anybody is told. Sockets live in another process."""

import time

import pytest

from tests.faults.clients import Writer, at_work
from tests.faults.invariants import logs_have_no_gap, screens_agree
from tests.faults.screens import Audience
from tests.faults.town import Town, until

pytestmark = pytest.mark.faults
SCREENS, WRITERS = 100, 4


def run(deaths: int, *, breaks: str = "", patience: float = 30):
    with Town("F3", redis=True) as town:
        death_row = town.folder / "deaths"
        death_row.mkdir()
        log, state = f"thread:{town.facts['thread']}", f"state:thread:{town.facts['thread']}"
        more = {"breaks": "dies_before_telling", "DEATHS_DIR": str(death_row), "tasks": False}
        web, live = town.serve(**more), town.serve(breaks=breaks)
        with Audience(SCREENS, lambda _: live.port, log=log, state=state) as audience:
            until(audience.are_in, "the screens did not join")
            writers = [Writer(town, n, lambda: web.port, about=town.facts["thread"], pause=0.5) for n in range(WRITERS)]
            with at_work(writers):
                for number in range(deaths):
                    time.sleep(1)
                    for writer in writers if number == deaths - 1 else ():
                        writer.give_up.set()  # what was in flight at the last death stays without an answer
                        writer.stop_wishing.set()
                        writer.join(35)
                    if number == deaths - 1:
                        break
                    (death_row / f"death-{number}").touch()
                    until(web.is_dead, "the server did not die")
                    web = town.serve(port=web.port, **more)
            # One more, of which nobody can hear but by the sweep: no later entry shows the gap.
            last = Writer(town, 0, lambda: web.port, about=town.facts["thread"])
            (death_row / "death-last").touch()
            town.history.add(last.ask("Son yorum", "00000000-0000-4000-8000-000000000001"))
            until(web.is_dead, "the server did not die")
            head, began = town.head_of(log), time.monotonic()
            waited = None
            while time.monotonic() < began + patience:
                if set(audience.positions().values()) == {head}:
                    waited = time.monotonic() - began
                    break
                time.sleep(0.1)
            wrong = screens_agree(audience.positions(), head) + logs_have_no_gap(audience.logs())
            return wrong, town.history, head, waited


def test_f3_a_committed_comment_reaches_every_screen(report):
    wrong, history, head, waited = run(deaths=3)

    report("F3", deaths=3, comments=head, unknown=history.count("info"), told_after_s=waited)
    assert wrong == []
    assert head > 4


def test_f3_control_without_sweep_and_comparison_it_is_never_told():
    wrong, _history, _head, _waited = run(deaths=1, breaks="never_sweeps never_compares", patience=12)

    assert wrong != []
