"""The demo is whole: what it tells fits together, as if people had done it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import transaction
from django.db.models import Count, F
from django.test import override_settings
from django.utils import timezone, translation

from articles.models import Article
from ballots.auditing import differences
from ballots.models import Ballot, Vote
from councils.models import BodyKind, Council, CouncilBallot, MeetingState, Membership, MunicipalMeeting
from discussions.models import Comment, Mention, Report, Thread
from impact import auditing as impact_auditing
from impact.actions import has_more, mark_entries, refresh
from impact.auditing import Counted
from journal import sealing, verifying
from journal.models import Entry, Leaf
from participation.awaited import awaited_of
from participation.demo.loading import load_demo
from people.demo_people import DEMO_PEOPLE
from people.models import Person
from proposals.models import (
    Amendment,
    AssemblyTally,
    BudgetShare,
    Decision,
    DecisionOutcome,
    Milestone,
    MissedMeeting,
    Opinion,
    Outcome,
    Proposal,
    Review,
    ServedObjective,
)
from proposals.stages import Stage
from servicerequests.models import ArticleSource, ServiceRequest, StatusChange
from servicerequests.states import Status
from workinggroups.models import JoinRequest, JoinState


def stored_in(folder):
    default = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(folder)}}
    return {**settings.STORAGES, "default": default}


@pytest.fixture(scope="module")
def demo(_database, django_db_blocker, tmp_path_factory):
    """Loaded once for all tests here, and rolled back behind them; so no test here changes anything."""
    here = override_settings(DEMO=True, STORAGES=stored_in(tmp_path_factory.mktemp("media")))
    with django_db_blocker.unblock(), here, translation.override("tr"), transaction.atomic():
        yield load_demo(now=timezone.now())
        transaction.set_rollback(True)


def test_the_demo_tells_every_stage_in_two_councils(demo):
    stages = Counter(Proposal.objects.filter(council__slug="kocaeli").values_list("stage", flat=True))
    assert set(stages) == set(Stage.values)
    assert Proposal.objects.filter(council__slug="adana").count() == 10


def test_it_tells_outcomes_of_three_years(demo):
    outcomes = Counter(DecisionOutcome.objects.values_list("outcome", flat=True))
    assert set(outcomes) == set(Outcome)
    assert Opinion.objects.annotate(n=Count("links")).filter(n__gt=1).exists()
    assert not Decision.objects.filter(confirmed_by=F("entered_by")).exists()
    assert not AssemblyTally.objects.filter(settled_by=F("entered_by")).exists()
    today = timezone.localdate()
    days = list(Decision.objects.order_by("decided_on").values_list("decided_on", flat=True))
    assert days[0] < today - timedelta(days=880)
    assert days[-1] > today - timedelta(days=300)
    assert Review.objects.filter(closed_at__isnull=False).count() >= 2
    assert Review.objects.filter(closed_at__isnull=True).count() == 1
    assert MissedMeeting.objects.exists()
    assert Milestone.objects.filter(done_on__isnull=True, planned_on__lt=today).exists()
    assert BudgetShare.objects.values("line__year").distinct().count() >= 2
    assert ServedObjective.objects.exclude(objective__parent=None).count() >= 5
    directly = Proposal.objects.filter(addressed_to__kind=BodyKind.DIRECTORATE)
    assert set(directly.values_list("stage", flat=True)) == {Stage.DIRECTORATE, Stage.DONE, Stage.DECLINED}


def test_its_figures_equal_a_recount(demo):
    with transaction.atomic():
        mark_entries(list(Entry.objects.order_by("pk")))
        while has_more():
            refresh()
        counted = Counted()
        assert list(impact_auditing.differences(counted)) == []
        assert counted.proposals > 50
        transaction.set_rollback(True)


def test_its_numbers_counters_and_tallies_equal_a_recount(demo):
    for council in Council.objects.all():
        numbered = Proposal.objects.filter(council=council, serial__isnull=False).order_by("submitted_at")
        per_year, in_order = {}, {}
        for proposal in numbered:
            per_year.setdefault(proposal.year, []).append(proposal.serial)
            if proposal.split_from_id is None:  # what was split off took its number later
                in_order.setdefault(proposal.year, []).append(proposal.serial)
        assert all(sorted(serials) == list(range(1, len(serials) + 1)) for serials in per_year.values())
        assert all(serials == sorted(serials) for serials in in_order.values())
    for proposal in Proposal.objects.all():
        assert proposal.support_count == proposal.supports.count()
    for thread in Thread.objects.all():
        readable = thread.comments.filter(deleted_at__isnull=True, hidden_at__isnull=True)
        assert thread.comment_count == readable.count()
    declared = Ballot.objects.filter(declared_at__isnull=False, method="yes_no")
    assert declared
    for ballot in declared:
        votes = Counter(Vote.objects.filter(ballot=ballot).values_list("paper", flat=True))
        assert (ballot.yes_votes, ballot.no_votes, ballot.abstentions) == (votes["yes"], votes["no"], votes["abstain"])


def test_all_of_it_is_sealed_verifies_and_passes_the_audit(demo):
    with transaction.atomic():
        sealing.seal()
        assert list(verifying.problems()) == []
        assert Leaf.objects.count() > Entry.objects.count()
        transaction.set_rollback(True)
    assert list(differences()) == []


def test_its_ballot_of_the_transport_group_is_open_for_two_more_days(demo):
    ballot = Ballot.objects.get(question__contains="Sahil yolunda kesintisiz bisiklet yolu")
    left = ballot.closes_at - timezone.now()
    assert ballot.declared_at is None
    assert 1 <= left.total_seconds() / 86400 <= 3
    assert Vote.objects.filter(ballot=ballot).count() == 11


def test_its_councils_ask_by_themselves_and_leave_votes_and_a_tie_to_who_tries_the_site(demo):
    def waiting(key):
        return {each.question for each in awaited_of(demo.people[key], at=timezone.now())}

    assert {"Grubun üç sözcüsü kim olsun?", "2027 yılında konsey ilk hangi işi izlesin?"} <= waiting("mehmet")
    assert "Toplantılar cumartesi günü yapılsın mı?" in waiting("nermin")  # as chair
    assert set(CouncilBallot.objects.values_list("council__slug", flat=True)) == {"kocaeli", "adana"}
    assert Ballot.objects.get(question__startswith="Bu yılın açık oturumu").result is not None
    assert Ballot.objects.get(question__startswith="Grubun üç sözcüsü").proxy_limit == 1


def test_its_organs_are_seated_and_its_municipal_councils_have_met_for_three_years(demo):
    now = timezone.now()
    for council in Council.objects.all():
        seats = Membership.objects.on(timezone.localdate()).voting().filter(body__council=council)
        assert seats.filter(body__kind=BodyKind.GENERAL_ASSEMBLY).count() >= 15
        assert seats.filter(body__kind=BodyKind.EXECUTIVE_BOARD).count() == 7
        meetings = MunicipalMeeting.objects.filter(council=council)
        held = meetings.filter(state=MeetingState.HELD)
        assert held.filter(starts_at__lt=now - timedelta(days=1000)).exists()
        assert held.count() >= 30
        assert not held.filter(starts_at__gt=now).exists()
        assert meetings.filter(starts_at__gt=now).count() >= 10


def test_its_leaders_have_something_to_do(demo):
    at_home = {
        (body, stage): Proposal.objects.filter(
            council__slug="kocaeli", addressed_to__slug=body, stage=stage, addressed_to__memberships__person=leader
        ).exists()
        for body, leader, stages in (
            ("ulasim", demo.people["derya"], [Stage.IN_GROUP]),
            ("kadin-meclisi", demo.people["nermin"], [Stage.IN_GROUP, Stage.GATHERING]),
        )
        for stage in stages
    }
    assert all(at_home.values()), at_home
    groups = set(JoinRequest.objects.filter(state=JoinState.PENDING).values_list("body__kind", flat=True))
    assert groups == {BodyKind.WORKING_GROUP}


def test_its_amendments_stand_in_several_states_and_two_beside_each_other(demo):
    states = Counter(Amendment.objects.values_list("state", flat=True))
    assert states == {"open": 3, "accepted": 1, "declined": 1}
    park = Amendment.objects.filter(state="open").values_list("proposal", "position")
    assert max(Counter(park).values()) == 2


def test_its_papers_are_attached_and_checked(demo):
    proposal = Proposal.objects.get(title__startswith="Sahil yolunda")
    assert list(proposal.attachments.values_list("kind", "name")) == [
        ("pdf", "Keşif özeti.pdf"),
        ("image", "Kopuk noktalar.webp"),
    ]


def test_its_discussions_have_replies_mentions_a_hidden_and_a_deleted_comment(demo):
    assert Comment.objects.filter(depth=2).exists()
    assert Mention.objects.count() >= 3
    assert not Comment.objects.filter(text__contains="@{").exists()
    assert Comment.objects.filter(hidden_at__isnull=False).exists()
    assert Comment.objects.filter(deleted_at__isnull=False).exists()
    assert Report.objects.filter(settled_at__isnull=True).count() == 1


def test_its_eight_people_are_those_of_the_page_of_demo_people(demo):
    for person in DEMO_PEOPLE:
        assert Person.objects.get(email=person.email).display_name == person.display_name


def test_nothing_of_it_lies_in_the_future_and_a_topic_is_in_the_order_of_its_moments(demo):
    now = timezone.now()
    assert not Entry.objects.filter(at__gt=now).exists()
    for topic in Proposal.objects.exclude(stage=Stage.DRAFT):
        moments = list(Entry.objects.filter(topic=topic.topic).order_by("sequence").values_list("at", flat=True))
        assert moments == sorted(moments)


def test_the_demo_asks_the_directorate_and_is_answered_in_every_way(demo):
    asked = ServiceRequest.objects.all()
    assert {*asked.values_list("status", flat=True)} == {*Status} - {Status.REDIRECTED}
    assert {"fulfilled", "partly", "not_possible", "informed", "withdrawn"} <= {
        *StatusChange.objects.values_list("resolution", flat=True)
    }
    assert asked.filter(reopened_at__isnull=False).exists()
    assert asked.filter(applicant=None).count() == 2
    assert ServiceRequest.objects.late(demo.now).exists()
    assert not asked.filter(filed_at__gt=demo.now).exists()
    numbers = list(asked.filter(council__slug="kocaeli").order_by("filed_at").values_list("year", "serial"))
    assert numbers == sorted(numbers)


def test_its_knowledge_base_holds_an_answer_a_text_to_read_and_one_out_of_date(demo):
    assert sorted(Article.objects.values_list("state", flat=True)) == ["in_review", "released", "released", "released"]
    assert ArticleSource.objects.get().article.is_shown
    assert Article.objects.stale(timezone.now()).count() == 1
