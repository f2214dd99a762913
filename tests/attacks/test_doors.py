"""Small doors: forged places in lists, words that cannot be seen, names that were taken back, corrections by the hundred."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from datetime import timedelta
from xml.dom import minidom

import pytest
from django.urls import reverse
from django.utils import timezone

from discussions.actions import RATE, RATE_WINDOW, edit_comment
from people.verdicts import Refused
from proposals import actions
from proposals.stages import Stage
from tests import factories as f

pytestmark = pytest.mark.django_db


def place(*values) -> str:
    return urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


# --- Places -----------------------------------------------------------------------------------------------------------
ONE = [float("inf"), float("-inf"), float("nan"), 10**300, -(10**300), "x", True, "\ud800"]
MOMENTS = ["9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59", "0001-01-01", "2026-02-31T00:00:00+00:00"]


@pytest.mark.parametrize("value", ONE)
def test_124_a_forged_place_in_the_record_gives_a_page(client, kocaeli, value):
    for direction in "np":
        answer = client.get(reverse("council_journal", args=[kocaeli.slug]), {"sayfa": place(direction, value)})
        assert answer.status_code == 200


@pytest.mark.parametrize("value", ONE)
def test_124_a_forged_place_among_names_gives_a_page(client, kocaeli, korfez, value):
    for values in (("A", value), (value, 1)):
        answer = client.get(reverse("organisation_list", args=[kocaeli.slug]), {"sayfa": place("n", *values)})
        assert answer.status_code == 200


@pytest.mark.parametrize("value", [*ONE, *MOMENTS])
def test_124_a_forged_place_among_moments_gives_a_page(client, kocaeli, hakan, ayse, value):
    client.force_login(hakan)
    for address in (reverse("residence_desk", args=[kocaeli.slug]), reverse("desk", args=[kocaeli.slug])):
        query = {"sayfa": place("n", value, 1), "bolum": "ikamet"}
        assert client.get(address, query).status_code == 200
    assert client.get(reverse("me"), {"onerilerim": place("n", value, 1)}).status_code == 200


def test_124_a_true_place_is_still_a_place(client, kocaeli, hakan):
    for _ in range(25):
        f.ResidenceFactory(council=kocaeli, verified_at=None, verified_by=None)
    client.force_login(hakan)
    first = client.get(reverse("residence_desk", args=[kocaeli.slug]))
    second = client.get(reverse("residence_desk", args=[kocaeli.slug]) + first.context["page"].next)
    seen = [row.pk for answer in (first, second) for row in answer.context["page"].items]
    assert len(seen) == len(set(seen)) > 20


# --- Words ------------------------------------------------------------------------------------------------------------
UNSEEN = "\u202e\u2066\u200f\ufeff\x1b\x07\ufffe\uffff"


def test_043_what_cannot_be_seen_is_not_kept_in_a_proposal(ayse, kocaeli):
    draft = f.ProposalFactory(council=kocaeli, author=ayse, stage=Stage.DRAFT)
    words = dict.fromkeys(("title", "summary", "text"), f"Sahil{UNSEEN} yolu\r\nboyunca")
    kept = actions.save_draft(actor=ayse, proposal=draft, changes=words, at=timezone.now())
    assert (kept.title, kept.summary, kept.text) == ("Sahil yolu boyunca", *["Sahil yolu\nboyunca"] * 2)


def test_043_what_cannot_be_seen_is_not_kept_in_a_new_version_or_a_reason(ayse, hakan, kocaeli, ulasim):
    proposal = f.ProposalFactory(council=kocaeli, author=ayse, addressed_to=ulasim, stage=Stage.SUBMITTED)
    words = {
        "title": "Sahil boyunca yol",
        "summary": proposal.summary,
        "text": proposal.text + " Ek.",
        "note": "Bir ek yaptım.",
    }
    words = {name: text[:3] + UNSEEN + text[3:] for name, text in words.items()}
    version = actions.revise_proposal(actor=ayse, proposal=proposal, at=timezone.now(), **words)
    actions.find_inadmissible(
        actor=hakan, proposal=proposal, reason=f"Usule {UNSEEN}uygun değil.", reason_code="other", at=timezone.now()
    )
    kept = [version.title, version.summary, version.text, version.note, proposal.moves.last().reason]
    assert not set(UNSEEN) & set("".join(kept))


def test_122_no_title_makes_a_feed_that_cannot_be_read(client, ayse, kocaeli, ulasim):
    draft = f.ProposalFactory(council=kocaeli, author=ayse, addressed_to=ulasim, stage=Stage.DRAFT)
    title = f"Sahil{UNSEEN} <yolu> & ]]> boyunca"
    draft = actions.save_draft(actor=ayse, proposal=draft, changes={"title": title}, at=timezone.now())
    actions.submit_proposal(actor=ayse, proposal=draft, at=timezone.now())
    feed = client.get(reverse("council_feed", args=[kocaeli.slug])).content
    assert "Sahil <yolu>" in minidom.parseString(feed).toxml().replace("&lt;", "<").replace("&gt;", ">")


# --- Comments ---------------------------------------------------------------------------------------------------------
def test_125_nobody_corrects_a_comment_by_the_hundred(ayse, kocaeli):
    proposal, at = f.ProposalFactory(council=kocaeli, author=ayse), timezone.now()
    comment = f.CommentFactory(thread=proposal.thread, author=ayse)
    for turn in range(RATE):
        edit_comment(actor=ayse, comment=comment, text=f"Düzeltme {turn}", at=at)
    with pytest.raises(Refused) as refusal:
        edit_comment(actor=ayse, comment=comment, text="Bir düzeltme daha", at=at)
    assert refusal.value.code == "too_fast"
    edit_comment(actor=ayse, comment=comment, text=f"Düzeltme {RATE - 1}", at=at)  # the same again is no correction
    edit_comment(actor=ayse, comment=comment, text="Bir dakika sonra", at=at + RATE_WINDOW + timedelta(seconds=1))


def test_144_who_took_a_comment_back_is_not_named_beside_it(client, outsider, kocaeli, ayse):
    proposal = f.ProposalFactory(council=kocaeli, author=outsider)
    writer = f.PersonFactory(display_name="Sözünü Geri Alan")
    gone = f.CommentFactory(thread=proposal.thread, author=writer, text="", deleted_at=timezone.now())
    client.force_login(ayse)
    for name in ("comment_page", "comment_reply", "comment_options", "comment_history", "comment_report"):
        assert writer.display_name not in client.get(reverse(name, args=[proposal.thread_id, gone.pk])).content.decode()


def test_144_a_frame_does_not_tell_who_took_a_comment_back(kocaeli, ayse):
    from discussions.actions import delete_comment
    from journal.models import Entry
    from realtime.frames import render

    proposal = f.ProposalFactory(council=kocaeli, author=ayse)
    comment = f.CommentFactory(thread=proposal.thread, author=ayse)
    delete_comment(actor=ayse, comment=comment, at=timezone.now())
    frame = json.loads(render(Entry.objects.get(topic=proposal.thread.topic)).text)
    assert (frame["k"], frame["by"]) == ("discussions.comment_deleted", None)
