"""What pages and programs show of lent equipment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, DateField, DateTimeField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, When
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils.models import Council
from lending.availability import Taken, calendar, free_between, taken
from lending.models import HOLDS, Item, Loan, Prolongation, State
from organisations.models import Organisation
from people.models import Person
from servicerequests.beside import Beside
from servicerequests.models import RequestType, ServiceRequest
from turkish.functions import SortKey
from turkish.templatetags.turkish_text import day as day_in_words

TONES = {State.RESERVED: "wait", State.OUT: "", State.RETURNED: "done", State.CANCELLED: "plain"}
CALENDAR_DAYS = 28
TYPE = "malzeme"
"""The type of request by which equipment is asked for."""


@dataclass(frozen=True)
class ItemLine:
    """An item with how many of it are free."""

    item: Item
    free: int


def items_of(council: Council, *, with_retired: bool = False) -> QuerySet[Item]:
    rows = Item.objects.filter(council=council)
    return (rows if with_retired else rows.filter(is_active=True)).annotate(sorted_by=SortKey("name"))


def free_lines(items: Sequence[Item], first: date, last: date, *, today: date) -> list[ItemLine]:
    """Each item with what is free on every day from `first` until `last`. One query."""
    kept = _kept(items, first, last, today)
    return [ItemLine(item, free_between(item.stock, kept[item.pk], first, last)) for item in items]


def free_days(item: Item, first: date, *, today: date, days: int = CALENDAR_DAYS) -> list[tuple[date, int]]:
    """Some days, each with how many pieces are free. One query."""
    kept = _kept([item], first, first + timedelta(days=days), today)
    return calendar(item.stock, kept[item.pk], first, days)


def _kept(items: Iterable[Item], first: date, last: date, today: date) -> dict[int, list[Taken]]:
    late = Q(state=State.OUT, ends_on__lt=today)
    rows = Loan.objects.filter(item__in=items, state__in=HOLDS, starts_on__lte=last).filter(
        Q(ends_on__gte=first) | late
    )
    kept: dict[int, list[Taken]] = defaultdict(list)
    for item, starts, ends, quantity, returned, state in rows.values_list(
        "item", "starts_on", "ends_on", "quantity", "returned", "state"
    ):
        kept[item].append(taken(starts, ends, quantity - returned, is_out=state == State.OUT, today=today))
    return kept


def application_url(council: Council) -> str:
    """Where equipment is asked for; empty where the desk does not take such requests."""
    is_open = RequestType.objects.filter(council=council, slug=TYPE, is_active=True).exists()
    return reverse("request_new", args=[council.slug, TYPE]) if is_open else ""


def loans_of(council: Council) -> QuerySet[Loan]:
    return Loan.objects.filter(council=council).select_related("item", "person", "organisation", "request")


def own_loans(person: Person, council: Council | None, *, at: datetime) -> QuerySet[Loan]:
    """What somebody has, and the organisations they represent."""
    mandates = Organisation.objects.represented_by(person, on=timezone.localtime(at).date())
    rows = Loan.objects.filter(Q(person=person) | Q(organisation__in=mandates))
    rows = rows if council is None else rows.filter(council=council)
    return rows.select_related("item", "person", "organisation", "request", "council")


def waiting_loans(council: Council, *, until: date) -> QuerySet[Loan]:
    """What the desk has to hand out, take back or decide until a day, with the `due` end of that day's work."""
    asked = Prolongation.objects.filter(loan=OuterRef("pk"), decided_at__isnull=True)
    rows = loans_of(council).filter(state__in=HOLDS).annotate(is_asked=Exists(asked))
    rows = rows.filter(
        Q(state=State.RESERVED, starts_on__lte=until) | Q(state=State.OUT, ends_on__lte=until) | Q(is_asked=True)
    )
    day = Case(When(state=State.RESERVED, then=F("starts_on")), default=F("ends_on"), output_field=DateField())
    # 14.30 of a day in UTC is 17.30 in Turkey, which keeps one time all the year.
    end = ExpressionWrapper(Cast(day, DateTimeField()) + timedelta(hours=14, minutes=30), DateTimeField())
    return rows.annotate(due=end)


def next_step(loan: Loan, *, today: date) -> str:
    """What the next step of a loan is, in one sentence; empty for what has ended."""
    facts = {"starts": day_in_words(loan.starts_on), "ends": day_in_words(loan.ends_on), "n": loan.outstanding}
    if loan.state == State.RESERVED:
        return _("%(starts)s günü alınacak, %(ends)s günü geri gelecek.") % facts
    if loan.state == State.OUT and loan.ends_on < today:
        late = (today - loan.ends_on).days
        return ngettext("Dönüş günü %(late)d gün geçti.", "Dönüş günü %(late)d gün geçti.", late) % {"late": late}
    if loan.state == State.OUT:
        sentence = ngettext(
            "%(n)d adet, en geç %(ends)s günü geri gelecek.",
            "%(n)d adet, en geç %(ends)s günü geri gelecek.",
            loan.outstanding,
        )
        return sentence % facts
    return ""


def beside_request(request: ServiceRequest, is_desk: bool) -> list[Beside]:
    """On the page of a request: what was lent because of it, and the way to lend. One query, none for other types."""
    if request.type.type.slug != TYPE:
        return []
    rows = Loan.objects.filter(request=request).select_related("item").order_by("pk")
    found = []
    for row in rows:
        row.council = request.council
        found.append(Beside(f"{row.item.name} × {row.quantity}", row.get_absolute_url(), str(row.get_state_display())))
    found.append(Beside(_("Ödünç malzemeler ve boş günleri"), reverse("lending_items", args=[request.council.slug])))
    if is_desk:
        address = reverse("lending_loan_new", args=[request.council.slug]) + f"?basvuru={request.number}"
        found.append(Beside(_("Bu başvuru için malzeme ayır"), address, is_deed=True))
    return found


def loan_lines(loans: Iterable[Any], *, today: date) -> list[dict[str, Any]]:
    """Loans for a list."""
    return [
        {
            "loan": loan,
            "tone": "late" if loan.state == State.OUT and loan.ends_on < today else TONES[State(loan.state)],
            "next": next_step(loan, today=today),
        }
        for loan in loans
    ]
