"""Access tokens: made once, shown once, kept as a hash, and dead when anything about the account says so."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from journal.models import Audience, Entry
from people import tokens
from people.actions import close_account, make_token, revoke_token, use_token
from people.models import AccessToken
from people.tokens import Area, Scope, suffices
from people.verdicts import Refused
from tests import factories as f

YEAR = timedelta(days=366)


# --- The text ---------------------------------------------------------------------------------------------------------
def test_a_token_names_its_row_and_only_its_hash_matches():
    prefix, whole = tokens.new_token()
    assert tokens.prefix_of(whole) == prefix
    assert tokens.is_token(whole, tokens.hash_of(whole))
    assert not tokens.is_token(whole[:-1] + "!", tokens.hash_of(whole))
    assert len({tokens.new_token()[1] for _ in range(50)}) == 50


@pytest.mark.parametrize(
    "text", ["", "mey_", "mey_abc", "x" * 60, "mey_aaaaaaaaaa_" + "ş" * 43, "mey_aaaaaaaaaa_" + "b" * 44]
)
def test_what_cannot_be_a_token_is_none(text):
    assert tokens.prefix_of(text) is None


def test_writing_includes_reading_in_its_area_and_nothing_elsewhere():
    assert suffices(["proposals:write"], "proposals:read")
    assert not suffices(["proposals:read"], "proposals:write")
    assert not suffices([scope for scope in Scope.values if not scope.startswith("desk")], "desk:read")
    assert {scope.partition(":")[0] for scope in Scope.values} == set(Area)


# --- Making and taking back -------------------------------------------------------------------------------------------
pytestmark = pytest.mark.django_db


def made(person, *scopes, **changes):
    fields = {"name": "Rapor", "scopes": scopes or ("councils:read",), "lifetime": timedelta(days=7)} | changes
    return make_token(actor=person, is_stepped_up=True, at=timezone.now(), **fields)


def test_only_the_hash_is_kept_and_the_record_holds_no_secret(ayse):
    token, whole = made(ayse, "me:read")
    row = str(AccessToken.objects.filter(pk=token.pk).values().get())
    assert whole not in row
    assert whole.rpartition("_")[2] not in row
    entry = Entry.objects.get(kind="people.token_made")
    assert entry.audience == Audience.STAFF
    assert whole[15:] not in str(entry.facts)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "a" * 61}, "name"),
        ({"scopes": ()}, "scopes"),
        ({"scopes": ("everything",)}, "scopes"),
        ({"lifetime": YEAR + timedelta(seconds=1)}, "lifetime"),
        ({"lifetime": timedelta(0)}, "lifetime"),
    ],
)
def test_a_token_has_a_name_known_scopes_and_an_end(ayse, changes, field):
    with pytest.raises(ValidationError) as error:
        make_token(
            actor=ayse,
            is_stepped_up=True,
            at=timezone.now(),
            **({"name": "Rapor", "scopes": ("me:read",), "lifetime": timedelta(days=1)} | changes),
        )
    assert set(error.value.message_dict) == {field}
    assert AccessToken.objects.count() == 0


def test_the_database_keeps_a_token_within_a_year_and_known_scopes(ayse):
    token, _whole = made(ayse)
    for change in ({"expires_at": token.created_at + YEAR * 2}, {"scopes": ["root"]}, {"scopes": []}):
        with pytest.raises(IntegrityError), transaction.atomic():
            AccessToken.objects.filter(pk=token.pk).update(**change)


def test_nobody_has_more_than_some_tokens(ayse):
    tokens_made = [made(ayse)[0] for _ in range(tokens.MAX_TOKENS)]
    with pytest.raises(Refused, match="En çok 20"):
        made(ayse)
    revoke_token(actor=ayse, token=tokens_made[0], at=timezone.now())
    made(ayse)


def test_a_token_is_taken_back_once_and_by_its_owner(ayse, mehmet):
    token, whole = made(ayse)
    with pytest.raises(Refused):
        revoke_token(actor=mehmet, token=token, at=timezone.now())
    assert use_token(whole, at=timezone.now()) == token
    first = revoke_token(actor=ayse, token=token, at=timezone.now()).revoked_at
    assert revoke_token(actor=ayse, token=token, at=timezone.now()).revoked_at == first
    assert use_token(whole, at=timezone.now()) is None
    assert Entry.objects.filter(kind="people.token_revoked").count() == 1


def test_use_is_noted_now_and_then(ayse, django_assert_num_queries):
    _token, whole = made(ayse)
    at = timezone.now()
    with django_assert_num_queries(2):
        use_token(whole, at=at)
    with django_assert_num_queries(1):
        use_token(whole, at=at + timedelta(minutes=4))
    assert AccessToken.objects.get().last_used_at == at


def test_closing_an_account_deletes_its_tokens(ayse):
    made(ayse)
    close_account(person=ayse, at=timezone.now())
    assert AccessToken.objects.count() == 0


# --- Pages ------------------------------------------------------------------------------------------------------------
@pytest.fixture
def signed_in(client, ayse):
    """Somebody who has just given their password."""
    client.force_login(ayse)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session.save()
    return client


FORM = {"name": "Rapor", "scopes": ["proposals:read", "me:read"], "days": "30"}


def test_the_token_is_shown_once_by_the_answer_to_the_form(signed_in, ayse):
    answer = signed_in.post(reverse("token_new"), FORM)
    token = AccessToken.objects.get()
    whole = answer.context["whole"]
    assert (answer.status_code, whole in answer.text, "no-store" in answer["Cache-Control"]) == (200, True, True)
    assert (token.scopes, (token.expires_at - token.created_at).days) == (["me:read", "proposals:read"], 30)
    for page in (reverse("tokens"), reverse("settings"), reverse("my_data_file")):
        text = signed_in.get(page).content.decode()
        assert whole not in text
        assert whole.rpartition("_")[2] not in text
    assert token.prefix in signed_in.get(reverse("tokens")).text
    assert reverse("tokens") in signed_in.get(reverse("settings")).text


@pytest.mark.parametrize(
    "change", [{"name": ""}, {"scopes": []}, {"scopes": ["root"]}, {"days": "5000"}, {"days": "x"}]
)
def test_a_wrong_form_makes_no_token(signed_in, change):
    answer = signed_in.post(reverse("token_new"), FORM | change)
    assert (answer.status_code, AccessToken.objects.count()) == (422, 0)


def test_a_session_that_is_old_gives_its_password_first(client, ayse):
    ayse.set_password("cok-uzun-bir-parola")
    ayse.save()
    client.force_login(ayse)
    answer = client.post(reverse("token_new"), FORM)
    assert (answer.status_code, answer.url.startswith(reverse("account_reauthenticate"))) == (302, True)
    assert AccessToken.objects.count() == 0


def test_a_token_is_taken_back_on_the_page_and_only_one_s_own(client, ayse, mehmet):
    mine, theirs = made(ayse)[0], made(mehmet)[0]
    client.force_login(ayse)
    assert client.post(reverse("token_revoke", args=[theirs.pk])).status_code == 404
    assert client.post(reverse("token_revoke", args=[mine.pk])).url == reverse("tokens")
    assert client.get(reverse("token_revoke", args=[mine.pk])).status_code == 405
    assert AccessToken.objects.get(pk=theirs.pk).revoked_at is None
    assert "İptal edildi" in client.get(reverse("tokens")).text


def test_the_page_of_tokens_asks_as_much_for_many_as_for_one(client, ayse, django_assert_max_num_queries):
    for _ in range(9):
        f.token(ayse, "me:read")
    client.force_login(ayse)
    with django_assert_max_num_queries(8):
        assert client.get(reverse("tokens")).status_code == 200
