"""The figures as tables: what the page shows, what is taken along as a file, and what stands beside each chart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from impact.reading import decided, figures, paid
from impact.reading.figures import Number
from impact.reading.people import People
from proposals.sheets import Cell
from turkish.templatetags.turkish_text import day, lira, number


@dataclass(frozen=True)
class Link:
    """A text that opens a page."""

    text: str
    url: str


Value = Cell | Number | date | Link | Decimal


@dataclass(frozen=True)
class Shown:
    """A cell as people read it, with the list behind it."""

    text: str
    url: str = ""
    is_number: bool = False


@dataclass(frozen=True)
class Table:
    """A named table; `key` is its name in addresses."""

    key: str
    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Value]]

    @property
    def shown(self) -> list[list[Shown]]:
        return [[_shown(value) for value in row] for row in self.rows]

    @property
    def columns(self) -> list[tuple[str, bool]]:
        """Each column's title, and whether it holds numbers: its title then stands above their last digits."""
        shown = self.shown
        return [(title, any(row[place].is_number for row in shown)) for place, title in enumerate(self.head)]

    @property
    def cells(self) -> list[list[Cell]]:
        return [[_cell(value) for value in row] for row in self.rows]


def _cell(value: Value) -> Cell:
    """A value as files hold it."""
    match value:
        case Number():
            return value.value
        case Link():
            return value.text
        case datetime():
            return value
        case date():
            return value.isoformat()
        case Decimal():
            return float(value)
    return value


def _shown(value: Value) -> Shown:
    match value:
        case Number():
            return Shown(number(value.value), value.url if value.value else "", is_number=True)
        case None:
            return Shown("–", is_number=True)
        case Link():
            return Shown(value.text, value.url)
        case date():
            return Shown(day(value), is_number=True)
        case Decimal():
            return Shown(lira(value), is_number=True)
        case float():
            return Shown(number(round(value, 1)), is_number=True)
        case int():
            return Shown(number(value), is_number=True)
    return Shown(str(value))


def of_stages(rows: Iterable[figures.StageRow]) -> Table:
    head = [_("Aşama"), _("Ulaşan öneri"), _("Şu anda orada")]
    return Table("asamalar", _("Aşamalar"), head, [[str(row.stage.label), row.reached, row.now] for row in rows])


def of_flows(rows: Iterable[figures.FlowRow]) -> Table:
    head = [_("Nereden"), _("Nereye"), _("Öneri")]
    table = [[str(row.source.label), str(row.target.label), row.count] for row in rows]
    return Table("gecisler", _("Aşamadan aşamaya geçişler"), head, table)


def of_times(rows: Iterable[figures.TimeRow]) -> Table:
    head = [
        _("Aşama"), _("Çıkan öneri"), _("Ortanca (gün)"), _("Yüzde 90’ı içinde (gün)"), _("Zamanında"), _("Geç"),
        _("Zamanında (%)"),
    ]  # fmt: skip
    table: list[list[Value]] = [
        [str(row.stage.label), row.count, row.median, row.ninetieth, row.in_time, row.late, row.share_in_time]
        for row in rows
    ]
    return Table("sureler", _("Aşamalarda geçen süre"), head, table)


def of_late(rows: Iterable[figures.LateRow]) -> Table:
    head = [_("Elinde tutan"), _("Süresi geçen öneri"), _("En eskisinin süresi")]
    return Table("gecikenler", _("Süresi geçenler"), head, [[row.name, row.count, row.oldest] for row in rows])


def of_outcomes(rows: Iterable[decided.OutcomeRow]) -> Table:
    head = [_("Karar"), _("Öneri"), _("Şu anda uygulanan"), _("Yapılan")]
    table: list[list[Value]] = [[str(row.outcome.label), row.proposals, row.carried_out, row.done] for row in rows]
    return Table("sonuclar", _("Belediye meclisinin kararları"), head, table)


def of_traced(rows: Iterable[decided.TracedRow]) -> Table:
    head = [_("Karar"), _("Gün"), _("Öneri"), _("Başlık"), _("Sonuç"), _("Sorumlu birim"), _("Durum")]
    table: list[list[Value]] = [
        [
            Link(row.decision, row.decision_url),
            row.decided_on,
            Link(row.proposal, row.proposal_url),
            row.title,
            str(row.outcome.label),
            row.unit,
            str(row.stage.label),
        ]
        for row in rows
    ]
    return Table("kararlar", _("Kararlardaki öneriler"), head, table)


