"""A council's ballots: who is asked, who may ask, the page that asks, and voting by every method without JavaScript."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from ballots import actions
from ballots.chairing import decide_tie
from ballots.models import Ballot, Elector, Vote
from ballots.papers import marks
from ballots.proxies import give_proxy
from councils.chairs import chair_of
from councils.electorates import has_the_right, people_with_the_right
from councils.models import CouncilBallot, Membership
from people.verdicts import Refused
from tests import factories as f
from tests.councils.conftest import PARKS

pytestmark = pytest.mark.django_db


@pytest.fixture
def mehmet(mehmet, ulasim):
    """Here a member of the transport group with a vote."""
    f.MembershipFactory(body=ulasim, person=mehmet)
    return mehmet


# --- Who is asked -----------------------------------------------------------------------------------------------------
def test_members_are_those_with_a_running_voting_seat_and_an_open_account(kocaeli, ulasim, derya, mehmet, ask):
    day = timezone.localdate()
    f.MembershipFactory(body=ulasim, person=f.PersonFactory(), has_vote=False)
    f.MembershipFactory(
        body=ulasim, person=f.PersonFactory(), ends_on=day - timedelta(days=1), starts_on=day - timedelta(days=9)
    )
    f.MembershipFactory(body=ulasim, person=f.PersonFactory(is_active=False))

    ballot = ask(quorum_percent=50)

    voting = set(
        Membership.objects.on(day).voting().filter(body=ulasim, person__is_active=True).values_list("person", flat=True)
    )
    assert set(Elector.objects.filter(ballot=ballot).values_list("person_id", flat=True)) == voting
    assert {derya.pk, mehmet.pk} <= voting
    assert (ballot.electorate_size, ballot.quorum) == (len(voting), -(-len(voting) // 2))


def test_residents_are_those_verified_in_the_council_and_of_the_district_alone(kocaeli, adana, hakan, ask):
    here, there = f.DistrictFactory(council=kocaeli), f.DistrictFactory(council=kocaeli)
    one = f.ResidenceFactory(district=here, council=kocaeli).person
    two = f.ResidenceFactory(district=there, council=kocaeli).person
    f.ResidenceFactory(district=here, council=kocaeli, verified_at=None, verified_by=None)
    f.ResidenceFactory(district=f.DistrictFactory(council=adana), council=adana)

    everybody = people_with_the_right(CouncilBallot(council=kocaeli, electorate="residents"), at=timezone.now())
    district = ask(actor=hakan, electorate="district", body=None, district=here)

    assert {one.pk, two.pk} <= everybody
    assert list(Elector.objects.filter(ballot=district).values_list("person_id", flat=True)) == [one.pk]
    rule = CouncilBallot.objects.get(ballot=district)
    assert (has_the_right(rule, one.pk, at=timezone.now()), has_the_right(rule, two.pk, at=timezone.now())) == (
        True,
        False,
    )


def test_an_organisation_votes_by_one_delegate_the_one_who_sits_longest(kocaeli):
    body, day, at = f.BodyFactory(council=kocaeli), timezone.localdate(), timezone.now()
    organisation = f.OrganisationFactory(verified=True)
    people = f.PersonFactory.create_batch(3)
    for years, person in enumerate(people):
        f.MembershipFactory(body=body, person=person, starts_on=day - timedelta(days=30 + 365 * years))
        f.RepresentativeFactory(organisation=organisation, person=person, starts_on=day - timedelta(days=30))
    f.MembershipFactory(body=body, person=f.PersonFactory())  # represents nobody
    rule = CouncilBallot(council=kocaeli, electorate="organisations", body=body)

    assert people_with_the_right(rule, at=at) == {people[2].pk}
    Membership.objects.filter(body=body).update(starts_on=day - timedelta(days=30))
    with pytest.raises(Refused, match="birden çok temsilci") as refused:
        people_with_the_right(rule, at=at)
    assert refused.value.code == "several_delegates"


def test_whom_a_ballot_asks_is_written_once(ask, kocaeli):
    ask()

    for deed in (
        lambda: CouncilBallot.objects.update(electorate="organisations"),
        lambda: CouncilBallot.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            deed()


@pytest.mark.parametrize(("who", "body"), [("mehmet", True), ("derya", False), ("ayse", True)])
def test_only_who_leads_the_body_or_the_secretary_opens_one(ask, request, ulasim, who, body):
    actor = request.getfixturevalue(who)

    with pytest.raises(Refused):
        ask(actor=actor, electorate="body" if body else "residents", body=ulasim if body else None)
    assert Ballot.objects.count() == 0


# --- The pages --------------------------------------------------------------------------------------------------------
def fill(ulasim, **more):
    day = timezone.localdate() + timedelta(days=3)
    return {
        "electorate": f"body-{ulasim.pk}", "question": "Önce hangisine başlansın?", "method": "stv", "seats": "2",
        "options": "\n".join(PARKS), "least": "1", "highest": "5", "quorum_percent": "50", "quorum_base": "cast",
        "threshold_base": "valid", "roll_rule": "fixed",
        "visibility": "after_closing", "closes_on": f"{day:%Y-%m-%d}", "closes_time": "18:00",
    } | more  # fmt: skip


def test_the_rule_is_shown_before_the_ballot_is_opened(client, kocaeli, ulasim, derya):
    client.force_login(derya)
    url = reverse("council_ballot_open", args=[kocaeli.slug])

    assert client.get(url).status_code == 200
    preview = client.post(url, fill(ulasim, preview="1"))
    assert (preview.status_code, Ballot.objects.count()) == (200, 0)
    assert "Kazanan sayısı: 2" in preview.content.decode()
    opened = client.post(url, fill(ulasim))
    ballot = Ballot.objects.get()
    assert opened.url == reverse("ballot_detail", args=[ballot.pk])
    assert (ballot.method, ballot.seats, ballot.tie_rule, ballot.option_count) == ("stv", 2, "earlier_lot", 3)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"question": ""}, "question"),
        ({"options": "Bir"}, "options"),
        ({"seats": "3"}, "seats"),
        ({"electorate": "residents"}, "electorate"),
        ({"electorate": "body-999999"}, "electorate"),
        ({"closes_on": "2020-01-01"}, "closes_on"),
        ({"opens_on": "2020-01-01"}, "opens_on"),
        ({"method": "yes_no"}, "options"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_opened(client, kocaeli, ulasim, derya, more, field):
    client.force_login(derya)

    page = client.post(reverse("council_ballot_open", args=[kocaeli.slug]), fill(ulasim, **more))

    assert (page.status_code, Ballot.objects.count()) == (422, 0)
    assert field in page.context["form"].errors


def test_the_list_of_ballots_costs_the_same_however_many_there_are(client, kocaeli, ask, django_assert_num_queries):
    url = reverse("council_ballots", args=[kocaeli.slug])
    for _round in range(2):
        for method in ("single", "yes_no", "stv"):
            ask(method=method, options=() if method == "yes_no" else PARKS)
        with django_assert_num_queries(5):
            page = client.get(url).content.decode()
    assert page.count("Önce hangisine başlansın?") == 6


PAPERS = [
    ("single", {"option": "2"}, "2", "Doğu Kışla Parkı"),
    ("approval", {"option": ["3", "1"]}, "1,3", "Seka Parkı, Kuruçeşme Sahili"),
    ("score", {"score-1": "5", "score-3": "0"}, "1:5,3:0", "Seka Parkı: 5, Kuruçeşme Sahili: 0"),
    (
        "schulze",
        {"rank-1": "2", "rank-2": "1", "rank-3": "2"},
        "2>1=3",
        "1. Doğu Kışla Parkı · 2. Seka Parkı = Kuruçeşme Sahili",
    ),
    ("irv", {"rank-3": "1"}, "3", "1. Kuruçeşme Sahili"),
    ("stv", {"rank-3": "1", "rank-1": "2"}, "3>1", "1. Kuruçeşme Sahili · 2. Seka Parkı"),
]


@pytest.mark.parametrize(("method", "form", "paper", "words"), PAPERS)
def test_a_member_votes_by_a_plain_form_and_reads_the_result(client, ask, mehmet, derya, method, form, paper, words):
    ballot = ask(method=method, seats=2 if method == "approval" else 1)
    client.force_login(mehmet)
    page = reverse("ballot_detail", args=[ballot.pk])

    assert all(option in client.get(page).content.decode() for option in PARKS)
    answer = client.post(reverse("ballot_vote", args=[ballot.pk]), form)
    assert (answer.status_code, answer.url) == (302, f"{page}#ballot")
    assert Vote.objects.get().paper == paper
    assert words in client.get(page).content.decode()
    actions.close_ballot_now(actor=derya, ballot=ballot, reason="Toplantı bitti, herkes oy verdi.")
    shown = client.get(page).content.decode()
    assert "Kazanan:" in shown
    assert ("Turlar" in shown, "İkili karşılaştırma" in shown) == (method in ("irv", "stv"), method == "schulze")


@pytest.mark.parametrize(
    ("method", "form", "sentence", "beside"),
    [
        ("yes_no", {}, "Kabul, ret ya da çekimser seçin.", ""),
        ("yes_no", {"choice": "belki"}, "Kabul, ret ya da çekimser seçin.", ""),
        ("single", {}, "Bir seçenek seçin.", ""),
        ("single", {"option": "9"}, "olmayan bir seçenek", ""),
        ("approval", {}, "En az 1 seçenek", ""),
        ("approval", {"option": ["1", "2", "3"]}, "En çok 2 seçenek seçebilirsiniz; 3 seçenek işaretlediniz.", ""),
        ("score", {"score-2": "6", "score-1": "4"}, "0 ile 5 arasında", "score-2"),
        ("schulze", {"rank-2": "7", "rank-1": "3"}, "Sıra 1 ile 3 arasında olmalı.", "rank-2"),
        ("irv", {"rank-1": "1", "rank-2": "1"}, "ayrı bir sıra", "rank-2"),
        ("stv", {"rank-1": "1", "rank-2": "1"}, "ayrı bir sıra", "rank-2"),
        ("stv", {}, "En az bir seçeneğe sıra verin.", "rank-1"),
        ("stv", {"blank": "1", "rank-1": "2"}, "boş oy verilemez", ""),
    ],
)
def test_a_paper_that_cannot_be_taken_says_why_beside_its_field_and_keeps_what_was_filled_in(
    client, ask, mehmet, method, form, sentence, beside
):
    ballot = ask(method=method, options=() if method == "yes_no" else PARKS, most=2 if method == "approval" else None)
    client.force_login(mehmet)

    answer = client.post(reverse("ballot_vote", args=[ballot.pk]), form)

    page = answer.content.decode()
    assert (answer.status_code, Vote.objects.count(), sentence in page) == (422, 0, True)
    if beside:
        assert f'id="{beside}-{ballot.pk}-error"' in page
        assert f'aria-describedby="{beside}-{ballot.pk}-error"' in page
    kept = {line.name: line.value for line in answer.context["voting"].lines if line.value}
    assert kept.items() >= {name: value for name, value in form.items() if name.startswith(("rank-", "score-"))}.items()
    if "option" in form and len(form["option"]) == 3:
        assert page.count(" checked") == 3


@pytest.mark.parametrize(
    ("method", "paper", "code"),
    [
        ("yes_no", "belki", "unknown_paper"),
        ("single", "9", "unknown_option"),
        ("single", "abstain", "blank_not_allowed"),
        ("approval", "1,2,3", "too_many"),
        ("approval", "2,1", "not_canonical"),
        ("score", "1:6", "score_out_of_range"),
        ("schulze", "1>1", "option_twice"),
        ("irv", "1=2", "equal_ranks"),
        ("stv", "1=2>3", "equal_ranks"),
        ("stv", "blank", "blank_not_allowed"),
    ],
)
def test_a_program_is_told_by_a_code_why_its_paper_is_not_taken(client, ask, mehmet, method, paper, code):
    ballot = ask(method=method, options=() if method == "yes_no" else PARKS, most=2 if method == "approval" else None)
    client.force_login(mehmet)

    answer = client.put(f"/api/v1/ballots/{ballot.pk}/vote/", {"paper": paper}, content_type="application/json")
    assert (answer.status_code, Vote.objects.count()) == (400, 0)
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [("paper", code)]


@pytest.mark.parametrize("method", ["single", "stv"])
def test_results_of_options_are_hidden_until_the_declaration(client, ask, mehmet, derya, method):
    """Attack case 15."""
    ballot = ask(method=method, visibility="after_closing")
    actions.cast_vote(actor=mehmet, ballot=ballot, paper="2")
    page, api = reverse("ballot_detail", args=[ballot.pk]), f"/api/v1/ballots/{ballot.pk}/"

    before = client.get(api).json()
    assert (before["result"], "option_2" in before["tally"], before["tally"]["turnout"]) == (None, False, 1)
    assert "option_2" not in client.get(page).content.decode()
    actions.close_ballot_now(actor=derya, ballot=ballot, reason="Toplantı bitti, herkes oy verdi.")
    after = client.get(api).json()
    assert (after["result"]["winners"], after["outcome"]) == ([2], "elected")


def test_live_sums_move_with_every_vote_where_the_rule_allows_it(client, ask, mehmet, derya):
    ballot = ask(method="approval", visibility="live")
    actions.cast_vote(actor=mehmet, ballot=ballot, paper="1,2")
    actions.cast_vote(actor=derya, ballot=ballot, paper="2")

    tally = client.get(f"/api/v1/ballots/{ballot.pk}/").json()["tally"]
    assert (tally["option_1"], tally["option_2"], tally["option_2_share"]) == (1, 2, 100)


def test_the_roll_of_residents_is_read_by_the_secretary_alone(client, ask, hakan, mehmet, kocaeli):
    f.ResidenceFactory(council=kocaeli, district=f.DistrictFactory(council=kocaeli))
    ballot = ask(actor=hakan, electorate="residents", body=None)
    actions.close_ballot_now(actor=hakan, ballot=ballot, reason="Toplantı bitti, herkes oy verdi.")
    url = reverse("ballot_roll_call", args=[ballot.pk])

    client.force_login(mehmet)
    assert client.get(url).status_code == 403
    client.force_login(hakan)
    assert client.get(url).status_code == 200


def test_the_page_of_a_ballot_with_options_costs_few_queries(client, ask, mehmet, derya, django_assert_max_num_queries):
    ballot = ask(method="stv")
    actions.cast_vote(actor=mehmet, ballot=ballot, paper="1>2")
    client.force_login(mehmet)
    client.get("/")

    with django_assert_max_num_queries(18):
        client.get(reverse("ballot_detail", args=[ballot.pk]))


# --- Rolls and proxies ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("rule", "status"), [("fixed", 302), ("strikes", 403), ("follows", 403)])
def test_a_member_whose_seat_ends_after_the_page_loaded_votes_only_by_a_fixed_roll(
    client, ask, ulasim, mehmet, rule, status
):
    """Attack case 8."""
    ballot = ask(roll_rule=rule)
    client.force_login(mehmet)
    assert client.get(reverse("ballot_detail", args=[ballot.pk])).status_code == 200
    Membership.objects.filter(body=ulasim, person=mehmet).update(
        starts_on=timezone.localdate() - timedelta(days=9), ends_on=timezone.localdate() - timedelta(days=1)
    )

    answer = client.post(reverse("ballot_vote", args=[ballot.pk]), {"option": "1"})
    assert (answer.status_code, Vote.objects.count()) == (status, int(status == 302))


@pytest.mark.parametrize(("rule", "status"), [("fixed", 403), ("strikes", 403), ("follows", 302)])
def test_a_member_who_comes_later_votes_only_where_the_roll_follows(client, ask, ulasim, ayse, rule, status):
    """Attack case 8."""
    ballot = ask(roll_rule=rule)
    f.MembershipFactory(body=ulasim, person=ayse)
    client.force_login(ayse)

    answer = client.post(reverse("ballot_vote", args=[ballot.pk]), {"option": "1"})
    assert (answer.status_code, Vote.objects.count()) == (status, int(status == 302))


def test_a_proxy_is_given_used_and_taken_back_by_plain_forms(client, ask, mehmet, derya, allow_proxies):
    """Attack case 11."""
    allow_proxies()
    ballot = ask()
    page, proxies = reverse("ballot_detail", args=[ballot.pk]), reverse("ballot_proxy", args=[ballot.pk])
    client.force_login(derya)
    assert client.post(proxies, {"email": derya.email}).status_code == 403
    assert client.post(proxies, {"email": "kimse@ornek.invalid"}).status_code == 403
    assert client.post(proxies, {"email": mehmet.email}).status_code == 302
    assert client.post(reverse("ballot_vote", args=[ballot.pk]), {"option": "1"}).status_code == 403

    client.force_login(mehmet)
    vote_for = reverse("ballot_vote_for", args=[ballot.pk, ballot.proxies.get().pk])
    assert f"{derya.display_name} yerine oy ver" in client.get(page).content.decode()
    assert client.post(vote_for, {"option": "9"}).status_code == 422
    assert client.post(vote_for, {"option": "2", "person": mehmet.pk}).status_code == 302
    assert Vote.objects.values_list("person_id", "paper", "cast_by_id").get() == (derya.pk, "2", mehmet.pk)

    client.force_login(derya)
    assert client.post(proxies, {"revoke": "1"}).status_code == 302
    client.force_login(mehmet)
    assert client.get(vote_for).status_code == 403
    assert client.post(vote_for, {"option": "3"}).status_code == 403
    assert Vote.objects.get().paper == "2"


def test_a_proxy_is_nobody_else_s_to_use(client, ask, mehmet, derya, ayse, ulasim, allow_proxies):
    f.MembershipFactory(body=ulasim, person=ayse)
    without = ask()
    allow_proxies()
    ballot = ask()
    give_proxy(actor=derya, ballot=ballot, holder=mehmet)
    client.force_login(ayse)

    assert (
        client.post(reverse("ballot_vote_for", args=[ballot.pk, ballot.proxies.get().pk]), {"option": "1"}).status_code
        == 404
    )
    assert client.get(reverse("ballot_proxy", args=[without.pk])).status_code == 404
    assert Vote.objects.count() == 0


@pytest.mark.parametrize(
    ("method", "form", "paper", "by_htmx"), [*((*each[:3], False) for each in PAPERS), (*PAPERS[-1][:3], True)]
)
def test_a_blank_paper_beside_a_filled_one_is_asked_about_first_and_nothing_is_lost(
    client, ask, mehmet, method, form, paper, by_htmx
):
    ballot = ask(method=method, allows_blank=True, seats=2 if method == "approval" else 1)
    client.force_login(mehmet)
    url = reverse("ballot_vote", args=[ballot.pk])
    headers = {"HX-Request": "true"} if by_htmx else {}

    asked = client.post(url, {**form, "blank": "1"}, headers=headers)
    shown = asked.content.decode()
    assert (asked.status_code, Vote.objects.count()) == (422, 0)
    assert "Boş oy vermek istiyor musunuz?" in shown
    assert asked.get("HX-Retarget") == ("#ballot" if by_htmx else None)
    marked = marks(method, paper)
    lines = asked.context["voting"].lines
    assert {line.number for line in lines if line.value} == set(marked)
    assert shown.count(" checked") + shown.count(" selected") == len(marked)
    client.post(url, {**form, "blank": "sure"})
    assert Vote.objects.get().paper == ("abstain" if method == "single" else "blank")
    client.post(url, {"blank": "1"})  # nothing is filled in, nothing to ask
    assert Vote.objects.get().times == 1


def test_a_holder_is_asked_too_before_a_blank_paper_drops_what_they_filled_in(
    client, ask, mehmet, derya, allow_proxies
):
    allow_proxies()
    ballot = ask(method="irv", allows_blank=True)
    proxy = give_proxy(actor=derya, ballot=ballot, holder=mehmet)
    client.force_login(mehmet)
    url = reverse("ballot_vote_for", args=[ballot.pk, proxy.pk])

    asked = client.post(url, {"rank-2": "1", "blank": "1"})
    assert (asked.status_code, Vote.objects.count()) == (422, 0)
    assert "Boş oy vermek istiyor musunuz?" in asked.content.decode()
    client.post(url, {"rank-2": "1", "blank": "sure"})
    assert (Vote.objects.get().person, Vote.objects.get().paper) == (derya, "blank")


# --- The chair --------------------------------------------------------------------------------------------------------
@pytest.fixture
def asked_of(kocaeli, ulasim, kadin):
    """Whom a ballot asks: the working group, the women's assembly, or residents."""
    return {
        "group": CouncilBallot(council=kocaeli, electorate="body", body=ulasim),
        "assembly": CouncilBallot(council=kocaeli, electorate="body", body=kadin),
        "residents": CouncilBallot(council=kocaeli, electorate="residents"),
    }


