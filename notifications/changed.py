"""What changed because of somebody: what they wrote, amended, supported or commented on that was adopted or carried out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from discussions.models import Comment
from notifications.models import Role
from organisations.models import Organisation
from people.models import Person
from proposals.amending import AmendmentState
from proposals.models import Amendment, Proposal, Support
from proposals.stages import Stage

BECAME: dict[str, str | Promise] = {
    Stage.ADOPTED: _l("verildiği organda kabul edildi"),
    Stage.BOARD: _l("verildiği organda kabul edildi"),
    Stage.GENERAL_ASSEMBLY: _l("verildiği organda kabul edildi"),
    Stage.OPINION: _l("genel kurulun görüşü oldu"),
    Stage.SENT: _l("genel kurulun görüşü olarak belediye meclisine gönderildi"),
    Stage.ON_AGENDA: _l("belediye meclisinin gündemine girdi"),
    Stage.IN_COMMISSION: _l("meclis komisyonunda inceleniyor"),
    Stage.IMPLEMENTATION: _l("kabul edildi ve uygulanıyor"),
    Stage.DONE: _l("yapıldı"),
    Stage.REVIEWED: _l("yapıldı ve değerlendirildi"),
}
"""Stages in which something has changed, each with what became of a proposal."""

ORGANISATION = "organisation"
_SUBJECTS: dict[str, str | Promise] = {**{role: role.label for role in Role}, ORGANISATION: _l("Kuruluşun önerisi")}


@dataclass(frozen=True)
class Change:
    """One thing that changed."""

    role: str
    sentence: str
    number: str
    title: str
    stage: str
    since: datetime
    url: str


def changed_by(person: Person) -> QuerySet[Proposal]:
    """What changed because of a person, each with the nearest `role`. For their own eyes: supports are named by choice."""
    wrote = Q(author=person)
    supported = Exists(Support.objects.filter(proposal=OuterRef("pk"), person=person))
    commented = Exists(
        Comment.objects.filter(
            thread=OuterRef("thread"), author=person, hidden_at__isnull=True, deleted_at__isnull=True
        )
    )
    amendments = Amendment.objects.filter(author=person, state=AmendmentState.ACCEPTED)
    mine = (
        Q(pk__in=Proposal.objects.filter(author=person).values("pk"))
        | Q(pk__in=amendments.values("proposal"))
        | Q(pk__in=Support.objects.filter(person=person).values("proposal"))
        | Q(
            thread__in=Comment.objects.filter(author=person, hidden_at__isnull=True, deleted_at__isnull=True).values(
                "thread"
            )
        )
    )
    role = Case(
        When(wrote, then=Value(Role.AUTHOR.value)),
        When(Exists(amendments.filter(proposal=OuterRef("pk"))), then=Value(Role.AMENDER.value)),
        When(supported, then=Value(Role.SUPPORTER.value)),
        When(commented, then=Value(Role.COMMENTER.value)),
        output_field=CharField(),
    )
    return _changed(Proposal.objects.filter(mine)).annotate(role=role)


def changed_by_organisation(organisation: Organisation) -> QuerySet[Proposal]:
    """What changed because of an organisation: what was written on its behalf. Public."""
    return _changed(Proposal.objects.filter(on_behalf_of=organisation)).annotate(role=Value(ORGANISATION))


def _changed(proposals: QuerySet[Proposal]) -> QuerySet[Proposal]:
    return (
        proposals.filter(stage__in=list(BECAME))
        .select_related("council")
        .only("number", "title", "stage", "stage_since", "council__slug")
    )


def changes(proposals: Iterable[Proposal]) -> list[Change]:
    """One sentence and a link for each; no query for a line."""
    return [
        Change(
            role=proposal.role,  # type: ignore[attr-defined]
            sentence=_("%(subject)s %(became)s.")
            % {"subject": _SUBJECTS[proposal.role], "became": BECAME[proposal.stage]},  # type: ignore[attr-defined]
            number=proposal.number,
            title=proposal.title,
            stage=proposal.stage,
            since=proposal.stage_since,
            url=proposal.get_absolute_url(),
        )
        for proposal in proposals
    ]
