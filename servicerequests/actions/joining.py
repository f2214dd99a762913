"""Me too: somebody else's published request is one's own concern as well."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from people.models import Person
from servicerequests.actions.moving import locked
from servicerequests.models import Joined, ServiceRequest
from servicerequests.permissions import may_join


@transaction.atomic
def join_request(*, actor: Person, request: ServiceRequest, at: datetime) -> Joined:
    """Count oneself in; again it changes nothing. The lock keeps a request from ending meanwhile."""
    request = locked(request)
    before = Joined.objects.filter(request=request, person=actor).first()
    if before is not None:
        return before
    may_join(actor, request).require()
    return Joined.objects.create(request=request, person=actor, at=at)


def leave_request(*, actor: Person, request: ServiceRequest) -> None:
    """Count oneself out, whatever became of the request."""
    Joined.objects.filter(request=request, person=actor).delete()
