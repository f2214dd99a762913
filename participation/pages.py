"""Pages of the whole installation: its home, what it is, its health, and a person's own page."""

from __future__ import annotations

from django.conf import settings
from django.db import connection
from django.db.models import Min
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from councils.middleware import LAST_COUNCIL
from councils.models import Council, Residence
from journal import sealing
from journal.models import Undelivered
from participation import council_home
from participation.me import councils_with_desk, my_page
from people.access import kept_for_visitors, public, signed_in
from people.models import Person
from realtime.bus import BusDown, get_bus


@kept_for_visitors
@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    cards = council_home.council_cards(last=request.COOKIES.get(LAST_COUNCIL, ""), at=timezone.now())
    return render(request, "pages/home.html", {"cards": cards})


@signed_in
@require_safe
def after_login(request: HttpRequest) -> HttpResponse:
    """Where somebody begins who logged in without being on the way to a page: their desk, else their council."""
    assert isinstance(request.user, Person)
    last = request.COOKIES.get(LAST_COUNCIL, "")
    if desks := councils_with_desk(request.user, at=timezone.now()):
        return redirect("desk", next((desk.slug for desk in desks if desk.slug == last), desks[0].slug))
    if Council.objects.filter(slug=last).exists():
        return redirect("council_home", last)
    home_council = Residence.objects.filter(person=request.user).values_list("council__slug", flat=True).first()
    return redirect("council_home", home_council) if home_council else redirect("home")


@signed_in
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, Person)
    return render(request, "me/me.html", my_page(request, request.user, at=timezone.now()))


@public
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/about.html")


@public
@require_safe
def data_protection(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/data_protection.html")


@public
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/accessibility.html")


@public
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """For a watchdog: whether the database and the bus answer, and whether what happened is delivered and sealed. Nothing else.

    Without its bus the site still works, live pages a little slower, and a log that is sealed late is late for its observers
    alone; so neither is a 503.
    """
    try:
        connection.ensure_connection()
        oldest = Undelivered.objects.aggregate(oldest=Min("since"))["oldest"]
        unsealed = sealing.oldest_wait()
    except Exception:  # whatever broke, the answer is that the database does not answer
        return JsonResponse({"status": "down", "database": "down"}, status=503)
    age = max(0, int((timezone.now() - oldest).total_seconds())) if oldest else 0
    return JsonResponse(
        {
            "status": "ok",
            "database": "ok",
            "bus": _bus(),
            "oldest_undelivered_seconds": age,
            "sealing": "late" if unsealed > settings.SEALING_LATE_SECONDS else "ok",
            "oldest_unsealed_seconds": int(unsealed),
            "sealer": _sealer(),
        },
        headers={"Cache-Control": "no-store"},
    )


def _sealer() -> str:
    looked = sealing.last_look()
    if looked is None:
        return "unknown"
    return "ok" if looked < sealing.AWAY.total_seconds() else "away"


def _bus() -> str:
    try:
        get_bus().count_present("presence:health")
    except BusDown:
        return "down"
    return "ok"
