"""Proposals, who takes part in them, and their way."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import factory
from django.db import transaction
from django.utils import timezone

from councils.procedures import HOLDERS
from people.models import Person
from proposals.actions.moving import locked, move
from proposals.journal_kinds import ProposalKind
from proposals.models import (
    Follow,
    NumberSeries,
    Proposal,
    ProposalBallot,
    ProposalVersion,
    Support,
)
from proposals.routes import stages_of
from proposals.stages import PATH, Stage
from tests.factories.ballots import BallotFactory
from tests.factories.base import Factory
from tests.factories.councils import BodyFactory, CouncilFactory, PersonFactory, ProcedureFactory, ThemeFactory
from tests.factories.discussions import ThreadFactory

HOLDERS_OF = {str(step): holders[0] for step, holders in HOLDERS.items()}


class ProposalFactory(Factory):
    """A submitted proposal in a stage; `stage=Stage.DRAFT` gives a draft. Numbers follow the council's series."""

    class Meta:
        model = Proposal

    council = factory.SubFactory(CouncilFactory)
    author = factory.SubFactory(PersonFactory)
    title = factory.Sequence(lambda n: f"Sahil yolunda kesintisiz bisiklet yolu {n}")
    summary = "Kopuk parçalar birleştirilsin, kavşaklara bisiklet ışığı konsun."
    text = "Körfez’in kuzey kıyısında bisiklet yolu üç yerde kesiliyor.\n\nÖnerimiz bu parçaların birleştirilmesi."
    theme = factory.LazyAttribute(lambda o: ThemeFactory(council=o.council, name="Ulaşım"))
    addressed_to = factory.LazyAttribute(lambda o: BodyFactory(council=o.council, name="Ulaşım Çalışma Grubu"))
    stage = Stage.SUBMITTED
    created_at = factory.LazyFunction(timezone.now)

    @classmethod
    def _create(cls, model_class: type[Proposal], *args: Any, **kwargs: Any) -> Proposal:
        created = kwargs["created_at"]
        kwargs.setdefault("changed_at", created)
        kwargs.setdefault("stage_since", created)
        if kwargs["stage"] == Stage.DRAFT:
            return super()._create(model_class, *args, **kwargs)
        council, year = kwargs["council"], created.year
        series, _ = NumberSeries.objects.get_or_create(council=council, year=year)
        series.last += 1
        series.save()
        procedure = ProcedureFactory(council=council)
        kwargs.setdefault("submitted_at", created)
        defaults = {
            "year": year,
            "serial": series.last,
            "number": f"{council.code}-{year}-{series.last:04d}",
            "admissibility_days": procedure.admissibility_days,
            "support_threshold": procedure.support_threshold,
            "support_days": procedure.support_days,
            "group_days": procedure.group_days,
            "ballot_days": procedure.ballot_days,
            "quorum_percent": procedure.quorum_percent,
            "majority": procedure.majority,
            "procedure": procedure,
            "way": stages_of(kwargs.get("procedure", procedure)),
        }
        for name, value in defaults.items():
            kwargs.setdefault(name, value)
        kwargs.setdefault("thread", ThreadFactory())
        if kwargs["stage"] not in {Stage.SUBMITTED, Stage.INADMISSIBLE}:
            kwargs.setdefault("support_closes_at", created + timedelta(days=kwargs["support_days"]))
        if kwargs["stage"] == Stage.MERGED and "merged_into" not in kwargs:
            kwargs["merged_into"] = ProposalFactory(
                council=council, author=kwargs["author"], addressed_to=kwargs["addressed_to"], theme=kwargs["theme"]
            )
        kwargs.setdefault("holder", HOLDERS_OF.get(kwargs["stage"], ""))
        proposal = super()._create(model_class, *args, **kwargs)
        ProposalVersion.objects.create(
            proposal=proposal,
            number=1,
            title=proposal.title,
            summary=proposal.summary,
            text=proposal.text,
            author=proposal.author,
            created_at=created,
        )
        return proposal


def carry(proposal: Proposal, to: Stage, *, actor: Person | None = None, at: datetime | None = None) -> Proposal:
    """Move a proposal along the whole way up to a stage, by the one function that moves; what else the stage needs is left."""
    at = at or timezone.now()
    line = [stage for stage in PATH if stage != Stage.DIRECTORATE]
    if to == Stage.DIRECTORATE:
        line = [Stage.SUBMITTED, to]
    elif to == Stage.ABANDONED:
        line = [*line[: line.index(Stage.DONE)], to]
    with transaction.atomic():
        proposal = locked(proposal)
        for stage in line[line.index(Stage(proposal.stage)) + 1 : line.index(to) + 1]:
            if stage == Stage.GATHERING:
                proposal.support_closes_at = at + timedelta(days=30)
            move(
                proposal,
                stage,
                kind=CARRIED.get(stage, ProposalKind.PUT_ON_ASSEMBLY_AGENDA),
                actor=actor,
                at=at,
                reason="Uzun uzun görüşüldü." if stage == Stage.ABANDONED else "",
                reason_code="other" if stage == Stage.ABANDONED else "",
            )
    return proposal


CARRIED = {
    Stage.GATHERING: ProposalKind.FOUND_ADMISSIBLE,
    Stage.IN_GROUP: ProposalKind.SUPPORT_REACHED,
    Stage.BALLOT: ProposalKind.BALLOT_OPENED,
    Stage.BOARD: ProposalKind.PASSED_TO_BOARD,
    Stage.DIRECTORATE: ProposalKind.ADMITTED_TO_DIRECTORATE,
}


class SupportFactory(Factory):
    class Meta:
        model = Support

    proposal = factory.SubFactory(ProposalFactory, stage=Stage.GATHERING)
    person = factory.SubFactory(PersonFactory)
    created_at = factory.LazyFunction(timezone.now)

    @classmethod
    def _create(cls, model_class: type[Support], *args: Any, **kwargs: Any) -> Support:
        support = super()._create(model_class, *args, **kwargs)
        Proposal.objects.filter(pk=support.proposal_id).update(support_count=support.proposal.supports.count())
        return support


class FollowFactory(Factory):
    class Meta:
        model = Follow

    proposal = factory.SubFactory(ProposalFactory)
    person = factory.SubFactory(PersonFactory)
    created_at = factory.LazyFunction(timezone.now)


class ProposalBallotFactory(Factory):
    """A proposal on which its body votes now."""

    class Meta:
        model = ProposalBallot

    proposal = factory.SubFactory(ProposalFactory, stage=Stage.BALLOT)
    ballot = factory.SubFactory(BallotFactory)
