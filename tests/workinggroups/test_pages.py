"""The pages of joining and leaving: who enters, what is kept, what a refusal says."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from councils.models import Membership, Role
from tests import factories as f
from workinggroups.actions import ask_to_join
from workinggroups.models import JoinRequest, JoinState


def url(name: str, body, *args) -> str:
    return reverse(name, args=[body.council.slug, body.slug, *args])


def test_a_visitor_is_sent_to_log_in_and_comes_back(client, ulasim):
    for name in ("group_join", "group_leave", "group_requests"):
        answer = client.get(url(name, ulasim))
        assert answer.status_code == 302
        assert answer["Location"] == f"{reverse('account_login')}?next={url(name, ulasim)}"


def test_asking_on_the_page_shows_the_waiting_request_on_the_group(client, ayse, derya, ulasim):
    client.force_login(ayse)
    answer = client.post(url("group_join", ulasim), {"message": "Her gün bisikletle giderim."}, follow=True)
    assert answer.status_code == 200
    assert JoinRequest.objects.get().message == "Her gün bisikletle giderim."
    assert "İsteğiniz kolaylaştırıcıda bekliyor." in answer.content.decode()


def test_a_message_too_long_stays_in_the_form(client, ayse, ulasim):
    client.force_login(ayse)
    answer = client.post(url("group_join", ulasim), {"message": "çok " * 300})
    assert answer.status_code == 422
    assert "çok çok" in answer.content.decode()
    assert not JoinRequest.objects.exists()


def test_a_second_click_is_a_redirect_and_one_request(client, ayse, ulasim):
    client.force_login(ayse)
    for _ in range(2):
        assert client.post(url("group_join", ulasim), {"message": "Merhaba"}).status_code == 302
    assert JoinRequest.objects.count() == 1


def test_a_refused_wish_is_a_sentence_beside_what_was_typed(client, derya, ulasim):
    client.force_login(derya)
    answer = client.post(url("group_join", ulasim), {"message": "Yine de sorayım"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "Bu grubun üyesisiniz." in page
    assert "Yine de sorayım" in page


def test_the_applicant_takes_the_request_back(client, ayse, ulasim):
    asked = ask_to_join(actor=ayse, body=ulasim, at=timezone.now())
    client.force_login(ayse)
    answer = client.post(url("group_request_withdraw", ulasim, asked.pk), follow=True)
    assert "geri çekildi" in answer.content.decode()
    asked.refresh_from_db()
    assert asked.state == JoinState.WITHDRAWN


def test_somebody_elses_request_does_not_exist_for_me(client, ayse, mehmet, ulasim):
    asked = ask_to_join(actor=ayse, body=ulasim, at=timezone.now())
    client.force_login(mehmet)
    assert client.post(url("group_request_withdraw", ulasim, asked.pk)).status_code == 404


@pytest.mark.parametrize("who", ["ayse", "mehmet", "nermin", "hakan", "selin", "murat", "outsider", "superuser"])
def test_only_who_leads_the_group_sees_its_requests(client, request, ulasim, who):
    asked = ask_to_join(
        actor=f.PersonFactory(display_name="Gizli Aday"), body=ulasim, message="Gizli söz", at=timezone.now()
    )
    client.force_login(request.getfixturevalue(who))
    answer = client.get(url("group_requests", ulasim))
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "Katılma isteklerine grubun kolaylaştırıcısı karar verir." in page
    assert "Gizli" not in page
    for name in ("group_request_accept", "group_request_decline"):
        assert client.post(url(name, ulasim, asked.pk), {"reason": "Bir gerekçe yazdım."}).status_code == 403
    asked.refresh_from_db()
    assert asked.state == JoinState.PENDING


def test_the_facilitator_accepts_on_the_page(client, ayse, derya, ulasim):
    asked = ask_to_join(actor=ayse, body=ulasim, message="<b>Merhaba</b>", at=timezone.now())
    client.force_login(derya)
    page = client.get(url("group_requests", ulasim)).content.decode()
    assert "Ayşe Demir" in page
    assert "&lt;b&gt;Merhaba" in page
    answer = client.post(url("group_request_accept", ulasim, asked.pk), follow=True)
    assert "Ayşe Demir artık grubun üyesi." in answer.content.decode()
    assert Membership.objects.filter(body=ulasim, person=ayse, has_vote=True).exists()
    client.force_login(ayse)
    assert "Üyesiniz" in client.get(ulasim.get_absolute_url()).content.decode()


def test_a_decline_without_a_reason_opens_the_form_again(client, ayse, derya, ulasim):
    asked = ask_to_join(actor=ayse, body=ulasim, at=timezone.now())
    client.force_login(derya)
    answer = client.post(url("group_request_decline", ulasim, asked.pk), {"reason": "olmaz"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'class="confirm" open' in page
    assert "en az 10 harfle" in page
    assert ">olmaz</textarea>" in page.replace("\n", "")


def test_the_applicant_reads_the_answer_on_their_own_page(client, ayse, derya, ulasim):
    asked = ask_to_join(actor=ayse, body=ulasim, at=timezone.now())
    client.force_login(derya)
    client.post(url("group_request_decline", ulasim, asked.pk), {"reason": "Grubumuz şu anda dolu."})
    client.force_login(ayse)
    assert "Grubumuz şu anda dolu." in client.get(reverse("me")).content.decode()


def test_a_request_of_another_group_is_not_found_under_this_one(client, derya, ulasim, kocaeli):
    other = f.BodyFactory(council=kocaeli, name="Afet Çalışma Grubu")
    asked = ask_to_join(actor=f.PersonFactory(), body=other, at=timezone.now())
    client.force_login(derya)
    assert client.post(url("group_request_accept", ulasim, asked.pk)).status_code == 404


def test_leaving_asks_first_and_then_takes_the_seat(client, ayse, derya, ulasim):
    f.MembershipFactory(body=ulasim, person=ayse)
    client.force_login(ayse)
    assert "hemen sona erer" in client.get(url("group_leave", ulasim)).content.decode()
    assert Membership.objects.on(timezone.localdate()).filter(person=ayse).exists()
    assert client.post(url("group_leave", ulasim), follow=True).status_code == 200
    assert not Membership.objects.on(timezone.localdate()).filter(person=ayse).exists()


def test_the_only_facilitator_reads_why_leaving_is_refused(client, derya, ulasim):
    client.force_login(derya)
    answer = client.post(url("group_leave", ulasim))
    assert answer.status_code == 403
    assert "tek kolaylaştırıcısısınız" in answer.content.decode()


def test_a_membership_is_ended_with_a_reason_that_the_member_reads(client, ayse, derya, ulasim):
    seat = f.MembershipFactory(body=ulasim, person=ayse)
    client.force_login(derya)
    assert url("group_member_end", ulasim, seat.pk) in client.get(url("group_members", ulasim)).content.decode()
    assert client.post(url("group_member_end", ulasim, seat.pk), {"reason": ""}).status_code == 422
    answer = client.post(url("group_member_end", ulasim, seat.pk), {"reason": "Üç toplantıdır katılmadı."})
    assert answer.status_code == 302
    client.force_login(ayse)
    assert "Üç toplantıdır katılmadı." in client.get(reverse("me")).content.decode()


@pytest.mark.parametrize("who", ["ayse", "nermin", "hakan", "superuser"])
def test_others_do_not_end_a_membership(client, request, ulasim, derya, who):
    seat = f.MembershipFactory(body=ulasim)
    client.force_login(request.getfixturevalue(who))
    assert client.post(url("group_member_end", ulasim, seat.pk), {"reason": "Bir gerekçe yazdım."}).status_code == 403
    assert url("group_member_end", ulasim, seat.pk) not in client.get(url("group_members", ulasim)).content.decode()
    seat.refresh_from_db()
    assert seat.ends_on is None


def test_every_step_is_taken_by_a_form_that_posts(client, derya, ulasim):
    asked = ask_to_join(actor=f.PersonFactory(), body=ulasim, at=timezone.now())
    client.force_login(derya)
    for name in ("group_request_accept", "group_request_decline", "group_request_withdraw"):
        assert client.get(url(name, ulasim, asked.pk)).status_code == 405


def test_the_steps_of_a_group_do_not_exist_for_an_assembly_or_in_another_council(client, nermin, kadin, ulasim, adana):
    client.force_login(nermin)
    for name in ("group_join", "group_leave", "group_requests", "group_members"):
        assert client.get(url(name, kadin)).status_code == 404
        assert client.get(reverse(name, args=[adana.slug, ulasim.slug])).status_code == 404


def test_the_page_of_requests_costs_the_same_for_one_and_for_twenty(
    client, derya, ulasim, django_assert_max_num_queries
):
    for _ in range(20):
        ask_to_join(actor=f.PersonFactory(), body=ulasim, message="Merhaba", at=timezone.now())
    client.force_login(derya)
    with django_assert_max_num_queries(12):
        client.get(url("group_requests", ulasim))


def test_members_stand_in_turkish_order_page_by_page(client, ulasim):
    names = ["Zeynep", "Çağla", "Ceren", "İpek", "Işık", "Şule", "Selim", "Öykü", "Ozan"]
    for name in names:
        f.MembershipFactory(body=ulasim, person=f.PersonFactory(display_name=f"{name} Ak"))
    f.MembershipFactory(body=ulasim, person=f.PersonFactory(display_name="Zümra Başkan"), role=Role.FACILITATOR)
    page = client.get(url("group_members", ulasim)).content.decode()
    order = ["Zümra", "Ceren", "Çağla", "Işık", "İpek", "Ozan", "Öykü", "Selim", "Şule", "Zeynep"]
    places = [page.index(f"<h2>{name} ") for name in order]
    assert places == sorted(places)
