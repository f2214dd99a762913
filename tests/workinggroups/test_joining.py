"""Asking to join a working group, the facilitator's answer, and leaving again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from councils.models import BodyKind, Membership, Role
from journal.models import Audience, Entry
from people.verdicts import Refused
from tests import factories as f
from workinggroups.actions import accept_join, ask_to_join, decline_join, end_membership, leave_group, withdraw_join
from workinggroups.models import Departure, JoinRequest, JoinState


def kinds() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("kind", flat=True))


@pytest.fixture
def asked(ayse, derya, ulasim) -> JoinRequest:
    return ask_to_join(actor=ayse, body=ulasim, message="Bisikletle gidip geliyorum.", at=timezone.now())


# --- Asking ---------------------------------------------------------------------------------------
def test_a_request_waits_for_the_facilitator_and_is_not_in_the_public_record(asked, ayse, ulasim):
    entry = Entry.objects.get()
    assert (asked.state, asked.message) == (JoinState.PENDING, "Bisikletle gidip geliyorum.")
    assert (entry.kind, entry.audience, entry.actor_id) == ("workinggroups.join_requested", Audience.INVOLVED, ayse.pk)
    assert (entry.topic, entry.body_id, entry.council_id) == (ulasim.topic, ulasim.pk, ulasim.council_id)
    assert not Membership.objects.filter(person=ayse).exists()


def test_asking_twice_is_one_request(asked, ayse, ulasim):
    again = ask_to_join(actor=ayse, body=ulasim, message="Bir daha", at=timezone.now())
    assert again == asked
    assert (JoinRequest.objects.count(), Entry.objects.count()) == (1, 1)


def test_a_member_does_not_ask_again(derya, ulasim):
    with pytest.raises(Refused, match="üyesisiniz"):
        ask_to_join(actor=derya, body=ulasim, at=timezone.now())
    assert (JoinRequest.objects.count(), Entry.objects.count()) == (0, 0)


def test_an_assembly_is_not_joined_by_request(ayse, kadin):
    with pytest.raises(Refused, match="çalışan gruplara"):
        ask_to_join(actor=ayse, body=kadin, at=timezone.now())
    assert not JoinRequest.objects.exists()


def test_a_group_that_no_longer_works_is_not_joined(ayse, ulasim):
    ulasim.is_active = False
    ulasim.save()
    with pytest.raises(Refused):
        ask_to_join(actor=ayse, body=ulasim, at=timezone.now())


def test_a_message_too_long_is_named_and_nothing_is_written(ayse, ulasim):
    with pytest.raises(ValidationError) as caught:
        ask_to_join(actor=ayse, body=ulasim, message="a" * 1001, at=timezone.now())
    assert list(caught.value.message_dict) == ["message"]
    assert not JoinRequest.objects.exists()


# --- The answer -----------------------------------------------------------------------------------
def test_an_accepted_person_is_a_voting_member_from_today_on(asked, derya, ayse, ulasim):
    seat = accept_join(actor=derya, request=asked, at=timezone.now())
    asked.refresh_from_db()
    assert (seat.person, seat.body, seat.role, seat.has_vote) == (ayse, ulasim, Role.MEMBER, True)
    assert (seat.starts_on, seat.ends_on) == (timezone.localdate(), None)
    assert (asked.state, asked.decided_by) == (JoinState.ACCEPTED, derya)
    assert kinds() == ["workinggroups.join_requested", "workinggroups.join_accepted", "councils.member_added"]
    added = Entry.objects.get(kind="councils.member_added")
    assert (added.audience, added.subject_id, added.topic) == (Audience.PUBLIC, seat.pk, ulasim.topic)
    assert added.facts == {"body": ulasim.name}


def test_accepting_twice_changes_nothing(asked, derya):
    first = accept_join(actor=derya, request=asked, at=timezone.now())
    assert accept_join(actor=derya, request=asked, at=timezone.now()) == first
    assert len(kinds()) == 3


@pytest.mark.parametrize("who", ["ayse", "mehmet", "nermin", "hakan", "selin", "superuser"])
def test_only_who_leads_the_group_answers(request, asked, who):
    person = request.getfixturevalue(who)
    with pytest.raises(Refused, match="kolaylaştırıcısı karar verir"):
        accept_join(actor=person, request=asked, at=timezone.now())
    with pytest.raises(Refused, match="kolaylaştırıcısı karar verir"):
        decline_join(actor=person, request=asked, reason="Uygun görülmedi, bekleyin.", at=timezone.now())
    asked.refresh_from_db()
    assert asked.state == JoinState.PENDING
    assert kinds() == ["workinggroups.join_requested"]


def test_who_leads_another_group_does_not_answer_here(asked, kocaeli):
    other = f.MembershipFactory(body=f.BodyFactory(council=kocaeli, name="Afet"), role=Role.FACILITATOR)
    with pytest.raises(Refused):
        accept_join(actor=other.person, request=asked, at=timezone.now())


def test_a_request_is_declined_with_a_reason_or_not_at_all(asked, derya):
    for empty in ("", "   ", "kısa"):
        with pytest.raises(ValidationError) as caught:
            decline_join(actor=derya, request=asked, reason=empty, at=timezone.now())
        assert list(caught.value.message_dict) == ["reason"]
    decline_join(actor=derya, request=asked, reason="  Grubumuz şu anda dolu, güzün yeniden yazın. ", at=timezone.now())
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == (JoinState.DECLINED, "Grubumuz şu anda dolu, güzün yeniden yazın.")
    assert not Membership.objects.filter(person=asked.person).exists()


def test_a_declined_request_is_not_accepted_afterwards_but_one_may_ask_again(asked, derya, ayse, ulasim):
    decline_join(actor=derya, request=asked, reason="Grubumuz şu anda dolu.", at=timezone.now())
    with pytest.raises(Refused, match="başka bir yanıt"):
        accept_join(actor=derya, request=asked, at=timezone.now())
    assert ask_to_join(actor=ayse, body=ulasim, at=timezone.now()) != asked


def test_a_withdrawn_request_is_answered_no_more(asked, derya, ayse):
    withdraw_join(actor=ayse, request=asked, at=timezone.now())
    withdraw_join(actor=ayse, request=asked, at=timezone.now())
    with pytest.raises(Refused):
        accept_join(actor=derya, request=asked, at=timezone.now())
    assert kinds() == ["workinggroups.join_requested", "workinggroups.join_withdrawn"]


def test_only_its_sender_withdraws_a_request(asked, mehmet, derya):
    for person in (mehmet, derya):
        with pytest.raises(Refused, match="yalnız gönderen"):
            withdraw_join(actor=person, request=asked, at=timezone.now())


# --- Leaving --------------------------------------------------------------------------------------
def test_leaving_takes_the_seat_away_at_once(ayse, derya, ulasim):
    f.MembershipFactory(body=ulasim, person=ayse)
    leave_group(actor=ayse, body=ulasim, at=timezone.now())
    day = timezone.localdate()
    assert not Membership.objects.on(day).filter(person=ayse).exists()
    assert Departure.objects.get().ended_by == ayse
    assert kinds() == ["councils.member_removed"]
    with pytest.raises(Refused, match="üyesi değilsiniz"):
        leave_group(actor=ayse, body=ulasim, at=timezone.now())


def test_a_seat_taken_today_can_be_left_today_and_taken_again(asked, ayse, derya, ulasim):
    accept_join(actor=derya, request=asked, at=timezone.now())
    leave_group(actor=ayse, body=ulasim, at=timezone.now())
    assert not Membership.objects.on(timezone.localdate()).filter(person=ayse).exists()
    again = ask_to_join(actor=ayse, body=ulasim, at=timezone.now())
    accept_join(actor=derya, request=again, at=timezone.now())
    assert Membership.objects.on(timezone.localdate()).filter(person=ayse).count() == 1


def test_the_last_who_leads_a_group_does_not_leave_it(derya, ulasim):
    with pytest.raises(Refused, match="tek kolaylaştırıcısısınız"):
        leave_group(actor=derya, body=ulasim, at=timezone.now())
    f.MembershipFactory(body=ulasim, role=Role.FACILITATOR)
    leave_group(actor=derya, body=ulasim, at=timezone.now())
    assert not Membership.objects.on(timezone.localdate()).filter(person=derya, body=ulasim).exists()


def test_the_facilitator_ends_a_membership_with_a_reason_the_member_reads(ayse, derya, ulasim):
    seat = f.MembershipFactory(body=ulasim, person=ayse)
    with pytest.raises(ValidationError):
        end_membership(actor=derya, membership=seat, reason="", at=timezone.now())
    end_membership(actor=derya, membership=seat, reason="Üç toplantıdır katılmadı.", at=timezone.now())
    entry = Entry.objects.get()
    assert (entry.kind, entry.facts) == ("councils.member_removed", {"body": ulasim.name})
    assert Departure.objects.get().reason == "Üç toplantıdır katılmadı."
    end_membership(actor=derya, membership=seat, reason="Üç toplantıdır katılmadı.", at=timezone.now())
    assert (Departure.objects.count(), Entry.objects.count()) == (1, 1)


def test_who_may_end_a_membership(request, ayse, derya, ulasim, kadin, nermin):
    seat = f.MembershipFactory(body=ulasim, person=ayse)
    leading = Membership.objects.get(body=ulasim, person=derya)
    in_assembly = f.MembershipFactory(body=kadin)
    refused = [
        (ayse, seat, "not_facilitator"),
        (nermin, seat, "not_facilitator"),
        (request.getfixturevalue("hakan"), seat, "not_facilitator"),
        (derya, leading, "own_seat"),
        (nermin, in_assembly, "not_a_group"),
    ]
    for actor, membership, code in refused:
        with pytest.raises(Refused) as caught:
            end_membership(actor=actor, membership=membership, reason="Bir gerekçe yazdım.", at=timezone.now())
        assert caught.value.code == code
    second = f.MembershipFactory(body=ulasim, role=Role.FACILITATOR)
    with pytest.raises(Refused) as caught:
        end_membership(actor=derya, membership=second, reason="Bir gerekçe yazdım.", at=timezone.now())
    assert caught.value.code == "leading_seat"
    assert not Entry.objects.exists()


# --- Races ----------------------------------------------------------------------------------------
def _at_once(*calls) -> list[object]:
    def run(call):
        try:
            return call()
        except Refused as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.mark.django_db(transaction=True)
def test_two_acceptances_at_once_are_one_membership(ayse, derya, ulasim):
    asked = ask_to_join(actor=ayse, body=ulasim, at=timezone.now())
    second = f.MembershipFactory(body=ulasim, role=Role.FACILITATOR).person
    calls = [lambda who=who: accept_join(actor=who, request=asked, at=timezone.now()) for who in (derya, second) * 4]
    seats = _at_once(*calls)
    assert len({seat.pk for seat in seats}) == 1
    assert Membership.objects.filter(person=ayse).count() == 1
    assert kinds().count("councils.member_added") == 1


@pytest.mark.django_db(transaction=True)
def test_a_seat_can_be_taken_while_somebody_leaves(derya, ulasim):
    leaving = f.MembershipFactory(body=ulasim).person
    newcomer = f.PersonFactory()

    def take_a_seat() -> Membership:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
        return f.MembershipFactory(body=ulasim, person=newcomer)

    # Accepting holds the group's topic and then adds a seat: waiting here would be a deadlock.
    with transaction.atomic():
        leave_group(actor=leaving, body=ulasim, at=timezone.now())
        assert _at_once(take_a_seat)[0].person == newcomer


@pytest.mark.django_db(transaction=True)
def test_an_acceptance_and_a_withdrawal_at_once_agree_on_one_answer(ayse, derya, ulasim):
    asked = ask_to_join(actor=ayse, body=ulasim, at=timezone.now())
    _at_once(
        lambda: accept_join(actor=derya, request=asked, at=timezone.now()),
        lambda: withdraw_join(actor=ayse, request=asked, at=timezone.now()),
    )
    asked.refresh_from_db()
    is_member = Membership.objects.filter(person=ayse).exists()
    assert is_member == (asked.state == JoinState.ACCEPTED)


@pytest.mark.django_db(transaction=True)
def test_a_request_clicked_twice_at_once_is_one_request(ayse, ulasim):
    rows = _at_once(*[lambda: ask_to_join(actor=ayse, body=ulasim, at=timezone.now())] * 6)
    assert len({row.pk for row in rows}) == 1
    assert kinds() == ["workinggroups.join_requested"]


@pytest.mark.django_db(transaction=True)
def test_two_leaders_who_leave_at_once_do_not_leave_the_group_without_one(derya, ulasim):
    second = f.MembershipFactory(body=ulasim, role=Role.FACILITATOR).person
    answers = _at_once(
        *[lambda who=who: leave_group(actor=who, body=ulasim, at=timezone.now()) for who in (derya, second)]
    )
    assert sorted(map(str, answers)) == ["None", "last_leader"]
    assert Membership.objects.on(timezone.localdate()).leading().filter(body=ulasim).count() == 1


def test_an_old_seat_gives_nothing_back(ayse, derya, ulasim):
    day = timezone.localdate()
    f.MembershipFactory(body=ulasim, person=ayse, starts_on=day - timedelta(400), ends_on=day - timedelta(30))
    asked = ask_to_join(actor=ayse, body=ulasim, at=timezone.now())
    seat = accept_join(actor=derya, request=asked, at=timezone.now())
    assert (seat.starts_on, Membership.objects.filter(person=ayse).count()) == (day, 2)
    assert ulasim.kind == BodyKind.WORKING_GROUP
