"""Budget lines and objectives out of a table (CSV): each row with what it says or why it cannot be read.

Plain data in, plain data out. A column that is not there leaves what it would say as it is; an empty cell says that it is
empty. Cells that were made harmless for spreadsheets are read as they were (`documents.cells`).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from councils.meetings.importing import UnreadableFile, checked, table_rows
from documents.cells import original
from proposals.budget.checking import (
    line_code,
    plain_name,
    plausible_year,
    read_objective_code,
    read_period,
    whole_amount,
)
from proposals.budget.lira import read_lira
from proposals.models.implementation import LONGEST_UNIT
from turkish.text import fold, slugify, year_in

MAX_ROWS = 2_000
LINE_COLUMNS = {
    "yil": "year", "year": "year", "butce yili": "year",
    "kod": "code", "butce kodu": "code", "tertip": "code", "code": "code",
    "ad": "name", "kalem": "name", "aciklama": "name", "name": "name",
    "birim": "unit", "sorumlu birim": "unit", "unit": "unit",
    "tutar": "amount", "odenek": "amount", "amount": "amount",
    "durum": "state", "state": "state",
}  # fmt: skip
OBJECTIVE_COLUMNS = {
    "donem": "period", "plan": "period", "period": "period",
    "kod": "code", "code": "code",
    "ad": "name", "amac ya da hedef": "name", "hedef": "name", "name": "name",
    "birim": "unit", "sorumlu birim": "unit", "unit": "unit",
    "durum": "state", "state": "state",
}  # fmt: skip
STATES = {
    "kullanimda": False, "in use": False, "": False,
    "kullanilmiyor": True, "artik kullanilmiyor": True, "retired": True,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FoundLine:
    """A row of budget lines. `told` names the columns that are there; `wrong` says why the row cannot be taken."""

    line: int
    label: str = ""
    name: str = ""
    year: int = 0
    code: str = ""
    unit: str = ""
    amount: Decimal | None = None
    is_retired: bool = False
    told: frozenset[str] = frozenset()
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class FoundObjective:
    """A row of a strategic plan, likewise."""

    line: int
    label: str = ""
    name: str = ""
    period: tuple[int, int] = (0, 0)
    code: tuple[int, int] = (0, 0)
    unit: str = ""
    is_retired: bool = False
    told: frozenset[str] = frozenset()
    wrong: str = ""


def read_lines(text: str) -> list[FoundLine]:
    """The rows of a table of budget lines. Raises `UnreadableFile`."""
    missing = _("İlk satırda sütun adları olmalı; en az “yıl”, “kod” ve “ad” gerekir.")
    rows = table_rows(checked(text), LINE_COLUMNS, {"year", "code", "name"}, missing, most=MAX_ROWS)
    _counted(len(rows))
    return [_line(number, _cells(said)) for number, said in rows]


def read_objectives(text: str) -> list[FoundObjective]:
    """The rows of a table of a strategic plan. Raises `UnreadableFile`."""
    missing = _("İlk satırda sütun adları olmalı; en az “dönem”, “kod” ve “ad” gerekir.")
    rows = table_rows(checked(text), OBJECTIVE_COLUMNS, {"period", "code", "name"}, missing, most=MAX_ROWS)
    _counted(len(rows))
    return [_objective(number, _cells(said)) for number, said in rows]


def _counted(rows: int) -> None:
    if not rows:
        raise UnreadableFile(_("Tabloda satır bulunamadı."))
    if rows > MAX_ROWS:
        raise UnreadableFile(_("İçinde çok fazla satır var; en çok %(most)d olabilir.") % {"most": MAX_ROWS})


def _cells(said: dict[str, str]) -> dict[str, str]:
    return {name: original(cell) for name, cell in said.items()}


def _line(number: int, said: dict[str, str]) -> FoundLine:
    label, name = f"{said.get('year', '')} {said.get('code', '')}".strip()[:80], said.get("name", "")
    try:
        return FoundLine(
            number,
            label,
            plain_name(name),
            plausible_year(year_in(said["year"]) or 0),
            line_code(said["code"]),
            _unit(said),
            _amount(said),
            _state(said),
            frozenset(said),
        )
    except ValidationError as error:
        return FoundLine(number, label, name[:200], wrong=" ".join(error.messages))
    except KeyError:
        return FoundLine(number, label, name[:200], wrong=_("Satırda eksik hücre var."))


def _objective(number: int, said: dict[str, str]) -> FoundObjective:
    label, name = f"{said.get('period', '')} {said.get('code', '')}".strip()[:80], said.get("name", "")
    try:
        return FoundObjective(
            number,
            label,
            plain_name(name),
            read_period(said["period"]),
            read_objective_code(said["code"]),
            _unit(said),
            _state(said),
            frozenset(said),
        )
    except ValidationError as error:
        return FoundObjective(number, label, name[:200], wrong=" ".join(error.messages))
    except KeyError:
        return FoundObjective(number, label, name[:200], wrong=_("Satırda eksik hücre var."))


def _unit(said: dict[str, str]) -> str:
    name = " ".join(said.get("unit", "").split())
    if name and (len(name) > LONGEST_UNIT or not slugify(name)):
        raise ValidationError(_("Birimin adını yazın, en çok 120 harf."))
    return name


def _amount(said: dict[str, str]) -> Decimal | None:
    if not said.get("amount", ""):
        return None
    try:
        return whole_amount(read_lira(said["amount"]))
    except ValueError:
        raise ValidationError(_("Tutar “1.250.000,50” ya da “1250000,50” biçiminde yazılır.")) from None


def _state(said: dict[str, str]) -> bool:
    word = " ".join(fold(said.get("state", "")).split())
    if word not in STATES:
        raise ValidationError(_("Durum “kullanımda” ya da “kullanılmıyor” olabilir."))
    return STATES[word]
