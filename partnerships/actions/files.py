"""Opening a file, who takes part, where it stands, and whether everybody may know."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from councils.models import Council, CouncilOrganisation, Officer, OfficerRole
from discussions.markup import clean
from journal.actions import record
from journal.models import Audience
from organisations.models import Organisation
from partnerships.journal_kinds import PartnershipKind
from partnerships.models import LONGEST_TEXT, MOVES, SHOWN, Partner, Partnership, Protocol, State, StateChange
from partnerships.permissions import may_keep
from people.models import Person
from servicerequests.models import ServiceRequest


def locked(partnership: Partnership) -> Partnership:
    """The file as it is now, locked until the commit."""
    return Partnership.objects.select_for_update(of=("self",)).select_related("council").get(pk=partnership.pk)


@transaction.atomic
def open_file(
    *,
    actor: Person,
    council: Council,
    title: str,
    purpose: str,
    responsible: Officer | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    request: ServiceRequest | None = None,
    key: UUID | None = None,
    at: datetime,
) -> Partnership:
    """Open a file, most often because of a request, whose organisation is then its first partner; once for its key."""
    may_keep(actor, council).require()
    Council.objects.select_for_update(no_key=True).get(pk=council.pk)
    before = Partnership.objects.filter(key=key, council=council).first() if key is not None else None
    if before is not None:
        return before
    if request is not None and request.council_id != council.pk:
        raise ValidationError({"request": _("Bu başvuru başka bir konseyde.")})
    found = Partnership(council=council, request=request, opened_by=actor, opened_at=at, key=key or uuid4())
    _say(found, title, purpose, responsible, starts_on, ends_on)
    found.save(force_insert=True)
    if request is not None and request.on_behalf_of is not None:
        Partner.objects.create(partnership=found, organisation=request.on_behalf_of)
    tell(PartnershipKind.OPENED, found, actor, at)
    return found


@transaction.atomic
def change_file(
    *,
    actor: Person,
    partnership: Partnership,
    title: str,
    purpose: str,
    responsible: Officer | None,
    starts_on: date | None,
    ends_on: date | None,
    at: datetime,
) -> Partnership:
    """Say it otherwise, give it to another officer, move its days."""
    found = locked(partnership)
    may_keep(actor, found.council).require()
    _say(found, title, purpose, responsible, starts_on, ends_on)
    found.save()
    tell(PartnershipKind.CHANGED, found, actor, at)
    return found


def _say(
    found: Partnership,
    title: str,
    purpose: str,
    responsible: Officer | None,
    starts_on: date | None,
    ends_on: date | None,
) -> None:
    title, purpose, wrong = " ".join(clean(title).split()), clean(purpose), {}
    if not 5 <= len(title) <= 160:
        wrong["title"] = _("Başlığı 5 ile 160 harf arasında yazın.")
    if not 10 <= len(purpose) <= LONGEST_TEXT:
        wrong["purpose"] = _("Amacı en az 10, en çok 4000 harfle yazın.")
    if responsible is not None and not is_of_desk(responsible, found.council):
        wrong["responsible"] = _("Listedeki görevlilerden birini seçin.")
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        wrong["ends_on"] = _("Bitiş günü başlangıçtan önce olamaz.")
    if wrong:
        raise ValidationError({name: [sentence] for name, sentence in wrong.items()})
    found.title, found.purpose, found.responsible = title, purpose, responsible
    found.starts_on, found.ends_on = starts_on, ends_on


def is_of_desk(officer: Officer, council: Council) -> bool:
    return officer.council_id == council.pk and officer.role == OfficerRole.DIRECTORATE and officer.is_active


@transaction.atomic
def add_partner(
    *, actor: Person, partnership: Partnership, organisation: Organisation | None = None, named: str = "", at: datetime
) -> Partner:
    """An organisation of the city, or an institution by its name; the same again is the same partner."""
    found = locked(partnership)
    may_keep(actor, found.council).require()
    named = " ".join(clean(named).split())
    if organisation is not None:
        if not CouncilOrganisation.objects.filter(council=found.council, organisation=organisation).exists():
            raise ValidationError({"organisation": _("Listedeki kuruluşlardan birini seçin.")})
        partner, _made = Partner.objects.get_or_create(partnership=found, organisation=organisation)
    else:
        if not 2 <= len(named) <= 160:
            raise ValidationError({"named": _("Kuruluşu seçin ya da kurumun adını yazın.")})
        partner, _made = Partner.objects.get_or_create(partnership=found, organisation=None, named=named)
    tell(PartnershipKind.CHANGED, found, actor, at)
    return partner


@transaction.atomic
def move(*, actor: Person, partnership: Partnership, state: str, reason: str = "", at: datetime) -> Partnership:
    """On to the next state: signed with a signed protocol, dropped with a reason and then published no more."""
    found = locked(partnership)
    may_keep(actor, found.council).require()
    reason = clean(reason)
    if state not in MOVES[found.state]:
        raise ValidationError({"state": _("Bu durumdan oraya geçilemez.")})
    if len(reason) > 500 or (state == State.DROPPED and len(reason) < 3):
        raise ValidationError({"reason": _("Neden vazgeçildiğini yazın, en çok 500 harf.")})
    if state == State.SIGNED and not Protocol.objects.filter(partnership=found, signed_on__isnull=False).exists():
        raise ValidationError({"state": _("Önce imzalanan protokolü imza günüyle ekleyin.")})
    StateChange.objects.create(partnership=found, old=found.state, new=state, reason=reason, actor=actor, at=at)
    found.state = state
    if state not in SHOWN:
        found.published_at = None
    found.save(update_fields=["state", "published_at"])
    tell(PartnershipKind.MOVED, found, actor, at)
    return found


@transaction.atomic
def publish(*, actor: Person, partnership: Partnership, is_public: bool, at: datetime) -> Partnership:
    """Show its facts to everybody once it is signed, or no more."""
    found = locked(partnership)
    may_keep(actor, found.council).require()
    if is_public and found.state not in SHOWN:
        raise ValidationError({"state": _("Ortaklık, protokol imzalandıktan sonra yayımlanır.")})
    if is_public == (found.published_at is not None):
        return found
    found.published_at = at if is_public else None
    found.save(update_fields=["published_at"])
    tell(PartnershipKind.PUBLISHED if is_public else PartnershipKind.CHANGED, found, actor, at)
    return found


def tell(kind: PartnershipKind, partnership: Partnership, actor: Person | None, at: datetime) -> None:
    """Write it into the record; only its publication is for everybody."""
    record(
        kind,
        actor=actor,
        subject=partnership,
        topic=partnership.topic,
        council=partnership.council,
        at=at,
        facts={"title": partnership.title, "state": partnership.state},
        audience=Audience.PUBLIC if kind == PartnershipKind.PUBLISHED else Audience.INVOLVED,
    )
