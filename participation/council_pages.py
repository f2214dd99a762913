"""A council's pages that gather from several apps: its home, its bodies, its organisations' pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from councils.middleware import LONGER, remember_council
from councils.models import LEADING_ROLES, Body, BodyKind, Council, CouncilOrganisation, Membership
from councils.paging import page_of
from councils.permissions import leads
from discussions.models import Thread
from discussions.permissions import may_read
from discussions.reading import thread_context
from notifications.changed import changed_by_organisation, changes
from participation import council_home as home
from participation.proposal_rows import proposal_rows
from people.access import kept_for_visitors, public
from people.models import AnyPerson
from proposals.models import Proposal
from proposals.reading import cards
from proposals.reading.filters import STAGE_WORDS
from proposals.reading.path import TONES
from proposals.stages import PASSED, Stage
from servicerequests.permissions import works_at_desk
from turkish.text import fold
from workinggroups.models import ActivityState, Charter, JoinRequest, JoinState
from workinggroups.permissions import may_ask_to_join, may_leave

IN_HAND = (Stage.SUBMITTED, Stage.GATHERING, Stage.IN_GROUP, Stage.BALLOT, Stage.DIRECTORATE)
"""Stages of proposals that a body still has to deal with."""
BOARD: tuple[tuple[Stage, tuple[Stage, ...]], ...] = (
    (Stage.GATHERING, (Stage.GATHERING,)),
    (Stage.IN_GROUP, (Stage.IN_GROUP, Stage.DIRECTORATE)),
    (Stage.BALLOT, (Stage.BALLOT,)),
    (Stage.ADOPTED, tuple(stage for stage in Stage if stage in PASSED)),
)
BOARD_CARDS = 5
MEMBERS_SHOWN = 8


def _council(request: HttpRequest) -> Council:
    council = request.council
    assert council is not None
    return council


# --- Home of a council ----------------------------------------------------------------------------
@kept_for_visitors
@public
@require_safe
def council_home(request: HttpRequest) -> HttpResponse:
    """What is being decided now, what moved this week, where a person comes in."""
    council, at = _council(request), timezone.now()
    council.refresh_from_db(fields=[name for name in LONGER if name != "outline"])
    deciding = home.deciding(council, at=at)
    topics = [item.topic for item in deciding if item.topic]
    context = {
        "figures": home.figures(council),
        "deciding": deciding,
        "moved_this_week": home.moved_this_week(council, at=at),
        "doors": home.doors(council, request.user),
        "samples": set(council.sample_fields),
        "live": {"topics": topics},
    }
    response = render(request, "councils/council_home.html", context)
    remember_council(request, response, council)
    return response


# --- Assemblies and groups ------------------------------------------------------------------------
@dataclass(frozen=True)
class BodyRow:
    """A body in the list of a council."""

    body: Body
    members: int
    in_hand: int
    leaders: list[Membership]


@dataclass(frozen=True)
class BodySection:
    title: str
    lead: str
    rows: list[BodyRow]


@public
@require_safe
def body_list(request: HttpRequest) -> HttpResponse:
    """Assemblies, working groups and organs, searched without regard to diacritics."""
    council, day = _council(request), timezone.localdate()
    text = request.GET.get("q", "").replace("\x00", "")[:100].strip()
    bodies = list(Body.objects.visible_to(request.user).filter(council=council, is_active=True).alphabetical())
    for body in bodies:
        body.council = council
    total = len(bodies)
    wanted = fold(text).split()
    if wanted:
        bodies = [body for body in bodies if all(word in fold(f"{body.name} {body.summary}") for word in wanted)]
    rows = _body_rows(bodies, day)
    sections = [
        BodySection(_("Meclisler"), _("Belli kesimlerin sürekli meclisleri."), _of(rows, BodyKind.ASSEMBLY)),
        BodySection(
            _("Çalışma grupları"),
            _("Önerileri görüşen ve oylayan gruplar. Katılmak isteyebilirsiniz."),
            _of(rows, BodyKind.WORKING_GROUP),
        ),
        BodySection(
            _("Organlar"),
            _("Konseyin karar ve yürütme organları."),
            _of(rows, BodyKind.GENERAL_ASSEMBLY, BodyKind.EXECUTIVE_BOARD, BodyKind.SECRETARIAT),
        ),
    ]
    context = {
        "sections": [section for section in sections if section.rows],
        "text": text,
        "found": len(bodies),
        "total": total,
    }
    return render(request, "councils/body_list.html", context)


def _of(rows: Iterable[BodyRow], *kinds: str) -> list[BodyRow]:
    return sorted((row for row in rows if row.body.kind in kinds), key=lambda row: kinds.index(row.body.kind))


def _body_rows(bodies: list[Body], day: date) -> list[BodyRow]:
    """Three queries for any number of bodies."""
    ids = [body.pk for body in bodies]
    running = Membership.objects.on(day).filter(body__in=ids)
    members = dict(running.order_by().values_list("body_id").annotate(n=Count("pk")))
    in_hand = dict(
        Proposal.objects.filter(addressed_to__in=ids, stage__in=IN_HAND)
        .order_by()
        .values_list("addressed_to_id")
        .annotate(n=Count("pk"))
    )
    leaders: dict[int, list[Membership]] = {}
    for seat in running.leading().select_related("person").order_by("pk"):
        leaders.setdefault(seat.body_id, []).append(seat)
    return [
        BodyRow(body, members.get(body.pk, 0), in_hand.get(body.pk, 0), leaders.get(body.pk, [])) for body in bodies
    ]


@public
@require_safe
def group_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A working group: what it is for, what it plans, who sits in it, what it has in hand, what it talks about."""
    body = _body(request, slug, is_group=True)
    at = timezone.now()
    person = request.user
    charter = Charter.objects.filter(body=body).select_related("thread").first()
    may_join = may_ask_to_join(person, body, at=at)
    context = _body_context(request, body, at) | _charter_context(charter)
    context |= {
        "may_join": may_join,
        "waiting": _waiting_request(person, body) if may_join.code == "already_asked" else None,
        "may_leave": may_leave(person, body, at=at) if may_join.code == "already_member" else None,
        "requests": _pending(body) if context["is_leading"] else 0,
        **_discussion(request, charter.thread if charter else None),
    }
    return render(request, "workinggroups/group_detail.html", context | _live(body, context))


