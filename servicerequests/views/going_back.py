"""Where a form of a request leads on to."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from servicerequests import desk_reading
from servicerequests.models import ServiceRequest
from servicerequests.permissions import may_enter


def back_to(request: HttpRequest, found: ServiceRequest) -> str:
    """Where a form of a request leads on to: the list it was read beside, else its own page."""
    said = request.POST.get("masa")
    if said is None or not may_enter(request.user, found.council):
        return found.get_absolute_url()
    known = desk_reading.known_query(QueryDict(said[:1_000]), desk_reading.choices_of(found.council))
    address = reverse("request_desk", args=[found.council.slug])
    return f"{address}?{urlencode(known | {'secili': found.number})}#secili"
