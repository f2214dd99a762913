"""Loans: one's own, and for the desk all of a council."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from councils.models import Council
from councils.paging import page_of
from lending import actions
from lending.forms import DecideForm, HandOutForm, LendForm, LongerForm, ReasonForm, TakeBackForm, WithErrors, posted
from lending.models import Item, Loan, LoanPiece, Piece, State
from lending.permissions import may_ask_longer, may_handle, may_keep, may_read
from lending.reading import TONES, loan_lines, loans_of, next_step, own_loans
from people.access import signed_in
from people.verdicts import Refused
from servicerequests.models import ServiceRequest

ON_A_PAGE = 30
LATE = "gecikti"
WORDS = {"ayrildi": State.RESERVED, "teslim": State.OUT, "geri-alindi": State.RETURNED, "iptal": State.CANCELLED}


@signed_in
@require_safe
def lending_loans(request: HttpRequest) -> HttpResponse:
    """What somebody has borrowed; for the desk everything, narrowed by state."""
    council, at = request.council, timezone.now()  # type: ignore[attr-defined]
    today, is_desk = timezone.localtime(at).date(), bool(may_keep(request.user, council))
    chosen = request.GET.get("durum", "") if is_desk else ""
    rows = loans_of(council) if is_desk else own_loans(request.user, council, at=at)
    if chosen == LATE:
        rows = rows.filter(state=State.OUT, ends_on__lt=today)
    elif chosen in WORDS:
        rows = rows.filter(state=WORDS[chosen])
    organisation = request.GET.get("kurulus", "")[:80] if is_desk else ""
    if organisation:
        rows = rows.filter(organisation__slug=organisation)
    page = page_of(request, rows, by=["reserved_at", "id"], size=ON_A_PAGE, descending=True)
    for loan in page.items:
        loan.council = council
    context = {
        "page": page,
        "lines": loan_lines(page.items, today=today),
        "is_desk": is_desk,
        "chosen": chosen,
        "organisation": organisation,
        "states": [("", _("Hepsi")), *((word, state.label) for word, state in WORDS.items()), (LATE, _("Gecikenler"))],
    }
    return render(request, "lending/loans.html", context)


def _request(council: Council, number: str) -> ServiceRequest | None:
    rows = ServiceRequest.objects.filter(council=council, number=number[:24])
    return rows.select_related("applicant", "on_behalf_of").first() if number else None


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def lending_loan_new(request: HttpRequest) -> HttpResponse:
    """The desk keeps pieces for somebody, most often because of a request."""
    council, at = request.council, timezone.now()  # type: ignore[attr-defined]
    may_keep(request.user, council).require()
    number = request.GET.get("basvuru", "")
    asked = _request(council, number)
    if number and asked is None:
        raise Http404
    form = LendForm(council, *posted(request), is_asked=asked is not None, initial=_guess(request, council, asked))
    refused, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            borrower = actions.Borrower(asked, data.get("organisation"), data.get("named", ""))
            names = ("item", "quantity", "starts_on", "ends_on", "text", "key")
            try:
                loan = actions.lend(
                    actor=request.user,
                    council=council,
                    borrower=borrower,
                    at=at,
                    **{name: data[name] for name in names},
                )
            except ValidationError as error:
                form.take(error)
            except Refused as error:
                refused, status = error.reason, 403
            else:
                messages.success(request, _("Malzeme ayrıldı."))
                return HttpResponseRedirect(loan.get_absolute_url())
    context = {"form": form, "asked": asked, "refused": refused}
    return render(request, "lending/loan_new.html", context, status=status)


def _guess(request: HttpRequest, council: Council, asked: ServiceRequest | None) -> dict[str, Any]:
    """What the form begins with: the item of the address, the days of the request's answers."""
    initial: dict[str, Any] = {}
    if slug := request.GET.get("malzeme", "")[:80]:
        initial["item"] = Item.objects.filter(council=council, slug=slug, is_active=True).first()
    for field, question in (("starts_on", "gun"), ("ends_on", "donus")):
        given = asked.answers.get(question) if asked is not None else None
        initial[field] = _day(given) if isinstance(given, str) else None
    return initial


def _day(text: str) -> Any:
    try:
        return parse_date(text)
    except ValueError:
        return None


def find_loan(request: HttpRequest, loan_id: int, *, at: datetime) -> Loan:
    """A loan for its two sides; 404 for everybody else."""
    council = request.council  # type: ignore[attr-defined]
    loan = loans_of(council).select_related("handed_out_by").filter(pk=loan_id).first()
    if loan is None:
        raise Http404
    loan.council = loan.item.council = council
    if loan.request is not None:
        loan.request.council = council
    if not may_read(request.user, loan, at=at):
        raise Http404
    return loan


@signed_in
@require_safe
def lending_loan(request: HttpRequest, loan_id: int) -> HttpResponse:
    """A loan, where it stands and what can be done now."""
    at = timezone.now()
    return _loan(request, find_loan(request, loan_id, at=at), at=at)


