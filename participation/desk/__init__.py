"""The desk (Masam): what waits for a person in a council, gathered from the apps below, oldest due first."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _l

from councils.models import BodyKind
from councils.paging import page_of
from participation.desk import (
    articles,
    ballots,
    late_requests,
    lending,
    mails,
    partnerships,
    people,
    policy,
    proposals,
    requests,
    solidarity,
)
from participation.desk.base import (
    TASKS_ON_A_PAGE,
    TASKS_SHOWN,
    Kind,
    Office,
    Section,
    Task,
    has_desk,
    may_open_desk,
    office_of,
)
from proposals.models.proposal import NEVER

__all__ = [
    "KINDS",
    "NEVER",
    "TASKS_ON_A_PAGE",
    "TASKS_SHOWN",
    "Kind",
    "Office",
    "Section",
    "Task",
    "desk_section",
    "desk_sections",
    "has_desk",
    "may_open_desk",
    "office_of",
]


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


KINDS = (
    Kind(
        "meclis-onay",
        _l("Onayınızı bekleyen kararlar"),
        policy.keeps_decisions,
        policy.decisions,
        ("entered_at", "pk"),
        policy.tell_decisions,
        hides_empty=True,
    ),
    Kind(
        "meclis",
        _l("Belediye meclisindeki görüşler"),
        policy.keeps_decisions,
        policy.in_council,
        ("due", "pk"),
        policy.tell_in_council,
        hides_empty=True,
    ),
    Kind(
        "gecikenler",
        _l("Geciken adımlar"),
        lambda office: office.is_secretary or office.is_directorate_officer or bool(office.leads),
        proposals.late,
        ("due", "pk"),
        proposals.tell_late,
        hides_empty=True,
    ),
    Kind(
        "yurutme-kurulu",
        _l("Genel kurulun gündemini bekleyen öneriler"),
        lambda office: office.is_secretary or proposals.leads_board(office),
        proposals.on_board,
        ("due", "pk"),
        proposals.tell_on_board,
        hides_empty=True,
    ),
    Kind(
        "mudurluk",
        _l("Müdürlüğün yanıtını bekleyen öneriler"),
        lambda office: office.is_directorate_officer,
        proposals.to_answer,
        ("due", "pk"),
        proposals.tell_to_answer,
        hides_empty=True,
    ),
    Kind(
        "basvurular",
        _l("Yanıtınızı bekleyen başvurular"),
        lambda office: office.is_directorate_officer,
        requests.to_answer,
        ("due_at", "pk"),
        requests.tell_to_answer,
        hides_empty=True,
    ),
    Kind(
        "geciken-basvurular",
        _l("Size bildirilen geciken başvurular"),
        lambda office: office.is_directorate_officer,
        late_requests.told_late,
        ("due", "pk"),
        late_requests.tell_late,
        hides_empty=True,
    ),
    Kind(
        "e-postalar",
        _l("Bekleyen e-postalar"),
        lambda office: office.is_directorate_officer,
        mails.held,
        ("received_at", "pk"),
        mails.tell_held,
        hides_empty=True,
    ),
    Kind(
        "gorus-hazirlanacak",
        _l("Görüş hazırlanacak öneriler"),
        lambda office: office.is_secretary or proposals.leads_board(office),
        policy.without_opinion,
        ("due", "pk"),
        policy.tell_without_opinion,
        hides_empty=True,
    ),
    Kind(
        "gorus-onayi",
        _l("Onay bekleyen genel kurul sonuçları"),
        policy.settles_tallies,
        policy.tallies,
        ("entered_at", "pk"),
        policy.tell_tallies,
        hides_empty=True,
    ),
    Kind(
        "gorus-gonderilecek",
        _l("Belediye meclisine gönderilecek görüşler"),
        lambda office: office.is_secretary or proposals.leads_board(office),
        policy.to_send,
        ("due", "pk"),
        policy.tell_to_send,
        hides_empty=True,
    ),
    Kind(
        "uygunluk",
        _l("Uygunluk kararı bekleyen öneriler"),
        lambda office: office.is_secretary or proposals.leads_board(office),
        proposals.submitted,
        ("due", "pk"),
        proposals.tell_submitted,
        hides_empty=True,
    ),
    Kind(
        "grupta",
        _l("Görüşülen öneriler"),
        lambda office: bool(office.leads),
        proposals.in_group,
        ("due", "pk"),
        proposals.tell_in_group,
    ),
    Kind(
        "degisiklikler",
        _l("Karar bekleyen değişiklik önergeleri"),
        lambda office: bool(office.leads),
        proposals.amendments,
        ("created_at", "pk"),
        proposals.tell_amendments,
    ),
    Kind(
        "oylamalar",
        _l("Süren oylamalar"),
        lambda office: bool(office.leads),
        ballots.open_ballots,
        ("due", "pk"),
        ballots.tell_ballots,
    ),
    Kind(
        "konsey-oylamalari",
        _l("Konseyin süren oylamaları"),
        lambda office: office.is_secretary or bool(office.leads),
        ballots.council_ballots,
        ("due", "pk"),
        ballots.tell_council_ballots,
    ),
    Kind(
        "esitlik",
        _l("Başkan olarak kararınızı bekleyen eşitlikler"),
        lambda office: bool(office.leads),
        ballots.ties,
        ("declared_at", "pk"),
        ballots.tell_ties,
    ),
    Kind(
        "uygulamalar",
        _l("Süren uygulamalar"),
        lambda office: office.is_secretary or office.is_directorate_officer,
        policy.running,
        ("due", "pk"),
        policy.tell_running,
    ),
    Kind(
        "yazilar",
        _l("Onayınızı bekleyen bilgi bankası yazıları"),
        lambda office: office.is_directorate_officer,
        articles.to_read,
        ("state_since", "pk"),
        articles.tell_to_read,
        hides_empty=True,
    ),
    Kind(
        "eskiyen-yazilar",
        _l("Bir yıldır gözden geçirilmeyen yazılar"),
        lambda office: office.is_directorate_officer,
        articles.stale,
        ("reviewed_at", "pk"),
        articles.tell_stale,
        hides_empty=True,
    ),
    Kind(
        "ilan-bildirimleri",
        _l("Dayanışma panosunda bildirilen ilanlar"),
        lambda office: office.is_directorate_officer,
        solidarity.reports,
        ("first", "pk"),
        solidarity.tell_reports,
        hides_empty=True,
    ),
    Kind(
        "ihtiyaclar",
        _l("Dayanışma panosunda eşleşme bekleyen ihtiyaçlar"),
        lambda office: office.is_directorate_officer,
        solidarity.needs,
        ("due", "pk"),
        solidarity.tell_needs,
        hides_empty=True,
    ),
    Kind(
        "ortaklik-isleri",
        _l("Proje ortaklıklarındaki işleriniz"),
        lambda office: office.is_directorate_officer,
        partnerships.steps,
        ("due", "pk"),
        partnerships.tell_steps,
        hides_empty=True,
    ),
    Kind(
        "odunc",
        _l("Teslim edilecek ve geri gelecek malzemeler"),
        lambda office: office.is_directorate_officer,
        lending.loans,
        ("due", "pk"),
        lending.tell_loans,
        hides_empty=True,
    ),
    Kind(
        "istekler",
        _l("Gruba katılma istekleri"),
        lambda office: any(body.kind == BodyKind.WORKING_GROUP for body in office.leads),
        people.joins,
        ("created_at", "pk"),
        people.tell_joins,
    ),
    Kind(
        "bildirimler",
        _l("Bildirilen yorumlar"),
        lambda office: office.is_secretary or bool(office.leads),
        people.reported,
        ("first_report", "pk"),
        people.tell_reported,
    ),
    Kind(
        "ikamet",
        _l("Doğrulama bekleyen hemşehrilik kayıtları"),
        lambda office: office.is_secretary or office.is_directorate_officer,
        people.residences,
        ("declared_at", "pk"),
        people.tell_residences,
    ),
)
