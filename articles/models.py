"""The knowledge base (bilgi bankası): what the directorate has answered so often that everybody may read it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _l

from councils.models import Council
from people.models import Person
from turkish.functions import SearchVector

LONGEST_TITLE = 120
LONGEST_SUMMARY = 300
LONGEST_BODY = 20_000
MOST_TOPICS = 6
LONGEST_TOPIC = 40
STALE_AFTER = timedelta(days=365)
"""An article nobody has looked over for so long is listed for the desk, and says so to its readers."""


class State(models.TextChoices):
    """Where the newest version stands (durum). What is shown meanwhile is the version released last."""

    DRAFT = "draft", _l("Taslak")
    IN_REVIEW = "in_review", _l("Onay bekliyor")
    RELEASED = "released", _l("Yayında")
    RETIRED = "retired", _l("Kaldırıldı")


class ArticleQuerySet(models.QuerySet["Article"]):
    def shown(self) -> ArticleQuerySet:
        """What everybody reads."""
        return self.filter(is_shown=True)

    def stale(self, at: datetime) -> ArticleQuerySet:
        return self.shown().filter(reviewed_at__lt=at - STALE_AFTER)


class Article(models.Model):
    """An article (yazı): what everybody reads of it, and where its newest version stands."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="articles")
    slug = models.SlugField(max_length=80)
    state = models.CharField(_l("durum"), max_length=9, choices=State, default=State.DRAFT)
    state_since = models.DateTimeField()

    # A copy of the version released last; empty before the first release.
    is_shown = models.BooleanField(default=False)
    title = models.CharField(_l("başlık"), max_length=LONGEST_TITLE, blank=True)
    summary = models.CharField(_l("kısa yanıt"), max_length=LONGEST_SUMMARY, blank=True)
    body = models.TextField(_l("metin"), blank=True, validators=[MaxLengthValidator(LONGEST_BODY)])
    topics = ArrayField(models.CharField(max_length=LONGEST_TOPIC), default=list, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    # When somebody of the desk last said that it is still true; a release says so too.
    reviewed_at = models.DateTimeField(null=True, blank=True)

    search = models.GeneratedField(
        expression=SearchVector("title", "summary", "body"), output_field=SearchVectorField(), db_persist=True
    )

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _l("bilgi bankası yazısı")
        verbose_name_plural = _l("bilgi bankası yazıları")
        constraints = [
            models.UniqueConstraint(fields=["council", "slug"], name="one_article_per_slug_of_a_council"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="article_state_is_known"),
            models.CheckConstraint(
                condition=~Q(state=State.RELEASED) | Q(is_shown=True), name="a_released_article_is_shown"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.RETIRED) | Q(is_shown=False), name="a_retired_article_is_not_shown"
            ),
            models.CheckConstraint(
                condition=Q(is_shown=False)
                | ~Q(title="") & ~Q(body="") & Q(released_at__isnull=False, reviewed_at__isnull=False),
                name="a_shown_article_says_something_and_was_looked_over",
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], condition=Q(is_shown=True), name="articles_search"),
            GinIndex(fields=["topics"], condition=Q(is_shown=True), name="articles_topics"),
            models.Index(
                fields=["council", "-released_at", "-id"], condition=Q(is_shown=True), name="articles_newest_first"
            ),
            models.Index(fields=["council", "state", "state_since", "id"], name="articles_of_the_desk"),
            models.Index(
                fields=["council", "reviewed_at", "id"], condition=Q(is_shown=True), name="articles_by_review"
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.slug

    def get_absolute_url(self) -> str:
        return reverse("article_detail", args=[self.council.slug, self.slug])

    @property
    def desk_url(self) -> str:
        return reverse("article_write", args=[self.council.slug, self.pk])

    @property
    def topic(self) -> str:
        return f"article:{self.pk}"

    @property
    def is_stale(self) -> bool:
        return self.reviewed_at is not None and self.reviewed_at < timezone.now() - STALE_AFTER


class ArticleVersion(models.Model):
    """A text somebody wrote for an article. Only added (migration 0002)."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_l("sürüm"))
    title = models.CharField(_l("başlık"), max_length=LONGEST_TITLE)
    summary = models.CharField(_l("kısa yanıt"), max_length=LONGEST_SUMMARY, blank=True)
    body = models.TextField(_l("metin"), validators=[MaxLengthValidator(LONGEST_BODY)])
    topics = ArrayField(models.CharField(max_length=LONGEST_TOPIC), default=list, blank=True)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="one_version_per_number_of_an_article"),
            models.CheckConstraint(condition=Q(number__gte=1), name="article_versions_start_at_one"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(body=""), name="article_version_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.title} · {self.number}"


class Release(models.Model):
    """That a second person read a version and let it be shown. Only added (migration 0002)."""

    version = models.OneToOneField(ArticleVersion, on_delete=models.PROTECT, related_name="release")
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    released_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(author=F("released_by")), name="nobody_releases_what_they_wrote")
        ]

    def __str__(self) -> str:
        return str(self.version_id)


class ArticleMove(models.Model):
    """A change of state: who, when, and why where it was given back or retired. Only added (migration 0002)."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="moves")
    old = models.CharField(max_length=9, choices=State, blank=True)
    new = models.CharField(max_length=9, choices=State)
    reason = models.CharField(_l("gerekçe"), max_length=500, blank=True)
    actor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.article_id}: {self.old} → {self.new}"


class Helpful(models.Model):
    """Whether an article helped somebody (işe yaradı mı). One word per person, and they may change it."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="words")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    is_helpful = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "person"], name="one_word_per_person_on_an_article")]

    def __str__(self) -> str:
        return f"{self.article_id} {self.person_id} {self.is_helpful}"
