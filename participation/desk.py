"""The desk (Masam): what waits for a person in a council, gathered from the apps below, oldest due first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, TruncDate
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext

from ballots.models import Ballot
from councils.models import CALLED_OFF, Body, BodyKind, Council, CouncilBallot, Holder, Membership, Officer, Residence
from councils.paging import page_of
from councils.permissions import is_directorate_officer, is_secretary
from discussions.models import Comment
from participation.awaited import ties_to_decide
from people.models import Person
from people.verdicts import YES, Verdict, no
from proposals.models import (
    Amendment,
    AssemblyTally,
    Decision,
    DecisionState,
    MissedMeeting,
    Opinion,
    OpinionProposal,
    Proposal,
    ProposalBallot,
    TallyState,
)
from proposals.opinion_states import OpinionState
from proposals.overdue import Level
from proposals.reading.implementation import implementations
from proposals.reading.opinions import waiting_for_opinion
from proposals.stages import IN_MUNICIPAL_COUNCIL, Stage
from turkish.templatetags.turkish_text import age, left
from workinggroups.models import JoinRequest, JoinState

TASKS_SHOWN = 8
"""How many of each kind stand on the desk's first page."""
TASKS_ON_A_PAGE = 30
SOON = timedelta(days=2)
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def has_desk(person: Person, council: Council, *, at: datetime) -> bool:
    """Whether the person holds any office in the council: a leading seat, or a place on the municipality's staff. One query."""
    day = timezone.localtime(at).date()
    seats = Membership.objects.on(day).leading().filter(person=person, body__council=council)
    posts = Officer.objects.filter(person=person, council=council, is_active=True)
    return seats.values("pk").union(posts.values("pk"), all=True)[:1].exists()


def may_open_desk(person: Person, council: Council, *, at: datetime) -> Verdict:
    if not has_desk(person, council, at=at):
        return no(
            _("Masam, bu konseyde görevi olanlar içindir. Sizin burada kayıtlı bir göreviniz yok."), code="no_office"
        )
    return YES


@dataclass(frozen=True)
class Office:
    """What a person is responsible for in a council at a moment."""

    person: Person
    council: Council
    at: datetime
    is_secretary: bool
    is_directorate_officer: bool
    leads: list[Body]

    @property
    def led(self) -> list[int]:
        return [body.pk for body in self.leads]


def office_of(person: Person, council: Council, *, at: datetime) -> Office:
    """Three queries."""
    day = timezone.localtime(at).date()
    seats = Membership.objects.on(day).leading().filter(person=person, body__council=council).select_related("body")
    leads = [seat.body for seat in seats.order_by("pk") if seat.body.kind != BodyKind.SECRETARIAT]
    for body in leads:
        body.council = council
    return Office(
        person,
        council,
        at,
        is_secretary=is_secretary(person, council, at=at),
        is_directorate_officer=is_directorate_officer(person, council),
        leads=leads,
    )


@dataclass(frozen=True)
class Task:
    """One thing that waits for me."""

    title: str
    url: str
    note: str
    action: str
    act_url: str
    due: datetime | None = None
    # Since when it waits, where nothing is due.
    since: datetime | None = None
    # What the clock says, and how urgent it is: "late", "soon" or nothing.
    clock: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Section:
    """Tasks of one kind: the first ones, or a page of them."""

    key: str
    title: str | Promise
    count: int
    tasks: list[Task]
    url: str = ""
    previous: str | None = None
    next: str | None = None

    @property
    def more(self) -> int:
        return self.count - len(self.tasks)


@dataclass(frozen=True)
class Kind:
    """A kind of work: whose it is, its rows in the order of urgency, and how a row is told."""

    key: str
    title: str | Promise
    concerns: Callable[[Office], bool]
    rows: Callable[[Office], QuerySet[Any]]
    by: tuple[str, ...]
    tell: Callable[[Office, list[Any]], list[Task]]
    # Work that is rare stands on the desk only while there is some.
    hides_empty: bool = False


