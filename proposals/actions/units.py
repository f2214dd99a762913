"""The municipality's units: named when something is carried out, renamed, put together and retired by the directorate."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from councils.models import Council
from discussions.markup import clean
from journal.actions import record
from people.models import Person
from people.verdicts import no
from proposals.budget.journal_kinds import BudgetKind
from proposals.budget.permissions import may_keep_budget
from proposals.models import BudgetLine, Implementation, Objective, Unit
from proposals.models.implementation import LONGEST_UNIT
from turkish.text import slugify


def unit_name(name: str) -> tuple[str, str]:
    """A unit's name with single spaces, and its word; `ValidationError` on ``unit`` for what names none."""
    name = " ".join(clean(name).split())
    word = slugify(name)[:160]
    if not word or len(name) > LONGEST_UNIT:
        raise ValidationError({"unit": _("Birimin adını yazın, en çok 120 harf.")})
    return name, word


def named_unit(council: Council, name: str, *, held: int | None = None) -> Unit:
    """The unit that a name means, locked; a new name joins the list, and that of a merged unit means the one it went into.

    Inside the caller's transaction. `ValidationError` on ``unit`` for a retired one, unless it is `held` already.
    """
    name, word = unit_name(name)
    known, _new = Unit.objects.get_or_create(council=council, word=word, defaults={"name": name})
    known = Unit.objects.select_for_update().get(pk=known.pk)
    if known.merged_into_id is not None:
        known = Unit.objects.select_for_update().get(pk=known.merged_into_id)
    if known.is_retired and known.pk != held:
        raise ValidationError(
            {"unit": _("“%(unit)s” artık kullanılmıyor; başka bir birim yazın.") % {"unit": known.name}}
        )
    return known


def _locked(council: Council, *units: Unit) -> list[Unit]:
    """The units in the order given; two people who keep the list do it one after the other."""
    Council.objects.select_for_update(no_key=True).get(pk=council.pk)
    keys = [unit.pk for unit in units]
    found = {unit.pk: unit for unit in Unit.objects.select_for_update().filter(pk__in=keys).order_by("pk")}
    for unit in found.values():
        unit.council = council
    return [found[key] for key in keys]


def _record(kind: BudgetKind, actor: Person, unit: Unit, at: datetime, **facts: object) -> None:
    topic = f"council:{unit.council_id}"
    facts = {"unit": unit.name, **facts}
    record(kind, actor=actor, subject=unit, topic=topic, council=unit.council, at=at, facts=facts)


@transaction.atomic
def change_unit(*, actor: Person, unit: Unit, name: str, is_retired: bool, at: datetime) -> Unit:
    """Rename a unit, retire it or take it back; the same again changes nothing.

    Refuses who does not keep the units, and a unit that went into another. `ValidationError` on ``name`` where another unit
    has it.
    """
    may_keep_budget(actor, unit.council, at=at).require()
    [unit] = _locked(unit.council, unit)
    if unit.merged_into_id is not None:
        no(_("Bu birim başka bir birimle birleştirildi."), code="already_merged").require()
    try:
        name, word = unit_name(name)
    except ValidationError as error:
        raise ValidationError({"name": error.messages}) from None
    if Unit.objects.filter(council=unit.council, word=word).exclude(pk=unit.pk).exists():
        raise ValidationError({"name": ValidationError(_("Bu adda bir birim var; ikisini birleştirin."), code="taken")})
    before, was_retired = unit.name, unit.is_retired
    unit.name, unit.word, unit.is_retired = name, word, is_retired
    unit.save(update_fields=["name", "word", "is_retired"])
    if name != before:
        _record(BudgetKind.UNIT_RENAMED, actor, unit, at, before=before)
    if is_retired != was_retired:
        _record(BudgetKind.UNIT_RETIRED if is_retired else BudgetKind.UNIT_TAKEN_BACK, actor, unit, at)
    return unit


@transaction.atomic
def merge_unit(*, actor: Person, unit: Unit, into: int, at: datetime) -> Unit:
    """Give everything a unit answers for to another of its council; its name then means that one. Returns the other.

    Refuses who does not keep the units, and a unit that went into another. `ValidationError` on ``into`` for what is no
    other unit in use.
    """
    may_keep_budget(actor, unit.council, at=at).require()
    council = unit.council
    other = Unit.objects.filter(council=council, pk=into).exclude(pk=unit.pk).first()
    if other is None:
        raise ValidationError({"into": ValidationError(_("Birleştirilecek birimi seçin."), code="unknown_value")})
    unit, other = _locked(council, unit, other)
    if unit.merged_into_id is not None:
        if unit.merged_into_id == other.pk:
            return other
        no(_("Bu birim başka bir birimle birleştirildi."), code="already_merged").require()
    if other.is_retired:
        raise ValidationError({"into": ValidationError(_("Bu birim artık kullanılmıyor."), code="retired")})
    for model in (Implementation, BudgetLine, Objective):
        model._default_manager.filter(unit=unit).update(unit=other)
    Unit.objects.filter(merged_into=unit).update(merged_into=other)
    unit.merged_into, unit.is_retired = other, True
    unit.save(update_fields=["merged_into", "is_retired"])
    _record(BudgetKind.UNIT_MERGED, actor, other, at, before=unit.name)
    return other
