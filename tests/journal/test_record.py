"""The journal: gap-free sequences in the order of commits, nothing ever changed, nothing lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone, translation

from journal import actions, kinds, subscriptions
from journal.models import Entry, Topic, Undelivered
from journal.reading import lines
from tests import factories as f

NOW = timezone.now()


def record(proposal, topic="proposal:1", kind="proposals.submitted", **kwargs):
    with transaction.atomic():
        return actions.record(kind, actor=proposal.author, subject=proposal, topic=topic, at=NOW, **kwargs)


@pytest.fixture
def heard(monkeypatch):
    """What a subscriber is told; the site's own are left out."""
    told = []
    monkeypatch.setattr(subscriptions, "_handlers", [told.extend])
    return told


@pytest.mark.django_db(transaction=True)
def test_entries_of_a_topic_are_numbered_without_gap_and_topics_do_not_disturb_each_other(heard):
    proposal = f.ProposalFactory()
    entries = [record(proposal, topic=topic) for topic in ("a:1", "b:1", "a:1", "a:1")]
    assert [(entry.topic, entry.sequence) for entry in entries] == [("a:1", 1), ("b:1", 1), ("a:1", 2), ("a:1", 3)]
    assert heard == entries


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_was_never_told_and_leaves_no_gap(heard):
    proposal = f.ProposalFactory()
    with transaction.atomic():
        actions.record("proposals.submitted", actor=None, subject=proposal, topic="a:1", at=NOW)
        transaction.set_rollback(True)
    assert (record(proposal, topic="a:1").sequence, len(heard)) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_recording_belongs_into_a_transaction():
    proposal = f.ProposalFactory()
    with pytest.raises(RuntimeError):
        actions.record("proposals.submitted", actor=None, subject=proposal, topic="a:1", at=NOW)


@pytest.mark.django_db(transaction=True)
def test_fifty_writers_at_once_get_fifty_successive_places(heard):
    proposal = f.ProposalFactory()

    def write(_):
        try:
            record(proposal, topic="a:1")
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(write, range(50)))
    assert list(Entry.objects.order_by("sequence").values_list("sequence", flat=True)) == list(range(1, 51))
    assert Topic.objects.get(name="a:1").sequence == 50


@pytest.mark.django_db
def test_the_database_refuses_to_change_or_delete_an_entry():
    entry = record(f.ProposalFactory())
    for act in (
        lambda: Entry.objects.filter(pk=entry.pk).update(kind="other"),
        lambda: Entry.objects.filter(pk=entry.pk).update(sequence=F("sequence") + 1),
        entry.delete,
        lambda: Entry.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
    assert Entry.objects.get().kind == "proposals.submitted"


@pytest.mark.django_db
def test_one_place_in_a_topic_holds_one_entry():
    entry = record(f.ProposalFactory())
    entry.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        entry.save(force_insert=True)


@pytest.mark.django_db(transaction=True)
def test_what_a_crash_left_behind_is_delivered_by_the_sweep_once(monkeypatch, heard):
    monkeypatch.setattr(actions, "deliver", lambda entries: True)  # the process dies between commit and delivery
    entry = record(f.ProposalFactory())
    monkeypatch.undo()
    told = []
    monkeypatch.setattr(subscriptions, "_handlers", [told.extend])
    assert actions.sweep() == 0  # its writer may still be about to deliver it
    Undelivered.objects.update(since=timezone.now() - timedelta(seconds=30))
    assert [actions.sweep(), actions.sweep()] == [1, 0]
    assert (told, Undelivered.objects.count()) == ([entry], 0)


@pytest.mark.django_db(transaction=True)
def test_a_failing_subscriber_keeps_nobody_from_writing_and_is_told_again(monkeypatch):
    calls = []

    def failing(entries):
        calls.append(len(entries))
        if len(calls) == 1:
            raise ConnectionError("away")

    monkeypatch.setattr(subscriptions, "_handlers", [failing])
    record(f.ProposalFactory())
    assert Undelivered.objects.get().attempts == 1
    Undelivered.objects.update(since=timezone.now() - timedelta(seconds=30))
    actions.sweep()
    assert (calls, Undelivered.objects.count()) == ([1, 1], 0)


@pytest.mark.django_db(transaction=True)
def test_an_entry_nobody_can_take_keeps_no_other_waiting(monkeypatch):
    proposal = f.ProposalFactory()
    monkeypatch.setattr(actions, "deliver", lambda entries: True)
    poison, good = record(proposal, topic="a:1"), record(proposal, topic="a:1")
    monkeypatch.undo()
    told = []

    def breaks_the_transaction(entries):
        if poison in entries:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")
        told.extend(entries)

    monkeypatch.setattr(subscriptions, "_handlers", [breaks_the_transaction])
    Undelivered.objects.update(since=timezone.now() - timedelta(seconds=30))
    assert (actions.sweep(), told) == (1, [good])
    assert [(row.entry_id, row.attempts) for row in Undelivered.objects.all()] == [(poison.pk, 1)]


def test_every_kind_has_a_sentence_in_both_languages():
    for kind in kinds.known():
        for language in ("tr", "en"):
            with translation.override(language):
                assert kinds.sentence(kind, {}) != kind


def test_a_sentence_survives_a_missing_fact_and_an_unknown_kind():
    assert kinds.sentence("ballots.declared", {"yes": 3}).count("…") == 2
    assert kinds.sentence("long.gone", {}) == "long.gone"


@pytest.mark.django_db
def test_lines_name_people_with_one_question_for_all_of_them():
    proposal = f.ProposalFactory()
    entries = [record(proposal, facts={"title": "Park"}) for _ in range(5)]
    asked = []

    def names(ids):
        asked.append(ids)
        return dict.fromkeys(ids, "Ayşe")

    found = lines(entries, people=names, organisations=lambda ids: {})
    assert [line.sentence for line in found] == ["Ayşe öneriyi sundu: Park"] * 5
    assert asked == [{proposal.author_id}]
