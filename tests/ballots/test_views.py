"""The pages of a ballot: voting, closing, the roll call, and results that stay hidden while they must."""

import json
import re
from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from ballots import actions, reading
from ballots.models import Ballot, ResultsVisibility, Vote
from journal.models import Entry
from proposals.models import ProposalBallot
from proposals.stages import Stage
from tests.factories import MembershipFactory, PersonFactory, ProposalFactory

EARLY = "Oy hakkı olan herkes oyunu verdi."

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def members(ulasim, derya, mehmet):
    """derya leads the transport group, mehmet and two others sit in it with a vote."""
    others = [PersonFactory(display_name=name) for name in ("Çiğdem Ak", "Zeynep Şahin")]
    for person in (mehmet, *others):
        MembershipFactory(body=ulasim, person=person)
    return [derya, mehmet, *others]


@pytest.fixture
def proposal(ulasim):
    return ProposalFactory(council=ulasim.council, addressed_to=ulasim, stage=Stage.BALLOT)


@pytest.fixture
def on_proposal(proposal, members, derya):
    """Open a ballot on the proposal: `on_proposal(visibility=…, in_=seconds, quorum=…)`."""

    def open_(*, in_=-3600, **rule):
        now = actions.database_now()
        ballot = actions.open_ballot(
            actor=derya,
            policy="proposals.proposal",
            question="Öneri kabul edilsin mi?",
            electors=[person.pk for person in members],
            opens_at=now + timedelta(seconds=in_),
            closes_at=now + timedelta(days=2),
            at=timezone.now(),
            **{"quorum": 2} | rule,
        )
        ProposalBallot.objects.create(proposal=proposal, ballot=ballot)
        return ballot

    return open_


def url(name, ballot):
    return reverse(name, args=[ballot.pk])


def vote(client, ballot, choice, **more):
    return client.post(url("ballot_vote", ballot), {"choice": choice}, **more)


# --- Voting -----------------------------------------------------------------------------------------------------------
def test_a_vote_without_javascript_brings_back_to_the_proposal(client, on_proposal, proposal, mehmet):
    ballot = on_proposal()
    client.force_login(mehmet)

    answer = vote(client, ballot, "yes")

    assert answer["Location"] == f"{proposal.get_absolute_url()}#ballot"
    assert Vote.objects.get().paper == "yes"
    page = client.get(url("ballot_detail", ballot)).content.decode()
    assert "Oyunuz kaydedildi. Oylama kapanana kadar değiştirebilirsiniz:" in page
    assert re.search(r'value="yes"[^>]*aria-pressed="true"', page)


def test_htmx_gets_the_box_with_the_vote_pressed(client, on_proposal, mehmet):
    ballot = on_proposal()
    client.force_login(mehmet)
    vote(client, ballot, "yes", **HTMX)

    html = vote(client, ballot, "no", **HTMX).content.decode()

    assert "<html" not in html
    assert html.count('aria-pressed="true"') == 1
    assert re.search(r'value="no"[^>]*aria-pressed="true"', html)
    assert 'data-live-value="state:ballot:' in html


def test_a_double_click_is_one_vote(client, on_proposal, mehmet):
    ballot = on_proposal()
    client.force_login(mehmet)

    for _ in range(2):
        assert vote(client, ballot, "yes").status_code == 302
    assert Vote.objects.get().times == 1


@pytest.mark.parametrize("who", ["outsider", "ayse", "nermin", "hakan", "superuser"])
def test_who_is_not_on_the_roll_reads_why_and_has_no_buttons(client, request, on_proposal, who):
    ballot = on_proposal()
    client.force_login(request.getfixturevalue(who))

    page = client.get(url("ballot_detail", ballot)).content.decode()
    answer = vote(client, ballot, "yes")

    assert 'name="choice"' not in page
    assert answer.status_code == 403
    for html in (page, answer.content.decode()):
        assert "oy hakkınız yok" in html
    assert not Vote.objects.exists()


def test_somebody_who_joined_after_the_opening_does_not_vote(client, on_proposal, ulasim, ayse):
    ballot = on_proposal()
    MembershipFactory(body=ulasim, person=ayse)
    client.force_login(ayse)

    assert vote(client, ballot, "yes").status_code == 403


def test_a_visitor_is_asked_to_log_in(client, on_proposal):
    ballot = on_proposal()

    assert "Oy vermek için giriş yapın." in client.get(url("ballot_detail", ballot)).content.decode()
    assert vote(client, ballot, "yes")["Location"].startswith("/hesap/")


