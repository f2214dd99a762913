"""Which article came of which answer."""

from __future__ import annotations

from django.db import models

from articles.models import Article
from people.models import Person
from servicerequests.models.request import ServiceRequest


class ArticleSource(models.Model):
    """That an article began as the answer to a request. Only added (migration 0060); told to the desk alone."""

    request = models.OneToOneField(ServiceRequest, on_delete=models.PROTECT, related_name="article_source")
    article = models.OneToOneField(Article, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.request_id} → {self.article_id}"
