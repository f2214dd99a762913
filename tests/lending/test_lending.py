"""Equipment is lent: never more than there is on any day, in what state it went and came, longer when granted, reminded of."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from councils.working_time import ISTANBUL
from lending import actions
from lending.availability import Taken, calendar, free_between, taken
from lending.models import Happening, Item, Loan, Piece, State
from people.verdicts import Refused
from tests import factories as f
from tests.proposals.test_races import at_once

NOW = datetime(2026, 10, 5, 9, 0, tzinfo=ISTANBUL)
TODAY = date(2026, 10, 5)


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


@pytest.fixture
def item(kocaeli, selin):
    return f.lent_item_of(kocaeli, selin, stock=5, picture=None, at=NOW)


def lent(item, selin, quantity, first, last, **options):
    options.setdefault("named", "Kent Korosu")
    return f.loan_of(item, selin, quantity=quantity, starts_on=day(first), days=last - first + 1, at=NOW, **options)


@pytest.mark.parametrize(
    ("loans", "first", "last", "free"),
    [
        ([], 0, 3, 5),
        ([(0, 2, 2), (3, 4, 3)], 0, 4, 2),  # one after the other, never both
        ([(0, 3, 2), (3, 4, 3)], 0, 4, 0),  # both on day 3
        ([(5, 6, 5)], 0, 4, 5),
        ([(0, None, 4)], 30, 31, 1),  # late: nobody knows until when
        ([(0, 9, 9)], 0, 0, 0),
    ],
)
def test_free_is_what_is_free_on_every_day(loans, first, last, free):
    kept = [Taken(day(start), None if end is None else day(end), pieces) for start, end, pieces in loans]
    assert free_between(5, kept, day(first), day(last)) == free
    days = calendar(5, kept, day(first), last - first + 1)
    assert min(each for _, each in days) == free


def test_what_is_late_is_not_free():
    assert taken(day(-5), day(-1), 2, is_out=True, today=TODAY).ends is None
    assert taken(day(-5), day(-1), 2, is_out=False, today=TODAY).ends == day(-1)


def test_no_more_are_promised_for_a_day_than_there_are(item, selin):
    lent(item, selin, 3, 0, 2)
    lent(item, selin, 5, 3, 4)
    with pytest.raises(ValidationError) as error:
        lent(item, selin, 3, 2, 2)
    assert error.value.message_dict == {"quantity": ["Bu günlerde boş olan: 2 adet."]}
    lent(item, selin, 2, 2, 2)
    with pytest.raises(ValidationError) as error:
        actions.change_item(
            actor=selin, item=item, said=actions.Described(item.name), stock=4, reason="Biri kırıldı", at=NOW
        )
    assert set(error.value.message_dict) == {"stock"}
    for wrong in (
        lambda: Item.objects.update(stock=4),
        lambda: Loan.objects.filter(quantity=2).update(starts_on=day(1), ends_on=day(3)),
    ):
        with pytest.raises(IntegrityError, match="more pieces of item"), transaction.atomic():
            wrong()
    assert list(Item.objects.values_list("stock", flat=True)) == [5]


def test_two_officers_never_lend_the_last_pieces_twice_even_without_asking_first(transactional_db):
    """Through the action, and by rows written at once without it: the database itself counts."""
    council, officer = f.CouncilFactory(code="KOC"), f.PersonFactory()
    f.OfficerFactory(council=council, person=officer)
    item = f.lent_item_of(council, officer, stock=5, picture=None, at=NOW)
    assert at_once([attempt(lambda n=n: lent(item, officer, 2, n, 3)) for n in range(3)]).count("refused") == 1
    Loan.objects.update(state=State.CANCELLED, ended_at=NOW)

    def written(n):
        Loan.objects.create(
            council=council, item=item, named="Koro", quantity=2, starts_on=day(n), ends_on=day(4), reserved_by=officer,
            reserved_at=NOW,
        )  # fmt: skip

    assert at_once([attempt(lambda n=n: written(n)) for n in range(4)]).count("refused") == 2
    assert Loan.objects.filter(state=State.RESERVED).count() == 2


def attempt(call):
    def tried():
        try:
            return call()
        except (ValidationError, IntegrityError):
            return "refused"

    return tried


def test_it_goes_and_comes_back_in_parts_and_what_is_broken_leaves_the_stock(item, selin, korfez, elif_):
    loan = lent(item, selin, 4, 0, 2, organisation=korfez, named="")
    with pytest.raises(Refused):
        actions.hand_out(actor=elif_, loan=loan, condition="good", at=NOW)
    actions.hand_out(actor=selin, loan=loan, condition="good", text="Örtüleriyle", at=NOW)
    loan = actions.take_back(actor=selin, loan=loan, quantity=3, condition="good", at=NOW + timedelta(days=1))
    assert (loan.state, loan.outstanding) == (State.OUT, 1)
    with pytest.raises(ValidationError) as error:
        actions.take_back(actor=selin, loan=loan, quantity=2, lost=3, condition="damaged", at=NOW)
    assert set(error.value.message_dict) == {"quantity", "lost", "text"}
    loan = actions.take_back(
        actor=selin, loan=loan, quantity=1, lost=1, condition="damaged", text="Ayağı kırık", at=NOW
    )
    item.refresh_from_db()
    assert (loan.state, item.stock, loan.lost) == (State.RETURNED, 4, 1)
    assert loan.history.filter(deed="lost", quantity=1, note="Ayağı kırık").exists()
    for deed in (lambda: Happening.objects.update(note="Başka"), Happening.objects.all().delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            deed()


def test_a_numbered_piece_is_with_one_borrower(kocaeli, selin):
    item = f.lent_item_of(kocaeli, selin, name="Projektör", is_by_piece=True, picture=None, at=NOW)
    first, second = (
        actions.add_piece(actor=selin, item=item, inventory_number=number, condition="good", at=NOW)
        for number in ("DMB-1", "DMB-2")
    )
    one, other = lent(item, selin, 1, 0, 2), lent(item, selin, 1, 0, 2)
    actions.hand_out(actor=selin, loan=one, condition="good", pieces=[first], at=NOW)
    for pieces in ([first], [], [first, second]):
        with pytest.raises(ValidationError):
            actions.hand_out(actor=selin, loan=other, condition="good", pieces=pieces, at=NOW)
    actions.hand_out(actor=selin, loan=other, condition="good", pieces=[second], at=NOW)
    with pytest.raises(ValidationError, match="ödünçte"):
        actions.retire_piece(actor=selin, piece=first, reason="Bozuldu", at=NOW)
    actions.take_back(actor=selin, loan=one, quantity=0, condition="worn", pieces=[first], at=NOW)
    actions.retire_piece(actor=selin, piece=first, reason="Bozuldu", at=NOW)
    item.refresh_from_db()
    assert (item.stock, Piece.objects.get(pk=first.pk).condition) == (1, "worn")


def test_longer_is_asked_by_the_borrower_and_granted_where_it_is_free(item, selin, korfez, elif_, mehmet):
    loan = lent(item, selin, 4, 0, 2, organisation=korfez, named="")
    with pytest.raises(Refused):
        actions.ask_longer(actor=mehmet, loan=loan, until=day(4), reason="Uzadı", at=NOW)
    actions.ask_longer(actor=elif_, loan=loan, until=day(4), reason="Uzadı", at=NOW)
    with pytest.raises(Refused) as refused:
        actions.ask_longer(actor=elif_, loan=loan, until=day(5), reason="Uzadı", at=NOW)
    assert refused.value.code == "asked_already"
    blocking = lent(item, selin, 2, 4, 5)
    with pytest.raises(ValidationError):
        actions.decide_longer(actor=selin, loan=loan, is_granted=True, at=NOW)
    actions.cancel_loan(actor=selin, loan=blocking, text="Vazgeçtiler", at=NOW)
    with pytest.raises(Refused):
        actions.decide_longer(actor=elif_, loan=loan, is_granted=True, at=NOW)
    actions.decide_longer(actor=selin, loan=loan, is_granted=True, at=NOW)
    loan.refresh_from_db()
    assert loan.ends_on == day(4)


def test_both_sides_are_reminded_once_before_and_weekly_after(item, selin, korfez, elif_):
    elif_.language = "en"
    elif_.save()
    loan = lent(item, selin, 1, 0, 2, organisation=korfez, named="")
    actions.hand_out(actor=selin, loan=loan, condition="good", at=NOW)
    told = []
    for number in range(12):
        for _again in range(2):
            told += [number] * actions.remind(at=NOW + timedelta(days=number))
    assert told == [1, 3, 10]
    assert [message.to for message in mail.outbox] == [["elif@ornek.invalid"]] * 3
    assert loan.get_absolute_url() in mail.outbox[0].body
    actions.take_back(actor=selin, loan=loan, quantity=1, condition="good", at=NOW)
    assert actions.remind(at=NOW + timedelta(days=17)) == 0


def test_from_the_list_to_the_request_to_the_loan(client, kocaeli, selin, elif_, korfez, django_assert_max_num_queries):
    today = timezone.localdate()
    item = f.lent_item_of(kocaeli, selin, about="On kişilik")
    for n in range(12):
        f.lent_item_of(kocaeli, selin, name=f"Malzeme {n}", picture=None)
    answers = {"ne": ["masa"], "gun": str(today), "donus": str(today + timedelta(days=1))}
    asked = f.request_of(elif_, kocaeli, kind="malzeme", on_behalf_of=korfez, answers=answers)
    address = reverse("lending_items", args=["kocaeli"])
    with django_assert_max_num_queries(5):
        text = client.get(address).content.decode()
    assert reverse("request_new", args=["kocaeli", "malzeme"]) in text
    with django_assert_max_num_queries(5):
        assert "Bu malzeme için başvur" in client.get(item.get_absolute_url()).content.decode()
    assert client.get(reverse("lending_picture", args=["kocaeli", item.slug]))["Content-Type"] == "image/webp"

    client.force_login(selin)
    new = reverse("lending_loan_new", args=["kocaeli"]) + f"?basvuru={asked.number}"
    assert new in client.get(asked.get_absolute_url()).content.decode()
    form = client.get(new).context["form"]
    assert form.initial["starts_on"] == today
    sent = {"item": item.pk, "quantity": 4, "starts_on": today, "ends_on": today, "key": form.initial["key"]}
    answer = client.post(new, sent)
    loan = Loan.objects.get()
    assert (answer["Location"], loan.organisation, loan.request) == (loan.get_absolute_url(), korfez, asked)
    assert client.post(new, sent)["Location"] == answer["Location"]
    assert Loan.objects.count() == 1
    assert client.post(new, sent | {"quantity": 7, "key": "11111111-1111-4111-8111-111111111111"}).status_code == 422

    act = reverse("lending_loan_act", args=["kocaeli", loan.pk])
    assert client.post(act, {"deed": "hand_out", "condition": "good"}).status_code == 302
    assert "Körfez Bisikletliler" in client.get(reverse("lending_slip", args=["kocaeli", loan.pk])).content.decode()
    assert client.post(act, {"deed": "take_back", "quantity": 9, "condition": "good"}).status_code == 422
    client.force_login(elif_)
    assert loan.get_absolute_url() in client.get(asked.get_absolute_url()).content.decode()
    assert (
        client.post(act, {"deed": "longer", "until": today + timedelta(days=2), "reason": "Uzadı"}).status_code == 302
    )
    assert loan.get_absolute_url() in client.get(reverse("lending_loans", args=["kocaeli"])).content.decode()
    client.force_login(selin)
    desk = client.get(reverse("desk", args=["kocaeli"])).content.decode()
    assert "Süre uzatma isteğini yanıtlayın" in desk
