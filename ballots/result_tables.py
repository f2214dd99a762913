"""A stored count as tables: stages of counts by transfers, pairs of the Schulze method, and how ties went."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from ballots.models import Ballot


def votes_text(value: str | int) -> str:
    """Votes as people read them: all the decimals there are and none of the noughts behind them."""
    number = Decimal(value)
    text = f"{number.normalize():f}"
    return number_format(text if number else "0", use_l10n=True)


@dataclass(frozen=True, slots=True)
class StageCell:
    votes: str
    change: str
    note: str


@dataclass(frozen=True, slots=True)
class StageRow:
    name: str
    cells: list[StageCell]
    is_winner: bool


@dataclass(frozen=True, slots=True)
class PairRow:
    number: int
    name: str
    cells: list[tuple[str, bool]]
    """Votes for this option against that of the column, and whether it wins the pair; "–" against itself."""


class ResultTables:
    """What `ballots/_result.html` shows of a declared ballot with options."""

    def __init__(self, ballot: Ballot) -> None:
        self.ballot = ballot
        self.result: dict[str, Any] = ballot.decided_result or {}
        self.names = ballot.option_texts

    def _list(self, numbers: list[int]) -> str:
        return ", ".join(self.names[number] for number in numbers)

    @property
    def options(self) -> list[tuple[int, str]]:
        return sorted(self.names.items())

    @property
    def ranking(self) -> list[tuple[int, str, bool]]:
        """Place, names, and whether these won; equal ones share a place, the next comes after all of them."""
        winners, place, rows = set(self.result.get("winners", [])), 1, []
        for rank in self.result.get("ranking", []):
            rows.append((place, self._list(rank), set(rank) <= winners))
            place += len(rank)
        return rows

    @property
    def quota(self) -> int | None:
        return self.result.get("quota")

    # --- Stages -------------------------------------------------------------------------------------------------------
    @property
    def stage_titles(self) -> list[str]:
        return [_("%(n)d. tur") % {"n": stage["number"]} for stage in self.result.get("stages", [])]

    @property
    def stage_sentences(self) -> list[str]:
        """What each stage did, in words."""
        return [self._stage(stage) for stage in self.result.get("stages", [])]

    def _stage(self, stage: dict[str, Any]) -> str:
        name = self.names.get(stage["option"] or 0, "")
        parts = [
            {
                "first_preferences": _("İlk tercihler sayıldı."),
                "surplus": _("Fazla oyları devredildi: %(name)s.") % {"name": name},
                "exclusion": _("Elenenin oyları devredildi: %(name)s.") % {"name": name},
            }[stage["kind"]]
        ]
        if stage["elected"]:
            parts.append(
                _("Kazandı: %(names)s.") % {"names": self._list([each["option"] for each in stage["elected"]])}
            )
        if stage["excluded"]:
            parts.append(_("Elendi: %(name)s.") % {"name": self.names[stage["excluded"]]})
        return " ".join(parts)

    @property
    def stage_rows(self) -> list[StageRow]:
        """One row for each option: its votes at the end of every stage and what it received."""
        stages, winners = self.result.get("stages", []), set(self.result.get("winners", []))
        last = {stage["excluded"]: stage["number"] for stage in stages if stage["excluded"]}
        return [
            StageRow(
                name,
                [
                    self._cell(stage, number, is_gone=stage["number"] > last.get(number, len(stages)))
                    for stage in stages
                ],
                number in winners,
            )
            for number, name in self.options
        ]

    def _cell(self, stage: dict[str, Any], number: int, *, is_gone: bool) -> StageCell:
        if is_gone:
            return StageCell("–", "", "")
        key = str(number)
        received = Decimal(stage["transfers"].get(key, 0))
        note = ""
        if number in [each["option"] for each in stage["elected"]]:
            note = _("kazandı")
        elif stage["excluded"] == number:
            note = _("elendi")
        change = f"+{votes_text(str(received))}" if received and stage["kind"] != "first_preferences" else ""
        return StageCell(votes_text(stage["votes"].get(key, 0)), change, note)

    @property
    def left_over(self) -> list[str]:
        """Papers without a further preference, at the end of each stage."""
        return [votes_text(stage["non_transferable"]) for stage in self.result.get("stages", [])]

    # --- Pairs --------------------------------------------------------------------------------------------------------
    @property
    def pairs(self) -> list[PairRow]:
        """How many papers prefer the option of the row to that of the column."""
        pairwise = self.result.get("pairwise", {})
        return (
            [PairRow(a, name, [self._pair(pairwise, a, b) for b, _name in self.options]) for a, name in self.options]
            if pairwise
            else []
        )

    @staticmethod
    def _pair(pairwise: dict[str, dict[str, int]], a: int, b: int) -> tuple[str, bool]:
        if a == b:
            return "–", False
        mine, theirs = pairwise[str(a)][str(b)], pairwise[str(b)][str(a)]
        return str(mine), mine > theirs

    # --- Ties ---------------------------------------------------------------------------------------------------------
    @property
    def ties(self) -> list[str]:
        return [self._tie(tie) for tie in self.result.get("ties", [])]

    def _tie(self, tie: dict[str, Any]) -> str:
        about = {
            "seat": _("Eşitlik, kim kazanacak: %(names)s."),
            "surplus": _("Eşitlik, önce kimin fazla oyları devredilecek: %(names)s."),
            "exclusion": _("Eşitlik, kim elenecek: %(names)s."),
        }[tie["about"]] % {"names": self._list(tie["between"])}
        chosen = self._list(tie["chosen"])
        how = {
            "earlier_stage": _("%(n)s. turdaki oylara göre: %(names)s.") % {"n": tie["by_stage"], "names": chosen},
            "lot": _("Mühürlü kuraya göre: %(names)s.") % {"names": chosen},
            "chair": _("Başkanın kararına göre: %(names)s.") % {"names": chosen},
            "nothing": self._open_tie(),
        }[tie["broken_by"]]
        return f"{about} {how}"

    def _open_tie(self) -> str:
        if self.ballot.awaits_chair:
            return _("Başkanın kararı bekleniyor.")
        return _("Kural bu eşitliği bozmuyor.")

    @property
    def seed(self) -> str:
        """The seed of the lot, shown once the ballot is declared."""
        if not self.ballot.lot_digest or self.ballot.declared_at is None:
            return ""
        return self.ballot.lot.seed
