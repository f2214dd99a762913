"""Summary rows follow what happens, whatever is told twice, late or never, and always equal a recount."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ballots.models import Vote
from councils.actions import set_holiday
from councils.models import CouncilBallot, Electorate
from discussions.models import Comment
from impact.actions import has_more, mark_entries, recount_all, refresh
from impact.auditing import Counted, differences
from impact.models import EVERY_YEAR, Mark, Participation, ProposalFact, StageSpan
from impact.recounting import recounted
from impact.tasks import refresh as refresh_task
from journal.models import Entry
from people.models import AgeBand, Person
from proposals import actions
from proposals.actions.moving import locked, move
from proposals.journal_kinds import ProposalKind
from proposals.models import Opinion, OpinionBallot, Proposal, ProposalBallot, Support
from proposals.stages import MOVES, Stage
from tests import factories as f

pytestmark = pytest.mark.django_db
NOW = timezone.now()
YEAR = timezone.localtime(NOW).year
REASON = "Aynı iş geçen yıl bitti."


def told():
    """The sentences of an audit."""
    return list(differences(Counted()))


def tell():
    mark_entries(list(Entry.objects.order_by("pk")))


def mark_all():
    """What the factories made was told by no entry."""
    Mark.objects.bulk_create([Mark(subject="proposal", key=pk) for pk in Proposal.objects.values_list("pk", flat=True)])


def moved(proposal: Proposal, new: Stage, at: datetime) -> None:
    with transaction.atomic():
        proposal = locked(proposal)
        if new == Stage.MERGED:
            proposal.merged_into = Proposal.objects.filter(council=proposal.council).exclude(pk=proposal.pk).first()
            if proposal.merged_into is None:
                return
        move(proposal, new, kind=ProposalKind.REVISED, actor=None, at=at, reason=REASON, reason_code="other")


def test_a_submission_and_its_answer_are_counted_when_the_journal_tells_them(ayse, kocaeli, ulasim, hakan):
    draft = f.ProposalFactory(council=kocaeli, author=ayse, addressed_to=ulasim, stage=Stage.DRAFT)
    proposal = actions.submit_proposal(actor=ayse, proposal=draft, at=NOW)
    actions.find_admissible(actor=hakan, proposal=proposal, at=NOW + timedelta(days=2))
    assert not ProposalFact.objects.exists()
    tell()
    refresh()
    fact = ProposalFact.objects.get()
    assert (fact.stage, fact.year, fact.body, fact.flows) == ("gathering", YEAR, ulasim, ["submitted>gathering"])
    assert fact.in_time is True
    spans = list(StageSpan.objects.order_by("entered_at").values_list("stage", "seconds"))
    assert spans == [("submitted", 2 * 86_400), ("gathering", None)]
    assert list(Participation.objects.values_list("person", "year").order_by("year")) == [(ayse.pk, 0), (ayse.pk, YEAR)]
    assert (told(), has_more()) == ([], False)


def test_after_a_commit_the_mark_is_there_without_anybody_asking(
    ayse, kocaeli, ulasim, django_capture_on_commit_callbacks
):
    draft = f.ProposalFactory(council=kocaeli, author=ayse, addressed_to=ulasim, stage=Stage.DRAFT)
    with django_capture_on_commit_callbacks(execute=True):
        proposal = actions.submit_proposal(actor=ayse, proposal=draft, at=NOW)
    assert Mark.objects.filter(subject="proposal", key=proposal.pk).exists()
    refresh_task()
    assert (ProposalFact.objects.get().pk, told()) == (proposal.pk, [])


def test_supports_and_residences_mark_themselves(ayse, mehmet, kocaeli):
    proposal = f.ProposalFactory(council=kocaeli, author=ayse, stage=Stage.GATHERING)
    support = f.SupportFactory(proposal=proposal, person=mehmet, created_at=NOW)
    refresh()
    row = Participation.objects.get(person=mehmet, year=YEAR)
    assert (row.is_supporter, row.is_author, row.district.name) == (True, False, "İzmit")
    gebze = f.DistrictFactory(council=kocaeli, name="Gebze")
    mehmet.residence.district = gebze
    mehmet.residence.save()
    Person.objects.filter(pk=mehmet.pk).update(age_band=AgeBand.FROM_35, age_band_given_at=NOW)
    refresh()
    assert set(Participation.objects.filter(person=mehmet).values_list("district", "age_band")) == {(gebze.pk, "35-49")}
    support.delete()
    refresh()
    assert not Participation.objects.filter(person=mehmet).exists()


def test_votes_are_seen_though_no_entry_tells_them_and_all_of_them_when_a_ballot_ends(kocaeli, ayse, mehmet, ulasim):
    ballot = f.BallotFactory(electors=[ayse, mehmet])
    CouncilBallot.objects.create(ballot=ballot, council=kocaeli, electorate=Electorate.BODY, body=ulasim)
    Vote.objects.create(ballot=ballot, person=ayse, paper="yes", cast_at=NOW, changed_at=NOW)
    assert has_more()
    refresh()
    assert list(Participation.objects.filter(year=EVERY_YEAR).values_list("person", "is_voter")) == [(ayse.pk, True)]
    Vote.objects.create(ballot=ballot, person=mehmet, paper="no", cast_at=NOW, changed_at=NOW)
    refresh()
    assert Participation.objects.filter(year=YEAR, is_voter=True).count() == 2
    # One that was committed so late that nobody looked is found with the ballot's end.
    Participation.objects.all().delete()
    Mark.objects.create(subject="ballot", key=ballot.pk)
    refresh()
    assert told() == []


def test_a_vote_on_an_opinion_counts_in_its_council(kocaeli, ayse, hakan):
    opinion = Opinion.objects.create(
        council=kocaeli, title="Görüş", text="Metin", prepared_by=hakan, created_at=NOW, state_since=NOW
    )
    ballot = f.BallotFactory(electors=[ayse])
    OpinionBallot.objects.create(opinion=opinion, ballot=ballot)
    Vote.objects.create(ballot=ballot, person=ayse, paper="yes", cast_at=NOW, changed_at=NOW)
    refresh()
    assert Participation.objects.get(person=ayse, year=YEAR).is_voter
    assert told() == []


def test_when_a_working_day_becomes_a_holiday_answers_are_judged_anew(ayse, hakan, kocaeli, ulasim):
    """Whether an answer came in time follows the calendar; a proposal that has long moved on is looked at again too."""
    monday = timezone.make_aware(datetime(NOW.year, 3, 1, 10))
    monday += timedelta(days=-monday.weekday() % 7)
    draft = f.ProposalFactory(council=kocaeli, author=ayse, addressed_to=ulasim, stage=Stage.DRAFT)
    proposal = actions.submit_proposal(actor=ayse, proposal=draft, at=monday)
    due = proposal.due_at
    assert due is not None
    with transaction.atomic():
        proposal = locked(proposal)
        new = Stage.GATHERING
        proposal.support_closes_at = due + timedelta(days=30)
        move(proposal, new, kind=ProposalKind.FOUND_ADMISSIBLE, actor=None, at=due + timedelta(hours=1))
    tell()
    refresh()
    assert ProposalFact.objects.get().in_time is False
    day = timezone.localtime(monday).date() + timedelta(days=1)
    set_holiday(
        actor=hakan, council=kocaeli, day=day, name="İdari izin", kind="off", reason="Cumhurbaşkanlığı kararı.", at=NOW
    )
    mark_entries(list(Entry.objects.order_by("-pk")[:1]))
    refresh()
    assert (ProposalFact.objects.get().in_time, told()) == (True, [])


def test_a_hidden_comment_is_no_participation_until_it_is_shown_again(ayse, mehmet, hakan, kocaeli):
    from discussions.actions import hide_comment, restore_comment

    proposal = f.ProposalFactory(council=kocaeli, author=ayse)
    comment = f.CommentFactory(thread=proposal.thread, author=mehmet, created_at=NOW)
    tell()
    Mark.objects.create(subject="comment", key=comment.pk)
    refresh()
    assert Participation.objects.filter(person=mehmet, is_commenter=True).count() == 2
    hide_comment(actor=hakan, comment=comment, reason="Hakaret içeriyor.", at=NOW)
    tell()
    refresh()
    assert not Participation.objects.filter(person=mehmet).exists()
    restore_comment(actor=hakan, comment=comment, at=NOW)
    tell()
    refresh()
    assert Participation.objects.filter(person=mehmet).count() == 2


def test_what_fails_leaves_its_marks(ayse, kocaeli, monkeypatch):
    f.ProposalFactory(council=kocaeli, author=ayse)
    Mark.objects.create(subject="proposal", key=Proposal.objects.get().pk)
    monkeypatch.setattr("impact.actions.write_participation", lambda people: 1 / 0)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        refresh()
    assert (Mark.objects.count() > 0, ProposalFact.objects.count()) == (True, 0)


def test_the_audit_names_each_difference_ends_with_one_and_mends_when_asked(ayse, kocaeli):
    proposal = f.ProposalFactory(council=kocaeli, author=ayse)
    recount_all()
    said = StringIO()
    call_command("audit_impact", stdout=said, stderr=said)
    assert "Tutuyor: 1 öneri" in said.getvalue()
    ProposalFact.objects.update(stage="ballot")
    StageSpan.objects.update(seconds=5)
    Participation.objects.update(is_voter=True)
    said = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("audit_impact", "--mend", stdout=said, stderr=said)
    assert ended.value.code == 1
    assert f"Öneri {proposal.pk}: stage submitted olmalı, ballot yazılı." in said.getvalue()
    assert "“submitted” aşamasının süresi tutmuyor" in said.getvalue()
    assert said.getvalue().count("Katılım eksik ya da yanlış") == 2
    assert told() == []


def test_one_refresh_at_a_time(ayse, kocaeli):
    f.ProposalFactory(council=kocaeli, author=ayse)
    mark_all()
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext('impact.refresh'))")
            assert refresh() == 0
            cursor.execute("SELECT pg_advisory_unlock(hashtext('impact.refresh'))")
    finally:
        other.close()
    assert refresh() > 0


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["move", "move", "move", "support", "withdraw", "comment", "delete", "vote", "tell", "refresh"]
        ),
        st.integers(0, 5),
        st.integers(0, 5),
    ),
    max_size=30,
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_after_any_history_the_figures_equal_a_recount(kocaeli, adana, ulasim, steps):
    with transaction.atomic():
        people = [f.PersonFactory() for _n in range(3)]
        f.ResidenceFactory(person=people[0], council=kocaeli)
        towns = [kocaeli, kocaeli, adana]
        proposals = [
            f.ProposalFactory(
                council=town, author=people[n], created_at=NOW, support_closes_at=NOW + timedelta(days=999)
            )
            for n, town in enumerate(towns)
        ]
        mark_all()
        ballots = [f.BallotFactory(electors=people) for _each in proposals]
        for proposal, ballot in zip(proposals, ballots, strict=True):
            ProposalBallot.objects.create(proposal=proposal, ballot=ballot)
        at = NOW
        for what, which, how in steps:
            at += timedelta(days=37)
            proposal, person = proposals[which % 3], people[how % 3]
            happen(what, proposal, person, ballots[which % 3], how, at)
        tell()
        refresh_task()
        assert told() == []
        transaction.set_rollback(True)


def happen(what: str, proposal: Proposal, person: Person, ballot, how: int, at: datetime) -> None:
    match what:
        case "move":
            proposal.refresh_from_db()
            ways = sorted(MOVES[Stage(proposal.stage)])
            if ways:
                moved(proposal, Stage(ways[how % len(ways)]), at)
        case "support":
            Support.objects.get_or_create(proposal=proposal, person=person, defaults={"created_at": at})
        case "withdraw":
            Support.objects.filter(proposal=proposal, person=person).delete()
        case "comment":
            comment = f.CommentFactory(thread=proposal.thread, author=person, created_at=at)
            Mark.objects.create(subject="comment", key=comment.pk)
        case "delete":
            for comment in Comment.objects.filter(author=person):
                Comment.objects.filter(pk=comment.pk).update(deleted_at=at)
                Mark.objects.create(subject="comment", key=comment.pk)
        case "vote":
            Vote.objects.get_or_create(
                ballot=ballot, person=person, defaults={"paper": "yes", "cast_at": at, "changed_at": at}
            )
        case "tell":
            entries = list(Entry.objects.order_by("-pk"))
            mark_entries(entries[how:])
            mark_entries(entries)
        case "refresh":
            refresh()


# --- The calendar by which answers are judged -------------------------------------------------------------------------
def test_calendar_and_meetings_are_read_once_however_many_proposals_are_recounted(history, ulasim):
    f.MunicipalMeetingFactory(council=history)
    for _n in range(3):
        f.carry(f.ProposalFactory(council=history, addressed_to=ulasim), Stage.ON_AGENDA)
    proposals = list(Proposal.objects.exclude(stage=Stage.DRAFT).order_by("-pk").values_list("pk", flat=True))
    counts = []
    for some in (proposals[:1], proposals):
        with CaptureQueriesContext(connection) as queries:
            list(recounted(some))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_changed_holiday_has_every_answer_of_its_council_judged_anew(history, hakan, adana):
    other = f.ProposalFactory(council=adana)
    recount_all()
    day = timezone.localdate() + timedelta(days=3)
    set_holiday(actor=hakan, council=history, day=day, name="İdari izin", kind="off", reason=REASON, at=timezone.now())
    mark_entries(list(Entry.objects.filter(kind="councils.holiday_changed")))
    marked = set(Mark.objects.filter(subject="proposal").values_list("key", flat=True))
    assert marked == set(Proposal.objects.filter(council=history).values_list("pk", flat=True)) - {other.pk}
    refresh_task()
    assert told() == []


def test_what_is_marked_again_and_again_is_counted_once(history, monkeypatch):
    recount_all()
    monkeypatch.setattr("impact.actions.MARKS_AT_ONCE", 2)
    one, other = Proposal.objects.filter(council=history).order_by("pk").values_list("pk", flat=True)[:2]
    Mark.objects.bulk_create([Mark(subject="proposal", key=key) for key in (one, one, other, one, other, one)])
    assert refresh() == 4
    assert list(Mark.objects.values_list("key", flat=True)) == [other, other]
