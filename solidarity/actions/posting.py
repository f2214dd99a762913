"""Posting a need or an offer, renewing and closing it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from councils.models import Council, District
from discussions.markup import clean
from journal.actions import record
from journal.models import Audience
from organisations.models import Organisation
from people.models import Person
from people.verdicts import no
from solidarity.journal_kinds import SolidarityKind
from solidarity.models import LONGEST_TEXT, Post, Side, Sort
from solidarity.permissions import day_of, mandates, may_post, may_run

STANDS_FOR = timedelta(days=30)
"""For how long a post stands on the board, from its day or its renewal; no longer than what it speaks of."""
MOST_OPEN = 10
"""Posts of one organisation that stand on a board at a time."""


@dataclass(frozen=True)
class Said:
    """A need or an offer, as it comes from a form."""

    side: str
    sort: str
    title: str
    text: str
    quantity: int | None = None
    district: District | None = None
    starts_on: date | None = None
    ends_on: date | None = None


def locked(found: Post) -> Post:
    """The post as it is now, locked until the commit."""
    rows = Post.objects.select_for_update(of=("self",)).select_related("council", "organisation")
    return rows.get(pk=found.pk)


@transaction.atomic
def post(
    *, actor: Person, council: Council, organisation: Organisation, said: Said, key: UUID | None = None, at: datetime
) -> Post:
    """Put a need or an offer on the board; sent again under its key it is the same post.

    Refuses who represents no verified organisation of the city, and an organisation with ten posts. `ValidationError` on what
    is wrong.
    """
    may_post(actor, council, at=at).require()
    if organisation not in mandates(actor, council, at=at):
        raise ValidationError({"organisation": _("Temsil ettiğiniz kuruluşlardan birini seçin.")})
    # Two posts of one organisation at once are counted one after the other.
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    before = Post.objects.filter(key=key, organisation=organisation).first() if key is not None else None
    if before is not None:
        return before
    today = day_of(at)
    if Post.objects.open_on(today).filter(council=council, organisation=organisation).count() >= MOST_OPEN:
        no(_("Bir kuruluşun panoda en çok 10 ilanı olur. Birini kapatın."), code="too_many").require()
    values = _checked(council, said, today)
    found = Post.objects.create(
        council=council,
        organisation=organisation,
        posted_by=actor,
        posted_at=at,
        expires_on=until(values["ends_on"], today),
        key=key or uuid4(),
        **values,
    )
    tell(SolidarityKind.POSTED, found, actor, at)
    return found


def until(ends_on: date | None, today: date) -> date:
    """Until when something stands on the board that is posted or renewed today."""
    latest = today + STANDS_FOR
    return latest if ends_on is None else min(latest, ends_on)


def _checked(council: Council, said: Said, today: date) -> dict[str, Any]:
    title, text, wrong = " ".join(clean(said.title).split()), clean(said.text), {}
    if said.side not in Side.values:
        wrong["side"] = _("İhtiyaç mı, destek mi olduğunu seçin.")
    if said.sort not in Sort.values:
        wrong["sort"] = _("Listedeki türlerden birini seçin.")
    if not 5 <= len(title) <= 120:
        wrong["title"] = _("Başlığı 5 ile 120 harf arasında yazın.")
    if not 10 <= len(text) <= LONGEST_TEXT:
        wrong["text"] = _("Açıklamayı en az 10, en çok 3000 harfle yazın.")
    if said.quantity is not None and not 1 <= said.quantity <= 10_000:
        wrong["quantity"] = _("1 ile 10.000 arasında bir sayı yazın.")
    if said.district is not None and said.district.council_id != council.pk:
        wrong["district"] = _("Listedeki ilçelerden birini seçin.")
    if said.ends_on is not None and (said.ends_on < today or (said.starts_on and said.ends_on < said.starts_on)):
        wrong["ends_on"] = _("Bitiş günü bugünden ve başlangıçtan önce olamaz.")
    if wrong:
        raise ValidationError({name: [sentence] for name, sentence in wrong.items()})
    return {
        "side": said.side,
        "sort": said.sort,
        "title": title,
        "text": text,
        "quantity": said.quantity,
        "district": said.district,
        "starts_on": said.starts_on,
        "ends_on": said.ends_on,
    }


@transaction.atomic
def renew_post(*, actor: Person, found: Post, at: datetime) -> Post:
    """It stands for another thirty days, or until what it speaks of is over."""
    Organisation.objects.select_for_update(no_key=True).get(pk=found.organisation_id)
    found = locked(found)
    may_run(actor, found, at=at).require()
    today = day_of(at)
    if (
        found.closed_at is not None
        or found.hidden_at is not None
        or (found.ends_on is not None and found.ends_on < today)
    ):
        no(_("Bu ilan yenilenemez. Yeni bir ilan verebilirsiniz."), code="over").require()
    if found.expires_on < today:
        others = Post.objects.open_on(today).filter(council=found.council, organisation=found.organisation)
        if others.count() >= MOST_OPEN:
            no(_("Bir kuruluşun panoda en çok 10 ilanı olur. Birini kapatın."), code="too_many").require()
    found.expires_on = until(found.ends_on, today)
    found.save(update_fields=["expires_on"])
    tell(SolidarityKind.RENEWED, found, actor, at)
    return found


@transaction.atomic
def close_post(*, actor: Person, found: Post, at: datetime) -> Post:
    """It is needed or offered no more; again it changes nothing."""
    found = locked(found)
    may_run(actor, found, at=at).require()
    if found.closed_at is None:
        found.closed_at = at
        found.save(update_fields=["closed_at"])
        tell(SolidarityKind.CLOSED, found, actor, at)
    return found


def tell(kind: SolidarityKind, found: Post, actor: Person | None, at: datetime, **facts: object) -> None:
    """Write it into the record; what was hidden is for the desk and the organisation."""
    private = kind in {SolidarityKind.WRITTEN, SolidarityKind.MATCHED, SolidarityKind.ANSWERED, SolidarityKind.HIDDEN}
    record(
        kind,
        actor=actor,
        subject=found,
        topic=found.topic,
        council=found.council,
        on_behalf_of=found.organisation,
        at=at,
        facts={"title": found.title, "side": found.side, "sort": found.sort, **facts},
        audience=Audience.INVOLVED if private or found.hidden_at is not None else Audience.PUBLIC,
    )
