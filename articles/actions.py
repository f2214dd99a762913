"""What can be done with an article: written, handed in, released by a second person, looked over, retired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from articles.journal_kinds import ArticleKind
from articles.models import (
    LONGEST_BODY,
    LONGEST_SUMMARY,
    LONGEST_TITLE,
    LONGEST_TOPIC,
    MOST_TOPICS,
    Article,
    ArticleMove,
    ArticleVersion,
    Helpful,
    Release,
    State,
)
from articles.permissions import may_release, may_say_helpful, may_write
from councils.models import Council
from discussions.markup import clean
from journal.actions import record
from people.models import Person
from people.verdicts import no
from turkish.text import lower, slugify


@dataclass(frozen=True)
class Words:
    """The text of an article, as it comes from a form."""

    title: str
    body: str
    summary: str = ""
    topics: Sequence[str] = field(default_factory=tuple)


def start_article(*, actor: Person, council: Council, words: Words, at: datetime) -> Article:
    """Begin an article. Refuses who does not work in the directorate; `ValidationError` on a field of `Words`."""
    may_write(actor, council).require()
    words = _checked(words)
    with transaction.atomic():
        Council.objects.select_for_update(no_key=True).get(pk=council.pk)
        slug = _free_slug(council, words.title)
        article = Article.objects.create(council=council, slug=slug, state_since=at)
        ArticleMove.objects.create(article=article, old="", new=State.DRAFT, actor=actor, at=at)
        _add_version(article, words, actor=actor, at=at)
    return article


@transaction.atomic
def write_article(*, actor: Person, article: Article, words: Words, seen: int, at: datetime) -> ArticleVersion:
    """Add a version; the same text again adds none. What is shown stays until the next release.

    `seen` is the number of the version that was changed: `ValidationError` where somebody else has added one meanwhile.
    """
    article = _locked(article)
    may_write(actor, article.council).require()
    words, newest = _checked(words), newest_of(article)
    if words == _words_of(newest):
        return newest
    if newest.number != seen:
        raise ValidationError(
            _("Siz yazarken başka bir görevli bu yazıyı değiştirdi. Aşağıda sizin yazdıklarınız duruyor.")
        )
    added = _add_version(article, words, actor=actor, at=at)
    if article.state != State.DRAFT:
        _move(article, State.DRAFT, actor=actor, at=at)
    return added


@transaction.atomic
def hand_in_article(*, actor: Person, article: Article, at: datetime) -> Article:
    """Ask a second officer to read the newest version; again it changes nothing."""
    article = _locked(article)
    may_write(actor, article.council).require()
    if article.state == State.IN_REVIEW:
        return article
    _expect(article, State.DRAFT)
    _move(article, State.IN_REVIEW, actor=actor, at=at)
    return article


@transaction.atomic
def release_article(*, actor: Person, article: Article, seen: int, at: datetime) -> Article:
    """Show the version that was read. Refuses who wrote it, and when another has been written meanwhile."""
    article = _locked(article)
    newest = newest_of(article)
    may_release(actor, article, newest).require()
    if newest.number != seen:
        no(_("Siz okurken yeni bir sürüm yazıldı. Onu da okuyun."), code="changed_meanwhile").require()
    Release.objects.create(version=newest, author=newest.author, released_by=actor, at=at)
    article.title, article.summary, article.body, article.topics = (
        newest.title,
        newest.summary,
        newest.body,
        newest.topics,
    )
    article.is_shown, article.released_at, article.reviewed_at = True, at, at
    _move(article, State.RELEASED, actor=actor, at=at)
    _tell(ArticleKind.RELEASED, article, actor=actor, at=at)
    return article


@transaction.atomic
def give_back_article(*, actor: Person, article: Article, reason: str, at: datetime) -> Article:
    """Not yet: back to whoever wrote it, with why. `ValidationError` on ``reason``."""
    article = _locked(article)
    may_release(actor, article, newest_of(article)).require()
    _move(article, State.DRAFT, actor=actor, at=at, reason=_reason(reason))
    return article


@transaction.atomic
def confirm_article(*, actor: Person, article: Article, at: datetime) -> Article:
    """What is shown has been looked over and is still true."""
    article = _locked(article)
    may_write(actor, article.council).require()
    if not article.is_shown:
        no(_("Bu yazı yayında değil."), code="not_shown").require()
    article.reviewed_at = at
    article.save(update_fields=["reviewed_at"])
    return article


@transaction.atomic
def retire_article(*, actor: Person, article: Article, reason: str, at: datetime) -> Article:
    """Take it away from the readers, with why; its versions stay, and a new one may be written. Again it changes nothing."""
    article = _locked(article)
    may_write(actor, article.council).require()
    if article.state == State.RETIRED:
        return article
    was_shown, article.is_shown = article.is_shown, False
    _move(article, State.RETIRED, actor=actor, at=at, reason=_reason(reason))
    if was_shown:
        _tell(ArticleKind.RETIRED, article, actor=actor, at=at)
    return article


@transaction.atomic
def say_helpful(*, actor: Person, article: Article, is_helpful: bool, at: datetime) -> Helpful:
    """Whether it helped; said again it replaces what was said before."""
    may_say_helpful(actor, article).require()
    found, _made = Helpful.objects.update_or_create(
        article=article, person=actor, defaults={"is_helpful": is_helpful, "at": at}
    )
    return found


def newest_of(article: Article) -> ArticleVersion:
    return ArticleVersion.objects.select_related("author").filter(article=article).order_by("-number")[:1].get()


def _locked(article: Article) -> Article:
    return Article.objects.select_for_update(of=("self",)).select_related("council").get(pk=article.pk)


def _expect(article: Article, state: State) -> None:
    if article.state != state:
        no(_("Yazının durumu değişmiş. Sayfayı yenileyin."), code="wrong_state").require()


def _move(article: Article, new: State, *, actor: Person, at: datetime, reason: str = "") -> None:
    old, article.state, article.state_since = article.state, new, at
    article.save(
        update_fields=[
            "state", "state_since", "is_shown", "title", "summary", "body", "topics", "released_at", "reviewed_at",
        ]
    )  # fmt: skip
    ArticleMove.objects.create(article=article, old=old, new=new, reason=reason, actor=actor, at=at)


def _tell(kind: ArticleKind, article: Article, *, actor: Person, at: datetime) -> None:
    record(
        kind,
        actor=actor,
        subject=article,
        topic=article.topic,
        council=article.council,
        at=at,
        facts={"title": article.title},
    )


def _add_version(article: Article, words: Words, *, actor: Person, at: datetime) -> ArticleVersion:
    last = ArticleVersion.objects.filter(article=article).order_by("-number").values_list("number", flat=True).first()
    return ArticleVersion.objects.create(
        article=article,
        number=(last or 0) + 1,
        title=words.title,
        summary=words.summary,
        body=words.body,
        topics=list(words.topics),
        author=actor,
        at=at,
    )


def _words_of(version: ArticleVersion) -> Words:
    return Words(version.title, version.body, version.summary, tuple(version.topics))


def _checked(words: Words) -> Words:
    """The text as it is kept; `ValidationError` by field."""
    title, summary = " ".join(clean(words.title).split()), " ".join(clean(words.summary).split())
    body = clean(words.body)
    cleaned = (" ".join(lower(clean(topic)).split()) for topic in words.topics)
    topics = tuple(dict.fromkeys(topic for topic in cleaned if topic))
    wrong = {}
    if not 5 <= len(title) <= LONGEST_TITLE:
        wrong["title"] = _("Başlığı 5 ile 120 harf arasında yazın.")
    if len(summary) > LONGEST_SUMMARY:
        wrong["summary"] = _("Kısa yanıt en çok 300 harf olabilir.")
    if not 20 <= len(body) <= LONGEST_BODY:
        wrong["body"] = _("Metni en az 20, en çok 20.000 harfle yazın.")
    if len(topics) > MOST_TOPICS or any(len(topic) > LONGEST_TOPIC for topic in topics):
        wrong["topics"] = _("En çok 6 konu yazın; her biri en çok 40 harf.")
    if wrong:
        raise ValidationError({name: [sentence] for name, sentence in wrong.items()})
    return Words(title, body, summary, topics)


def _reason(text: str) -> str:
    text = clean(text)
    if not 5 <= len(text) <= 500:
        raise ValidationError({"reason": [_("Gerekçeyi 5 ile 500 harf arasında yazın.")]})
    return text


def _free_slug(council: Council, title: str) -> str:
    """The words of the title, with a number behind them where another article has them."""
    base = slugify(title, max_length=70) or "yazi"
    taken = set(Article.objects.filter(council=council, slug__startswith=base).values_list("slug", flat=True))
    if base not in taken:
        return base
    return next(slug for slug in (f"{base}-{n}" for n in range(2, len(taken) + 3)) if slug not in taken)
