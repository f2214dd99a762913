"""What is read from the moves of one proposal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from impact.walks import Move, walk

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def after(days: float) -> datetime:
    return START + days * DAY


def due(stage: str, since: datetime) -> datetime | None:
    return since + 5 * DAY if stage in {"submitted", "in_group"} else None


def walked(stage: str, *moves: tuple[str, str, float], is_imported: bool = False):
    found = [Move("draft", "submitted", START), *(Move(old, new, after(days)) for old, new, days in moves)]
    return walk(
        stage=stage, submitted_at=START, stage_since=after(99), moves=found, due_of=due, is_imported=is_imported
    )


def days(way) -> dict[str, float | None]:
    return {span.stage: None if span.seconds is None else span.seconds / DAY.total_seconds() for span in way.spans}


def test_a_proposal_that_waits_has_reached_one_stage_and_no_answer():
    way = walked("submitted")
    assert (days(way), way.flows, way.in_time) == ({"submitted": None}, (), None)


def test_visits_of_one_stage_add_up_and_every_move_counts_once():
    way = walked(
        "adopted",
        ("submitted", "gathering", 2),
        ("gathering", "in_group", 10),
        ("in_group", "ballot", 13),
        ("ballot", "in_group", 20),
        ("in_group", "ballot", 24),
        ("ballot", "adopted", 31),
    )
    assert days(way) == {"submitted": 2, "gathering": 8, "in_group": 7, "ballot": 14, "adopted": None}
    assert way.flows == (
        "submitted>gathering", "gathering>in_group", "in_group>ballot", "ballot>in_group", "ballot>adopted",
    )  # fmt: skip
    assert way.in_time is True


def test_one_late_answer_is_not_made_good_by_another():
    way = walked(
        "ballot",
        ("submitted", "in_group", 1),
        ("in_group", "ballot", 9),
        ("ballot", "in_group", 10),
        ("in_group", "ballot", 11),
    )
    assert {span.stage: span.in_time for span in way.spans} == {"submitted": True, "in_group": False, "ballot": None}
    assert way.in_time is False


def test_an_answer_at_the_very_moment_is_in_time():
    assert walked("inadmissible", ("submitted", "inadmissible", 5)).in_time is True
    assert walked("inadmissible", ("submitted", "inadmissible", 5.001)).in_time is False


def test_where_moves_are_missing_no_time_is_made_up():
    way = walked("adopted")
    assert days(way) == {"submitted": None, "adopted": None}
    assert (way.flows, way.in_time) == ((), None)
    assert way.spans[1].entered_at == after(99)


def test_an_import_says_where_a_proposal_stood_and_not_how_it_came_there():
    way = walked("ballot", ("submitted", "in_group", 900), ("in_group", "ballot", 901), is_imported=True)
    assert days(way) == {"submitted": None, "in_group": None, "ballot": None}
    assert (way.flows, way.in_time) == (("in_group>ballot",), None)
