"""Receipts: what a voter keeps, what others see with the code, and the proof checked with and without the site."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from ballots import actions
from ballots.models import VoteRecord
from ballots.papers import in_words
from ballots.receipts import read_code, spelled
from journal import sealing
from journal.models import Leaf, Queued
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
SCRIPT = Path(__file__).resolve().parents[2] / "static" / "kanit.py"


@pytest.fixture
def voter(electors):
    return electors[0]


@pytest.fixture
def voted(opened, voter):
    """A ballot in which the voter said yes and then no."""
    ballot = opened()
    for paper in ("yes", "no"):
        actions.cast_vote(actor=voter, ballot=ballot, paper=paper)
    return ballot


@pytest.fixture
def records(voted, voter):
    return list(VoteRecord.objects.filter(ballot=voted, person=voter).order_by("times"))


def look_up(client, code, name="receipt_lookup"):
    return client.post(reverse(name), {"code": code})


def text(response) -> str:
    return " ".join(response.content.decode().partition("<main")[2].partition("</main>")[0].split())


# --- Codes ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "typed",
    ["7K3M9QXT2B4D1HJ", "7K3M9-QXT2B-4D1HJ", " 7k3m9 qxt2b 4dihj ", "7K3M9–QXT2B–4DLHJ", "7k3m9-qxt2b-4dıhj", "7k3m9qxt2b4dİhj"],
)  # fmt: skip
def test_a_code_is_read_however_it_is_typed(typed):
    assert read_code(typed) == "7K3M9QXT2B4D1HJ"
    assert spelled(read_code(typed)) == "7K3M9-QXT2B-4D1HJ"


@pytest.mark.parametrize("typed", ["", "7K3M9", "x" * 10_000, "şşşşşşşşşşşşşşş", "\0" * 15])
def test_what_cannot_be_a_code_is_none(typed):
    assert read_code(typed) == ""


# --- The voter --------------------------------------------------------------------------------------------------------
def test_the_box_leads_to_the_receipt_and_only_after_voting(client, opened, voter):
    ballot = opened()
    client.force_login(voter)
    link = reverse("ballot_receipt", args=[ballot.pk])
    assert link not in client.get(reverse("ballot_detail", args=[ballot.pk])).content.decode()
    assert client.get(link).status_code == 404
    answer = client.post(reverse("ballot_vote", args=[ballot.pk]), {"choice": "yes"}, headers={"HX-Request": "true"})
    assert link in answer.content.decode()


def test_a_voter_sees_the_code_the_paper_and_what_was_replaced(client, voted, voter, records):
    client.force_login(voter)
    page = client.get(reverse("ballot_receipt", args=[voted.pk]))
    shown = text(page)
    assert page["Cache-Control"].startswith("max-age=0")
    assert f'<p class="receipt-number num">{spelled(records[1].receipt)}</p>' in shown
    assert shown.index(spelled(records[1].receipt)) < shown.index(spelled(records[0].receipt))
    assert "<dd>Ret</dd>" in shown
    assert "Henüz mühürlenmedi; en geç" in shown
    assert ".json" not in shown.partition("Yerine yenisi verilen")[0]


def test_a_sealed_receipt_names_its_head_and_gives_its_proof(client, voted, voter, records):
    sealing.seal()
    client.force_login(voter)
    shown = text(client.get(reverse("ballot_receipt", args=[voted.pk])))
    assert "1 numaralı mührün altında" in shown
    assert "Kanıt doğru" in shown
    for record in records:
        file = client.get(reverse("ballot_receipt_proof", args=[voted.pk, record.times]))
        assert file["Content-Disposition"] == f'attachment; filename="meydan-kanit-{spelled(record.receipt)}.json"'
        content = json.loads(file.json()["content"])
        assert (content["row"]["paper"], content["row"]["receipt"]) == (record.paper, record.receipt)
    assert client.get(reverse("ballot_receipt_proof", args=[voted.pk, 9])).status_code == 404


def test_there_is_no_proof_before_the_seal(client, voted, voter):
    client.force_login(voter)
    assert client.get(reverse("ballot_receipt_proof", args=[voted.pk, 1])).status_code == 404


def test_other_people_do_not_reach_the_page_of_a_receipt(client, voted, electors):
    sealing.seal()
    for name, args in (("ballot_receipt", [voted.pk]), ("ballot_receipt_proof", [voted.pk, 1])):
        assert client.get(reverse(name, args=args)).status_code == 302
        client.force_login(electors[1])
        assert client.get(reverse(name, args=args)).status_code == 404
        client.logout()


def test_the_own_page_lists_what_one_voted_in(client, voted, voter):
    client.force_login(voter)
    assert reverse("ballot_receipt", args=[voted.pk]) in client.get(reverse("me")).content.decode()
    client.force_login(PersonFactory())
    assert "Oy makbuzlarım" not in client.get(reverse("me")).content.decode()


def test_a_receipt_says_that_it_was_counted(client, voted, voter, owner):
    actions.close_ballot_now(actor=owner.manager, ballot=voted, reason="Herkes oyunu verdi.")
    client.force_login(voter)
    assert "Sayıldı" in text(client.get(reverse("ballot_receipt", args=[voted.pk])))


def test_a_receipt_of_an_election_names_the_options(client, opened, voter):
    ballot = opened(method="schulze", options=["Ayşe", "Mehmet", "Elif"], allows_blank=True)
    client.force_login(voter)
    for paper, words in (("2>1=3", "1. Mehmet · 2. Ayşe = Elif"), ("blank", "Boş")):
        actions.cast_vote(actor=voter, ballot=ballot, paper=paper)
        assert f"<dd>{words}</dd>" in text(client.get(reverse("ballot_receipt", args=[ballot.pk])))


@pytest.mark.parametrize(
    ("method", "paper", "words"),
    [
        ("yes_no", "no", "Ret"),
        ("single", "2", "Mehmet"),
        ("single", "abstain", "Çekimser"),
        ("approval", "1,3", "Ayşe, Elif"),
        ("score", "1:5,2:0,3:4", "Ayşe: 5, Mehmet: 0, Elif: 4"),
        ("irv", "3>1", "1. Elif · 2. Ayşe"),
    ],
)
def test_papers_are_told_in_words(method, paper, words):
    assert in_words(method, paper, {1: "Ayşe", 2: "Mehmet", 3: "Elif"}) == words


# --- Somebody with a code ---------------------------------------------------------------------------------------------
def test_a_stranger_with_the_code_sees_that_it_counts_and_not_what_was_voted(client, voted, records):
    sealing.seal()
    answer = look_up(client, spelled(records[1].receipt))
    shown = text(answer)
    assert answer.status_code == 200
    assert (voted.question in shown, "Geçerli" in shown, "1 numaralı mührün altında" in shown) == (True, True, True)
    assert "Kanıt doğru" in shown
    for secret in ("Ret", "Kabul", records[1].person.display_name):
        assert secret not in shown
    file = look_up(client, records[1].receipt, "receipt_proof").json()
    assert "content" not in file
    assert records[1].receipt not in json.dumps(file)


def test_a_stranger_sees_that_a_vote_was_replaced(client, records):
    shown = text(look_up(client, records[0].receipt.lower()))
    assert "Yerine yenisi verildi" in shown
    assert "Geçerli" not in shown


def test_the_owner_and_readers_of_the_roll_call_see_the_paper_by_code(client, records, voter, electors):
    sealing.seal()
    for person in (voter, electors[1]):
        client.force_login(person)
        assert "<dd>Ret</dd>" in text(look_up(client, records[1].receipt))
        assert "content" in look_up(client, records[1].receipt, "receipt_proof").json()


def test_results_that_are_hidden_hide_the_paper_from_all_but_its_owner(client, opened, electors):
    ballot = opened(visibility="after_closing")
    actions.cast_vote(actor=electors[0], ballot=ballot, paper="no")
    code = VoteRecord.objects.get(ballot=ballot).receipt
    client.force_login(electors[1])
    assert "Ret" not in text(look_up(client, code))
    client.force_login(electors[0])
    assert "<dd>Ret</dd>" in text(look_up(client, code))


def test_a_ballot_one_may_not_read_has_no_receipts_but_ones_own(client, records, owner, voter):
    owner.readable = False
    unknown = look_up(client, "0" * 15)
    answer = look_up(client, records[1].receipt)
    assert (answer.status_code, unknown.status_code) == (404, 404)
    assert "bir makbuz yok" in text(answer)
    assert look_up(client, records[1].receipt, "receipt_proof").status_code == 404
    client.force_login(voter)
    assert look_up(client, records[1].receipt).status_code == 200


def test_a_code_stands_in_no_address(client, records):
    assert "Makbuz kodu" in text(client.get(reverse("receipt_lookup"), {"code": records[1].receipt}))
    assert spelled(records[1].receipt) not in text(client.get(reverse("receipt_lookup"), {"code": records[1].receipt}))


def test_a_record_that_was_altered_is_told_to_its_holder(client, records, voter, unguarded):
    sealing.seal()
    with unguarded("ballots_voterecord"):
        VoteRecord.objects.filter(pk=records[1].pk).update(paper="yes")
    client.force_login(voter)
    assert "Kanıt tutmuyor" in text(look_up(client, records[1].receipt))
    client.logout()
    assert "Kanıt tutmuyor" in text(look_up(client, records[1].receipt))


def test_a_record_outside_the_log_is_told_to_its_holder(client, records):
    Queued.objects.all().delete()
    assert "Bu makbuzun kaydı günlükte yok" in text(look_up(client, records[1].receipt))


def test_a_look_up_takes_few_queries(client, records, django_assert_max_num_queries):
    sealing.seal()
    with django_assert_max_num_queries(14):
        look_up(client, records[1].receipt)


# --- Checking without the site ----------------------------------------------------------------------------------------
@pytest.fixture
def files(client, voted, voter, tmp_path):
    """The proof and the published heads as files."""
    sealing.seal()
    client.force_login(voter)
    proof, heads = tmp_path / "proof.json", tmp_path / "heads.json"
    proof.write_bytes(client.get(reverse("ballot_receipt_proof", args=[voted.pk, 2])).content)
    heads.write_bytes(client.get(reverse("seal_file")).content)
    return proof, heads


def check(*files: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", str(SCRIPT), *map(str, files)], capture_output=True, text=True, check=False, timeout=60
    )


def test_the_published_script_checks_a_proof_and_a_kept_head(files, records):
    done = check(*files)
    assert done.returncode == 0, done.stderr
    assert "The proof holds. Head 1" in done.stdout
    assert records[1].receipt in done.stdout


def test_the_published_script_finds_a_changed_content_and_a_head_nobody_kept(files):
    proof, heads = files
    whole = proof.read_text()
    proof.write_text(whole.replace('\\"paper\\":\\"no\\"', '\\"paper\\":\\"yes\\"'))
    assert "not what was sealed" in check(proof).stderr
    proof.write_text(whole)
    heads.write_text('{"heads": []}')
    assert "not among those that were kept" in check(proof, heads).stderr


def test_the_script_stands_in_the_documentation():
    docs = SCRIPT.parents[1] / "docs" / "sealed-log.md"
    assert SCRIPT.read_text() in docs.read_text()
    assert len(SCRIPT.read_text().splitlines()) <= 45


# --- API --------------------------------------------------------------------------------------------------------------
def test_the_api_lists_ones_own_receipts(client, records, voter, electors):
    assert client.get(reverse("api-receipts")).status_code == 401
    client.force_login(voter)
    found = client.get(reverse("api-receipts")).json()["results"]
    assert [(row["code"], row["paper"], row["times"]) for row in found] == [
        (spelled(record.receipt), record.paper, record.times) for record in reversed(records)
    ]
    client.force_login(electors[1])
    assert client.get(reverse("api-receipts")).json()["results"] == []


def test_the_api_says_of_a_code_what_the_page_says(client, records, voter, owner):
    address = reverse("api-receipt", args=[spelled(records[1].receipt)])
    proof = reverse("api-receipt-proof", args=[spelled(records[1].receipt)])
    waiting = client.get(address).json()
    assert (waiting["paper"], waiting["seal"], waiting["replaced_at"]) == (None, None, None)
    assert waiting["sealed_by"] is not None
    assert client.get(proof).status_code == 404
    sealing.seal()
    sealed = client.get(address).json()
    assert (sealed["seal"]["number"], sealed["sealed_by"]) == (1, None)
    assert "content" not in client.get(proof).json()
    client.force_login(voter)
    assert client.get(address).json()["paper"] == "no"
    assert "content" in client.get(proof).json()
    client.logout()
    owner.readable = False
    assert client.get(address).status_code == 404
    assert client.get(reverse("api-receipt", args=["0" * 15])).status_code == 404


def test_a_receipt_is_urgent_for_nobody_before_the_result(voted):
    assert not Queued.objects.filter(is_urgent=True).exists()
    assert Leaf.objects.count() == 0
    assert timezone.now() < Queued.objects.latest("pk").since + sealing.EVERY
