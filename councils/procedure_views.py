"""How a council treats proposals: everybody reads it, the secretary puts a new version in force."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from councils.actions import set_procedure
from councils.actions.procedures import Contradictory, rules_of, what_keeps_from_working
from councils.models import Procedure, Route
from councils.paging import page_of
from councils.permissions import may_set_procedure
from councils.procedure_forms import ProcedureForm
from councils.procedure_reading import cautions, drawn, in_force
from councils.procedures import PRESETS
from people.access import public, signed_in
from people.verdicts import Refused

ON_A_PAGE = 20
WORDS = {
    "calisma-grubu": Route.WORKING_GROUP,
    "meclis": Route.ASSEMBLY,
    "mudurluk": Route.DIRECTORATE,
}
"""The word of each route in an address."""
_WORD_OF = {route: word for word, route in WORDS.items()}


@public
@require_safe
def procedures(request: HttpRequest) -> HttpResponse:
    """The ways a proposal can go in this council, drawn side by side."""
    council, at = request.council, timezone.now()  # type: ignore[attr-defined]
    found = {procedure.route: procedure for procedure in in_force(council)}
    ways = [
        {
            "route": route,
            "word": _WORD_OF[route],
            "procedure": found.get(route),
            "steps": drawn(rules_of(found[route]) if route in found else PRESETS[route]),
        }
        for route in Route
    ]
    context = {"ways": ways, "may_set": bool(may_set_procedure(request.user, council, at=at))}
    return render(request, "councils/procedures.html", context)


@public
@require_safe
def procedure_detail(request: HttpRequest, word: str) -> HttpResponse:
    """Every version of a route's procedure there was, newest first, each drawn, with who wrote it and on what ground."""
    council, at = request.council, timezone.now()  # type: ignore[attr-defined]
    route = _route(word)
    rows = Procedure.objects.filter(council=council, route=route).select_related("actor").prefetch_related("steps")
    page = page_of(request, rows, by=["number"], size=ON_A_PAGE, descending=True)
    context = {
        "route": route,
        "word": word,
        "page": page,
        "versions": [{"procedure": row, "steps": drawn(rules_of(row))} for row in page.items],
        "preset": drawn(PRESETS[route]),
        "may_set": bool(may_set_procedure(request.user, council, at=at)),
    }
    return render(request, "councils/procedure_detail.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def procedure_set(request: HttpRequest, word: str) -> HttpResponse:
    """The secretary changes the steps of a route: seen as a drawn way first, then put in force."""
    council, at = request.council, timezone.now()  # type: ignore[attr-defined]
    route = _route(word)
    verdict = may_set_procedure(request.user, council, at=at)
    newest = Procedure.objects.in_force(council, route)
    starts = PRESETS[route] if newest is None or "hazir" in request.GET else rules_of(newest)
    posted = request.method == "POST"
    form = ProcedureForm(route, starts, request.POST if posted else None)
    refused: Any = "" if verdict else verdict.reason
    status = 200 if verdict else 403
    preview: Any = None
    if posted and verdict:
        status = 422
        if form.is_valid():
            rules = form.rules()
            found = what_keeps_from_working(council, route, rules)
            form.take(found)
            preview = {"steps": drawn(rules), "cautions": cautions(council, rules, at=at), "works": not found}
            if "preview" in request.POST:
                status = 200 if not found else 422
            elif form.why.is_valid() and not found:
                try:
                    reason = form.why.cleaned_data["reason"]
                    set_procedure(actor=request.user, council=council, route=route, rules=rules, reason=reason, at=at)
                    return HttpResponseRedirect(reverse("procedure_detail", args=[council.slug, word]))
                except Contradictory as error:
                    form.take(error.found)
                except ValidationError as error:
                    form.why.add_error("reason", error.message_dict["reason"])
                except Refused as refusal:
                    refused, status = refusal.reason, 403
    context = {
        "route": route,
        "word": word,
        "form": form,
        "refused": refused,
        "allowed": bool(verdict),
        "preview": preview,
        "number": newest.number + 1 if newest else 1,
        "checks_reason": posted and "preview" not in request.POST,
    }
    return render(request, "councils/procedure_set.html", context, status=status)


def _route(word: str) -> Route:
    if word not in WORDS:
        raise Http404
    return WORDS[word]
