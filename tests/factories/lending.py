"""Equipment and loans, by the actions."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from PIL import Image

from councils.models import Council
from documents.attachment_content import Checked
from lending import actions
from lending.models import Item, Loan
from organisations.models import Organisation
from people.models import Person


def a_picture() -> Checked:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), (15, 76, 92)).save(out, "WEBP")
    return Checked("image", out.getvalue(), "masa.webp", "0" * 64)


def lent_item_of(
    council: Council,
    officer: Person,
    *,
    name: str = "Katlanır masa",
    stock: int = 10,
    at: datetime | None = None,
    **options: Any,
) -> Item:
    said = {key: options.pop(key) for key in ("about", "kept_at", "longest_days") if key in options}
    options.setdefault("picture", a_picture())
    return actions.add_item(
        actor=officer,
        council=council,
        said=actions.Described(name, **said),
        stock=stock,
        at=at or timezone.now(),
        **options,
    )


def loan_of(
    item: Item,
    officer: Person,
    *,
    quantity: int = 2,
    organisation: Organisation | None = None,
    starts_on: date | None = None,
    days: int = 3,
    at: datetime | None = None,
    **options: Any,
) -> Loan:
    """A loan from a day on, today without one, for so many days."""
    at = at or timezone.now()
    starts_on = starts_on or timezone.localtime(at).date()
    borrower = actions.Borrower(options.pop("request", None), organisation, options.pop("named", ""))
    return actions.lend(
        actor=officer,
        council=item.council,
        item=item,
        borrower=borrower,
        quantity=quantity,
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=days - 1),
        at=at,
        **options,
    )
