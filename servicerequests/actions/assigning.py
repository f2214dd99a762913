"""Who holds a request, and how urgent it is."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from councils.models import Officer, OfficerRole
from people.models import Person
from servicerequests.actions.clocks import CLOCKS, set_clocks
from servicerequests.actions.moving import locked, tell
from servicerequests.journal_kinds import RequestKind
from servicerequests.models import DeskUnit, Priority, ServiceRequest
from servicerequests.permissions import may_answer

WHOEVER = -1


@transaction.atomic
def assign_request(
    *,
    actor: Person,
    request: ServiceRequest,
    unit: DeskUnit | None,
    assignee: Officer | None,
    seen: int | None = WHOEVER,
    at: datetime,
) -> ServiceRequest:
    """Give it to a unit (None: where it is), and to an officer or to nobody yet.

    `seen` is the key of the officer who held it when the actor looked; who took it meanwhile keeps it. `ValidationError` on
    ``unit``, ``assignee``.
    """
    request = locked(request)
    may_answer(actor, request).require()
    unit = unit or request.unit
    wanted = assignee.pk if assignee is not None else None
    if seen != WHOEVER and request.assignee_id not in {seen, wanted}:
        holder = request.assignee.person.display_name if request.assignee is not None else _("kimse")
        sentence = _("Bu arada görevlisi değişti: %(name)s. Başvuruyu yeniden okuyun.")
        raise ValidationError({"assignee": sentence % {"name": holder}})
    if unit.council_id != request.council_id or (not unit.is_active and unit.pk != request.unit_id):
        raise ValidationError({"unit": _("Listedeki birimlerden birini seçin.")})
    if assignee is not None and (
        assignee.council_id != request.council_id
        or assignee.role != OfficerRole.DIRECTORATE
        or not assignee.is_active
        or assignee.person_id == request.applicant_id
    ):
        raise ValidationError({"assignee": _("Listedeki görevlilerden birini seçin.")})
    if (request.unit_id, request.assignee_id) == (unit.pk, assignee.pk if assignee else None):
        return request
    request.unit, request.assignee, request.changed_at = unit, assignee, at
    request.save(update_fields=["unit", "assignee", "changed_at"])
    tell(RequestKind.ASSIGNED, request, actor=actor, at=at, unit=unit.name)
    return request


@transaction.atomic
def set_priority(*, actor: Person, request: ServiceRequest, priority: Priority, at: datetime) -> ServiceRequest:
    """Another priority has other targets; the clocks are counted anew from the beginning."""
    request = locked(request)
    may_answer(actor, request).require()
    if request.priority != priority:
        request.priority, request.changed_at = priority, at
        set_clocks(request)
        request.save(update_fields=["priority", "changed_at", *CLOCKS])
        tell(RequestKind.MOVED, request, actor=actor, at=at)
    return request
