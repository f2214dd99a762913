"""The board: for everybody to read, for organisations to post and write, for the desk to match and keep."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from councils.models import District
from councils.paging import page_of
from organisations.models import Organisation
from people.access import public, signed_in
from people.verdicts import Refused
from solidarity import actions
from solidarity.forms import OutcomeForm, PostForm, ReasonForm, WriteForm, posted
from solidarity.models import Post, Side, Sort
from solidarity.permissions import (
    day_of,
    is_on_board,
    mandates,
    may_keep,
    may_post,
    may_report,
    may_run,
    may_see,
    may_write,
    represents,
)
from solidarity.reading import board, conversation, fulfilled_in, matches_of, posts_of, suggestions
from turkish.functions import SortKey

ON_A_PAGE = 20
SIDES = {"ihtiyac": Side.NEED, "destek": Side.OFFER}
SORTS = {"yer": Sort.PLACE, "arac-gerec": Sort.EQUIPMENT, "gonullu": Sort.VOLUNTEERS, "uzmanlik": Sort.EXPERTISE}


@public
@require_safe
def solidarity_board(request: HttpRequest) -> HttpResponse:
    """What is needed and offered now, narrowed by side, kind and district; or an organisation's own."""
    council, at = request.council, timezone.now()  # type: ignore[attr-defined]
    day, organisation = day_of(at), None
    side, sort = SIDES.get(request.GET.get("taraf", "")), SORTS.get(request.GET.get("tur", ""))
    districts = list(District.objects.filter(council=council).order_by(SortKey("name")))
    district = next((each for each in districts if each.slug == request.GET.get("ilce")), None)
    if slug := request.GET.get("kurulus", "")[:80]:
        organisation = get_object_or_404(Organisation, slug=slug)
        rows = posts_of(council, organisation, day, is_ours=represents(request.user, organisation.pk, at=at))
    else:
        rows = board(council, day, side=side or "", sort=sort or "", district=district.pk if district else None)
    page = page_of(request, rows, by=["posted_at", "id"], size=ON_A_PAGE, descending=True)
    for row in page.items:
        row.council = council
    context = {
        "page": page,
        "rows": [{"post": row, "is_over": not is_on_board(row, at=at)} for row in page.items],
        "organisation": organisation,
        "sides": [(word, each.label, each == side) for word, each in SIDES.items()],
        "sorts": [(word, each.label, each == sort) for word, each in SORTS.items()],
        "districts": districts,
        "district": district,
        "fulfilled": fulfilled_in(council, day.year),
        "mandates": mandates(request.user, council, at=at) if request.user.is_authenticated else [],
    }
    return render(request, "solidarity/board.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def solidarity_new(request: HttpRequest) -> HttpResponse:
    """A need or an offer is put on the board."""
    council, at = request.council, timezone.now()  # type: ignore[attr-defined]
    verdict = may_post(request.user, council, at=at)
    form = PostForm(council, mandates(request.user, council, at=at), posted(request))
    refused, status = ("" if verdict else str(verdict.reason)), 200 if verdict else 403
    if request.method == "POST" and verdict:
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            who = {"actor": request.user, "council": council, "organisation": data["organisation"]}
            try:
                found = actions.post(said=form.said(), key=data["key"], at=at, **who)
            except ValidationError as error:
                form.take(error)
            except Refused as error:
                refused, status = error.reason, 403
            else:
                messages.success(request, _("İlanınız panoda."))
                return HttpResponseRedirect(found.get_absolute_url())
    context = {"form": form, "refused": refused, "allowed": bool(verdict)}
    return render(request, "solidarity/new.html", context, status=status)


def find_post(request: HttpRequest, post_id: int, *, at: datetime) -> Post:
    """A post that the one who asks may see; 404 for everybody else."""
    council = request.council  # type: ignore[attr-defined]
    rows = Post.objects.select_related("organisation", "district", "council")
    found = rows.filter(council=council, pk=post_id).first()
    if found is None or not may_see(request.user, found, at=at):
        raise Http404
    return found


@public
@require_safe
def solidarity_post(request: HttpRequest, post_id: int) -> HttpResponse:
    """A need or an offer, and what one may do with it."""
    at = timezone.now()
    return _post(request, find_post(request, post_id, at=at), at=at)


def _post(
    request: HttpRequest, found: Post, *, at: datetime, failed: dict[str, forms.Form] | None = None, refused: str = "",
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    is_desk = bool(may_keep(request.user, found.council))
    context: dict[str, Any] = {
        "post": found,
        "is_over": not is_on_board(found, at=at),
        "is_desk": is_desk,
        "refused": refused,
    }
    if request.user.is_authenticated:
        context |= _sides(request, found, at=at)
        if may_report(request.user, found, at=at) and not context["is_ours"] and not is_desk:
            context["report"] = ReasonForm()
    if is_desk:
        context |= {
            "reports": list(found.reports.filter(settled_at__isnull=True)),
            "hide": ReasonForm() if found.hidden_at is None else None,
            "outcome": OutcomeForm(),
        }
        if found.side == Side.NEED and is_on_board(found, at=at):
            context["suggestions"] = suggestions(found, day_of(at))
    return render(request, "solidarity/post.html", context | (failed or {}), status=status)


def _sides(request: HttpRequest, found: Post, *, at: datetime) -> dict[str, Any]:
    """What the organisations of the reader see and do: conversation, answers to matches, running the post."""
    ours = mandates(request.user, found.council, at=at)
    is_ours = bool(may_run(request.user, found, at=at))
    is_desk = bool(may_keep(request.user, found.council))
    lines = conversation(found, ours, is_ours=is_ours) if ours else []
    keys = {each.pk for each in ours}
    matches = [
        {
            "match": match,
            "may_answer": match.fulfilled_at is None
            and bool({match.need.organisation_id, match.offer.organisation_id} & keys),
            "other": match.offer if match.need_id == found.pk else match.need,
        }
        for match in matches_of(found)
        if is_desk or {match.need.organisation_id, match.offer.organisation_id} & keys
    ]
    context: dict[str, Any] = {"is_ours": is_ours, "lines": lines, "matches": matches}
    writers = [each for each in ours if may_write(request.user, found, each, at=at)] if not is_ours else []
    others = list({line.other_id: line.other for line in lines}.values()) if is_ours else []
    if others:
        context["write"] = WriteForm(ours=[], others=others)
    elif writers:
        context["write"] = WriteForm(ours=writers)
    return context


@signed_in
@require_POST
def solidarity_act(request: HttpRequest, post_id: int) -> HttpResponse:
    """Write, renew, close, report, hide, show, match, answer, note the outcome."""
    at = timezone.now()
    found = find_post(request, post_id, at=at)
    deed = request.POST.get("deed", "")
    try:
        failed = _act(request, deed, found, at)
    except Refused as error:
        return _post(request, found, at=at, refused=error.reason, status=403)
    except ValidationError as error:
        return _post(request, found, at=at, refused=" ".join(error.messages), status=422)
    if failed is not None:
        return _post(request, found, at=at, failed=failed, status=422)
    messages.success(request, _("Kaydedildi."))
    after = find_post(request, post_id, at=at)
    return HttpResponseRedirect(after.get_absolute_url())


def _act(request: HttpRequest, deed: str, found: Post, at: datetime) -> dict[str, forms.Form] | None:
    """Do one deed; the forms that are to be filled in again, or nothing."""
    who = {"actor": request.user, "at": at}
    match deed:
        case "renew":
            actions.renew_post(found=found, **who)
        case "close":
            actions.close_post(found=found, **who)
        case "show":
            actions.show_post(found=found, **who)
        case "match":
            may_keep(request.user, found.council).require()
            offer = _chosen(Post.objects.filter(council=found.council), request.POST.get("offer", ""))
            actions.propose_match(need=found, offer=offer, **who)
        case "accept" | "decline":
            match = _chosen(matches_of(found), request.POST.get("match", ""))
            actions.answer_match(match=match, accepts=deed == "accept", **who)
        case "fulfil":
            may_keep(request.user, found.council).require()
            match = _chosen(matches_of(found), request.POST.get("match", ""))
            actions.fulfil(match=match, outcome=request.POST.get("outcome", ""), **who)
        case "report" | "hide":
            form = ReasonForm(request.POST)
            if not form.is_valid():
                return {deed: form}
            do = actions.report_post if deed == "report" else actions.hide_post
            do(found=found, text=form.cleaned_data["text"], **who)
        case "write":
            return _write(request, found, who)
        case _:
            raise ValidationError(_("Bu işlem yok."))
    return None


def _chosen(rows: Any, key: str) -> Any:
    row = rows.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 19 else None
    if row is None:
        raise ValidationError(_("Listedekilerden birini seçin."))
    return row


def _write(request: HttpRequest, found: Post, who: dict[str, Any]) -> dict[str, forms.Form] | None:
    offered = _sides(request, found, at=who["at"])
    ours = mandates(request.user, found.council, at=who["at"])
    others = list({line.other_id: line.other for line in offered["lines"]}.values()) if offered["is_ours"] else None
    writers = [each for each in ours if each.pk != found.organisation_id]
    form = WriteForm(request.POST, ours=writers, others=others)
    if not form.is_valid():
        return {"write": form}
    data = form.cleaned_data
    organisation = found.organisation if offered["is_ours"] else data.get("organisation") or next(iter(writers), None)
    if organisation is None:
        may_write(request.user, found, None, at=who["at"]).require()
    actions.write(
        found=found, organisation=organisation, other=data.get("other"), text=data["text"], key=data["key"], **who
    )
    return None
