"""Who keeps the budget, the strategic plan and the units, and who says what pays and what a proposal serves."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from councils.models import Council
from councils.permissions import is_directorate_officer
from people.models import AnyPerson
from people.verdicts import YES, Verdict, no
from proposals.models import Proposal
from proposals.stages import Stage

PAID_IN = frozenset({Stage.IMPLEMENTATION, Stage.DONE})
"""Stages in which money and plan of a proposal are written: while it is carried out, and until it is reviewed."""


def may_keep_budget(actor: AnyPerson, council: Council, *, at: datetime) -> Verdict:
    """The officers of the municipality's directorate keep its budget lines, its plan and its units."""
    if is_directorate_officer(actor, council):
        return YES
    return no(_("Bütçe kalemlerini, stratejik planı ve birimleri müdürlük görevlisi tutar."), code="not_officer")


def may_name_money(actor: AnyPerson, proposal: Proposal, *, at: datetime) -> Verdict:
    """The directorate says which budget lines pay a proposal and which objectives it serves."""
    if not is_directorate_officer(actor, proposal.council):
        return no(_("Bütçe kalemini ve hedefi müdürlük görevlisi yazar."), code="not_officer")
    if proposal.stage not in PAID_IN:
        return no(_("Bütçe ve hedef, uygulanan ya da yeni yapılmış öneriye yazılır."), code="wrong_stage")
    return YES
