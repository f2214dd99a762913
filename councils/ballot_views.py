"""A council's ballots: the list, and the page that opens one."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from ballots.models import Ballot
from ballots.rules import checked
from ballots.wording import outcome_sentence, roll_sentence, rule_sentence
from councils.ballot_forms import CouncilBallotForm, chairs_for, electorates_for
from councils.balloting import by_procedure, open_council_ballot, quorum_of
from councils.electorates import people_with_the_right
from councils.models import CouncilBallot
from councils.paging import page_of
from people.access import public, signed_in
from people.verdicts import Refused, no

ON_A_PAGE = 20
DAYS = 7


@public
@require_safe
def council_ballots(request: HttpRequest) -> HttpResponse:
    """Ballots of the council and its bodies, the newest first. What they decided stands beside those that have ended."""
    council, at = request.council, timezone.now()  # type: ignore[attr-defined]
    rows = (
        CouncilBallot.objects.visible_to(request.user)
        .filter(council=council)
        .select_related("ballot__chair", "ballot__chair_decision", "council", "body", "district")
    )
    page = page_of(request, rows, by=["ballot_id"], size=ON_A_PAGE, descending=True)
    options = Ballot.options_of([row.ballot for row in page.items])
    lines = []
    for row in page.items:
        row.ballot.option_texts = options[row.ballot_id]
        lines.append({"row": row, "phase": row.ballot.phase(at), "outcome": outcome_sentence(row.ballot)})
    context = {"page": page, "lines": lines, "may_open": bool(electorates_for(request.user, council, at=at))}
    return render(request, "councils/council_ballots.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def council_ballot_open(request: HttpRequest) -> HttpResponse:
    """Ask whom and what, show the rule in a sentence, then open."""
    council, at = request.council, timezone.now()  # type: ignore[attr-defined]
    groups = electorates_for(request.user, council, at=at)
    form = CouncilBallotForm(
        request.POST or None,
        initial={**CouncilBallotForm.starting(days=DAYS, at=at), "electorate": request.GET.get("kim", "")},
        council=council,
        groups=groups,
        chairs=chairs_for(request.user, council, at=at) if groups else [],
    )
    verdict = None
    if not groups:
        verdict = no("", code="not_secretary")
    preview: dict[str, Any] | None = None
    status = 200 if groups else 403
    if request.method == "POST" and groups:
        status = 422
        try:
            if form.is_valid():
                if "preview" in request.POST:
                    preview, status = _preview(form, at=at), 200
                else:
                    ballot = _open(request, form, at=at)
                    return HttpResponseRedirect(reverse("ballot_detail", args=[ballot.pk]))
        except ValidationError as error:
            form.take_errors(error)
        except Refused as refusal:
            verdict, status = no(refusal.reason, code=refusal.code), 403
    context = {"form": form, "groups": groups, "verdict": verdict, "preview": preview}
    return render(request, "councils/council_ballot_open.html", context, status=status)


def _preview(form: CouncilBallotForm, *, at: Any) -> dict[str, Any]:
    fields, options = checked(by_procedure(form.asked(), form.rule(), chair_seat=form.cleaned_data["chair"], at=at))
    size = len(people_with_the_right(form.asked(), at=at))
    fields["quorum"] = quorum_of(size, form.cleaned_data["quorum_percent"])
    ballot = Ballot(question=form.cleaned_data["question"], **fields)
    sentence = f"{rule_sentence(ballot)} {roll_sentence(ballot)}"
    return {"sentence": sentence, "size": size, "who": form.asked().who, "options": options}


def _open(request: HttpRequest, form: CouncilBallotForm, *, at: Any) -> Ballot:
    data = form.cleaned_data
    assert request.user.is_authenticated
    return open_council_ballot(
        actor=request.user,
        asked=form.asked(),
        question=data["question"],
        quorum_percent=data["quorum_percent"],
        opens_at=data["opens_at"],
        closes_at=data["closes_at"],
        chair_seat=data["chair"],
        at=at,
        **form.rule(),
    )
