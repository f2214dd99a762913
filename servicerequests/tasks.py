"""What the desk does by the clock; each task is safe to run twice and beside itself."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from servicerequests import actions, mail_reading


@shared_task(name="servicerequests.tasks.read_mail", ignore_result=True)
def read_mail(**_: object) -> None:
    """Once a minute: take the mails that came in, where a mailbox is named."""
    mail_reading.read_mailbox()


@shared_task(name="servicerequests.tasks.forget_mails", ignore_result=True)
def forget_mails(**_: object) -> None:
    """Once a day: let go of mails nothing came of."""
    actions.forget_mails(at=timezone.now())
