"""Rows for tests. Factories write states directly; what an action must refuse is tested through the action."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import factory
from django.db import transaction
from django.utils import timezone

from ballots.models import Ballot, Elector
from councils.actions.procedures import write_procedure
from councils.models import (
    Body,
    BodyKind,
    Council,
    CouncilOrganisation,
    District,
    Membership,
    MunicipalMeeting,
    Officer,
    OfficerRole,
    Procedure,
    Residence,
    Role,
    Route,
    Step,
    Theme,
)
from councils.procedures import HOLDERS, PRESETS, with_values
from discussions.models import Comment, Thread
from organisations.models import Organisation, OrganisationForm, Representative
from people.actions import make_token
from people.models import Person
from proposals.actions.moving import locked, move
from proposals.journal_kinds import ProposalKind
from proposals.models import (
    AssemblyTally,
    Follow,
    NumberSeries,
    Opinion,
    OpinionProposal,
    Proposal,
    ProposalBallot,
    ProposalVersion,
    Support,
)
from proposals.opinion_states import OpinionState
from proposals.routes import stages_of
from proposals.stages import PATH, Stage
from turkish.text import slugify
from workinggroups.models import Charter


class Factory(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True


class PersonFactory(Factory):
    class Meta:
        model = Person
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"kisi{n}@ornek.invalid")
    display_name = factory.Sequence(lambda n: f"Kişi {n}")
    password = "!"


class CouncilFactory(Factory):
    class Meta:
        model = Council
        django_get_or_create = ("slug",)

    name = factory.LazyAttribute(lambda o: f"{o.province} Kent Konseyi")
    slug = factory.LazyAttribute(lambda o: slugify(o.province))
    code = factory.Sequence(lambda n: "X" + chr(65 + n // 26 % 26) + chr(65 + n % 26))
    province = factory.Sequence(lambda n: f"Şehir {n}")
    municipality = factory.LazyAttribute(lambda o: f"{o.province} Büyükşehir Belediyesi")
    latitude = 40.76
    longitude = 29.92


def ProcedureFactory(*, council: Council | None = None, **values: Any) -> Procedure:
    """The first version of a council's procedures; it ends with the vote of the body, so that `values` say all of it."""
    council = council or CouncilFactory()
    found = Procedure.objects.in_force(council, Route.WORKING_GROUP)
    if found is not None:
        return found
    values = {"support_threshold": 3, "support_days": 30} | values
    for route in Route:
        rules = with_values(PRESETS[route], values)
        if route != Route.DIRECTORATE:
            rules = tuple(rule for rule in rules if rule.step in SHORT)
        write_procedure(council, route, 1, rules, reason="Başlangıç usulü", actor=None, at=timezone.now())
    return Procedure.objects.in_force(council, Route.WORKING_GROUP)


SHORT = (Step.SUBMITTED, Step.GATHERING, Step.IN_GROUP, Step.BALLOT)


def whole_way(council: Council, **values: Any) -> Procedure:
    """From now on the council's proposals go the whole way to the municipal council and back."""
    values = {"support_threshold": 3, "support_days": 30} | values
    for route in (Route.ASSEMBLY, Route.WORKING_GROUP):
        before = Procedure.objects.in_force(council, route)
        number = before.number + 1 if before else 1
        made = write_procedure(
            council,
            route,
            number,
            with_values(PRESETS[route], values),
            reason="Bütün yol",
            actor=None,
            at=timezone.now(),
        )
    return made


class DistrictFactory(Factory):
    class Meta:
        model = District
        django_get_or_create = ("council", "slug")

    council = factory.SubFactory(CouncilFactory)
    name = factory.Sequence(lambda n: f"İlçe {n}")
    slug = factory.LazyAttribute(lambda o: slugify(o.name))
    latitude = 40.76
    longitude = 29.92


class ThemeFactory(Factory):
    class Meta:
        model = Theme
        django_get_or_create = ("council", "slug")

    council = factory.SubFactory(CouncilFactory)
    name = factory.Sequence(lambda n: f"Konu {n}")
    name_en = factory.LazyAttribute(lambda o: o.name.replace("Konu", "Theme"))
    slug = factory.LazyAttribute(lambda o: slugify(o.name))


class BodyFactory(Factory):
    class Meta:
        model = Body
        django_get_or_create = ("council", "slug")

    council = factory.SubFactory(CouncilFactory)
    kind = BodyKind.WORKING_GROUP
    name = factory.Sequence(lambda n: f"Çalışma Grubu {n}")
    slug = factory.LazyAttribute(lambda o: slugify(o.name))


class ThreadFactory(Factory):
    class Meta:
        model = Thread

    policy = "proposals.proposal"


class CharterFactory(Factory):
    class Meta:
        model = Charter

    body = factory.SubFactory(BodyFactory)
    purpose = "Ulaşımı herkes için kolaylaştırmak."
    thread = factory.SubFactory(ThreadFactory, policy="workinggroups.charter")


