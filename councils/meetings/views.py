"""Keeping the calendar of the municipal council, and the calendar as files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from councils.meetings.actions import (
    RuleFields,
    add_meeting,
    change_meeting,
    import_meetings,
    plan_meetings,
    set_municipal_calendar,
)
from councils.meetings.checking import rule_of
from councils.meetings.comparing import Outcome, compared
from councils.meetings.exporting import as_csv, as_ical
from councils.meetings.forms import CalendarForm, ImportForm, MeetingForm
from councils.meetings.importing import UnreadableFile, read_file
from councils.meetings.permissions import may_keep_meetings
from councils.meetings.wording import rule_sentence
from councils.models import Council, MunicipalMeeting
from councils.paging import page_of
from people.access import public, signed_in
from people.models import Person
from people.verdicts import Refused

ON_A_PAGE = 40
FEED_SIZE = 500
"""How many of the newest meetings a feed and a table hold."""


def _keeper(request: HttpRequest) -> tuple[Person, Council, Any]:
    """Who asks, for which council, when; refuses who does not keep the calendar."""
    council, at = request.council, timezone.now()  # type: ignore[attr-defined]
    may_keep_meetings(request.user, council, at=at).require()
    assert request.user.is_authenticated
    return request.user, council, at


# --- Files ------------------------------------------------------------------------------------------------------------
def _newest(council: Council) -> list[MunicipalMeeting]:
    rows = MunicipalMeeting.objects.filter(council=council).order_by("-starts_at", "-pk")[:FEED_SIZE]
    return sorted(rows, key=lambda meeting: (meeting.starts_at, meeting.pk))


@public
@require_safe
def ical_feed(request: HttpRequest) -> HttpResponse:
    """The meetings for any calendar program."""
    council: Council = request.council  # type: ignore[attr-defined]
    page = request.build_absolute_uri(reverse("municipal_meetings", args=[council.slug]))
    data = as_ical(council, _newest(council), page=page, at=timezone.now())
    response = HttpResponse(data, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{council.slug}-belediye-meclisi.ics"'
    return response


@public
@require_safe
def csv_file(request: HttpRequest) -> HttpResponse:
    """The meetings as a table."""
    council: Council = request.council  # type: ignore[attr-defined]
    response = HttpResponse(as_csv(_newest(council)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{council.slug}-belediye-meclisi.csv"'
    return response


# --- Keeping ----------------------------------------------------------------------------------------------------------
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def manage(request: HttpRequest) -> HttpResponse:
    """The calendar as its keepers see it; a POST writes what the rule expects of the next twelve months."""
    person, council, at = _keeper(request)
    if request.method == "POST":
        planned = plan_meetings(actor=person, council=council, at=at)
        if planned:
            sentence = ngettext("Takvime %(n)d toplantı yazıldı.", "Takvime %(n)d toplantı yazıldı.", len(planned))
            messages.success(request, sentence % {"n": len(planned)})
        else:
            messages.info(request, _("Önümüzdeki on iki ay zaten takvimde."))
        return HttpResponseRedirect(reverse("municipal_meetings_manage", args=[council.slug]))
    rows = MunicipalMeeting.objects.filter(council=council)
    context = {
        "page": page_of(request, rows, by=["starts_at", "pk"], size=ON_A_PAGE, descending=True),
        "rule": rule_sentence(rule_of(council)),
        "now": at,
    }
    return render(request, "councils/meetings/manage.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def calendar_rule(request: HttpRequest) -> HttpResponse:
    """When the council usually meets."""
    person, council, at = _keeper(request)
    rule = rule_of(council)
    initial = {name: getattr(rule, name) for name in RuleFields.__annotations__}
    form = CalendarForm(request.POST if request.method == "POST" else None, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        try:
            if form.is_valid():
                set_municipal_calendar(actor=person, council=council, at=at, **form.cleaned_data)
                return HttpResponseRedirect(reverse("municipal_meetings_manage", args=[council.slug]))
        except ValidationError as error:
            form.take_errors(error)
    return render(request, "councils/meetings/rule.html", {"form": form}, status=status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_add(request: HttpRequest) -> HttpResponse:
    """Add a meeting by hand."""
    _keeper(request)
    return _meeting_page(request, None)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a meeting, say what became of it, correct it."""
    person, council, _at = _keeper(request)
    meetings = MunicipalMeeting.objects.visible_to(person).select_related("council").filter(council=council)
    return _meeting_page(request, get_object_or_404(meetings, pk=pk))


def _meeting_page(request: HttpRequest, meeting: MunicipalMeeting | None) -> HttpResponse:
    person, council, at = _keeper(request)
    initial = MeetingForm.of(meeting) if meeting else {"clock": rule_of(council).begins}
    form = MeetingForm(request.POST if request.method == "POST" else None, initial=initial)
    status, refusal = 200, ""
    if request.method == "POST":
        status = 422
        try:
            if form.is_valid():
                if meeting is None:
                    add_meeting(actor=person, council=council, at=at, said=form.said())
                else:
                    change_meeting(actor=person, meeting=meeting, at=at, said=form.said())
                return HttpResponseRedirect(reverse("municipal_meetings_manage", args=[council.slug]))
        except ValidationError as error:
            form.take_errors(error)
        except Refused as refused:
            refusal, status = refused.reason, 403
    context = {"form": form, "meeting": meeting, "refusal": refusal}
    return render(request, "councils/meetings/meeting.html", context, status=status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_import(request: HttpRequest) -> HttpResponse:
    """Read a calendar or a table, show row by row what it would change, and write it once confirmed."""
    person, council, at = _keeper(request)
    form = ImportForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    context: dict[str, Any] = {"form": form}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            text = form.cleaned_data["text"]
            try:
                rows = read_file(text, rule_of(council))
                if "confirm" in request.POST:
                    new, changed = import_meetings(actor=person, council=council, rows=rows, at=at)
                    messages.success(
                        request,
                        _("Takvim aktarıldı; yeni: %(new)d, değişen: %(changed)d.") % {"new": new, "changed": changed},
                    )
                    return HttpResponseRedirect(reverse("municipal_meetings_manage", args=[council.slug]))
                lines = compared(council, rows, at=at)
                counts = {outcome.value: sum(line.outcome == outcome for line in lines) for outcome in Outcome}
                context |= {"lines": lines, "counts": counts, "text": text}
                context["may_confirm"] = not counts["wrong"] and (counts["new"] or counts["changed"])
                status = 200
            except UnreadableFile as error:
                form.add_error("file", str(error))
            except ValidationError as error:
                form.take_errors(error)
    return render(request, "councils/meetings/import.html", context, status=status)
