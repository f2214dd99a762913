"""The pages of a discussion as people use them: with and without JavaScript, allowed and refused."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from discussions import actions
from discussions.models import Comment
from proposals.stages import Stage
from tests.discussions.pages import HTMX, send, url
from tests.factories import (
    CommentFactory,
    MembershipFactory,
    PersonFactory,
    ProposalFactory,
    ResidenceFactory,
)

pytestmark = pytest.mark.django_db


# --- Reading ----------------------------------------------------------------------------------------------------------
def test_everybody_reads_the_discussion_of_a_proposal(client, place, comment, reply):
    for address in (reverse("thread_page", args=[place.pk]), url("comment_page", comment), url("comment_page", reply)):
        page = client.get(address)
        assert page.status_code == 200
        assert "Kavşakta ışık yok." in page.content.decode()
        assert "Ben de gördüm." in page.content.decode()


def test_the_page_belongs_to_the_council_of_its_thread(client, place, comment, kocaeli):
    assert client.get(reverse("thread_page", args=[place.pk])).wsgi_request.council == kocaeli


ADDRESSES = [
    "comment_page", "comment_reply", "comment_options", "comment_history", "comment_edit", "comment_delete",
    "comment_report", "comment_hide", "comment_restore",
]  # fmt: skip


@pytest.mark.parametrize("name", ADDRESSES)
@pytest.mark.parametrize("who", ["outsider", "hakan_of_adana"])
def test_a_closed_discussion_exists_for_its_members_only(client, request, closed_group, adana, outsider, name, who):
    thread, comment, member = closed_group
    stranger = outsider if who == "outsider" else PersonFactory()
    client.force_login(stranger)

    assert client.get(url(name, comment)).status_code == 404
    assert client.post(url(name, comment), {"text": "x", "reason": "spam"}).status_code in {404, 405}
    assert client.get(reverse("thread_page", args=[thread.pk])).status_code == 404
    assert client.get(reverse("thread_people", args=[thread.pk]) + "?q=zey").status_code == 404
    assert send(client, thread).status_code == 404
    client.force_login(member)
    assert client.get(url("comment_page", comment)).status_code == 200


def test_a_comment_is_found_in_its_own_thread_only(client, ayse, comment, kocaeli, ulasim):
    other = ProposalFactory(council=kocaeli, addressed_to=ulasim, stage=Stage.IN_GROUP).thread
    client.force_login(ayse)

    for name in ADDRESSES:
        assert client.get(reverse(name, args=[other.pk, comment.pk])).status_code == 404
    assert send(client, other, parent=str(comment.pk)).status_code == 404
    assert client.get(reverse("comment_page", args=[comment.thread_id, 2**63])).status_code == 404
    assert client.get(reverse("thread_page", args=[2**63])).status_code == 404


def test_a_draft_has_no_discussion_for_others(client, kocaeli, ayse):
    from tests.factories import ThreadFactory

    orphan = ThreadFactory()

    assert client.get(reverse("thread_page", args=[orphan.pk])).status_code == 404


@pytest.mark.parametrize("number", ["", "0", "-1", "x", "9" * 40, "0" * 30 + "9" * 5_000, "٣", "1e9"])
def test_a_wrong_page_number_is_no_error(client, place, comment, number):
    assert client.get(reverse("thread_page", args=[place.pk]), {"before": number}).status_code == 200
    assert client.get(url("comment_page", comment), {"after": number}).status_code == 200


def test_older_comments_are_one_press_away_with_and_without_htmx(client, place, ayse):
    for number in range(25):
        CommentFactory(thread=place, author=ayse, text=f"Söz numara {number:02d}.")
    first = client.get(reverse("thread_page", args=[place.pk])).content.decode()
    (address,) = set(re.findall(r'href="([^"]*before=\d+)"', first))

    second = client.get(address).content.decode()
    part = client.get(address, **HTMX).content.decode()

    assert "Söz numara 05." in first
    assert "Söz numara 04." not in first
    for page in (second, part):
        assert "Söz numara 04." in page
        assert "Söz numara 05." not in page
    assert "<html" in second
    assert "<html" not in part


def test_a_page_of_a_discussion_takes_few_queries(client, place, ayse, django_assert_max_num_queries):
    for number in range(30):
        CommentFactory(thread=place, author=ayse, text=f"Söz {number}, @Ayşe Demir.")
    client.force_login(PersonFactory())

    with django_assert_max_num_queries(16):
        client.get(reverse("thread_page", args=[place.pk]))


# --- Writing ----------------------------------------------------------------------------------------------------------
def test_a_visitor_is_sent_to_log_in_and_nothing_is_written(client, place, comment):
    assert send(client, place)["Location"].startswith("/hesap/")
    for name in ("comment_edit", "comment_delete", "comment_report", "comment_hide", "comment_restore"):
        assert client.post(url(name, comment), {"text": "x", "reason": "spam"}).status_code == 302
    assert Comment.objects.get() == comment
    assert "Yazmak için giriş yapın." in client.get(url("comment_reply", comment)).content.decode()


def test_without_javascript_a_comment_brings_back_to_the_proposal(client, place, proposal, ayse):
    client.force_login(ayse)

    answer = send(client, place, "Işık istiyoruz.", mark="for")

    comment = Comment.objects.get()
    assert answer["Location"] == f"{proposal.get_absolute_url()}#comment-{comment.pk}"
    assert (comment.text, comment.mark) == ("Işık istiyoruz.", "for")


def test_without_javascript_a_reply_brings_to_its_comment(client, place, comment, mehmet):
    client.force_login(mehmet)

    answer = send(client, place, parent=str(comment.pk))

    reply = Comment.objects.get(parent=comment)
    assert answer["Location"] == f"{url('comment_page', reply)}#comment-{reply.pk}"


def test_htmx_gets_the_new_comment_for_its_list_and_an_empty_form(client, place, ayse):
    client.force_login(ayse)

    html = send(client, place, "Işık istiyoruz.", **HTMX).content.decode()

    assert f'hx-swap-oob="afterbegin:#thread-{place.pk}-list"' in html
    assert "Işık istiyoruz." in html.split("hx-swap-oob")[1]
    assert "Işık istiyoruz." not in html.split("hx-swap-oob")[0]
    assert str(Comment.objects.get().key) not in html


def test_htmx_gets_a_reply_for_its_own_list(client, place, comment, reply, ayse):
    client.force_login(ayse)

    html = send(client, place, parent=str(reply.pk), **HTMX).content.decode()

    assert f'hx-swap-oob="beforeend:#replies-{reply.pk}"' in html
    assert f'id="reply-{reply.pk}"' in html


def test_a_second_click_writes_nothing_twice(client, place, ayse):
    client.force_login(ayse)
    key = str(uuid4())

    first, second = send(client, place, key=key), send(client, place, key=key)

    assert first["Location"] == second["Location"]
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize(
    ("text", "more", "status"),
    [
        ("", {}, 422),
        ("a", {}, 422),
        ("ışık " * 1001, {}, 422),
        ("Geçerli bir söz.", {"mark": "loud"}, 422),
        ("Geçerli bir söz.", {"key": "1"}, 422),
    ],
)
def test_what_was_typed_stays_when_something_is_wrong(client, place, ayse, text, more, status, htmx):
    client.force_login(ayse)

    answer = send(client, place, text, **more, **(HTMX if htmx else {}))

    assert answer.status_code == status
    assert text in answer.content.decode()
    assert "error" in answer.content.decode()
    assert answer.has_header("HX-Retarget") == htmx
    assert not Comment.objects.exists()


@pytest.mark.parametrize("htmx", [True, False])
def test_what_was_typed_stays_when_writing_is_refused(client, place, proposal, ayse, htmx):
    client.force_login(ayse)
    proposal.stage = Stage.ADOPTED
    proposal.save()

    answer = send(client, place, "Son sözüm bu.", **(HTMX if htmx else {}))

    assert answer.status_code == 403
    assert "Öneri sonuçlandı, tartışma yeni yorumlara kapandı." in answer.content.decode()
    assert not Comment.objects.exists()


def test_a_used_key_is_renewed_so_that_the_words_can_be_sent_again(client, place, ayse):
    client.force_login(ayse)
    key = str(uuid4())
    send(client, place, "Birinci söz.", key=key)

    answer = send(client, place, "İkinci söz.", key=key)
    html = answer.content.decode()
    (fresh,) = re.findall(r'name="key" value="([^"]+)"', html)

    assert answer.status_code == 403
    assert "İkinci söz." in html
    assert fresh != key
    assert send(client, place, "İkinci söz.", key=fresh).status_code == 302


def test_a_reply_that_fails_keeps_its_words_on_its_own_page(client, place, comment, mehmet, derya):
    client.force_login(mehmet)
    actions.hide_comment(actor=derya, comment=comment, reason="Gerekçe bu.", at=timezone.now())

    answer = send(client, place, "Katılıyorum size.", parent=str(comment.pk))

    assert answer.status_code == 403
    assert "Katılıyorum size." in answer.content.decode()
    assert "artık görünmüyor" in answer.content.decode()


def test_foreign_fields_of_the_form_are_not_read(client, place, ayse, mehmet):
    client.force_login(ayse)

    send(client, place, author=mehmet.pk, depth=2, hidden_at="2020-01-01", created_at="2020-01-01", reply_count=9)

    comment = Comment.objects.get()
    assert (comment.author, comment.depth, comment.hidden_at, comment.reply_count) == (ayse, 0, None, 0)
    assert comment.created_at > timezone.now() - timedelta(minutes=1)


def test_a_comment_is_not_written_by_get_or_without_a_token(place, ayse):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(ayse)

    assert send(client, place).status_code == 403
    assert client.get(reverse("comment_add", args=[place.pk]), {"text": "Söz."}).status_code == 405
    assert not Comment.objects.exists()


def test_an_answer_to_a_third_level_comment_begins_with_its_authors_name(client, place, reply, ayse):
    third = actions.add_comment(
        actor=ayse, thread=place, text="Üçüncü katta.", parent=reply, key=uuid4(), at=timezone.now()
    )
    client.force_login(ayse)

    assert "@Ayşe Demir </textarea>" in client.get(url("comment_reply", third), **HTMX).content.decode()
    assert (
        "@"
        not in re.findall(r"<textarea[^>]*>([^<]*)", client.get(url("comment_reply", reply), **HTMX).content.decode())[
            0
        ]
    )


def test_names_are_suggested_to_those_who_may_write(client, place, comment, mehmet):
    address = reverse("thread_people", args=[place.pk])
    client.force_login(mehmet)

    assert client.get(address, {"q": "ays"}).json() == {"names": ["Ayşe Demir"]}
    assert client.get(address, {"q": "demir"}).json() == {"names": ["Ayşe Demir"]}
    assert client.get(address, {"q": "a"}).json() == {"names": []}
    assert client.get(address).json() == {"names": []}


def test_only_those_whose_names_the_council_shows_are_found_and_mentioned(client, place, kocaeli, kadin, mehmet):
    """Where somebody lives, and who sits in an assembly, is not for everybody to look up."""
    ResidenceFactory(person=PersonFactory(display_name="Zeynep Kaya"), council=kocaeli)
    MembershipFactory(body=kadin, person__display_name="Zeynep Uzak")
    member = MembershipFactory(body__council=kocaeli, person__display_name="Zeynep Öz").person
    client.force_login(mehmet)

    suggested = client.get(reverse("thread_people", args=[place.pk]), {"q": "zey"}).json()
    assert suggested == {"names": ["Zeynep Öz"]}
    text = "@Zeynep Öz, @Zeynep Kaya, @Zeynep Uzak"
    answer = client.post(reverse("comment_add", args=[place.pk]), {"text": text, "key": uuid4()}, **HTMX)

    comment = Comment.objects.get(text=text)
    assert list(comment.mentions.values_list("person_id", flat=True)) == [member.pk]
    assert "Bu adla kimse bulunamadı, kimse anılmadı: Zeynep Kaya, Zeynep Uzak" in answer.content.decode()


# --- Injections -------------------------------------------------------------------------------------------------------
def test_names_and_reasons_are_text_on_every_page(client, place, derya):
    evil = PersonFactory(display_name="<img src=x onerror=alert(1)>\"'")
    comment = actions.add_comment(
        actor=evil, thread=place, text="<svg onload=alert(1)>", key=uuid4(), at=timezone.now()
    )
    client.force_login(derya)
    addresses = [url(name, comment) for name in ADDRESSES if name not in {"comment_edit", "comment_restore"}]
    actions.report_comment(
        actor=derya, comment=comment, reason="spam", note="<script>alert(1)</script>", at=timezone.now()
    )
    for address in [
        *addresses,
        reverse("thread_page", args=[place.pk]),
        f"/{place.rules.place(place)[0].slug}/bildirimler/",
    ]:
        html = client.get(address).content.decode()
        for tag in ("<img src=x", "<svg onload", "<script>alert"):
            assert tag not in html, address
    actions.hide_comment(actor=derya, comment=comment, reason="<script>alert(1)</script>", at=timezone.now())
    assert "<script>alert" not in client.get(url("comment_page", comment)).content.decode()
