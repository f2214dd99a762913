"""Who supports and follows a proposal."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from councils.permissions import (
    is_resident,
)
from people.models import AnyPerson
from people.verdicts import YES, Verdict, no
from proposals.models import Proposal


def may_support(person: AnyPerson, proposal: Proposal, *, at: datetime, resident: bool | None = None) -> Verdict:
    """Verified residents of the council's city, while support is gathered. `resident` when it is known already."""
    if not proposal.gathers_support(at):
        return no(_("Bu öneri şu anda destek toplamıyor."), code="not_gathering")
    if not person.is_authenticated:
        return no(_("Destek vermek için giriş yapın."), code="sign_in")
    if resident is None:
        resident = is_resident(person, proposal.council)
    if not resident:
        return no(_("Destek vermek için hemşehriliğinizin doğrulanmış olması gerekir."), code="not_resident")
    return YES


def may_withdraw_support(person: AnyPerson, proposal: Proposal, *, at: datetime) -> Verdict:
    if not person.is_authenticated:
        return no(_("Desteğinizi geri almak için giriş yapın."), code="sign_in")
    if not proposal.gathers_support(at):
        return no(_("Destek süresi bitti, destek artık geri alınamaz."), code="not_gathering")
    return YES


def may_follow(person: AnyPerson, proposal: Proposal) -> Verdict:
    if not person.is_authenticated:
        return no(_("Takip etmek için giriş yapın."), code="sign_in")
    return YES
