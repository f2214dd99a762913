"""Partnerships: facts for everybody once published, the file for its two sides."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from councils.paging import page_of
from documents.attachment_files import file_answer
from partnerships import actions
from partnerships.forms import FileForm, MoveForm, NoteForm, PartnerForm, ProtocolForm, StepForm
from partnerships.models import MOVES, SHOWN, Partnership, Step
from partnerships.permissions import may_keep, may_read, may_tick
from partnerships.reading import TONES, files_of, own_steps, published
from people.access import public, signed_in
from people.verdicts import Refused
from servicerequests.models import ServiceRequest

ON_A_PAGE = 20
STEPS_SHOWN = 20


@public
@require_safe
def partnership_list(request: HttpRequest) -> HttpResponse:
    """What was published; for partners and the desk their files and what they have to do."""
    council, at = request.council, timezone.now()  # type: ignore[attr-defined]
    page = page_of(request, published(council), by=["published_at", "id"], size=ON_A_PAGE, descending=True)
    context: dict[str, Any] = {
        "page": page,
        "rows": _rows(page.items, council),
        "is_desk": bool(may_keep(request.user, council)),
    }
    if request.user.is_authenticated:
        rows, by = files_of(council, request.user, at=at), ["opened_at", "id"]
        files = page_of(request, rows, by=by, size=ON_A_PAGE, descending=True, parameter="dosyalar")
        steps = list(own_steps(council, request.user, at=at).order_by("due_on", "pk")[:STEPS_SHOWN])
        for step in steps:
            step.partnership.council = council
        context |= {"files": files, "file_rows": _rows(files.items, council), "steps": steps}
    return render(request, "partnerships/list.html", context)


def _rows(found: list[Partnership], council: Any) -> list[dict[str, Any]]:
    for row in found:
        row.council = council
    return [{"row": row, "tone": TONES[row.state], "partners": list(row.partners.all())} for row in found]  # type: ignore[index]


def find_partnership(request: HttpRequest, partnership_id: int) -> Partnership:
    council = request.council  # type: ignore[attr-defined]
    rows = Partnership.objects.select_related("responsible__person", "request")
    found = get_object_or_404(rows, council=council, pk=partnership_id)
    found.council = council
    return found


def find_readable(request: HttpRequest, partnership_id: int, *, at: datetime) -> Partnership:
    """A file for its two sides; 404 for everybody else."""
    found = find_partnership(request, partnership_id)
    if not may_read(request.user, found, at=at):
        raise Http404
    return found


@public
@require_safe
def partnership(request: HttpRequest, partnership_id: int) -> HttpResponse:
    """The file for its two sides; for everybody else the facts, once published."""
    at, found = timezone.now(), find_partnership(request, partnership_id)
    if not may_read(request.user, found, at=at):
        if found.published_at is None:
            raise Http404
        context = {
            "found": found,
            "tone": TONES[found.state],  # type: ignore[index]
            "partners": list(found.partners.select_related("organisation")),
            "dates": list(found.steps.filter(is_milestone=True)),
        }
        return render(request, "partnerships/published.html", context)
    return _file(request, found, at=at)


def _file(
    request: HttpRequest, found: Partnership, *, at: datetime, failed: dict[str, forms.Form] | None = None,
    refused: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    is_desk = bool(may_keep(request.user, found.council))
    steps = list(found.steps.select_related("officer__person", "partner__organisation"))
    for step in steps:
        step.partnership = found
    notes = found.notes.select_related("author")
    context: dict[str, Any] = {
        "found": found,
        "tone": TONES[found.state],  # type: ignore[index]
        "partners": list(found.partners.select_related("organisation")),
        "steps": [{"step": step, "may_tick": bool(may_tick(request.user, step, at=at))} for step in steps],
        "protocols": list(found.protocols.all()),
        "notes": list(notes if is_desk else notes.filter(is_inside=False)),
        "moves": list(found.moves.all()),
        "today": timezone.localtime(at).date(),
        "is_desk": is_desk,
        "may_publish": is_desk and found.state in SHOWN,
        "note": NoteForm(is_desk=is_desk),
        "refused": refused,
    }
    if is_desk:
        context |= {"step": StepForm(found), "partner": PartnerForm(found.council), "protocol": ProtocolForm()}
        context["move"] = MoveForm(found) if MOVES[found.state] else None
    return render(request, "partnerships/file.html", context | (failed or {}), status=status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def partnership_new(request: HttpRequest) -> HttpResponse:
    """The desk opens a file, most often because of a request."""
    council, at = request.council, timezone.now()  # type: ignore[attr-defined]
    may_keep(request.user, council).require()
    number, asked = request.GET.get("basvuru", "")[:24], None
    if number:
        rows = ServiceRequest.objects.select_related("on_behalf_of")
        asked = get_object_or_404(rows, council=council, number=number)
    initial = {"title": asked.subject, "purpose": asked.text[:4000]} if asked is not None else {}
    form = FileForm(council, request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        key = form.cleaned_data["key"]
        try:
            found = actions.open_file(actor=request.user, council=council, request=asked, key=key, at=at, **form.said())
        except ValidationError as error:
            form.take(error)
        else:
            messages.success(request, _("Ortaklık dosyası açıldı."))
            return HttpResponseRedirect(found.get_absolute_url())
    context = {"form": form, "asked": asked, "found": None}
    return render(request, "partnerships/edit.html", context, status=422 if form.is_bound else 200)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def partnership_edit(request: HttpRequest, partnership_id: int) -> HttpResponse:
    """Say it otherwise, give it to another officer, move its days."""
    council, at = request.council, timezone.now()  # type: ignore[attr-defined]
    may_keep(request.user, council).require()
    found = find_partnership(request, partnership_id)
    initial = {name: getattr(found, name) for name in ("title", "purpose", "responsible", "starts_on", "ends_on")}
    form = FileForm(council, request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_file(actor=request.user, partnership=found, at=at, **form.said())
        except ValidationError as error:
            form.take(error)
        else:
            messages.success(request, _("Kaydedildi."))
            return HttpResponseRedirect(found.get_absolute_url())
    context = {"form": form, "asked": None, "found": found}
    return render(request, "partnerships/edit.html", context, status=422 if form.is_bound else 200)


@signed_in
@require_safe
def partnership_protocol(request: HttpRequest, partnership_id: int, version: int) -> HttpResponseBase:
    """A version of the protocol, for the two sides."""
    found = find_readable(request, partnership_id, at=timezone.now())
    return file_answer(get_object_or_404(found.protocols, version=version), as_attachment=True)


@signed_in
@require_POST
def partnership_act(request: HttpRequest, partnership_id: int) -> HttpResponse:
    """Move, publish, add partners, protocols and tasks, tick, write a note."""
    at = timezone.now()
    found = find_readable(request, partnership_id, at=at)
    deed = request.POST.get("deed", "")
    form = _form(request, found, deed)
    if form is not None and not form.is_valid():
        return _file(request, found, at=at, failed={deed: form}, status=422)
    try:
        _act(request, deed, found, form.cleaned_data if form is not None else {}, at)
    except ValidationError as error:
        if form is None or not hasattr(error, "error_dict"):
            return _file(request, found, at=at, refused=" ".join(error.messages), status=422)
        form.take(error)
        return _file(request, found, at=at, failed={deed: form}, status=422)
    except Refused as error:
        return _file(request, found, at=at, refused=error.reason, status=403)
    messages.success(request, _("Kaydedildi."))
    return HttpResponseRedirect(found.get_absolute_url())


def _form(request: HttpRequest, found: Partnership, deed: str) -> Any:
    match deed:
        case "move":
            return MoveForm(found, request.POST)
        case "step":
            return StepForm(found, request.POST)
        case "partner":
            return PartnerForm(found.council, request.POST)
        case "protocol":
            return ProtocolForm(request.POST, request.FILES)
        case "note":
            return NoteForm(request.POST, is_desk=bool(may_keep(request.user, found.council)))
    return None


def _act(request: HttpRequest, deed: str, found: Partnership, data: dict[str, Any], at: datetime) -> None:
    who = {"actor": request.user, "at": at}
    match deed:
        case "move":
            actions.move(partnership=found, **data, **who)
        case "step":
            actions.add_step(partnership=found, **data, **who)
        case "partner":
            actions.add_partner(partnership=found, **data, **who)
        case "protocol":
            actions.add_protocol(partnership=found, **data, **who)
        case "note":
            actions.write_note(partnership=found, **data, **who)
        case "publish" | "unpublish":
            actions.publish(partnership=found, is_public=deed == "publish", **who)
        case "tick" | "untick":
            key = request.POST.get("step", "")
            wanted = int(key) if key.isdecimal() and len(key) < 19 else 0
            step = get_object_or_404(Step.objects.select_related("partnership"), partnership=found, pk=wanted)
            actions.tick(step=step, is_done=deed == "tick", **who)
        case _:
            raise ValidationError(_("Bu işlem yok."))
