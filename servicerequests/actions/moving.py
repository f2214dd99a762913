"""The one way a request changes its status, and what belongs to it: the row of the move, the clocks, the record."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from journal.actions import record
from journal.models import Audience
from people.models import Person
from servicerequests.actions.clocks import CLOCKS, is_in_time, set_clocks
from servicerequests.journal_kinds import RequestKind
from servicerequests.models import Pause, ServiceRequest, StatusChange
from servicerequests.states import ENDED, OPEN, Resolution, Status, goes_with, is_legal


def locked(request: ServiceRequest) -> ServiceRequest:
    """The request as it is now, locked until the commit."""
    rows = ServiceRequest.objects.select_for_update(of=("self",)).select_related("council", "type__type", "unit")
    return rows.get(pk=request.pk)


def tell(kind: RequestKind, request: ServiceRequest, *, actor: Person | None, at: datetime, **facts: Any) -> None:
    """Write it into the record; only the applicant's side and the desk read what is not published."""
    record(
        kind,
        actor=actor,
        subject=request,
        topic=request.topic,
        council=request.council,
        at=at,
        facts={"number": request.number, "status": request.status, **facts},
        audience=Audience.PUBLIC if request.publicity == "public" else Audience.INVOLVED,
    )


def _law_gives_more(request: ServiceRequest, at: datetime) -> bool:
    """Whether asking another body makes the law's days more: it has to begin, and to be told, before they are over."""
    is_more = request.type.ceiling_days_extended is not None
    return is_more and request.ceiling_at is not None and at <= request.ceiling_at


def move(
    request: ServiceRequest, new: Status, *, actor: Person | None, at: datetime, resolution: Resolution | str = ""
) -> None:
    """Move a locked request; its pauses and clocks follow. `ValidationError` where it cannot go there, or not like this.

    The caller records what happened.
    """
    if not is_legal(request.status, new):
        raise ValidationError({"status": _("Başvuru bu duruma geçemez.")})
    if not goes_with(new, resolution):
        raise ValidationError({"resolution": _("Bu durumla bu sonuç bir arada olamaz.")})
    old, was_open = request.status, request.is_open
    if new in ENDED and was_open:
        request.was_in_time = is_in_time(request, at)
        request.ended_at = at
        request.answered_at = at if new != Status.CLOSED else request.answered_at
    if new in OPEN and not was_open:
        request.reopened_at, request.ended_at, request.was_in_time = at, None, None
        request.asked_other_at = None
    if new == Status.WAITING_OTHER and request.asked_other_at is None and _law_gives_more(request, at):
        request.asked_other_at = at
    if old == Status.WAITING_APPLICANT:
        Pause.objects.filter(request=request, ended_at__isnull=True).update(ended_at=at)
    if new == Status.WAITING_APPLICANT:
        Pause.objects.create(request=request, began_at=at)
    request.status, request.status_since, request.resolution, request.changed_at = new, at, resolution, at
    set_clocks(request)
    fields = [
        "status",
        "status_since",
        "resolution",
        "changed_at",
        "ended_at",
        "answered_at",
        "reopened_at",
        "asked_other_at",
    ]
    request.save(update_fields=[*fields, "was_in_time", "merged_into", *CLOCKS])
    StatusChange.objects.create(request=request, old=old, new=new, resolution=resolution, actor=actor, at=at)