@pytest.mark.parametrize("htmx", [True, False])
def test_before_opening_and_after_closing_the_refusal_stands_in_the_box(client, on_proposal, mehmet, derya, htmx):
    ballot = on_proposal(in_=3600)
    client.force_login(mehmet)
    more = HTMX if htmx else {}

    early = vote(client, ballot, "yes", **more)
    assert (early.status_code, "Oylama henüz açılmadı." in early.content.decode()) == (403, True)
    assert early.has_header("HX-Retarget") == htmx

    late = on_proposal_again(ballot, on_proposal)
    actions.close_ballot_now(actor=derya, ballot=late, reason=EARLY)
    answer = vote(client, late, "yes", **more)
    assert (answer.status_code, "Oylama kapandı" in answer.content.decode()) == (403, True)
    assert not Vote.objects.exists()


def on_proposal_again(ballot, on_proposal):
    ProposalBallot.objects.filter(ballot=ballot).update(is_current=False)
    return on_proposal()


@pytest.mark.parametrize(
    "data", [{}, {"choice": ""}, {"choice": "maybe"}, {"choice": ["yes", "no"]}, {"choice[]": "yes"}]
)
def test_what_is_no_choice_stores_nothing(client, on_proposal, mehmet, data):
    ballot = on_proposal()
    client.force_login(mehmet)

    answer = client.post(url("ballot_vote", ballot), data)

    assert answer.status_code == 422
    assert "Kabul, ret ya da çekimser seçin." in answer.content.decode()
    assert not Vote.objects.exists()


def test_nobody_votes_for_somebody_else(client, on_proposal, mehmet, derya):
    ballot = on_proposal()
    client.force_login(mehmet)

    client.post(
        url("ballot_vote", ballot),
        {"choice": "yes", "person": derya.pk, "voter": derya.pk, "voter_id": derya.pk, "on_behalf_of": derya.pk},
    )

    assert Vote.objects.get().person == mehmet


def test_a_vote_is_cast_by_post_with_a_token_only(on_proposal, mehmet):
    from django.test import Client

    ballot = on_proposal()
    client = Client(enforce_csrf_checks=True)
    client.force_login(mehmet)

    assert client.get(url("ballot_vote", ballot), {"choice": "yes"}).status_code == 405
    assert client.head(url("ballot_vote", ballot), {"choice": "yes"}).status_code == 405
    assert client.get(url("ballot_vote", ballot), {"choice": "yes", "_method": "POST"}).status_code == 405
    assert vote(client, ballot, "yes").status_code == 403
    assert not Vote.objects.exists()


def test_a_ballot_without_its_owner_is_not_found(client, electors):
    closes_at = timezone.now() + timedelta(days=1)
    for policy in ("proposals.proposal", "tests.gone"):
        ballot = actions.open_ballot(
            actor=electors[0],
            policy=policy,
            question="Sahibi kalmayan oylama?",
            electors=[electors[0].pk],
            closes_at=closes_at,
            at=timezone.now(),
        )
        assert client.get(reverse("ballot_detail", args=[ballot.pk])).status_code == 404


def test_a_ballot_that_does_not_exist_is_not_found(client, mehmet, opened, owner):
    client.force_login(mehmet)
    hidden = opened()
    owner.readable = False

    for pk in (hidden.pk, 2**62, 2**63, 2**80):
        for name in ("ballot_detail", "ballot_box", "ballot_roll_call", "ballot_close"):
            assert client.get(reverse(name, args=[pk])).status_code == 404
        assert client.post(reverse("ballot_vote", args=[pk]), {"choice": "yes"}).status_code == 404


# --- Results ----------------------------------------------------------------------------------------------------------
def cast(ballot, members, *choices):
    for person, choice in zip(members, choices, strict=False):
        actions.cast_vote(actor=person, ballot=ballot, paper=choice)


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


# --- Roll call --------------------------------------------------------------------------------------------------------
MAY_SEE = {
    "derya": True,
    "mehmet": True,
    "hakan": True,
    "ayse": False,
    "nermin": False,
    "outsider": False,
    "superuser": False,
}


@pytest.mark.parametrize("who", MAY_SEE)
def test_the_roll_call_is_for_the_members_and_the_secretary(client, request, on_proposal, members, who):
    ballot = on_proposal()
    cast(ballot, members, "yes", "no")
    client.force_login(request.getfixturevalue(who))

    page = client.get(url("ballot_roll_call", ballot))

    assert page.status_code == (200 if MAY_SEE[who] else 403)
    names = [name for name in ("Çiğdem Ak", "Zeynep Şahin") if name in page.content.decode()]
    assert names == (["Çiğdem Ak", "Zeynep Şahin"] if MAY_SEE[who] else [])
    link = url("ballot_roll_call", ballot) in client.get(url("ballot_detail", ballot)).content.decode()
    assert link == MAY_SEE[who]


def test_a_visitor_is_sent_to_log_in_before_the_roll_call(client, on_proposal):
    assert client.get(url("ballot_roll_call", on_proposal())).status_code == 302