def desk_sections(request: HttpRequest, office: Office) -> list[Section]:
    """What waits, by kind: the kind whose work is due first on top, kinds without work last."""
    found = []
    address = reverse("desk", args=[office.council.slug])
    for kind in KINDS:
        if not kind.concerns(office):
            continue
        rows = kind.rows(office)
        tasks = kind.tell(office, list(rows.order_by(*kind.by)[:TASKS_SHOWN]))
        count = len(tasks) if len(tasks) < TASKS_SHOWN else rows.count()
        if kind.hides_empty and not count:
            continue
        found.append(Section(kind.key, kind.title, count, tasks, url=f"{address}?bolum={kind.key}"))
    return sorted(found, key=_urgency)


def _urgency(section: Section) -> tuple[bool, datetime, datetime]:
    """What has work before what has none; then by what is due first; then by what has waited longest."""
    due = min((task.due for task in section.tasks if task.due), default=NEVER)
    since = min((task.since for task in section.tasks if task.since), default=NEVER)
    return not section.count, due, since


def desk_section(request: HttpRequest, office: Office, key: str) -> Section | None:
    """All tasks of one kind, by pages; None when the kind is not this person's."""
    kind = next((kind for kind in KINDS if kind.key == key and kind.concerns(office)), None)
    if kind is None:
        return None
    rows = kind.rows(office)
    page = page_of(request, rows, by=kind.by, size=TASKS_ON_A_PAGE)
    return Section(
        kind.key, kind.title, rows.count(), kind.tell(office, page.items), previous=page.previous, next=page.next
    )


def _clock(due: datetime | None, at: datetime) -> tuple[str, str]:
    """What is left or how late it is, and the tone."""
    if due is None or due >= NEVER:
        return "", ""
    if due <= at:
        days = (at - due).days
        late = ngettext("%(n)d gün geçti", "%(n)d gün geçti", days) % {"n": days} if days else _("süresi doldu")
        return late, "late"
    return _("%(time)s kaldı") % {"time": left(due)}, "soon" if due - at <= SOON else ""


def _due_first(rows: QuerySet[Proposal]) -> QuerySet[Proposal]:
    return (
        rows.select_related("author", "on_behalf_of", "addressed_to")
        .defer("text", "search")
        .annotate(due=Coalesce("due_at", Value(NEVER)))
    )


# --- Proposals that await admissibility -----------------------------------------------------------
def _submitted(office: Office) -> QuerySet[Proposal]:
    return _due_first(Proposal.objects.filter(council=office.council, stage=Stage.SUBMITTED))


def _tell_submitted(office: Office, rows: list[Proposal]) -> list[Task]:
    return [_proposal_task(office, row, _("Karar verin"), "proposal_admissibility") for row in rows]


def _proposal_task(office: Office, row: Proposal, action: str, page: str) -> Task:
    row.council = office.council
    who = row.author.display_name
    if row.on_behalf_of:
        who = _("%(person)s, %(organisation)s adına") % {"person": who, "organisation": row.on_behalf_of.name}
    clock, tone = _clock(row.due_at, office.at)
    act_url = reverse(page, args=[office.council.slug, row.number])
    note = f"{row.number} · {who} · {row.addressed_to}"
    return Task(row.title, row.get_absolute_url(), note, action, act_url, due=row.due_at, clock=clock, tone=tone)