@public
@require_safe
def assembly_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """An assembly or an organ: who leads it, how many sit in it, what it has in hand."""
    body = _body(request, slug, is_group=False)
    charter = Charter.objects.filter(body=body).select_related("thread").first()
    context = _body_context(request, body, timezone.now()) | _charter_context(charter)
    context |= _discussion(request, charter.thread if charter else None)
    return render(request, "councils/assembly_detail.html", context | _live(body, context))


def _live(body: Body, context: dict[str, Any]) -> dict[str, Any]:
    """A body's page follows the body and, where the reader may read it, its discussion."""
    topics = [body.topic]
    if context["discussion"]:
        topics += [context["discussion"].topic, f"state:{context['discussion'].topic}"]
    return {"live": {"topics": topics}}


def _body(request: HttpRequest, slug: str, *, is_group: bool) -> Body:
    council = _council(request)
    body = get_object_or_404(Body.objects.visible_to(request.user), council=council, slug=slug)
    if is_group != (body.kind == BodyKind.WORKING_GROUP):
        raise Http404
    body.council = council
    return body


def _body_context(request: HttpRequest, body: Body, at: datetime) -> dict[str, Any]:
    """What every body's page shows. Names of ordinary members stand only on the pages of working groups: to sit in an
    assembly of women, of the young or of people with disabilities says something about a person."""
    day = timezone.localtime(at).date()
    running = Membership.objects.on(day).filter(body=body).select_related("person")
    leading = list(running.leading().order_by("pk"))
    members: list[Membership] = []
    if body.kind == BodyKind.WORKING_GROUP:
        members = list(running.exclude(role__in=LEADING_ROLES).order_by("pk")[:MEMBERS_SHOWN])
    return {
        "body": body,
        "leaders": leading,
        "members": members,
        "member_count": running.count(),
        "is_leading": leads(request.user, body, at=at),
        "takes_proposals": body.is_active
        and body.kind in (BodyKind.WORKING_GROUP, BodyKind.ASSEMBLY, BodyKind.DIRECTORATE),
        **_board(body),
    }


