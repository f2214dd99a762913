"""The charts of the figures, each with a sentence that says what is seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from impact import charts
from impact.outcomes import ACCEPTED, columns, is_onward, order
from impact.reading.figures import FlowRow, Group, StageRow, TimeRow, share
from impact.reading.tables import Table
from proposals.stages import ENDED, REFUSED, Stage
from turkish.templatetags.turkish_text import number


@dataclass(frozen=True)
class Chart:
    """A picture, the sentence beside it and its table."""

    picture: SafeString
    text: str
    table: Table
    is_wide: bool = False


def tone(stage: Stage) -> str:
    """The colour of a stage: accepted, refused, ended otherwise, or on its way."""
    if stage in REFUSED or stage == Stage.ABANDONED:
        return "no"
    if stage in ACCEPTED:
        return "done"
    return "plain" if stage in ENDED else ""


def funnel(rows: Sequence[StageRow], table: Table) -> Chart:
    first = rows[0].reached.value if rows else 0
    parts = [
        _("%(stage)s yüzde %(share)d") % {"stage": row.stage.label, "share": share(row.reached.value, first) or 0}
        for row in rows[1:]
    ]
    text = _("Sunulan %(n)s önerinin ulaştığı aşamalar.") % {"n": number(first)}
    if parts:
        text += " " + _("Sunulanlara oranla: %(parts)s.") % {"parts": ", ".join(parts)}
    bars = [
        charts.Bar(str(row.stage.label), row.reached.value, number(row.reached.value), tone(row.stage)) for row in rows
    ]
    return Chart(charts.funnel("huni", _("Öneriler hangi aşamaya kadar ulaştı"), text, bars), text, table)


def sankey(rows: Sequence[FlowRow], table: Table) -> Chart:
    onward = [row for row in rows if is_onward(row.source, row.target)]
    stages = order({stage for row in onward for stage in (row.source, row.target)})
    place = columns(stages)
    nodes = [charts.Node(stage, str(Stage(stage).label), place[stage], tone(Stage(stage))) for stage in stages]
    links = [charts.Link(row.source, row.target, row.count.value) for row in onward]
    text = _("Önerilerin aşamadan aşamaya izlediği yol; bandın kalınlığı öneri sayısıdır.")
    most = sorted(onward, key=lambda row: -row.count.value)[:3]
    if most:
        parts = [f"{row.source.label} → {row.target.label} {number(row.count.value)}" for row in most]
        text += " " + _("En kalın bantlar: %(parts)s.") % {"parts": ", ".join(parts)}
    if len(onward) < len(rows):
        text += " " + _("Geri verilenler yalnızca tabloda durur.")
    picture = charts.sankey("akis", _("Önerilerin izlediği yol"), text, nodes, links)
    return Chart(picture, text, table, is_wide=True)


def times(rows: Sequence[TimeRow], table: Table) -> Chart:
    bars = [
        charts.Bar(
            str(row.stage.label), row.median, pgettext("ondalıklı", "%(n)s gün") % {"n": number(round(row.median, 1))}
        )
        for row in rows
    ]
    text = _("Önerilerin yarısının her aşamada en çok geçirdiği süre.")
    if rows:
        longest = max(rows, key=lambda row: row.median)
        text += " " + _("En uzunu: %(stage)s, %(n)s gün.") % {
            "stage": longest.stage.label,
            "n": number(round(longest.median, 1)),
        }
    return Chart(charts.bars("sureler", _("Aşamalarda geçen ortanca süre"), text, bars), text, table)


def years(group: Group, table: Table) -> Chart:
    rows = sorted(group.rows, key=lambda row: row.name)
    points = [charts.Point(row.name, row.written.value, number(row.written.value)) for row in rows]
    text = _("Yıllara göre sunulan öneriler: %(parts)s.") % {
        "parts": ", ".join(f"{row.name} {number(row.written.value)}" for row in rows) or "–"
    }
    return Chart(charts.line("yillar", _("Yıllara göre öneriler"), text, points), text, table)
