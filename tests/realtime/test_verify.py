"""Old page + what was received = fresh page, for every kind of entry and every touch that has a live effect.

The cases are held against the registries of `realtime.reactions` and against the calls of `journal.actions.touch` in the
code: whoever adds a kind, or a touch, without a case here fails a test.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from journal import subscriptions
from journal.models import Entry
from proposals.journal_kinds import ProposalKind
from proposals.municipal_kinds import MunicipalKind
from realtime import frames, states
from tests.realtime import ballot_cases, discussion_cases, policy_cases, proposal_cases
from tests.realtime.cases import CASES, World
from tests.realtime.screens import Screen

ROOT = Path(__file__).resolve().parents[2]
APPS = "proposals workinggroups councils organisations ballots discussions people".split()
KEPT_IN = (discussion_cases, proposal_cases, policy_cases, ballot_cases)
"""The modules whose import writes the cases down."""

NOBODY_IS_THERE = {
    ProposalKind.SUBMITTED: "a draft is read by its author alone, who is led to the new page",
    ProposalKind.IMPORTED: "the proposal comes into being with it",
    ProposalKind.SPLIT_OFF: "the part comes into being with it",
    ProposalKind.THEME_CHANGED: "the theme stands in the head of the page, read with the next visit",
    ProposalKind.DISTRICT_CHANGED: "so does the district",
    ProposalKind.OVERDUE: "the page knows by the clock that the step is late",
    ProposalKind.ESCALATED: "the office alone is told",
}
"""Kinds before which no page exists that others could have open."""
UNSEEN = {
    MunicipalKind.DECISION_ENTERED: "a decision is public once a second person has confirmed it",
    MunicipalKind.DECISION_WITHDRAWN: "and one that never was is not",
    MunicipalKind.DECISION_DOCUMENT_ADDED: "the document stands on the page of its decision",
}
"""Kinds that change nothing on a visitor's page of a proposal; those who decide fetch what they can do now."""


# --- The cases are complete --------------------------------------------------------------------------------------------------


def test_every_kind_with_a_live_effect_has_a_case():
    known = {*frames._renderers, *frames._touches}
    assert known - set(CASES) - {str(kind) for kind in NOBODY_IS_THERE} == set()


def test_every_touch_has_a_case():
    found = set()
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            for function in ast.walk(ast.parse(path.read_text())):
                if isinstance(function, ast.FunctionDef) and any(
                    isinstance(node, ast.Call) and getattr(node.func, "id", "") == "touch"
                    for node in ast.walk(function)
                ):
                    found.add(f"{app}.{path.stem}.{function.name}")
    assert found - set(CASES) == set()


# --- Old page + what was received = fresh page --------------------------------------------------------------------------------


def received(
    act: Callable[[], object], topics: list[str], capture: Any
) -> tuple[list[Entry], set[str], dict[str, Any]]:
    """What happens: the entries, the states that were marked, and those states as they were before."""
    last = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    before = {name: states.read(name).data for name in topics if name.startswith("state:")}
    touched: set[str] = set()
    handlers = list(subscriptions._touch_handlers)
    subscriptions._touch_handlers[:] = [touched.add]
    try:
        with capture(execute=True):
            act()
    finally:
        subscriptions._touch_handlers[:] = handlers
    entries = list(Entry.objects.filter(pk__gt=last).order_by("pk"))
    for entry in entries:
        touched |= frames.touched_by(entry)
    return entries, touched, before


@pytest.mark.parametrize("name", sorted(set(CASES)))
def test_an_old_page_and_what_was_received_are_a_fresh_page(
    name, kocaeli, client, django_capture_on_commit_callbacks, settings, tmp_path
):
    settings.MEDIA_ROOT = str(tmp_path)
    addresses, act = CASES[name](World(kocaeli))
    screens = {address: Screen(client.get(address).content.decode()) for address in addresses}
    topics = sorted({topic for screen in screens.values() for topic in screen.topics})
    entries, touched, before = received(act, topics, django_capture_on_commit_callbacks)
    if name in frames._renderers:
        assert name in {entry.kind for entry in entries}
    for address, screen in screens.items():
        fresh = Screen(client.get(address).content.decode())
        old = screen.live_parts()
        for entry in entries:
            screen.take_entry(orjson.loads(frames.render(entry).text), fresh)
        for topic in sorted(touched):
            if topic in topics:
                screen.take_state(topic, states.read(topic).data, before.get(topic), fresh)
        assert screen.live_parts() == fresh.live_parts()
        assert (fresh.live_parts() == old) is (name in UNSEEN)
