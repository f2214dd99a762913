from django.db import models
from django.utils.translation import gettext_lazy as _l

from journal import kinds


class CommentKind(models.TextChoices):
    ADDED = "discussions.comment_added"
    EDITED = "discussions.comment_edited"
    DELETED = "discussions.comment_deleted"
    HIDDEN = "discussions.comment_hidden"
    RESTORED = "discussions.comment_restored"


kinds.register(
    CommentKind,
    {
        CommentKind.ADDED: _l("{actor} tartışmaya yazdı."),
        CommentKind.EDITED: _l("{actor} yorumunu düzeltti."),
        CommentKind.DELETED: _l("{actor} yorumunu sildi."),
        CommentKind.HIDDEN: _l("{actor} bir yorumu gizledi. Gerekçe: {reason}"),
        CommentKind.RESTORED: _l("{actor} gizlenmiş bir yorumu yeniden açtı."),
    },
)
