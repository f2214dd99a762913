"""What a directorate's desk goes by: types, units and hours, kept by who leads it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Max
from django.utils.translation import gettext as _

from councils.models import Council, Officer, OfficerRole
from journal.actions import record
from people.models import Person
from servicerequests.actions.clocks import hours_of
from servicerequests.actions.starting import start_desk
from servicerequests.desk_rules import MOST_SPANS, Opening, TypeRules, contradictions, wrong_openings
from servicerequests.journal_kinds import RequestKind
from servicerequests.models import DeskUnit, OfficeSpan, RequestType, RequestTypeVersion, ServiceRequest
from servicerequests.permissions import may_keep_rules
from servicerequests.states import OPEN
from turkish.text import fold, slugify


def _hold(council: Council) -> None:
    """Two who change the same council's rules do it one after the other."""
    Council.objects.select_for_update(no_key=True).get(pk=council.pk)


def _tell(kind: RequestKind, actor: Person, subject: Any, council: Council, at: datetime, **facts: Any) -> None:
    record(kind, actor=actor, subject=subject, topic=f"council:{council.pk}", council=council, at=at, facts=facts)


@transaction.atomic
def open_desk(*, actor: Person, council: Council, at: datetime) -> int:
    """Give a council the types, units and hours that directorates start with; returns how many types are new."""
    may_keep_rules(actor, council).require()
    new = start_desk(council=council, at=at)
    if new:
        _tell(RequestKind.STARTED, actor, council, council, at, types=new)
    return new


def rules_of(version: RequestTypeVersion) -> TypeRules:
    """A version as plain rules."""
    values = {name: getattr(version, name) for name in TypeRules.__dataclass_fields__ if name != "unit"}
    return TypeRules(unit=version.unit.slug, **values)


def what_keeps_a_type_from_working(
    council: Council, rules: TypeRules, kind: RequestType | None
) -> dict[str, list[str]]:
    """Why a type cannot be put in force like this. Asked by the preview and by the deed."""
    hours = hours_of(council)
    longest = max((_hours_on(spans) for spans in hours.spans.values()), default=0.0)
    wrong = contradictions(rules, hours_of_a_day=longest)
    if not DeskUnit.objects.filter(council=council, slug=rules.unit, is_active=True).exists():
        wrong["unit"] = [_("Listedeki birimlerden birini seçin.")]
    newest = RequestTypeVersion.objects.filter(type__council=council, type__is_active=True)
    newest = newest.order_by("type_id", "-number").distinct("type_id")
    others = {fold(name) for pk, name in newest.values_list("type", "name") if kind is None or pk != kind.pk}
    if fold(rules.name) in others:
        wrong.setdefault("name", []).append(_("Bu adla bir tür var."))
    return wrong


def _hours_on(spans: Iterable[tuple[time, time]]) -> float:
    return sum(((closes.hour - opens.hour) + (closes.minute - opens.minute) / 60 for opens, closes in spans), 0.0)


@transaction.atomic
def set_type(
    *,
    actor: Person,
    council: Council,
    kind: RequestType | None,
    rules: TypeRules,
    is_active: bool = True,
    based_on: int = 0,
    at: datetime,
) -> RequestTypeVersion:
    """Put a new version of a type in force for requests filed from now on; running ones keep theirs. A new type without `kind`.

    The same rules again change nothing. Refuses who does not keep the rules. `ValidationError` by field; on ``based_on`` when
    somebody else has written a version since the one that was read.
    """
    may_keep_rules(actor, council).require()
    _hold(council)
    newest = kind.versions.select_related("unit").order_by("-number").first() if kind is not None else None
    if newest is not None and newest.number != based_on and not rules.is_same_as(rules_of(newest)):
        sentence = _("Siz yazarken bu türün %(n)d. sürümü yürürlüğe girdi. Sayfayı yenileyip ona göre yazın.")
        raise ValidationError({"based_on": sentence % {"n": newest.number}})
    if wrong := what_keeps_a_type_from_working(council, rules, kind):
        raise ValidationError(wrong)
    if kind is None:
        last = RequestType.objects.filter(council=council).aggregate(last=Max("position"))["last"]
        kind = RequestType.objects.create(
            council=council, slug=_free_slug(council, rules.name), position=0 if last is None else last + 1
        )
    was_active, kind.is_active = kind.is_active, is_active
    if was_active != is_active:
        kind.save(update_fields=["is_active"])
    if newest is not None and rules.is_same_as(rules_of(newest)):
        if was_active != is_active:
            _tell(RequestKind.RULES_CHANGED, actor, kind, council, at, **_facts(newest, kind))
        return newest
    values = {name: getattr(rules, name) for name in TypeRules.__dataclass_fields__ if name not in {"unit", "form"}}
    version = RequestTypeVersion.objects.create(
        type=kind,
        number=newest.number + 1 if newest is not None else 1,
        unit=DeskUnit.objects.get(council=council, slug=rules.unit),
        form=list(rules.form),
        actor=actor,
        at=at,
        **values,
    )
    _tell(RequestKind.RULES_CHANGED, actor, kind, council, at, **_facts(version, kind))
    return version


def _facts(version: RequestTypeVersion, kind: RequestType) -> dict[str, Any]:
    return {"type": kind.slug, "name": version.name, "version": version.number, "is_active": kind.is_active}