def test_the_roll_call_is_alphabetical_by_turkish_letters_and_can_be_narrowed(client, on_proposal, members, derya):
    ballot = on_proposal()
    cast(ballot, members, "yes", "no", "yes")
    client.force_login(derya)

    def names(query=""):
        return re.findall(
            r'data-label="Kişi">([^<]+)<', client.get(url("ballot_roll_call", ballot) + query).content.decode()
        )

    assert names() == ["Çiğdem Ak", "Derya Öztürk", "Mehmet Arslan", "Zeynep Şahin"]
    assert names("?choice=yes") == ["Çiğdem Ak", "Derya Öztürk"]
    assert names("?choice=none") == ["Zeynep Şahin"]
    assert names("?choice=abstain") == []
    assert names("?choice=%27%3B--") == names()


def test_the_roll_call_has_pages_by_key(client, opened, owner, django_assert_max_num_queries):
    people = [PersonFactory(display_name=f"Üye {n:03d}") for n in range(120)]
    ballot = opened(people=people)
    client.force_login(people[0])
    seen, address = [], url("ballot_roll_call", ballot)
    while address:
        with django_assert_max_num_queries(12):
            html = client.get(address).content.decode()
        seen += re.findall(r'data-label="Kişi">([^<]+)<', html)
        more = re.findall(r'href="(\?after=\d+)"', html)
        address = url("ballot_roll_call", ballot) + more[0] if more else None

    assert seen == sorted(person.display_name for person in people)
    for wrong in ("x", "-1", "9" * 30, "٣"):
        assert client.get(url("ballot_roll_call", ballot), {"after": wrong}).status_code == 200


# --- Closing ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["mehmet", "ayse", "hakan", "superuser"])
def test_only_who_leads_the_body_closes_early(client, request, on_proposal, who):
    ballot = on_proposal()
    client.force_login(request.getfixturevalue(who))

    assert client.get(url("ballot_close", ballot)).status_code == 403
    assert client.post(url("ballot_close", ballot)).status_code == 403
    ballot.refresh_from_db()
    assert ballot.declared_at is None


def test_the_facilitator_closes_early_after_being_asked_and_the_proposal_moves(
    client, on_proposal, proposal, members, derya
):
    ballot = on_proposal()
    cast(ballot, members, "yes", "yes", "no")
    client.force_login(derya)
    assert "geri alınamaz" in client.get(url("ballot_close", ballot)).content.decode()
    ballot.refresh_from_db()
    assert ballot.declared_at is None

    short = client.post(url("ballot_close", ballot), {"reason": "Kısa."})
    assert (short.status_code, short.context["form"]["reason"].value()) == (422, "Kısa.")
    assert "en az 10 harfle" in short.content.decode()
    assert client.post(url("ballot_close", ballot)).status_code == 422
    ballot.refresh_from_db()
    assert ballot.declared_at is None

    answer = client.post(url("ballot_close", ballot), {"reason": EARLY})

    assert answer["Location"] == f"{proposal.get_absolute_url()}#ballot"
    proposal.refresh_from_db()
    ballot.refresh_from_db()
    assert (proposal.stage, ballot.outcome) == (Stage.ADOPTED, "passed")
    page = client.get(url("ballot_detail", ballot)).content.decode()
    assert "oylamayı duyurulan kapanıştan" in page
    assert f"Gerekçe: {EARLY}" in page
    again = client.post(url("ballot_close", ballot), {"reason": EARLY})
    assert EARLY in again.content.decode()
    assert (again.status_code, "Oylama zaten kapandı." in again.content.decode()) == (403, True)


# --- Cost and text ----------------------------------------------------------------------------------------------------
def test_the_box_takes_few_queries_however_many_vote(client, opened, django_assert_max_num_queries):
    people = PersonFactory.create_batch(60)
    ballot = opened(people=people)
    cast(ballot, people, *["yes"] * 60)
    client.force_login(people[0])

    with django_assert_max_num_queries(12):
        client.get(url("ballot_box", ballot))


def test_the_travelling_count_takes_one_query_and_holds_nothing_of_a_reader(opened, django_assert_max_num_queries):
    ballot = opened()

    with django_assert_max_num_queries(1):
        html = render_to_string("ballots/_tally.html", reading.tally_context(ballot))
    assert "csrf" not in html
    assert "<form" not in html


def test_a_question_is_text_on_every_page(client, owner, electors):
    owner.manager = electors[0]
    ballot = actions.open_ballot(
        actor=electors[0],
        policy="tests.owner",
        question="<script>alert(1)</script>\u202e?",
        electors=[electors[0].pk],
        closes_at=timezone.now() + timedelta(days=1),
        at=timezone.now(),
    )
    client.force_login(electors[0])

    for name in ("ballot_detail", "ballot_box", "ballot_roll_call", "ballot_close"):
        assert "<script>alert" not in client.get(url(name, ballot)).content.decode()
