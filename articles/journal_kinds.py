from django.db import models
from django.utils.translation import gettext_lazy as _l

from journal import kinds


class ArticleKind(models.TextChoices):
    RELEASED = "articles.released"
    RETIRED = "articles.retired"


kinds.register(
    ArticleKind,
    {
        ArticleKind.RELEASED: _l("Bilgi bankasında “{title}” yazısı yayımlandı."),
        ArticleKind.RETIRED: _l("Bilgi bankasından “{title}” yazısı kaldırıldı."),
    },
)
