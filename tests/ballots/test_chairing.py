"""Ties that the rule gives to the chair: told openly, decided once, by the chair alone, among the tied, for good."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from ballots import actions
from ballots.auditing import differences
from ballots.chairing import decide_tie
from ballots.models import Ballot, ChairDecision, Outcome, TieRule
from ballots.wording import outcome_sentence, rule_sentence
from journal.models import Entry, Leaf
from journal.sealing import seal
from journal.verifying import problems
from people.verdicts import Refused
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
PARKS = ["Seka Parkı", "Doğu Kışla Parkı", "Kuruçeşme Sahili"]
WHY = "Sahilde hazırlık daha ileri."
CLOSED = "Toplantı bitti, herkes oy verdi."


@pytest.fixture
def chair(electors):
    return electors[4]


@pytest.fixture
def held(opened, electors, owner, chair):
    """Hold a ballot whose ties are the chair's: `held(["1", "2"], method="single")`."""

    def hold(papers, **rule):
        if rule.get("method", "yes_no") != "yes_no":
            rule = {"options": PARKS} | rule
        ballot = opened(**{"tie_rule": TieRule.CHAIR, "chair": chair} | rule)
        for person, paper in zip(electors, papers, strict=False):
            actions.cast_vote(actor=person, ballot=ballot, paper=paper)
        return actions.close_ballot_now(actor=owner.manager, ballot=ballot, reason=CLOSED)

    return hold


def refused(code, **arguments):
    with pytest.raises(Refused) as refusal:
        decide_tie(**{"reason": WHY} | arguments)
    assert refusal.value.code == code


def fresh(ballot):
    return Ballot.objects.get(pk=ballot.pk)


# --- The rule ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ({"method": "irv"}, "tie_rule"),
        ({"method": "stv", "seats": 2}, "tie_rule"),
        ({"majority": "two_thirds"}, "tie_rule"),
        ({"threshold_base": "cast"}, "tie_rule"),
        ({"chair": None}, "chair"),
    ],
)
def test_the_rule_is_for_ballots_that_leave_a_choice_and_names_the_chair(held, rule, field):
    with pytest.raises(ValidationError) as error:
        held([], **rule)
    assert set(error.value.message_dict) == {field}
    assert Ballot.objects.count() == 0


def test_the_chair_stands_on_the_ballot_and_in_its_published_rule(opened, chair):
    ballot = opened(tie_rule=TieRule.CHAIR, chair=chair)

    assert f"Eşitlikte başkanın oyu belirleyicidir. Başkan: {chair}." in rule_sentence(ballot)
    assert Entry.objects.get().facts["chair"] == chair.pk
    with pytest.raises(IntegrityError), transaction.atomic():
        Ballot.objects.update(chair=PersonFactory())
    assert opened(chair=chair).chair is None


# --- The result -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("papers", "rule", "between", "places"),
    [
        (["yes", "no", "abstain"], {}, ("yes", "no"), 1),
        (["1", "3"], {"method": "single"}, ("1", "3"), 1),
        (["1,2", "1,3"], {"method": "approval", "seats": 2}, ("2", "3"), 1),
        (["1:5,2:5,3:5"], {"method": "score", "seats": 2}, ("1", "2", "3"), 2),
        (["2>1=3", "3>1=2"], {"method": "schulze"}, ("2", "3"), 1),
    ],
)
def test_a_tie_waits_for_the_chair_openly_and_is_theirs_alone(
    held, electors, owner, chair, papers, rule, between, places
):
    ballot = held(papers, **rule)

    assert (ballot.outcome, ballot.awaits_chair, owner.told) == (Outcome.TIED, True, [])
    assert (ballot.open_tie.between, ballot.open_tie.places) == (between, places)
    assert f"Başkanın kararı bekleniyor: {chair}." in outcome_sentence(ballot)
    entry = Entry.objects.last()
    assert entry.kind == ("ballots.awaits_chair" if rule else "ballots.question_awaits_chair")
    chosen = between[-places:]
    for somebody in (electors[0], owner.manager):
        refused("not_chair", actor=somebody, ballot=ballot, chosen=chosen)
    for wrong in ([], ["7"], [*["1", "2", "3"][: places + 1], "yes"], [*between, "x"]):
        with pytest.raises(ValidationError):
            decide_tie(actor=chair, ballot=ballot, chosen=wrong, reason=WHY)
    with pytest.raises(ValidationError, match="10 harf"):
        decide_tie(actor=chair, ballot=ballot, chosen=chosen, reason="Öyle.")
    assert not ChairDecision.objects.exists()

    decide_tie(actor=chair, ballot=ballot, chosen=chosen, reason=f"  {WHY} ")
    refused("decided", actor=chair, ballot=ballot, chosen=chosen)
    decided = fresh(ballot)
    final = Outcome.ELECTED if rule else Outcome.REJECTED
    assert (decided.outcome, decided.decided_outcome, decided.awaits_chair) == (Outcome.TIED, final, False)
    assert (decided.decision.reason, decided.decision.actor) == (WHY, chair)
    assert owner.told == [(ballot.pk, Outcome.TIED)]
    if rule:
        assert set(map(int, chosen)) <= set(decided.decided_result["winners"])
        assert len(decided.decided_result["winners"]) == ballot.seats
        assert ballot.result["winners"] == decided.result["winners"]
    assert "başkan" in outcome_sentence(decided)
    entry = Entry.objects.last()
    assert (entry.actor_id, entry.facts["reason"]) == (chair.pk, WHY)
    assert list(differences()) == []


