"""What has not changed is not sent again, and nobody overwrites what they did not read."""

from __future__ import annotations

import pytest

from discussions.models import Comment, CommentVersion
from proposals.models import ProposalVersion
from proposals.stages import Stage
from tests import factories as f
from tests.api.conftest import refusal

pytestmark = pytest.mark.django_db
C = "councils/kocaeli/"


def holding(tag):
    return {"headers": {"If-None-Match": tag}}


def matching(tag):
    return {"headers": {"If-Match": tag}}


@pytest.fixture
def proposal(kocaeli, ulasim, ayse):
    return f.ProposalFactory(council=kocaeli, author=ayse, addressed_to=ulasim, stage=Stage.GATHERING)


def test_what_was_read_is_not_sent_again_until_it_changes(call, proposal, ayse):
    path = f"{C}proposals/{proposal.number}/"
    first = call().get(path)
    again = call().get(path, **holding(first["ETag"]))
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert "Accept-Language" in again["Vary"]
    assert call().get(path, **holding(f'W/{first["ETag"]}, "x"')).status_code == 304
    call(ayse).put(f"{path}support/")
    changed = call().get(path, **holding(first["ETag"]))
    assert (changed.status_code, changed["ETag"] != first["ETag"]) == (200, True)


def test_an_answer_in_another_language_has_another_tag(call, proposal):
    path = f"{C}record/"
    f.SupportFactory()
    call().get(path)
    turkish, english = (call(**{"Accept-Language": word}).get(f"{C}bodies/") for word in ("tr", "en"))
    assert turkish["Content-Language"] != english["Content-Language"]
    refused = [
        call(**{"Accept-Language": word}).get(f"{C}proposals/{proposal.number}/options/") for word in ("tr", "en")
    ]
    assert refused[0]["ETag"] != refused[1]["ETag"]


def test_errors_and_files_carry_no_tag_of_content(call, kocaeli):
    assert not call().get("councils/yok/").has_header("ETag")


def test_a_version_never_changes_and_its_tag_guards_the_next_one(call, proposal, ayse):
    me, path = call(ayse), f"{C}proposals/{proposal.number}/versions/"
    tag = me.get(f"{path}1/")["ETag"]
    assert tag == f'"{proposal.number}.v1"'
    assert call().get(f"{path}1/", **holding(tag)).status_code == 304
    new = {
        "title": proposal.title,
        "summary": proposal.summary,
        "text": f"{proposal.text} Yeni bölüm.",
        "note": "Son bölümü ekledim.",
    }
    assert refusal(me.post(path, new)) == (428, "precondition_required")
    assert me.post(path, new, **matching(tag)).json()["version"] == 2
    other = {**new, "text": f"{proposal.text} Başka bir bölüm."}
    assert refusal(me.post(path, other, **matching(tag))) == (412, "changed_meanwhile")
    assert ProposalVersion.objects.filter(proposal=proposal).count() == 2
    listed = call().get(path).json()["results"]
    assert [row["number"] for row in listed] == [2, 1]
    assert call().get(f"{path}2/").json()["text"] == new["text"]
    for number in (0, 3, 40_000, 10**30):
        assert refusal(call().get(f"{path}{number}/")) == (404, "not_found")


def test_two_devices_do_not_overwrite_each_other_s_draft(call, kocaeli, ayse):
    me = call(ayse)
    begun = me.post(f"{C}drafts/", {"title": "Bir"})
    path = f"{C}drafts/{begun.json()['key']}/"
    tag = me.get(path)["ETag"]
    assert tag == begun["ETag"]
    saved = me.patch(path, {"title": "İki"}, **matching(tag))
    assert (saved.status_code, saved["ETag"] != tag) == (200, True)
    assert refusal(me.patch(path, {"title": "Üç"}, **matching(tag))) == (412, "changed_meanwhile")
    assert me.get(path).json()["title"] == "İki"
    assert me.patch(path, {"title": "Dört"}, **matching(saved["ETag"])).status_code == 200
    assert me.patch(path, {"title": "Beş"}).status_code == 200


def test_a_comment_is_corrected_only_as_it_was_read(call, proposal, ayse):
    comment = f.CommentFactory(thread=proposal.thread, author=ayse, text="Bir sözüm var.")
    me, path = call(ayse), f"comments/{comment.pk}/"
    tag = me.get(path)["ETag"]
    assert me.patch(path, {"text": "İki sözüm var."}, **matching(tag)).status_code == 200
    assert refusal(me.patch(path, {"text": "Üç sözüm var."}, **matching(tag))) == (412, "changed_meanwhile")
    assert (Comment.objects.get().text, CommentVersion.objects.count()) == ("İki sözüm var.", 1)


@pytest.mark.parametrize("tag", ["", "x", '"', "W/", '"a" "b"', "ş", "," * 2000])
def test_a_tag_that_is_none_matches_nothing_and_breaks_nothing(call, proposal, ayse, tag):
    comment = f.CommentFactory(thread=proposal.thread, author=ayse)
    answer = call(ayse).patch(f"comments/{comment.pk}/", {"text": "Yeni bir söz."}, **matching(tag))
    assert refusal(answer) == (412, "changed_meanwhile")
    assert call().get(f"comments/{comment.pk}/", **holding(tag)).status_code == 200
