"""Notices and their mails by a program: one's own, with a token that may."""

from __future__ import annotations

import pytest
from django.utils import timezone

from journal.actions import deliver
from journal.models import Entry
from notifications.actions import tell_steps
from notifications.models import Notice
from proposals.actions.moving import find_admissible
from tests import factories as f
from tests.api.conftest import refusal, wrong_fields
from tests.factories import token

pytestmark = pytest.mark.django_db


@pytest.fixture
def notice(kocaeli, ayse, hakan) -> Notice:
    proposal = f.ProposalFactory(council=kocaeli, author=ayse)
    find_admissible(actor=hakan, proposal=proposal, at=timezone.now())
    deliver(list(Entry.objects.all()))
    tell_steps()
    return Notice.objects.get()


def test_ones_notices_and_nobody_elses(call, ayse, mehmet, notice):
    (found,) = call(ayse).get("me/notices/").json()["results"]
    assert (found["id"], found["kind"], found["role"], found["is_read"]) == (
        notice.pk,
        "proposals.found_admissible",
        "author",
        False,
    )
    assert found["sentence"].startswith("Öneri uygun bulundu")
    assert call(mehmet).get("me/notices/").json()["results"] == []
    assert refusal(call(mehmet).put(f"me/notices/{notice.pk}/read/")) == (404, "not_found")
    assert call(mehmet).post("me/notices/", {"until": notice.pk}).json() == {"read": 0}
    assert Notice.objects.get().read_at is None


def test_reading_one_and_all(call, ayse, notice):
    assert call(ayse).put(f"me/notices/{notice.pk}/read/").json()["is_read"] is True
    Notice.objects.update(read_at=None)
    assert call(ayse).post("me/notices/", {"until": notice.pk}).json() == {"read": 1}
    assert wrong_fields(call(ayse).post("me/notices/", {"until": 0})) == {"until"}


def test_when_mails_come(call, ayse):
    before = {"author": "now", "amender": "now", "supporter": "daily", "commenter": "daily", "follower": "daily"}
    before |= {"applicant": "now", "joined": "now", "desk": "now"}
    assert call(ayse).get("me/mail-choices/").json() == before
    assert call(ayse).patch("me/mail-choices/", {"supporter": "never"}).json() == before | {"supporter": "never"}
    assert wrong_fields(call(ayse).patch("me/mail-choices/", {"author": "hourly"})) == {"author"}
    assert wrong_fields(call(ayse).patch("me/mail-choices/", {"person": 1})) == {"person"}


def test_a_token_that_reads_me_reads_and_does_not_write(call, ayse, notice):
    reads = call(token=token(ayse, "me:read"))
    assert reads.get("me/notices/").status_code == 200
    assert refusal(reads.post("me/notices/", {"until": notice.pk})) == (403, "insufficient_scope")
    assert refusal(call(token=token(ayse, "proposals:write")).get("me/notices/")) == (403, "insufficient_scope")
    assert call(token=token(ayse, "me:write")).post("me/notices/", {"until": notice.pk}).status_code == 200
