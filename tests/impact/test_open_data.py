"""Open data: whole files of one moment, as their descriptor says, without anybody's name."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import zipfile
from datetime import date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from documents.cells import original
from impact.actions import recount_all
from impact.opendata import writing
from impact.opendata.rows import participation
from impact.opendata.schema import TABLES
from impact.opendata.writing import days_of, root_of, write_open_data
from impact.tasks import write_open_data as task
from proposals import actions
from proposals.stages import Stage
from tests import factories as f


@pytest.fixture
def at():
    return timezone.now()


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


def read(folder, name):
    return json.loads((folder / f"{name}.json").read_text())


def as_text(value) -> str:
    """A value of JSON as CSV writes it."""
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def fits(value: str, field: dict) -> bool:
    """Whether a cell is of the type and under the constraints of its field."""
    constraints = field.get("constraints", {})
    if value == "":
        return not constraints.get("required")
    if "enum" in constraints and value not in constraints["enum"]:
        return False
    match field["type"]:
        case "integer":
            return value.lstrip("-").isdigit()
        case "boolean":
            return value in {"true", "false"}
        case "number":
            return math.isfinite(float(value))
        case "date":
            return str(date.fromisoformat(value)) == value
        case "datetime":
            return value.endswith("Z") and datetime.fromisoformat(value).tzinfo is not None
    return field["type"] == "string"


@pytest.fixture
def town(kocaeli, ulasim, korfez, elif_, hakan, history, funded, at):
    """A council with every kind of row, a formula for a title, and people whose names must not leave."""
    author = f.PersonFactory(display_name="Gizli Kişi", email="gizli.kisi@ornek.invalid")
    formula = f.ProposalFactory(council=kocaeli, author=author, title="=1+1", addressed_to=ulasim)
    for_them = f.ProposalFactory(council=kocaeli, author=elif_, on_behalf_of=korfez, addressed_to=ulasim)
    f.ProposalFactory(council=kocaeli, author=author, stage=Stage.DRAFT, title="Gizli taslak", addressed_to=ulasim)
    actions.find_inadmissible(
        actor=hakan, proposal=for_them, reason="Belediyenin görevi değil.", reason_code="not_local", at=at
    )
    f.CommentFactory(thread=formula.thread, author=author, text="Gizli yorum")
    f.ProposalBallotFactory(
        proposal=formula,
        ballot=f.BallotFactory(declared_at=at, outcome="passed", yes_votes=3, no_votes=1, abstentions=0),
    )
    f.OpinionFactory(council=kocaeli, proposals=[formula])
    f.OpinionFactory(council=kocaeli, proposals=[for_them], state="draft", title="Gizli görüş taslağı")
    recount_all()
    return kocaeli


@pytest.mark.django_db(transaction=True)
def test_the_files_of_a_day_are_what_their_descriptor_says_and_name_nobody(town, decided, media, at):
    [folder] = write_open_data(at=at)
    described = json.loads((folder / "datapackage.json").read_text())

    # The descriptor, by the rules of Data Package 2.0
    assert described["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert described["licenses"] == [
        {
            "name": "CC-BY-4.0",
            "path": "https://creativecommons.org/licenses/by/4.0/",
            "title": "Creative Commons Attribution 4.0",
        }
    ]
    resources = {each["name"]: each for each in described["resources"]}
    assert len(resources) == len(described["resources"]) == 2 * len(TABLES)
    for each in resources.values():
        data = (folder / each["path"]).read_bytes()
        assert (each["bytes"], each["hash"]) == (len(data), f"sha256:{hashlib.sha256(data).hexdigest()}")

    # Rows as the schema says, keys that are one row's alone, references that are found
    rows = {}
    for table in TABLES:
        resource = resources[table.name]
        fields = resource["schema"]["fields"]
        text = (folder / resource["path"]).read_text(encoding="utf-8")
        head, *found = csv.reader(io.StringIO(text, newline=""))
        assert head == [field["name"] for field in fields]
        for row in found:
            wrong = [field["name"] for field, value in zip(fields, row, strict=True) if not fits(value, field)]
            assert wrong == [], (table.name, row)
        rows[table.name] = [dict(zip(head, row, strict=True)) for row in found]
        keys = [tuple(row[name] for name in resource["schema"]["primaryKey"]) for row in rows[table.name]]
        assert len(keys) == len(set(keys)) == resource["rows"]
        as_json = read(folder, table.name)
        plain = [{name: as_text(value) for name, value in row.items()} for row in as_json]
        assert [{k: original(v) for k, v in row.items()} for row in rows[table.name]] == plain
    for table in TABLES:
        for each in resources[table.name]["schema"].get("foreignKeys", ()):
            other = each["reference"].get("resource", table.name)
            [here], [there] = each["fields"], each["reference"]["fields"]
            known = {row[there] for row in rows[other]} | {""}
            assert {row[here] for row in rows[table.name]} <= known, (table.name, here)

    # What is in them and what is not
    by_number = {row["proposal"]: row for row in rows["proposals"]}
    assert len(by_number) == 46
    assert [row["title"] for row in rows["proposals"] if "1+1" in row["title"]] == ["'=1+1"]
    assert {row["organisation"] for row in rows["proposals"]} == {"", "Körfez Bisikletliler Derneği"}
    assert ("not_local", "Belediyenin görevi değil.") in {
        (row["reason_code"], row["reason"]) for row in rows["stage_changes"]
    }
    assert [(row["outcome"], row["yes"]) for row in rows["ballots"]] == [("passed", "3")]
    opinion, before_the_council = rows["opinions"]
    of_formula = [
        by_number[row["proposal"]]["title"] for row in rows["opinion_proposals"] if row["opinion"] == opinion["opinion"]
    ]
    assert of_formula == ["'=1+1"]
    # What the municipal council decided, and what came of it; the decision nobody confirmed is not there
    [decision] = rows["decisions"]
    assert (decision["decision"], decision["opinion"]) == ("2037/118", before_the_council["opinion"])
    assert [decision[name] for name in ("agenda_number", "yes", "no", "abstentions")] == ["7", "41", "12", "2"]
    first, second, third, fourth = (proposal.number for proposal in decided)
    assert {row["proposal"]: row["outcome"] for row in rows["decision_outcomes"]} == {
        first: "accepted",
        second: "partly",
        third: "declined",
        fourth: "deferred",
    }
    said = [(row["accepted_parts"], row["reason_code"], bool(row["deferred_to"])) for row in rows["decision_outcomes"]]
    assert said == [("", "", False), ("Yalnızca sahil kesimi.", "", False), ("", "no_budget", False), ("", "", True)]
    assert [(row["proposal"], row["unit"], row["outcome"]) for row in rows["implementations"]] == [
        (first, "Park ve Bahçeler", "Yol bitti, açıldı."),
        (second, "Park ve Bahçeler", ""),
    ]
    assert [(row["proposal"], row["title"], row["done_on"]) for row in rows["milestones"]] == [
        (second, "İhale yapılacak", "")
    ]
    # What pays them and what they serve
    assert [(row["line"], row["name"], row["amount"]) for row in rows["budget_lines"]] == [
        ("2036/1.1", "Eski yol", "5.0"),
        ("2037/1.1", "'=Yol yapımı", "1000000.0"),
        ("2037/1.2", "Proje", ""),
    ]
    assert [tuple(row.values()) for row in rows["implementation_budget_lines"]] == [
        (first, "2037/1.1", "600000.0"),
        (first, "2037/1.2", ""),
        (second, "2037/1.1", "250000.5"),
    ]
    assert [(row["objective"], row["aim"]) for row in rows["plan_objectives"]] == [
        ("2035-2039/A1", ""),
        ("2035-2039/H1.2", "2035-2039/A1"),
    ]
    assert [tuple(row.values()) for row in rows["implementation_objectives"]] == [
        (second, "2035-2039/A1"),
        (second, "2035-2039/H1.2"),
    ]
    everything = b"".join(path.read_bytes() for path in folder.iterdir() if path.suffix != ".zip").decode()
    for secret in ("Gizli", "gizli.kisi", "Elif Kaya", "Hakan Yıldız", "Selin Aksoy", "Birim amiri", "@ornek.invalid"):
        assert secret not in everything, secret
    with zipfile.ZipFile(folder / writing.archive_name(town, days_of(town)[0])) as archive:
        assert archive.testzip() is None
        assert set(archive.namelist()) == {"datapackage.json", *(each["path"] for each in resources.values())}


@pytest.mark.django_db(transaction=True)
def test_a_day_is_written_once_and_old_days_go(kocaeli, media, settings, capsys, at):
    settings.OPEN_DATA_DAYS = 2
    for days in (5, 2, 1):
        assert len(write_open_data(at=at - timedelta(days=days))) == 1
    [folder] = write_open_data(at=at)
    assert len(days_of(kocaeli)) == 3
    before = (folder / "datapackage.json").stat().st_ino
    assert write_open_data(at=at) == []
    task.apply()
    assert (folder / "datapackage.json").stat().st_ino == before
    call_command("write_open_data", "--again")
    assert str(root_of(kocaeli)) in capsys.readouterr().out
    assert sorted(path.name for path in root_of(kocaeli).iterdir() if path.name.startswith(".")) == []


@pytest.mark.django_db(transaction=True)
def test_all_tables_are_of_one_moment(kocaeli, ulasim, media, monkeypatch, side_by_side, at):
    f.ProposalFactory(council=kocaeli, addressed_to=ulasim)
    tables = dict(writing.ROWS)

    def themes_while_somebody_writes(council):
        yield from tables["themes"](council)
        [made] = side_by_side([lambda: f.ProposalFactory(council=kocaeli, addressed_to=ulasim, title="Arada yazılan")])
        assert not isinstance(made, Exception)

    monkeypatch.setitem(writing.ROWS, "themes", themes_while_somebody_writes)
    [folder] = write_open_data(at=at)
    assert len(read(folder, "proposals")) == 1


@pytest.mark.django_db(transaction=True)
def test_one_process_writes_and_what_broke_leaves_nothing(kocaeli, media, monkeypatch, side_by_side, at):
    def breaks(council):
        yield ("a", "b")
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setitem(writing.ROWS, "themes", breaks)
        with pytest.raises(OSError, match="disk full"):
            write_open_data(at=at)
    assert list(root_of(kocaeli).iterdir()) == []

    held = []
    tables = dict(writing.ROWS)

    def while_another_tries(council):
        held.extend(side_by_side([lambda: write_open_data(at=at, again=True)]))
        yield from tables["themes"](council)

    monkeypatch.setitem(writing.ROWS, "themes", while_another_tries)
    assert len(write_open_data(at=at)) == 1
    assert held == [[]]


@pytest.mark.django_db
def test_small_groups_are_left_out_and_cannot_be_worked_out(kocaeli, at):
    izmit, gebze, kandira = (f.DistrictFactory(council=kocaeli, name=name) for name in ("İzmit", "Gebze", "Kandıra"))
    proposal = f.ProposalFactory(
        council=kocaeli, stage=Stage.GATHERING, author=f.ResidenceFactory(council=kocaeli, district=izmit).person
    )
    for district, people in ((izmit, 11), (gebze, 7), (kandira, 3)):
        for _ in range(people):
            person = f.ResidenceFactory(council=kocaeli, district=district).person
            f.SupportFactory(proposal=proposal, person=person, created_at=at)
    recount_all()
    counts = {row[:3]: row[3] for row in participation(kocaeli)}
    year = str(timezone.localtime(at).year)
    assert counts["all", "all", "any"] == 22
    assert counts["all", "izmit", "any"] == 12
    assert counts["all", "kandira", "any"] is None
    assert counts["all", "gebze", "any"] is None  # else it would be the rest
    assert counts["all", "none", "any"] == 0
    assert (counts[year, "all", "supporter"], counts[year, "all", "author"]) == (21, None)
    assert [key for key in counts if key[0] != "all" and key[1] != "all"] == []  # never crossed


@pytest.mark.django_db(transaction=True)
def test_the_page_offers_the_newest_files_with_tags_and_nothing_else(client, kocaeli, adana, media, at):
    page = reverse("open_data", args=["kocaeli"])
    assert "İlk dosyalar henüz yazılmadı" in client.get(page).content.decode()
    assert client.get("/api/v1/councils/kocaeli/open-data/").status_code == 404
    write_open_data(at=at)
    text = client.get(page).content.decode()
    assert f'{page}son/proposals.csv"' in text
    assert "Creative Commons" in text
    for table in TABLES:
        assert f'id="{table.name}"' in text
    assert page in client.get(reverse("council_home", args=["kocaeli"])).content.decode()

    got = client.get(f"{page}son/proposals.json")
    assert json.loads(b"".join(got.streaming_content)) == []
    for header, value in (("If-None-Match", got["ETag"]), ("If-Modified-Since", got["Last-Modified"])):
        assert client.get(f"{page}son/proposals.json", headers={header: value}).status_code == 304
    day = f"{timezone.localdate(at):%Y-%m-%d}"
    assert client.get(f"{page}{day}/meydan-kocaeli-{day}.zip").status_code == 200
    for name in ("meydan-adana-x.zip", "proposals.txt", "..", "%2e%2e", ".new", "datapackage.json%00"):
        assert client.get(f"{page}son/{name}").status_code == 404, name
    assert client.get(f"{page}2000-01-01/proposals.csv").status_code == 404
    answer = client.get("/api/v1/councils/kocaeli/open-data/").json()
    assert (answer["version"], len(answer["resources"])) == (day, 2 * len(TABLES))


@pytest.mark.django_db(transaction=True)
def test_rows_are_read_a_few_thousand_at_a_time(kocaeli, media, at):
    """Tables of any length are read through cursors of the database, never as a whole."""
    f.ProposalFactory(council=kocaeli)
    statements = []

    def note(execute, sql, params, many, context):
        statements.append((sql, context["cursor"].__class__.__name__, getattr(context["cursor"].cursor, "name", None)))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        write_open_data(at=at)
    long = [name for sql, _kind, name in statements if 'FROM "proposals_proposal"' in sql or "stagechange" in sql]
    assert long
    assert all(long)
