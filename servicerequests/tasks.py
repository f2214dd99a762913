"""What the desk does by the clock; each task is safe to run twice and beside itself."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from ballots.actions import database_now
from councils.models import Council
from servicerequests import actions, mail_reading


@shared_task(name="servicerequests.tasks.read_mail", ignore_result=True)
def read_mail(**_: object) -> None:
    """Once a minute: take the mails that came in, where a mailbox is named."""
    mail_reading.read_mailbox()


@shared_task(name="servicerequests.tasks.forget_mails", ignore_result=True)
def forget_mails(**_: object) -> None:
    """Once a day: let go of mails nothing came of."""
    actions.forget_mails(at=timezone.now())


@shared_task(name="servicerequests.tasks.tell_clocks")
def tell_clocks(**_: object) -> int:
    """Warn of answers that are due soon and tell late ones upwards, while the office is open."""
    return actions.tell_clocks(at=database_now())


@shared_task(name="servicerequests.tasks.close_answered")
def close_answered(**_: object) -> int:
    """Close what was answered a while ago."""
    return actions.close_answered(at=database_now())


@shared_task(name="servicerequests.tasks.recount_requests")
def recount_requests(council: int | None = None, **_: object) -> int:
    """Count clocks anew after a council's holidays or hours changed; of every council, where an order was lost."""
    councils = Council.objects.all() if council is None else Council.objects.filter(pk=council)
    return sum(actions.recount_requests(council=found, at=database_now()) for found in councils)