def test_the_chair_is_whoever_alone_presides_over_those_who_are_asked(asked_of, kocaeli, derya, nermin):
    at = timezone.now()
    assert (chair_of(asked_of["group"], None, at=at), chair_of(asked_of["assembly"], None, at=at)) == (derya, nermin)
    with pytest.raises(ValidationError, match="başkanı seçin"):
        chair_of(asked_of["residents"], None, at=at)

    board = f.BodyFactory(council=kocaeli, kind="executive_board")
    president = f.MembershipFactory(body=board, role="president")
    assert chair_of(asked_of["residents"], None, at=at) == president.person
    assert chair_of(asked_of["group"], president.pk, at=at) == president.person


def test_nobody_is_named_chair_who_does_not_preside(asked_of, ulasim, kadin, derya, mehmet, nermin, adana):
    elsewhere = f.MembershipFactory(body=f.BodyFactory(council=adana, kind="executive_board"), role="president")
    for person, body in ((mehmet, ulasim), (nermin, kadin)):
        seat = Membership.objects.get(person=person, body=body)
        with pytest.raises(ValidationError, match="başkanı olmalı"):
            chair_of(asked_of["group"], seat.pk, at=timezone.now())
    with pytest.raises(ValidationError):
        chair_of(asked_of["group"], elsewhere.pk, at=timezone.now())
    f.MembershipFactory(body=ulasim, role="facilitator")
    with pytest.raises(ValidationError, match="başkanı seçin"):
        chair_of(asked_of["group"], None, at=timezone.now())


