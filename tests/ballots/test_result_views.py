"""Results on every page: in words when they may be read, nowhere while they must stay hidden."""

import json
import re
from datetime import timedelta

import pytest
from django.template.loader import render_to_string

from ballots import actions, reading
from ballots.models import Ballot, ResultsVisibility
from journal.models import Entry
from tests.ballots.pages import EARLY, cast, on_proposal_again, url, vote

pytestmark = pytest.mark.django_db


# --- Results ----------------------------------------------------------------------------------------------------------
def outputs(client, ballot):
    """Everything that could tell the results to somebody: pages, the box, the state, the travelling count, entries."""
    pages = [
        client.get(url(name, ballot)).content.decode() for name in ("ballot_detail", "ballot_box", "ballot_roll_call")
    ]
    state = json.dumps(reading.tally(ballot.pk))
    travelling = render_to_string("ballots/_tally.html", reading.tally_context(Ballot.objects.get(pk=ballot.pk)))
    entries = json.dumps(list(Entry.objects.values_list("facts", flat=True)))
    return {
        "detail": pages[0],
        "box": pages[1],
        "roll": pages[2],
        "state": state,
        "tally": travelling,
        "journal": entries,
    }


SHOWS_RESULTS = re.compile(r'#(yes|no|abstain)\b|"(yes|no|abstain)(_share)?":|class="bar (yes|no|abstain)"|Oy vermedi')


def test_results_are_nowhere_before_the_declaration_when_they_are_hidden(client, on_proposal, members, mehmet, derya):
    ballot = on_proposal(visibility=ResultsVisibility.AFTER_CLOSING)
    cast(ballot, members, "yes", "no", "yes")

    for who in (None, mehmet, derya):
        if who:
            client.force_login(who)
        for name, text in outputs(client, ballot).items():
            assert not SHOWS_RESULTS.search(text), (who, name)
    client.force_login(derya)
    assert "Çiğdem Ak" not in client.get(url("ballot_roll_call", ballot)).content.decode()
    assert client.get(url("ballot_roll_call", ballot)).status_code == 403


def test_results_are_still_hidden_between_closing_and_declaring(client, on_proposal, members, mehmet):
    ballot = on_proposal(visibility=ResultsVisibility.AFTER_CLOSING)
    cast(ballot, members, "yes", "no")
    Ballot.objects.filter(pk=ballot.pk).update(closes_at=actions.database_now())
    client.force_login(mehmet)

    assert reading.tally(ballot.pk)["phase"] == "closed"
    for name, text in outputs(client, ballot).items():
        assert not SHOWS_RESULTS.search(text), name


def test_control_results_are_everywhere_when_they_are_live_or_declared(client, on_proposal, members, mehmet, derya):
    """What the two tests above look for is what the pages show when they may."""
    live = on_proposal()
    cast(live, members, "yes", "no", "yes")
    client.force_login(mehmet)
    for name, text in outputs(client, live).items():
        assert SHOWS_RESULTS.search(text) or name == "journal", name
    actions.close_ballot_now(actor=derya, ballot=live, reason=EARLY)
    for name, text in outputs(client, live).items():
        assert SHOWS_RESULTS.search(text), name


def test_my_own_vote_is_shown_to_me_though_results_are_hidden(client, on_proposal, mehmet):
    ballot = on_proposal(visibility=ResultsVisibility.AFTER_CLOSING)
    client.force_login(mehmet)
    vote(client, ballot, "no")

    assert re.search(r'value="no"[^>]*aria-pressed="true"', client.get(url("ballot_detail", ballot)).content.decode())


@pytest.mark.parametrize(
    ("choices", "rule", "sentence"),
    [
        (["yes", "yes", "no"], {}, "Kabul edildi, gereken çoğunluk sağlandı. Oy hakkı olan 4 kişiden 3 kişi oy verdi."),
        (["no", "no", "yes"], {}, "Kabul edilmedi. Kabul için 2 oy gerekiyordu: 1 kabul, 2 ret, 0 çekimser."),
        (
            ["yes", "yes", "no"],
            {"majority": "absolute"},
            "Kabul edilmedi. Kabul için 3 oy gerekiyordu: 2 kabul, 1 ret, 0 çekimser.",
        ),
        (["yes", "no"], {}, "Karar çıkmadı: kabul ve ret oyları eşit."),
        (["yes"], {}, "Karar çıkmadı: yeter sayı olan 2 sağlanmadı."),
        ([], {}, "Karar çıkmadı: oy veren olmadı."),
        (["yes", "yes"], {"majority": "absolute"}, "Kabul edilmedi"),
    ],
)
def test_the_outcome_is_explained_in_words(client, on_proposal, members, derya, choices, rule, sentence):
    ballot = on_proposal(**rule)
    cast(ballot, members, *choices)

    actions.close_ballot_now(actor=derya, ballot=ballot, reason=EARLY)

    page = client.get(url("ballot_detail", ballot)).content.decode()
    assert sentence in page
    assert 'name="choice"' not in page


def test_the_rule_is_explained_before_anybody_votes(client, on_proposal):
    page = client.get(url("ballot_detail", on_proposal(majority="two_thirds"))).content.decode()

    assert (
        "En az 2 kişi oy vermeli; kabul için kabul ve ret oylarının en az üçte ikisinin kabul olması gerekir." in page
    )


def test_the_state_has_phase_turnout_and_shares_of_the_electorate(on_proposal, members):
    ballot = on_proposal()
    cast(ballot, members, "yes", "abstain", "yes")

    assert reading.tally(ballot.pk) == {
        "phase": "open",
        "turnout": 3,
        "turnout_share": 75,
        "electorate": 4,
        "quorum": 2,
        "yes": 2,
        "yes_share": 50,
        "no": 0,
        "no_share": 0,
        "abstain": 1,
        "abstain_share": 25,
    }
    assert len(json.dumps(reading.tally(ballot.pk))) < 300
    assert reading.tally(ballot.pk + 1) == {}


def test_the_state_says_when_time_alone_changes_it(on_proposal, derya):
    ballot = on_proposal(in_=3600)

    assert (reading.tally(ballot.pk)["phase"], reading.snapshot(ballot.pk).again_at) == ("before", ballot.opens_at)
    other = on_proposal_again(ballot, on_proposal)
    assert reading.snapshot(other.pk).again_at == other.closes_at
    actions.close_ballot_now(actor=derya, ballot=other, reason=EARLY)
    assert reading.snapshot(other.pk).again_at is None


def test_a_past_ballot_says_that_it_was_written_down_afterwards(client, owner, electors):
    now = actions.database_now()
    ballot = actions.record_past_ballot(
        actor=electors[0],
        policy="tests.owner",
        question="Geçen ay ne dedik?",
        electors=[person.pk for person in electors],
        votes={electors[0].pk: ("yes", now - timedelta(days=5))},
        opens_at=now - timedelta(days=9),
        closes_at=now - timedelta(days=2),
    )

    assert (
        "sonradan" in client.get(url("ballot_detail", ballot)).content.decode()
        or "yapıldıktan sonra" in client.get(url("ballot_detail", ballot)).content.decode()
    )
