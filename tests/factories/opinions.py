"""Opinions, the assembly's votes and the meetings of the municipal council."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone

from councils.models import (
    MunicipalMeeting,
)
from proposals.models import (
    AssemblyTally,
    Opinion,
    OpinionProposal,
)
from proposals.opinion_states import OpinionState
from tests.factories.base import Factory
from tests.factories.councils import CouncilFactory, PersonFactory


class MunicipalMeetingFactory(Factory):
    """A meeting of the municipal council in twenty days; its agenda closes three days before."""

    class Meta:
        model = MunicipalMeeting

    council = factory.SubFactory(CouncilFactory)
    uid = factory.Sequence(lambda n: f"birlesim-{n}@belediye.invalid")
    name = factory.Sequence(lambda n: f"{n}. birleşim")
    starts_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=20))
    agenda_closes_at = factory.LazyAttribute(lambda o: o.starts_at - timedelta(days=3))


class OpinionFactory(Factory):
    """An opinion on `proposals`, in a state and with what belongs to it; numbered unless it is a draft."""

    class Meta:
        model = Opinion

    council = factory.SubFactory(CouncilFactory)
    title = "Sahil yolunda kesintisiz bisiklet yolu"
    text = "Genel kurul, kopuk parçaların birleştirilmesini uygun bulur."
    state = OpinionState.SENT
    prepared_by = factory.SubFactory(PersonFactory)
    created_at = factory.LazyFunction(timezone.now)

    @classmethod
    def _create(cls, model_class: type[Opinion], *args: Any, **kwargs: Any) -> Opinion:
        proposals = kwargs.pop("proposals", [])
        council, state, at = kwargs["council"], kwargs["state"], kwargs["created_at"]
        kwargs.setdefault("state_since", at)
        if state != OpinionState.DRAFT and "number" not in kwargs:
            year = kwargs.setdefault("year", timezone.localtime(at).year)
            last = Opinion.objects.filter(council=council, year=year).order_by("-serial").first()
            kwargs.setdefault("serial", (last.serial or 0) + 1 if last else 1)
            kwargs["number"] = f"{council.code}-G-{year}-{kwargs['serial']:04d}"
        if state in {OpinionState.ADOPTED, OpinionState.SENT}:
            kwargs.setdefault("adopted_at", at)
        if state == OpinionState.SENT:
            kwargs.setdefault("sent_at", at)
            kwargs.setdefault("sent_on", timezone.localtime(kwargs["sent_at"]).date())
            kwargs.setdefault("registry_number", "E-4821")
            kwargs.setdefault("sent_by", kwargs["prepared_by"])
        opinion = super()._create(model_class, *args, **kwargs)
        for proposal in proposals:
            OpinionProposal.objects.create(opinion=opinion, proposal=proposal, version=proposal.version)
        return opinion


class AssemblyTallyFactory(Factory):
    """A tally of a meeting that a second person has not confirmed yet, with a file in place of its minutes."""

    class Meta:
        model = AssemblyTally
        skip_postgeneration_save = True

    held_on = factory.LazyFunction(timezone.localdate)
    members = 5
    present = 4
    votes_for = 3
    votes_against = 1
    votes_abstain = 0
    quorum = 3
    majority = "simple"
    outcome = "passed"
    name = "tutanak.pdf"
    size = 14
    digest = "0" * 64
    entered_by = factory.SubFactory(PersonFactory)
    entered_at = factory.LazyFunction(timezone.now)
    file = factory.django.FileField(filename="tutanak.pdf", data=b"%PDF-1.7 sayfa")

    @factory.post_generation
    def confirmed_by(tally, create, person, **_):
        if person is not None:
            tally.state, tally.settled_by, tally.settled_at = "confirmed", person, timezone.now()
            tally.save(update_fields=["state", "settled_by", "settled_at"])
