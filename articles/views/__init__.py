"""The knowledge base: what everybody reads, and where the desk writes it."""

from articles.views.reading import article_detail, article_feed, article_helpful, article_list
from articles.views.writing import article_desk, article_new, article_settle, article_write

__all__ = [
    "article_desk",
    "article_detail",
    "article_feed",
    "article_helpful",
    "article_list",
    "article_new",
    "article_settle",
    "article_write",
]