# --- Late steps -----------------------------------------------------------------------------------
def _late(office: Office) -> QuerySet[Proposal]:
    """What is late with me; with a group I lead, from the second level on; with anybody, for the secretary from the third."""
    mine = Q(holder=Holder.BODY, addressed_to__in=office.led)
    kinds = {body.kind for body in office.leads}
    if office.is_secretary:
        mine |= Q(holder__in=[Holder.SECRETARIAT, Holder.GENERAL_ASSEMBLY, Holder.MUNICIPAL_COUNCIL])
        mine |= Q(escalations__level=Level.SECRETARIAT, escalations__since=F("stage_since"))
    if office.is_directorate_officer:
        mine |= Q(holder__in=[Holder.DIRECTORATE, Holder.MUNICIPAL_COUNCIL])
    if BodyKind.EXECUTIVE_BOARD in kinds:
        mine |= Q(holder=Holder.EXECUTIVE_BOARD)
    if BodyKind.GENERAL_ASSEMBLY in kinds:
        mine |= Q(holder=Holder.GENERAL_ASSEMBLY)
    mine |= Q(escalations__level=Level.LEADER, escalations__since=F("stage_since"), addressed_to__in=office.led)
    late = Proposal.objects.filter(council=office.council).late(office.at)
    return _due_first(late.filter(pk__in=Proposal.objects.filter(mine).values("pk")))


def _tell_late(office: Office, rows: list[Proposal]) -> list[Task]:
    found = []
    for row in rows:
        row.council = office.council
        clock, tone = _clock(row.due_at, office.at)
        url = row.get_absolute_url()
        note = f"{row.number} · {row.get_stage_display()} · {Holder(row.holder).label}"
        found.append(Task(row.title, url, note, _("Bakın"), url, due=row.due_at, clock=clock, tone=tone))
    return found


# --- Proposals at the executive board, and straight to the directorate ---------------------------------
def _on_board(office: Office) -> QuerySet[Proposal]:
    held = Q(holder=Holder.EXECUTIVE_BOARD) if _leads_board(office) else Q(pk__in=[])
    if office.is_secretary:
        held |= Q(holder=Holder.SECRETARIAT)
    return _due_first(Proposal.objects.filter(held, council=office.council, stage=Stage.BOARD))


def _leads_board(office: Office) -> bool:
    return any(body.kind == BodyKind.EXECUTIVE_BOARD for body in office.leads)


def _tell_on_board(office: Office, rows: list[Proposal]) -> list[Task]:
    return [_proposal_task(office, row, _("Gündeme alın"), "proposal_put_on_agenda") for row in rows]


def _to_answer(office: Office) -> QuerySet[Proposal]:
    return _due_first(Proposal.objects.filter(council=office.council, stage=Stage.DIRECTORATE))


def _tell_to_answer(office: Office, rows: list[Proposal]) -> list[Task]:
    return [_proposal_task(office, row, _("Yanıtlayın"), "proposal_answer") for row in rows]


# --- Proposals in the groups one leads ------------------------------------------------------------
def _in_group(office: Office) -> QuerySet[Proposal]:
    return _due_first(
        Proposal.objects.filter(council=office.council, addressed_to__in=office.led, stage=Stage.IN_GROUP)
    )


def _tell_in_group(office: Office, rows: list[Proposal]) -> list[Task]:
    return [_proposal_task(office, row, _("Oylamayı açın"), "proposal_open_ballot") for row in rows]


# --- Amendments of the texts in the groups one leads ----------------------------------------------
def _amendments(office: Office) -> QuerySet[Amendment]:
    rows = Amendment.objects.undecided().filter(
        proposal__council=office.council, proposal__addressed_to__in=office.led, proposal__stage=Stage.IN_GROUP
    )
    return rows.exclude(author=office.person).select_related("author", "proposal").defer("proposal__search")


def _tell_amendments(office: Office, rows: list[Amendment]) -> list[Task]:
    found = []
    for row in rows:
        row.proposal.council = office.council
        names = {"amendment": row.number, "number": row.proposal.number, "person": row.author.display_name}
        note = _("%(number)s · %(amendment)s. değişiklik önergesi · %(person)s") % names
        act_url = reverse("amendment_decide", args=[office.council.slug, row.proposal.number, row.number])
        clock = _("önerge: %(when)s") % {"when": age(row.created_at, now=office.at)}
        found.append(
            Task(
                row.proposal.title,
                row.get_absolute_url(),
                note,
                _("Karara bağlayın"),
                act_url,
                since=row.created_at,
                clock=clock,
            )
        )
    return found


