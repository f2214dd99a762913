"""What happens to a proposal: who may, when, and what is written down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from ballots.actions import cast_vote, close_ballot_now
from ballots.models import Ballot, Choice, Elector, ResultsVisibility
from councils.models import Procedure
from journal.models import Entry
from people.verdicts import Refused
from proposals import actions
from proposals.models import Follow, Proposal, ProposalVersion, StageChange, Support
from proposals.stages import Stage
from proposals.tasks import end_support_periods
from tests import factories as f

NOW = timezone.now()
REASON = "Aynı iş geçen yıl bitti."


def complete_draft(council, author, body, **fields):
    return f.ProposalFactory(council=council, author=author, addressed_to=body, stage=Stage.DRAFT, **fields)


def kinds(proposal):
    return list(Entry.objects.in_topics(proposal.topic).order_by("sequence").values_list("kind", flat=True))


def test_an_untouched_draft_is_given_again_instead_of_a_second(ayse, kocaeli):
    first = actions.start_draft(actor=ayse, council=kocaeli, at=NOW)
    assert actions.start_draft(actor=ayse, council=kocaeli, at=NOW) == first
    assert Proposal.objects.count() == 1


def test_a_draft_keeps_what_was_typed_and_tells_nobody(ayse, mehmet, visitor, kocaeli):
    draft = actions.start_draft(actor=ayse, council=kocaeli, at=NOW)
    actions.save_draft(actor=ayse, proposal=draft, changes={"title": "Yarım"}, at=NOW)
    seen = [Proposal.objects.visible_to(person).count() for person in (ayse, mehmet, visitor)]
    assert (seen, Entry.objects.count()) == ([1, 0, 0], 0)


def test_a_draft_takes_no_choice_of_another_council_and_no_field_beyond_its_questions(ayse, kocaeli, adana):
    draft = actions.start_draft(actor=ayse, council=kocaeli, at=NOW)
    foreign = f.BodyFactory(council=adana)
    for changes in ({"addressed_to": foreign}, {"stage": "adopted"}, {"support_count": 5}, {"author": ayse}):
        with pytest.raises(ValidationError):
            actions.save_draft(actor=ayse, proposal=draft, changes=changes, at=NOW)
    draft.refresh_from_db()
    assert (draft.stage, draft.addressed_to) == (Stage.DRAFT, None)


def test_nobody_else_changes_submits_or_discards_a_draft(ayse, mehmet, kocaeli, ulasim):
    draft = complete_draft(kocaeli, ayse, ulasim)
    for act in (
        lambda: actions.save_draft(actor=mehmet, proposal=draft, changes={"title": "x"}, at=NOW),
        lambda: actions.submit_proposal(actor=mehmet, proposal=draft, at=NOW),
        lambda: actions.discard_draft(actor=mehmet, proposal=draft),
    ):
        with pytest.raises(Refused):
            act()
    draft.refresh_from_db()
    assert draft.is_draft


def test_an_incomplete_draft_is_refused_with_a_sentence_per_field_and_takes_no_number(ayse, kocaeli):
    draft = actions.start_draft(actor=ayse, council=kocaeli, at=NOW)
    with pytest.raises(actions.Incomplete) as refusal:
        actions.submit_proposal(actor=ayse, proposal=draft, at=NOW)
    assert set(refusal.value.message_dict) == {"title", "summary", "text", "theme", "addressed_to"}
    other = complete_draft(kocaeli, ayse, f.BodyFactory(council=kocaeli))
    assert actions.submit_proposal(actor=ayse, proposal=other, at=NOW).serial == 1


def test_submission_numbers_publishes_and_freezes_the_procedure(ayse, visitor, kocaeli, ulasim):
    draft = complete_draft(kocaeli, ayse, ulasim)
    proposal = actions.submit_proposal(actor=ayse, proposal=draft, at=NOW)
    before = proposal.procedure
    changed = f.whole_way(kocaeli, support_threshold=9999)
    again = actions.submit_proposal(actor=ayse, proposal=proposal, at=NOW)
    year = timezone.localtime(NOW).year
    assert (proposal.number, again.number) == (f"KOC-{year}-0001",) * 2
    assert (again.support_threshold, again.versions.count(), again.thread.policy) == (3, 1, "proposals.proposal")
    assert (again.procedure, Procedure.objects.in_force(kocaeli, "working_group")) == (before, changed)
    assert Proposal.objects.visible_to(visitor).get() == proposal
    assert kinds(proposal) == ["proposals.submitted"]


def test_a_representative_writes_for_the_organisation_and_others_may_not(elif_, ayse, korfez, kocaeli, ulasim):
    draft = complete_draft(kocaeli, elif_, ulasim, on_behalf_of=korfez)
    proposal = actions.submit_proposal(actor=elif_, proposal=draft, at=NOW)
    assert Entry.objects.get(topic=proposal.topic).on_behalf_of_id == korfez.pk
    with pytest.raises(Refused, match="temsil yetkisi"):
        actions.submit_proposal(actor=ayse, proposal=complete_draft(kocaeli, ayse, ulasim, on_behalf_of=korfez), at=NOW)


def test_a_mandate_that_ended_or_an_unverified_organisation_does_not_count(ayse, kocaeli, ulasim):
    yesterday = timezone.localdate() - timedelta(days=1)
    ended = f.RepresentativeFactory(person=ayse, ends_on=yesterday).organisation
    unverified = f.OrganisationFactory(verified=False)
    f.RepresentativeFactory(person=ayse, organisation=unverified)
    for organisation in (ended, unverified):
        draft = complete_draft(kocaeli, ayse, ulasim, on_behalf_of=organisation)
        with pytest.raises(Refused):
            actions.submit_proposal(actor=ayse, proposal=draft, at=NOW)


def test_the_secretary_admits_and_gathering_ends_after_the_days_of_the_procedure(hakan, ayse, kocaeli):
    proposal = actions.find_admissible(actor=hakan, proposal=f.ProposalFactory(council=kocaeli), at=NOW)
    assert (proposal.stage, proposal.support_closes_at) == (Stage.GATHERING, NOW + timedelta(days=30))
    with pytest.raises(Refused):
        actions.find_admissible(actor=ayse, proposal=f.ProposalFactory(council=kocaeli), at=NOW)


def test_only_the_secretary_of_the_same_council_decides_admissibility(hakan, derya, selin, superuser, adana, kocaeli):
    elsewhere = f.ProposalFactory(council=adana)
    here = f.ProposalFactory(council=kocaeli)
    for person, proposal in ((hakan, elsewhere), (derya, here), (selin, here), (superuser, here)):
        with pytest.raises(Refused, match="sekreter"):
            actions.find_admissible(actor=person, proposal=proposal, at=NOW)
        with pytest.raises(Refused, match="sekreter"):
            actions.find_inadmissible(actor=person, proposal=proposal, reason=REASON, reason_code="other", at=NOW)


def test_inadmissible_needs_a_reason_that_is_kept(hakan, kocaeli):
    proposal = f.ProposalFactory(council=kocaeli)
    for reason in ("", "   ", "kısa"):
        with pytest.raises(ValidationError) as error:
            actions.find_inadmissible(actor=hakan, proposal=proposal, reason=reason, reason_code="other", at=NOW)
        assert "reason" in error.value.message_dict
    actions.find_inadmissible(actor=hakan, proposal=proposal, reason=REASON, reason_code="other", at=NOW)
    move = StageChange.objects.get(proposal=proposal)
    assert (move.new, move.reason, move.actor) == (Stage.INADMISSIBLE, REASON, hakan)
    assert Entry.objects.get(topic=proposal.topic).facts["reason"] == REASON


def test_support_is_one_per_person_and_a_second_click_changes_only_the_name(ayse, kocaeli):
    proposal = f.ProposalFactory(council=kocaeli, stage=Stage.GATHERING)
    for shows_name in (False, True, True):
        actions.support_proposal(actor=ayse, proposal=proposal, shows_name=shows_name, at=NOW)
    proposal.refresh_from_db()
    assert (proposal.support_count, Support.objects.get().shows_name) == (1, True)
    assert Follow.objects.filter(person=ayse, proposal=proposal).exists()


def test_support_comes_from_verified_residents_of_the_same_city(outsider, ayse, kocaeli, adana):
    proposal = f.ProposalFactory(council=adana, stage=Stage.GATHERING)
    declared = f.ResidenceFactory(council=adana, verified=False).person
    for person in (outsider, ayse, declared):
        with pytest.raises(Refused, match="hemşehri"):
            actions.support_proposal(actor=person, proposal=proposal, at=NOW)
    assert Support.objects.count() == 0


def test_support_after_the_deadline_is_refused_and_leaves_no_trace(ayse, kocaeli):
    proposal = f.ProposalFactory(council=kocaeli, stage=Stage.GATHERING)
    f.SupportFactory(proposal=proposal, person=ayse)
    for act in (actions.support_proposal, actions.withdraw_support):
        with pytest.raises(Refused):
            act(actor=ayse, proposal=proposal, at=proposal.support_closes_at)
    proposal.refresh_from_db()
    assert (proposal.support_count, Entry.objects.count()) == (1, 0)


def test_support_taken_back_is_gone_and_taking_back_twice_is_harmless(ayse, kocaeli):
    proposal = f.ProposalFactory(council=kocaeli, stage=Stage.GATHERING)
    actions.support_proposal(actor=ayse, proposal=proposal, at=NOW)
    assert actions.withdraw_support(actor=ayse, proposal=proposal, at=NOW)
    assert not actions.withdraw_support(actor=ayse, proposal=proposal, at=NOW)
    proposal.refresh_from_db()
    assert (proposal.support_count, Support.objects.count()) == (0, 0)


def test_the_support_that_reaches_the_threshold_brings_the_proposal_to_its_group(kocaeli):
    proposal = f.ProposalFactory(council=kocaeli, stage=Stage.GATHERING, support_threshold=3)
    for _ in range(3):
        actions.support_proposal(actor=f.ResidenceFactory(council=kocaeli).person, proposal=proposal, at=NOW)
    proposal.refresh_from_db()
    assert (proposal.stage, proposal.support_count) == (Stage.IN_GROUP, 3)
    assert kinds(proposal) == ["proposals.support_reached"]
    with pytest.raises(Refused):
        actions.support_proposal(actor=f.ResidenceFactory(council=kocaeli).person, proposal=proposal, at=NOW)


def test_supports_counted_before_an_import_stay_in_the_count(ayse, kocaeli):
    proposal = f.ProposalFactory(
        council=kocaeli, stage=Stage.GATHERING, support_threshold=100, earlier_supports=40, support_count=40
    )
    actions.support_proposal(actor=ayse, proposal=proposal, at=NOW)
    proposal.refresh_from_db()
    assert proposal.support_count == 41


def test_gathering_ends_when_its_time_is_over_and_running_twice_changes_nothing(kocaeli):
    due = f.ProposalFactory(council=kocaeli, stage=Stage.GATHERING, created_at=NOW - timedelta(days=31))
    running = f.ProposalFactory(council=kocaeli, stage=Stage.GATHERING)
    assert [actions.end_support_periods(at=NOW) for _ in range(2)] == [1, 0]
    due.refresh_from_db()
    running.refresh_from_db()
    assert (due.stage, running.stage) == (Stage.UNSUPPORTED, Stage.GATHERING)


def test_a_worker_whose_clock_is_ahead_ends_no_gathering_early(kocaeli, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime.now(UTC) + timedelta(minutes=10))
    soon, over = datetime.now(UTC) + timedelta(minutes=5), datetime.now(UTC) - timedelta(minutes=5)
    running = f.ProposalFactory(council=kocaeli, stage=Stage.GATHERING, support_closes_at=soon)
    due = f.ProposalFactory(council=kocaeli, stage=Stage.GATHERING, support_closes_at=over)
    assert end_support_periods.run() == 1
    due.refresh_from_db()
    running.refresh_from_db()
    assert (due.stage, running.stage) == (Stage.UNSUPPORTED, Stage.GATHERING)


def test_a_new_version_needs_a_change_and_a_note_and_keeps_the_old_text(ayse, kocaeli):
    proposal = f.ProposalFactory(council=kocaeli, author=ayse)
    old = {"title": proposal.title, "summary": proposal.summary, "text": proposal.text}
    new = old | {"text": proposal.text + "\n\nKeşif özeti ekte."}
    for fields, note in ((old, "Yazım düzeltildi."), (new, ""), (new | {"title": "x"}, "Yazım düzeltildi.")):
        with pytest.raises(ValidationError):
            actions.revise_proposal(actor=ayse, proposal=proposal, **fields, note=note, at=NOW)
    version = actions.revise_proposal(actor=ayse, proposal=proposal, **new, note="Keşif özeti eklendi.", at=NOW)
    texts = list(ProposalVersion.objects.filter(proposal=proposal).order_by("number").values_list("text", flat=True))
    assert (version.number, texts) == (2, [old["text"], new["text"]])
    assert kinds(proposal) == ["proposals.revised"]


@pytest.mark.parametrize("stage", [Stage.BALLOT, Stage.ADOPTED, Stage.WITHDRAWN])
def test_the_text_is_closed_once_a_ballot_opens(ayse, kocaeli, stage):
    proposal = f.ProposalFactory(council=kocaeli, author=ayse, stage=stage)
    with pytest.raises(Refused):
        actions.revise_proposal(
            actor=ayse,
            proposal=proposal,
            title="Yeni başlık burada",
            summary="s" * 30,
            text="t" * 80,
            note="n" * 12,
            at=NOW,
        )


def test_the_author_withdraws_with_a_reason_and_the_page_stays(ayse, mehmet, visitor, kocaeli):
    proposal = f.ProposalFactory(council=kocaeli, author=ayse, stage=Stage.GATHERING)
    with pytest.raises(Refused):
        actions.withdraw_proposal(actor=mehmet, proposal=proposal, reason=REASON, reason_code="other", at=NOW)
    for _ in range(2):
        actions.withdraw_proposal(actor=ayse, proposal=proposal, reason=REASON, reason_code="other", at=NOW)
    assert kinds(proposal) == ["proposals.withdrawn"]
    assert Proposal.objects.visible_to(visitor).filter(pk=proposal.pk).exists()


class TestBallot:
    @pytest.fixture
    def proposal(self, kocaeli, ulasim):
        return f.ProposalFactory(council=kocaeli, addressed_to=ulasim, stage=Stage.IN_GROUP)

    @pytest.fixture
    def members(self, ulasim, derya):
        return [derya, *(f.MembershipFactory(body=ulasim).person for _ in range(4))]

    def open(self, derya, proposal, **kwargs):
        kwargs = {"closes_at": timezone.now() + timedelta(days=2), **kwargs}
        return actions.open_ballot(actor=derya, proposal=proposal, at=timezone.now(), **kwargs)

    def test_the_facilitator_opens_it_for_the_voting_members_of_the_day(self, proposal, members, derya, ulasim):
        f.MembershipFactory(body=ulasim, has_vote=False)
        f.MembershipFactory(body=ulasim, ends_on=timezone.localdate() - timedelta(days=1))
        ballot = self.open(derya, proposal)
        proposal.refresh_from_db()
        assert set(Elector.objects.filter(ballot=ballot).values_list("person", flat=True)) == {m.pk for m in members}
        assert (proposal.stage, ballot.quorum, ballot.electorate_size) == (Stage.BALLOT, 3, 5)

    def test_nobody_else_opens_it_and_only_once(self, proposal, members, derya, hakan, nermin, ayse):
        for person in (hakan, nermin, ayse, members[1]):
            with pytest.raises(Refused):
                self.open(person, proposal)
        self.open(derya, proposal)
        with pytest.raises(Refused):
            self.open(derya, proposal)
        assert Ballot.objects.count() == 1

    def test_moments_are_checked_next_to_their_fields(self, proposal, members, derya):
        for closes in (timedelta(minutes=1), timedelta(days=-1), timedelta(days=90)):
            with pytest.raises(ValidationError) as error:
                self.open(derya, proposal, closes_at=timezone.now() + closes)
            assert "closes_at" in error.value.message_dict

    def vote(self, ballot, people, choice):
        for person in people:
            cast_vote(actor=person, ballot=ballot, paper=choice)

    def test_what_is_kept_of_it_is_turkish_whoever_opened_and_ended_it(self, proposal, members, derya):
        with translation.override("en"):
            ballot = self.open(derya, proposal)
            self.vote(ballot, members, Choice.NO)
            close_ballot_now(actor=derya, ballot=ballot, reason="Everybody has voted.")
        assert ballot.question == f"“{proposal.title}” önerisi kabul edilsin mi?"
        assert proposal.moves.last().reason.startswith("Oylamada gereken çoğunluk sağlanmadı.")

    def test_a_majority_adopts_and_the_journal_tells(self, proposal, members, derya):
        ballot = self.open(derya, proposal)
        self.vote(ballot, members[:3], Choice.YES)
        self.vote(ballot, members[3:], Choice.NO)
        close_ballot_now(actor=derya, ballot=ballot, reason="Herkes oyunu verdi.")
        proposal.refresh_from_db()
        assert (proposal.stage, kinds(proposal)) == (Stage.ADOPTED, ["proposals.ballot_opened", "proposals.adopted"])

    def test_a_minority_declines_with_the_tally_as_reason(self, proposal, members, derya):
        ballot = self.open(derya, proposal)
        self.vote(ballot, members[:2], Choice.YES)
        self.vote(ballot, members[2:], Choice.NO)
        close_ballot_now(actor=derya, ballot=ballot, reason="Herkes oyunu verdi.")
        proposal.refresh_from_db()
        assert proposal.stage == Stage.DECLINED
        assert (
            "Kabul için 3 oy gerekiyordu: 2 kabul, 3 ret, 0 çekimser." in proposal.moves.get(new=Stage.DECLINED).reason
        )

    def test_without_quorum_it_goes_back_to_the_group_and_can_be_put_again(self, proposal, members, derya):
        ballot = self.open(derya, proposal, visibility=ResultsVisibility.AFTER_CLOSING)
        self.vote(ballot, members[:1], Choice.YES)
        close_ballot_now(actor=derya, ballot=ballot, reason="Herkes oyunu verdi.")
        proposal.refresh_from_db()
        assert proposal.stage == Stage.IN_GROUP
        again = self.open(derya, proposal)
        assert proposal.ballot_links.get(is_current=True).ballot == again


def test_the_facilitator_declines_with_the_groups_reason(derya, ayse, kocaeli, ulasim):
    proposal = f.ProposalFactory(council=kocaeli, addressed_to=ulasim, stage=Stage.IN_GROUP)
    with pytest.raises(Refused):
        actions.decline_in_group(actor=ayse, proposal=proposal, reason=REASON, reason_code="other", at=NOW)
    actions.decline_in_group(actor=derya, proposal=proposal, reason=REASON, reason_code="other", at=NOW)
    proposal.refresh_from_db()
    assert (proposal.stage, proposal.ended_at) == (Stage.DECLINED, NOW)
