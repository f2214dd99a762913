"""The knowledge base as everybody reads it: a list with search, an article, a feed."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from articles import actions, reading
from articles.models import Article
from articles.permissions import may_write
from councils.models import Council
from councils.paging import page_of
from discussions.markup import render as as_html
from people.access import public, signed_in

ON_A_PAGE = 20
IN_THE_FEED = 30


@public
@require_safe
def article_list(request: HttpRequest) -> HttpResponse:
    """Everything that is shown, the newest first; or what answers a search, the best first."""
    council = request.council  # type: ignore[attr-defined]
    text = " ".join(request.GET.get("q", "").replace("\0", "").split())[:200]
    topics = reading.topics_of(council)
    topic = request.GET.get("konu", "") if request.GET.get("konu", "") in topics else ""
    if text:
        rows = reading.found_articles(council, text, topic=topic)
        page = page_of(request, rows, by=["relevance", "id"], size=ON_A_PAGE, descending=True)
    else:
        rows = reading.shown_articles(council, topic=topic)
        page = page_of(request, rows, by=["released_at", "id"], size=ON_A_PAGE, descending=True)
    for row in page.items:
        row.council = council
    context = {
        "page": page,
        "text": text,
        "topic": topic,
        "topics": topics,
        "is_desk": bool(may_write(request.user, council)),
    }
    return render(request, "articles/list.html", context)


def find_shown(request: HttpRequest, slug: str) -> Article:
    council = request.council  # type: ignore[attr-defined]
    found = Article.objects.shown().filter(council=council, slug=slug).defer("search").first()
    if found is None:
        raise Http404
    found.council = council
    return found


@public
@require_safe
def article_detail(request: HttpRequest, slug: str) -> HttpResponse:
    found = find_shown(request, slug)
    context = {
        "article": found,
        "html": as_html(found.body),
        "told": reading.told_of(found, request.user),
        "is_desk": bool(may_write(request.user, found.council)),
        "filing_url": reverse("request_types", args=[found.council.slug]),
    }
    return render(request, "articles/detail.html", context)


@signed_in
@require_POST
def article_helpful(request: HttpRequest, slug: str) -> HttpResponse:
    """Whether it helped."""
    found = find_shown(request, slug)
    said = request.POST.get("evet")
    if said in {"1", "0"}:
        actions.say_helpful(actor=request.user, article=found, is_helpful=said == "1", at=timezone.now())
    return HttpResponseRedirect(f"{found.get_absolute_url()}#yardimci")


class ArticleFeed(Feed):
    """What was released last, for feed readers."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, council: Council) -> Council:
        return council

    def title(self, council: Council) -> str:
        return _("%(name)s · bilgi bankası") % {"name": council.name}

    def subtitle(self, council: Council) -> str:
        return _("Müdürlüğün sık sorulanlara yanıtları.")

    def link(self, council: Council) -> str:
        return reverse("article_list", args=[council.slug])

    def feed_url(self, council: Council) -> str:
        return reverse("article_feed", args=[council.slug])

    def items(self, council: Council) -> Iterable[Article]:
        rows = list(reading.shown_articles(council).order_by("-released_at", "-id")[:IN_THE_FEED])
        for row in rows:
            row.council = council
        return rows

    def item_title(self, item: Article) -> str:
        return item.title

    def item_description(self, item: Article) -> str:
        return escape(item.summary)  # readers take it for HTML

    def item_pubdate(self, item: Article) -> object:
        return item.released_at

    def item_updateddate(self, item: Article) -> object:
        return item.released_at

    def item_guid(self, item: Article) -> str:
        return f"tag:{urlsplit(settings.SITE_URL).hostname},2026:article-{item.pk}"


@public
@require_safe
def article_feed(request: HttpRequest) -> HttpResponseBase:
    response = ArticleFeed()(request, council=request.council)  # type: ignore[attr-defined]
    response["X-Robots-Tag"] = "noindex"
    return response
