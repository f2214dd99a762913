"""The sealed log for everybody: pages, JSON, feed and API; and the check of a proof."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from journal import actions, merkle, proofs, sealing, verifying
from journal.models import Audience, Entry, Head, Leaf

pytestmark = pytest.mark.django_db


def write(person, audience=Audience.PUBLIC):
    with transaction.atomic():
        return actions.record(
            "proposals.submitted", actor=person, subject=person, topic="a:1", at=timezone.now(), audience=audience
        )


@pytest.fixture
def heads(ayse):
    """Three heads over one, two and three entries; the last one is not for everybody."""
    for audience in (Audience.PUBLIC, Audience.PUBLIC, Audience.STAFF):
        write(ayse, audience)
        sealing.seal()
    return list(Head.objects.order_by("number"))


def main(response) -> str:
    return " ".join(response.content.decode().partition("<main")[2].partition("</main>")[0].split())


def test_the_list_shows_heads_newest_first_and_every_page_leads_to_it(client, heads):
    shown = main(client.get(reverse("seal_list")))
    places = [shown.index(reverse("seal_detail", args=[number])) for number in (3, 2, 1)]
    assert places == sorted(places)
    assert f'href="{reverse("seal_list")}"' in client.get(reverse("home")).content.decode()


def test_without_heads_the_list_says_so(client):
    assert "Henüz mühür yok" in main(client.get(reverse("seal_list")))


def test_a_head_shows_its_whole_hashes(client, heads):
    shown = main(client.get(reverse("seal_detail", args=[2])))
    for value in (heads[1].root, heads[1].hash, heads[0].hash):
        assert bytes(value).hex() in shown
    assert "1 yeni kaydı ve ondan öncekilerle birlikte toplam 2 kaydı kapsar" in shown
    assert client.get(reverse("seal_detail", args=[4])).status_code == 404
    assert client.get("/muhur/99999999999999999999/").status_code == 404


def test_the_file_of_heads_is_what_the_verification_reads(client, heads, tmp_path):
    file = tmp_path / "heads.json"
    file.write_bytes(client.get(reverse("seal_file")).content)
    assert [head.hash for head in verifying.read_kept(file)] == [bytes(head.hash) for head in heads]
    assert list(verifying.problems(kept=verifying.read_kept(file))) == []
    later = client.get(reverse("seal_file"), {"sonra": "2"}).json()
    assert ([head["number"] for head in later["heads"]], later["next"]) == ([3], None)
    assert client.get(reverse("seal_file"), {"sonra": "x"}).status_code == 404


def test_the_file_goes_on_where_it_ends(client, heads, monkeypatch):
    monkeypatch.setattr("participation.seal_views.FILE_SIZE", 2)
    assert client.get(reverse("seal_file")).json()["next"].endswith("/muhur/muhurler.json?sonra=2")


def test_the_feed_carries_the_hash_of_every_head(client, heads):
    feed = ET.fromstring(client.get(reverse("seal_feed")).content)
    atom = "{http://www.w3.org/2005/Atom}"
    entries = feed.findall(f"{atom}entry")
    assert [entry.find(f"{atom}id").text.rpartition("-")[2] for entry in entries] == ["3", "2", "1"]
    for entry, head in zip(entries, reversed(heads), strict=True):
        assert bytes(head.hash).hex() in entry.find(f"{atom}summary").text


@pytest.fixture
def proof(heads):
    return json.dumps(proofs.inclusion_document(Leaf.objects.get(index=0), with_content=True), indent=1)


@pytest.mark.parametrize("as_file", [False, True], ids=["pasted", "uploaded"])
def test_a_proof_is_checked_pasted_or_uploaded(client, proof, as_file):
    given = {"file": SimpleUploadedFile("kanit.json", proof.encode())} if as_file else {"proof": proof}
    shown = main(client.post(reverse("proof_check"), given))
    assert "Kanıt doğru: kayıt, 1 numaralı mührün altında günlükte duruyor." in shown
    broken = proof.replace('"index": 0', '"index": 1')
    given = {"file": SimpleUploadedFile("kanit.json", broken.encode())} if as_file else {"proof": broken}
    answer = client.post(reverse("proof_check"), given)
    assert answer.status_code == 200
    assert "Kanıt tutmuyor" in main(answer)


@pytest.mark.parametrize(
    ("given", "status", "sentence"),
    [
        ({}, 422, "Kanıt dosyasını seçin ya da içini yapıştırın."),
        ({"proof": "x" * 300_000}, 422, "200000"),
        ({"proof": "merhaba"}, 200, "Bu bir kanıt dosyası değil."),
        ({"file": SimpleUploadedFile("kanit.json", b"\xff\xfe\x00")}, 200, "Bu bir kanıt dosyası değil."),
        ({"file": SimpleUploadedFile("kanit.json", b"x" * 300_000)}, 422, "çok büyük|kadar büyük"),
    ],
    ids=["nothing", "too long", "no proof", "no text", "too large"],
)
def test_what_is_no_proof_is_told_as_that(client, given, status, sentence):
    answer = client.post(reverse("proof_check"), given)
    assert answer.status_code == status
    assert any(words in main(answer) for words in sentence.split("|"))


# --- API --------------------------------------------------------------------------------------------------------------
def test_the_api_lists_heads_and_shows_one(client, heads):
    found = client.get(reverse("api-seals")).json()["results"]
    assert found == [proofs.head_document(head) for head in reversed(heads)]
    assert client.get(reverse("api-seal", args=[2])).json() == found[1]
    assert client.get(reverse("api-seal", args=[9])).status_code == 404


def test_the_api_proves_that_the_log_only_grew(client, heads):
    for params, old in (({}, 2), ({"since": "1"}, 1), ({"since": "3"}, 3)):
        grown = client.get(reverse("api-seal-growth", args=[3]), params).json()
        assert grown["old"]["number"] == old
        path = [bytes.fromhex(one) for one in grown["path"]]
        roots = [bytes.fromhex(grown[name]["root"]) for name in ("old", "new")]
        assert merkle.is_consistent(grown["old"]["size"], grown["new"]["size"], *roots, path)
    assert client.get(reverse("api-seal-growth", args=[2]), {"since": "3"}).status_code == 400
    assert client.get(reverse("api-seal-growth", args=[2]), {"since": "x"}).status_code == 400
    assert client.get(reverse("api-seal-growth", args=[1])).status_code == 404


def test_the_api_proves_public_entries_and_no_others(client, heads, ayse):
    first, _second, hidden = Entry.objects.order_by("pk")
    proof = client.get(reverse("api-entry-proof", args=[first.pk])).content.decode()
    assert proofs.check(proof).is_good
    assert client.get(reverse("api-entry-proof", args=[hidden.pk])).status_code == 404
    waiting = write(ayse)
    assert client.get(reverse("api-entry-proof", args=[waiting.pk])).status_code == 404
