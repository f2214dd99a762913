"""Bringing a council's file into the database: creates and updates, never deletes, says what it did."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, models, transaction
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext as _

from councils.actions import seed_holidays, start_procedures
from councils.council_file import BodyData, CouncilData, read_council_file
from councils.journal_kinds import CouncilKind
from councils.models import Body, Council, District, Procedure, Theme
from journal.actions import record

DATA = Path(__file__).parent / "data"
Part = Callable[[Body, BodyData], list[str]]
"""What a higher app does with a body's data; it returns a sentence for each change."""
_parts: list[Part] = []


def add_part(part: Part) -> None:
    """Let a higher app keep its own part of a body; called from that app's module `loading`."""
    if part not in _parts:
        _parts.append(part)


@dataclass
class Outcome:
    """What loading did: sentences for people. `left` are rows that the file no longer names."""

    council: Council
    created: bool
    changes: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


@transaction.atomic
def load_council(path: Path, *, at: datetime, procedure: Mapping[str, Any] | None = None) -> Outcome:
    """Load a council from its file; a second run with the same file changes nothing and records nothing.

    `procedure` replaces single rules of the file (the demo lowers the threshold). Rows that the file no longer names
    stay, because proposals and people hang on them, and are reported. Raises `CouncilFileError` with every problem.
    """
    data = read_council_file(path)
    autodiscover_modules("loading")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('councils.loading'))")
    _refuse_conflicts(data)
    council = Council.objects.filter(slug=data.slug).first()
    outcome = Outcome(council or Council(slug=data.slug), created=council is None)
    fields = {**data.fields, "digest": data.digest}
    said = _("Konsey bilgileri")
    if _apply(outcome.council, fields) and not outcome.created:
        outcome.changes.append(_("güncellendi: %s") % said)
    council = outcome.council
    _load_rows(outcome, District, _("İlçe"), [_district(row) for row in data.districts])
    _load_rows(outcome, Theme, _("Konu"), [vars(row) | {"is_active": True} for row in data.themes])
    _load_rows(outcome, Body, _("Organ"), [_body(row) for row in data.bodies])
    _load_parts(outcome, data.bodies)
    _load_procedures(outcome, {**data.procedure, **(procedure or {})}, at=at)
    _load_holidays(outcome, at=at)
    if outcome.created or outcome.changes:
        kind = CouncilKind.LOADED if outcome.created else CouncilKind.UPDATED
        facts = {"name": council.name, "changes": len(outcome.changes)}
        record(kind, actor=None, subject=council, topic=f"council:{council.pk}", at=at, council=council, facts=facts)
    return outcome


def _load_procedures(outcome: Outcome, values: dict[str, Any], *, at: datetime) -> None:
    """What the file says of the procedure; a version the council has written itself stands."""
    is_new = not Procedure.objects.filter(council=outcome.council).exists()
    for made in start_procedures(council=outcome.council, values=values, at=at):
        _note(outcome, created=is_new, what=f"{_('Usul')} · {made.get_route_display()}")


def _load_holidays(outcome: Outcome, *, at: datetime) -> None:
    if seed_holidays(council=outcome.council, at=at, tells=False) and not outcome.created:
        outcome.changes.append(_("eklendi: %s") % _("Tatil günleri"))


def _refuse_conflicts(data: CouncilData) -> None:
    """What only the database knows: code and name belong to one council, and a code never changes."""
    others = Council.objects.exclude(slug=data.slug)
    for key in ("code", "name"):
        other = others.filter(**{key: data.fields[key]}).first()
        if other is not None:
            raise data.problem(
                key, _("%(key)s başka bir konseyde kullanılıyor: %(other)s") % {"key": key, "other": other}
            )
    code = Council.objects.filter(slug=data.slug).values_list("code", flat=True).first()
    if code is not None and code != data.fields["code"]:
        raise data.problem("code", _("code değiştirilemez, öneri numaralarında geçiyor: %s") % code)


def _apply(row: models.Model, fields: Mapping[str, Any]) -> list[str]:
    """Set fields and save when something differs or the row is new; returns the names that differed."""
    changed = [name for name, value in fields.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, fields[name])
    if row._state.adding:
        row.save()
        return [*fields]
    if changed:
        row.save(update_fields=changed)
    return changed


def _note(outcome: Outcome, *, created: bool, what: str) -> None:
    outcome.changes.append((_("eklendi: %s") if created else _("güncellendi: %s")) % what)


def _district(row: Any) -> dict[str, Any]:
    return {
        "slug": row.slug,
        "name": row.name,
        "latitude": row.centre[0],
        "longitude": row.centre[1],
        "population": row.population,
    }


def _body(row: BodyData) -> dict[str, Any]:
    return {
        "slug": row.slug,
        "name": row.name,
        "kind": row.kind,
        "summary": row.purpose,
        "is_sample": row.is_sample,
    }


def _load_rows(outcome: Outcome, model: type[models.Model], label: str, rows: Iterable[dict[str, Any]]) -> None:
    manager = model._default_manager
    existing = {row.slug: row for row in manager.filter(council=outcome.council)}  # type: ignore[attr-defined]
    for fields in rows:
        row = existing.pop(fields["slug"], None)
        if _apply(row or model(council=outcome.council), fields):
            _note(outcome, created=row is None, what=f"{label} · {fields['name']}")
    outcome.left += [f"{label} · {row}" for row in existing.values()]


def _load_parts(outcome: Outcome, rows: list[BodyData]) -> None:
    bodies = {body.slug: body for body in Body.objects.filter(council=outcome.council)}
    for row in rows:
        for part in _parts:
            outcome.changes += part(bodies[row.slug], row)
