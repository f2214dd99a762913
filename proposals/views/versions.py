"""Versions of a text: what changed, and a new one."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from people.access import public, signed_in
from people.verdicts import Refused
from proposals import actions
from proposals.amending import AmendmentState
from proposals.differences import Difference, compare
from proposals.forms import RevisionForm, take_errors
from proposals.models import AmendmentDecision, Proposal, ProposalVersion
from proposals.permissions import may_revise
from proposals.views.finding import find_proposal

PARTS = ("title", "summary", "text")


@public
@require_safe
def proposal_versions(request: HttpRequest, number: str) -> HttpResponse:
    """All versions with their notes, and the difference between two: ``?eski=1&yeni=3``; unknown numbers are not found."""
    proposal = find_proposal(request, number)
    versions = list(proposal.versions.select_related("author"))
    _name_amendments(versions)
    known = {str(version.number): version for version in versions}
    latest = versions[0].number
    new = _named(known, request.GET.get("yeni", str(latest)))
    old = _named(known, request.GET.get("eski", str(max(1, new.number - 1))))
    context = {
        "proposal": proposal,
        "versions": versions,
        "old": old,
        "new": new,
        "differences": differences(old, new) if old != new else None,
    }
    return render(request, "proposals/versions.html", context)


def _name_amendments(versions: list[Any]) -> None:
    """Say of each version which amendment it came from, if from one."""
    decided = AmendmentDecision.objects.filter(version__in=versions, outcome=AmendmentState.ACCEPTED)
    made_by = {each.version_id: each.amendment for each in decided.select_related("amendment__author")}
    for version in versions:
        version.amendment = made_by.get(version.pk)


def _named(known: dict[str, ProposalVersion], word: str) -> ProposalVersion:
    if word not in known:
        raise Http404
    return known[word]


def differences(old: Any, new: Any) -> dict[str, Difference]:
    """Title, summary and text of two versions compared."""
    return {name: compare(getattr(old, name), getattr(new, name)) for name in PARTS}


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def proposal_revise(request: HttpRequest, number: str) -> HttpResponse:
    """Write a new version with a note; its difference is shown before it is published."""
    proposal = find_proposal(request, number)
    verdict = may_revise(request.user, proposal, at=timezone.now())
    if request.method != "POST":
        initial = {name: getattr(proposal, name) for name in PARTS} | {"base": proposal.version}
        return _page(
            request, proposal, RevisionForm(initial=initial), refused=verdict.reason, status=200 if verdict else 403
        )
    form = RevisionForm(request.POST)
    if not form.is_valid():
        return _page(request, proposal, form, status=422)
    typed = form.cleaned_data
    if request.POST.get("do") == "preview":
        return _page(request, proposal, form, preview=compare_typed(proposal, typed))
    if typed["base"] != proposal.version:
        if all(getattr(proposal, name) == typed[name].strip() for name in PARTS):
            return HttpResponseRedirect(proposal.get_absolute_url() + "#text")  # the second click
        form.add_error(None, _("Siz yazarken yeni bir sürüm yayımlandı. Farkı gözden geçirip yeniden yayımlayın."))
        form.data = form.data.copy()
        form.data["base"] = str(proposal.version)
        return _page(request, proposal, form, preview=compare_typed(proposal, typed), status=422)
    try:
        actions.revise_proposal(
            actor=request.user,
            proposal=proposal,
            title=typed["title"],
            summary=typed["summary"],
            text=typed["text"],
            note=typed["note"],
            base=typed["base"],
            at=timezone.now(),
        )
    except ValidationError as error:
        take_errors(form, error)
        return _page(request, proposal, form, status=422)
    except Refused as refusal:
        return _page(request, proposal, form, refused=refusal.reason, status=403)
    return HttpResponseRedirect(proposal.get_absolute_url() + "#text")


def compare_typed(proposal: Proposal, typed: dict[str, Any]) -> dict[str, Difference]:
    return {name: compare(getattr(proposal, name), typed[name].strip()) for name in PARTS}


def _page(
    request: HttpRequest,
    proposal: Proposal,
    form: RevisionForm,
    *,
    preview: dict[str, Difference] | None = None,
    refused: Any = "",
    status: int = 200,
) -> HttpResponse:
    context = {"proposal": proposal, "form": form, "preview": preview, "refused": refused}
    return render(request, "proposals/revise.html", context, status=status)