# --- Ballots one has to see to their end ----------------------------------------------------------
def _open_ballots(office: Office) -> QuerySet[ProposalBallot]:
    running = Ballot.objects.filter(declared_at__isnull=True)
    return (
        ProposalBallot.objects.filter(
            is_current=True, proposal__council=office.council, proposal__addressed_to__in=office.led, ballot__in=running
        )
        .select_related("ballot", "proposal__addressed_to")
        .defer("proposal__text", "proposal__search")
        .annotate(cast=Count("ballot__votes"), due=Min("ballot__closes_at"))
    )


def _tell_ballots(office: Office, rows: list[Any]) -> list[Task]:
    found = []
    for row in rows:
        row.proposal.council = office.council
        url = row.proposal.get_absolute_url()
        note = _("%(number)s · %(body)s · %(roll)s üyeden %(cast)s oy") % {
            "number": row.proposal.number,
            "body": row.proposal.addressed_to,
            "roll": row.ballot.electorate_size,
            "cast": row.cast,
        }
        clock, tone = _clock(row.due, office.at)
        found.append(
            Task(row.proposal.title, url, note, _("Oylamayı izleyin"), url, due=row.due, clock=clock, tone=tone)
        )
    return found


# --- Ballots of the council's own -----------------------------------------------------------------
def _council_ballots(office: Office) -> QuerySet[CouncilBallot]:
    running = Ballot.objects.filter(declared_at__isnull=True)
    rows = CouncilBallot.objects.filter(council=office.council, ballot__in=running)
    if not office.is_secretary:
        rows = rows.filter(body__in=office.led)
    rows = rows.select_related("ballot", "body", "district")
    return rows.annotate(cast=Count("ballot__votes"), due=Min("ballot__closes_at"))


def _tell_council_ballots(office: Office, rows: list[Any]) -> list[Task]:
    found = []
    for row in rows:
        row.council = office.council
        url = reverse("ballot_detail", args=[row.ballot_id])
        figures = {"who": row.who, "roll": row.ballot.members, "cast": row.cast}
        note = _("%(who)s · oy hakkı olan %(roll)s kişiden %(cast)s oy") % figures
        clock, tone = _clock(row.due, office.at)
        found.append(
            Task(row.ballot.question, url, note, _("Oylamayı izleyin"), url, due=row.due, clock=clock, tone=tone)
        )
    return found


# --- Ties one has to decide as chair --------------------------------------------------------------
def _ties(office: Office) -> QuerySet[CouncilBallot]:
    rows = CouncilBallot.objects.filter(council=office.council, ballot__in=ties_to_decide(office.person))
    return rows.select_related("ballot", "body", "district").annotate(declared_at=Min("ballot__declared_at"))


def _tell_ties(office: Office, rows: list[CouncilBallot]) -> list[Task]:
    found = []
    for row in rows:
        row.council = office.council
        url = reverse("ballot_decide_tie", args=[row.ballot_id])
        declared = row.ballot.declared_at
        clock = _("eşitlik: %(when)s") % {"when": age(declared, now=office.at)} if declared else ""
        found.append(Task(row.ballot.question, url, row.who, _("Karar verin"), url, since=declared, clock=clock))
    return found


# --- Requests to join -----------------------------------------------------------------------------
def _joins(office: Office) -> QuerySet[JoinRequest]:
    groups = [body.pk for body in office.leads if body.kind == BodyKind.WORKING_GROUP]
    return JoinRequest.objects.filter(body__in=groups, state=JoinState.PENDING).select_related("person", "body")


def _tell_joins(office: Office, rows: list[JoinRequest]) -> list[Task]:
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
def _reported(office: Office) -> QuerySet[Comment]:
    mine = Q(reports__council_id=office.council.pk, reports__settled_at__isnull=True)
    if not office.is_secretary:
        mine &= Q(reports__body_id__in=office.led)
    return (
        Comment.objects.filter(mine)
        .select_related("author")
        .annotate(reported=Count("reports"), first_report=Min("reports__created_at"))
    )


