"""Who keeps what the municipal council does with an opinion, and who confirms its decisions."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from councils.models import Council
from councils.permissions import is_directorate_officer, is_secretary
from people.models import AnyPerson
from people.verdicts import YES, Verdict, no
from proposals.models import Decision, DecisionState


def may_keep_decisions(person: AnyPerson, council: Council, *, at: datetime) -> Verdict:
    """The council's secretary and the officers of the municipality's directorate."""
    if is_secretary(person, council, at=at) or is_directorate_officer(person, council):
        return YES
    return no(_("Belediye meclisindeki adımları konsey sekreteri ya da müdürlük görevlisi girer."), code="not_officer")


def may_confirm(person: AnyPerson, decision: Decision, *, at: datetime) -> Verdict:
    """Another one of them than who entered it, as long as it waits."""
    verdict = may_keep_decisions(person, decision.council, at=at)
    if not verdict:
        return verdict
    if decision.entered_by_id == person.pk:
        return no(_("Girdiğiniz kararı siz onaylayamazsınız; ikinci bir kişi onaylar."), code="own_entry")
    return _waits(decision)


def may_withdraw_decision(person: AnyPerson, decision: Decision, *, at: datetime) -> Verdict:
    """Any of them, as long as it waits; what is wrong is entered anew."""
    return may_keep_decisions(person, decision.council, at=at) and _waits(decision)


def _waits(decision: Decision) -> Verdict:
    if decision.state == DecisionState.CONFIRMED:
        return no(_("Bu karar onaylandı; artık değişmez."), code="confirmed")
    if decision.state == DecisionState.WITHDRAWN:
        return no(_("Bu giriş geri çekildi."), code="withdrawn")
    return YES
