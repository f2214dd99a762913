"""What the deployment check says of requests by e-mail."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Info, Tags, register
from django.core.exceptions import ImproperlyConfigured

from servicerequests.mail_reading import box_of


@register(Tags.security, deploy=True)
def request_mail(**_: Any) -> list[CheckMessage]:
    """Whether the mailbox of requests can be read, answered to and believed."""
    try:
        box = box_of(settings.REQUEST_MAIL_URL)
    except (ImproperlyConfigured, ValueError) as error:
        return [Error(str(error), id="servicerequests.E001")]
    if box is None:
        return [Info("REQUEST_MAIL_URL is empty: requests by e-mail are not read.", id="servicerequests.I001")]
    found: list[CheckMessage] = []
    if "@" not in settings.REQUEST_MAIL_ADDRESS:
        found.append(Error("REQUEST_MAIL_ADDRESS is the mailbox's address.", id="servicerequests.E002"))
    if not settings.REQUEST_MAIL_AUTHSERV:
        found.append(
            checks.Warning(
                "REQUEST_MAIL_AUTHSERV is empty: every mail waits for an officer.", id="servicerequests.W001"
            )
        )
    return found