class MembershipFactory(Factory):
    class Meta:
        model = Membership

    body = factory.SubFactory(BodyFactory)
    person = factory.SubFactory(PersonFactory)
    role = Role.MEMBER
    has_vote = True
    starts_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=100))


class OfficerFactory(Factory):
    class Meta:
        model = Officer

    council = factory.SubFactory(CouncilFactory)
    person = factory.SubFactory(PersonFactory)
    role = OfficerRole.DIRECTORATE


class ResidenceFactory(Factory):
    """A verified residence; `verified=False` leaves it declared only."""

    class Meta:
        model = Residence

    class Params:
        verified = True

    person = factory.SubFactory(PersonFactory)
    council = factory.SubFactory(CouncilFactory)
    district = factory.LazyAttribute(lambda o: DistrictFactory(council=o.council, name="İzmit"))
    declared_at = factory.LazyFunction(timezone.now)
    verified_at = factory.LazyAttribute(lambda o: o.declared_at if o.verified else None)
    verified_by = factory.LazyAttribute(lambda o: PersonFactory() if o.verified else None)


class OrganisationFactory(Factory):
    """A verified organisation; `verified=False` leaves it listed only."""

    class Meta:
        model = Organisation

    class Params:
        verified = True

    name = factory.Sequence(lambda n: f"Dernek {n}")
    slug = factory.LazyAttribute(lambda o: slugify(o.name))
    form = OrganisationForm.ASSOCIATION
    verified_at = factory.LazyAttribute(lambda o: timezone.now() if o.verified else None)
    verified_by = factory.LazyAttribute(lambda o: PersonFactory() if o.verified else None)


class CouncilOrganisationFactory(Factory):
    class Meta:
        model = CouncilOrganisation

    council = factory.SubFactory(CouncilFactory)
    organisation = factory.SubFactory(OrganisationFactory)


class RepresentativeFactory(Factory):
    class Meta:
        model = Representative

    organisation = factory.SubFactory(OrganisationFactory)
    person = factory.SubFactory(PersonFactory)
    starts_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=100))


class CommentFactory(Factory):
    """A comment at the right depth below `parent`; thread and root counters are kept."""

    class Meta:
        model = Comment

    thread = factory.SubFactory(ThreadFactory)
    parent = None
    author = factory.SubFactory(PersonFactory)
    key = factory.LazyFunction(uuid.uuid4)
    text = "Bu konuda bir sözüm var."
    created_at = factory.LazyFunction(timezone.now)

    @classmethod
    def _create(cls, model_class: type[Comment], *args: Any, **kwargs: Any) -> Comment:
        parent: Comment | None = kwargs.get("parent")
        if parent is not None:
            kwargs.update(thread=parent.thread, depth=parent.depth + 1, root=parent.root or parent)
            Comment.objects.filter(pk=kwargs["root"].pk).update(reply_count=kwargs["root"].descendants.count() + 1)
        comment = super()._create(model_class, *args, **kwargs)
        Thread.objects.filter(pk=comment.thread_id).update(comment_count=comment.thread.comments.count())
        return comment


class BallotFactory(Factory):
    """A ballot that is open now; `electors` are the people on its roll."""

    class Meta:
        model = Ballot
        skip_postgeneration_save = True

    class Params:
        electors_list: list[Person] = []

    policy = "proposals.proposal"
    question = "Öneri kabul edilsin mi?"
    opens_at = factory.LazyFunction(lambda: timezone.now() - timedelta(hours=1))
    closes_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=2))
    opened_by = factory.SubFactory(PersonFactory)
    created_at = factory.LazyFunction(timezone.now)

    @classmethod
    def _create(cls, model_class: type[Ballot], *args: Any, **kwargs: Any) -> Ballot:
        electors = kwargs.pop("electors", [])
        kwargs.setdefault("electorate_size", len(electors))
        with transaction.atomic():  # the roll is taken in the transaction that opens the ballot
            ballot = super()._create(model_class, *args, **kwargs)
            Elector.objects.bulk_create([Elector(ballot=ballot, person=person) for person in electors])
        return ballot


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


class MunicipalMeetingFactory(Factory):
    """A meeting of the municipal council in twenty days; its agenda closes three days before."""

    class Meta:
        model = MunicipalMeeting

    council = factory.SubFactory(CouncilFactory)
    uid = factory.Sequence(lambda n: f"birlesim-{n}@belediye.invalid")
    name = factory.Sequence(lambda n: f"{n}. birleşim")
    starts_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=20))
    agenda_closes_at = factory.LazyAttribute(lambda o: o.starts_at - timedelta(days=3))


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


def token(person: Person, *scopes: str, days: int = 30) -> str:
    """A personal access token of somebody, as a program shows it."""
    made = make_token(
        actor=person,
        name="Program",
        scopes=scopes,
        lifetime=timedelta(days=days),
        is_stepped_up=True,
        at=timezone.now(),
    )
    return made[1]


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