@dataclass(frozen=True)
class Column:
    """Proposals of a body in one stage: how many, and the newest ones."""

    stage: Stage
    label: str
    tone: str
    count: int
    proposals: list[Proposal]
    words: list[str]


_WORDS = {stage: word for word, stage in STAGE_WORDS.items()}


def _board(body: Body) -> dict[str, Any]:
    """The board of a body by stage: one grouped query, and one for each column that is not empty."""
    counts = dict(
        Proposal.objects.filter(addressed_to=body, council=body.council_id)
        .exclude(stage=Stage.DRAFT)
        .order_by()
        .values_list("stage")
        .annotate(n=Count("pk"))
    )
    columns = []
    for stage, several in BOARD:
        found: list[Proposal] = []
        count = sum(counts.get(each, 0) for each in several)
        if count:
            rows = Proposal.objects.filter(addressed_to=body, council=body.council_id, stage__in=several)
            found = list(cards(rows).order_by("-stage_since", "-pk")[:BOARD_CARDS])
        columns.append(Column(stage, stage.label, TONES[stage], count, found, [_WORDS[each] for each in several]))
    on_board = sum(column.count for column in columns)
    return {"board": columns, "on_board": on_board, "proposal_count": sum(counts.values())}


def _charter_context(charter: Charter | None) -> dict[str, Any]:
    activities = list(charter.activities.all()) if charter else []
    done = sum(activity.state == ActivityState.DONE for activity in activities)
    return {
        "charter": charter,
        "activities": activities,
        "activities_done": done,
        "activities_share": done * 100 // len(activities) if activities else 0,
        "partners": list(charter.partners.all()) if charter else [],
    }


def _waiting_request(person: AnyPerson, body: Body) -> JoinRequest | None:
    return JoinRequest.objects.filter(body=body, person_id=person.pk, state=JoinState.PENDING).first()


def _pending(body: Body) -> int:
    return JoinRequest.objects.filter(body=body, state=JoinState.PENDING).count()


def _discussion(request: HttpRequest, thread: Thread | None) -> dict[str, Any]:
    """The thread of a body where the reader may read it; `discussion_closed` says that there is one among members."""
    if thread is None:
        return {"discussion": None}
    if not may_read(request.user, thread):
        return {"discussion": None, "discussion_closed": True}
    return thread_context(request, thread)


# --- Organisations --------------------------------------------------------------------------------
@public
@require_safe
def organisation_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """An organisation's page: who they are and what was proposed on their behalf. Who represents it is not shown."""
    council = _council(request)
    link = get_object_or_404(
        CouncilOrganisation.objects.select_related("organisation", "district"), council=council, organisation__slug=slug
    )
    proposals = (
        Proposal.objects.visible_to(request.user)
        .filter(council=council, on_behalf_of=link.organisation_id)
        .exclude(stage=Stage.DRAFT)
    )
    page = page_of(request, cards(proposals), by=["submitted_at", "pk"], size=20, descending=True)
    totals = proposals.aggregate(all=Count("pk"), adopted=Count("pk", filter=Q(stage__in=PASSED)))
    changed = page_of(
        request,
        changed_by_organisation(link.organisation).filter(council=council),
        by=["stage_since", "pk"],
        size=10,
        descending=True,
        parameter="degisenler",
    )
    context = {
        "changed": {"rows": changes(changed.items), "previous": changed.previous, "next": changed.next},
        "organisation": link.organisation,
        "district": link.district,
        "rows": proposal_rows(page.items),
        "page": page,
        "totals": totals,
        "is_desk": works_at_desk(request.user, council),
    }
    return render(request, "organisations/organisation_detail.html", context)
