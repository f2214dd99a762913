"""The demo: become one of its people with one press, and read the mails it would have sent."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from people import demo_mail, second_step
from people.access import demo_only, own_path
from people.demo_people import DEMO_PEOPLE
from people.models import Person

MAILS_ON_A_PAGE = 20


@demo_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """Cards of the demo's people; a press signs in as one, in a new session."""
    if request.method == "POST":
        chosen = next((each for each in DEMO_PEOPLE if each.key == request.POST.get("who")), None)
        person = Person.objects.filter(email=chosen.email, is_active=True).first() if chosen else None
        if person is None:
            raise Http404
        login(request, person)
        second_step.mark(request, person, type="demo", reauthenticated=True)  # nobody in the demo has a telephone
        return HttpResponseRedirect(
            own_path(request, request.POST.get("next") or resolve_url(settings.LOGIN_REDIRECT_URL))
        )
    loaded = {
        person.email: person
        for person in Person.objects.filter(email__in=[each.email for each in DEMO_PEOPLE], is_active=True)
    }
    cards = [
        {"key": each.key, "role": each.role, "to_try": each.to_try, "icon": each.icon, "person": loaded[each.email]}
        for each in DEMO_PEOPLE
        if each.email in loaded
    ]
    return render(request, "demo/people.html", {"cards": cards, "next": request.GET.get("next", "")})


@demo_only
@never_cache
@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    """The mails of the demo, newest first."""
    page = Paginator(demo_mail.kept(), MAILS_ON_A_PAGE).get_page(request.GET.get("sayfa"))
    return render(request, "demo/mails.html", {"page": page})
