"""Who is told of a step: everybody concerned, once, in the nearest role; nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from journal.actions import deliver
from journal.models import Entry
from notifications import actions
from notifications.actions import forget_old, tell_steps, telling
from notifications.changed import changed_by, changes
from notifications.models import Mail, MailChoice, Notice, Step
from people.actions import close_account
from people.models import Person
from proposals.actions.amending import accept_amendment, decline_amendment, propose_amendment
from proposals.actions.merging import merge_proposals
from proposals.actions.moving import find_admissible, withdraw_proposal
from proposals.journal_kinds import ProposalKind
from proposals.models import Amendment, Proposal, Support
from proposals.stages import Stage
from tests import factories as f

pytestmark = pytest.mark.django_db
AUTHOR, AMENDER, SUPPORTER, COMMENTER, FOLLOWER = "author", "amender", "supporter", "commenter", "follower"


def person(name: str) -> Person:
    return f.PersonFactory(display_name=name)


def test_everybody_concerned_is_told_once_in_the_nearest_role(proposal, ayse, hakan, told):
    zehra, can, ece = person("Zehra"), person("Can"), person("Ece")
    for each in (zehra, ayse):
        f.SupportFactory(proposal=proposal, person=each)
    for each in (zehra, can, ayse):
        f.CommentFactory(thread=proposal.thread, author=each)
    for each in (zehra, can, ece, ayse):
        f.FollowFactory(proposal=proposal, person=each)
    person("Kimse")
    find_admissible(actor=hakan, proposal=proposal, at=timezone.now())
    assert told() == {"Ayşe Demir": AUTHOR, "Zehra": SUPPORTER, "Can": COMMENTER, "Ece": FOLLOWER}


def test_whoever_did_it_is_not_told(proposal, ayse, told):
    f.FollowFactory(proposal=proposal, person=person("Ece"))
    withdraw_proposal(
        actor=ayse, proposal=proposal, reason="Başka bir öneriyle çözüldü.", reason_code="other", at=timezone.now()
    )
    assert told() == {"Ece": FOLLOWER}


def test_representatives_with_a_running_mandate_are_told_as_its_authors(kocaeli, elif_, korfez, hakan, told):
    at = timezone.now()
    today = timezone.localtime(at).date()
    for name, ends_on in (("Süren", today), ("Biten", today - timedelta(days=1))):
        f.RepresentativeFactory(organisation=korfez, person=person(name), ends_on=ends_on)
    f.RepresentativeFactory(organisation=korfez, person=person("Başlayan"), starts_on=today + timedelta(days=1))
    mine = f.ProposalFactory(council=kocaeli, author=elif_, on_behalf_of=korfez)
    find_admissible(actor=hakan, proposal=mine, at=at)
    assert told() == {"Elif Kaya": AUTHOR, "Süren": AUTHOR}


def test_who_came_after_the_step_and_whose_comment_is_gone_are_not_told(proposal, hakan, told):
    now = timezone.now()
    f.CommentFactory(thread=proposal.thread, author=person("Silen"), deleted_at=now)
    f.CommentFactory(
        thread=proposal.thread, author=person("Gizlenen"), hidden_at=now, hidden_by=hakan, hidden_reason="Hakaret"
    )
    find_admissible(actor=hakan, proposal=proposal, at=now)
    f.SupportFactory(proposal=proposal, person=person("Sonra gelen"), created_at=now + timedelta(minutes=1))
    assert told() == {"Ayşe Demir": AUTHOR}


def test_a_closed_account_is_told_nothing_and_nothing_of_it_stays(proposal, ayse, hakan, told):
    find_admissible(actor=hakan, proposal=proposal, at=timezone.now())
    told()
    MailChoice.objects.create(person=ayse, role="author", frequency="weekly")
    close_account(person=ayse, at=timezone.now())
    deliver(list(Entry.objects.all()))
    assert [model.objects.filter(person=ayse).count() for model in (Notice, MailChoice, Mail)] == [0, 0, 0]
    withdraw = f.ProposalFactory(council=proposal.council, author=ayse)
    find_admissible(actor=hakan, proposal=withdraw, at=timezone.now())
    assert told(withdraw) == {}


@pytest.mark.parametrize("audience", ["involved", "staff"])
def test_what_is_not_public_is_told_to_nobody(proposal, record, told, audience):
    record(ProposalKind.DECLINED, proposal, audience=audience)
    assert (told(), Step.objects.count()) == ({}, 0)


def test_kinds_that_are_no_step_and_drafts_are_told_to_nobody(proposal, ayse, kocaeli, record, told):
    record(ProposalKind.ATTACHMENT_ADDED, proposal)
    record(ProposalKind.ADOPTED, f.ProposalFactory(council=kocaeli, author=ayse, stage=Stage.DRAFT))
    assert (told(), Step.objects.count()) == ({}, 0)


def test_delivered_twice_and_out_of_order_it_is_told_once(proposal, ayse, hakan, record):
    first = record(ProposalKind.FOUND_ADMISSIBLE, proposal, actor=hakan)
    second = record(ProposalKind.SUPPORT_REACHED, proposal)
    for entries in ([second], [first, second], [first], [second, first]):
        deliver(entries)
        tell_steps()
    Step.objects.update(told_at=None, told_until=0)  # the task ran, and its mark was lost
    tell_steps()
    assert list(Notice.objects.order_by("step").values_list("step", "person")) == [
        (first.pk, ayse.pk),
        (second.pk, ayse.pk),
    ]
    assert Mail.objects.count() == 2


def test_five_thousand_are_told_with_a_few_statements_and_a_crash_goes_on(proposal, record, monkeypatch):
    monkeypatch.setattr(telling, "BATCH", 1_000)
    many = Person.objects.bulk_create(
        [Person(email=f"cok{n}@ornek.invalid", display_name=f"Kişi {n}", password="!") for n in range(5_000)]
    )
    Support.objects.bulk_create([Support(proposal=proposal, person=each, created_at=timezone.now()) for each in many])
    record(ProposalKind.SUPPORT_REACHED, proposal)
    deliver(list(Entry.objects.all()))
    real, calls = telling._tell_batch, []

    def breaks_once(step):
        calls.append(step)
        if len(calls) == 3:
            raise RuntimeError("killed")
        return real(step)

    monkeypatch.setattr(telling, "_tell_batch", breaks_once)
    tell_steps()
    assert Notice.objects.count() == 2_000
    with CaptureQueriesContext(connection) as asked:
        tell_steps()
    assert len(asked) <= 1 + 4 * 6
    assert Notice.objects.count() == 5_001
    assert Notice.objects.filter(role="supporter").count() == 5_000
    assert Mail.objects.count() == 1  # its author's; the others have it in their digest
    assert tell_steps() == 0


def test_one_step_that_cannot_be_told_keeps_no_other_waiting(proposal, kocaeli, ayse, record, monkeypatch):
    bad = record(ProposalKind.ADOPTED, proposal)
    good = record(ProposalKind.ADOPTED, f.ProposalFactory(council=kocaeli, author=ayse))
    deliver(list(Entry.objects.all()))
    real = telling._tell_batch
    monkeypatch.setattr(telling, "_tell_batch", lambda step: 1 / 0 if step.pk == bad.pk else real(step))
    tell_steps()
    assert list(Notice.objects.values_list("step", flat=True)) == [good.pk]


@pytest.mark.django_db(transaction=True)
def test_told_by_two_at_once_it_is_told_once(proposal, record, side_by_side):
    f.SupportFactory(proposal=proposal, person=person("Zehra"))
    record(ProposalKind.SUPPORT_REACHED, proposal)
    deliver(list(Entry.objects.all()))
    assert not [found for found in side_by_side([tell_steps] * 4) if isinstance(found, Exception)]
    actions.tell_steps()  # whoever found the row locked left it to the other
    assert Notice.objects.count() == 2


def test_old_notices_are_let_go(proposal, ayse, mehmet, record):
    now = timezone.now()
    f.FollowFactory(proposal=proposal, person=mehmet)
    record(ProposalKind.SUPPORT_REACHED, proposal)
    deliver(list(Entry.objects.all()))
    tell_steps()
    Notice.objects.filter(person=ayse).update(read_at=now)
    Mail.objects.update(state="sent")
    forget_old(at=now + timedelta(days=300))
    assert (Notice.objects.count(), Mail.objects.count()) == (2, 0)
    forget_old(at=now + timedelta(days=366))
    assert [notice.person for notice in Notice.objects.all()] == [mehmet]
    forget_old(at=now + timedelta(days=731))
    assert not Notice.objects.exists()


def test_of_a_merger_each_side_is_told_once(kocaeli, ulasim, proposal, ayse, mehmet, hakan, derya, told):
    into = f.ProposalFactory(council=kocaeli, author=mehmet, addressed_to=ulasim)
    both, here = person("İkisi"), person("Buradaki")
    for each, where in ((both, proposal), (both, into), (here, into)):
        f.SupportFactory(proposal=where, person=each)
    merge_proposals(actor=hakan, proposal=proposal, into=into, reason="İkisi de aynı yolu istiyor.", at=timezone.now())
    told()
    found = {(each.person.display_name, each.step.entry.kind) for each in Notice.objects.select_related("step__entry")}
    assert found == {
        ("Ayşe Demir", ProposalKind.MERGED),
        ("İkisi", ProposalKind.MERGED),
        ("Mehmet Arslan", ProposalKind.TOOK_IN),
        ("Buradaki", ProposalKind.TOOK_IN),
    }


def test_an_amendment_is_told_to_those_it_concerns_and_the_new_version_to_everybody(
    kocaeli, ayse, mehmet, nermin, told, record
):
    proposal = f.ProposalFactory(council=kocaeli, author=ayse, stage=Stage.GATHERING)
    f.FollowFactory(proposal=proposal, person=person("Ece"))

    def ask(actor: Person, text: str) -> Amendment:
        return propose_amendment(
            actor=actor,
            proposal=proposal,
            kind="replace",
            position=2,
            text=text,
            reason="Böylesi daha açık olur.",
            at=timezone.now(),
        )

    refused, chosen = ask(mehmet, "Birinci metin."), ask(mehmet, "İkinci metin.")
    assert told() == {"Ayşe Demir": AUTHOR}
    decline_amendment(actor=ayse, amendment=refused, reason="Bunu zaten söyledik.", at=timezone.now())
    assert told() == {"Mehmet Arslan": AMENDER}
    ask(nermin, "Üçüncü metin.")
    told()
    Notice.objects.all().delete()
    accept_amendment(actor=ayse, amendment=chosen, at=timezone.now())
    told()
    found = Notice.objects.order_by("step", "person").values_list("step__entry__kind", "person__display_name")
    accepted, overtaken = ProposalKind.AMENDMENT_ACCEPTED, ProposalKind.AMENDMENT_OVERTAKEN
    assert sorted(found) == sorted(
        [
            (accepted, "Ece"),
            (accepted, "Mehmet Arslan"),
            (accepted, "Nermin Çelik"),
            (overtaken, "Ayşe Demir"),
            (overtaken, "Nermin Çelik"),
        ]
    )
    Proposal.objects.filter(pk=proposal.pk).update(stage=Stage.ADOPTED)
    assert [each.role for each in changes(changed_by(mehmet))] == [AMENDER]
    assert changes(changed_by(nermin)) == []  # hers was not taken
    record(ProposalKind.ADOPTED, proposal)
    assert told() == {"Ayşe Demir": AUTHOR, "Mehmet Arslan": AMENDER, "Nermin Çelik": AMENDER, "Ece": FOLLOWER}
