"""What can be done with a comment on its pages: correct, delete, hide, show again, report."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from discussions import actions
from discussions.models import Comment, Report
from tests.discussions.pages import HTMX, url
from tests.factories import (
    CommentFactory,
)

pytestmark = pytest.mark.django_db


# --- One's own comment ------------------------------------------------------------------------------------------------
def test_an_author_corrects_a_comment_and_everybody_can_see_how(client, comment, ayse):
    client.force_login(ayse)
    assert "Kavşakta ışık yok." in client.get(url("comment_edit", comment)).content.decode()

    answer = client.post(url("comment_edit", comment), {"text": "Kavşakta lamba yok.", "mark": "for"})

    assert answer["Location"] == f"{url('comment_page', comment)}#comment-{comment.pk}"
    client.logout()
    assert "düzeltildi" in client.get(url("comment_page", comment)).content.decode()
    history = client.get(url("comment_history", comment)).content.decode()
    assert "Kavşakta ışık yok." in history
    assert "Kavşakta lamba yok." in history


def test_an_edit_that_is_wrong_keeps_the_words(client, comment, ayse):
    client.force_login(ayse)

    answer = client.post(url("comment_edit", comment), {"text": "a" * 5001, "mark": "for"})

    assert answer.status_code == 422
    assert "a" * 5001 in answer.content.decode()


def test_deleting_asks_first_and_leaves_a_trace(client, comment, reply, ayse):
    client.force_login(ayse)
    assert client.get(url("comment_delete", comment)).status_code == 200
    comment.refresh_from_db()
    assert comment.is_readable

    client.post(url("comment_delete", comment))

    page = client.get(url("comment_page", comment)).content.decode()
    assert "Bu yorumu yazarı sildi." in page
    assert "Ben de gördüm." in page
    assert "Kavşakta" not in page
    assert "Kavşakta" not in client.get(url("comment_history", comment)).content.decode()


# --- Moderating -------------------------------------------------------------------------------------------------------
def test_a_hidden_comment_shows_the_reason_to_all_and_its_text_to_author_and_moderators(
    client, comment, ayse, mehmet, derya, hakan
):
    client.force_login(derya)
    client.post(url("comment_hide", comment), {"reason": "Kişisel bilgi içeriyor."})

    client.logout()
    page = client.get(url("comment_page", comment)).content.decode()
    assert "Kişisel bilgi içeriyor." in page
    for who, sees in ((None, False), (mehmet, False), (ayse, True), (derya, True), (hakan, True)):
        if who:
            client.force_login(who)
        for address in (url("comment_page", comment), reverse("thread_page", args=[comment.thread_id])):
            shown = "Kavşakta ışık yok." in client.get(address).content.decode()
            assert shown == (sees and "yorum" in address), (who, address)
        assert "Kavşakta ışık yok." not in client.get(url("comment_history", comment)).content.decode()


def test_hiding_needs_a_reason_and_keeps_the_words(client, comment, derya):
    client.force_login(derya)

    assert client.post(url("comment_hide", comment), {"reason": ""}).status_code == 422
    answer = client.post(url("comment_hide", comment), {"reason": "a" * 301})
    assert answer.status_code == 422
    assert "a" * 301 in answer.content.decode()
    comment.refresh_from_db()
    assert comment.is_readable


def test_a_moderator_shows_a_hidden_comment_again(client, comment, derya):
    client.force_login(derya)
    client.post(url("comment_hide", comment), {"reason": "Gerekçe bu."})
    assert "Gerekçe bu." in client.get(url("comment_restore", comment)).content.decode()

    client.post(url("comment_restore", comment))

    comment.refresh_from_db()
    assert comment.is_readable


REFUSALS = {
    "ayse": {"comment_hide": 403, "comment_restore": 403, "comment_report": 403},
    "mehmet": {"comment_edit": 403, "comment_delete": 403, "comment_hide": 403, "comment_restore": 403},
    "nermin": {"comment_edit": 403, "comment_delete": 403, "comment_hide": 403, "comment_restore": 403},
    "selin": {"comment_edit": 403, "comment_delete": 403, "comment_hide": 403, "comment_restore": 403},
    "superuser": {"comment_edit": 403, "comment_delete": 403, "comment_hide": 403, "comment_restore": 403},
    "derya": {"comment_edit": 403, "comment_delete": 403, "comment_restore": 403},
}


@pytest.mark.parametrize("who", REFUSALS)
def test_who_may_not_reads_why_and_nothing_happens(client, request, comment, who):
    client.force_login(request.getfixturevalue(who))
    before = Comment.objects.values().get()

    for name, status in REFUSALS[who].items():
        assert client.get(url(name, comment)).status_code == status
        answer = client.post(url(name, comment), {"text": "Değişik söz.", "reason": "spam", "mark": "for"})
        assert (answer.status_code, "." in answer.content.decode()) == (status, True), name
    assert Comment.objects.values().get() == before
    assert not Report.objects.exists()


OPTIONS = {
    "visitor": {"Bildir"},
    "ayse": {"Düzelt", "Sil"},
    "mehmet": {"Bildir"},
    "derya": {"Bildir", "Gizle"},
    "hakan": {"Bildir", "Gizle"},
}


@pytest.mark.parametrize("who", OPTIONS)
@pytest.mark.parametrize("htmx", [True, False])
def test_the_menu_of_a_comment_lists_what_the_reader_may_do(client, request, comment, who, htmx):
    if who != "visitor":
        client.force_login(request.getfixturevalue(who))

    html = client.get(url("comment_options", comment), **(HTMX if htmx else {})).content.decode()

    lines = re.findall(r"</svg>([^<]+)</a></li>", html)
    assert {"Bildir", "Düzelt", "Sil", "Gizle", "Yeniden göster"} & set(lines) == OPTIONS[who]


def test_a_report_is_made_by_form_and_waits_for_the_moderators(client, comment, mehmet, kocaeli, derya, hakan):
    client.force_login(mehmet)
    assert client.post(url("comment_report", comment), {"reason": ""}).status_code == 422
    answer = client.post(url("comment_report", comment), {"reason": "other", "note": ""})
    assert answer.status_code == 422
    assert "Nedenini kısaca yazın." in answer.content.decode()

    client.post(url("comment_report", comment), {"reason": "insult", "note": "Ağır bir söz var."})

    assert "iletildi" in client.get(url("comment_report", comment)).content.decode()
    for moderator in (derya, hakan):
        client.force_login(moderator)
        listed = client.get(reverse("report_list", args=[kocaeli.slug])).content.decode()
        assert "Ağır bir söz var." in listed
        assert "Mehmet Arslan" not in listed


def test_reports_are_listed_for_those_who_moderate_there(
    client, comment, mehmet, kocaeli, adana, nermin, outsider, superuser, ayse
):
    actions.report_comment(actor=mehmet, comment=comment, reason="spam", note="Çok tekrar.", at=timezone.now())

    for stranger in (mehmet, ayse, nermin, outsider, superuser):
        client.force_login(stranger)
        page = client.get(reverse("report_list", args=[kocaeli.slug]))
        assert page.status_code == 200
        assert "Çok tekrar." not in page.content.decode()
        assert "Bekleyen bildirim yok" in page.content.decode()
    assert "Çok tekrar." not in client.get(reverse("report_list", args=[adana.slug])).content.decode()


def test_a_moderator_closes_a_report_without_hiding_and_nobody_else_finds_it(
    client, comment, mehmet, derya, ayse, kocaeli
):
    report = actions.report_comment(actor=mehmet, comment=comment, reason="spam", at=timezone.now())
    address = reverse("report_settle", args=[comment.thread_id, report.pk])

    for stranger in (mehmet, ayse):
        client.force_login(stranger)
        assert client.post(address).status_code == 404
    client.force_login(derya)
    assert client.get(address).status_code == 405
    assert client.post(address)["Location"] == reverse("report_list", args=[kocaeli.slug])
    report.refresh_from_db()
    assert report.settled_by == derya
    comment.refresh_from_db()
    assert comment.is_readable


def test_the_list_of_reports_has_pages_and_one_verdict_for_a_body(
    client, place, mehmet, derya, kocaeli, django_assert_max_num_queries
):
    for number in range(25):
        comment = CommentFactory(thread=place, text=f"Söz numara {number:02d}.")
        actions.report_comment(actor=mehmet, comment=comment, reason="spam", at=timezone.now())
    client.force_login(derya)
    address = reverse("report_list", args=[kocaeli.slug])

    with django_assert_max_num_queries(12):
        first = client.get(address).content.decode()
    (more,) = re.findall(r'href="(\?after=\d+)"', first)
    second = client.get(address + more).content.decode()

    assert first.count("Söz numara") == 20
    assert second.count("Söz numara") == 5
