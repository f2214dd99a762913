"""Did my vote count? A vote that is sent again with the key of its request gets the same answer and counts once."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from ballots import actions, casting
from ballots.casting import Cast
from ballots.models import Vote, VoteRecord
from journal.group_commit import OutcomeUnknown
from people.verdicts import Refused
from tests import factories as f
from tests.api.conftest import Api, refusal

EARLY = "Oy hakkı olan herkes oyunu verdi."
HTMX = {"HX-Request": "true"}


def test_the_same_key_and_paper_get_the_same_receipt_even_after_changes_and_the_closing(opened, owner, electors):
    ballot, person, key = opened(), electors[0], uuid4()

    first = actions.cast_vote(actor=person, ballot=ballot, paper="yes", key=key)
    changed = actions.cast_vote(actor=person, ballot=ballot, paper="no", key=uuid4())
    again = actions.cast_vote(actor=person, ballot=ballot, paper="yes", key=key)
    actions.close_ballot_now(actor=owner.manager, ballot=ballot, reason=EARLY)
    after = actions.cast_vote(actor=person, ballot=ballot, paper="yes", key=key)

    said = [(r.code, r.paper, r.times, r.cast_at, r.changed_at) for r in (first, again, after)]
    assert said[0] == said[1] == said[2]
    assert [r.is_repeated for r in (first, changed, again, after)] == [False, False, True, True]
    assert (Vote.objects.get().paper, changed.times) == ("no", 2)
    assert list(VoteRecord.objects.order_by("pk").values_list("receipt", flat=True)) == [first.code, changed.code]


def test_a_key_is_of_one_paper_one_ballot_and_one_person(opened, electors):
    here, there, key = opened(), opened(), uuid4()
    actions.cast_vote(actor=electors[0], ballot=here, paper="yes", key=key)

    for ballot, paper in ((here, "no"), (there, "yes")):
        with pytest.raises(Refused, match="daha önce başka bir oy") as refused:
            actions.cast_vote(actor=electors[0], ballot=ballot, paper=paper, key=key)
        assert refused.value.code == "key_reused"
    assert actions.cast_vote(actor=electors[1], ballot=here, paper="no", key=key).times == 1
    assert sorted(Vote.objects.values_list("person", "paper")) == [(electors[0].pk, "yes"), (electors[1].pk, "no")]


def test_a_refused_vote_leaves_its_key_free(opened, electors):
    early, key = opened(in_=3600), uuid4()
    with pytest.raises(Refused):
        actions.cast_vote(actor=electors[0], ballot=early, paper="yes", key=key)
    assert actions.cast_vote(actor=electors[0], ballot=opened(), paper="yes", key=key).is_repeated is False


def test_saying_the_same_again_keeps_the_receipt(opened, electors):
    ballot = opened()
    first = actions.cast_vote(actor=electors[0], ballot=ballot, paper="yes", key=uuid4())
    assert actions.cast_vote(actor=electors[0], ballot=ballot, paper="yes", key=uuid4()) == first


@pytest.mark.django_db(transaction=True)
def test_one_key_sent_many_times_at_once_is_one_record_and_one_receipt(opened, electors, side_by_side):
    ballot, key = opened(), uuid4()
    casts = [Cast(ballot.pk, electors[0].pk, "yes", key)]

    # Half of them in batches of their own, as other processes would send them.
    answers = side_by_side(
        [lambda: actions.cast_vote(actor=electors[0], ballot=ballot, paper="yes", key=key)] * 10
        + [lambda: casting.write(casts)[0]] * 10
    )

    assert len({answer.code for answer in answers}) == 1, answers
    assert (Vote.objects.get().times, VoteRecord.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_vote_whose_answer_was_lost_is_found_by_its_key(opened, electors, monkeypatch):
    """The connection is lost between the commit and the answer: the person hears "unknown", asks again and knows."""
    ballot, key, write = opened(), uuid4(), casting.box._write

    def commit_and_lose_the_answer(casts):
        write(casts)
        raise OutcomeUnknown

    with monkeypatch.context() as patch:
        patch.setattr(casting.box, "_write", commit_and_lose_the_answer)
        with pytest.raises(Refused, match="bilinmiyor") as refused:
            actions.cast_vote(actor=electors[0], ballot=ballot, paper="yes", key=key)
    again = actions.cast_vote(actor=electors[0], ballot=ballot, paper="yes", key=key)

    assert refused.value.code == "outcome_unknown"
    assert (again.is_repeated, again.times, Vote.objects.count(), VoteRecord.objects.count()) == (True, 1, 1, 1)


# --- API --------------------------------------------------------------------------------------------------------------
@pytest.fixture
def ballot(db, mehmet, derya):
    return f.ProposalBallotFactory(ballot=f.BallotFactory(electors=[mehmet, derya])).ballot


def test_the_api_takes_the_key_in_its_header_and_tells_whether_the_vote_counted(ballot, mehmet, derya):
    vote, key = f"ballots/{ballot.pk}/vote/", uuid4()
    by_key = f"ballots/{ballot.pk}/votes/by-key/{key}/"
    headers = {"headers": {"Idempotency-Key": f'"{key}"'}}

    assert refusal(Api(mehmet).get(by_key)) == (404, "not_found")
    first = Api(mehmet).put(vote, {"paper": "yes"}, **headers)
    again = Api(mehmet).put(vote, {"paper": "yes"}, **headers)

    assert first.json() == again.json() == Api(mehmet).get(by_key).json() == Api(mehmet).get(vote).json()
    assert (first.has_header("Idempotent-Replayed"), again["Idempotent-Replayed"]) == (False, "true")
    assert refusal(Api(mehmet).put(vote, {"paper": "no"}, **headers)) == (409, "key_reused")
    assert refusal(Api(derya).get(by_key)) == (404, "not_found")
    assert refusal(Api().get(by_key)) == (401, "not_authenticated")
    assert refusal(Api(mehmet).put(vote, {"paper": "no"}, headers={"Idempotency-Key": "7"})) == (400, "invalid")
    assert (Vote.objects.get().paper, VoteRecord.objects.count()) == ("yes", 1)


def test_a_vote_whose_outcome_is_unknown_is_503_and_may_be_repeated(ballot, mehmet, monkeypatch):
    monkeypatch.setattr(actions.casting, "drop_in", lambda cast: "outcome_unknown")
    answer = Api(mehmet).put(f"ballots/{ballot.pk}/vote/", {"paper": "yes"})
    assert (refusal(answer), answer["Retry-After"]) == ((503, "outcome_unknown"), "2")


# --- Page -------------------------------------------------------------------------------------------------------------
def key_on(page):
    return re.search(r'name="key" value="([0-9a-f-]{36})"', page.content.decode())[1]


def test_a_form_sent_twice_counts_once_and_another_choice_on_the_old_form_is_told(client, ballot, mehmet):
    client.force_login(mehmet)
    page, vote = reverse("ballot_detail", args=[ballot.pk]), reverse("ballot_vote", args=[ballot.pk])
    key = key_on(client.get(page))
    assert key != key_on(client.get(page))

    sent = [client.post(vote, {"choice": "yes", "key": key}, headers=HTMX) for _ in range(2)]
    other = client.post(vote, {"choice": "no", "key": key}, headers=HTMX)

    assert [answer.status_code for answer in [*sent, other]] == [200, 200, 409]
    assert "daha önce başka bir oyla gönderildi" in other.content.decode()
    assert (Vote.objects.get().paper, VoteRecord.objects.count()) == ("yes", 1)
    assert client.post(vote, {"choice": "no", "key": key_on(other)}, headers=HTMX).status_code == 200
    assert Vote.objects.get().paper == "no"


def test_a_form_with_a_key_that_is_none_votes_without(client, ballot, mehmet):
    client.force_login(mehmet)
    client.post(reverse("ballot_vote", args=[ballot.pk]), {"choice": "yes", "key": "yok"})
    assert (Vote.objects.get().paper, Vote.objects.get().key) == ("yes", None)


def test_the_page_says_unknown_when_it_is(client, ballot, mehmet, monkeypatch):
    monkeypatch.setattr(actions.casting, "drop_in", lambda cast: "outcome_unknown")
    client.force_login(mehmet)
    answer = client.post(reverse("ballot_vote", args=[ballot.pk]), {"choice": "yes"})
    assert answer.status_code == 503
    assert "sayılıp sayılmadığı bilinmiyor" in answer.content.decode()
