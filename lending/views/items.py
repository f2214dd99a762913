"""What there is to lend, with its free days; kept by the desk."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from councils.paging import page_of
from documents.attachment_files import file_answer
from lending import actions
from lending.forms import FreeForm, ItemForm, PieceForm, posted
from lending.models import Item, Piece
from lending.permissions import may_keep
from lending.reading import application_url, free_days, free_lines, items_of
from people.access import public, signed_in

ON_A_PAGE = 30
HISTORY_SHOWN = 30


def find_item(request: HttpRequest, slug: str) -> Item:
    """An item of the page's council; one that is no more lent is found by the desk alone."""
    council = request.council  # type: ignore[attr-defined]
    item = get_object_or_404(Item, council=council, slug=slug)
    item.council = council
    if not item.is_active and not may_keep(request.user, council):
        raise Http404
    return item


@public
@require_safe
def lending_items(request: HttpRequest) -> HttpResponse:
    """What can be borrowed, and how many are free on the days one asks about."""
    council, today = request.council, timezone.localdate()  # type: ignore[attr-defined]
    is_desk = bool(may_keep(request.user, council))
    asked = FreeForm(request.GET or None)
    first, last = asked.days(today)
    rows = items_of(council, with_retired=is_desk)
    page = page_of(request, rows, by=["sorted_by", "pk"], size=ON_A_PAGE)
    for item in page.items:
        item.council = council
    context = {
        "page": page,
        "lines": free_lines(page.items, first, last, today=today),
        "first": first,
        "last": last,
        "today": today,
        "is_desk": is_desk,
        "application": application_url(council),
    }
    return render(request, "lending/items.html", context)


def _weeks(days: list[tuple[date, int]], first: date) -> list[list[tuple[date, int] | None]]:
    """Days as rows of a week, Monday first, with nothing before the first day."""
    cells: list[tuple[date, int] | None] = [None] * first.weekday() + list(days)
    cells += [None] * (-len(cells) % 7)
    return [cells[start : start + 7] for start in range(0, len(cells), 7)]


@public
@require_safe
def lending_item(request: HttpRequest, slug: str) -> HttpResponse:
    """An item, its free days, and for the desk its pieces and history."""
    return _item(request, find_item(request, slug))


def _item(request: HttpRequest, item: Item, *, piece: PieceForm | None = None, status: int = 200) -> HttpResponse:
    today = timezone.localdate()
    context: dict[str, Any] = {
        "item": item,
        "weeks": _weeks(free_days(item, today, today=today), today),
        "day_names": [(WEEKDAYS[day], WEEKDAYS_ABBR[day]) for day in range(7)],
        "application": application_url(item.council) if item.is_active else "",
    }
    if may_keep(request.user, item.council):
        history = item.history.select_related("loan__organisation", "loan__person", "piece", "actor").order_by(
            "-at", "-pk"
        )
        page = page_of(request, history, by=["at", "pk"], size=HISTORY_SHOWN, descending=True)
        context |= {"is_desk": True, "page": page}
        if item.is_by_piece:
            context |= {"pieces": list(item.pieces.filter(retired_at__isnull=True)), "piece": piece or PieceForm()}
    return render(request, "lending/item.html", context, status=status)


@public
@require_safe
def lending_picture(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The picture of an item."""
    item = find_item(request, slug)
    if not item.picture:
        raise Http404
    item.file = item.picture  # type: ignore[attr-defined]
    return file_answer(item, as_attachment=False)  # type: ignore[arg-type]


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def lending_item_new(request: HttpRequest) -> HttpResponse:
    """Something new to lend."""
    council, at = request.council, timezone.now()  # type: ignore[attr-defined]
    may_keep(request.user, council).require()
    form = ItemForm(*posted(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            item = actions.add_item(
                actor=request.user,
                council=council,
                said=form.described(),
                stock=data.get("stock") or 0,
                is_by_piece=data["is_by_piece"],
                picture=data["picture"],
                at=at,
            )
        except ValidationError as error:
            form.take(error)
        else:
            messages.success(request, _("Malzeme eklendi."))
            return HttpResponseRedirect(item.get_absolute_url())
    return render(request, "lending/item_edit.html", {"form": form, "item": None}, status=422 if form.is_bound else 200)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def lending_item_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Say something else of an item, or that there are more or fewer."""
    council, at = request.council, timezone.now()  # type: ignore[attr-defined]
    may_keep(request.user, council).require()
    item = find_item(request, slug)
    names = ("name", "about", "kept_at", "condition", "longest_days", "stock", "is_active")
    initial = {name: getattr(item, name) for name in names}
    form = ItemForm(*posted(request), item=item, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.change_item(
                actor=request.user,
                item=item,
                said=form.described(),
                stock=data.get("stock"),
                reason=data.get("reason", ""),
                picture=data["picture"],
                at=at,
            )
        except ValidationError as error:
            form.take(error)
        else:
            messages.success(request, _("Kaydedildi."))
            return HttpResponseRedirect(item.get_absolute_url())
    return render(request, "lending/item_edit.html", {"form": form, "item": item}, status=422 if form.is_bound else 200)


@signed_in
@require_POST
def lending_piece(request: HttpRequest, slug: str) -> HttpResponse:
    """A single piece is added, or is no more lent."""
    council, at = request.council, timezone.now()  # type: ignore[attr-defined]
    may_keep(request.user, council).require()
    item, form = find_item(request, slug), PieceForm(request.POST)
    key = request.POST.get("piece", "")
    try:
        if key:
            piece = get_object_or_404(
                Piece.objects.select_related("item"), item=item, pk=int(key) if key.isdecimal() else 0
            )
            actions.retire_piece(actor=request.user, piece=piece, reason=request.POST.get("reason", ""), at=at)
        elif form.is_valid():
            actions.add_piece(actor=request.user, item=item, at=at, **form.cleaned_data)
        else:
            return _item(request, item, piece=form, status=422)
    except ValidationError as error:
        if not key:
            form.take(error)
            return _item(request, item, piece=form, status=422)
        for sentence in error.messages:
            messages.error(request, sentence)
    else:
        messages.success(request, _("Kaydedildi."))
    return HttpResponseRedirect(item.get_absolute_url())