def test_a_ballot_whose_ties_are_the_chairs_is_opened_with_their_name_in_the_rule(
    client, kocaeli, ulasim, derya, mehmet
):
    client.force_login(derya)
    url = reverse("council_ballot_open", args=[kocaeli.slug])
    chosen = {"method": "yes_no", "options": "", "seats": "1", "tie_rule": "chair", "quorum_percent": "0"}

    assert f"Başkan: {derya.display_name}." in client.post(url, fill(ulasim, preview="1", **chosen)).content.decode()
    seat = Membership.objects.get(person=mehmet, body=ulasim)
    assert client.post(url, fill(ulasim, chair=str(seat.pk), **chosen)).status_code == 422
    client.post(url, fill(ulasim, **chosen))
    ballot = Ballot.objects.get()
    assert (ballot.chair, ballot.tie_rule) == (derya, "chair")
    actions.cast_vote(actor=derya, ballot=ballot, paper="yes")
    actions.cast_vote(actor=mehmet, ballot=ballot, paper="no")
    actions.close_ballot_now(actor=derya, ballot=ballot, reason="Herkes oyunu verdi.")
    listed = client.get(reverse("council_ballots", args=[kocaeli.slug])).content.decode()
    assert f"Başkanın kararı bekleniyor: {derya.display_name}." in listed
    decide_tie(actor=derya, ballot=ballot, chosen=["no"], reason="Yeni bilgi bekliyoruz.")
    listed = client.get(reverse("council_ballots", args=[kocaeli.slug])).content.decode()
    assert "başkanın oyu belirleyici oldu" in listed
