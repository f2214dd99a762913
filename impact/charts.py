"""Charts as SVG, drawn by the server: they need no script and no style attribute, and stand in a printed report as they are.

Plain data in, markup out. Colours are classes of `static/css/parts/charts.css`; the fill attributes beside them are for where no
style sheet reads. Every chart is one picture with a name and a description; the table beside it is made by the page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from textwrap import wrap

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

FILLS = {"": "#0f4c5c", "wait": "#e09f3e", "live": "#e09f3e", "done": "#5b7f4b", "no": "#9e2a2b", "plain": "#7f888a"}
INK = "#1d2b2f"


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a bar chart. `text` stands at its end; the length goes by `value`."""

    label: str
    value: float
    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """A place on a line: the label below it and the text above it."""

    label: str
    value: float
    text: str


@dataclass(frozen=True, slots=True)
class Node:
    """A place in a flow chart. Nodes stand in columns, those of one column from top to bottom as they come."""

    key: str
    label: str
    column: int
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """How many went from one node to another, further to the right."""

    source: str
    target: str
    value: int


def _picture(name: str, title: str, text: str, width: float, height: float, inner: SafeString) -> SafeString:
    return format_html(
        '<svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img"'
        ' aria-labelledby="{name}-title {name}-text"><title id="{name}-title">{title}</title>'
        '<desc id="{name}-text">{text}</desc>{inner}</svg>',
        w=_n(width),
        h=_n(height),
        name=name,
        title=title,
        text=text,
        inner=inner,
    )


def _n(value: float) -> str:
    """A number of the drawing: one digit behind the point, always a point."""
    return f"{value:.1f}".removesuffix(".0")


def _tone(tone: str) -> tuple[str, str]:
    return f"tone-{tone or 'main'}", FILLS.get(tone, FILLS[""])


BAR_WIDTH, BAR_ROW = 400.0, 46.0


def bars(name: str, title: str, text: str, rows: Sequence[Bar]) -> SafeString:
    """Horizontal bars in the order given, each with its label above. The longest fills the width."""
    most = max((row.value for row in rows), default=0) or 1
    room = BAR_WIDTH - 90
    drawn = []
    for place, row in enumerate(rows):
        top = place * BAR_ROW
        length = max(2.0, room * max(0.0, row.value) / most) if row.value > 0 else 0.0
        tone, fill = _tone(row.tone)
        drawn.append(
            (_n(top + 16), INK, row.label, tone, fill, _n(top + 22), _n(length), _n(length + 8), _n(top + 35), row.text)
        )
    inner = format_html_join(
        "",
        '<text x="0" y="{}" font-size="16" fill="{}">{}</text><rect class="{}" fill="{}" x="0" y="{}" width="{}" height="16"'
        ' rx="3"/><text class="figure" x="{}" y="{}" font-size="16">{}</text>',
        drawn,
    )
    return _picture(name, title, text, BAR_WIDTH, max(1, len(rows)) * BAR_ROW, inner)


def funnel(name: str, title: str, text: str, rows: Sequence[Bar]) -> SafeString:
    """Bars around one middle line: how many of the first are left at each step."""
    most = max((row.value for row in rows), default=0) or 1
    drawn = []
    for place, row in enumerate(rows):
        top = place * BAR_ROW
        length = max(2.0, BAR_WIDTH * max(0.0, row.value) / most) if row.value > 0 else 0.0
        tone, fill = _tone(row.tone)
        drawn.append(
            (
                _n(BAR_WIDTH / 2),
                _n(top + 16),
                INK,
                row.label,
                row.text,
                tone,
                fill,
                _n((BAR_WIDTH - length) / 2),
                _n(top + 22),
                _n(length),
            )
        )
    inner = format_html_join(
        "",
        '<text x="{}" y="{}" font-size="16" fill="{}" text-anchor="middle">{} <tspan class="figure" font-weight="bold">{}</tspan>'
        '</text><rect class="{}" fill="{}" x="{}" y="{}" width="{}" height="16" rx="3"/>',
        drawn,
    )
    return _picture(name, title, text, BAR_WIDTH, max(1, len(rows)) * BAR_ROW, inner)


LINE_HEIGHT = 220.0


