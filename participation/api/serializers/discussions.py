"""Comments."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _l
from rest_framework import serializers

from discussions.models import MAX_COMMENT_LENGTH, Comment, Mark
from participation.api.serializers.fields import Strict, TextField


class CommentSerializer(serializers.ModelSerializer[Comment]):
    """A comment. One that was hidden has no text, one that its author deleted has no name either."""

    author = serializers.SerializerMethodField()
    text = serializers.SerializerMethodField(help_text=_l("Markdown"))
    is_hidden = serializers.SerializerMethodField()
    is_deleted = serializers.SerializerMethodField()

    class Meta:
        model = Comment
        fields = [
            "id",
            "parent",
            "depth",
            "author",
            "text",
            "mark",
            "reply_count",
            "created_at",
            "edited_at",
            "is_hidden",
            "is_deleted",
            "hidden_reason",
        ]

    def get_author(self, comment: Comment) -> str:
        return comment.author.display_name if comment.deleted_at is None else ""

    def get_text(self, comment: Comment) -> str:
        return comment.text if comment.is_readable else ""

    def get_is_hidden(self, comment: Comment) -> bool:
        return comment.hidden_at is not None

    def get_is_deleted(self, comment: Comment) -> bool:
        return comment.deleted_at is not None


class NewCommentSerializer(Strict):
    """A comment to add; `key` is a UUID made by the client, so that a retry adds nothing."""

    text = TextField(max_length=MAX_COMMENT_LENGTH, help_text=_l("Markdown; en az 2 harf."))
    mark = serializers.ChoiceField(choices=Mark.choices, default=Mark.NEUTRAL)
    parent = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=1,
        max_value=2**63 - 1,
        help_text=_l("Yanıtlanan yorum"),
    )
    key = serializers.UUIDField(
        help_text=_l("Sizin ürettiğiniz bir UUID; aynı istek yinelenirse ikinci yorum eklenmez.")
    )

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and not isinstance(data.get("key", ""), str):
            raise serializers.ValidationError({"key": [self.fields["key"].error_messages["invalid"]]})
        return super().to_internal_value(data)


class EditCommentSerializer(Strict):
    text = TextField(max_length=MAX_COMMENT_LENGTH, required=False)
    mark = serializers.ChoiceField(choices=Mark.choices, required=False)
