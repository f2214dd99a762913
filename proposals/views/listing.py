"""The list, its map, and what is like something somebody writes."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

from people.access import kept_for_visitors, public
from proposals import reading
from proposals.reading.listing import sorts_for

MAP = "harita"
VISITOR = AnonymousUser()


@kept_for_visitors
@public
@require_safe
def proposal_list(request: HttpRequest) -> HttpResponse:
    """Every submitted proposal of the council, by filters, order and page, as cards or on a map: the same for every reader."""
    council = request.council

    # Read when the page asks for it: a page that is kept need not.
    filters: Any = SimpleLazyObject(lambda: reading.read_filters(request.GET, _choices(request)))
    sort: Any = SimpleLazyObject(lambda: reading.sort_named(request.GET.get("sirala", ""), filters))
    facets: Any = SimpleLazyObject(lambda: reading.facets(council, VISITOR, filters, counts=_counts(request, filters)))
    cursor = request.GET.get("sayfa", "")
    as_map = request.GET.get("gorunum") == MAP
    return render(
        request,
        "proposals/proposal_list.html",
        {
            "page": SimpleLazyObject(lambda: reading.listing(council, VISITOR, filters, sort=sort, cursor=cursor)),
            "facets": facets,
            "filters": filters,
            "chips": SimpleLazyObject(lambda: reading.chips(filters, request.GET)),
            "sort": sort,
            "sorts": SimpleLazyObject(lambda: sorts_for(filters)),
            "as_map": as_map,
            "map": map_context(request) if as_map else None,
        },
    )


def _choices(request: HttpRequest) -> reading.Choices:
    council = request.council
    return request.kept.value(("choices", council.pk), lambda: reading.choices_of(council))


def _counts(request: HttpRequest, filters: reading.Filters) -> reading.Counts:
    council = request.council
    key = ("facets", council.pk, filters.key)
    return request.kept.value(key, lambda: reading.facet_counts(council, VISITOR, filters))


def map_context(request: HttpRequest) -> dict[str, object]:
    """What map.js reads from the page."""
    council = request.council
    query = request.GET.copy()
    for word in ("sayfa", "gorunum", "sirala"):
        query.pop(word, None)
    points = reverse("proposal_points", args=[council.slug])
    return {
        "points": f"{points}?{query.urlencode()}" if query else points,
        "outline": reverse("proposal_outline", args=[council.slug]),
        "tiles": settings.MAP_TILE_URL,
        "attribution": settings.MAP_TILE_ATTRIBUTION,
    }


@public
@require_safe
def proposal_points(request: HttpRequest) -> HttpResponse:
    """The points of the present filters inside a box, gathered by the zoom; 400 when the box says nonsense."""
    box = reading.read_box(request.GET)
    if box is None:
        return JsonResponse({"error": "kutu, yakinlik"}, status=400)
    filters = reading.read_filters(request.GET, _choices(request))
    return JsonResponse(reading.points(reading.matching(request.council, request.user, filters), box))


@public
@require_safe
def proposal_outline(request: HttpRequest) -> HttpResponse:
    """The outline of the council's districts as GeoJSON; the same for everybody."""
    response = JsonResponse(request.council.outline or {"type": "FeatureCollection", "features": []})
    response["Cache-Control"] = "private, max-age=3600"
    return response


@public
@require_safe
def proposal_similar(request: HttpRequest) -> HttpResponse:
    """Public proposals like a title, for the page where it is being typed."""
    title = request.GET.get("title", "").replace("\0", " ")[:200]
    similar = reading.similar_proposals(request.council, request.user, title)
    return render(request, "proposals/_similar.html", {"similar": similar})
