"""What people do through the API: the same actions, the same verdicts and sentences as on the pages."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from ballots.models import Ballot, Outcome, Vote
from discussions.models import Comment
from journal.models import Entry
from proposals.models import Proposal, StageChange, Support
from proposals.stages import Stage
from tests import factories as f
from tests.api.conftest import refusal, wrong_fields

pytestmark = pytest.mark.django_db
C = "councils/kocaeli/"
REASON = {"reason": "Belediyenin görev alanı dışında kalıyor.", "reason_code": "other"}
WHOLE = {
    "title": "Sahil yolunda bisiklet yolu",
    "summary": "Kopuk parçalar birleştirilsin, ışık konsun.",
    "text": "Körfez’in kuzey kıyısında bisiklet yolu üç yerde kesiliyor; parçalar birleştirilsin.",
    "theme": "ulasim",
    "addressed_to": "ulasim-calisma-grubu",
}


def at(proposal: Proposal) -> str:
    return f"{C}proposals/{proposal.number}/"


# --- Drafts -----------------------------------------------------------------------------------------------------------
def test_a_draft_is_written_in_pieces_submitted_once_and_then_public(call, kocaeli, ulasim, ayse):
    me = call(ayse)
    begun = me.post(f"{C}drafts/", {"title": WHOLE["title"]})
    assert begun.status_code == 201
    path = f"{C}drafts/{begun.json()['key']}/"
    assert wrong_fields(me.post(f"{path}submit/")) == {"summary", "text", "theme", "addressed_to"}
    saved = me.patch(path, {**WHOLE, "district": "izmit", "latitude": 40.7, "longitude": 29.9})
    assert (saved.status_code, saved.json()["theme"], saved.json()["title"]) == (200, "ulasim", WHOLE["title"])
    submitted = me.post(f"{path}submit/").json()
    assert (submitted["stage"], submitted["text"]) == ("submitted", WHOLE["text"])
    assert me.post(f"{path}submit/").json()["number"] == submitted["number"]
    assert call().get(f"{C}proposals/{submitted['number']}/").json()["author"] == "Ayşe Demir"
    assert refusal(me.get(path)) == refusal(me.patch(path, {"title": "x"})) == (404, "not_found")
    assert refusal(me.delete(path)) == (404, "not_found")


def test_an_untouched_draft_is_given_again_and_one_is_thrown_away(call, kocaeli, ayse):
    me = call(ayse)
    first, second = (me.post(f"{C}drafts/").json()["key"] for _ in range(2))
    assert first == second
    assert me.delete(f"{C}drafts/{first}/").status_code == 204
    assert refusal(me.delete(f"{C}drafts/{first}/")) == (404, "not_found")


def test_somebody_else_s_draft_does_not_exist_for_writing_either(call, kocaeli, ulasim, ayse, mehmet, superuser):
    draft = f.ProposalFactory(council=kocaeli, author=ayse, stage=Stage.DRAFT)
    path = f"{C}drafts/{draft.key}/"
    for other in (mehmet, superuser):
        assert refusal(call(other).patch(path, {"title": "Benim"})) == (404, "not_found")
        assert refusal(call(other).delete(path)) == (404, "not_found")
        assert refusal(call(other).post(f"{path}submit/")) == (404, "not_found")
    draft.refresh_from_db()
    assert (draft.stage, draft.author) == (Stage.DRAFT, ayse)


def test_only_who_holds_a_mandate_writes_for_an_organisation(call, kocaeli, ulasim, korfez, elif_, ayse):
    refused = call(ayse).post(f"{C}drafts/", {**WHOLE, "on_behalf_of": korfez.slug})
    assert refusal(refused) == (403, "no_mandate")
    assert Proposal.objects.count() == 0
    assert call(elif_).post(f"{C}drafts/", {**WHOLE, "on_behalf_of": korfez.slug}).status_code == 201


def test_choices_of_another_council_are_unknown_here_and_leave_nothing(call, kocaeli, adana, ayse, ulasim):
    for field, slug in (("theme", "sivil-toplum"), ("district", "seyhan"), ("addressed_to", "genel-sekreterlik")):
        assert wrong_fields(call(ayse).post(f"{C}drafts/", {field: slug})) == {field}
    assert Proposal.objects.count() == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "a" * 121),
        ("title", "a" * 100_000),
        ("title", ["Başlık"]),
        ("title", {"a": 1}),
        ("title", 7),
        ("title", True),
        ("title", None),
        ("title", "bir\0iki"),
        ("title", "\ud800"),
        ("text", "a" * 20_001),
        ("theme", 1),
        ("theme", ["ulasim"]),
        ("theme", {"slug": "ulasim"}),
        ("theme", "ula\0sim"),
        ("theme", "\ud800"),
        ("theme", "a" * 100_000),
        ("addressed_to", True),
        ("on_behalf_of", "yok"),
        ("latitude", "NaN"),
        ("latitude", "40.7"),
        ("latitude", 91),
        ("latitude", 10**400),
        ("latitude", True),
        ("latitude", [40]),
        ("longitude", -181),
        ("status", "approved"),
        ("stage", "adopted"),
        ("author", 1),
        ("support_count", 1000),
        ("council", "adana"),
        ("is_staff", True),
        ("id", 1),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_stored(call, kocaeli, ulasim, ayse, field, value):
    assert wrong_fields(call(ayse).post(f"{C}drafts/", {field: value})) == {field}
    assert Proposal.objects.count() == 0


def test_a_point_is_whole_and_near_the_city(call, kocaeli, ayse):
    assert wrong_fields(call(ayse).post(f"{C}drafts/", {"latitude": 40.7})) == {"latitude"}
    assert wrong_fields(call(ayse).post(f"{C}drafts/", {"latitude": 10.0, "longitude": 29.9})) == {"latitude"}
    assert Proposal.objects.count() == 0


def test_what_is_only_read_may_come_back_and_changes_nothing(call, kocaeli, ayse):
    me = call(ayse)
    draft = me.post(f"{C}drafts/", {"title": "Bir"}).json()
    sent = {**draft, "key": str(uuid.uuid4()), "title": "İki", "changed_at": "1999-01-01T00:00:00Z"}
    answer = me.patch(f"{C}drafts/{draft['key']}/", sent).json()
    assert (answer["key"], answer["title"]) == (draft["key"], "İki")
    assert not answer["changed_at"].startswith("1999")


# --- Support ----------------------------------------------------------------------------------------------------------
def test_support_is_given_and_taken_back_once_however_often_it_is_said(call, kocaeli, ayse):
    path = f"{at(f.ProposalFactory(council=kocaeli, stage=Stage.GATHERING))}support/"
    me = call(ayse)
    assert me.get(path).json()["supported"] is False
    for _ in range(3):
        state = me.put(path, {"shows_name": True}).json()
        assert (state["supported"], state["shows_name"], state["support_count"]) == (True, True, 1)
    for _ in range(2):
        assert me.delete(path).json()["support_count"] == 0
    assert Support.objects.count() == 0


def test_support_is_refused_with_the_sentence_of_the_page(call, kocaeli, outsider, ayse):
    gathering = f.ProposalFactory(council=kocaeli, stage=Stage.GATHERING)
    ended = f.ProposalFactory(council=kocaeli, stage=Stage.ADOPTED)
    assert refusal(call().put(f"{at(gathering)}support/")) == (401, "not_authenticated")
    assert call().put(f"{at(gathering)}support/")["WWW-Authenticate"] == 'Bearer realm="meydan"'
    refused = call(outsider).put(f"{at(gathering)}support/")
    assert refusal(refused) == (403, "not_resident")
    assert refused.json()["detail"] == "Destek vermek için hemşehriliğinizin doğrulanmış olması gerekir."
    assert refusal(call(ayse).put(f"{at(ended)}support/")) == (403, "not_gathering")
    assert refusal(call(ayse).delete(f"{at(ended)}support/")) == (403, "not_gathering")
    assert (Support.objects.count(), Entry.objects.count()) == (0, 0)


@pytest.mark.parametrize("body", [{"person": 1}, {"support_count": 99}, {"shows_name": "belki"}, {"shows_name": []}])
def test_nobody_supports_for_another_or_counts_for_themselves(call, kocaeli, ayse, mehmet, body):
    path = f"{at(f.ProposalFactory(council=kocaeli, stage=Stage.GATHERING))}support/"
    assert wrong_fields(call(ayse).put(path, body)) == set(body)
    assert Support.objects.count() == 0


# --- The way of a proposal --------------------------------------------------------------------------------------------
def test_the_secretary_admits_and_rejects_and_nobody_else(call, kocaeli, hakan, ayse, derya, selin, superuser):
    proposal = f.ProposalFactory(council=kocaeli, author=ayse)
    for other in (ayse, derya, selin, superuser):
        assert refusal(call(other).post(f"{at(proposal)}admit/")) == (403, "not_secretary")
        assert refusal(call(other).post(f"{at(proposal)}reject/", REASON)) == (403, "not_secretary")
    assert (StageChange.objects.count(), Entry.objects.count()) == (0, 0)
    assert wrong_fields(call(hakan).post(f"{at(proposal)}reject/")) == {"reason", "reason_code"}
    assert wrong_fields(call(hakan).post(f"{at(proposal)}reject/", {**REASON, "reason": "kısa"})) == {"reason"}
    assert wrong_fields(call(hakan).post(f"{at(proposal)}admit/", {"stage": "adopted"})) == {"stage"}
    assert call(hakan).post(f"{at(proposal)}admit/").json()["stage"] == "gathering"
    assert refusal(call(hakan).post(f"{at(proposal)}admit/")) == (403, "wrong_stage")
    other = f.ProposalFactory(council=kocaeli)
    rejected = call(hakan).post(f"{at(other)}reject/", REASON).json()
    assert (rejected["stage"], rejected["moves"][-1]["reason"]) == ("inadmissible", REASON["reason"])


def test_the_secretary_of_one_council_decides_nothing_in_another(call, kocaeli, adana, hakan):
    foreign = f.ProposalFactory(council=adana)
    assert refusal(call(hakan).post(f"councils/adana/proposals/{foreign.number}/admit/")) == (403, "not_secretary")
    assert refusal(call(hakan).post(f"{C}proposals/{foreign.number}/admit/")) == (404, "not_found")


def test_the_author_revises_and_withdraws_and_nobody_else(call, kocaeli, ayse, mehmet, hakan):
    proposal = f.ProposalFactory(council=kocaeli, author=ayse, stage=Stage.GATHERING)
    new = {
        "title": proposal.title,
        "summary": proposal.summary,
        "text": f"{proposal.text} Yeni bölüm.",
        "note": "Son bölümü ekledim.",
    }
    for other in (mehmet, hakan):
        assert refusal(call(other).post(f"{at(proposal)}versions/", new)) == (403, "not_author")
        assert refusal(call(other).post(f"{at(proposal)}withdraw/", REASON)) == (403, "not_author")
    any_version = {"headers": {"If-Match": "*"}}
    revised = call(ayse).post(f"{at(proposal)}versions/", new, **any_version).json()
    assert (revised["version"], revised["text"]) == (2, new["text"])
    assert wrong_fields(call(ayse).post(f"{at(proposal)}versions/", new, **any_version)) == {"text"}
    assert wrong_fields(call(ayse).post(f"{at(proposal)}versions/", {**new, "version": 9})) == {"version"}
    for _ in range(2):
        assert call(ayse).post(f"{at(proposal)}withdraw/", REASON).json()["stage"] == "withdrawn"
    assert StageChange.objects.count() == 1


def test_the_facilitator_of_the_group_declines_and_nobody_else(call, kocaeli, ulasim, derya, nermin, hakan, ayse):
    proposal = f.ProposalFactory(council=kocaeli, addressed_to=ulasim, stage=Stage.IN_GROUP)
    for other in (ayse, hakan, nermin):
        assert refusal(call(other).post(f"{at(proposal)}decline/", REASON)) == (403, "not_facilitator")
    assert call(derya).post(f"{at(proposal)}decline/", REASON).json()["stage"] == "declined"


# --- Ballots ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def in_group(kocaeli, ulasim, derya):
    return f.ProposalFactory(council=kocaeli, addressed_to=ulasim, stage=Stage.IN_GROUP)


def soon(**delta) -> str:
    return (timezone.now() + timedelta(**delta)).isoformat()


def test_a_ballot_is_opened_voted_on_and_closed(call, in_group, derya, mehmet, ulasim, ayse):
    f.MembershipFactory(body=ulasim, person=mehmet)
    assert refusal(call(mehmet).post(f"{at(in_group)}ballots/", {"closes_at": soon(days=3)})) == (
        403,
        "not_facilitator",
    )
    opened = call(derya).post(f"{at(in_group)}ballots/", {"closes_at": soon(days=3)}).json()
    assert (opened["stage"], len(opened["ballots"])) == ("ballot", 1)
    ballot = f"ballots/{opened['ballots'][0]}/"
    assert refusal(call().put(f"{ballot}vote/", {"paper": "yes"})) == (401, "not_authenticated")
    assert refusal(call(ayse).put(f"{ballot}vote/", {"paper": "yes"})) == (403, "not_on_roll")
    assert refusal(call(mehmet).get(f"{ballot}vote/")) == (404, "not_found")
    for choice, times in (("no", 1), ("yes", 2), ("yes", 2)):
        receipt = call(mehmet).put(f"{ballot}vote/", {"paper": choice}).json()
        assert (receipt["paper"], receipt["times"]) == (choice, times)
    assert call(mehmet).get(f"{ballot}vote/").json() == receipt
    assert refusal(call(derya).get(f"{ballot}vote/")) == (404, "not_found")
    tally = call().get(ballot).json()["tally"]
    assert (tally["phase"], tally["yes"], tally["turnout"], tally["electorate"]) == ("open", 1, 1, 2)
    why = {"reason": "Herkes oyunu verdi."}
    assert refusal(call(mehmet).post(f"{ballot}close/", why)) == (403, "not_facilitator")
    for body in ({}, {"reason": "Kısa."}):
        assert wrong_fields(call(derya).post(f"{ballot}close/", body)) == {"reason"}
    closed = call(derya).post(f"{ballot}close/", why).json()
    assert (closed["outcome"], closed["tally"]["phase"]) == (Outcome.PASSED, "declared")
    assert refusal(call(derya).post(f"{ballot}close/", why)) == (403, "closed")
    assert refusal(call(derya).put(f"{ballot}vote/", {"paper": "no"})) == (403, "closed")
    assert call().get(at(in_group)).json()["stage"] == "adopted"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"closes_at": "yarın"},
        {"closes_at": ["2030-01-01"]},
        {"closes_at": "9999-12-31T23:59:59Z"},
        {"closes_at": "0001-01-01T00:00:00Z"},
        {"closes_at": "2020-01-01T00:00:00Z"},
    ],
)
def test_a_ballot_needs_a_closing_within_reach(call, in_group, derya, body):
    assert wrong_fields(call(derya).post(f"{at(in_group)}ballots/", body)) == {"closes_at"}
    assert Ballot.objects.count() == 0


@pytest.mark.parametrize("field", ["quorum", "majority", "electors", "question", "outcome", "yes_votes"])
def test_the_rule_of_a_ballot_is_the_procedure_s_and_not_the_caller_s(call, in_group, derya, field):
    body = {"closes_at": soon(days=3), field: 1}
    assert wrong_fields(call(derya).post(f"{at(in_group)}ballots/", body)) == {field}
    assert Ballot.objects.count() == 0


@pytest.mark.parametrize(
    "choice",
    [None, "", "maybe", "YES", 0, 1, -1, 2**63, True, ["yes"], ["yes", "no"], {"yes": 1}, "yes\0", "a" * 10**5],
)
def test_a_choice_that_is_none_stores_nothing(call, kocaeli, ayse, choice):
    ballot = f.ProposalBallotFactory(ballot=f.BallotFactory(electors=[ayse])).ballot
    assert wrong_fields(call(ayse).put(f"ballots/{ballot.pk}/vote/", {"paper": choice})) == {"paper"}
    assert Vote.objects.count() == 0


@pytest.mark.parametrize("field", ["voter_id", "person", "user", "on_behalf_of", "cast_at", "ballot", "times"])
def test_nobody_votes_for_another_by_naming_them(call, kocaeli, ayse, mehmet, field):
    ballot = f.ProposalBallotFactory(ballot=f.BallotFactory(electors=[ayse, mehmet])).ballot
    body = {"paper": "yes", field: mehmet.pk}
    assert wrong_fields(call(ayse).put(f"ballots/{ballot.pk}/vote/", body)) == {field}
    assert Vote.objects.count() == 0


# --- Comments ---------------------------------------------------------------------------------------------------------
def comment(**fields) -> dict:
    return {"text": "Bence iyi bir fikir.", "key": str(uuid.uuid4()), **fields}


def test_a_comment_is_added_answered_edited_and_deleted_by_its_author(call, kocaeli, ayse, mehmet):
    proposal = f.ProposalFactory(council=kocaeli, stage=Stage.GATHERING)
    path = f"threads/{proposal.thread_id}/comments/"
    assert refusal(call().post(path, comment())) == (401, "not_authenticated")
    new = comment(mark="for")
    first, again = call(ayse).post(path, new), call(ayse).post(path, new)
    assert (first.status_code, again.json()["id"], Comment.objects.count()) == (201, first.json()["id"], 1)
    reply = call(mehmet).post(path, comment(parent=first.json()["id"])).json()
    assert (reply["parent"], reply["depth"], reply["author"]) == (first.json()["id"], 1, "Mehmet Arslan")
    one = f"comments/{first.json()['id']}/"
    assert refusal(call(mehmet).patch(one, {"text": "Başkasının sözü"})) == (403, "not_author")
    assert refusal(call(mehmet).delete(one)) == (403, "not_author")
    edited = call(ayse).patch(one, {"text": "Bence çok iyi bir fikir."}).json()
    assert (edited["text"], edited["mark"], edited["edited_at"] is not None) == (
        "Bence çok iyi bir fikir.",
        "for",
        True,
    )
    assert call(ayse).patch(one, {"mark": "neutral"}).json()["text"] == "Bence çok iyi bir fikir."
    assert [call(ayse).delete(one).status_code for _ in range(2)] == [204, 204]
    assert call().get(one).json()["is_deleted"] is True


def test_the_same_key_with_another_text_is_a_conflict(call, kocaeli, ayse):
    path = f"threads/{f.ProposalFactory(council=kocaeli).thread_id}/comments/"
    new = comment()
    call(ayse).post(path, new)
    assert refusal(call(ayse).post(path, {**new, "text": "Başka bir söz."})) == (409, "key_reused")
    assert Comment.objects.count() == 1


def test_who_writes_too_fast_is_told_when_to_come_back(call, kocaeli, ayse):
    path = f"threads/{f.ProposalFactory(council=kocaeli).thread_id}/comments/"
    answers = [call(ayse).post(path, comment()) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [201] * 10 + [429]
    assert (refusal(answers[-1]), answers[-1]["Retry-After"]) == ((429, "too_fast"), "60")


@pytest.mark.parametrize("parent", [0, -1, 2**63, "x", [1], {"id": 1}, 2**62])
def test_a_parent_that_is_not_in_the_thread_is_no_parent(call, kocaeli, ayse, parent):
    path = f"threads/{f.ProposalFactory(council=kocaeli).thread_id}/comments/"
    assert wrong_fields(call(ayse).post(path, comment(parent=parent))) == {"parent"}
    elsewhere = f.CommentFactory(thread=f.ProposalFactory(council=kocaeli).thread)
    assert wrong_fields(call(ayse).post(path, comment(parent=elsewhere.pk))) == {"parent"}
    assert Comment.objects.filter(author=ayse).count() == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", ""),
        ("text", "x"),
        ("text", "a" * 5001),
        ("text", "a" * 100_000),
        ("text", "bir\0iki"),
        ("text", ["metin"]),
        ("text", 12345),
        ("mark", "angry"),
        ("mark", ["for"]),
        ("key", "1"),
        ("key", 1),
        ("key", True),
        ("key", ["5f0c1a52-90f1-4c57-a7f4-0d46a1fbd0aa"]),
        ("author", 1),
        ("created_at", "1999-01-01T00:00:00Z"),
        ("hidden_at", None),
        ("commentable", "proposals.proposal"),
        ("content_type", 3),
        ("object_id", 1),
    ],
)
def test_a_wrong_comment_is_named_and_nothing_is_stored(call, kocaeli, ayse, field, value):
    path = f"threads/{f.ProposalFactory(council=kocaeli).thread_id}/comments/"
    assert wrong_fields(call(ayse).post(path, comment(**{field: value}))) == {field}
    assert Comment.objects.count() == 0


def test_a_discussion_that_has_ended_takes_no_more(call, kocaeli, ayse):
    path = f"threads/{f.ProposalFactory(council=kocaeli, stage=Stage.ADOPTED).thread_id}/comments/"
    assert refusal(call(ayse).post(path, comment())) == (403, "discussion_closed")
    assert Comment.objects.count() == 0


@pytest.mark.parametrize("body", [[], [{"text": "x"}], "text", 7, True, None])
def test_a_body_that_is_no_object_is_refused_everywhere(call, kocaeli, hakan, ayse, derya, body):
    proposal = f.ProposalFactory(council=kocaeli, author=ayse)
    own = f.CommentFactory(thread=proposal.thread, author=ayse)
    ballot = f.ProposalBallotFactory(ballot=f.BallotFactory(electors=[ayse])).ballot
    sent = b"null" if body is None else body
    before = Entry.objects.count()
    for person, method, path in (
        (ayse, "post", f"{C}drafts/"),
        (hakan, "post", f"{at(proposal)}admit/"),
        (hakan, "post", f"{at(proposal)}reject/"),
        (ayse, "put", f"{at(proposal)}support/"),
        (ayse, "put", f"ballots/{ballot.pk}/vote/"),
        (derya, "post", f"ballots/{ballot.pk}/close/"),
        (ayse, "post", f"threads/{proposal.thread_id}/comments/"),
        (ayse, "patch", f"comments/{own.pk}/"),
    ):
        assert refusal(call(person)(method, path, sent)) == (400, "invalid"), path
    assert Entry.objects.count() == before
    assert Proposal.objects.filter(stage=Stage.DRAFT).count() == 0


# --- Methods ----------------------------------------------------------------------------------------------------------
def test_reading_methods_write_nothing(call, in_group, kocaeli, ayse, hakan, derya):
    waiting = f.ProposalFactory(council=kocaeli, author=ayse)
    ballot = f.ProposalBallotFactory(ballot=f.BallotFactory(electors=[derya])).ballot
    before = (Proposal.objects.count(), Entry.objects.count(), Vote.objects.count(), StageChange.objects.count())
    for person in (ayse, hakan, derya):
        api = call(person)
        for path in (
            *(f"{at(waiting)}{step}/" for step in ("admit", "reject", "withdraw", "versions", "support")),
            *(f"{at(in_group)}{step}/" for step in ("decline", "ballots")),
            f"ballots/{ballot.pk}/vote/",
            f"ballots/{ballot.pk}/close/",
            f"{C}drafts/",
        ):
            for method in ("get", "head", "options", "trace"):
                answer = api(method, path) if method != "trace" else api.client.trace(f"/api/v1/{path}")
                assert answer.status_code in {200, 204, 404, 405}, (method, path, answer.status_code)
    after = (Proposal.objects.count(), Entry.objects.count(), Vote.objects.count(), StageChange.objects.count())
    assert after == before


def test_a_method_that_is_not_there_says_which_are(call, kocaeli, ayse):
    answer = call(ayse).delete("councils/kocaeli/")
    assert (refusal(answer), answer["Allow"]) == ((405, "method_not_allowed"), "GET, HEAD, OPTIONS")
    options = call().client.options("/api/v1/councils/kocaeli/")
    assert (options.status_code, options["Allow"], options.content) == (204, "GET, HEAD, OPTIONS", b"")
