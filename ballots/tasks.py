"""Ballots end by the clock; this only writes the outcome down."""

from __future__ import annotations

from celery import shared_task

from ballots import actions, roll


@shared_task(name="ballots.tasks.follow_rolls", ignore_result=True)
def follow_rolls(**_: object) -> None:
    """Every minute; safe to run twice and beside itself."""
    roll.follow_rolls()


@shared_task(name="ballots.tasks.declare_ended_ballots", ignore_result=True)
def declare_ended_ballots(**_: object) -> None:
    """Every few seconds; safe to run twice and beside itself."""
    actions.declare_ended_ballots()
