"""The annual report of a council: the year's figures, charts and lists as plain data for the template, and its PDF."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.http import QueryDict
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from councils.models import Council, Holder
from documents import render_pdf
from impact.opendata.rows import participation
from impact.outcomes import ACCEPTED
from impact.reading import drawing, figures, tables
from impact.reading.asking import read_asked
from impact.reading.drawing import Chart
from impact.reading.tables import Table
from proposals.budget.reading import lines_of, year_of
from proposals.models import DecisionOutcome, DecisionState, Outcome, Proposal, StageChange
from proposals.reasons import Reason
from proposals.stages import REFUSED, Stage
from turkish.templatetags.turkish_text import day, lira, moment, number

TEMPLATE = Path(__file__).with_suffix(".typ")
LANGUAGE = "tr"
MOST_ROWS = 1_000
ANSWERS = ACCEPTED | REFUSED | {Stage.ABANDONED}
"""Stages that say what became of a proposal."""


def report_pdf(council: Council, year: int, *, at: datetime) -> bytes:
    """The report of a year as it stands at a moment."""
    with translation.override(LANGUAGE):
        return render_pdf(TEMPLATE, report_data(council, year, at=at))


def report_data(council: Council, year: int, *, at: datetime) -> dict[str, Any]:
    """What the template shows, in the language of the moment. People are counts, without small groups."""
    asked = read_asked(council, QueryDict(f"yil={year}"))
    if asked.year != year:  # nothing was submitted in that year: the figures of no proposal, not of all
        asked = read_asked(council, QueryDict())
    found = figures.totals(asked)
    stages, flows, times = figures.stages(asked), figures.flows(asked), figures.times(asked)
    charts = [
        drawing.funnel(figures.funnel(stages), tables.of_stages(stages)),
        drawing.sankey(flows, tables.of_flows(flows)),
        drawing.times(times, tables.of_times(times)),
    ]
    groups = [tables.of_group(group) for group in figures.groups(asked, ("konu", "ilce", "organ")) if group.rows]
    titles = [
        _("Öneriler hangi aşamaya kadar ulaştı"),
        _("Önerilerin izlediği yol"),
        _("Aşamalarda geçen süre"),
    ]
    return {
        "language": LANGUAGE,
        "made_at": int(at.timestamp()),
        "title": _("%(year)d yılı katılım raporu") % {"year": year},
        "council": council.name,
        "made": _("Hazırlandığı an: %(moment)s. Sayılar, o yıl sunulan önerilerin bu andaki durumudur.")
        % {"moment": moment(at)},
        "footer": _("%(council)s, %(year)d yılı raporu") % {"council": council.name, "year": year},
        "summary": figures.summary(found),
        "words": {"glance": _("Bir bakışta")},
        "totals": _totals(found),
        "charts": [_chart(title, chart) for title, chart in zip(titles, charts, strict=True)],
        "tables": [
            _people(council, year),
            *(_table(group) for group in groups),
            _decided(council, year),
            _paid(council, year),
            _answered(council, year),
            _overdue(council, at=at),
        ],
    }


def _totals(found: figures.Totals) -> dict[str, Any]:
    rows = [
        (_("Sunulan"), found.written.value),
        (_("Kabul edilen"), found.accepted.value),
        (_("Kabul edilmeyen"), found.refused.value),
        (_("Yapılan"), found.done.value),
        (_("Yanıtlanan"), found.answered),
        (_("Bütün yanıtlarını zamanında alan"), found.in_time.value),
    ]
    return _rows([_("Öneriler"), _("Sayı")], [[label, number(value)] for label, value in rows])


def _rows(head: Sequence[str], rows: Sequence[Sequence[str]], *, numeric: bool = True) -> dict[str, Any]:
    return {"head": list(head), "rows": [list(row) for row in rows], "numeric": numeric}


def _chart(title: str, chart: Chart) -> dict[str, Any]:
    shown = [[cell.text for cell in row] for row in chart.table.shown]
    return {
        "title": title,
        "text": chart.text,
        "svg": str(chart.picture) if shown else "",
        "wide": chart.is_wide,
        "table": _rows(chart.table.head, shown),
    }


def _table(table: Table) -> dict[str, Any]:
    shown = [[cell.text for cell in row] for row in table.shown]
    return _named(table.title, "", _rows(table.head, shown))


def _named(title: str, text: str, rows: dict[str, Any]) -> dict[str, Any]:
    return {"title": title, "text": text, **rows}


def _people(council: Council, year: int) -> dict[str, Any]:
    names = {
        "any": _("Herhangi biri"),
        "author": _("Öneri sundu"),
        "supporter": _("Destek verdi"),
        "commenter": _("Yorum yazdı"),
        "voter": _("Oy verdi"),
    }
    counts = {activity: people for period, _place, activity, people in participation(council) if period == str(year)}
    rows = [
        [names[activity], number(people) if people is not None else _("5’ten az")]
        for activity, people in counts.items()
    ]
    text = _("Bir kişi birkaç şey yaptıysa her birinde bir kez sayılır. Beş kişiden küçük gruplar gösterilmez.")
    return _named(_("Kimler katıldı"), text, _rows([_("Ne yaptı"), _("Kişi sayısı")], rows))


def _decided(council: Council, year: int) -> dict[str, Any]:
    """What the municipal council's confirmed decisions of the year said about each proposal, the newest first."""
    said = DecisionOutcome.objects.filter(
        decision__council=council, decision__state=DecisionState.CONFIRMED, decision__year=year
    ).order_by("-decision__serial", "proposal__year", "proposal__serial")
    columns = ("decision__serial", "proposal__number", "proposal__title", "outcome", "decision__decided_on")
    labels = dict(Outcome.choices)
    rows = [
        [f"{year}/{serial}", f"{code}: {title}", str(labels[outcome]), day(decided_on)]
        for serial, code, title, outcome, decided_on in said.values_list(*columns)[: MOST_ROWS + 1]
    ]
    head = [_("Karar"), _("Öneri"), _("Sonuç"), _("Gün")]
    nothing = _("Belediye meclisi bu yıl öneriler üzerine karar almadı.")
    return _listed(_("Belediye meclisi kararları"), nothing, head, rows)