@pytest.mark.parametrize(
    ("papers", "rule", "outcome"),
    [
        (["yes", "yes", "no"], {}, Outcome.PASSED),
        (["abstain", "abstain"], {}, Outcome.TIED),  # nobody was for it and nobody against
        ([], {}, Outcome.NO_QUORUM),
        (["yes", "no"], {"quorum": 3}, Outcome.NO_QUORUM),
        (["1", "1", "2"], {"method": "single"}, Outcome.ELECTED),
        (["1", "2"], {"method": "single", "majority": "absolute"}, Outcome.UNDECIDED),  # neither could win
        (["blank"], {"method": "score", "allows_blank": True}, Outcome.UNDECIDED),
    ],
)
def test_without_a_tie_that_is_theirs_the_chair_decides_nothing(held, chair, papers, rule, outcome):
    ballot = held(papers, **rule)

    assert (ballot.outcome, ballot.awaits_chair) == (outcome, False)
    refused("no_tie", actor=chair, ballot=ballot, chosen=["yes"])
    assert "bekleniyor" not in outcome_sentence(ballot)
    assert list(differences()) == []


def test_other_rules_leave_the_chair_no_tie(held, chair):
    ballot = held(["1", "2"], method="single", tie_rule=TieRule.OPEN, chair=None)

    refused("no_tie", actor=chair, ballot=ballot, chosen=["1"])
    assert "Kural bu eşitliği bozmuyor" in outcome_sentence(ballot)


# --- The database -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("tie_is_decided_by_its_chair", {"actor": 0}),
        ("chair_decides_among_the_tied", {"chosen": "2"}),
        ("chair_decides_among_the_tied", {"chosen": "1,3"}),
        ("chair_decides_among_the_tied", {"chosen": "yes"}),
        ("chair_decides_a_tie", {"ballot": "other"}),
    ],
)
def test_the_database_takes_no_other_decision(held, electors, chair, name, change):
    ballot, other = held(["1", "3"], method="single"), held(["1"], method="single")
    row = {"ballot": ballot, "actor": chair, "chosen": "1", "reason": WHY, "at": ballot.declared_at} | change
    row |= {"actor": electors[0]} if "actor" in change else {}
    row |= {"ballot": other} if "ballot" in change else {}

    with pytest.raises(IntegrityError) as error, transaction.atomic():
        ChairDecision.objects.create(**row)
    assert error.value.__cause__.diag.constraint_name == name