def of_sources(found: paid.Sources) -> Table:
    head = [_("Bütçe ve hedef"), _("Öneri"), _("Ayrılan tutar (₺)")]
    rows: list[list[Value]] = [
        [_("Bütçe kalemi yazılan"), found.paid, found.given],
        [_("Stratejik plana bağlanan"), found.planned, ""],
        [_("Uygulanan, ikisi de yazılmayan"), found.without, ""],
    ]
    return Table("kaynaklar", _("Önerilerin bütçesi ve hedefleri"), head, rows)


def of_budget(rows: Iterable[paid.PaidRow]) -> Table:
    head = [
        _("Bütçe kalemi"), _("Yıl"), _("Ad"), _("Sorumlu birim"), _("Öneri"), _("Şu anda uygulanan"), _("Yapılan"),
        _("Ayrılan tutar (₺)"),
    ]  # fmt: skip
    table: list[list[Value]] = [
        [Link(row.code, row.url), row.place, row.name, row.unit, row.proposals, row.carried_out, row.done, row.given]
        for row in rows
    ]
    return Table("butce", _("Bütçe kalemlerindeki öneriler"), head, table)


def of_plan(rows: Iterable[paid.PaidRow]) -> Table:
    head = [
        _("Amaç ya da hedef"), _("Dönem"), _("Ad"), _("Sorumlu birim"), _("Öneri"), _("Şu anda uygulanan"), _("Yapılan"),
    ]  # fmt: skip
    table: list[list[Value]] = [
        [Link(row.code, row.url), row.place, row.name, row.unit, row.proposals, row.carried_out, row.done]
        for row in rows
    ]
    return Table("hedefler", _("Stratejik plandaki öneriler"), head, table)


def of_group(group: figures.Group) -> Table:
    head = [
        group.title, _("Sunulan"), _("Kabul edilen"), _("Kabul edilmeyen"), _("Yapılan"), _("Zamanında yanıtlanan"),
        _("Zamanında (%)"),
    ]  # fmt: skip
    table: list[list[Value]] = [
        [row.name, row.written, row.accepted, row.refused, row.done, row.in_time, row.share_in_time]
        for row in group.rows
    ]
    return Table(group.word, group.title, head, table)


def of_places(found: People) -> Table:
    head = [
        _("İlçe"), _("Nüfus"), _("Katılan"), _("Öneri sunan"), _("Destek veren"), _("Yorum yazan"), _("Oy veren"),
        _("On bin kişide"),
    ]  # fmt: skip
    table: list[list[Value]] = [
        [row.name, row.population, row.count, *row.by_how, row.per_ten_thousand] for row in found.places
    ]
    return Table("katilim", _("İlçelere göre katılım"), head, table)


def of_places_for_everybody(found: People) -> Table:
    head = [_("İlçe"), _("Nüfus"), _("Katılan"), _("On bin kişide")]
    table: list[list[Value]] = [[row.name, row.population, row.count, row.per_ten_thousand] for row in found.places]
    return Table("katilim", _("İlçelere göre katılım"), head, table)


def of_ages(found: People) -> Table:
    rows: list[list[Value]] = [[band, count] for band, count in found.ages]
    return Table("yaslar", _("Yaş aralığına göre katılım"), [_("Yaş aralığı"), _("Kişi sayısı")], rows)


def of_councils(rows: Iterable[figures.CouncilRow]) -> Table:
    head = [_("Konsey"), _("Sunulan"), _("Kabul edilen"), _("Kabul (%)"), _("Yapılan"), _("Zamanında (%)")]
    table: list[list[Value]] = [
        [row.council.name, row.written, row.accepted, row.share_accepted, row.done, row.share_in_time] for row in rows
    ]
    return Table("konseyler", _("Konseyler yan yana"), head, table)


def sheet(table: Table) -> tuple[str, Sequence[str], Sequence[Sequence[Any]]]:
    return table.title, table.head, table.cells