def _paid(council: Council, year: int) -> dict[str, Any]:
    """The lines of the year's budget that pay proposals, and how much they give together; money of what was given up is free."""
    lines = lines_of(council, year=year).filter(proposal_count__gt=0).order_by("code", "pk")
    rows = [[line.code, line.name, number(line.proposal_count), lira(line.given)] for line in lines[: MOST_ROWS + 1]]
    head = [_("Bütçe kalemi"), _("Ad"), _("Öneri"), _("Ayrılan tutar (₺)")]
    told = _listed(_("Önerilere ayrılan bütçe"), _("Bu yılın bütçesinden önerilere bir şey ayrılmadı."), head, rows)
    if rows:
        given = _("Bu yılın bütçesinden önerilere ayrılan toplam: %(sum)s.") % {
            "sum": lira(year_of(council, year).given)
        }
        told["text"] = " ".join(filter(None, [given, told["text"]]))
    return told


def _answered(council: Council, year: int) -> dict[str, Any]:
    """Every answer given in the year: number, title, what was said and when, the newest first."""
    first = timezone.make_aware(datetime(year, 1, 1))  # noqa: DTZ001  made aware in the site's own zone
    last = timezone.make_aware(datetime(year + 1, 1, 1))  # noqa: DTZ001
    answers = StageChange.objects.filter(
        proposal__council=council, new__in=sorted(ANSWERS), at__gte=first, at__lt=last
    ).order_by("-at", "-pk")
    columns = ("proposal__number", "proposal__title", "new", "reason_code", "at")
    labels, reasons = dict(Stage.choices), dict(Reason.choices)
    rows = [
        [code, title, str(labels[new]) + (f" ({reasons[reason]})" if reason in reasons else ""), day(at)]
        for code, title, new, reason, at in answers.values_list(*columns)[: MOST_ROWS + 1]
    ]
    head = [_("Numara"), _("Öneri"), _("Yanıt"), _("Gün")]
    return _listed(_("Yıl içinde verilen yanıtlar"), _("Bu yıl yanıt verilmedi."), head, rows)


def _overdue(council: Council, *, at: datetime) -> dict[str, Any]:
    """What should have been moved on by the moment of the report, the oldest first."""
    late = Proposal.objects.filter(council=council).late(at)
    holders = dict(Holder.choices)
    found = late.order_by("due_at", "pk").values_list("number", "title", "holder", "due_at")[: MOST_ROWS + 1]
    rows = [[code, title, str(holders[holder]), day(due)] for code, title, holder, due in found]
    head = [_("Numara"), _("Öneri"), _("Kimin elinde"), _("Son gün")]
    return _listed(_("Süresi geçen adımlar"), _("Süresi geçen adım yok."), head, rows)


def _listed(title: str, nothing: str, head: Iterable[str], rows: list[list[str]]) -> dict[str, Any]:
    text = "" if rows else nothing
    if len(rows) > MOST_ROWS:
        text = _("İlk %(n)s satır; hepsi açık veride.") % {"n": number(MOST_ROWS)}
    return _named(title, text, _rows(list(head), rows[:MOST_ROWS], numeric=False))
