"""Proxies by the council's procedure: the secretary writes it, a ballot takes it when it opens, nobody chooses it there."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from ballots.models import Ballot
from councils.actions import set_proxy_rule
from councils.models import CouncilBallot, ProxyRule
from councils.proxy_rules import proxy_limit_of
from journal.models import Entry
from people.verdicts import Refused
from tests import factories as f
from tests.councils.conftest import WHY
from tests.councils.test_ballots import fill

pytestmark = pytest.mark.django_db


@pytest.fixture
def limit(kocaeli, ulasim):
    """The limit of a ballot opened now: `limit()` of the group, `limit(None)` of residents."""

    def limit_(body=ulasim):
        electorate = "residents" if body is None else "body"
        return proxy_limit_of(CouncilBallot(council=kocaeli, electorate=electorate, body=body))

    return limit_


def test_without_a_rule_nobody_votes_for_another(ask, limit):
    assert (limit(), limit(None), ask(proxy_limit=3).proxy_limit) == (0, 0, 0)


def test_a_ballot_takes_the_rule_of_its_moment_and_keeps_it(ask, allow_proxies):
    before = ask(proxy_limit=5)
    allow_proxies(2)
    during = ask(proxy_limit=5)
    allow_proxies(0)
    after = ask(proxy_limit=5)

    fresh = Ballot.objects.in_bulk([before.pk, during.pk, after.pk])
    assert [fresh[each.pk].proxy_limit for each in (before, during, after)] == [0, 2, 0]
    with pytest.raises(IntegrityError), transaction.atomic():
        Ballot.objects.filter(pk=during.pk).update(proxy_limit=5)


def test_a_body_s_own_rule_goes_first_until_it_follows_the_others_again(
    allow_proxies,
    limit,
    ulasim,
    kadin,
):
    allow_proxies(1)
    allow_proxies(3, scope="residents")
    assert (limit(), limit(kadin), limit(None)) == (1, 1, 3)
    allow_proxies(0, scope="body", body=ulasim)
    assert (limit(), limit(kadin)) == (0, 1)
    allow_proxies(None, scope="body", body=ulasim)
    assert (limit(), limit(kadin)) == (1, 1)


def test_each_change_is_in_the_record_and_the_same_again_changes_nothing(allow_proxies, hakan, ulasim):
    allow_proxies(1)
    allow_proxies(1)
    allow_proxies(2, scope="body", body=ulasim)

    entries = Entry.objects.filter(kind__startswith="councils.proxies").order_by("pk")
    assert list(entries.values_list("kind", "actor_id")) == [
        ("councils.proxies_of_bodies", hakan.pk),
        ("councils.proxies_of_body", hakan.pk),
    ]
    assert entries[1].facts == {"limit": 2, "reason": WHY, "body": ulasim.name}
    assert ProxyRule.objects.count() == 2


@pytest.mark.parametrize("who", ["derya", "ayse", "selin", "nermin"])
def test_nobody_but_the_secretary_writes_the_rule(allow_proxies, request, who):
    with pytest.raises(Refused) as refusal:
        allow_proxies(actor=request.getfixturevalue(who))
    assert (refusal.value.code, ProxyRule.objects.count(), Entry.objects.count()) == ("not_secretary", 0, 0)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"limit": 6}, "limit"),
        ({"limit": None}, "limit"),
        ({"scope": "body"}, "body"),
        ({"scope": "everybody"}, "body"),
        ({"scope": "body", "body": "elsewhere"}, "body"),
        ({"reason": "Öyle."}, "reason"),
    ],
)
def test_a_rule_that_says_nothing_clear_is_not_taken(kocaeli, adana, hakan, change, field):
    if change.get("body"):
        change = {**change, "body": f.BodyFactory(council=adana)}
    rule = {"scope": "bodies", "limit": 1, "reason": WHY} | change

    with pytest.raises(ValidationError) as error:
        set_proxy_rule(actor=hakan, council=kocaeli, at=timezone.now(), **rule)
    assert field in error.value.message_dict
    assert ProxyRule.objects.count() == 0


def test_rules_are_added_and_never_changed(allow_proxies):
    allow_proxies()

    for deed in (lambda: ProxyRule.objects.update(limit=5), lambda: ProxyRule.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            deed()


def test_the_secretary_writes_it_on_a_page_that_everybody_reads(client, kocaeli, hakan, ulasim):
    page, form = reverse("proxy_rules", args=[kocaeli.slug]), reverse("proxy_rule_set", args=[kocaeli.slug])
    assert form not in client.get(page).content.decode()
    assert page in client.get(reverse("council_ballots", args=[kocaeli.slug])).content.decode()

    client.force_login(hakan)
    assert form in client.get(page).content.decode()
    typed = {"place": f"body-{ulasim.pk}", "limit": "2", "reason": "Öyle."}
    wrong = client.post(form, typed)
    assert (wrong.status_code, "Öyle." in wrong.content.decode(), ProxyRule.objects.count()) == (422, True, 0)
    assert set(wrong.context["form"].errors) == {"reason"}
    assert client.post(form, typed | {"reason": WHY}).url == page
    shown = client.get(page).content.decode()
    assert ulasim.name in shown
    assert "Bir kişi en çok 2 kişinin vekili olabilir." in shown
    assert shown.count(WHY) == 2  # now, and in the history


def test_the_page_costs_the_same_however_many_rules_there_were(
    client,
    kocaeli,
    allow_proxies,
    ulasim,
    kadin,
    django_assert_num_queries,
):
    url = reverse("proxy_rules", args=[kocaeli.slug])
    for limit in (1, 2):
        for place in ({}, {"scope": "residents"}, {"scope": "body", "body": ulasim}, {"scope": "body", "body": kadin}):
            allow_proxies(limit, **place)
        with django_assert_num_queries(4):
            client.get(url)


def test_whoever_opens_a_ballot_is_shown_the_rule_and_cannot_choose_it(
    client,
    kocaeli,
    ulasim,
    derya,
    allow_proxies,
):
    allow_proxies(2)
    client.force_login(derya)
    url = reverse("council_ballot_open", args=[kocaeli.slug])

    assert 'name="proxy_limit"' not in client.get(url).content.decode()
    preview = client.post(url, fill(ulasim, preview="1", proxy_limit="5")).content.decode()
    assert "bir kişi en çok 2 kişinin yerine oy verir" in preview
    client.post(url, fill(ulasim, proxy_limit="5"))
    assert Ballot.objects.get().proxy_limit == 2


def test_the_api_tells_the_rules_and_takes_a_new_one_from_the_secretary(client, kocaeli, hakan, derya, ulasim):
    address = f"/api/v1/councils/{kocaeli.slug}/proxy-rules/"
    body = {"scope": "body", "body": ulasim.slug, "limit": 1, "reason": WHY}

    def post(person, sent):
        client.force_login(person)
        return client.post(address, sent, content_type="application/json")

    assert (post(derya, body).status_code, post(derya, body).json()["code"]) == (403, "not_secretary")
    for sent in (body | {"body": "yok"}, body | {"limit": 9}, body | {"reason": "Öyle."}, body | {"scope": "bodies"}):
        assert post(hakan, sent).status_code == 400
    assert post(hakan, body).status_code == 201
    client.logout()
    told = client.get(address).json()["results"]
    assert [{**rule, "id": 0, "at": ""} for rule in told] == [{**body, "by": hakan.display_name, "id": 0, "at": ""}]
