"""The pages of a discussion as people use them: with and without JavaScript, allowed and refused."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from discussions import actions
from discussions.models import Comment, Report
from proposals.stages import Stage
from tests.factories import (
    CharterFactory,
    CommentFactory,
    MembershipFactory,
    PersonFactory,
    ProposalFactory,
    ResidenceFactory,
)

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def proposal(ulasim):
    return ProposalFactory(council=ulasim.council, addressed_to=ulasim, stage=Stage.IN_GROUP)


@pytest.fixture
def place(proposal):
    """The thread of a proposal in the transport group of Kocaeli: derya and hakan moderate it."""
    return proposal.thread


@pytest.fixture
def comment(place, ayse):
    return actions.add_comment(actor=ayse, thread=place, text="Kavşakta ışık yok.", key=uuid4(), at=timezone.now())


@pytest.fixture
def reply(place, comment, mehmet):
    return actions.add_comment(
        actor=mehmet, thread=place, text="Ben de gördüm.", parent=comment, key=uuid4(), at=timezone.now()
    )


@pytest.fixture
def closed_group(kocaeli):
    """A group that keeps its discussion among members, with one comment."""
    from tests.factories import BodyFactory

    charter = CharterFactory(body=BodyFactory(council=kocaeli, name="Kapalı Çalışma Grubu"), is_discussion_public=False)
    member = PersonFactory(display_name="Zeynep Şahin")
    MembershipFactory(body=charter.body, person=member)
    comment = CommentFactory(thread=charter.thread, author=member, text="Aramızda kalsın.")
    return charter.thread, comment, member


def url(name, comment):
    return reverse(name, args=[comment.thread_id, comment.pk])


def send(client, thread, text="Benim de bir sözüm var.", **more):
    data = {"text": text, "mark": "neutral", "key": str(uuid4())} | {k: v for k, v in more.items() if not k.isupper()}
    return client.post(reverse("comment_add", args=[thread.pk]), data, **{k: v for k, v in more.items() if k.isupper()})


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