def _tell_reported(office: Office, rows: list[Any]) -> list[Task]:
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
def _residences(office: Office) -> QuerySet[Residence]:
    waiting = Residence.objects.filter(council=office.council, verified_at__isnull=True, person__is_active=True)
    return waiting.exclude(person=office.person).select_related("person", "district")


def _tell_residences(office: Office, rows: list[Residence]) -> list[Task]:
    found = []
    for row in rows:
        url = reverse("residence_person", args=[office.council.slug, row.person_id])
        clock = _("bildirim: %(when)s") % {"when": age(row.declared_at, now=office.at)}
        note = row.district.name
        found.append(Task(row.person.display_name, url, note, _("Doğrulayın"), url, since=row.declared_at, clock=clock))
    return found


# --- Opinions of the general assembly --------------------------------------------------------------------------------
def _without_opinion(office: Office) -> QuerySet[Proposal]:
    return _due_first(waiting_for_opinion(office.council))


def _tell_without_opinion(office: Office, rows: list[Proposal]) -> list[Task]:
    found = []
    address = reverse("opinion_new", args=[office.council.slug])
    for row in rows:
        row.council = office.council
        clock, tone = _clock(row.due_at, office.at)
        note = f"{row.number} · {row.addressed_to}"
        act_url = f"{address}?oneri={row.number}"
        found.append(
            Task(
                row.title,
                row.get_absolute_url(),
                note,
                _("Görüş hazırlayın"),
                act_url,
                due=row.due_at,
                clock=clock,
                tone=tone,
            )
        )
    return found


def _to_send(office: Office) -> QuerySet[Opinion]:
    rows = Opinion.objects.filter(council=office.council, state=OpinionState.ADOPTED).defer("text")
    return rows.annotate(due=Coalesce(Min("links__proposal__due_at"), Value(NEVER)))


def _tell_to_send(office: Office, rows: list[Any]) -> list[Task]:
    found = []
    for row in rows:
        row.council = office.council
        due = row.due if row.due < NEVER else None
        clock, tone = _clock(due, office.at)
        act_url = reverse("opinion_send", args=[office.council.slug, row.number])
        found.append(
            Task(row.title, row.get_absolute_url(), row.number, _("Gönderin"), act_url, due=due, clock=clock, tone=tone)
        )
    return found


def _tallies(office: Office) -> QuerySet[AssemblyTally]:
    rows = AssemblyTally.objects.filter(opinion__council=office.council, state=TallyState.PENDING)
    return rows.exclude(entered_by=office.person).select_related("opinion", "entered_by").defer("opinion__text")


def _tell_tallies(office: Office, rows: list[AssemblyTally]) -> list[Task]:
    found = []
    for row in rows:
        row.opinion.council = office.council
        act_url = reverse("opinion_settle", args=[office.council.slug, row.opinion.number])
        note = _("%(number)s · giren: %(name)s") % {
            "number": row.opinion.number,
            "name": row.entered_by.display_name,
        }
        clock = _("girildi: %(when)s") % {"when": age(row.entered_at, now=office.at)}
        found.append(
            Task(
                row.opinion.title,
                row.opinion.get_absolute_url(),
                note,
                _("Tutanakla karşılaştırın"),
                act_url,
                since=row.entered_at,
                clock=clock,
            )
        )
    return found


# --- Implementations the directorate keeps -----------------------------------------------------------------------------
def _implementations(office: Office) -> QuerySet[Any]:
    """The next step's day is what is due; without a step the day by which the proposal should be done."""
    rows = implementations(office.council, at=office.at).filter(stage=Stage.IMPLEMENTATION)
    return rows.annotate(due_day=Coalesce("next_on", TruncDate("due_at"), Value(NEVER.date())))


