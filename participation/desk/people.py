"""People who wait: to join a group, to be verified as residents, and for a decision on a reported comment."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils.models import BodyKind, Residence
from discussions.models import Comment
from participation.desk.base import Office, Task
from turkish.templatetags.turkish_text import age
from workinggroups.models import JoinRequest, JoinState


# --- Requests to join -----------------------------------------------------------------------------
def joins(office: Office) -> QuerySet[JoinRequest]:
    groups = [body.pk for body in office.leads if body.kind == BodyKind.WORKING_GROUP]
    return JoinRequest.objects.filter(body__in=groups, state=JoinState.PENDING).select_related("person", "body")


def tell_joins(office: Office, rows: list[JoinRequest]) -> list[Task]:
    found = []
    for row in rows:
        url = reverse("group_requests", args=[office.council.slug, row.body.slug])
        note = row.body.name + (f" · {Truncator(row.message).words(18)}" if row.message else "")
        found.append(
            Task(
                row.person.display_name,
                f"{url}#istek-{row.pk}",
                note,
                _("Yanıtlayın"),
                f"{url}#istek-{row.pk}",
                since=row.created_at,
                clock=_("istek: %(when)s") % {"when": age(row.created_at, now=office.at)},
            )
        )
    return found


# --- Reported comments ----------------------------------------------------------------------------
def reported(office: Office) -> QuerySet[Comment]:
    mine = Q(reports__council_id=office.council.pk, reports__settled_at__isnull=True)
    if not office.is_secretary:
        mine &= Q(reports__body_id__in=office.led)
    return (
        Comment.objects.filter(mine)
        .select_related("author")
        .annotate(reported=Count("reports"), first_report=Min("reports__created_at"))
    )


def tell_reported(office: Office, rows: list[Any]) -> list[Task]:
    try:
        url = reverse("report_list", args=[office.council.slug])
    except NoReverseMatch:
        return []
    found = []
    for row in rows:
        note = ngettext("%(n)d bildirim · %(author)s yazdı", "%(n)d bildirim · %(author)s yazdı", row.reported) % {
            "n": row.reported,
            "author": row.author.display_name,
        }
        title = Truncator(row.text).words(12)
        clock = _("bildirim: %(when)s") % {"when": age(row.first_report, now=office.at)}
        found.append(Task(title, url, note, _("Karara bağlayın"), url, since=row.first_report, clock=clock))
    return found


# --- Residences to be verified --------------------------------------------------------------------
def residences(office: Office) -> QuerySet[Residence]:
    waiting = Residence.objects.filter(council=office.council, verified_at__isnull=True, person__is_active=True)
    return waiting.exclude(person=office.person).select_related("person", "district")


def tell_residences(office: Office, rows: list[Residence]) -> list[Task]:
    found = []
    for row in rows:
        url = reverse("residence_person", args=[office.council.slug, row.person_id])
        clock = _("bildirim: %(when)s") % {"when": age(row.declared_at, now=office.at)}
        note = row.district.name
        found.append(Task(row.person.display_name, url, note, _("Doğrulayın"), url, since=row.declared_at, clock=clock))
    return found
