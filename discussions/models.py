"""Threads and comments. An owner (a proposal, a working group) points down to its thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.validators import MaxLengthValidator, MinLengthValidator
from django.db import models
from django.db.models import F, Q
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _l

from discussions.markup import excerpt, render
from people.models import Person

if TYPE_CHECKING:
    from discussions.policies import ThreadPolicy

MAX_DEPTH = 2
"""Replies nest two below a comment: three levels in all."""
MAX_COMMENT_LENGTH = 5_000


class Thread(models.Model):
    """A discussion (tartışma). Who may read, write and moderate is asked of the owner's policy."""

    policy = models.CharField(max_length=60)
    is_open = models.BooleanField(default=True)
    # Comments whose text is shown: neither hidden nor deleted. Kept in the transaction that changes one.
    comment_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    owner: Any = None
    """What the thread belongs to, set by a page that has read it, so that the policy need not ask for it again."""

    class Meta:
        verbose_name = _l("tartışma")
        verbose_name_plural = _l("tartışmalar")

    def __str__(self) -> str:
        return self.topic

    @property
    def topic(self) -> str:
        return f"thread:{self.pk}"

    @property
    def rules(self) -> ThreadPolicy:
        from discussions.policies import policy_of

        return policy_of(self)


class Mark(models.TextChoices):
    """How a comment stands to the matter."""

    FOR = "for", _l("Destekliyor")
    AGAINST = "against", _l("Karşı")
    NEUTRAL = "neutral", _l("Tarafsız")


class CommentQuerySet(models.QuerySet["Comment"]):
    def roots(self) -> CommentQuerySet:
        return self.filter(depth=0)


class Comment(models.Model):
    """One contribution to a thread (yorum). Hiding and deleting leave a trace in its place."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="comments")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="replies")
    root = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="descendants")
    depth = models.PositiveSmallIntegerField(default=0)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="comments")
    # Made by the browser with the form, so that a second click or a retry adds nothing.
    key = models.UUIDField()
    text = models.TextField(_l("yorum"), validators=[MinLengthValidator(2), MaxLengthValidator(MAX_COMMENT_LENGTH)])
    mark = models.CharField(_l("görüş"), max_length=8, choices=Mark, default=Mark.NEUTRAL)
    # Replies anywhere below this comment whose text is shown, kept on first-level comments only.
    reply_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    hidden_reason = models.CharField(_l("gerekçe"), max_length=300, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _l("yorum")
        verbose_name_plural = _l("yorumlar")
        constraints = [
            models.UniqueConstraint(fields=["author", "key"], name="one_comment_per_author_and_key"),
            models.CheckConstraint(condition=Q(depth__lte=MAX_DEPTH), name="comment_depth_is_at_most_three_levels"),
            models.CheckConstraint(
                condition=Q(depth=0, parent__isnull=True, root__isnull=True)
                | Q(depth__gt=0, parent__isnull=False, root__isnull=False),
                name="comment_depth_fits_its_parent",
            ),
            models.CheckConstraint(condition=Q(mark__in=Mark.values), name="comment_mark_is_known"),
            models.CheckConstraint(
                condition=Q(hidden_at__isnull=True, hidden_by__isnull=True, hidden_reason="")
                | (Q(hidden_at__isnull=False, hidden_by__isnull=False) & ~Q(hidden_reason="")),
                name="comment_is_hidden_by_somebody_with_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["thread", "-id"], condition=Q(depth=0), name="first_level_comments_newest"),
            models.Index(fields=["root", "id"], condition=Q(depth__gt=0), name="replies_in_order"),
            models.Index(fields=["author", "-created_at"], name="comments_of_a_person_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.thread_id}/{self.pk}"

    @property
    def text_html(self) -> SafeString:
        """The text rendered, with the names of mentioned people marked; `reading.with_names` brings them for a list."""
        names = getattr(self, "mentioned", None)
        if names is None:
            names = self.mentions.values_list("person__display_name", flat=True)
        return render(self.text, names)

    @property
    def excerpt(self) -> str:
        """The beginning of the text in one line, without its marks."""
        return excerpt(self.text)

    @property
    def is_readable(self) -> bool:
        """Whether the text is shown: neither hidden nor deleted."""
        return self.hidden_at is None and self.deleted_at is None


class CommentVersion(models.Model):
    """A comment's text before an edit."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="versions")
    text = models.TextField()
    mark = models.CharField(max_length=8, choices=Mark)
    replaced_at = models.DateTimeField()

    class Meta:
        ordering = ["-replaced_at", "-pk"]

    @property
    def text_html(self) -> SafeString:
        return render(self.text)

    def __str__(self) -> str:
        return f"{self.comment_id} · {self.replaced_at:%Y-%m-%d}"


class Mention(models.Model):
    """A person named in a comment."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="mentions")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="mentions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comment", "person"], name="one_mention_per_person_in_a_comment")
        ]

    def __str__(self) -> str:
        return f"{self.comment_id} → {self.person_id}"


class ReportReason(models.TextChoices):
    """Why somebody reports a comment."""

    INSULT = "insult", _l("Hakaret ya da tehdit")
    PERSONAL_DATA = "personal_data", _l("Başkasının kişisel bilgisi")
    SPAM = "spam", _l("Reklam ya da tekrar")
    OFF_TOPIC = "off_topic", _l("Konu dışı")
    OTHER = "other", _l("Başka bir neden")


class Report(models.Model):
    """A reader's notice to the moderators (bildirim)."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="reports")
    # Where the thread belongs: plain ids, because councils and bodies lie above.
    council_id = models.BigIntegerField(null=True)
    body_id = models.BigIntegerField(null=True)
    reporter = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(_l("neden"), max_length=16, choices=ReportReason)
    note = models.CharField(_l("açıklama"), max_length=500, blank=True)
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comment", "reporter"], name="one_report_per_reader_and_comment"),
            models.CheckConstraint(condition=Q(reason__in=ReportReason.values), name="report_reason_is_known"),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True) | Q(settled_at__gte=F("created_at")),
                name="report_is_settled_after_it_was_made",
            ),
        ]
        indexes = [
            models.Index(
                fields=["council_id", "id"], condition=Q(settled_at__isnull=True), name="open_reports_of_a_council"
            )
        ]

    def __str__(self) -> str:
        return f"{self.comment_id} · {self.reason}"
