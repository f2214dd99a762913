"""What decides and draws without a database: small groups, cells of tables, charts."""

from __future__ import annotations

from itertools import product
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.cells import is_risky, neutral, original
from impact import charts
from impact.outcomes import columns, is_onward, order
from impact.suppression import SMALLEST, suppressed
from proposals.stages import MOVES, Stage

COUNTS = st.dictionaries(st.integers(0, 20), st.integers(0, 30), max_size=15)


# --- Small groups -----------------------------------------------------------------------------------------------------
@given(COUNTS)
def test_no_small_group_is_shown_and_the_total_gives_none_away(counts):
    told, total = suppressed(counts)
    hidden = [counts[key] for key in counts if told[key] is None]
    assert all(count is None or count == 0 or count >= SMALLEST for count in told.values())
    assert all(told[key] in {None, counts[key]} for key in counts)
    if hidden and total is not None:
        assert len(hidden) >= 2
        assert sum(hidden) >= SMALLEST
        # More than one answer fits what is shown.
        ways = [way for way in product(range(1, max(hidden) + SMALLEST), repeat=2) if sum(way) == sum(hidden)]
        assert len(hidden) > 2 or len(ways) > 1
    assert total in {None, sum(counts.values())}


@pytest.mark.parametrize(
    ("counts", "told", "total"),
    [
        ({"a": 9, "b": 8, "c": 2}, {"a": 9, "b": None, "c": None}, 19),
        ({"a": 9, "b": 4, "c": 3}, {"a": 9, "b": None, "c": None}, 16),
        ({"a": 9, "b": 1, "c": 1}, {"a": None, "b": None, "c": None}, 11),
        ({"a": 3, "b": 0}, {"a": None, "b": 0}, None),
        ({"a": 9, "b": 0}, {"a": 9, "b": 0}, 9),
        ({}, {}, 0),
    ],
)
def test_groups_by_example(counts, told, total):
    assert suppressed(counts) == (told, total)


# --- Cells ------------------------------------------------------------------------------------------------------------
@given(st.text())
def test_what_stands_in_a_cell_is_no_formula_and_gives_back_what_was_there(text):
    cell = neutral(text)
    assert original(cell) == text
    assert cell.startswith("'") or not is_risky(cell)


@pytest.mark.parametrize("text", ["Ahmet'in önerisi", "5 = 3 + 2", "", "“Yol”", "a@b.c", "1-2"])
def test_a_harmless_text_stays_as_it_is(text):
    assert neutral(text) == text


# --- The order of stages ----------------------------------------------------------------------------------------------
def test_every_stage_has_its_place_and_every_move_leads_on_or_back():
    assert set(order(Stage.values)) == set(Stage.values)
    place = columns(stage for stage in Stage.values if stage != Stage.DRAFT)
    for source, targets in MOVES.items():
        for target in targets:
            if source != Stage.DRAFT and is_onward(source, target):
                assert place[source] < place[target], (source, target)


# --- Charts -----------------------------------------------------------------------------------------------------------
EVIL = "<script>alert(1)</script>&\"'"


def drawn(picture) -> ET.Element:
    assert "style=" not in picture
    assert "<script" not in picture
    return ET.fromstring(str(picture))


def tags(root: ET.Element, name: str) -> list[ET.Element]:
    return list(root.iter("{http://www.w3.org/2000/svg}" + name))


@pytest.mark.parametrize("draw", [charts.bars, charts.funnel])
def test_bars_are_as_long_as_their_values(draw):
    rows = [charts.Bar(EVIL, 10, "10"), charts.Bar("b", 5, "5", "done"), charts.Bar("c", 0, "0", "no")]
    root = drawn(draw("x", EVIL, EVIL, rows))
    widths = [float(bar.get("width")) for bar in tags(root, "rect")]
    assert widths[0] == pytest.approx(2 * widths[1], abs=0.2)
    assert widths[2] == 0
    assert (root.get("role"), root.get("aria-labelledby")) == ("img", "x-title x-text")
    assert tags(root, "title")[0].text == EVIL
    assert draw("x", "", "", [])


def test_a_line_has_a_place_for_each_point():
    root = drawn(charts.line("x", "t", "d", [charts.Point("2024", 3, "3"), charts.Point("2025", 6, "6")]))
    assert len(tags(root, "circle")) == 2
    assert charts.line("x", "", "", [])
    assert charts.line("x", "", "", [charts.Point("2024", 0, "0")])


def test_a_band_is_as_wide_as_its_number_and_what_leads_nowhere_is_left_out():
    nodes = [
        charts.Node("a", EVIL, 0),
        charts.Node("b", "B", 1),
        charts.Node("c", "C", 2, "no"),
        charts.Node("d", "D", 2),
    ]
    links = [
        charts.Link("a", "b", 30), charts.Link("b", "c", 10), charts.Link("b", "d", 0), charts.Link("c", "a", 5),
        charts.Link("a", "x", 5),
    ]  # fmt: skip
    root = drawn(charts.sankey("x", "t", "d", nodes, links))
    widths = [float(band.get("stroke-width")) for band in tags(root, "path")]
    assert widths[0] == pytest.approx(3 * widths[1])
    assert len(tags(root, "rect")) == 3
    assert charts.sankey("x", "", "", [], [])
