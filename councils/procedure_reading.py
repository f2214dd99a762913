"""A procedure as people read it: the drawn way with who holds each step, for how long and what it needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ballots.models import Majority
from councils.actions.procedures import rules_of
from councils.models import (
    LEADING_ROLES,
    BodyKind,
    Council,
    Holder,
    Membership,
    Officer,
    OfficerRole,
    Procedure,
    Residence,
    Route,
    Step,
)
from councils.procedures import PRESETS, StepRule
from turkish.templatetags.turkish_text import number

NOT_ON = {
    Route.WORKING_GROUP: frozenset({Step.DIRECTORATE}),
    Route.ASSEMBLY: frozenset({Step.DIRECTORATE}),
    Route.DIRECTORATE: frozenset(Step) - {rule.step for rule in PRESETS[Route.DIRECTORATE]} - {Step.GATHERING},
}
"""Steps that a route can never have; a form does not offer them."""


@dataclass(frozen=True)
class DrawnStep:
    """A step of the drawn way."""

    step: Step
    label: str
    holder: str
    time: str
    needs: str


def drawn(rules: Iterable[StepRule]) -> list[DrawnStep]:
    """The steps in the order of the way, each in words of the active language."""
    order = {step: place for place, step in enumerate(Step)}
    return [
        DrawnStep(rule.step, str(rule.step.label), str(rule.holder.label), time_of(rule), needs_of(rule))
        for rule in sorted(rules, key=lambda rule: order[rule.step])
    ]


def time_of(rule: StepRule) -> str:
    """How long a step lasts."""
    if rule.days is None:
        return _("sıradaki toplantıda") if rule.step == Step.SENT else _("süresi yok")
    if rule.is_working_days:
        return ngettext("%(n)s iş günü", "%(n)s iş günü", rule.days) % {"n": number(rule.days)}
    return ngettext("%(n)s gün", "%(n)s gün", rule.days) % {"n": number(rule.days)}


def needs_of(rule: StepRule) -> str:
    """What a step needs to be passed; empty where nothing is counted."""
    if rule.threshold:
        return ngettext("%(n)s destek", "%(n)s destek", rule.threshold) % {"n": number(rule.threshold)}
    if not rule.majority:
        return ""
    majority = str(Majority(rule.majority).label)
    if not rule.quorum_percent:
        return majority
    return _("Oy hakkı olanların katılımı en az yüzde %(percent)s olmalı. %(majority)s.") % {
        "percent": rule.quorum_percent,
        "majority": majority,
    }


def way_of(council: Council, route: Route) -> list[DrawnStep]:
    """What a proposal on a route that is submitted now goes through. Two queries."""
    procedure = Procedure.objects.in_force(council, route)
    return drawn(PRESETS[route] if procedure is None else rules_of(procedure))


def in_force(council: Council) -> list[Procedure]:
    """The newest version of each route the council has, with its steps. Two queries."""
    newest = (
        Procedure.objects.filter(council=council)
        .order_by("route", "-number")
        .distinct("route")
        .select_related("actor")
        .prefetch_related("steps")
    )
    order = list(Route)
    return sorted(newest, key=lambda procedure: order.index(Route(procedure.route)))


def cautions(council: Council, rules: Sequence[StepRule], *, at: datetime) -> list[str]:
    """What a procedure can be put in force with but will stop proposals: nobody there to act, or too few to support."""
    day = timezone.localtime(at).date()
    seats = Membership.objects.on(day).filter(body__council=council, body__is_active=True)
    leading = set(seats.filter(role__in=LEADING_ROLES).values_list("body__kind", flat=True))
    kinds = {
        Holder.SECRETARIAT: BodyKind.SECRETARIAT,
        Holder.EXECUTIVE_BOARD: BodyKind.EXECUTIVE_BOARD,
    }
    found = [
        _("%(organ)s: bugün başkanı ya da sekreteri yok, bu adım yürümez.") % {"organ": holder.label}
        for holder in dict.fromkeys(rule.holder for rule in rules)
        if holder in kinds and kinds[holder] not in leading
    ]
    by_step = {rule.step: rule for rule in rules}
    if Step.GENERAL_ASSEMBLY in by_step and not seats.voting().filter(body__kind=BodyKind.GENERAL_ASSEMBLY).exists():
        found.append(_("Genel kurulun bugün oy hakkı olan üyesi yok; görüş yalnızca toplantı tutanağıyla girilebilir."))
    if {Step.DIRECTORATE, Step.IMPLEMENTATION} & set(by_step):
        officers = Officer.objects.filter(council=council, role=OfficerRole.DIRECTORATE, is_active=True)
        if not officers.exists():
            found.append(_("Müdürlüğün bugün kayıtlı bir görevlisi yok, bu adım yürümez."))
    if Step.GATHERING in by_step:
        residents = Residence.objects.filter(council=council, verified_at__isnull=False).count()
        threshold = by_step[Step.GATHERING].threshold or 0
        if threshold > residents:
            found.append(
                _("Eşik %(threshold)s destek; doğrulanmış hemşehri sayısı ise %(residents)s.")
                % {"threshold": number(threshold), "residents": number(residents)}
            )
    return found
