"""The article that came of an answer, beside its request, and what a new one begins with."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from servicerequests.beside import Beside
from servicerequests.models import ArticleSource, Message, ServiceRequest, Side
from servicerequests.states import Status
from turkish.text import lower

ANSWERED = frozenset({Status.ANSWERED, Status.CLOSED})


def beside_request(request: ServiceRequest, is_desk: bool) -> list[Beside]:
    """For the desk the article or the way to one, for the applicant the article once everybody reads it. One query."""
    if request.answered_at is None or request.status not in ANSWERED:
        return []
    source = ArticleSource.objects.select_related("article").defer("article__body").filter(request=request).first()
    if source is not None:
        article = source.article
        article.council = request.council
        if is_desk:
            return [Beside(_("Bu yanıttan yapılan yazı"), article.desk_url, article.get_state_display())]
        return [Beside(article.title, article.get_absolute_url(), _("Bilgi bankası"))] if article.is_shown else []
    if not is_desk:
        return []
    url = reverse("request_article", args=[request.council.slug, request.number])
    return [Beside(_("Bu yanıttan makale yap"), url, is_deed=True)]


def begun_from(request: ServiceRequest) -> dict[str, Any]:
    """The subject and the last answer; nothing else the applicant wrote."""
    answers = Message.objects.filter(request=request, side=Side.DESK, is_question=False).order_by("-at", "-pk")
    return {
        "title": (request.public_subject or request.subject)[:120],
        "body": answers.values_list("text", flat=True).first() or "",
        "topics": lower(request.type.name)[:40],
    }
