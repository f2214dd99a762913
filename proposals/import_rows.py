"""Rows of a foreign table of proposals, read one by one and checked. Plain data in, plain data out."""

from __future__ import annotations

import csv
import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any
from zoneinfo import ZoneInfo

import nh3
from django.utils.translation import gettext as _

from documents.cells import original
from proposals.stages import Stage

ISTANBUL = ZoneInfo("Europe/Istanbul")
LONGEST_TITLE = 120
LONGEST_SUMMARY = 400
LONGEST_TEXT = 20_000
FIELDS = {
    "id",
    "title",
    "summary",
    "text",
    "submitted",
    "supports",
    "withdrawn",
    "latitude",
    "longitude",
    "theme",
    "district",
    "stage",
}
STAGES = {Stage.GATHERING, Stage.IN_GROUP, Stage.UNSUPPORTED, Stage.ADOPTED, Stage.DECLINED, Stage.WITHDRAWN}


class MapError(ValueError):
    """The column map cannot be used; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Column:
    """Where a field comes from: one or several columns, how a date is written, what its values stand for."""

    names: tuple[str, ...]
    date_format: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """How a foreign table becomes proposals."""

    columns: Mapping[str, Column]
    delimiter: str = ","
    source: str = ""

    @classmethod
    def from_data(cls, data: Any) -> ColumnMap:
        """Build from a mapping such as ``{"id": "id", "submitted": {"column": "created_at", "format": "%d/%m/%Y"}}``.

        Raises `MapError`.
        """
        if not isinstance(data, Mapping):
            raise MapError(_("Sütun eşlemesi “alan: sütun” satırlarından oluşmalı."))
        columns = {}
        for name, given in data.items():
            if name in {"delimiter", "source"}:
                continue
            if name not in FIELDS:
                raise MapError(_("Bilinmeyen alan: %(name)s") % {"name": name})
            columns[str(name)] = _column(str(name), given)
        for needed in ("id", "title", "text"):
            if needed not in columns:
                raise MapError(_("Eşlemede “%(name)s” alanı eksik.") % {"name": needed})
        delimiter = str(data.get("delimiter", ","))
        if len(delimiter) != 1:
            raise MapError(_("Ayırıcı tek bir karakter olmalı."))
        return cls(columns, delimiter, str(data.get("source", "")))

    @classmethod
    def from_pairs(cls, pairs: list[str]) -> ColumnMap:
        """Build from ``field=column`` pairs; several columns are joined with ``+``. Raises `MapError`."""
        data: dict[str, Any] = {}
        for pair in pairs:
            name, equals, column = pair.partition("=")
            if not equals:
                raise MapError(_("Eşleme “alan=sütun” biçiminde yazılır: %(pair)s") % {"pair": pair})
            data[name.strip()] = [part.strip() for part in column.split("+")] if name != "delimiter" else column
        return cls.from_data({k: v[0] if k == "source" else v for k, v in data.items()})


def _column(name: str, given: Any) -> Column:
    if isinstance(given, str):
        return Column((given,))
    if isinstance(given, list) and all(isinstance(item, str) for item in given) and given:
        return Column(tuple(given))
    if isinstance(given, Mapping) and set(given) <= {"column", "columns", "format", "values"}:
        names = given.get("columns") or given.get("column")
        names = [names] if isinstance(names, str) else names
        if isinstance(names, list) and names:
            values = {str(k): str(v) for k, v in (given.get("values") or {}).items()}
            return Column(tuple(str(n) for n in names), str(given.get("format", "")), values)
    raise MapError(_("“%(name)s” alanının eşlemesi anlaşılmadı.") % {"name": name})


@dataclass(frozen=True, slots=True)
class Row:
    """One proposal, ready to be written. `stage` is empty when the table does not say."""

    line: int
    source_id: str
    title: str
    summary: str
    text: str
    submitted_at: datetime | None
    supports: int
    latitude: float | None
    longitude: float | None
    theme: str
    district: str
    stage: str


@dataclass(frozen=True, slots=True)
class Rejection:
    """A line that was not taken, and why."""

    line: int
    source_id: str
    reason: str


class RowError(ValueError):
    """A line that cannot become a proposal; the message is the reason."""


def read(file: IO[str], columns: ColumnMap) -> Iterator[Row | Rejection]:
    """Read a CSV file of any size, one row in memory at a time. Raises `MapError` when a mapped column is missing.

    The file is opened with ``errors="surrogateescape"``; a line with broken characters is rejected, not the file.
    """
    csv.field_size_limit(10_000_000)
    reader = csv.reader(file, delimiter=columns.delimiter)
    try:
        header = [name.strip().lstrip("\ufeff") for name in next(reader)]
    except StopIteration:
        raise MapError(_("Dosya boş.")) from None
    except csv.Error as error:
        raise MapError(_("Dosya okunamadı: %(error)s") % {"error": error}) from None
    wanted = {name for column in columns.columns.values() for name in column.names}
    missing = sorted(wanted - set(header))
    if missing:
        raise MapError(
            _("Dosyada şu sütunlar yok: %(missing)s. Olanlar: %(present)s")
            % {"missing": ", ".join(missing), "present": ", ".join(header)}
        )
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Rejection(line, "", _("Satır okunamadı: %(error)s") % {"error": error})
            continue
        if not cells:
            continue
        source_id = ""
        try:
            if len(cells) != len(header):
                raise RowError(
                    _("%(n)s sütun olmalıydı, %(m)s var.") % {"n": len(header), "m": len(cells)},
                )
            record = dict(zip(header, map(original, cells), strict=True))
            source_id = _joined(record, columns.columns["id"], "-")
            yield _row(line, source_id, record, columns.columns)
        except RowError as error:
            yield Rejection(line, source_id, str(error))


def _joined(record: Mapping[str, str], column: Column | None, glue: str) -> str:
    if column is None:
        return ""
    value = glue.join(record[name].strip() for name in column.names if record[name].strip())
    if any("\udc80" <= c <= "\udcff" for c in value):
        raise RowError(_("Metindeki harfler okunamadı; dosya UTF-8 olmalı."))
    return column.values.get(value, value) if column.values else value


def _row(line: int, source_id: str, record: Mapping[str, str], columns: Mapping[str, Column]) -> Row:
    if not source_id or len(source_id) > 80:
        raise RowError(_("Kaynak kimliği yok ya da çok uzun."))
    title = plain_text(_joined(record, columns["title"], " ")).replace("\n", " ")
    if not title:
        raise RowError(_("Başlık boş."))
    # Many citizens say it all in the title.
    text = plain_text(_joined(record, columns["text"], "\n\n")) or title
    if len(text) > LONGEST_TEXT:
        raise RowError(_("Öneri metni %(n)s harften uzun.") % {"n": LONGEST_TEXT})
    if len(title) > LONGEST_TITLE:
        text = f"{title}\n\n{text}"[:LONGEST_TEXT]
        title = cut(title, LONGEST_TITLE)
    summary = plain_text(_joined(record, columns.get("summary"), " ")) or text
    stage = _joined(record, columns.get("stage"), " ")
    if _joined(record, columns.get("withdrawn"), " "):
        stage = Stage.WITHDRAWN
    if stage and stage not in STAGES:
        raise RowError(_("Bilinmeyen aşama: %(stage)s") % {"stage": stage})
    latitude, longitude = _point(record, columns)
    return Row(
        line=line,
        source_id=source_id,
        title=title,
        summary=cut(summary.replace("\n", " "), LONGEST_SUMMARY),
        text=text,
        submitted_at=_moment(record, columns.get("submitted")),
        supports=_count(record, columns.get("supports")),
        latitude=latitude,
        longitude=longitude,
        theme=_joined(record, columns.get("theme"), " "),
        district=_joined(record, columns.get("district"), " "),
        stage=str(stage),
    )


def _moment(record: Mapping[str, str], column: Column | None) -> datetime | None:
    text = _joined(record, column, " ")
    if column is None or not text:
        return None
    try:
        found = datetime.strptime(text, column.date_format) if column.date_format else datetime.fromisoformat(text)  # noqa: DTZ007
    except ValueError:
        raise RowError(_("Tarih anlaşılmadı: %(text)s") % {"text": text[:40]}) from None
    return found if found.tzinfo else found.replace(tzinfo=ISTANBUL, hour=found.hour or 12)


def _count(record: Mapping[str, str], column: Column | None) -> int:
    text = _joined(record, column, "")
    if not text:
        return 0
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise RowError(_("Destek sayısı anlaşılmadı: %(text)s") % {"text": text[:40]})
    return int(text)


def _point(record: Mapping[str, str], columns: Mapping[str, Column]) -> tuple[float | None, float | None]:
    pair = [_joined(record, columns.get(name), "") for name in ("latitude", "longitude")]
    if not all(pair):
        return None, None
    try:
        latitude, longitude = (float(text) for text in pair)
    except ValueError:
        raise RowError(_("Konum anlaşılmadı: %(text)s") % {"text": ", ".join(pair)[:40]}) from None
    if latitude != latitude or longitude != longitude:
        return None, None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise RowError(_("Konum yeryüzünde değil: %(text)s") % {"text": ", ".join(pair)[:40]})
    return latitude, longitude


def plain_text(value: str) -> str:
    """Text without markup and control characters; paragraphs and list items keep their lines."""
    if "<" in value:
        value = re.sub(r"(?i)<\s*(?:/p|/div|/h[1-6]|/ul|/ol|br)[^<>]{0,40}>", "\n\n", value)
        value = re.sub(r"(?i)<\s*li[^<>]{0,200}>", "\n- ", value)
        value = nh3.clean(value, tags=set())
    value = html.unescape(value).replace("\xa0", " ").replace("\r", "\n")
    value = "".join(c for c in value if c == "\n" or c >= " ")
    value = re.sub(r"[ \t]+", " ", value)
    value = re.sub(r" ?\n ?", "\n", value)
    return re.sub(r"\n{3,}", "\n\n", value).strip()


def cut(text: str, length: int) -> str:
    """At most `length` letters, cut between words with an ellipsis."""
    if len(text) <= length:
        return text
    head = text[:length]
    return (head.rpartition(" ")[0] or head[:-1]).rstrip(",.;: ")[: length - 1] + "…"