def _free_slug(council: Council, name: str) -> str:
    base = slugify(name, max_length=50) or "tur"
    taken = set(RequestType.objects.filter(council=council, slug__startswith=base).values_list("slug", flat=True))
    return next(slug for n in range(1, len(taken) + 2) if (slug := base if n == 1 else f"{base}-{n}") not in taken)


@transaction.atomic
def set_unit(
    *,
    actor: Person,
    council: Council,
    unit: DeskUnit | None,
    name: str,
    head: Officer | None,
    officers: Sequence[Officer],
    is_active: bool = True,
    at: datetime,
) -> DeskUnit:
    """Write a unit of the directorate, a new one without `unit`; who leads it works there. The same again changes nothing.

    Refuses who does not keep the rules. `ValidationError` on ``name``, ``head``, ``officers``, ``is_active``.
    """
    may_keep_rules(actor, council).require()
    _hold(council)
    name = " ".join(name.split())
    here = {each.pk: each for each in (*officers, *([head] if head is not None else []))}
    if wrong := _wrong_unit(council, unit, name, head, here, is_active=is_active):
        raise ValidationError(wrong)
    if unit is None:
        slugs = set(DeskUnit.objects.filter(council=council).values_list("slug", flat=True))
        base = slugify(name, max_length=70) or "birim"
        slug = next(slug for n in range(1, len(slugs) + 2) if (slug := base if n == 1 else f"{base}-{n}") not in slugs)
        unit, before = DeskUnit(council=council, slug=slug), None
    else:
        unit = DeskUnit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        before = (unit.name, unit.head_id, unit.is_active, set(unit.officers.values_list("pk", flat=True)))
    if before == (name, head.pk if head is not None else None, is_active, set(here)):
        return unit
    unit.name, unit.head, unit.is_active = name, head, is_active
    unit.save()
    unit.officers.set(here)
    _tell(RequestKind.UNIT_CHANGED, actor, unit, council, at, name=name, is_active=is_active)
    return unit


def _wrong_unit(
    council: Council,
    unit: DeskUnit | None,
    name: str,
    head: Officer | None,
    officers: dict[int, Officer],
    *,
    is_active: bool,
) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {}
    others = DeskUnit.objects.filter(council=council).exclude(pk=unit.pk if unit is not None else 0)
    if not 2 <= len(name) <= 120:
        wrong["name"] = [_("Birimin adını 2–120 harfle yazın.")]
    elif fold(name) in {fold(each) for each in others.values_list("name", flat=True)}:
        wrong["name"] = [_("Bu adla bir birim var.")]
    known = Officer.objects.filter(council=council, role=OfficerRole.DIRECTORATE, is_active=True, pk__in=officers)
    unknown = set(officers) - set(known.values_list("pk", flat=True))
    if head is not None and head.pk in unknown:
        wrong["head"] = [_("Sorumlu, müdürlüğün bir görevlisi olmalı.")]
    elif unknown:
        wrong["officers"] = [_("Listedeki görevlilerden seçin.")]
    if unit is None:
        return wrong
    waiting = ServiceRequest.objects.filter(unit=unit, status__in=sorted(OPEN))
    busy = (
        waiting.filter(assignee__isnull=False).exclude(assignee__in=officers).values("assignee__person__display_name")
    )
    if found := list(busy.annotate(n=Count("pk")).order_by("assignee__person__display_name")[:5]):
        names = ", ".join(f"{row['assignee__person__display_name']} ({row['n']})" for row in found)
        wrong["officers"] = [
            _("Bu birimde açık başvurusu olan görevli çıkarılamaz; önce başvuruları başkasına verin: %(names)s.")
            % {"names": names}
        ]
    if not is_active:
        newest = RequestTypeVersion.objects.filter(type__council=council, type__is_active=True)
        newest = newest.order_by("type_id", "-number").distinct("type_id")
        led = [name for unit_id, name in newest.values_list("unit", "name") if unit_id == unit.pk]
        count = waiting.count()
        if count:
            wrong["is_active"] = [_("Birimde açık başvuru var: %(n)d. Önce onları başka birime verin.") % {"n": count}]
        if led:
            wrong.setdefault("is_active", []).append(
                _("Bu türlerin başvuruları bu birime geliyor: %(names)s.") % {"names": ", ".join(led)}
            )
    return wrong


@transaction.atomic
def set_office_hours(*, actor: Person, council: Council, openings: Sequence[Opening], at: datetime) -> bool:
    """Say when the directorate is open; running clocks are counted anew by who hears of it. Returns whether anything changed.

    Refuses who does not keep the rules. `ValidationError` by the field of an opening.
    """
    may_keep_rules(actor, council).require()
    _hold(council)
    wrong = wrong_openings(openings)
    for each in openings:
        if not (0 <= each.weekday <= 6 and 0 <= each.place < MOST_SPANS):
            wrong[each.field] = [_("Bir günde en çok %(n)d aralık olabilir.") % {"n": MOST_SPANS}]
    if wrong:
        raise ValidationError(wrong)
    new = {(each.weekday, each.opens, each.closes) for each in openings if each.opens and each.closes}
    rows = OfficeSpan.objects.filter(council=council)
    if new == set(rows.values_list("weekday", "opens", "closes")):
        return False
    rows.delete()
    OfficeSpan.objects.bulk_create(
        OfficeSpan(council=council, weekday=weekday, opens=opens, closes=closes)
        for weekday, opens, closes in sorted(new, key=str)
    )
    _tell(RequestKind.HOURS_CHANGED, actor, council, council, at)
    return True
