"""Importing proposals: every line is taken or rejected with a reason, once, however often the file is given."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from journal.models import Entry
from proposals.import_rows import ColumnMap, MapError, Rejection, Row, plain_text, read
from proposals.importing import Target, import_rows
from proposals.models import Proposal
from proposals.stages import Stage
from tests.data import real

COLUMNS = ColumnMap.from_data(
    {"id": "no", "title": "başlık", "text": "metin", "supports": "destek", "submitted": "tarih"}
)
HEADER = "no,başlık,metin,destek,tarih\n"


def rows(text):
    return list(read(io.StringIO(HEADER + text), COLUMNS))


@pytest.fixture
def target(kocaeli, ulasim, hakan):
    return Target(kocaeli, ulasim, hakan, "deneme")


def test_a_line_becomes_a_row_with_its_moment_in_istanbul():
    (row,) = rows('1,Gece otobüsü,"<p>Saat <b>23</b></p><p>sonrası</p>",12,2024-01-05\n')
    assert (row.text, row.supports, row.submitted_at.isoformat()) == (
        "Saat 23\n\nsonrası",
        12,
        "2024-01-05T12:00:00+03:00",
    )


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("1,,metin,1,2024-01-05", "Başlık boş"),
        ("1,Başlık,metin,çok,2024-01-05", "Destek sayısı"),
        ("1,Başlık,metin,-3,2024-01-05", "Destek sayısı"),
        ("1,Başlık,metin,1,31.31.2024", "Tarih"),
        ("1,Başlık,metin", "5 sütun olmalıydı, 3 var"),
        (",Başlık,metin,1,2024-01-05", "kimliği"),
        ("1,Ba\udce7l\udcfdk,metin,1,2024-01-05", "UTF-8"),
        ("1,Başlık," + "m" * 20_001 + ",1,2024-01-05", "uzun"),
    ],
)
def test_a_wrong_line_is_rejected_with_its_reason_and_the_others_go_on(line, reason):
    first, second = rows(f"{line}\n2,Başlık,metin,1,2024-01-05\n")
    assert isinstance(first, Rejection)
    assert (first.line, reason in first.reason, isinstance(second, Row)) == (2, True, True)


def test_a_proposal_said_in_its_title_alone_keeps_it_as_text():
    (row,) = rows("1,Metroya asansör,<p> </p>,1,2024-01-05\n")
    assert row.text == "Metroya asansör"


def test_a_map_that_names_unknown_fields_or_columns_is_refused():
    for data in (
        {"id": "a"},
        {"id": "a", "title": "b", "text": "c", "stage_x": "d"},
        ["a"],
        {"id": 3, "title": "b", "text": "c"},
    ):
        with pytest.raises(MapError):
            ColumnMap.from_data(data)
    with pytest.raises(MapError, match="başlık"):
        list(read(io.StringIO("a,b\n1,2\n"), COLUMNS))


def test_markup_never_survives():
    assert plain_text("<script>alert(1)</script><p onclick=x>a &lt;b&gt;</p><ul><li>bir</li><li>iki</li></ul>") == (
        "a <b>\n\n- bir\n- iki"
    )


def test_a_second_run_doubles_nothing_and_a_stopped_one_goes_on(target):
    text = "".join(f"{n},Başlık {n},metin {n},3,2024-01-05\n" for n in range(1, 8))
    first = import_rows(rows(text)[:3], target, at=timezone.now())
    second = import_rows(rows(text), target, at=timezone.now())
    assert (first.imported, second.imported, second.present) == (3, 4, 3)
    assert list(Proposal.objects.order_by("serial").values_list("number", flat=True)) == [
        f"KOC-2024-{n:04d}" for n in range(1, 8)
    ]
    assert Entry.objects.filter(kind="proposals.imported").count() == 7


def test_the_same_id_twice_in_a_file_is_taken_once(target):
    result = import_rows(rows("1,Bir,metin,0,2024-01-05\n1,İki,metin,0,2024-01-05\n"), target, at=timezone.now())
    assert (result.imported, [r.line for r in result.rejections]) == (1, [3])
    assert "2. satırda" in result.rejections[0].reason


def test_supports_counted_elsewhere_are_kept_apart_from_rows(target):
    import_rows(rows("1,Bir,metin,640,2024-01-05\n"), target, at=timezone.now())
    proposal = Proposal.objects.get()
    assert (proposal.support_count, proposal.earlier_supports, proposal.supports.count()) == (640, 640, 0)


def test_a_failing_batch_leaves_nothing_of_itself(target, monkeypatch):
    from proposals import importing

    calls = iter(range(100))
    original = importing.set_number

    def failing(*args, **kwargs):
        if next(calls) == 2:
            raise KeyboardInterrupt
        original(*args, **kwargs)

    monkeypatch.setattr(importing, "set_number", failing)
    text = "".join(f"{n},Başlık {n},metin {n},3,2024-01-05\n" for n in range(1, 8))
    with pytest.raises(KeyboardInterrupt):
        import_rows(rows(text), target, at=timezone.now())
    assert Proposal.objects.count() == 0


def test_the_command_says_what_is_missing_in_one_sentence(kocaeli, ulasim, hakan, tmp_path):
    file = tmp_path / "x.csv"
    file.write_text("a;b\n1;2\n")
    base = {"council": "kocaeli", "body": ulasim.slug, "author": hakan.email, "map": ["id=a", "title=b", "text=c"]}
    for change in ({"council": "yok"}, {"body": "yok"}, {"author": "yok@ornek.invalid"}, {"map": ["id"]}, {}):
        with pytest.raises(CommandError):
            call_command("import_proposals", file, **(base | change))


MADRID = ["id=id", "title=title", "text=description", "supports=cached_votes_up", "withdrawn=retired_at", "delimiter=;"]


def lines_of(path, **options):
    csv.field_size_limit(10_000_000)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return sum(1 for row in csv.reader(file, **options) if row) - 1


def run(file, tmp_path, map_, kocaeli, ulasim, hakan):
    out, rejects = io.StringIO(), tmp_path / "rejects.csv"
    options = {"council": "kocaeli", "body": ulasim.slug, "author": hakan.email, "rejects": rejects, "stdout": out}
    call_command("import_proposals", file, map=map_, **options)
    with rejects.open(encoding="utf-8", newline="") as rejected:
        return list(csv.DictReader(rejected)), out.getvalue()


def test_every_row_of_a_real_table_in_spanish_is_imported_or_rejected_with_a_reason(tmp_path, kocaeli, ulasim, hakan):
    file = real("proposals/decide_madrid.csv")
    yaml = tmp_path / "map.yaml"
    yaml.write_text(
        "source: decide-madrid\ndelimiter: ';'\nid: id\ntitle: title\ntext: description\nsupports: cached_votes_up\n"
        "withdrawn: retired_at\nsubmitted: {column: created_at, format: '%d/%m/%Y'}\n"
    )
    rejected, _ = run(file, tmp_path, [str(yaml)], kocaeli, ulasim, hakan)
    imported = Proposal.objects.filter(source="decide-madrid").count()
    assert imported + len(rejected) == lines_of(file, delimiter=";")
    assert imported > 2_700
    assert all(row["reason"] and row["line"] for row in rejected)
    assert not Proposal.objects.filter(text__contains="<p>").exists()
    again, _out = run(file, tmp_path, [str(yaml)], kocaeli, ulasim, hakan)
    assert (Proposal.objects.count(), len(again)) == (imported, len(rejected))


def test_every_row_of_a_real_table_in_finnish_is_imported_or_rejected_with_a_reason(tmp_path, kocaeli, ulasim, hakan):
    file = real("proposals/omastadi.csv")
    yaml = tmp_path / "map.yaml"
    yaml.write_text(
        "source: omastadi\nid: [round, id]\ntitle: title\ntext: texts\nlatitude: latitude\nlongitude: longitude\n"
        "stage: {column: selected, values: {'1': adopted, '1.0': adopted, 'True': adopted, '0': declined, '0.0': declined,"
        " 'False': declined}}\n"
    )
    rejected, _ = run(file, tmp_path, [str(yaml)], kocaeli, ulasim, hakan)
    imported = Proposal.objects.filter(source="omastadi").count()
    assert imported + len(rejected) == lines_of(file)
    assert imported > 3_500
    assert set(Proposal.objects.values_list("stage", flat=True)) <= {Stage.ADOPTED, Stage.DECLINED, Stage.UNSUPPORTED}
