"""Read the mailbox of requests once: `manage.py read_request_mail`, as the task does every minute."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from servicerequests.mail_reading import read_mailbox


class Command(BaseCommand):
    help = "Take the mails that came to the mailbox of requests."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.REQUEST_MAIL_URL:
            self.stdout.write("No mailbox is named (REQUEST_MAIL_URL): nothing is read.")
            return
        self.stdout.write(f"{read_mailbox(seconds=600)} mails taken.")
