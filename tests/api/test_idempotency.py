"""A write that is sent twice has one effect and one answer."""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from discussions.models import Comment
from people.models import KeptAnswer
from people.tasks import forget_kept_answers
from proposals.models import Proposal
from proposals.stages import Stage
from tests import factories as f
from tests.api.conftest import refusal

DRAFTS = "councils/kocaeli/drafts/"


def keyed(key=None):
    return {"headers": {"Idempotency-Key": str(key or uuid.uuid4())}}


@pytest.mark.django_db
def test_the_same_key_again_answers_the_same_and_does_nothing(call, kocaeli, ayse):
    me, key = call(ayse), uuid.uuid4()
    first = me.post(DRAFTS, {"title": "Bir"}, **keyed(key))
    again = me.post(DRAFTS, {"title": "Bir"}, **keyed(f'"{key}"'))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert (first.has_header("Idempotent-Replayed"), again["Idempotent-Replayed"]) == (False, "true")
    assert Proposal.objects.count() == 1
    assert me.post(DRAFTS, {"title": "İki"}, **keyed()).json()["key"] != first.json()["key"]


@pytest.mark.django_db
def test_an_answer_without_a_body_is_kept_too(call, kocaeli, ayse):
    me, key = call(ayse), uuid.uuid4()
    path = f"{DRAFTS}{f.ProposalFactory(council=kocaeli, author=ayse, stage=Stage.DRAFT).key}/"
    assert [me("delete", path, **keyed(key)).status_code for _ in range(2)] == [204, 204]
    assert refusal(me("delete", path)) == (404, "not_found")


@pytest.mark.django_db
def test_a_key_belongs_to_one_request_and_one_person(call, kocaeli, ayse, mehmet):
    key = uuid.uuid4()
    thread = f.ProposalFactory(council=kocaeli, stage=Stage.GATHERING).thread
    assert call(ayse).post(DRAFTS, {"title": "Bir"}, **keyed(key)).status_code == 201
    assert refusal(call(ayse).post(DRAFTS, {"title": "İki"}, **keyed(key))) == (409, "key_reused")
    said = {"text": "Bir sözüm var.", "key": str(uuid.uuid4())}
    assert refusal(call(ayse).post(f"threads/{thread.pk}/comments/", said, **keyed(key))) == (409, "key_reused")
    assert call(mehmet).post(DRAFTS, {"title": "Üç"}, **keyed(key)).status_code == 201
    assert (Proposal.objects.filter(stage=Stage.DRAFT).count(), Comment.objects.count()) == (2, 0)


@pytest.mark.django_db
def test_what_was_refused_leaves_its_key_free(call, kocaeli, ayse):
    me, key = call(ayse), uuid.uuid4()
    assert me.post(DRAFTS, {"title": "a" * 200}, **keyed(key)).status_code == 400
    assert KeptAnswer.objects.count() == 0
    assert me.post(DRAFTS, {"title": "Bir"}, **keyed(key)).status_code == 201


@pytest.mark.django_db
@pytest.mark.parametrize(
    "key", ["", "1", "a" * 36, "a" * 5000, "ş", "5f0c1a52-90f1-4c57-a7f4-0d46a1fbd0aax", '"' + "0" * 36]
)
def test_a_key_that_is_none_is_told(call, kocaeli, ayse, key):
    answer = call(ayse).post(DRAFTS, {}, headers={"Idempotency-Key": key})
    assert (*refusal(answer), answer.json()["errors"][0]["code"]) == (400, "invalid", "invalid_key")
    assert Proposal.objects.count() == 0


@pytest.mark.django_db
def test_reading_takes_no_notice_of_a_key_and_a_visitor_has_none(call, kocaeli, ayse):
    assert call(ayse).get(DRAFTS, **keyed()).status_code == 200
    assert refusal(call().post(DRAFTS, {}, **keyed())) == (401, "not_authenticated")
    assert KeptAnswer.objects.count() == 0


@pytest.mark.django_db
def test_a_key_is_forgotten_after_a_day(call, kocaeli, ayse):
    me, key = call(ayse), uuid.uuid4()
    me.post(DRAFTS, {"title": "Bir"}, **keyed(key))
    KeptAnswer.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert me.post(DRAFTS, {"title": "İki"}, **keyed(key)).json()["title"] == "İki"
    assert Proposal.objects.count() == 2
    KeptAnswer.objects.update(created_at=timezone.now() - timedelta(hours=25))
    forget_kept_answers()
    assert KeptAnswer.objects.count() == 0


@pytest.mark.django_db
def test_what_was_sent_cannot_be_tried_out_from_what_is_kept(call, kocaeli, ayse):
    call(ayse).post(DRAFTS, {"title": "Gizli başlık"}, **keyed())
    kept = KeptAnswer.objects.get()
    assert len(kept.request_hash) == 64
    assert "Gizli" not in kept.request_hash


@pytest.mark.django_db(transaction=True)
def test_the_same_key_at_the_same_time_has_one_effect(call, kocaeli, ayse):
    key, answers = uuid.uuid4(), []
    clients = [call(ayse) for _ in range(4)]
    start = threading.Barrier(len(clients))

    def send(me):
        try:
            start.wait(timeout=60)
            answers.append(me.post(DRAFTS, {"title": "Bir"}, **keyed(key)))
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=[me]) for me in clients]
    for each in threads:
        each.start()
    for each in threads:
        each.join(timeout=60)
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.json()["key"] for answer in answers}) == 1
    assert sum(answer.has_header("Idempotent-Replayed") for answer in answers) == 3
    assert Proposal.objects.count() == 1
