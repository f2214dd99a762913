"""Races on real connections. Each fails when its guard is taken out: the row lock, the unique constraint, the series' lock."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from people.verdicts import Refused
from proposals import actions
from proposals.models import NumberSeries, Proposal, ReviewAnswer, Support
from proposals.stages import Stage
from tests import factories as f

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(calls):
    """Run the calls on a connection each, let go together; returns results or the refusals they met."""
    barrier = Barrier(len(calls))

    def run(call):
        try:
            connection.ensure_connection()
            barrier.wait(timeout=60)
            return call()
        except Refused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_fifty_supports_of_one_person_at_once_are_one_row(kocaeli, ayse):
    proposal = f.ProposalFactory(council=kocaeli, stage=Stage.GATHERING, support_threshold=10)
    at_once([lambda: actions.support_proposal(actor=ayse, proposal=proposal, at=timezone.now())] * 50)
    proposal.refresh_from_db()
    assert (Support.objects.count(), proposal.support_count, proposal.stage) == (1, 1, Stage.GATHERING)


def test_supports_and_withdrawals_at_once_leave_a_count_that_equals_the_rows(kocaeli):
    proposal = f.ProposalFactory(council=kocaeli, stage=Stage.GATHERING, support_threshold=1000)
    people = [f.ResidenceFactory(council=kocaeli).person for _ in range(10)]
    calls = []
    for person in people:
        calls += [lambda p=person: actions.support_proposal(actor=p, proposal=proposal, at=timezone.now())] * 2
        calls += [lambda p=person: actions.withdraw_support(actor=p, proposal=proposal, at=timezone.now())]
    at_once(calls)
    proposal.refresh_from_db()
    assert proposal.support_count == Support.objects.filter(proposal=proposal).count()


def test_the_threshold_is_reached_once_however_many_support_at_once(kocaeli):
    proposal = f.ProposalFactory(council=kocaeli, stage=Stage.GATHERING, support_threshold=5)
    people = [f.ResidenceFactory(council=kocaeli).person for _ in range(20)]
    answers = at_once(
        [lambda p=p: actions.support_proposal(actor=p, proposal=proposal, at=timezone.now()) for p in people]
    )
    proposal.refresh_from_db()
    assert (proposal.stage, proposal.support_count, Support.objects.count()) == (Stage.IN_GROUP, 5, 5)
    assert sum(isinstance(answer, Refused) for answer in answers) == 15
    assert proposal.moves.count() == 1


def test_fifty_submissions_at_once_get_fifty_successive_numbers(kocaeli, ulasim, ayse):
    drafts = [
        f.ProposalFactory(council=kocaeli, author=ayse, addressed_to=ulasim, stage=Stage.DRAFT) for _ in range(50)
    ]
    at_once([lambda d=d: actions.submit_proposal(actor=ayse, proposal=d, at=timezone.now()) for d in drafts])
    assert sorted(Proposal.objects.values_list("serial", flat=True)) == list(range(1, 51))
    assert NumberSeries.objects.get().last == 50


def test_a_double_click_on_submit_gives_one_number(kocaeli, ulasim, ayse):
    draft = f.ProposalFactory(council=kocaeli, author=ayse, addressed_to=ulasim, stage=Stage.DRAFT)
    at_once([lambda: actions.submit_proposal(actor=ayse, proposal=draft, at=timezone.now())] * 8)
    draft.refresh_from_db()
    assert (NumberSeries.objects.get().last, draft.versions.count(), draft.moves.count()) == (1, 1, 1)


def test_a_double_click_on_discard_is_no_error(kocaeli, ayse):
    draft = f.ProposalFactory(council=kocaeli, author=ayse, stage=Stage.DRAFT)
    at_once([lambda: actions.discard_draft(actor=ayse, proposal=draft)] * 4)
    assert not Proposal.objects.exists()


def test_two_ways_out_of_a_stage_at_once_leave_exactly_one(kocaeli, hakan, ayse):
    proposal = f.ProposalFactory(council=kocaeli, author=ayse)
    reason = "Başka bir kurumun işi."
    at_once(
        [
            lambda: actions.find_admissible(actor=hakan, proposal=proposal, at=timezone.now()),
            lambda: actions.find_inadmissible(
                actor=hakan, proposal=proposal, reason=reason, reason_code="other", at=timezone.now()
            ),
        ]
        * 4
    )
    assert proposal.moves.count() == 1


TEXT = "Sahil yolu üç yerde kesiliyor ve bisikletliler yola iniyor.\n\nParçalar birleştirilsin.\n\nIşıklar konsun."


def ask(person, proposal, text, position=2):
    return actions.propose_amendment(
        actor=person,
        proposal=proposal,
        kind="replace",
        position=position,
        text=text,
        reason="Bunun böyle olması daha iyi.",
        at=timezone.now(),
    )


def test_two_amendments_of_a_paragraph_accepted_at_once_give_one_version_and_overtake_the_other(
    kocaeli, ulasim, ayse, derya, mehmet, nermin
):
    proposal = f.ProposalFactory(council=kocaeli, author=ayse, addressed_to=ulasim, stage=Stage.IN_GROUP, text=TEXT)
    rivals = [ask(mehmet, proposal, "Dört parça birleştirilsin."), ask(nermin, proposal, "Beş parça birleştirilsin.")]
    answers = at_once(
        [
            lambda: actions.accept_amendment(actor=derya, amendment=rivals[0], at=timezone.now()),
            lambda: actions.accept_amendment(actor=ayse, amendment=rivals[1], at=timezone.now()),
        ]
    )
    proposal.refresh_from_db()
    states = sorted(proposal.amendments.values_list("state", flat=True))
    assert (states, proposal.version, proposal.versions.count()) == (["accepted", "overtaken"], 2, 2)
    assert [answer.code for answer in answers if isinstance(answer, Refused)] == ["overtaken"]
    accepted = proposal.amendments.get(state="accepted")
    assert proposal.text == TEXT.replace("Parçalar birleştirilsin.", accepted.text)


def test_one_amendment_accepted_and_declined_at_once_has_one_decision(kocaeli, ulasim, ayse, derya, mehmet):
    proposal = f.ProposalFactory(council=kocaeli, author=ayse, addressed_to=ulasim, stage=Stage.IN_GROUP, text=TEXT)
    amendment = ask(mehmet, proposal, "Dört parça birleştirilsin.")
    answers = at_once(
        [
            lambda: actions.accept_amendment(actor=ayse, amendment=amendment, at=timezone.now()),
            lambda: actions.decline_amendment(
                actor=derya, amendment=amendment, reason="Bunu ölçtük, üç tane.", at=timezone.now()
            ),
        ]
    )
    amendment.refresh_from_db()
    proposal.refresh_from_db()
    assert [isinstance(answer, Refused) for answer in answers].count(True) == 1
    assert proposal.version == (2 if amendment.state == "accepted" else 1)


def test_a_new_version_and_an_acceptance_at_once_lose_nothing(kocaeli, ulasim, ayse, derya, mehmet):
    proposal = f.ProposalFactory(council=kocaeli, author=ayse, addressed_to=ulasim, stage=Stage.IN_GROUP, text=TEXT)
    amendment = ask(mehmet, proposal, "Dört parça birleştirilsin.")
    answers = at_once(
        [
            lambda: actions.revise_proposal(
                actor=ayse,
                proposal=proposal,
                title=proposal.title,
                summary=proposal.summary,
                text=TEXT.replace("Parçalar", "Hepsi"),
                note="Daha kısa söyledim.",
                base=1,
                at=timezone.now(),
            ),
            lambda: actions.accept_amendment(actor=derya, amendment=amendment, at=timezone.now()),
        ]
    )
    amendment.refresh_from_db()
    proposal.refresh_from_db()
    assert [answer.code for answer in answers if isinstance(answer, Refused)] in (["overtaken"], ["changed_meanwhile"])
    assert proposal.version == 2
    assert ("Dört" in proposal.text) == (amendment.state == "accepted")
    assert ("Hepsi" in proposal.text) == (amendment.state == "overtaken")


def test_amendments_written_at_once_have_successive_numbers(kocaeli, ulasim, ayse):
    proposal = f.ProposalFactory(council=kocaeli, author=ayse, addressed_to=ulasim, stage=Stage.GATHERING, text=TEXT)
    people = [f.ResidenceFactory(council=kocaeli).person for _ in range(8)]
    at_once([lambda p=p: ask(p, proposal, "Hepsi birleştirilsin.") for p in people])
    assert sorted(proposal.amendments.values_list("number", flat=True)) == list(range(1, 9))


def test_two_answers_of_one_person_at_once_are_one(kocaeli, ayse):
    at = timezone.now()
    proposal = f.ProposalFactory(council=kocaeli, author=ayse, stage=Stage.DONE, due_at=at)
    actions.open_reviews(at=at)
    calls = [lambda a=a: actions.answer_review(actor=ayse, proposal=proposal, answer=a, at=at) for a in ("yes", "no")]
    found = at_once(calls * 5)
    assert sum(not isinstance(each, Refused) for each in found) == 1
    assert ReviewAnswer.objects.count() == 1


def test_a_step_is_done_once_however_many_say_so_at_once(kocaeli, selin):
    at = timezone.now()
    proposal = f.ProposalFactory(council=kocaeli, stage=Stage.IMPLEMENTATION)
    step = actions.add_milestone(
        actor=selin, proposal=proposal, title="Proje ihalesi", planned_on=timezone.localdate(at), at=at
    )
    said = {"done_on": timezone.localdate(at), "evidence": "İhale yapıldı, sözleşme imzalandı."}
    found = at_once(
        [lambda: actions.finish_milestone(actor=selin, proposal=proposal, milestone=step.pk, at=at, **said)] * 5
    )
    assert sum(not isinstance(each, Refused) for each in found) == 1