def line(name: str, title: str, text: str, points: Sequence[Point]) -> SafeString:
    """One line through points at equal distances, from nought upwards."""
    most = max((point.value for point in points), default=0) or 1
    step = (BAR_WIDTH - 80) / max(1, len(points) - 1)
    places = [
        (40 + place * step, 40 + (LINE_HEIGHT - 80) * (1 - point.value / most), point)
        for place, point in enumerate(points)
    ]
    base = _n(LINE_HEIGHT - 40)
    path = " ".join(f"{_n(x)},{_n(y)}" for x, y, _point in places)
    axis = format_html('<path class="axis" stroke="#7f888a" d="M20 {b}H{w}"/>', b=base, w=_n(BAR_WIDTH - 20))
    stroke = format_html(
        '<polyline class="stroke" fill="none" stroke="{}" stroke-width="3" points="{}"/>', FILLS[""], path
    )
    marks = format_html_join(
        "",
        '<circle class="tone-main" fill="{}" cx="{}" cy="{}" r="5"/><text class="figure" x="{}" y="{}" font-size="16"'
        ' text-anchor="middle">{}</text><text x="{}" y="{}" font-size="16" text-anchor="middle">{}</text>',
        (
            (FILLS[""], _n(x), _n(y), _n(x), _n(y - 12), point.text, _n(x), _n(LINE_HEIGHT - 14), point.label)
            for x, y, point in places
        ),
    )
    return _picture(name, title, text, BAR_WIDTH, LINE_HEIGHT, axis + stroke + marks)


COLUMN, NODE, GAP, TALL, LETTERS = 168.0, 14.0, 44.0, 300.0, 19


def sankey(name: str, title: str, text: str, nodes: Sequence[Node], links: Sequence[Link]) -> SafeString:
    """Flows from left to right: the width of a band is how many went that way. A node is as tall as what goes in or out.

    Links to what is no node, backwards or of nothing are left out.
    """
    placed = {node.key: node for node in nodes}
    kept = [
        link
        for link in links
        if link.value > 0
        and link.source in placed
        and link.target in placed
        and placed[link.source].column < placed[link.target].column
    ]
    into, out = _sums(kept, "target"), _sums(kept, "source")
    sizes = {node.key: max(into.get(node.key, 0), out.get(node.key, 0)) for node in nodes}
    shown = [node for node in nodes if sizes[node.key]]
    if not shown:
        return _picture(name, title, text, COLUMN, GAP, SafeString(""))
    by_column = {key: list(of) for key, of in groupby(sorted(shown, key=lambda n: n.column), key=lambda n: n.column)}
    most = max(sum(sizes[node.key] for node in column) for column in by_column.values())
    scale = TALL / most
    tops: dict[str, float] = {}
    lowest = 0.0
    for column in by_column.values():
        top = 20.0
        for node in column:
            tops[node.key] = top
            top += max(GAP, sizes[node.key] * scale + 14)
        lowest = max(lowest, top)
    xs = {key: place * COLUMN for place, key in enumerate(sorted(by_column))}
    width = len(xs) * COLUMN
    leaving, arriving = dict(tops), dict(tops)
    order = {node.key: place for place, node in enumerate(nodes)}
    bands = []
    for link in sorted(kept, key=lambda link: (order[link.source], order[link.target])):
        thick = link.value * scale
        x1, x2 = xs[placed[link.source].column] + NODE, xs[placed[link.target].column]
        y1, y2 = leaving[link.source] + thick / 2, arriving[link.target] + thick / 2
        leaving[link.source] += thick
        arriving[link.target] += thick
        middle = (x1 + x2) / 2
        curve = f"M{_n(x1)} {_n(y1)}C{_n(middle)} {_n(y1)} {_n(middle)} {_n(y2)} {_n(x2)} {_n(y2)}"
        bands.append((FILLS[placed[link.target].tone], _tone(placed[link.target].tone)[0], _n(max(1.0, thick)), curve))
    drawn = format_html_join(
        "", '<path fill="none" stroke="{}" stroke-opacity=".3" class="band {}" stroke-width="{}" d="{}"/>', bands
    )
    for node in shown:
        drawn += _node(node, xs[node.column], tops[node.key], max(2.0, sizes[node.key] * scale), sizes[node.key])
    return _picture(name, title, text, width, lowest + 10, drawn)


def _sums(links: Sequence[Link], end: str) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for link in links:
        key: str = getattr(link, end)
        found[key] = found.get(key, 0) + link.value
    return found


def _node(node: Node, x: float, top: float, tall: float, size: int) -> SafeString:
    tone, fill = _tone(node.tone)
    lines = format_html_join(
        "",
        '<tspan x="{}" dy="{}">{}</tspan>',
        ((_n(x + NODE + 5), 0 if place == 0 else 15, part) for place, part in enumerate(wrap(node.label, LETTERS)[:2])),
    )
    return format_html(
        '<rect class="{}" fill="{}" x="{}" y="{}" width="{}" height="{}" rx="2"/><text class="named" x="{}" y="{}" font-size="13"'
        ' fill="{}">{} <tspan class="figure" font-weight="bold">{}</tspan></text>',
        tone,
        fill,
        _n(x),
        _n(top),
        _n(NODE),
        _n(tall),
        _n(x + NODE + 5),
        _n(top + 12),
        INK,
        lines,
        size,
    )
