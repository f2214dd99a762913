"""Reports of the experiments: one JSON line each, printed at the end and kept under var/faults/."""

from __future__ import annotations

import json

import pytest

from tests.faults.town import KEPT

_reports: list[str] = []


@pytest.fixture
def report():
    """Say what an experiment saw: `report("F1", kills=4, …)`."""

    def say(experiment: str, **numbers):
        rounded = {name: round(value, 3) if isinstance(value, float) else value for name, value in numbers.items()}
        line = json.dumps({"experiment": experiment, **rounded})
        _reports.append(line)
        KEPT.mkdir(parents=True, exist_ok=True)
        (KEPT / f"{experiment}.json").write_text(line + "\n")

    return say


def pytest_terminal_summary(terminalreporter):
    for line in _reports:
        terminalreporter.write_line(line)