def _tell_implementations(office: Office, rows: list[Any]) -> list[Task]:
    found = []
    for row in rows:
        row.council = office.council
        due = row.due_at
        if row.next_on is not None:
            due = timezone.make_aware(datetime.combine(row.next_on + timedelta(days=1), time()))
        begun = getattr(row, "implementation", None)
        unit = begun.unit.name if begun is not None and begun.unit is not None else _("birimi yazılmadı")
        note = f"{row.number} · {unit}" + (f" · {row.next_title}" if row.next_title else "")
        clock, tone = _clock(due, office.at)
        page = "proposal_implementation" if office.is_directorate_officer else "proposal_detail"
        act_url = reverse(page, args=[office.council.slug, row.number])
        words = _("Uygulamayı yazın") if office.is_directorate_officer else _("Okuyun")
        found.append(Task(row.title, row.get_absolute_url(), note, words, act_url, due=due, clock=clock, tone=tone))
    return found


# --- Decisions of the municipal council that wait for a second person -----------------------------
def _decisions(office: Office) -> QuerySet[Decision]:
    rows = Decision.objects.filter(council=office.council, state=DecisionState.PENDING)
    return rows.exclude(entered_by=office.person).select_related("opinion", "entered_by")


def _tell_decisions(office: Office, rows: list[Decision]) -> list[Task]:
    found = []
    for row in rows:
        url = reverse("decision_detail", args=[office.council.slug, row.pk])
        note = _("%(opinion)s · %(person)s girdi") % {
            "opinion": row.opinion.number,
            "person": row.entered_by.display_name,
        }
        title = _("%(number)s sayılı karar: %(title)s") % {"number": row.number, "title": row.opinion.title}
        clock = _("giriş: %(when)s") % {"when": age(row.entered_at, now=office.at)}
        found.append(Task(title, url, note, _("Karşılaştırıp onaylayın"), url, since=row.entered_at, clock=clock))
    return found


# --- Opinions before the municipal council --------------------------------------------------------
def _in_council(office: Office) -> QuerySet[Opinion]:
    links = OpinionProposal.objects.filter(
        opinion=OuterRef("pk"), is_current=True, proposal__stage__in=IN_MUNICIPAL_COUNCIL
    )
    due = links.order_by(F("proposal__due_at").asc(nulls_last=True)).values("proposal__due_at")[:1]
    missed = MissedMeeting.objects.filter(opinion=OuterRef("pk")).exclude(meeting__state__in=CALLED_OFF)
    counted = missed.order_by().values("opinion").annotate(n=Count("pk")).values("n")
    return Opinion.objects.filter(Exists(links), council=office.council).annotate(
        due=Coalesce(Subquery(due), Value(NEVER)), missed=Coalesce(Subquery(counted), Value(0))
    )


def _tell_in_council(office: Office, rows: list[Any]) -> list[Task]:
    found = []
    for row in rows:
        url = reverse("opinion_in_council", args=[office.council.slug, row.number])
        note = row.number
        if row.missed:
            passed = ngettext(
                "%(n)d toplantı gündeme alınmadan geçti", "%(n)d toplantı gündeme alınmadan geçti", row.missed
            )
            note += " · " + passed % {"n": row.missed}
        clock, tone = _clock(row.due, office.at)
        found.append(
            Task(
                row.title,
                url,
                note,
                _("Adımı girin"),
                url,
                due=row.due,
                clock=clock,
                tone="late" if row.missed else tone,
            )
        )
    return found


def _keeps_decisions(office: Office) -> bool:
    return office.is_secretary or office.is_directorate_officer


