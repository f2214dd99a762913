"""Cases 146 and 147: every package is pinned by hash, none is below what is known to be broken, and there is a bill of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import sbom, versions

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("pinned", "floor", "is_below"),
    [
        ("5.2.18", "5.2.19", True),
        ("5.2.19", "5.2.19", False),
        ("5.10", "5.2.19", False),
        ("5.2.19rc1", "5.2.19", True),
        ("5.2.19.post1", "5.2.19", False),
        ("unknown", "1", True),
    ],
)
def test_147_a_pin_below_its_floor_is_named(pinned, floor, is_below):
    assert bool(versions.below({"django": pinned}, {"django": floor})) is is_below


def test_147_no_pin_is_below_its_floor_and_everything_with_a_floor_is_read():
    pinned = versions.pins((ROOT / "requirements.txt").read_text())
    assert versions.faults() == []
    assert set(versions.FLOORS) - set(pinned) <= {"daphne"}


def test_146_every_package_stands_in_the_bill_with_a_hash():
    found = sbom.components()
    names = {each["name"] for each in found}
    assert set(versions.pins((ROOT / "requirements.txt").read_text())) <= names
    assert {"htmx.org", "leaflet"} <= names
    assert [each["name"] for each in found if not each["hashes"]] == []


def test_147_pins_that_cannot_be_read_are_a_fault(monkeypatch, tmp_path):
    (tmp_path / "requirements.txt").write_text("# nothing\n")
    monkeypatch.setattr(versions, "ROOT", tmp_path)
    assert versions.faults() == ["no pins could be read"]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-semgrep.txt"])
def test_146_every_pin_has_a_hash_and_nothing_is_taken_from_elsewhere(name):
    text = (ROOT / name).read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    assert [line[:60] for line in lines if "==" not in line or "--hash=sha256:" not in line] == []


def test_146_front_end_packages_come_by_their_lock_and_run_nothing():
    setup = (ROOT / "participation" / "setup.py").read_text()
    assert '"ci", *options' in setup
    assert '"--ignore-scripts"' in setup
    assert "--require-hashes" in setup
