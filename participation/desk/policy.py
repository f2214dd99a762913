"""From the general assembly on: opinions, the municipal council, implementation."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import DateTimeField, Exists, F, Func, Min, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils.models import BodyKind
from participation.desk.base import Office, Task, clock_of, due_first
from participation.desk.proposals import held_by
from proposals.models import (
    AssemblyTally,
    Decision,
    DecisionState,
    Opinion,
    OpinionProposal,
    Proposal,
    TallyState,
)
from proposals.models.proposal import NEVER
from proposals.opinion_states import OpinionState
from proposals.reading.implementation import implementations
from proposals.reading.municipal import missed_count
from proposals.reading.opinions import waiting_for_opinion
from proposals.stages import IN_MUNICIPAL_COUNCIL, Stage
from turkish.templatetags.turkish_text import age


# --- Opinions of the general assembly --------------------------------------------------------------------------------
def without_opinion(office: Office) -> QuerySet[Proposal]:
    return due_first(waiting_for_opinion(office.council))


def tell_without_opinion(office: Office, rows: list[Proposal]) -> list[Task]:
    found = []
    address = reverse("opinion_new", args=[office.council.slug])
    for row in rows:
        row.council = office.council
        clock, tone = clock_of(row.due_at, office.at)
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


def to_send(office: Office) -> QuerySet[Opinion]:
    """By the procedure of its proposals the secretary's or the executive board's."""
    mine = OpinionProposal.objects.filter(held_by(office, "proposal__"), opinion=OuterRef("pk"), is_current=True)
    rows = Opinion.objects.filter(Exists(mine), council=office.council, state=OpinionState.ADOPTED).defer("text")
    return rows.annotate(due=Coalesce(Min("links__proposal__due_at"), Value(NEVER)))


def tell_to_send(office: Office, rows: list[Any]) -> list[Task]:
    found = []
    for row in rows:
        row.council = office.council
        due = row.due if row.due < NEVER else None
        clock, tone = clock_of(due, office.at)
        act_url = reverse("opinion_send", args=[office.council.slug, row.number])
        found.append(
            Task(row.title, row.get_absolute_url(), row.number, _("Gönderin"), act_url, due=due, clock=clock, tone=tone)
        )
    return found


def settles_tallies(office: Office) -> bool:
    kinds = {body.kind for body in office.leads}
    return keeps_decisions(office) or not kinds.isdisjoint({BodyKind.EXECUTIVE_BOARD, BodyKind.GENERAL_ASSEMBLY})


def tallies(office: Office) -> QuerySet[AssemblyTally]:
    rows = AssemblyTally.objects.filter(opinion__council=office.council, state=TallyState.PENDING)
    return rows.exclude(entered_by=office.person).select_related("opinion", "entered_by").defer("opinion__text")


def tell_tallies(office: Office, rows: list[AssemblyTally]) -> list[Task]:
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
def running(office: Office) -> QuerySet[Any]:
    """The end of the next step's day is what is due; without a step the day by which the proposal should be done."""
    rows = implementations(office.council, at=office.at).filter(stage=Stage.IMPLEMENTATION)
    midnight = Func(F("next_on"), template="(%(expressions)s + 1)::timestamp")
    next_due = Func(Value(settings.TIME_ZONE), midnight, function="timezone", output_field=DateTimeField())
    return rows.annotate(due=Coalesce(next_due, "due_at", Value(NEVER)))


def tell_running(office: Office, rows: list[Any]) -> list[Task]:
    found = []
    for row in rows:
        row.council = office.council
        due = row.due if row.due < NEVER else None
        begun = getattr(row, "implementation", None)
        unit = begun.unit.name if begun is not None and begun.unit is not None else _("birimi yazılmadı")
        note = f"{row.number} · {unit}" + (f" · {row.next_title}" if row.next_title else "")
        clock, tone = clock_of(due, office.at)
        page = "proposal_implementation" if office.is_directorate_officer else "proposal_detail"
        act_url = reverse(page, args=[office.council.slug, row.number])
        words = _("Uygulamayı yazın") if office.is_directorate_officer else _("Okuyun")
        found.append(Task(row.title, row.get_absolute_url(), note, words, act_url, due=due, clock=clock, tone=tone))
    return found


# --- Decisions of the municipal council that wait for a second person -----------------------------
def decisions(office: Office) -> QuerySet[Decision]:
    rows = Decision.objects.filter(council=office.council, state=DecisionState.PENDING)
    return rows.exclude(entered_by=office.person).select_related("opinion", "entered_by")


def tell_decisions(office: Office, rows: list[Decision]) -> list[Task]:
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
def in_council(office: Office) -> QuerySet[Opinion]:
    links = OpinionProposal.objects.filter(
        opinion=OuterRef("pk"), is_current=True, proposal__stage__in=IN_MUNICIPAL_COUNCIL
    )
    due = links.order_by(F("proposal__due_at").asc(nulls_last=True)).values("proposal__due_at")[:1]
    waiting = Decision.objects.filter(opinion=OuterRef("pk"), state=DecisionState.PENDING).order_by("pk").values("pk")
    return Opinion.objects.filter(Exists(links), council=office.council).annotate(
        due=Coalesce(Subquery(due), Value(NEVER)),
        missed=Coalesce(missed_count(), Value(0)),
        waiting=Subquery(waiting[:1]),
    )


def tell_in_council(office: Office, rows: list[Any]) -> list[Task]:
    found = []
    for row in rows:
        url, words, note = (
            reverse("opinion_in_council", args=[office.council.slug, row.number]),
            _("Adımı girin"),
            row.number,
        )
        if row.waiting is not None:
            url, words = reverse("decision_detail", args=[office.council.slug, row.waiting]), _("Karara bakın")
            note += " · " + _("girilen karar onay bekliyor")
        if row.missed:
            passed = ngettext(
                "%(n)d toplantı gündeme alınmadan geçti", "%(n)d toplantı gündeme alınmadan geçti", row.missed
            )
            note += " · " + passed % {"n": row.missed}
        clock, tone = clock_of(row.due, office.at)
        found.append(
            Task(
                row.title,
                url,
                note,
                words,
                url,
                due=row.due,
                clock=clock,
                tone="late" if row.missed else tone,
            )
        )
    return found


def keeps_decisions(office: Office) -> bool:
    return office.is_secretary or office.is_directorate_officer
