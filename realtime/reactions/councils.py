"""Bodies and seats: who gained or lost a seat is asked again what they may follow."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.utils import timezone

from councils.models import Body, Council, Membership, Officer
from people.models import AnyPerson
from realtime import actions, topics
from workinggroups.models import Charter
from workinggroups.permissions import may_decide_on_joining


def register() -> None:
    topics.register("council", may_join=may_follow_council, visitors_first=True)
    topics.register("body", may_join=may_follow_body, visitors_first=True)
    topics.register("body:involved", may_join=may_follow_requests)
    for model in (Membership, Officer):
        for signal in (post_save, post_delete):
            signal.connect(seat_changed, sender=model, dispatch_uid=f"live-{model.__name__}")
    post_save.connect(charter_changed, sender=Charter, dispatch_uid="live-charter")


def may_follow_council(person: AnyPerson, council_id: int) -> bool:
    """Councils are public."""
    return Council.objects.filter(pk=council_id).exists()


def may_follow_body(person: AnyPerson, body_id: int) -> bool:
    """Bodies are public; what is between a group and those who ask to join travels here without content."""
    return Body.objects.filter(pk=body_id).exists()


def may_follow_requests(person: AnyPerson, body_id: int) -> bool:
    """What happens between a group and those who ask to join, for who decides on it."""
    body = Body.objects.filter(pk=body_id).first()
    return body is not None and bool(may_decide_on_joining(person, body, at=timezone.now()))


def seat_changed(instance: Membership | Officer, created: bool = False, **_: Any) -> None:
    if not created:
        actions.recheck(person=instance.person_id)


def charter_changed(instance: Charter, created: bool = False, **_: Any) -> None:
    """A group's discussion was closed to or opened for the public."""
    if not created:
        actions.recheck(topic=f"thread:{instance.thread_id}")
