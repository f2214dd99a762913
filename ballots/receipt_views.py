"""Pages of receipts: one's own after voting, and the look-up for anybody who has a code."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ballots.receipts import Standing, find_receipt, read_code, receipts_in
from ballots.views import find_ballot, where
from people.access import public, signed_in


def _proof_file(standing: Standing) -> JsonResponse:
    """The proof to keep; not found while the record still waits to be sealed."""
    proof = standing.proof()
    if proof is None:
        raise Http404
    answer = JsonResponse(proof, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="meydan-kanit-{standing.code}.json"'
    return answer


@signed_in
@never_cache
@require_safe
def ballot_receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """My receipts of a ballot: the one that counts with its proof, and those it replaced."""
    ballot = find_ballot(request, pk)
    found = receipts_in(ballot, request.user)
    if not found:
        raise Http404
    context: dict[str, Any] = {"ballot": ballot, "receipt": found[0], "earlier": found[1:], **where(ballot)}
    return render(request, "ballots/ballot_receipt.html", context)


@signed_in
@never_cache
@require_safe
def ballot_receipt_proof(request: HttpRequest, pk: int, times: int) -> HttpResponse:
    """The proof of one of my receipts as a file."""
    for standing in receipts_in(find_ballot(request, pk), request.user):
        if standing.record.times == times:
            return _proof_file(standing)
    raise Http404


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def receipt_lookup(request: HttpRequest) -> HttpResponse:
    """Look a code up. It is posted, so that it stands in no address and no log."""
    context: dict[str, Any] = {}
    if request.method == "POST":
        typed = request.POST.get("code", "")
        receipt = find_receipt(request.user, read_code(typed))
        context = {"typed": typed[:40], "receipt": receipt, "is_unknown": receipt is None}
    status = 404 if context.get("is_unknown") else 200
    return render(request, "ballots/receipt_lookup.html", context, status=status)


@public
@never_cache
@require_POST
def receipt_proof(request: HttpRequest) -> HttpResponse:
    """The proof of the receipt with the posted code as a file."""
    standing = find_receipt(request.user, read_code(request.POST.get("code", "")))
    if standing is None:
        raise Http404
    return _proof_file(standing)
