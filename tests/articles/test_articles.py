"""The knowledge base: two people for each text, found without Turkish letters, out of date after a year."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from articles import actions, reading
from articles.models import Article, Release, State
from people.verdicts import Refused
from tests import factories as f


@pytest.fixture
def officers(kocaeli, selin):
    """Who writes, and who reads."""
    writer = f.PersonFactory(display_name="Ozan Tekin")
    f.OfficerFactory(council=kocaeli, person=writer)
    return writer, selin


def page(name, *args):
    return reverse(name, args=["kocaeli", *args])


def test_a_text_is_shown_once_a_second_person_has_read_it_and_changes_the_same_way(kocaeli, officers, ayse):
    writer, reader, at = *officers, timezone.now()
    article = f.article_of(kocaeli, writer)
    actions.hand_in_article(actor=writer, article=article, at=at)
    with pytest.raises(Refused) as refused:
        actions.release_article(actor=writer, article=article, seen=1, at=at)
    assert refused.value.code == "own_text"
    assert not reading.shown_articles(kocaeli).exists()
    with pytest.raises(Refused):
        actions.release_article(actor=ayse, article=article, seen=1, at=at)
    actions.give_back_article(actor=reader, article=article, reason="Süreyi de yazın.", at=at)
    words = actions.Words(
        "Sonuç bildirimi ne zaman?", "Otuz gün içinde, yönetim kurulu verir.", topics=(" Dernek ", "DERNEK")
    )
    with pytest.raises(ValidationError):
        actions.write_article(actor=reader, article=article, words=words, seen=7, at=at)
    added = actions.write_article(actor=writer, article=article, words=words, seen=1, at=at)
    assert (added.number, added.topics) == (2, ["dernek"])
    assert actions.write_article(actor=writer, article=article, words=words, seen=1, at=at) == added
    actions.hand_in_article(actor=writer, article=article, at=at)
    with pytest.raises(Refused) as refused:
        actions.release_article(actor=reader, article=article, seen=1, at=at)
    assert refused.value.code == "changed_meanwhile"
    actions.release_article(actor=reader, article=article, seen=2, at=at)
    shown = reading.shown_articles(kocaeli).get()
    assert (shown.title, shown.state) == ("Sonuç bildirimi ne zaman?", State.RELEASED)
    # A change waits; what was released is shown meanwhile.
    again = actions.Words("Bildirim nereye verilir?", "Dernekler birimine verilir, e-Devlet üzerinden.")
    actions.write_article(actor=reader, article=article, words=again, seen=2, at=at)
    assert reading.shown_articles(kocaeli).get().title == "Sonuç bildirimi ne zaman?"
    actions.retire_article(actor=writer, article=article, reason="Yasa değişti.", at=at)
    assert not reading.shown_articles(kocaeli).exists()
    assert list(article.moves.exclude(reason="").values_list("reason", flat=True)) == [
        "Süreyi de yazın.",
        "Yasa değişti.",
    ]


def test_the_database_knows_no_release_by_whoever_wrote_it_and_no_other_past(kocaeli, officers):
    writer, reader = officers
    article = f.article_of(kocaeli, writer, reader)
    newest = actions.newest_of(f.article_of(kocaeli, writer))
    with pytest.raises(IntegrityError, match="nobody_releases_what_they_wrote"), transaction.atomic():
        Release.objects.create(version=newest, author=writer, released_by=writer, at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        article.versions.update(body="Hiç söylenmedi.")
    assert newest.article.slug == "genel-kurul-sonuc-bildirimi-ne-zaman-verilir-2"


def test_it_is_found_without_turkish_letters_and_by_its_topic_and_helps_once(client, kocaeli, officers, ayse):
    article = f.article_of(kocaeli, *officers)
    f.article_of(
        kocaeli,
        *officers,
        title="Salon desteği nasıl istenir?",
        summary="",
        topics=("salon",),
        body="Takvime bakıp üç gün önce.",
    )
    draft = f.article_of(kocaeli, officers[0], title="Bildirim taslağı duruyor")
    client.force_login(ayse)
    titles = lambda query: [row.title for row in client.get(page("article_list"), query).context["page"].items]  # noqa: E731
    assert titles({"q": "BILDIRIM suresi genel"}) == []
    assert titles({"q": "GENEL KURUL BILDIRIMI"}) == [article.title]
    assert titles({"konu": "salon"}) == ["Salon desteği nasıl istenir?"]
    assert len(titles({"q": "\0"})) == 2
    assert titles({"q": "!?"}) == []
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert "Bildirim taslağı" not in client.get(page("article_feed")).content.decode()
    assert article.title in client.get(page("article_feed")).content.decode()
    for said in ("1", "0", "0"):
        client.post(page("article_helpful", article.slug), {"evet": said})
    told = client.get(article.get_absolute_url()).context["told"]
    assert (told.yes, told.no, told.mine) == (0, 1, False)
    assert reading.similar_articles(kocaeli, "derneğimizin genel kurulunun bildirimi gecikti") == [article]


def test_after_a_year_it_is_the_desk_s_to_look_over(client, kocaeli, officers):
    article = f.article_of(kocaeli, *officers, at=timezone.now() - timedelta(days=400))
    waiting = f.article_of(kocaeli, officers[0], title="Tüzük nasıl değişir?")
    client.force_login(officers[0])
    client.post(page("article_settle", waiting.pk), {"do": "hand_in"})
    assert "Tüzük nasıl değişir?" not in client.get(page("desk")).content.decode()  # one's own text
    client.force_login(officers[1])
    text = client.get(page("desk")).content.decode()
    assert "Tüzük nasıl değişir?" in text
    assert article.title in text
    assert "bir yıldan uzun" in client.get(article.get_absolute_url()).content.decode()
    assert [line["row"].pk for line in client.get(page("article_desk"), {"durum": "eski"}).context["rows"]] == [
        article.pk
    ]
    client.post(page("article_settle", article.pk), {"do": "confirm"})
    assert article.title not in client.get(page("desk")).content.decode()
    text = client.post(page("article_settle", waiting.pk), {"do": "give_back", "reason": ""}).content.decode()
    assert "Gerekçeyi yazın." in text
    client.post(page("article_settle", waiting.pk), {"do": "release", "seen": "1"})
    assert client.get(waiting.get_absolute_url()).status_code == 200


def test_among_ten_thousand_it_is_found_by_the_index_in_few_queries(
    client, kocaeli, officers, django_assert_num_queries
):
    now = timezone.now()
    Article.objects.bulk_create(
        Article(
            council=kocaeli, slug=f"yazi-{n}", state=State.RELEASED, state_since=now,
            is_shown=True, released_at=now, reviewed_at=now, title=f"Konu {n} nasıl yapılır", body="Kısa metin.", topics=["konu"],
        )
        for n in range(10_000)
    )  # fmt: skip
    wanted = f.article_of(kocaeli, *officers)
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('articles_search')")
        cursor.execute("ANALYZE articles_article")
    plan = reading.found_articles(kocaeli, "sonuç bildirimi").order_by("-relevance", "-id")[:21].explain()
    assert "articles_search" in plan
    with django_assert_num_queries(4):
        page_ = client.get(page("article_list"), {"q": "sonuc bildirimi"}).context["page"]
    assert [row.pk for row in page_.items] == [wanted.pk]
    with django_assert_num_queries(4):
        assert len(client.get(page("article_list")).context["page"].items) == 20
