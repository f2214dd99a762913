"""Amendments: who asks, who decides, what becomes of the text and of the others, and what the database holds on to."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from journal.models import Entry
from people.verdicts import Refused
from proposals import actions
from proposals.amending import AmendmentKind, AmendmentReason, AmendmentState, digest_of, paragraphs_of
from proposals.models import Amendment, AmendmentDecision, Follow, ProposalVersion, StageChange
from proposals.stages import BEFORE_A_VOTE, Stage
from tests import factories as f

pytestmark = pytest.mark.django_db
TEXT = "Sahil yolu üç yerde kesiliyor ve bisikletliler yola iniyor.\n\nParçalar birleştirilsin.\n\nIşıklar konsun."
WHY = "Orada dördüncü bir kesinti daha var."


@pytest.fixture
def proposal(kocaeli, ulasim, ayse):
    return f.ProposalFactory(council=kocaeli, addressed_to=ulasim, author=ayse, stage=Stage.GATHERING, text=TEXT)


def ask(actor, proposal, kind=AmendmentKind.REPLACE, position=2, text="Dört parça birleştirilsin.", **more):
    more = {"reason": WHY, "at": timezone.now()} | more
    return actions.propose_amendment(actor=actor, proposal=proposal, kind=kind, position=position, text=text, **more)


def accept(actor, amendment, **more):
    return actions.accept_amendment(actor=actor, amendment=amendment, at=timezone.now(), **more)


def decline(actor, amendment, **more):
    more = {"reason": "Bunu ölçtük, üç kesinti var.", "reason_code": AmendmentReason.OTHER} | more
    return actions.decline_amendment(actor=actor, amendment=amendment, at=timezone.now(), **more)


def revise(proposal, text, note="Metni elden geçirdim."):
    return actions.revise_proposal(
        actor=proposal.author,
        proposal=proposal,
        title=proposal.title,
        summary=proposal.summary,
        text=text,
        note=note,
        at=timezone.now(),
    )


# --- Who asks -----------------------------------------------------------------------------------------------------------
def test_residents_and_members_ask_before_a_vote_and_the_record_tells(proposal, mehmet, ulasim):
    member = f.MembershipFactory(body=ulasim).person
    first, second = ask(mehmet, proposal), ask(member, proposal, AmendmentKind.REMOVE, 3)
    assert [(each.number, each.version, each.state) for each in (first, second)] == [(1, 1, "open"), (2, 1, "open")]
    assert first.paragraph == "Parçalar birleştirilsin."
    assert list(Entry.objects.values_list("kind", flat=True)) == ["proposals.amendment_proposed"] * 2
    assert Follow.objects.filter(proposal=proposal, person=mehmet).exists()


@pytest.mark.parametrize("who", ["ayse", "outsider", "hakan"])
def test_others_do_not_ask_and_leave_no_trace(request, proposal, who):
    with pytest.raises(Refused):
        ask(request.getfixturevalue(who), proposal)
    assert (Amendment.objects.count(), Entry.objects.count(), Follow.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage != Stage.DRAFT])
def test_a_text_is_amended_before_a_vote_only(kocaeli, ulasim, ayse, mehmet, stage):
    proposal = f.ProposalFactory(council=kocaeli, addressed_to=ulasim, author=ayse, stage=stage, text=TEXT)
    if stage in BEFORE_A_VOTE:
        assert ask(mehmet, proposal).is_open
    else:
        with pytest.raises(Refused, match="bu aşamada"):
            ask(mehmet, proposal)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"position": 4}, "position"),
        ({"position": 0}, "position"),
        ({"position": -1, "kind": "insert"}, "position"),
        ({"kind": "burn"}, "kind"),
        ({"text": " \n"}, "text"),
        ({"text": "Parçalar birleştirilsin."}, "text"),
        ({"text": "u" * 20_001}, "text"),
        ({"text": "```\nkapanmayan"}, "text"),
        ({"kind": "remove", "position": 1}, "text"),  # what stays says too little
        ({"reason": "Kısa"}, "reason"),
        ({"reason": "u" * 301}, "reason"),
    ],
)
def test_what_is_wrong_is_said_by_field(proposal, mehmet, given, field):
    with pytest.raises(ValidationError) as caught:
        ask(mehmet, proposal, **given)
    assert list(caught.value.message_dict) == [field]
    assert not Amendment.objects.exists()


def test_the_same_wish_twice_is_one(proposal, mehmet, nermin):
    assert ask(mehmet, proposal).pk == ask(mehmet, proposal).pk
    assert ask(nermin, proposal).number == 2


def test_one_person_has_few_open_ones(proposal, mehmet, monkeypatch):
    monkeypatch.setattr("proposals.actions.amending.MOST_OPEN", 1)
    first = ask(mehmet, proposal)
    with pytest.raises(Refused) as caught:
        ask(mehmet, proposal, position=3)
    assert caught.value.code == "too_many"
    actions.withdraw_amendment(actor=mehmet, amendment=first, at=timezone.now())
    assert ask(mehmet, proposal, position=3).is_open


def test_the_paragraph_the_writer_saw_is_meant_wherever_it_went(proposal, mehmet):
    digest = digest_of("Parçalar birleştirilsin.")
    revise(proposal, "Bir giriş.\n\n" + TEXT)
    assert ask(mehmet, proposal, digest=digest).position == 3
    revise(proposal, TEXT.replace("Parçalar", "Bütün parçalar"))
    with pytest.raises(Refused) as caught:
        ask(mehmet, proposal, digest=digest)
    assert caught.value.code == "changed_meanwhile"


# --- Who decides --------------------------------------------------------------------------------------------------------
def test_accepting_publishes_the_next_version_and_says_from_whom(proposal, mehmet, ayse):
    amendment = ask(mehmet, proposal)
    version = accept(ayse, amendment, reason="Haklısınız.")
    proposal.refresh_from_db()
    amendment.refresh_from_db()
    assert paragraphs_of(proposal.text)[1] == "Dört parça birleştirilsin."
    assert (proposal.version, version.number, version.note, version.author) == (2, 2, WHY, ayse)
    assert (amendment.state, amendment.decision.version, amendment.decision.actor) == ("accepted", version, ayse)
    assert Entry.objects.order_by("pk").last().kind == "proposals.amendment_accepted"
    assert accept(ayse, amendment) == version
    assert proposal.versions.count() == 2


def test_an_insertion_and_a_removal_leave_the_rest_as_it_stands(proposal, mehmet, ayse):
    top, gone = ask(mehmet, proposal, "insert", 0, "Bir giriş."), ask(mehmet, proposal, "remove", 2)
    accept(ayse, top)
    accept(ayse, gone)
    proposal.refresh_from_db()
    first, _second, third = paragraphs_of(TEXT)
    assert paragraphs_of(proposal.text) == ["Bir giriş.", first, third]


WHO = {  # accepts, declines: outside the group and in it
    "ayse": ("yes", "yes", "yes", "not_facilitator"),
    "derya": ("not_author", "not_author", "yes", "yes"),
    "mehmet": ("own_amendment",) * 4,
    "hakan": ("not_author", "not_author", "not_facilitator", "not_facilitator"),
    "nermin": ("not_author", "not_author", "not_facilitator", "not_facilitator"),
    "outsider": ("not_author", "not_author", "not_facilitator", "not_facilitator"),
}


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize(("place", "stage"), list(enumerate([Stage.GATHERING, Stage.IN_GROUP])))
@pytest.mark.parametrize(("deed", "act"), list(enumerate([accept, decline])))
def test_the_author_decides_and_the_body_once_it_discusses(request, proposal, mehmet, who, place, stage, deed, act):
    amendment = ask(mehmet, proposal)
    type(proposal).objects.filter(pk=proposal.pk).update(stage=stage)
    expected = WHO[who][2 * place + deed]
    person = request.getfixturevalue(who)
    if expected == "yes":
        act(person, amendment)
    else:
        before = Entry.objects.count()
        with pytest.raises(Refused) as caught:
            act(person, amendment)
        assert caught.value.code == expected
        assert (Entry.objects.count(), ProposalVersion.objects.count(), AmendmentDecision.objects.count()) == (
            before, 1, 0,
        )  # fmt: skip


def test_an_author_whose_mandate_ended_decides_nothing(kocaeli, ulasim, korfez, elif_, mehmet):
    proposal = f.ProposalFactory(
        council=kocaeli, addressed_to=ulasim, author=elif_, on_behalf_of=korfez, stage=Stage.GATHERING, text=TEXT
    )
    amendment = ask(mehmet, proposal)
    korfez.representatives.update(ends_on=timezone.localdate() - timedelta(days=1))
    with pytest.raises(Refused) as caught:
        accept(elif_, amendment)
    assert caught.value.code == "no_mandate"


def test_a_refusal_has_a_kind_and_a_reason(proposal, mehmet, ayse):
    amendment = ask(mehmet, proposal)
    for wrong in ({"reason": "Yok."}, {"reason_code": "not_local"}):
        with pytest.raises(ValidationError):
            decline(ayse, amendment, **wrong)
    declined = decline(ayse, amendment, reason_code=AmendmentReason.ALREADY_SAID)
    assert decline(ayse, amendment) == declined
    amendment.refresh_from_db()
    assert (amendment.state, amendment.decision.reason_kind) == ("declined", "Metinde zaten var")
    with pytest.raises(Refused) as caught:
        accept(ayse, amendment)
    assert caught.value.code == "already_decided"


def test_nothing_is_decided_once_the_vote_began_but_taking_back(proposal, mehmet, ayse):
    amendment = ask(mehmet, proposal)
    type(proposal).objects.filter(pk=proposal.pk).update(stage=Stage.BALLOT)
    for act in (accept, decline):
        with pytest.raises(Refused) as caught:
            act(ayse, amendment)
        assert caught.value.code == "wrong_stage"
    with pytest.raises(Refused):
        actions.withdraw_amendment(actor=ayse, amendment=amendment, at=timezone.now())
    assert actions.withdraw_amendment(actor=mehmet, amendment=amendment, at=timezone.now()).state == "withdrawn"


# --- The others -----------------------------------------------------------------------------------------------------------
def test_accepting_one_overtakes_the_other_on_its_paragraph_and_moves_the_rest(proposal, mehmet, nermin, ayse):
    one, rival = ask(mehmet, proposal, text="Bir.\n\nİki."), ask(nermin, proposal, text="Yalnız ikisi birleştirilsin.")
    below, above = ask(nermin, proposal, position=3), ask(nermin, proposal, position=1)
    behind = ask(nermin, proposal, "insert", 2, "Hemen arkasından.")
    accept(ayse, one)
    found = {each.pk: (each.state, each.version, each.position) for each in Amendment.objects.all()}
    assert found[rival.pk] == ("overtaken", 1, 2)
    assert found[behind.pk] == ("overtaken", 1, 2)
    assert (found[below.pk], found[above.pk]) == (("open", 2, 4), ("open", 2, 1))
    rival.refresh_from_db()
    assert (rival.decision.version.number, rival.decision.actor) == (2, None)
    with pytest.raises(Refused) as caught:
        accept(ayse, rival)
    assert caught.value.code == "overtaken"
    accept(ayse, below)
    proposal.refresh_from_db()
    assert paragraphs_of(proposal.text)[1:] == ["Bir.", "İki.", "Dört parça birleştirilsin."]


def test_a_version_by_hand_carries_what_stayed_and_overtakes_what_changed(proposal, mehmet):
    moved, changed = ask(mehmet, proposal, position=3), ask(mehmet, proposal, position=2)
    first, second, third = paragraphs_of(TEXT)
    revise(proposal, "\n\n".join([third, first, second.replace("Parçalar", "Hepsi")]))
    moved.refresh_from_db()
    changed.refresh_from_db()
    assert (moved.state, moved.version, moved.position) == ("open", 2, 1)
    assert changed.state == "overtaken"
    kinds = Entry.objects.filter(actor_id=None).values_list("kind", "facts__amendment")
    assert list(kinds) == [("proposals.amendment_overtaken", changed.number)]


def test_an_overtaken_one_is_renewed_once_by_its_author(proposal, mehmet, nermin):
    old = ask(mehmet, proposal)
    revise(proposal, TEXT.replace("Parçalar", "Bütün parçalar"))
    assert ask(nermin, proposal, text="Başka bir söz.", renews=old).renews is None
    assert ask(mehmet, proposal, renews=old).renews == old
    assert ask(mehmet, proposal, position=3, renews=old).renews is None


def test_an_amendment_whose_place_nobody_kept_is_never_applied(proposal, mehmet, ayse):
    """A text written past the actions: the anchor no longer fits, so nothing happens."""
    amendment = ask(mehmet, proposal)
    type(proposal).objects.filter(pk=proposal.pk).update(text=TEXT.replace("Parçalar", "Bambaşka parçalar"))
    with pytest.raises(Refused) as caught:
        accept(ayse, amendment)
    assert caught.value.code == "overtaken"
    assert proposal.versions.count() == 1


# --- The database -----------------------------------------------------------------------------------------------------------
def refused(constraint):
    return pytest.raises(IntegrityError, match=constraint)


@pytest.mark.parametrize(
    "change", ["text = 'x'", "author_id = author_id + 1", "number = 9", "reason = 'x'", "digest = ''"]
)
def test_an_amendment_stays_as_it_was_written(proposal, mehmet, change):
    ask(mehmet, proposal)
    with refused("stays as it was written"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE proposals_amendment SET {change}")


def test_a_state_without_its_decision_is_refused_and_so_is_deleting(proposal, mehmet, ayse):
    amendment = ask(mehmet, proposal)
    rows = Amendment.objects.filter(pk=amendment.pk)
    for act in (lambda: rows.update(state=AmendmentState.ACCEPTED), lambda: rows._raw_delete(rows.db)):
        with refused("follows from its decision|never deleted"), transaction.atomic():
            act()
    decline(ayse, amendment)
    with refused("stays as it was written"), transaction.atomic():
        rows.update(state=AmendmentState.OPEN)
    with refused("begin open"), transaction.atomic():
        Amendment.objects.create(
            proposal=proposal,
            number=5,
            kind="remove",
            author=mehmet,
            written_on=1,
            version=1,
            position=1,
            paragraph="x",
            digest="x",
            reason=WHY,
            state="accepted",
            created_at=timezone.now(),
        )


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"outcome": "open"}, "amendment_outcome_is_known"),
        ({"outcome": "declined", "reason": ""}, "declined_amendments_carry_a_reason"),
        ({"outcome": "declined", "reason_code": "x"}, "declined_amendments_carry_a_reason"),
        ({"outcome": "accepted"}, "versions_come_of_accepted_amendments"),
        ({"outcome": "withdrawn", "actor": None}, "somebody_decides_amendments"),
    ],
)
def test_a_decision_is_whole(proposal, mehmet, ayse, fields, constraint):
    amendment = ask(mehmet, proposal)
    whole = {"actor": ayse, "reason": "Bir gerekçe yazıldı.", "reason_code": "other", "at": timezone.now()}
    with refused(constraint), transaction.atomic():
        AmendmentDecision.objects.create(amendment=amendment, **whole | fields)


def test_decisions_versions_and_moves_are_only_added_to(proposal, mehmet, ayse, hakan):
    decline(ayse, ask(mehmet, proposal))
    StageChange.objects.create(proposal=proposal, old="submitted", new="gathering", actor=hakan, at=timezone.now())
    for rows, change in (
        (AmendmentDecision.objects.all(), {"reason": "Başka bir gerekçe."}),
        (ProposalVersion.objects.all(), {"text": "Başka bir metin."}),
        (StageChange.objects.all(), {"reason": "Başka bir gerekçe."}),
    ):
        for act in (
            lambda rows=rows, change=change: rows.update(**change),
            lambda rows=rows: rows._raw_delete(rows.db),
        ):
            with refused("is only added to"), transaction.atomic():
                act()
