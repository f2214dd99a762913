"""Lending: reserving, handing out, taking back in parts, cancelling. The item's lock keeps two from lending the last piece."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils.models import Council, CouncilOrganisation
from discussions.markup import clean
from journal.actions import record
from journal.models import Audience
from lending.actions.items import locked as item_locked
from lending.actions.items import note, set_stock
from lending.availability import free_between, taken
from lending.journal_kinds import LendingKind
from lending.models import HOLDS, Condition, Deed, Item, Loan, LoanPiece, Piece, State
from lending.permissions import may_handle, may_keep
from organisations.models import Organisation
from people.models import Person
from people.verdicts import no
from servicerequests.models import ServiceRequest


@dataclass(frozen=True)
class Borrower:
    """For whom a loan is: who asked in a request, an organisation of the city, or somebody named."""

    request: ServiceRequest | None = None
    organisation: Organisation | None = None
    named: str = ""


def locked(loan: Loan) -> tuple[Loan, Item]:
    """A loan and its item as they are now, the item locked first."""
    item = item_locked(Item(pk=loan.item_id))
    rows = Loan.objects.select_for_update(of=("self",)).select_related("person", "organisation")
    found = rows.get(pk=loan.pk)
    found.item, found.council = item, item.council
    return found, item


def free_on(item: Item, first: date, last: date, *, at: datetime, without: Loan | None = None) -> int:
    """How many pieces of an item are free on every day. One query."""
    today = timezone.localtime(at).date()
    rows = Loan.objects.filter(item=item, state__in=HOLDS)
    if without is not None:
        rows = rows.exclude(pk=without.pk)
    loans = [
        taken(row.starts_on, row.ends_on, row.outstanding, is_out=row.state == State.OUT, today=today) for row in rows
    ]
    return free_between(item.stock, loans, first, last)


@transaction.atomic
def lend(
    *,
    actor: Person,
    council: Council,
    item: Item,
    borrower: Borrower,
    quantity: int,
    starts_on: date,
    ends_on: date,
    text: str = "",
    key: UUID | None = None,
    at: datetime,
) -> Loan:
    """Keep pieces for somebody; sent again under its key it is the same loan.

    Refuses who does not work at the desk, and who would lend to themselves. `ValidationError` on ``item``, ``quantity``,
    ``starts_on``, ``ends_on``, ``organisation``.
    """
    may_keep(actor, council).require()
    key = key or uuid4()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 6))", [str(key)])
    before = Loan.objects.filter(key=key, council=council).select_related("item").first()
    if before is not None:
        return before
    item = item_locked(item)
    loan = Loan(
        council=council, item=item, quantity=quantity, starts_on=starts_on, ends_on=ends_on, key=key, reserved_by=actor
    )
    loan.reserved_at = at
    _for(loan, borrower)
    if loan.person_id == actor.pk:
        no(_("Kendinize ödünç veremezsiniz."), code="own_loan").require()
    if item.council_id != council.pk or not item.is_active:
        raise ValidationError({"item": _("Bu malzeme ödünç verilmiyor.")})
    check_days(item, starts_on, ends_on, at=at)
    check_free(item, loan, starts_on, ends_on, at=at)
    loan.save(force_insert=True)
    note(item, Deed.RESERVED, actor, at, loan=loan, quantity=quantity, text=clean(text))
    tell(LendingKind.RESERVED, loan, actor, at)
    return loan


def _for(loan: Loan, borrower: Borrower) -> None:
    request = borrower.request
    if request is not None:
        if request.council_id != loan.council_id:
            raise ValidationError({"request": _("Bu başvuru başka bir konseyde.")})
        loan.request, loan.person, loan.organisation = request, request.applicant, request.on_behalf_of
        loan.named = request.named if request.applicant_id is None else ""
        return
    if borrower.organisation is not None:
        listed = CouncilOrganisation.objects.filter(council=loan.council, organisation=borrower.organisation)
        if not listed.exists():
            raise ValidationError({"organisation": _("Listedeki kuruluşlardan birini seçin.")})
        loan.organisation = borrower.organisation
        return
    loan.named = " ".join(borrower.named.split())[:120]
    if len(loan.named) < 2:
        raise ValidationError({"named": _("Kuruluşu seçin ya da alanın adını yazın.")})


def check_days(item: Item, starts_on: date, ends_on: date, *, at: datetime) -> None:
    """`ValidationError` for days that are over, the wrong way round, or too many."""
    if ends_on < starts_on:
        raise ValidationError({"ends_on": _("Dönüş günü alış gününden önce olamaz.")})
    if starts_on < timezone.localtime(at).date():
        raise ValidationError({"starts_on": _("Bugün ya da sonraki bir günü seçin.")})
    if (ends_on - starts_on).days + 1 > item.longest_days:
        raise ValidationError(
            {
                "ends_on": ngettext(
                    "Bu malzeme en çok %(n)d gün verilir.", "Bu malzeme en çok %(n)d gün verilir.", item.longest_days
                )
                % {"n": item.longest_days}
            }
        )


def check_free(item: Item, loan: Loan, starts_on: date, ends_on: date, *, at: datetime) -> None:
    """`ValidationError` where fewer are free on one of the days."""
    free = free_on(item, starts_on, ends_on, at=at, without=loan if loan.pk else None)
    if not 1 <= loan.outstanding <= free:
        raise ValidationError(
            {
                "quantity": ngettext("Bu günlerde boş olan: %(n)d adet.", "Bu günlerde boş olan: %(n)d adet.", free)
                % {"n": free}
            }
        )


@transaction.atomic
def hand_out(
    *, actor: Person, loan: Loan, condition: str, text: str = "", pieces: Collection[Piece] = (), at: datetime
) -> Loan:
    """The borrower takes it, in the state that is noted; single pieces are named. Again it changes nothing.

    `ValidationError` on ``pieces``, ``condition``, or where what others have not brought back is missing.
    """
    loan, item = locked(loan)
    may_handle(actor, loan).require()
    if loan.state == State.OUT:
        return loan
    _in_state(loan, State.RESERVED)
    if condition not in Condition.values:
        raise ValidationError({"condition": _("Listedeki durumlardan birini seçin.")})
    out = sum(row.outstanding for row in Loan.objects.filter(item=item, state=State.OUT))
    if out + loan.quantity > item.stock:
        raise ValidationError({"pieces": _("Öbür alanlar henüz getirmedi; verilecek yeterli adet yok.")})
    if item.is_by_piece:
        _hand_out_pieces(loan, pieces)
    loan.state, loan.handed_out_by, loan.handed_out_at = State.OUT, actor, at
    loan.save(update_fields=["state", "handed_out_by", "handed_out_at"])
    note(item, Deed.HANDED_OUT, actor, at, loan=loan, quantity=loan.quantity, condition=condition, text=clean(text))
    tell(LendingKind.HANDED_OUT, loan, actor, at)
    return loan


def _hand_out_pieces(loan: Loan, pieces: Collection[Piece]) -> None:
    chosen = {piece.pk for piece in pieces if piece.item_id == loan.item_id and piece.retired_at is None}
    if len(chosen) != loan.quantity:
        raise ValidationError(
            {"pieces": ngettext("%(n)d demirbaş seçin.", "%(n)d demirbaş seçin.", loan.quantity) % {"n": loan.quantity}}
        )
    if LoanPiece.objects.filter(piece__in=chosen, returned_at__isnull=True).exists():
        raise ValidationError({"pieces": _("Seçtiğiniz demirbaşlardan biri başkasında.")})
    LoanPiece.objects.bulk_create(LoanPiece(loan=loan, piece_id=pk) for pk in sorted(chosen))


@transaction.atomic
def take_back(
    *,
    actor: Person,
    loan: Loan,
    quantity: int,
    lost: int = 0,
    condition: str,
    text: str = "",
    pieces: Collection[Piece] = (),
    at: datetime,
) -> Loan:
    """Some or all come back, in the state that is noted; `lost` of them are gone or cannot be used and leave the stock.

    `ValidationError` on ``quantity``, ``lost``, ``condition``, ``text``, ``pieces``, and on ``stock`` where what is gone is
    promised to others.
    """
    loan, item = locked(loan)
    may_handle(actor, loan).require()
    _in_state(loan, State.OUT)
    if item.is_by_piece:
        quantity = len({piece.pk for piece in pieces})
    _check_return(loan, quantity, lost, condition, clean(text), is_by_piece=item.is_by_piece)
    loan.returned, loan.lost = loan.returned + quantity, loan.lost + lost
    if loan.outstanding == 0:
        loan.state, loan.ended_at = State.RETURNED, at
    loan.save(update_fields=["returned", "lost", "state", "ended_at"])
    if item.is_by_piece:
        rows = LoanPiece.objects.filter(loan=loan, piece__in=pieces, returned_at__isnull=True)
        if rows.update(returned_at=at) != quantity:
            raise ValidationError({"pieces": _("Geri gelen demirbaşları seçin.")})
        Piece.objects.filter(pk__in=[piece.pk for piece in pieces]).update(condition=condition)
        if lost:
            Piece.objects.filter(pk__in=[piece.pk for piece in pieces]).update(retired_at=at)
    note(item, Deed.TAKEN_BACK, actor, at, loan=loan, quantity=quantity, condition=condition, text=clean(text))
    if lost:
        set_stock(item, item.stock - lost, at=at)
        item.save(update_fields=["stock"])
        note(item, Deed.LOST, actor, at, loan=loan, quantity=lost, text=clean(text))
    tell(LendingKind.TAKEN_BACK, loan, actor, at)
    return loan


def _check_return(loan: Loan, quantity: int, lost: int, condition: str, text: str, *, is_by_piece: bool) -> None:
    wrong: dict[str, Any] = {}
    if not 1 <= quantity <= loan.outstanding:
        place = "pieces" if is_by_piece else "quantity"
        wrong[place] = _("Alanda %(n)d adet var; geri geleni yazın.") % {"n": loan.outstanding}
    if not 0 <= lost <= quantity or (is_by_piece and lost not in {0, quantity}):
        wrong["lost"] = (
            _("Kullanılamayan demirbaşları ayrı geri alın.") if is_by_piece else _("Geri gelenden çok olamaz.")
        )
    if condition not in Condition.values:
        wrong["condition"] = _("Listedeki durumlardan birini seçin.")
    if (lost or condition == Condition.DAMAGED) and len(text) < 3:
        wrong["text"] = _("Hasarı ya da eksiği yazın.")
    if wrong:
        raise ValidationError({name: [sentence] for name, sentence in wrong.items()})


@transaction.atomic
def cancel_loan(*, actor: Person, loan: Loan, text: str, at: datetime) -> Loan:
    """It will not be taken; the pieces are free again. Again it changes nothing."""
    loan, item = locked(loan)
    may_handle(actor, loan).require()
    if loan.state == State.CANCELLED:
        return loan
    _in_state(loan, State.RESERVED)
    if len(clean(text)) < 3:
        raise ValidationError({"text": _("Neden iptal edildiğini yazın.")})
    loan.state, loan.ended_at = State.CANCELLED, at
    loan.save(update_fields=["state", "ended_at"])
    note(item, Deed.CANCELLED, actor, at, loan=loan, quantity=loan.quantity, text=clean(text))
    tell(LendingKind.CANCELLED, loan, actor, at)
    return loan


def _in_state(loan: Loan, state: State) -> None:
    if loan.state != state:
        sentence = _("Bu ödünç şu durumda: %(state)s. Sayfayı yenileyin.") % {"state": State(loan.state).label}
        raise ValidationError({"state": sentence})


def tell(kind: LendingKind, loan: Loan, actor: Person | None, at: datetime, **facts: object) -> None:
    """Write it into the record; only the borrower's side and the desk read it."""
    record(
        kind,
        actor=actor,
        subject=loan,
        topic=loan.topic,
        council=loan.council,
        on_behalf_of=loan.organisation,
        at=at,
        facts={"item": loan.item.name, "quantity": loan.quantity, "state": loan.state, **facts},
        audience=Audience.INVOLVED,
    )
