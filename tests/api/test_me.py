"""One's own account, attachments, moderation and the desk through the API."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from discussions.models import Report
from people.models import IdentityCheck, Person
from proposals.models import Attachment
from proposals.stages import Stage
from tests import factories as f
from tests.api.conftest import refusal, wrong_fields
from tests.proposals.test_attachments import pdf

pytestmark = pytest.mark.django_db
C = "councils/kocaeli/"
NUMBER = "10000000146"


# --- Account ----------------------------------------------------------------------------------------------------------
def test_the_account_is_read_and_only_name_and_language_are_changed(call, kocaeli, ayse):
    me = call(ayse)
    account = me.get("me/").json()
    assert (account["display_name"], account["email"], account["desks"]) == ("Ayşe Demir", "ayse@ornek.invalid", [])
    assert account["residence"]["district"] == "izmit"
    assert me.patch("me/", {"display_name": "Ayşe D."}).json()["display_name"] == "Ayşe D."
    for field in ("email", "is_staff", "is_active", "password", "id"):
        assert wrong_fields(me.patch("me/", {field: "x"})) == {field}
    assert wrong_fields(me.patch("me/", {"display_name": "x"})) == {"display_name"}
    assert Person.objects.get(pk=ayse.pk).is_staff is False


def test_another_district_drops_the_verification_as_on_the_page(call, kocaeli, adana, ayse):
    me = call(ayse)
    assert me.get("me/residence/").json()["verified_at"] is not None
    moved = me.put("me/residence/", {"council": "adana", "district": "seyhan"}).json()
    assert (moved["council"], moved["verified_at"]) == ("adana", None)
    assert wrong_fields(me.put("me/residence/", {"council": "kocaeli", "district": "seyhan"})) == {"district"}


def test_what_is_stored_is_one_s_own(call, kocaeli, ayse, mehmet):
    f.ProposalFactory(council=kocaeli, author=ayse, title="Sahile bank")
    f.ProposalFactory(council=kocaeli, author=mehmet, title="Mehmet’in önerisi")
    stored = call(ayse).get("me/data/")
    assert [row["title"] for row in stored.json()["proposals"]] == ["Sahile bank"]
    assert "Mehmet" not in stored.content.decode()
    assert [row["title"] for row in call(ayse).get("me/proposals/").json()["results"]] == ["Sahile bank"]


def test_following_and_what_is_followed(call, kocaeli, ayse):
    proposal = f.ProposalFactory(council=kocaeli, stage=Stage.GATHERING)
    path, me = f"{C}proposals/{proposal.number}/follow/", call(ayse)
    assert [me.put(path).json()["follows"] for _ in range(2)] == [True, True]
    assert [row["number"] for row in me.get("me/followed/").json()["results"]] == [proposal.number]
    assert [me.delete(path).json()["follows"] for _ in range(2)] == [False, False]
    assert me.get("me/news/").json() == {"moves": [], "mentions": []}


def test_tokens_are_listed_without_their_secret_and_taken_back(call, ayse, mehmet):
    whole, theirs = f.token(ayse, "me:write"), f.token(mehmet, "me:write")
    listed = call(token=whole).get("me/tokens/")
    row = listed.json()["results"][0]
    assert (row["prefix"], row["is_live"]) == (whole[:14], True)
    assert whole[15:] not in listed.content.decode()
    their_row = call(token=theirs).get("me/tokens/").json()["results"][0]
    assert refusal(call(token=whole).delete(f"me/tokens/{their_row['id']}/")) == (404, "not_found")
    assert call(token=whole).delete(f"me/tokens/{row['id']}/").status_code == 204
    assert refusal(call(token=whole).get("me/tokens/")) == (401, "invalid_token")


def test_supporters_are_those_who_let_their_names_be_shown(call, kocaeli, ayse, mehmet):
    proposal = f.ProposalFactory(council=kocaeli, stage=Stage.GATHERING)
    f.SupportFactory(proposal=proposal, person=ayse, shows_name=True)
    f.SupportFactory(proposal=proposal, person=mehmet, shows_name=False)
    shown = call().get(f"{C}proposals/{proposal.number}/supporters/")
    assert [row["person"] for row in shown.json()["results"]] == ["Ayşe Demir"]


def test_options_are_the_verdicts_of_the_page(call, kocaeli, ayse, hakan):
    proposal = f.ProposalFactory(council=kocaeli, author=ayse)
    options = {row["name"]: row for row in call(hakan).get(f"{C}proposals/{proposal.number}/options/").json()}
    assert options["decide_admissibility"]["allowed"] is True
    assert (options["revise"]["allowed"], options["revise"]["code"]) == (False, "not_author")
    assert [row["name"] for row in call().get(f"{C}proposals/{proposal.number}/options/").json()] == [
        "support",
        "follow",
        "amend",
    ]


# --- Attachments ------------------------------------------------------------------------------------------------------
@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path)}},
    }


def upload(me, path, content, name="ek.pdf", **fields):
    return me.client.post(f"/api/v1/{path}", {"file": SimpleUploadedFile(name, content), **fields})


def test_a_file_is_added_given_out_and_removed_with_a_token(call, media, kocaeli, ayse, mehmet):
    proposal = f.ProposalFactory(council=kocaeli, author=ayse)
    path, me = f"{C}proposals/{proposal.number}/attachments/", call(token=f.token(ayse, "proposals:write"))
    content = pdf()
    added = upload(me, path, content, description="Keşif özeti")
    assert (added.status_code, added.json()["description"]) == (201, "Keşif özeti")
    assert upload(me, path, content).json()["id"] == added.json()["id"]
    file = call().get(added.json()["file"].partition("/api/v1/")[2])
    assert (file.status_code, file["Content-Type"], file["X-Content-Type-Options"]) == (
        200,
        "application/pdf",
        "nosniff",
    )
    assert b"".join(file.streaming_content).startswith(b"%PDF")
    assert upload(call(mehmet), path, content).status_code == 403
    one = f"{C}attachments/{added.json()['id']}/"
    assert refusal(call(mehmet).delete(one)) == (403, "not_author")
    assert me.delete(one).status_code == 204
    assert refusal(call().get(one)) == (404, "not_found")


def test_a_wrong_file_is_told_by_its_field(call, media, kocaeli, ayse):
    draft = f.ProposalFactory(council=kocaeli, author=ayse, stage=Stage.DRAFT)
    path, me = f"{C}drafts/{draft.key}/attachments/", call(ayse)
    for content, name in ((b"MZ", "ek.pdf"), (b"<svg/>", "ek.svg"), (b"", "ek.pdf")):
        answer = upload(me, path, content, name)
        assert wrong_fields(answer) == {"file"}, answer.content
    assert wrong_fields(me.client.post(f"/api/v1/{path}", {"description": "x"})) == {"file"}
    assert wrong_fields(upload(me, path, pdf(), kind="image")) == {"kind"}
    assert refusal(me.post(path, {"file": "x"})) == (415, "unsupported_media_type")
    assert Attachment.objects.count() == 0


def test_a_file_of_somebody_s_draft_does_not_exist_for_others(call, media, kocaeli, ayse, mehmet):
    draft = f.ProposalFactory(council=kocaeli, author=ayse, stage=Stage.DRAFT)
    added = upload(call(ayse), f"{C}drafts/{draft.key}/attachments/", pdf()).json()
    for path in (f"{C}attachments/{added['id']}/", f"{C}attachments/{added['id']}/file/"):
        assert call(ayse).get(path).status_code == 200
        assert refusal(call(mehmet).get(path)) == (404, "not_found")
        assert refusal(call().get(path)) == (404, "not_found")


@pytest.mark.parametrize(
    ("kind", "body", "code"),
    [
        ("multipart/form-data", b"x", "parse_error"),
        ("multipart/form-data; boundary=x; charset=bz2_codec", b"--x--", "unsupported_media_type"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n", "invalid"),
        ("application/x-www-form-urlencoded", b"file=x", "unsupported_media_type"),
    ],
)
def test_a_form_that_is_none_is_told(call, media, kocaeli, ayse, kind, body, code):
    proposal = f.ProposalFactory(council=kocaeli, author=ayse)
    answer = call(ayse)("post", f"{C}proposals/{proposal.number}/attachments/", body, content_type=kind)
    assert refusal(answer)[1] == code


# --- Moderation -------------------------------------------------------------------------------------------------------
def test_a_report_is_made_listed_settled_and_its_reporter_named_to_nobody(
    call, kocaeli, ulasim, ayse, mehmet, derya, nermin
):
    thread = f.ProposalFactory(council=kocaeli, addressed_to=ulasim, stage=Stage.GATHERING).thread
    comment = f.CommentFactory(thread=thread, author=ayse)
    path = f"comments/{comment.pk}/report/"
    assert refusal(call(mehmet).get(path)) == (404, "not_found")
    for _ in range(2):
        assert call(mehmet).post(path, {"reason": "spam"}).status_code == 201
    assert wrong_fields(call(nermin).post(path, {"reason": "other"})) == {"note"}
    assert refusal(call(ayse).post(path, {"reason": "spam"})) == (403, "own_comment")
    listed = call(derya).get(f"{C}reports/")
    assert [row["comment"]["id"] for row in listed.json()["results"]] == [comment.pk]
    assert "Mehmet" not in listed.content.decode()
    assert call(nermin).get(f"{C}reports/").json()["results"] == []
    settle = f"reports/{listed.json()['results'][0]['id']}/settle/"
    assert refusal(call(nermin).post(settle)) == (404, "not_found")
    assert call(derya).post(settle).status_code == 204
    assert Report.objects.get().settled_by == derya


def test_a_comment_is_hidden_and_shown_again_by_its_moderators(call, kocaeli, ulasim, ayse, derya, nermin):
    thread = f.ProposalFactory(council=kocaeli, addressed_to=ulasim, stage=Stage.GATHERING).thread
    comment = f.CommentFactory(thread=thread, author=ayse, text="Kaba bir söz.")
    path = f"comments/{comment.pk}/"
    assert refusal(call(nermin).post(f"{path}hide/", {"reason": "Hakaret içeriyor."})) == (403, "not_moderator")
    hidden = call(derya).post(f"{path}hide/", {"reason": "Hakaret içeriyor."}).json()
    assert (hidden["text"], hidden["is_hidden"], hidden["hidden_reason"]) == ("", True, "Hakaret içeriyor.")
    assert call().get(f"{path}versions/").json() == []
    assert call(derya).post(f"{path}restore/").json()["text"] == "Kaba bir söz."
    options = {row["name"]: row["allowed"] for row in call(ayse).get(f"{path}options/").json()}
    assert options == {"edit": True, "delete": True, "report": False, "hide": False, "restore": False}


def test_a_thread_says_whether_one_may_write_and_suggests_names(call, kocaeli, ayse, mehmet):
    thread = f.ProposalFactory(council=kocaeli, stage=Stage.GATHERING).thread
    f.CommentFactory(thread=thread, author=mehmet)
    told = call().get(f"threads/{thread.pk}/").json()
    assert (told["comment_count"], told["may_write"]["code"]) == (1, "sign_in")
    assert call(ayse).get(f"threads/{thread.pk}/people/?q=me").json() == {"names": ["Mehmet Arslan"]}


# --- The desk ---------------------------------------------------------------------------------------------------------
def test_the_desk_tells_what_waits_for_whom(call, kocaeli, ulasim, ayse, hakan, derya, outsider):
    f.ProposalFactory(council=kocaeli, author=ayse, addressed_to=ulasim, due_at=timezone.now())
    f.ResidenceFactory(person=outsider, council=kocaeli, verified=False)
    desk = {row["kind"]: row["count"] for row in call(hakan).get(f"{C}desk/").json()}
    assert (desk["admissibility"], desk["residents"]) == (1, 1)
    tasks = call(hakan).get(f"{C}desk/admissibility/").json()["results"]
    assert (len(tasks), tasks[0]["due"] is not None) == (1, True)
    for kind in desk:
        assert call(hakan).get(f"{C}desk/{kind}/").status_code == 200
    assert refusal(call(hakan).get(f"{C}desk/everything/")) == (404, "not_found")
    assert refusal(call(ayse).get(f"{C}desk/")) == (403, "no_office")
    assert refusal(call(derya).get(f"{C}desk/admissibility/")) == (404, "not_found")


def test_an_officer_verifies_a_resident_and_the_number_is_given_back_to_nobody(call, kocaeli, selin, ayse, outsider):
    f.ResidenceFactory(person=outsider, council=kocaeli, verified=False)
    waiting = call(selin).get(f"{C}residents/").json()["results"]
    assert [row["name"] for row in waiting] == ["Deniz Uzak"]
    assert call(selin).get(f"{C}residents/?q=uzak").json()["results"] == waiting
    assert call(selin).get(f"{C}residents/?q=ali").json()["results"] == []
    path = f"{C}residents/{outsider.pk}/"
    assert refusal(call(ayse).get(path)) == (403, "not_officer")
    assert wrong_fields(call(selin).post(f"{path}verify/", {"national_number": "1"})) == {"national_number"}
    answer = call(selin).post(f"{path}verify/", {"national_number": NUMBER})
    assert (answer.status_code, answer.json()["verified_at"] is not None) == (200, True)
    assert NUMBER not in answer.content.decode()
    assert IdentityCheck.objects.filter(person=outsider).count() == 1
    assert "Deniz Uzak" in str(call(selin).get(f"{C}residents/?state=verified").json())
