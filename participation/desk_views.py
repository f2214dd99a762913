from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from participation.desk import desk_section, desk_sections, may_open_desk, office_of
from people.access import signed_in
from people.models import Person


@signed_in
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for me in this council; `?bolum=` shows all of one kind."""
    council, person, at = request.council, request.user, timezone.now()
    assert council is not None
    assert isinstance(person, Person)
    may_open_desk(person, council, at=at).require()
    office = office_of(person, council, at=at)
    key = request.GET.get("bolum", "")
    context = {"office": office}
    if not key:
        return render(request, "desk/desk.html", context | {"sections": desk_sections(request, office)})
    section = desk_section(request, office, key)
    if section is None:
        raise Http404
    return render(request, "desk/section.html", context | {"section": section})
