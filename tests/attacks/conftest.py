"""A council with something of everything in it, and everybody who might try something."""

from __future__ import annotations

import logging
from collections.abc import Generator
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from councils.models import BodyKind, Role
from discussions.models import Report
from impact.models import AnnualReport
from people.models import Person
from proposals.actions import propose_amendment
from proposals.models import (
    Attachment,
    AttachmentKind,
    BudgetLine,
    Objective,
    ProposalBallot,
    Review,
    SavedView,
    StrategicPlan,
    Unit,
)
from proposals.stages import Stage
from realtime.limits import Buckets
from tests import factories as f
from tests.attacks.guards import GUARDS
from tests.attacks.without import taken_out, with_attacks_without_guard
from tests.proposals.municipal import before_the_council
from workinggroups.models import JoinRequest

ROLES = (
    "visitor",  # no account
    "outsider",  # an account, nothing else
    "ayse",  # verified resident; author of everything below
    "mehmet",  # verified resident; nothing of it is theirs
    "member",  # votes in the transport group
    "representative",  # acts for an association
    "facilitator",  # leads the transport group
    "president",  # leads the women's assembly
    "secretary",
    "directorate",
    "centre",
    "neighbour",  # secretary of the other council, and facilitator of a group there
    "superuser",
    "closed",  # a resident whose account was closed while the session was open
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every attack with a guard is made a second time without it."""
    items[:] = with_attacks_without_guard(items, GUARDS)


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """Without its guard the attack must succeed: its test must fail."""
    guard = getattr(pyfuncitem, "guard", None)
    if guard is None:
        return (yield)
    with taken_out(guard, pyfuncitem):
        try:
            yield
        except guard.fails:
            return True
    pytest.fail(f"the attack fails also without: {guard.what}", pytrace=False)


@dataclass
class World:
    """Objects by name, and people by role; the visitor is None."""

    things: SimpleNamespace
    people: dict[str, Person | None]

    def client(self, role: str, **options: Any) -> Client:
        client = Client(**options)
        person = self.people[role]
        if person is not None:
            client.force_login(person)
        return client

    def ask(
        self, role: str, method: str, path: str, body: Any = None, client: Client | None = None, **options: Any
    ) -> HttpResponse:
        """One request whose traces are taken back afterwards."""
        client = client or self.client(role)
        with transaction.atomic():
            save = transaction.savepoint()
            response = getattr(client, method)(path, body, **options)
            response.content_ = b"" if response.streaming else response.content
            transaction.savepoint_rollback(save)
        return response


@pytest.fixture(autouse=True)
def _a_quiet_log():
    """Thousands of refusals are what these tests are for."""
    loggers = [logging.getLogger(name) for name in ("django_structlog", "django.request", "django.security")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    yield
    for logger, level in zip(loggers, before, strict=True):
        logger.setLevel(level)


@pytest.fixture(autouse=True)
def _polls_as_they_come(monkeypatch):
    """All tests ask from one address."""
    monkeypatch.setattr("realtime.views._buckets", Buckets(1_000, 10_000))


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path)}},
    }
    return tmp_path


@pytest.fixture
def world(
    media,
    kocaeli,
    adana,
    ulasim,
    kadin,
    korfez,
    ayse,
    mehmet,
    elif_,
    derya,
    nermin,
    hakan,
    selin,
    murat,
    outsider,
    superuser,
) -> World:
    member = f.PersonFactory(display_name="Can Üye")
    f.ResidenceFactory(person=member, council=kocaeli)
    seat = f.MembershipFactory(body=ulasim, person=member)
    neighbour = f.PersonFactory(display_name="Adanalı Sekreter")
    secretariat = f.BodyFactory(council=adana, kind=BodyKind.SECRETARIAT, name="Adana Sekreterliği")
    f.MembershipFactory(body=secretariat, person=neighbour, role=Role.SECRETARY)
    group_there = f.BodyFactory(council=adana, name="Adana Grubu")
    f.CharterFactory(body=group_there)
    f.MembershipFactory(body=group_there, person=neighbour, role=Role.FACILITATOR)

    board = f.BodyFactory(council=kocaeli, kind=BodyKind.EXECUTIVE_BOARD, name="Yürütme Kurulu")
    f.MembershipFactory(body=board, person=hakan, role=Role.SECRETARY)

    def proposal(stage, **fields):
        return f.ProposalFactory(council=kocaeli, author=ayse, addressed_to=ulasim, stage=stage, **fields)

    closed = f.ResidenceFactory(council=kocaeli).person
    Person.objects.filter(pk=closed.pk).update(is_active=False)

    things = SimpleNamespace(
        draft=proposal(Stage.DRAFT),
        submitted=proposal(Stage.SUBMITTED),
        gathering=proposal(Stage.GATHERING, latitude=40.7, longitude=29.9),
        in_group=proposal(Stage.IN_GROUP),
        voting=proposal(Stage.BALLOT),
        on_board=proposal(Stage.BOARD),
        direct=proposal(Stage.DIRECTORATE),
        at_work=proposal(Stage.IMPLEMENTATION),
        done=proposal(Stage.DONE),
        seat=seat,
        organisation=korfez,
        group=ulasim,
        assembly=kadin,
        group_there=group_there,
        council=kocaeli,
        meeting=f.MunicipalMeetingFactory(council=kocaeli),
        **before_the_council(kocaeli, ulasim, entered_by=selin),
    )
    things.unit = Unit.objects.create(council=kocaeli, name="Park ve Bahçeler", word="park-ve-bahceler")
    things.line = BudgetLine.objects.create(council=kocaeli, year=2026, code="46.0", name="Park bakımı")
    things.plan = StrategicPlan.objects.create(council=kocaeli, first_year=2025, last_year=2029)
    things.objective = Objective.objects.create(plan=things.plan, aim=1, name="Yeşil alanları artırmak")
    things.ballot = f.BallotFactory(electors=[derya, member])
    ProposalBallot.objects.create(proposal=things.voting, ballot=things.ballot)
    things.opinion_draft = f.OpinionFactory(
        council=kocaeli, state="draft", proposals=[proposal(Stage.GENERAL_ASSEMBLY)], prepared_by=hakan
    )
    things.opinion_voting = f.OpinionFactory(
        council=kocaeli, state="voting", proposals=[proposal(Stage.GENERAL_ASSEMBLY)], prepared_by=hakan
    )
    things.opinion_adopted = f.OpinionFactory(
        council=kocaeli, state="adopted", proposals=[proposal(Stage.OPINION)], prepared_by=hakan
    )
    f.AssemblyTallyFactory(opinion=things.opinion_voting, entered_by=ayse)
    moment = timezone.now()
    Review.objects.create(proposal=things.done, opened_at=moment, closes_at=moment + timedelta(days=30), asked=1)
    things.thread = things.gathering.thread
    things.comment = f.CommentFactory(thread=things.thread, author=ayse)
    things.hidden = f.CommentFactory(
        thread=things.thread, author=ayse, hidden_at=timezone.now(), hidden_by=hakan, hidden_reason="Hakaret içeriyor."
    )
    things.report = Report.objects.create(
        comment=things.comment,
        reporter=mehmet,
        reason="spam",
        created_at=timezone.now(),
        council_id=kocaeli.pk,
        body_id=ulasim.pk,
    )
    things.amendment, things.in_group_amendment = (
        propose_amendment(
            actor=mehmet,
            proposal=where,
            kind="replace",
            position=2,
            text="Önerimiz dört parçanın birleştirilmesi.",
            reason="Orada bir kesinti daha var.",
            at=timezone.now(),
        )
        for where in (things.gathering, things.in_group)
    )
    things.wish = JoinRequest.objects.create(body=ulasim, person=mehmet, message="Varım.", created_at=timezone.now())
    things.annual_report = AnnualReport(
        council=kocaeli, year=2026, size=5, made_at=timezone.now() - timedelta(days=1), made_by=hakan
    )
    things.annual_report.file.save("x", ContentFile(b"%PDF-"), save=True)
    things.view = SavedView.objects.create(
        council=kocaeli,
        person=hakan,
        name="Bekleyenler",
        query="asama=sunuldu",
        is_shared=True,
        saved_at=timezone.now(),
    )
    things.request = f.request_of(ayse, kocaeli)
    things.mail = f.mail_of(kocaeli)
    things.mail_file = things.mail.files.create(kind="pdf", name="ek.pdf", size=5, digest="0" * 64)
    things.mail_file.file.save("ek.pdf", ContentFile(b"%PDF-"), save=True)
    second = f.PersonFactory()
    f.OfficerFactory(council=kocaeli, person=second)
    things.article = f.article_of(kocaeli, second, selin)
    things.request_file = f.file_of(things.request, ayse)
    things.partnership = f.signed_partnership(kocaeli, selin, korfez)
    things.post, things.match = f.matched_posts(kocaeli, korfez, elif_, selin)
    things.lent_item = f.lent_item_of(kocaeli, selin)
    things.loan = f.loan_of(things.lent_item, selin, organisation=korfez)
    things.document = attachment(things.gathering, AttachmentKind.PDF, b"%PDF-1.7 ek")
    things.picture = attachment(things.gathering, AttachmentKind.IMAGE, b"RIFF....WEBP")
    things.secret = attachment(things.draft, AttachmentKind.PDF, b"%PDF-1.7 taslak")
    return World(
        things,
        {
            "visitor": None,
            "outsider": outsider,
            "ayse": ayse,
            "mehmet": mehmet,
            "member": member,
            "representative": elif_,
            "facilitator": derya,
            "president": nermin,
            "secretary": hakan,
            "directorate": selin,
            "centre": murat,
            "neighbour": neighbour,
            "superuser": superuser,
            "closed": closed,
        },
    )


def attachment(proposal, kind, content):
    row = Attachment(
        proposal=proposal,
        kind=kind,
        name="ek.pdf" if kind == AttachmentKind.PDF else "ek.webp",
        size=len(content),
        digest=str(len(content)) + str(proposal.pk),
        added_by=proposal.author,
        added_at=timezone.now(),
    )
    row.file.save("x", ContentFile(content), save=False)
    row.save()
    return row
