"""An answer that helps more than the one who asked becomes an article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from articles.actions import Words, start_article
from articles.models import Article
from people.models import Person
from servicerequests.actions.moving import locked
from servicerequests.models import ArticleSource, ServiceRequest
from servicerequests.permissions import may_make_article
from turkish.text import fold

FEWEST_DIGITS = 7


@transaction.atomic
def make_article(*, actor: Person, request: ServiceRequest, words: Words, is_checked: bool, at: datetime) -> Article:
    """Begin an article with an answer; a second officer reads it before anybody else does. Again it is the same article.

    Refuses who does not work at the desk. `ValidationError` on ``is_checked`` unless somebody says that nothing in it is private,
    and on ``body`` where it names the applicant, their organisation or how to reach them.
    """
    request = locked(request)
    may_make_article(actor, request).require()
    before = ArticleSource.objects.select_related("article__council").filter(request=request).first()
    if before is not None:
        return before.article
    if not is_checked:
        raise ValidationError({"is_checked": [_("Metni okuyup kişisel bilgi kalmadığını işaretleyin.")]})
    if _names(request, words):
        raise ValidationError({"body": [_("Metinde başvuranın adı ya da iletişim bilgisi geçiyor. Çıkarın.")]})
    article = start_article(actor=actor, council=request.council, words=words, at=at)
    ArticleSource.objects.create(request=request, article=article, made_by=actor, at=at)
    return article


def _names(request: ServiceRequest, words: Words) -> bool:
    """Whether a text tells whose request it was: by a whole name, an address or a telephone number."""
    text = " ".join((words.title, words.summary, words.body, *words.topics))
    plain, digits = f" {' '.join(re.findall(r'[a-z0-9@.]+', fold(text)))} ", re.sub(r"\D", "", text)
    for known in _known(request):
        folded = " ".join(re.findall(r"[a-z0-9@.]+", fold(known)))
        number = re.sub(r"\D", "", known)
        if folded and f" {folded} " in plain:
            return True
        if len(number) >= FEWEST_DIGITS and number[-10:] in digits:
            return True
    return False


def _known(request: ServiceRequest) -> Iterator[str]:
    if request.applicant is not None:
        yield request.applicant.display_name
        yield request.applicant.email
    if request.on_behalf_of is not None:
        yield request.on_behalf_of.name
    yield request.named
    yield request.contact
    yield request.number
