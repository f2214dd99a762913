"""Joining and leaving a working group."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.journal_kinds import CouncilKind
from councils.models import Body, Membership
from journal.actions import record
from journal.models import Audience
from people.models import Person
from people.verdicts import no
from workinggroups.journal_kinds import GroupKind
from workinggroups.models import Departure, JoinRequest, JoinState
from workinggroups.permissions import (
    may_ask_to_join,
    may_decide_on_joining,
    may_end_membership,
    may_leave,
    may_withdraw_request,
)

MIN_REASON = 10
MAX_REASON = 500
MAX_MESSAGE = 1000


@transaction.atomic
def ask_to_join(*, actor: Person, body: Body, message: str = "", at: datetime) -> JoinRequest:
    """Ask to become a member of a group; a second call while the first waits changes nothing.

    Raises `ValidationError` on ``message`` when it is too long.
    """
    mine = JoinRequest.objects.filter(body=body, person=actor)
    verdict = may_ask_to_join(actor, body, at=at)
    if verdict.code == "already_asked":
        return mine.latest("pk")
    verdict.require()
    message = message.strip()
    if len(message) > MAX_MESSAGE:
        raise ValidationError({"message": _("En çok 1.000 harf yazabilirsiniz.")})
    try:
        with transaction.atomic():
            request = JoinRequest.objects.create(body=body, person=actor, message=message, created_at=at)
    except IntegrityError:  # the same click twice, at the same moment
        return mine.latest("pk")
    _record(GroupKind.JOIN_REQUESTED, actor, request, at)
    return request


@transaction.atomic
def accept_join(*, actor: Person, request: JoinRequest, at: datetime) -> Membership:
    """Take the person into the group as a voting member from today on; a second call changes nothing.

    Refuses when the request was declined or withdrawn meanwhile.
    """
    request = _locked(request)
    may_decide_on_joining(actor, request.body, at=at).require()
    day = timezone.localtime(at).date()
    seat = Membership.objects.on(day).filter(body=request.body, person=request.person).first()
    if request.state == JoinState.ACCEPTED and seat is not None:
        return seat
    _require_pending(request)
    if not request.person.is_active:
        no(_("Bu hesap kapatılmış."), code="inactive_account").require()
    _decide(request, JoinState.ACCEPTED, actor, at)
    _record(GroupKind.JOIN_ACCEPTED, actor, request, at)
    if seat is not None:
        return seat
    seat, created = Membership.objects.get_or_create(
        body=request.body, person=request.person, ends_on=None, defaults={"starts_on": day}
    )
    if not created:  # a seat that would have begun later begins now
        seat.starts_on = day
        seat.save(update_fields=["starts_on"])
    _record_seat(CouncilKind.MEMBER_ADDED, actor, seat, at)
    return seat


@transaction.atomic
def decline_join(*, actor: Person, request: JoinRequest, reason: str, at: datetime) -> JoinRequest:
    """Answer a request with no; the person reads the reason. Raises `ValidationError` on ``reason``."""
    request = _locked(request)
    may_decide_on_joining(actor, request.body, at=at).require()
    if request.state == JoinState.DECLINED:
        return request
    _require_pending(request)
    _decide(request, JoinState.DECLINED, actor, at, reason=_checked_reason(reason))
    _record(GroupKind.JOIN_DECLINED, actor, request, at)
    return request


@transaction.atomic
def withdraw_join(*, actor: Person, request: JoinRequest, at: datetime) -> JoinRequest:
    """Take one's own waiting request back; a second call changes nothing."""
    request = _locked(request)
    if request.state == JoinState.WITHDRAWN and request.person_id == actor.pk:
        return request
    may_withdraw_request(actor, request).require()
    _decide(request, JoinState.WITHDRAWN, actor, at)
    _record(GroupKind.JOIN_WITHDRAWN, actor, request, at)
    return request


@transaction.atomic
def leave_group(*, actor: Person, body: Body, at: datetime) -> None:
    """Give one's own seat in a group back, at once."""
    # The body's row makes two leaders who leave together go one after the other; seats may be added beside it.
    body = Body.objects.select_for_update(no_key=True, of=("self",)).select_related("council").get(pk=body.pk)
    may_leave(actor, body, at=at).require()
    day = timezone.localtime(at).date()
    for seat in Membership.objects.select_for_update(of=("self",)).on(day).filter(body=body, person=actor):
        seat.body = body
        _end(seat, actor, at, reason="")


@transaction.atomic
def end_membership(*, actor: Person, membership: Membership, reason: str, at: datetime) -> Membership:
    """End a member's seat at once; the member reads the reason. A second call changes nothing.

    Raises `ValidationError` on ``reason`` when it says too little.
    """
    seat = Membership.objects.select_for_update(of=("self",)).select_related("body__council").get(pk=membership.pk)
    may_end_membership(actor, seat, at=at).require()
    if seat.ends_on is not None and seat.ends_on < timezone.localtime(at).date():
        return seat
    _end(seat, actor, at, reason=_checked_reason(reason))
    return seat


def _end(seat: Membership, actor: Person, at: datetime, *, reason: str) -> None:
    """End a locked seat so that it gives no right from this moment on: its last day is yesterday."""
    yesterday: date = timezone.localtime(at).date() - timedelta(days=1)
    # A seat taken today is dated back with its end; a term cannot end before it starts.
    seat.starts_on = min(seat.starts_on, yesterday)
    seat.ends_on = yesterday
    seat.save(update_fields=["starts_on", "ends_on"])
    Departure.objects.create(membership=seat, ended_by=actor, reason=reason, at=at)
    _record_seat(CouncilKind.MEMBER_REMOVED, actor, seat, at)


def _locked(request: JoinRequest) -> JoinRequest:
    return (
        JoinRequest.objects.select_for_update(of=("self",)).select_related("body__council", "person").get(pk=request.pk)
    )


def _require_pending(request: JoinRequest) -> None:
    if request.state != JoinState.PENDING:
        no(
            _("Bu isteğe başka bir yanıt verilmiş: %(state)s.") % {"state": request.get_state_display()},
            code="already_decided",
        ).require()


def _checked_reason(reason: str) -> str:
    reason = reason.strip()
    if len(reason) < MIN_REASON:
        raise ValidationError({"reason": _("Gerekçeyi en az 10 harfle yazın; ilgili kişi okuyacak.")})
    if len(reason) > MAX_REASON:
        raise ValidationError({"reason": _("Gerekçe en çok 500 harf olabilir.")})
    return reason


def _decide(request: JoinRequest, state: JoinState, actor: Person, at: datetime, *, reason: str = "") -> None:
    request.state, request.decided_by, request.decided_at, request.reason = state, actor, at, reason
    request.save(update_fields=["state", "decided_by", "decided_at", "reason"])


def _record(kind: GroupKind, actor: Person, request: JoinRequest, at: datetime) -> None:
    """Requests are between the person and the group: the public record tells only who became a member."""
    body = request.body
    record(
        kind,
        actor=actor,
        subject=request,
        topic=body.topic,
        at=at,
        council=body.council,
        body=body,
        facts={"body": body.name},
        audience=Audience.INVOLVED,
    )


def _record_seat(kind: CouncilKind, actor: Person, seat: Membership, at: datetime) -> None:
    body = seat.body
    record(
        kind,
        actor=actor,
        subject=seat,
        topic=body.topic,
        at=at,
        council=body.council,
        body=body,
        facts={"body": body.name},
    )
