"""A request of the page, or nothing."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpRequest

from servicerequests.models import ServiceRequest
from servicerequests.permissions import may_read


def find_request(request: HttpRequest, number: str) -> ServiceRequest:
    """A request of the page's council, whoever asks; 404 for any other."""
    council = request.council  # type: ignore[attr-defined]
    rows = ServiceRequest.objects.select_related(
        "type__type", "unit", "applicant", "on_behalf_of", "assignee__person", "matter"
    )
    found = rows.filter(council=council, number=number).first()
    if found is None:
        raise Http404
    found.council = council
    return found


def find_readable(request: HttpRequest, number: str, *, at: datetime) -> ServiceRequest:
    """A request whose original the reader may see; 404 for everybody else, so that nobody learns that it is there."""
    found = find_request(request, number)
    if not may_read(request.user, found, at=at):
        raise Http404
    return found
