"""Proposals that wait: for admissibility, in a group, at the board, at the directorate, and late ones."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from councils.models import BodyKind, Holder
from participation.desk.base import Office, Task, clock_of, due_first, proposal_task
from proposals.models import Amendment, Proposal
from proposals.overdue import Level
from proposals.stages import Stage
from turkish.templatetags.turkish_text import age


# --- Proposals that await admissibility -----------------------------------------------------------
def submitted(office: Office) -> QuerySet[Proposal]:
    """By the council's procedure the secretary's or the executive board's."""
    return due_first(Proposal.objects.filter(held_by(office), council=office.council, stage=Stage.SUBMITTED))


def held_by(office: Office, prefix: str = "") -> Q:
    """What the executive board holds, for who leads it; what anybody else holds, for the secretary."""
    of_the_board = Q(**{f"{prefix}holder": Holder.EXECUTIVE_BOARD})
    held = of_the_board if leads_board(office) else Q(pk__in=[])
    return held | ~of_the_board if office.is_secretary else held


def tell_submitted(office: Office, rows: list[Proposal]) -> list[Task]:
    return [proposal_task(office, row, _("Karar verin"), "proposal_admissibility") for row in rows]


# --- Late steps -----------------------------------------------------------------------------------
def late(office: Office) -> QuerySet[Proposal]:
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
    return due_first(late.filter(pk__in=Proposal.objects.filter(mine).values("pk")))


def tell_late(office: Office, rows: list[Proposal]) -> list[Task]:
    found = []
    for row in rows:
        row.council = office.council
        clock, tone = clock_of(row.due_at, office.at)
        url = row.get_absolute_url()
        note = f"{row.number} · {row.get_stage_display()} · {Holder(row.holder).label}"
        found.append(Task(row.title, url, note, _("Bakın"), url, due=row.due_at, clock=clock, tone=tone))
    return found


# --- Proposals at the executive board, and straight to the directorate ---------------------------------
def on_board(office: Office) -> QuerySet[Proposal]:
    held = Q(holder=Holder.EXECUTIVE_BOARD) if leads_board(office) else Q(pk__in=[])
    if office.is_secretary:
        held |= Q(holder=Holder.SECRETARIAT)
    return due_first(Proposal.objects.filter(held, council=office.council, stage=Stage.BOARD))


def leads_board(office: Office) -> bool:
    return any(body.kind == BodyKind.EXECUTIVE_BOARD for body in office.leads)


def tell_on_board(office: Office, rows: list[Proposal]) -> list[Task]:
    return [proposal_task(office, row, _("Gündeme alın"), "proposal_put_on_agenda") for row in rows]


def to_answer(office: Office) -> QuerySet[Proposal]:
    rows = Proposal.objects.filter(council=office.council, stage=Stage.DIRECTORATE)
    return due_first(rows.exclude(author=office.person))


def tell_to_answer(office: Office, rows: list[Proposal]) -> list[Task]:
    return [proposal_task(office, row, _("Yanıtlayın"), "proposal_answer") for row in rows]


# --- Proposals in the groups one leads ------------------------------------------------------------
def in_group(office: Office) -> QuerySet[Proposal]:
    return due_first(Proposal.objects.filter(council=office.council, addressed_to__in=office.led, stage=Stage.IN_GROUP))


def tell_in_group(office: Office, rows: list[Proposal]) -> list[Task]:
    return [proposal_task(office, row, _("Oylamayı açın"), "proposal_open_ballot") for row in rows]


# --- Amendments of the texts in the groups one leads ----------------------------------------------
def amendments(office: Office) -> QuerySet[Amendment]:
    rows = Amendment.objects.undecided().filter(
        proposal__council=office.council, proposal__addressed_to__in=office.led, proposal__stage=Stage.IN_GROUP
    )
    return rows.exclude(author=office.person).select_related("author", "proposal").defer("proposal__search")


def tell_amendments(office: Office, rows: list[Amendment]) -> list[Task]:
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
