"""A council's procedures: started from a preset, changed by a new version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from councils.journal_kinds import CouncilKind
from councils.models import Body, BodyKind, Council, Holder, Procedure, ProcedureStep, Route, Step
from councils.permissions import may_set_procedure
from councils.procedures import PRESETS, Contradiction, StepRule, contradictions, with_values
from journal.actions import record
from people.models import Person
from turkish.kept import in_the_record

MIN_REASON = 10
MAX_REASON = 300
_ORGANS = {
    Holder.EXECUTIVE_BOARD: BodyKind.EXECUTIVE_BOARD,
    Holder.GENERAL_ASSEMBLY: BodyKind.GENERAL_ASSEMBLY,
    Holder.SECRETARIAT: BodyKind.SECRETARIAT,
}


class Contradictory(ValidationError):
    """A procedure that cannot work; `found` names each step and field."""

    def __init__(self, found: Sequence[Contradiction]) -> None:
        super().__init__([ValidationError(str(each.sentence), code=each.code) for each in found])
        self.found = found


@transaction.atomic
def start_procedures(*, council: Council, values: Mapping[str, Any] | None = None, at: datetime) -> list[Procedure]:
    """Give a council the presets of the routes it has no procedure for, with single values of its file; what it began
    with and nobody has changed since follows the file. Returns the versions that are new."""
    values = values or {}
    Council.objects.select_for_update(no_key=True).get(pk=council.pk)
    made = []
    for route in Route:
        newest = Procedure.objects.in_force(council, route)
        if newest is not None and newest.actor_id is not None:
            continue  # the council has decided itself
        if newest is None:
            rules = with_values(PRESETS[route], values)
        elif values:
            rules = with_values(rules_of(newest), values)
            if rules == rules_of(newest):
                continue
        else:
            continue
        number = 1 if newest is None else newest.number + 1
        with in_the_record():
            reason = _("Başlangıç usulü")
        made.append(write_procedure(council, route, number, rules, reason=reason, actor=None, at=at))
    return made


@transaction.atomic
def set_procedure(
    *, actor: Person, council: Council, route: Route | str, rules: Sequence[StepRule], reason: str, at: datetime
) -> Procedure:
    """Put a new version of a route's procedure in force for proposals submitted from now on; running ones keep theirs.

    The same steps again change nothing. Refuses who is not the council's secretary. Raises `Contradictory` when the steps
    cannot work together, and `ValidationError` on ``reason``.
    """
    may_set_procedure(actor, council, at=at).require()
    council = Council.objects.select_for_update(no_key=True).get(pk=council.pk)
    reason = " ".join(reason.split())
    found = what_keeps_from_working(council, route, rules)
    if found:
        raise Contradictory(found)
    newest = Procedure.objects.in_force(council, route)
    order = list(Step)
    rules = tuple(sorted(rules, key=lambda rule: order.index(rule.step)))
    if newest is not None and rules_of(newest) == rules:
        return newest
    if not MIN_REASON <= len(reason) <= MAX_REASON:
        sentence = _("Dayanağı 10–300 harfle yazın: karar tarihi, numarası ya da yönergenin maddesi; herkes okuyacak.")
        raise ValidationError({"reason": ValidationError(sentence, code="wrong_length")})
    procedure = write_procedure(
        council, Route(route), newest.number + 1 if newest else 1, rules, reason=reason, actor=actor, at=at
    )
    record(
        CouncilKind.PROCEDURE_CHANGED,
        actor=actor,
        subject=procedure,
        topic=f"council:{council.pk}",
        at=at,
        council=council,
        facts={
            "route": procedure.route,
            "number": procedure.number,
            "reason": reason,
            "steps": [str(rule.step) for rule in rules],
        },
    )
    return procedure


def rules_of(procedure: Procedure) -> tuple[StepRule, ...]:
    """The steps of a version as plain rules."""
    return tuple(
        StepRule(
            step=Step(row.step),
            holder=Holder(row.holder),
            days=row.days,
            is_working_days=row.is_working_days,
            threshold=row.threshold,
            quorum_percent=row.quorum_percent,
            majority=row.majority,
        )
        for row in procedure.rules.values()
    )


def what_keeps_from_working(council: Council, route: Route | str, rules: Sequence[StepRule]) -> list[Contradiction]:
    """Why these steps cannot be put in force in the council; empty when they can. Asked by the preview and by the deed."""
    return contradictions(route, rules) + _missing_organs(council, rules)


def _missing_organs(council: Council, rules: Sequence[StepRule]) -> list[Contradiction]:
    """The steps whose holder the council does not have."""
    there = set(Body.objects.filter(council=council, is_active=True).values_list("kind", flat=True))
    found = []
    for rule in rules:
        kind = _ORGANS.get(rule.holder)
        if kind is not None and kind not in there:
            sentence = _("Konseyin böyle bir organı yok: %(organ)s.") % {"organ": rule.holder.label}
            found.append(Contradiction(rule.step, "holder", "no_such_organ", sentence))
    return found


def write_procedure(
    council: Council,
    route: Route,
    number: int,
    rules: Sequence[StepRule],
    *,
    reason: str,
    actor: Person | None,
    at: datetime,
) -> Procedure:
    """Write a version as it is given; who may and whether it can work is asked before."""
    procedure = Procedure.objects.create(council=council, route=route, number=number, reason=reason, actor=actor, at=at)
    ProcedureStep.objects.bulk_create(
        [
            ProcedureStep(
                procedure=procedure,
                step=rule.step,
                holder=rule.holder,
                days=rule.days,
                is_working_days=rule.is_working_days,
                threshold=rule.threshold,
                quorum_percent=rule.quorum_percent,
                majority=rule.majority,
            )
            for rule in rules
        ]
    )
    return procedure
