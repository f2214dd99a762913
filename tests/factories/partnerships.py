"""Files of project partnerships, by the actions."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from councils.models import Council, Officer
from documents.attachment_content import Checked
from organisations.models import Organisation
from partnerships import actions
from partnerships.models import Partnership
from people.models import Person

PROTOCOL = Checked("pdf", b"%PDF-1.7 protokol", "protokol.pdf", "0" * 64)


def partnership_of(
    council: Council,
    officer: Person,
    organisation: Organisation | None = None,
    *,
    at: datetime | None = None,
    **options: Any,
) -> Partnership:
    at = at or timezone.now()
    options.setdefault("title", "Mahalle bostanları")
    options.setdefault("purpose", "Boş arsalarda mahalleliyle birlikte bostan kurmak.")
    options.setdefault("responsible", Officer.objects.filter(person=officer, council=council).first())
    found = actions.open_file(actor=officer, council=council, at=at, **options)
    if organisation is not None:
        actions.add_partner(actor=officer, partnership=found, organisation=organisation, at=at)
    return found


def signed_partnership(
    council: Council,
    officer: Person,
    organisation: Organisation,
    *,
    valid_until: date | None = None,
    at: datetime | None = None,
) -> Partnership:
    """With its protocol, a task of the partner and a date; published."""
    at = at or timezone.now()
    today = timezone.localtime(at).date()
    found = partnership_of(council, officer, organisation, at=at)
    actions.add_protocol(
        actor=officer, partnership=found, document=PROTOCOL, signed_on=today, valid_until=valid_until, at=at
    )
    for state in ("negotiation", "signed"):
        found = actions.move(actor=officer, partnership=found, state=state, at=at)
    partner = found.partners.get(organisation=organisation)
    due = today + timedelta(days=7)
    actions.add_step(actor=officer, partnership=found, title="Fideleri getirmek", due_on=due, partner=partner, at=at)
    actions.add_step(actor=officer, partnership=found, title="Açılış", due_on=due, is_milestone=True, at=at)
    return actions.publish(actor=officer, partnership=found, is_public=True, at=at)