def test_a_decision_is_written_once_and_stays(held, chair):
    decide_tie(actor=chair, ballot=held(["1", "3"], method="single"), chosen=["3"], reason=WHY)

    for deed in (lambda: ChairDecision.objects.update(chosen="1"), lambda: ChairDecision.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            deed()


@pytest.mark.django_db(transaction=True)
def test_two_decisions_at_once_leave_one(held, chair, side_by_side):
    ballot = held(["yes", "no"])
    choices = ["yes", "no"] * 4

    answers = side_by_side(
        [lambda each=each: decide_tie(actor=chair, ballot=ballot, chosen=[each], reason=WHY) for each in choices]
    )

    assert [type(answer) for answer in answers].count(ChairDecision) == 1
    assert {answer.code for answer in answers if isinstance(answer, Refused)} == {"decided"}
    entries = Entry.objects.filter(kind__in=["ballots.chair_passed", "ballots.chair_rejected"])
    assert entries.get().facts["chosen"] == ChairDecision.objects.get().chosen


# --- Sealed and audited -----------------------------------------------------------------------------------------------
def test_the_decision_is_sealed_and_a_changed_one_is_found(held, chair, unguarded):
    ballot = held(["1", "3"], method="single")
    decide_tie(actor=chair, ballot=ballot, chosen=["3"], reason=WHY)
    seal()
    assert Leaf.objects.filter(source="ballots.chair_decision", row_id=ballot.pk).exists()
    assert list(problems()) == []

    with unguarded("ballots_chairdecision"):
        ChairDecision.objects.update(chosen="1")
    assert any(f"ballots.chair_decision {ballot.pk}" in problem for problem in problems())
    assert any("chosen 3, oylamada 1" in difference for difference in differences())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"chosen": "2"}, "eşit kalanlardan birini seçmiyor"),
        ({"actor": 0}, "başkan o değil"),
        ({"at": None}, "ilanından önce"),
        (None, "başkanın kararı satırı var, 0 olmalıydı"),
    ],
)
def test_the_audit_tells_a_decision_that_does_not_fit(held, electors, chair, unguarded, change, said):
    ballot = held(["1", "3"], method="single")
    decide_tie(actor=chair, ballot=ballot, chosen=["3"], reason=WHY)

    with unguarded("ballots_chairdecision"):
        if change is None:
            ChairDecision.objects.all().delete()
        else:
            change = {"actor": electors[0]} if "actor" in change else change
            change = {"at": ballot.opens_at} if "at" in change else change
            ChairDecision.objects.update(**change)
    assert any(said in difference for difference in differences())


# --- Pages and the API ------------------------------------------------------------------------------------------------
def test_the_chair_is_led_to_the_page_and_decides_there_without_losing_what_was_typed(client, held, chair, electors):
    ballot = held(["1", "3"], method="single")
    url, page = reverse("ballot_decide_tie", args=[ballot.pk]), reverse("ballot_detail", args=[ballot.pk])
    client.force_login(electors[0])
    assert client.get(url).status_code == client.post(url, {"chosen": "1", "reason": WHY}).status_code == 403
    assert url not in client.get(page).content.decode()

    client.force_login(chair)
    assert url in client.get(page).content.decode()
    form = client.get(url).content.decode()
    assert "Seka Parkı" in form
    assert "Kuruçeşme Sahili" in form
    wrong = client.post(url, {"reason": WHY})
    assert (wrong.status_code, WHY in wrong.content.decode(), ChairDecision.objects.count()) == (422, True, 0)
    assert "Kararınızı seçin." in wrong.content.decode()
    answer = client.post(url, {"chosen": "3", "reason": WHY})
    assert answer.status_code == 302
    shown = client.get(page).content.decode()
    assert "Kazanan: Kuruçeşme Sahili. Eşitlikte başkan karar verdi." in shown
    assert WHY in shown
    assert chair.display_name in shown
    again = client.post(url, {"chosen": "1", "reason": "Sonradan başka türlü düşündüm."})
    assert (again.status_code, "bir kez verilir" in again.content.decode()) == (403, True)


def test_there_is_no_such_page_where_the_rule_knows_no_chair(client, opened, chair):
    client.force_login(chair)

    assert client.get(reverse("ballot_decide_tie", args=[opened().pk])).status_code == 404


def test_the_api_tells_the_tie_and_takes_the_decision_once(client, held, chair, electors):
    ballot = held(["1", "3"], method="single")
    address, body = f"/api/v1/ballots/{ballot.pk}/", {"chosen": ["3"], "reason": WHY}
    shown = client.get(address).json()
    assert (shown["chair"], shown["awaits_chair"], shown["decision"]) == (chair.display_name, True, None)
    assert (shown["outcome"], shown["decided_outcome"]) == ("tied", "tied")

    def post(person, sent):
        client.force_login(person)
        return client.post(f"{address}decision/", sent, content_type="application/json")

    assert (post(electors[0], body).status_code, post(electors[0], body).json()["code"]) == (403, "not_chair")
    for sent, code in (
        ({**body, "chosen": ["2"]}, "not_tied"),
        ({**body, "chosen": ["1", "3"]}, "wrong_number"),
        ({**body, "reason": "Öyle."}, "too_short"),
    ):
        answer = post(chair, sent)
        assert answer.status_code == 400
        assert code in answer.content.decode()
    done = post(chair, body)
    assert (done.status_code, done.json()["decided_outcome"]) == (200, "elected")
    assert done.json()["decision"] | {"at": ""} == {"by": chair.display_name, "chosen": ["3"], "reason": WHY, "at": ""}
    assert (post(chair, body).status_code, post(chair, body).json()["code"]) == (403, "decided")
