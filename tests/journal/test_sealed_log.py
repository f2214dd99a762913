"""The sealed log: what is committed is sealed in order, and whatever is done to it afterwards is found."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone

from journal import merkle, proofs, sealing, tasks, verifying
from journal.models import Entry, Head, Leaf, Node, Queued
from people.actions import close_account
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sealed(write):
    """Ten entries under two heads, six and four."""
    first = write(6, topic="a:1")
    sealing.seal()
    second = write(4, topic="b:1")
    sealing.seal()
    return [*first, *second]


# --- Sealing ----------------------------------------------------------------------------------------------------------
def test_every_entry_waits_and_becomes_a_leaf_in_the_order_of_writing(write, found):
    entries = write(3)
    assert list(Queued.objects.order_by("pk").values_list("source", "row_id", "is_urgent")) == [
        ("journal.entry", entry.pk, False) for entry in entries
    ]
    [head] = sealing.seal()
    assert (head.number, head.size, bytes(head.previous)) == (1, 3, sealing.NO_HEAD)
    assert list(Leaf.objects.order_by("index").values_list("index", "source", "row_id")) == [
        (index, "journal.entry", entry.pk) for index, entry in enumerate(entries)
    ]
    leaves = [bytes(leaf.hash) for leaf in Leaf.objects.order_by("index")]
    assert bytes(head.root) == merkle.root_of(leaves)
    assert (Queued.objects.count(), found()) == (0, "")


def test_a_head_covers_the_one_before(sealed, found):
    first, second = Head.objects.order_by("number")
    assert bytes(second.previous) == bytes(first.hash)
    assert (first.size, second.size) == (6, 10)
    document = proofs.consistency_document(first, second)
    path = [bytes.fromhex(one) for one in document["path"]]
    assert merkle.is_consistent(6, 10, bytes(first.root), bytes(second.root), path)
    assert found() == ""


def test_nothing_new_makes_no_head(sealed):
    assert sealing.seal() == []
    assert Head.objects.count() == 2


def test_a_row_that_waits_twice_becomes_one_leaf(write, found):
    [entry] = write()
    Queued.objects.create(source="journal.entry", row_id=entry.pk)
    sealing.seal()
    Queued.objects.create(source="journal.entry", row_id=entry.pk)
    assert sealing.seal() == []
    assert (Leaf.objects.count(), Queued.objects.count(), found()) == (1, 0, "")


def test_more_than_one_batch_becomes_several_heads_in_one_run(write, found, monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 4)
    write(10)
    assert [head.size for head in sealing.seal()] == [4, 8, 10]
    assert found() == ""


def test_a_long_log_keeps_nodes_and_proves_every_leaf(write, found):
    write(600)
    [head] = sealing.seal()
    assert list(Node.objects.order_by("index").values_list("level", "index")) == [(8, 0), (8, 1)]
    for leaf in Leaf.objects.filter(index__in=[0, 1, 255, 256, 511, 512, 599]):
        document = proofs.inclusion_document(leaf, with_content=True)
        assert proofs.check(json.dumps(document)).is_good, leaf.index
    write(1)
    [later] = sealing.seal()
    path = [bytes.fromhex(one) for one in proofs.consistency_document(head, later)["path"]]
    assert merkle.is_consistent(600, 601, bytes(head.root), bytes(later.root), path)
    assert found() == ""


def test_it_is_due_after_an_hour_or_when_something_is_urgent(write):
    write()
    assert (sealing.is_due(), tasks.seal_when_due()) == (False, 0)
    Queued.objects.update(since=timezone.now() - timedelta(minutes=61))
    assert (sealing.is_due(), tasks.seal_when_due(), sealing.is_due()) == (True, 1, False)
    write()
    Queued.objects.update(is_urgent=True)
    assert tasks.seal_when_due() == 1


@pytest.mark.django_db(transaction=True)
def test_several_sealers_and_writers_at_once_make_one_unbroken_log(write, found):
    def work(turn):
        try:
            return len(sealing.seal()) if turn % 2 else len(write(5, topic=f"t:{turn}"))
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(24)))
    sealing.seal()
    assert sorted(Leaf.objects.values_list("row_id", flat=True)) == sorted(Entry.objects.values_list("pk", flat=True))
    assert (Leaf.objects.count(), Queued.objects.count(), found()) == (60, 0, "")


@pytest.mark.django_db(transaction=True)
def test_what_is_not_committed_is_not_sealed(write):
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        write(2)

        def seal_elsewhere():
            try:
                return sealing.seal()
            finally:
                connection.close()

        assert pool.submit(seal_elsewhere).result(timeout=30) == []
    assert len(sealing.seal()) == 1


def test_entries_of_a_closed_account_still_verify(write, found):
    person = PersonFactory()
    with transaction.atomic():
        close_account(person=person, at=timezone.now())
    write()
    sealing.seal()
    assert found() == ""


# --- Guards of the database -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_leaf SET row_id = row_id + 1000",
        "DELETE FROM journal_leaf",
        "UPDATE journal_head SET size = size + 1",
        "DELETE FROM journal_head",
        "DELETE FROM journal_node",
    ],
)
def test_the_database_refuses_to_change_the_log(write, statement):
    write(256 if "node" in statement else 2)
    sealing.seal()
    with pytest.raises(DatabaseError, match="only added to"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


# --- Manipulation -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "change",
    [
        {"kind": "other"},
        {"actor_id": None},
        {"on_behalf_of_id": 7},
        {"subject_type": "other"},
        {"subject_id": 7},
        {"council_id": 7},
        {"body_id": 7},
        {"topic": "c:1"},
        {"sequence": 77},
        {"audience": "staff"},
        {"facts": {"changed": True}},
        {"at": F("at") + timedelta(microseconds=1)},
        {"recorded_at": F("recorded_at") - timedelta(microseconds=1)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_altering_any_field_of_an_entry_is_found(sealed, unguarded, found, change):
    with unguarded("journal_entry"):
        Entry.objects.filter(pk=sealed[3].pk).update(**change)
    assert found() == f"journal.entry {sealed[3].pk} değiştirilmiş: mühürlendiği içerikte değil (yaprak 3)."


def test_dropping_an_entry_is_found(sealed, unguarded, found):
    with unguarded("journal_entry", "journal_undelivered"):
        sealed[4].delete()
    assert found().startswith("journal.entry")
    assert "silinmiş: mühürlenmişti (yaprak 4)" in found()


def test_dropping_an_entry_that_still_waits_is_found(write, unguarded, found):
    [entry] = write()
    pk = entry.pk
    with unguarded("journal_entry", "journal_undelivered"):
        entry.delete()
    assert sealing.seal() == []
    assert found() == f"journal.entry {pk} mühürlenmeyi beklerken silinmiş."


def test_swapping_two_entries_is_found(sealed, unguarded, found):
    a, b = sealed[1].pk, sealed[2].pk
    with unguarded("journal_entry", "journal_undelivered") as cursor:
        cursor.execute("DELETE FROM journal_undelivered")
        for old, new in ((a, -1), (b, a), (-1, b)):
            Entry.objects.filter(pk=old).update(id=new)
    assert [line.partition(":")[0] for line in found().splitlines()] == [
        f"journal.entry {pk} değiştirilmiş" for pk in (a, b)
    ]


def test_swapping_two_leaves_is_found(sealed, unguarded, found):
    with unguarded("journal_leaf") as cursor:
        cursor.execute(
            "UPDATE journal_leaf AS a SET row_id = -b.row_id, salt = b.salt, hash = b.hash, version = b.version "
            "FROM journal_leaf b WHERE (a.index, b.index) IN ((1, 2), (2, 1))"
        )
        cursor.execute("UPDATE journal_leaf SET row_id = -row_id WHERE row_id < 0")
    assert "Mühür 1, altındaki yapraklarla uyuşmuyor." in found()


def test_adding_an_entry_past_the_triggers_is_found(sealed, unguarded, write, found):
    with unguarded("journal_entry"):
        [entry] = write()
    assert found().startswith(f"journal.entry {entry.pk} ne mühürlü ne kuyrukta")


def test_adding_a_leaf_between_is_found(sealed, unguarded, found, write):
    [entry] = write()
    with unguarded("journal_leaf") as cursor:
        cursor.execute("UPDATE journal_leaf SET index = index + 1000 WHERE index >= 6")
        cursor.execute("UPDATE journal_leaf SET index = index - 999 WHERE index >= 1000")
        Leaf.objects.create(index=6, source="journal.entry", row_id=entry.pk, version=1, salt=b"1" * 16, hash=b"1" * 32)
    assert "Mühür 2, altındaki yapraklarla uyuşmuyor." in found()


def test_dropping_a_leaf_is_found(sealed, unguarded, found):
    with unguarded("journal_leaf"):
        Leaf.objects.filter(index=2).delete()
    assert "Yaprak 2 yok: günlükten 1 yaprak çıkarılmış." in found()


def test_dropping_the_last_leaf_is_found(sealed, unguarded, found):
    with unguarded("journal_leaf"):
        Leaf.objects.filter(index=9).delete()
    assert "Mühür 2, 10 yaprak üzerine vurulmuş; günlükte 9 yaprak var." in found()


def test_dropping_a_head_is_found(sealed, unguarded, found, write):
    write()
    sealing.seal()
    with unguarded("journal_head"):
        Head.objects.filter(number=2).delete()
    assert "Mühür 2 yok." in found()
    assert "Mühür 3, kendinden önceki mühre bağlanmıyor." in found()


def test_dropping_the_last_head_is_found(sealed, unguarded, found):
    with unguarded("journal_head"):
        Head.objects.filter(number=2).delete()
    assert found() == "4 yaprak hiçbir mührün altında değil."


@pytest.mark.parametrize("column", ["root", "previous", "hash", "frontier"])
def test_altering_a_head_is_found(sealed, unguarded, found, column):
    with unguarded("journal_head"):
        Head.objects.filter(number=2).update(**{column: b"x" * 32})
    assert "Mühür 2" in found()


def test_moving_the_moment_of_a_head_is_found(sealed, unguarded, found):
    with unguarded("journal_head"):
        Head.objects.filter(number=2).update(at=F("at") - timedelta(days=1))
    assert "Mühür 2 değiştirilmiş" in found()
    assert "daha eski" in found()


def test_altering_or_dropping_a_node_is_found(write, unguarded, found):
    write(512)
    sealing.seal()
    with unguarded("journal_node"):
        Node.objects.filter(index=0).update(hash=b"x" * 32)
        Node.objects.filter(index=1).delete()
    assert found().splitlines() == [
        "Ara düğüm 8/0 yok ya da değiştirilmiş.",
        "Ara düğüm 8/1 yok ya da değiştirilmiş.",
        "Ara düğümlerin sayısı 1; 2 olmalıydı.",
    ]


def test_cutting_the_tail_is_found_by_the_rows_left_behind(sealed, unguarded, found):
    with unguarded("journal_head", "journal_leaf"):
        Head.objects.filter(number=2).delete()
        Leaf.objects.filter(index__gte=6).delete()
    assert len(found().splitlines()) == 4
    assert found().count("ne mühürlü ne kuyrukta") == 4


def test_cutting_the_tail_with_its_rows_is_found_by_heads_kept_elsewhere(sealed, unguarded, found, tmp_path):
    kept = tmp_path / "heads.jsonl"
    with kept.open("w") as file:
        call_command("export_heads", stdout=file)
    assert found(kept=verifying.read_kept(kept)) == ""
    with unguarded("journal_head", "journal_leaf", "journal_entry", "journal_undelivered"):
        Head.objects.filter(number=2).delete()
        Leaf.objects.filter(index__gte=6).delete()
        Entry.objects.filter(pk__in=[entry.pk for entry in sealed[6:]]).delete()
    assert found() == ""
    assert found(kept=verifying.read_kept(kept)) == (
        "Dışarıda saklanan mühür 2 burada yok, son mühür 1: günlüğün sonu kesilmiş."
    )


def test_a_log_made_anew_is_found_by_heads_kept_elsewhere(sealed, unguarded, found, tmp_path):
    kept = tmp_path / "heads.json"
    kept.write_text(json.dumps({"heads": [proofs.head_document(head) for head in Head.objects.order_by("number")]}))
    with unguarded("journal_head", "journal_leaf", "journal_entry"):
        Entry.objects.filter(pk=sealed[0].pk).update(facts={"forged": True})
        Head.objects.all().delete()
        Leaf.objects.all().delete()
    for entry in sealed:
        Queued.objects.create(source="journal.entry", row_id=entry.pk)
    sealing.seal()
    assert found() == ""
    assert "Mühür 1 dışarıda saklanandan başka: günlük baştan yazılmış." in found(kept=verifying.read_kept(kept))


def test_emptying_the_entries_is_found(sealed, found):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE journal_entry, journal_undelivered")
    assert found().count("silinmiş: mühürlenmişti") == 10


def test_emptying_the_log_is_found(sealed, found):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE journal_leaf, journal_node, journal_head")
    assert found().count("ne mühürlü ne kuyrukta") == 10


def test_taking_a_row_out_of_the_queue_is_found(write, found):
    [entry] = write()
    Queued.objects.all().delete()
    assert found().startswith(f"journal.entry {entry.pk} ne mühürlü ne kuyrukta")


def test_a_queue_that_nobody_seals_is_found(write, found):
    [entry] = write()
    Queued.objects.update(since=timezone.now() - timedelta(hours=1, minutes=59))
    assert found() == ""
    Queued.objects.update(since=timezone.now() - timedelta(hours=2, minutes=1))
    assert found() == (
        f"Kuyrukta iki saatten uzun bekleyen kayıt var, en eskisi journal.entry {entry.pk}. Mühürleme çalışmıyor."
    )


def test_a_trigger_that_is_off_is_found(write, found):
    write()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER journal_entry_is_queued")
    assert found() == "journal_entry tablosunu koruyan journal_entry_is_queued tetikleyicisi yok ya da kapalı."


# --- Commands ---------------------------------------------------------------------------------------------------------
def run(name, *args):
    out, err = StringIO(), StringIO()
    code = 0
    try:
        call_command(name, *args, stdout=out, stderr=err)
    except SystemExit as stop:
        code = stop.code
    return code, out.getvalue(), err.getvalue()


def test_the_commands_seal_verify_and_tell(write, unguarded):
    assert run("seal_log")[1] == "Mühürlenecek kayıt yok.\n"
    [entry, _other] = write(2)
    assert run("seal_log")[1].startswith("Mühür 1: 2 kayıt, özet ")
    assert run("seal_log")[1].startswith("Yeni kayıt yok. Son mühür 1, özet ")
    write(3, topic="later:1")
    told = "Günlük tutuyor: 2 kayıt, 1 mühür; 3 kayıt mühürlenmeyi bekliyor.\n"
    assert run("verify_log") == (0, told, "")
    with unguarded("journal_entry"):
        Entry.objects.filter(pk=entry.pk).update(kind="other")
    code, out, err = run("verify_log")
    assert (code, out, len(err.splitlines())) == (1, "", 2)
    assert err.endswith("Günlük tutmuyor: 2 kayıt ve 1 mühür gözden geçirildi, 1 sorun var.\n")


def test_verification_compares_with_a_file_of_heads(sealed, tmp_path):
    kept = tmp_path / "heads.jsonl"
    kept.write_text(run("export_heads")[1])
    assert len(kept.read_text().splitlines()) == 2
    assert run("verify_log", "--heads", str(kept))[0] == 0
    forged = json.loads(kept.read_text().splitlines()[1]) | {"size": 11}
    kept.write_text(json.dumps([forged]))
    code, _out, err = run("verify_log", "--heads", str(kept))
    assert code == 1
    assert "bozuk" in err
    assert run("export_heads", "--after", "1")[1].count("\n") == 1


@pytest.mark.django_db(transaction=True)
def test_verification_sees_one_moment_and_writers_go_on(write, found):
    write(5)
    sealing.seal()
    run_through = verifying.problems()
    assert list(run_through) == []
    write(1)
    assert found() == ""


# --- Proofs -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def proof(sealed):
    return proofs.inclusion_document(Leaf.objects.get(index=7), with_content=True)


def test_a_proof_is_good_and_shows_the_row(proof, sealed):
    checked = proofs.check(json.dumps(proof))
    assert (checked.is_good, checked.notes) == (True, [])
    assert checked.content["id"] == sealed[7].pk
    assert checked.content["row"]["topic"] == "b:1"


def test_a_proof_without_content_says_so(proof):
    del proof["content"]
    checked = proofs.check(json.dumps(proof))
    assert (checked.is_good, checked.content, len(checked.notes)) == (True, None, 1)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda p: p.update(content=p["content"].replace("b:1", "a:1")), "içeriği"),
        (lambda p: p.update(index=6), "köküne çıkmıyor"),
        (lambda p: p["path"].reverse(), "köküne çıkmıyor"),
        (lambda p: p["path"].pop(), "köküne çıkmıyor"),
        (lambda p: p["head"].update(previous="00" * 32), "kendi içeriğiyle"),
        (lambda p: p["head"].update(at="2020-01-01T00:00:00.000000Z"), "kendi içeriğiyle"),
    ],
)
def test_a_proof_with_anything_changed_fails(proof, change, sentence):
    change(proof)
    checked = proofs.check(json.dumps(proof))
    assert not checked.is_good
    assert sentence in checked.sentence


def test_a_proof_against_another_log_fails(proof, unguarded):
    with unguarded("journal_head"):
        Head.objects.filter(number=2).delete()
    checked = proofs.check(json.dumps(proof))
    assert not checked.is_good
    assert "mührü başka" in checked.sentence


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "[]", "{}", "null", '{"form": "meydan-proof-1"}', "[" * 100_000, '"' + "x" * 300_000 + '"',
        '{"form": "meydan-proof-1", "index": true, "leaf": "", "path": [], "head": {}}',
    ],
    ids=range(9),
)  # fmt: skip
def test_what_is_no_proof_is_told_as_that(db, text):
    checked = proofs.check(text)
    assert not checked.is_good
    assert "kanıt dosyası değil" in checked.sentence
