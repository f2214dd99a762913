"""Organisations ask each other for help: posted, written about without an address, matched, met, hidden with a reason."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from councils.working_time import ISTANBUL
from people.verdicts import Refused
from solidarity import actions
from solidarity.matching import Facts, best
from solidarity.models import Match, Message, Post
from solidarity.reading import fulfilled_in, unmet
from tests import factories as f
from tests.proposals.test_races import at_once

NOW = datetime(2026, 10, 5, 9, 0, tzinfo=ISTANBUL)
TODAY = date(2026, 10, 5)


@pytest.fixture
def other(kocaeli):
    return f.another_organisation(kocaeli)


def facts(key, organisation=2, sort="place", district=None, starts=None, ends=None, text=""):
    return Facts(key, organisation, sort, district, starts, ends, text)


def test_offers_are_suggested_by_kind_district_days_and_words():
    need = facts(1, 1, district=5, starts=TODAY, ends=TODAY, text="Tiyatro provası için salon arıyoruz")
    offers = [
        facts(2, text="Sandalye"),
        facts(3, district=5, starts=TODAY, text="Salonumuz provalara açık"),
        facts(4, district=6, text="Salon var"),
        facts(5, 1, text="salon"),  # their own
        facts(6, sort="expertise", text="salon"),
        facts(7, starts=TODAY + timedelta(days=1), text="salon"),  # too late
    ]
    found = best(need, offers)
    assert [each.key for each in found] == [3, 2, 4]
    assert (found[0].same_district, found[0].same_days, len(found[0].shared)) == (True, True, 2)


def test_only_verified_organisations_post_and_no_more_than_ten(kocaeli, korfez, elif_, ayse, other):
    with pytest.raises(Refused):
        f.post_of(kocaeli, korfez, ayse, at=NOW)
    with pytest.raises(ValidationError):
        f.post_of(kocaeli, other[0], elif_, at=NOW)
    posts = [f.post_of(kocaeli, korfez, elif_, at=NOW) for _ in range(10)]
    with pytest.raises(Refused) as refused:
        f.post_of(kocaeli, korfez, elif_, at=NOW)
    assert refused.value.code == "too_many"
    actions.close_post(actor=elif_, found=posts[0], at=NOW)
    f.post_of(kocaeli, korfez, elif_, at=NOW)


def test_two_posts_at_once_are_not_eleven(transactional_db):
    council = f.CouncilFactory(code="KOC")
    organisation, person = f.another_organisation(council)
    for _ in range(9):
        f.post_of(council, organisation, person, at=NOW)
    at_once([lambda: f.post_of(council, organisation, person, at=NOW)] * 3)
    assert Post.objects.count() == 10


def test_it_leaves_the_board_by_itself_and_comes_back_when_renewed(kocaeli, korfez, elif_, mehmet, client):
    post = f.post_of(kocaeli, korfez, elif_, at=NOW)
    assert post.expires_on == TODAY + timedelta(days=30)
    assert Post.objects.open_on(TODAY + timedelta(days=30)).exists()
    assert not Post.objects.open_on(TODAY + timedelta(days=31)).exists()
    later = NOW + timedelta(days=40)
    with pytest.raises(Refused):
        actions.renew_post(actor=mehmet, found=post, at=later)
    actions.renew_post(actor=elif_, found=post, at=later)
    assert Post.objects.open_on(TODAY + timedelta(days=41)).exists()
    short = f.post_of(kocaeli, korfez, elif_, ends_on=TODAY + timedelta(days=3), at=NOW)
    assert short.expires_on == TODAY + timedelta(days=3)
    with pytest.raises(Refused):
        actions.renew_post(actor=elif_, found=short, at=later)


def test_organisations_write_to_each_other_without_an_address_and_not_without_end(
    kocaeli, korfez, elif_, other, mehmet
):
    post = f.post_of(kocaeli, korfez, elif_, at=NOW)
    organisation, whose = other
    with pytest.raises(Refused):
        actions.write(actor=mehmet, found=post, organisation=organisation, text="Salon var", at=NOW)
    with pytest.raises(ValidationError):
        actions.write(actor=elif_, found=post, organisation=korfez, other=organisation, text="Salon?", at=NOW)
    actions.write(actor=whose, found=post, organisation=organisation, text="Salonumuz boş", at=NOW)
    actions.write(actor=elif_, found=post, organisation=korfez, other=organisation, text="Çok iyi", at=NOW)
    assert actions.send_tellings(at=NOW) == 2
    assert [message.to for message in mail.outbox] == [[elif_.email], [whose.email]]
    assert whose.email not in mail.outbox[0].body
    assert actions.send_tellings(at=NOW) == 0
    for _ in range(19):
        actions.write(actor=whose, found=post, organisation=organisation, text="Bir daha", at=NOW)
    with pytest.raises(Refused) as refused:
        actions.write(actor=whose, found=post, organisation=organisation, text="Bir daha", at=NOW)
    assert refused.value.code == "too_many"
    actions.write(
        actor=whose, found=post, organisation=organisation, text="Ertesi gün", at=NOW + timedelta(days=1, minutes=1)
    )
    for deed in (lambda: Message.objects.update(text="Başka"), Message.objects.all().delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            deed()


def test_the_desk_matches_both_sides_accept_and_the_need_is_met_once(kocaeli, korfez, elif_, selin, other, mehmet):
    organisation, whose = other
    need = f.post_of(kocaeli, korfez, elif_, at=NOW)
    offer = f.post_of(kocaeli, organisation, whose, side="offer", at=NOW)
    with pytest.raises(Refused):
        actions.propose_match(actor=elif_, need=need, offer=offer, at=NOW)
    with pytest.raises(ValidationError):
        actions.propose_match(actor=selin, need=offer, offer=need, at=NOW)
    assert list(unmet(kocaeli, TODAY)) == [need]
    match = actions.propose_match(actor=selin, need=need, offer=offer, at=NOW)
    assert list(unmet(kocaeli, TODAY)) == []
    with pytest.raises(Refused):
        actions.answer_match(actor=mehmet, match=match, accepts=True, at=NOW)
    actions.answer_match(actor=elif_, match=match, accepts=True, at=NOW)
    with pytest.raises(ValidationError, match="kabul etmedi"):
        actions.fulfil(actor=selin, match=match, outcome="Prova yapıldı", at=NOW)
    actions.answer_match(actor=whose, match=match, accepts=False, at=NOW)
    assert list(unmet(kocaeli, TODAY)) == [need]
    actions.answer_match(actor=whose, match=match, accepts=True, at=NOW)
    actions.fulfil(actor=selin, match=match, outcome="Prova yapıldı", at=NOW)
    actions.fulfil(actor=selin, match=match, outcome="Bir daha", at=NOW)
    need.refresh_from_db()
    assert (need.closed_at, fulfilled_in(kocaeli, 2026), fulfilled_in(kocaeli, 2025)) == (NOW, 1, 0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Match.objects.update(offer_says=False)


def test_board_and_post_by_pages(client, kocaeli, korfez, elif_, selin, ayse, django_assert_max_num_queries):
    need, match = f.matched_posts(kocaeli, korfez, elif_, selin)
    organisation, whose = f.another_organisation(kocaeli, "Kandıra Çevre Derneği")
    for n in range(8):
        f.post_of(kocaeli, organisation, whose, side="offer", sort="expertise", title=f"Muhasebe desteği {n}")
    address = reverse("solidarity_board", args=["kocaeli"])
    with django_assert_max_num_queries(6):
        text = client.get(address).content.decode()
    assert need.title in text
    assert need.title not in client.get(address + "?tur=uzmanlik&taraf=destek").content.decode()
    act = reverse("solidarity_act", args=["kocaeli", need.pk])
    client.force_login(ayse)
    assert client.post(act, {"deed": "hide", "text": "Beğenmedim"}).status_code == 403
    assert client.post(act, {"deed": "report", "text": "Reklam gibi"}).status_code == 302
    assert "Eşleşmeler" not in client.get(need.get_absolute_url()).content.decode()
    client.force_login(elif_)
    assert client.post(act, {"deed": "accept", "match": match.pk}).status_code == 302
    client.force_login(selin)
    desk = client.get(reverse("desk", args=["kocaeli"])).content.decode()
    assert "Dayanışma panosunda bildirilen ilanlar" in desk
    assert "Reklam gibi" in client.get(need.get_absolute_url()).content.decode()
    assert client.post(act, {"deed": "hide", "text": "Telefon yazıyor"}).status_code == 302
    client.force_login(ayse)
    assert client.get(need.get_absolute_url()).status_code == 404
    client.force_login(elif_)
    assert "Telefon yazıyor" in client.get(need.get_absolute_url()).content.decode()
    new = reverse("solidarity_new", args=["kocaeli"])
    key = client.get(new).context["form"].initial["key"]
    sent = {
        "organisation": korfez.pk, "side": "offer", "sort": "equipment", "title": "Ses düzenimiz var", "quantity": 1,
        "text": "Hafta sonları kullanılabilir.", "ends_on": timezone.localdate(), "key": key,
    }  # fmt: skip
    first, second = client.post(new, sent), client.post(new, sent)
    assert first["Location"] == second["Location"]
    assert client.post(new, {"title": "Ses"}).status_code == 422
