"""What the pages of the budget, the plan and the units share: who keeps them, one form with one action, and files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.meetings.comparing import Outcome
from councils.meetings.importing import UnreadableFile
from councils.models import Council
from people.models import Person
from people.verdicts import Refused
from proposals.budget.comparing import Compared
from proposals.budget.forms import TableForm
from proposals.budget.permissions import may_keep_budget
from proposals.forms import take_errors

ON_A_PAGE = 30
MOST_SHOWN = 300
"""Rows of a file that the preview shows: first what cannot be taken, last what stays as it is. All of them are counted."""
SHOWN_FIRST = (Outcome.WRONG, Outcome.CHANGED, Outcome.NEW, Outcome.UNCHANGED)
METHODS = ["GET", "HEAD", "POST"]


def keeper(request: HttpRequest) -> tuple[Person, Council, datetime]:
    """Who asks, for which council, when; refuses who does not keep the budget."""
    council, at = request.council, timezone.now()  # type: ignore[attr-defined]
    may_keep_budget(request.user, council, at=at).require()
    assert request.user.is_authenticated
    return request.user, council, at


def form_page(
    request: HttpRequest,
    template: str,
    form: forms.Form,
    act: Callable[[dict[str, Any]], object],
    *,
    back: str,
    places: dict[str, str] | None = None,
    **context: Any,
) -> HttpResponse:
    """A form whose POST runs one action on what was typed and leads back. `places` says which field shows another's error."""
    status, refused = 200, ""
    if request.method == "POST":
        status = 422
        try:
            if form.is_valid():
                act(form.cleaned_data)
                return HttpResponseRedirect(back)
        except ValidationError as error:
            take_errors(form, _placed(error, places or {}))
        except Refused as refusal:
            refused, status = str(refusal.reason), 403
    return render(request, template, {"form": form, "refused": refused, "back": back, **context}, status=status)


def _placed(error: ValidationError, places: dict[str, str]) -> ValidationError:
    return ValidationError({places.get(name, name): found for name, found in error.message_dict.items()})


def import_page(
    request: HttpRequest,
    *,
    read: Callable[[str], list[Any]],
    compare: Callable[[Council, list[Any]], Sequence[Compared[Any]]],
    write: Callable[..., tuple[int, int]],
    back: str,
    **context: Any,
) -> HttpResponse:
    """Read a table, show row by row what it would change, and write it once confirmed."""
    person, council, at = keeper(request)
    form = TableForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    context |= {"form": form, "back": back}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            text = form.cleaned_data["text"]
            try:
                rows = read(text)
                if "confirm" in request.POST:
                    new, changed = write(actor=person, council=council, rows=rows, at=at)
                    counts = {"new": new, "changed": changed}
                    messages.success(request, _("Dosya aktarıldı; yeni: %(new)d, değişen: %(changed)d.") % counts)
                    return HttpResponseRedirect(back)
                lines = compare(council, rows)
                counts = {outcome.value: sum(line.outcome == outcome for line in lines) for outcome in Outcome}
                shown = sorted(lines, key=lambda line: SHOWN_FIRST.index(line.outcome))[:MOST_SHOWN]
                context |= {"lines": shown, "more": len(lines) - len(shown), "counts": counts, "text": text}
                context["may_confirm"] = not counts["wrong"] and (counts["new"] or counts["changed"])
                status = 200
            except UnreadableFile as error:
                form.add_error("file", str(error))
            except ValidationError as error:
                take_errors(form, error)
    return render(request, "proposals/budget/import.html", context, status=status)


def csv_file(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