KINDS = (
    Kind(
        "meclis-onay",
        _l("Onayınızı bekleyen kararlar"),
        _keeps_decisions,
        _decisions,
        ("entered_at", "pk"),
        _tell_decisions,
        hides_empty=True,
    ),
    Kind(
        "meclis",
        _l("Belediye meclisindeki görüşler"),
        _keeps_decisions,
        _in_council,
        ("due", "pk"),
        _tell_in_council,
        hides_empty=True,
    ),
    Kind(
        "gecikenler",
        _l("Geciken adımlar"),
        lambda office: office.is_secretary or office.is_directorate_officer or bool(office.leads),
        _late,
        ("due", "pk"),
        _tell_late,
        hides_empty=True,
    ),
    Kind(
        "yurutme-kurulu",
        _l("Genel kurulun gündemini bekleyen öneriler"),
        lambda office: _leads_board(office) or office.is_secretary,
        _on_board,
        ("due", "pk"),
        _tell_on_board,
        hides_empty=True,
    ),
    Kind(
        "mudurluk",
        _l("Müdürlüğün yanıtını bekleyen öneriler"),
        lambda office: office.is_directorate_officer,
        _to_answer,
        ("due", "pk"),
        _tell_to_answer,
        hides_empty=True,
    ),
    Kind(
        "gorus-hazirlanacak",
        _l("Görüş hazırlanacak öneriler"),
        lambda office: office.is_secretary,
        _without_opinion,
        ("due", "pk"),
        _tell_without_opinion,
        hides_empty=True,
    ),
    Kind(
        "gorus-onayi",
        _l("Onay bekleyen genel kurul sonuçları"),
        lambda office: office.is_secretary or office.is_directorate_officer,
        _tallies,
        ("entered_at", "pk"),
        _tell_tallies,
        hides_empty=True,
    ),
    Kind(
        "gorus-gonderilecek",
        _l("Belediye meclisine gönderilecek görüşler"),
        lambda office: office.is_secretary,
        _to_send,
        ("due", "pk"),
        _tell_to_send,
        hides_empty=True,
    ),
    Kind(
        "uygunluk",
        _l("Uygunluk kararı bekleyen öneriler"),
        lambda office: office.is_secretary,
        _submitted,
        ("due", "pk"),
        _tell_submitted,
    ),
    Kind(
        "grupta",
        _l("Görüşülen öneriler"),
        lambda office: bool(office.leads),
        _in_group,
        ("due", "pk"),
        _tell_in_group,
    ),
    Kind(
        "degisiklikler",
        _l("Karar bekleyen değişiklik önergeleri"),
        lambda office: bool(office.leads),
        _amendments,
        ("created_at", "pk"),
        _tell_amendments,
    ),
    Kind(
        "oylamalar",
        _l("Süren oylamalar"),
        lambda office: bool(office.leads),
        _open_ballots,
        ("due", "pk"),
        _tell_ballots,
    ),
    Kind(
        "konsey-oylamalari",
        _l("Konseyin süren oylamaları"),
        lambda office: office.is_secretary or bool(office.leads),
        _council_ballots,
        ("due", "pk"),
        _tell_council_ballots,
    ),
    Kind(
        "esitlik",
        _l("Başkan olarak kararınızı bekleyen eşitlikler"),
        lambda office: bool(office.leads),
        _ties,
        ("declared_at", "pk"),
        _tell_ties,
    ),
    Kind(
        "uygulamalar",
        _l("Süren uygulamalar"),
        lambda office: office.is_secretary or office.is_directorate_officer,
        _implementations,
        ("due_day", "pk"),
        _tell_implementations,
    ),
    Kind(
        "istekler",
        _l("Gruba katılma istekleri"),
        lambda office: any(body.kind == BodyKind.WORKING_GROUP for body in office.leads),
        _joins,
        ("created_at", "pk"),
        _tell_joins,
    ),
    Kind(
        "bildirimler",
        _l("Bildirilen yorumlar"),
        lambda office: office.is_secretary or bool(office.leads),
        _reported,
        ("first_report", "pk"),
        _tell_reported,
    ),
    Kind(
        "ikamet",
        _l("Doğrulama bekleyen hemşehrilik kayıtları"),
        lambda office: office.is_secretary or office.is_directorate_officer,
        _residences,
        ("declared_at", "pk"),
        _tell_residences,
    ),
)
