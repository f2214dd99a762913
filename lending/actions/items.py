"""What there is to lend: items, their number, single pieces, pictures, their state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.models import Council
from discussions.markup import clean
from documents.attachment_content import Checked
from journal.actions import record
from lending.availability import held_on, taken
from lending.journal_kinds import LendingKind
from lending.models import HOLDS, MOST_DAYS, Condition, Deed, Happening, Item, Loan, LoanPiece, Piece, State
from lending.permissions import may_keep
from people.models import Person
from turkish.text import slugify

MOST_PIECES = 5_000


@dataclass(frozen=True)
class Described:
    """What is said of an item, as it comes from a form."""

    name: str
    about: str = ""
    kept_at: str = ""
    condition: str = Condition.GOOD
    longest_days: int = 7
    is_active: bool = True


def locked(item: Item) -> Item:
    """The item as it is now, locked until the commit: whoever lends or counts waits here for the others."""
    return Item.objects.select_for_update(no_key=True, of=("self",)).select_related("council").get(pk=item.pk)


@transaction.atomic
def add_item(
    *,
    actor: Person,
    council: Council,
    said: Described,
    stock: int,
    is_by_piece: bool = False,
    picture: Checked | None = None,
    at: datetime,
) -> Item:
    """Something new to lend. Refuses who does not work at the desk. `ValidationError` on what is wrong."""
    may_keep(actor, council).require()
    _check(said, stock)
    slug = slugify(said.name) or "malzeme"
    taken_slugs = set(Item.objects.filter(council=council, slug__startswith=slug).values_list("slug", flat=True))
    if slug in taken_slugs:
        slug = next(f"{slug}-{n}" for n in range(2, len(taken_slugs) + 3) if f"{slug}-{n}" not in taken_slugs)
    item = Item(council=council, slug=slug, is_by_piece=is_by_piece, stock=0 if is_by_piece else stock)
    _describe(item, said)
    _show(item, picture)
    item.save(force_insert=True)
    note(item, Deed.ADDED, actor, at, quantity=item.stock, condition=item.condition)
    _tell(LendingKind.ITEM_ADDED, item, actor, at)
    return item


@transaction.atomic
def change_item(
    *,
    actor: Person,
    item: Item,
    said: Described,
    stock: int | None = None,
    reason: str = "",
    picture: Checked | None = None,
    at: datetime,
) -> Item:
    """Say something else of an item, or that there are more or fewer. `ValidationError` where more are promised on a day."""
    item = locked(item)
    may_keep(actor, item.council).require()
    stock = item.stock if stock is None or item.is_by_piece else stock
    _check(said, stock)
    before, condition = item.stock, item.condition
    _describe(item, said)
    if stock != before:
        if len(clean(reason)) < 3:
            raise ValidationError({"reason": _("Sayının neden değiştiğini yazın.")})
        set_stock(item, stock, at=at)
        note(item, Deed.STOCK, actor, at, quantity=stock, text=clean(reason))
    _show(item, picture)
    item.save()
    if condition != item.condition:
        note(item, Deed.NOTE, actor, at, condition=item.condition)
    _tell(LendingKind.ITEM_CHANGED, item, actor, at)
    return item


@transaction.atomic
def add_piece(*, actor: Person, item: Item, inventory_number: str, condition: str, at: datetime) -> Piece:
    """A single piece with its number; there is one more to lend."""
    item = locked(item)
    may_keep(actor, item.council).require()
    number = " ".join(inventory_number.split())
    if not item.is_by_piece or not 1 <= len(number) <= 40:
        raise ValidationError({"inventory_number": _("Demirbaş numarasını yazın, en çok 40 harf.")})
    if Piece.objects.filter(item=item, inventory_number=number).exists():
        raise ValidationError({"inventory_number": _("Bu numara listede var.")})
    piece = Piece.objects.create(item=item, inventory_number=number, condition=_known(condition))
    item.stock += 1
    item.save(update_fields=["stock"])
    note(item, Deed.PIECE_ADDED, actor, at, piece=piece, quantity=item.stock, condition=piece.condition)
    return piece


@transaction.atomic
def retire_piece(*, actor: Person, piece: Piece, reason: str, at: datetime) -> Piece:
    """A piece that is no more lent, with the reason. `ValidationError` while somebody has it or it is promised."""
    item = locked(piece.item)
    may_keep(actor, item.council).require()
    piece = Piece.objects.select_for_update().get(pk=piece.pk)
    if piece.retired_at is not None:
        return piece
    if len(clean(reason)) < 3:
        raise ValidationError({"reason": _("Neden çıkarıldığını yazın.")})
    if LoanPiece.objects.filter(piece=piece, returned_at__isnull=True).exists():
        raise ValidationError({"reason": _("Bu demirbaş şu anda ödünçte. Önce geri alın.")})
    piece.retired_at = at
    piece.save(update_fields=["retired_at"])
    set_stock(item, item.stock - 1, at=at)
    item.save(update_fields=["stock"])
    note(item, Deed.PIECE_RETIRED, actor, at, piece=piece, quantity=item.stock, text=clean(reason))
    return piece


def set_stock(item: Item, stock: int, *, at: datetime) -> None:
    """Another number of a locked item; the caller saves it. `ValidationError` where more are promised on a day."""
    today = timezone.localtime(at).date()
    rows = Loan.objects.filter(item=item, state__in=HOLDS)
    loans = [
        taken(row.starts_on, row.ends_on, row.outstanding, is_out=row.state == State.OUT, today=today) for row in rows
    ]
    days = [max(loan.starts, today) for loan in loans] or [today]
    most = max(held_on(loans, day) for day in days)
    if stock < most:
        raise ValidationError(
            {"stock": _("%(n)d adedi ödünçte ya da ayrılmış. Önce ayırtmaları değiştirin.") % {"n": most}}
        )
    item.stock = stock


def note(
    item: Item,
    deed: Deed,
    actor: Person,
    at: datetime,
    *,
    loan: Loan | None = None,
    piece: Piece | None = None,
    quantity: int | None = None,
    condition: str = "",
    text: str = "",
) -> Happening:
    """Write a line into the history of an item."""
    return Happening.objects.create(
        item=item,
        loan=loan,
        piece=piece,
        deed=deed,
        quantity=quantity,
        condition=condition,
        note=text[:500],
        actor=actor,
        at=at,
    )


def _show(item: Item, picture: Checked | None) -> None:
    """Another picture of an item that is about to be saved; the one before is taken away after the commit."""
    if picture is None:
        return
    if picture.kind != "image":
        raise ValidationError({"picture": _("Resim olarak JPEG, PNG ya da WebP yükleyin.")})
    before, storage = item.picture.name, item.picture.storage
    item.picture.save(picture.name, ContentFile(picture.content), save=False)
    if before:
        transaction.on_commit(lambda: storage.delete(before))


def _known(condition: str) -> str:
    if condition not in Condition.values:
        raise ValidationError({"condition": _("Listedeki durumlardan birini seçin.")})
    return condition


def _check(said: Described, stock: int) -> None:
    wrong = {}
    if not 2 <= len(" ".join(said.name.split())) <= 120:
        wrong["name"] = _("Adı 2 ile 120 harf arasında yazın.")
    if len(clean(said.about)) > 2000:
        wrong["about"] = _("En çok 2000 harf yazabilirsiniz.")
    if len(said.kept_at) > 160:
        wrong["kept_at"] = _("En çok 160 harf yazabilirsiniz.")
    if said.condition not in Condition.values:
        wrong["condition"] = _("Listedeki durumlardan birini seçin.")
    if not 1 <= said.longest_days <= MOST_DAYS:
        wrong["longest_days"] = _("1 ile 90 gün arasında yazın.")
    if not 0 <= stock <= MOST_PIECES:
        wrong["stock"] = _("0 ile 5000 arasında bir sayı yazın.")
    if wrong:
        raise ValidationError({name: [sentence] for name, sentence in wrong.items()})


def _describe(item: Item, said: Described) -> None:
    item.name, item.about = " ".join(said.name.split()), clean(said.about)
    item.kept_at, item.condition = " ".join(said.kept_at.split()), said.condition
    item.longest_days, item.is_active = said.longest_days, said.is_active


def _tell(kind: LendingKind, item: Item, actor: Person, at: datetime) -> None:
    record(
        kind,
        actor=actor,
        subject=item,
        topic=f"item:{item.pk}",
        council=item.council,
        at=at,
        facts={"item": item.name, "stock": item.stock},
    )