def _forms(loan: Loan) -> dict[str, WithErrors]:
    """What the desk can do in the state a loan is in."""
    if loan.state == State.RESERVED:
        out = HandOutForm()
        if loan.item.is_by_piece:
            free = Piece.objects.filter(item=loan.item, retired_at__isnull=True)
            out.offer(list(free.exclude(loan_pieces__in=_with_somebody(loan))), _("Hangi demirbaşlar veriliyor?"))
        return {"hand_out": out, "cancel": ReasonForm()}
    if loan.state == State.OUT:
        back = TakeBackForm(initial={"quantity": loan.outstanding})
        if loan.item.is_by_piece:
            back.offer(_still_out(loan), _("Hangi demirbaşlar geri geldi?"))
            del back.fields["quantity"]
        return {"take_back": back}
    return {}


def _with_somebody(loan: Loan) -> QuerySet[LoanPiece]:
    return LoanPiece.objects.filter(piece__item=loan.item, returned_at__isnull=True)


def _still_out(loan: Loan) -> list[Piece]:
    return [row.piece for row in loan.loan_pieces.select_related("piece") if row.returned_at is None]


def _loan(
    request: HttpRequest, loan: Loan, *, at: datetime, failed: dict[str, WithErrors] | None = None, refused: str = "",
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    today, is_desk = timezone.localtime(at).date(), bool(may_handle(request.user, loan))
    wishes = list(loan.prolongations.select_related("asked_by"))
    is_waiting = any(wish.decided_at is None for wish in wishes)
    offered: dict[str, Any] = _forms(loan) if is_desk else {}
    if is_desk and is_waiting:
        offered["decide"] = DecideForm()
    if not is_waiting and may_ask_longer(request.user, loan, at=at):
        offered["longer"] = LongerForm()
    offered |= {name: form for name, form in (failed or {}).items() if name in offered}
    context = {
        "loan": loan,
        "tone": TONES[State(loan.state)],
        "next": next_step(loan, today=today),
        "is_late": loan.state == State.OUT and loan.ends_on < today,
        "forms": offered,
        "wishes": wishes,
        "pieces": list(loan.loan_pieces.select_related("piece")) if loan.item.is_by_piece else [],
        "history": list(loan.history.select_related("actor")),
        "is_desk": is_desk,
        "refused": refused,
    }
    return render(request, "lending/loan.html", context, status=status)


@signed_in
@require_POST
def lending_loan_act(request: HttpRequest, loan_id: int) -> HttpResponse:
    """Hand out, take back, cancel, ask for longer, decide."""
    at = timezone.now()
    loan = find_loan(request, loan_id, at=at)
    deed = request.POST.get("deed", "")
    forms: dict[str, type[WithErrors]] = {
        "hand_out": HandOutForm, "take_back": TakeBackForm, "cancel": ReasonForm, "longer": LongerForm, "decide": DecideForm,
    }  # fmt: skip
    if deed not in forms:
        return _loan(request, loan, at=at, status=422)
    form = forms[deed](request.POST)
    if loan.item.is_by_piece and isinstance(form, HandOutForm | TakeBackForm):
        form.offer(list(loan.item.pieces.all()), _("Demirbaşlar"))
    if not form.is_valid():
        return _loan(request, loan, at=at, failed={deed: form}, status=422)
    try:
        _act(request, deed, loan, form.cleaned_data, at)
    except ValidationError as error:
        form.take(error)
        return _loan(request, loan, at=at, failed={deed: form}, refused=" ".join(form.non_field_errors()), status=422)
    except Refused as error:
        return _loan(request, loan, at=at, refused=error.reason, status=403)
    messages.success(request, _("Kaydedildi."))
    return HttpResponseRedirect(loan.get_absolute_url())


def _act(request: HttpRequest, deed: str, loan: Loan, data: dict[str, Any], at: datetime) -> None:
    who = {"actor": request.user, "loan": loan, "at": at}
    pieces = list(data.get("pieces") or ())
    match deed:
        case "hand_out":
            actions.hand_out(condition=data["condition"], text=data["text"], pieces=pieces, **who)
        case "take_back":
            actions.take_back(
                quantity=data.get("quantity") or 0,
                lost=data["lost"] or 0,
                condition=data["condition"],
                text=data["text"],
                pieces=pieces,
                **who,
            )
        case "cancel":
            actions.cancel_loan(text=data["text"], **who)
        case "longer":
            actions.ask_longer(until=data["until"], reason=data["reason"], **who)
        case _:
            actions.decide_longer(is_granted=data["is_granted"], answer=data["answer"], **who)


@signed_in
@require_safe
def lending_slip(request: HttpRequest, loan_id: int) -> HttpResponse:
    """The slip that both sides sign when something is handed over, to be printed."""
    at = timezone.now()
    loan = find_loan(request, loan_id, at=at)
    context = {
        "loan": loan,
        "pieces": list(loan.loan_pieces.select_related("piece")),
        "given": loan.history.filter(deed="handed_out").first(),
        "today": timezone.localtime(at).date(),
    }
    return render(request, "lending/slip.html", context)
