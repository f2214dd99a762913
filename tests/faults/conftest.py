"""Reports of the experiments: one JSON line each, printed at the end and kept under var/faults/."""

from __future__ import annotations

import json
import re
import signal
import threading

import pytest

from tests.faults.town import KEPT

_reports: dict[str, list[str]] = {}


def pytest_configure():
    """Who stops a run with SIGTERM stops the servers and databases of its experiment too."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)


@pytest.fixture
def report():
    """Say what an experiment saw: `report("F1", kills=4, …)`."""

    def say(experiment: str, **numbers):
        rounded = {name: round(value, 3) if isinstance(value, float) else value for name, value in numbers.items()}
        lines = _reports.setdefault(experiment, [])
        lines.append(json.dumps({"experiment": experiment, **rounded}, ensure_ascii=False) + "\n")
        KEPT.mkdir(parents=True, exist_ok=True)
        (KEPT / f"{experiment.replace(' ', '-')}.json").write_text("".join(lines))

    return say


@pytest.fixture
def caught(report):
    """Say what the checker found in a control, and fail when it is not the bug that was switched on:
    `caught("F1", "a server that forgets votes", wrong, "is not there")`."""

    def say(experiment, bug, wrong, reason):
        found = [complaint for complaint in wrong if re.search(reason, complaint)]
        report(f"{experiment} control", bug=bug, complaints=len(wrong), found=found[0][:200] if found else None)
        assert found, f"the checker did not find {bug}, it says: {wrong[:5]}"

    return say


def pytest_terminal_summary(terminalreporter):
    for line in (line for lines in _reports.values() for line in lines):
        terminalreporter.write_line(line.rstrip())
