"""An opinion or a draft as an address names it."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils import timezone

from proposals.models import Opinion
from proposals.opinions.permissions import (
    may_ask_assembly,
    may_prepare_opinions,
)

METHODS = ["GET", "HEAD", "POST"]


def find_opinion(request: HttpRequest, number: str) -> Opinion:
    """An opinion of the page's council that the reader may see; 404 for any other."""
    found = Opinion.objects.visible_to(request.user).filter(council=request.council, number=number).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    found.council = request.council  # type: ignore[attr-defined]
    return found


def find_draft(request: HttpRequest, key: UUID) -> Opinion:
    """A draft, for those who prepare opinions or ask the assembly; 404 for a key that is none."""
    council, at = request.council, timezone.now()  # type: ignore[attr-defined]
    found = Opinion.objects.filter(council=council, key=key).first()
    if found is None:
        may_prepare_opinions(request.user, council, at=at).require()
        raise Http404
    found.council = council
    if not may_prepare_opinions(request.user, council, at=at):
        may_ask_assembly(request.user, found, at=at).require()
    return found
