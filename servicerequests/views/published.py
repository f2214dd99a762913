"""What was published."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from councils.paging import page_of
from people.access import public
from servicerequests.permissions import works_at_desk
from servicerequests.reading import TONES, published
from servicerequests.states import Status

ON_A_PAGE = 20


@public
@require_safe
def request_list(request: HttpRequest) -> HttpResponse:
    """What was published, the newest first."""
    council = request.council  # type: ignore[attr-defined]
    text = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:200]
    page = page_of(request, published(council, text), by=["published_at", "id"], size=ON_A_PAGE, descending=True)
    for row in page.items:
        row.council = council
    context = {
        "page": page,
        "text": text,
        "rows": [{"row": row, "tone": TONES[Status(row.status)]} for row in page.items],
        "is_desk": works_at_desk(request.user, council),
        "new_url": reverse("request_types", args=[council.slug]),
    }
    return render(request, "servicerequests/list.html", context)
