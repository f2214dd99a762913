"""The desk's queues: what waits for whom, what is due first, and how many there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l

from councils.models import Council, District, Officer, OfficerRole
from people.models import Person
from servicerequests.models import (
    Channel,
    DeskUnit,
    Matter,
    Publicity,
    RequestQuerySet,
    RequestType,
    ServiceRequest,
)
from servicerequests.states import OPEN, Status
from turkish.functions import fits, search_query

WORKED_ON = sorted(OPEN - {Status.WAITING_APPLICANT})
LONGEST_TEXT = 200
MOST_COUNTED = 1_000
"""A queue longer than this says so instead of its length."""


@dataclass(frozen=True)
class Queue:
    """A queue: its word in the address, its name, and by what it is ordered."""

    word: str
    title: str | Promise
    by: tuple[str, ...] = ("due_at", "id")
    descending: bool = False


QUEUES: tuple[Queue, ...] = (
    Queue("benim", _l("Bana verilenler")),
    Queue("sahipsiz", _l("Kimseye verilmemiş")),
    Queue("gecikmis", _l("Gecikenler")),
    Queue("acik", _l("Bütün açıklar")),
    Queue("basvuranda", _l("Başvurandan beklenenler"), ("status_since", "id")),
    Queue("baska-birimde", _l("Başka birimden beklenenler")),
    Queue("yayim", _l("Yayımlanması beklenenler"), ("ended_at", "id")),
    Queue("yanitlanan", _l("Sonuçlananlar"), ("ended_at", "id"), descending=True),
    Queue("hepsi", _l("Hepsi, en yeni önce"), ("filed_at", "id"), descending=True),
)
BY_WORD = {queue.word: queue for queue in QUEUES}
UNIT = "birim-"


@dataclass(frozen=True)
class DeskFilters:
    """What the list is narrowed to; words of the address that mean nothing here are left out."""

    queue: Queue
    unit: DeskUnit | None = None
    text: str = ""
    number: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.text or self.values)


@dataclass(frozen=True)
class DeskChoices:
    """What of the council there is to choose from. Five queries."""

    units: list[DeskUnit]
    officers: list[Officer]
    types: dict[str, str]
    matters: list[Matter]
    districts: list[District]


def choices_of(council: Council) -> DeskChoices:
    from servicerequests.reading import types_of

    officers = Officer.objects.filter(council=council, role=OfficerRole.DIRECTORATE, is_active=True)
    return DeskChoices(
        units=list(DeskUnit.objects.filter(council=council, is_active=True)),
        officers=list(officers.select_related("person").order_by("person__display_name", "pk")),
        types={version.type.slug: version.words for version in types_of(council)},
        matters=list(Matter.objects.filter(council=council, is_active=True)),
        districts=list(District.objects.filter(council=council).order_by("name")),
    )


def officer_of(person: Person, council: Council) -> Officer | None:
    """The person's post in the council's directorate."""
    return Officer.objects.filter(council=council, person=person, role=OfficerRole.DIRECTORATE, is_active=True).first()


def filters_of(said: Mapping[str, str], choices: DeskChoices, *, default: str) -> DeskFilters:
    """What an address asks for."""
    word = said.get("kuyruk", default)
    unit = next((each for each in choices.units if word == f"{UNIT}{each.slug}"), None)
    queue = Queue(word, unit.name) if unit else BY_WORD.get(word, BY_WORD[default])
    text = " ".join(said.get("q", "").replace("\x00", "").split())[:LONGEST_TEXT]
    number = text.upper() if text and text.upper().isascii() and "-T-" in text.upper() and " " not in text else ""
    known = {
        "tur": set(choices.types),
        "durum": set(Status.values),
        "konu": {each.slug for each in choices.matters},
        "ilce": {each.slug for each in choices.districts},
        "kanal": set(Channel.values),
    }
    values = {name: said[name] for name, words in known.items() if said.get(name) in words}
    if text and "kuyruk" not in said:
        queue = BY_WORD["hepsi"]  # whoever searches means everything, until they choose a queue
    return DeskFilters(queue, unit, text, number, values)


def requests_of(
    council: Council, filters: DeskFilters, officer: Officer | None, *, at: datetime
) -> QuerySet[ServiceRequest]:
    """The rows of a queue, narrowed, in no order."""
    rows = _queue(ServiceRequest.objects.filter(council=council), filters, officer, at)
    if filters.number:
        rows = rows.filter(number=filters.number)
    elif filters.text:
        query = search_query(filters.text)
        rows = _found(rows, query, filters.queue) if query else rows.none()
    said = filters.values
    if "tur" in said:
        rows = rows.filter(type__type__in=RequestType.objects.filter(council=council, slug=said["tur"]).values("pk"))
    if "durum" in said:
        rows = rows.filter(status=said["durum"])
    if "kanal" in said:
        rows = rows.filter(channel=said["kanal"])
    if "konu" in said:
        rows = rows.filter(matter__slug=said["konu"])
    if "ilce" in said:
        rows = rows.filter(district__slug=said["ilce"])
    return rows.select_related("type", "unit", "applicant", "on_behalf_of", "assignee__person").only(
        "number", "subject", "status", "status_since", "resolution", "due_at", "ended_at", "filed_at", "priority", "named",
        "channel", "publicity", "council_id", "type__name", "type__name_en", "unit__name", "applicant__display_name",
        "on_behalf_of__name", "assignee__person__display_name",
    )  # fmt: skip


def _queue(rows: RequestQuerySet, filters: DeskFilters, officer: Officer | None, at: datetime) -> RequestQuerySet:
    open_rows = rows.filter(ended_at__isnull=True, due_at__isnull=False)
    if filters.unit is not None:
        return open_rows.filter(unit=filters.unit)
    match filters.queue.word:
        case "benim":
            return open_rows.filter(assignee=officer)
        case "sahipsiz":
            return open_rows.filter(assignee__isnull=True)
        case "gecikmis":
            return open_rows.filter(due_at__lt=at)
        case "acik":
            return open_rows
        case "basvuranda":
            return rows.filter(ended_at__isnull=True, status=Status.WAITING_APPLICANT)
        case "baska-birimde":
            return open_rows.filter(status=Status.WAITING_OTHER)
        case "yayim":
            return rows.filter(publicity=Publicity.AWAITED, ended_at__isnull=False)
        case "yanitlanan":
            return rows.filter(ended_at__isnull=False)
        case _:
            return rows


SAMPLE, OFTEN, MOST_FOUND = 1_500, 30, 50_000


def _found(rows: QuerySet[ServiceRequest], query: str, queue: Queue) -> QuerySet[ServiceRequest]:
    """Those of the rows in which the words occur.

    A word that occurs often is found soon among the newest; one that is rare is asked of the index of words first, or the
    database, which takes every word for a frequent one, would look through all requests. One query, to tell the two apart.
    """
    fitting = rows.filter(fits(query))
    if not queue.descending:  # what is open is few
        return fitting
    newest = rows.order_by(*(f"-{name}" for name in queue.by)).values("pk")[:SAMPLE]
    seen = ServiceRequest.objects.filter(fits(query), pk__in=newest)
    if len(seen.order_by().values_list("pk")[:OFTEN]) == OFTEN:
        return fitting
    return rows.filter(pk__in=fitting.order_by().values("pk")[:MOST_FOUND])


def counts_of(council: Council, officer: Officer | None, *, at: datetime) -> dict[str, int]:
    """How many wait in each queue of open requests, by its word; units as ``birim-<slug>``. One query over what is open."""
    mine = Q(assignee=officer) if officer else Q(pk__in=[])
    due = Q(due_at__isnull=False)
    rows = (
        ServiceRequest.objects.filter(council=council, ended_at__isnull=True)
        .order_by()
        .values("unit__slug")
        .annotate(
            benim=Count("pk", filter=mine & due),
            sahipsiz=Count("pk", filter=Q(assignee__isnull=True) & due),
            gecikmis=Count("pk", filter=Q(due_at__lt=at)),
            acik=Count("pk", filter=due),
            basvuranda=Count("pk", filter=Q(status=Status.WAITING_APPLICANT)),
            birimde=Count("pk", filter=Q(status=Status.WAITING_OTHER) & due),
        )
    )
    found: dict[str, int] = {}
    for row in rows:
        slug = row.pop("unit__slug")
        found[f"{UNIT}{slug}"] = row["acik"]
        row["baska-birimde"] = row.pop("birimde")
        for word, count in row.items():
            found[word] = found.get(word, 0) + count
    return found


SOON = timedelta(days=2)


@dataclass(frozen=True)
class DeskRow:
    """A row of the list with what its clock says: ``late``, ``soon`` or nothing."""

    request: ServiceRequest
    who: str
    tone: str


def shown(rows: list[ServiceRequest], council: Council, *, at: datetime) -> list[DeskRow]:
    found = []
    for row in rows:
        row.council = council
        who = row.named or (row.applicant.display_name if row.applicant else "")
        if row.on_behalf_of is not None:
            who = row.on_behalf_of.name
        tone = ""
        if row.due_at is not None and row.ended_at is None:
            tone = "late" if row.due_at < at else "soon" if row.due_at - at <= SOON else ""
        found.append(DeskRow(row, who, tone))
    return found


def known_query(said: Mapping[str, Any], choices: DeskChoices) -> dict[str, str]:
    """The words of an address that the list knows, to come back to it."""
    filters = filters_of(said, choices, default="acik")
    words = {"kuyruk": str(said.get("kuyruk", ""))} if filters.queue.word == said.get("kuyruk") else {}
    return words | ({"q": filters.text} if filters.text else {}) | dict(filters.values)
