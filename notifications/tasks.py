"""Notices and their mails, by the clock; each task is safe to run twice and beside itself."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from notifications import actions


@shared_task(name="notifications.tasks.tell_steps", ignore_result=True)
def tell_steps(**_: object) -> None:
    """Every two seconds: tell of the steps that were taken."""
    actions.tell_steps()


@shared_task(name="notifications.tasks.send_mails", ignore_result=True)
def send_mails(**_: object) -> None:
    """Every ten seconds: send the mails that are due, of requests first."""
    actions.send_letters(seconds=5)
    actions.send_mails(seconds=5)


@shared_task(name="notifications.tasks.gather_digests", ignore_result=True)
def gather_digests(**_: object) -> None:
    """Every five minutes: owe the digests of a round that has ended."""
    actions.gather_digests(at=timezone.now())


@shared_task(name="notifications.tasks.forget_old", ignore_result=True)
def forget_old(**_: object) -> None:
    """Once a day: let old notices and mails go."""
    actions.forget_old(at=timezone.now())
