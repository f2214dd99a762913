"""What a request is about: chosen, found by the published rule, corrected by hand, suggested by what was learned."""

from __future__ import annotations

import csv
import json
import math
import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from people.verdicts import Refused
from servicerequests import actions
from servicerequests.matter_model import MatterModel, read_model
from servicerequests.matter_presets import LABELS, MATTERS
from servicerequests.matter_words import by_rule, read_words, terms
from servicerequests.models import Matter, MatterChange
from servicerequests.suggesting import suggest
from servicerequests.training import TooFew, train
from tests import factories as f

RULE = [(slug, read_words(words)) for slug, _name, _english, words in MATTERS]
DATA = Path(os.environ.get("MEYDAN_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
TEXTS = DATA / "requests" / "municipal_texts.csv"
INVENTED = {
    "su-kanalizasyon": [
        "Sokakta su kesik, sayaç da bozuk",
        "Rögar taştı, kanalizasyon kokuyor",
        "Faturada kaçak su yazıyor",
    ],
    "veteriner": [
        "Parkta yaralı köpek var",
        "Sahipsiz kediler için kısırlaştırma",
        "Barınaktan köpek sahiplenmek istiyorum",
    ],
}


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Üç gündür SULAR akmıyor, fatura da geldi", "su-kanalizasyon"),
        ("ÇÖPLER toplanmıyor", "temizlik"),
        ("Otobüs durağı kalktı, durakta köpek var", "ulasim"),
        ("İyi günler dilerim", ""),
        ("", ""),
        ("\x00" * 50, ""),
    ],
)
def test_the_rule_takes_the_matter_with_most_of_its_words(text, slug):
    assert by_rule(RULE, text) == slug


def test_words_are_read_as_they_are_typed():
    assert read_words("Çöp*, konteyner;pis\n çöp* , , İlaçla*") == ["cop*", "konteyner", "pis", "ilacla*"]
    assert terms("Sular kesildi, SULAR") == ["sular", "kesil", "sular", "sular kesil", "kesil sular"]


def learned() -> MatterModel:
    pairs = [(text + f" {n}", slug) for slug, texts in INVENTED.items() for text in texts for n in range(5)]
    pairs += [(f"Otobüs durağı {n} numaralı hat", "ulasim") for n in range(12)] + [("Bir kez", "zabita")]
    return train([text for text, _slug in pairs], [slug for _text, slug in pairs])


def test_what_was_learned_says_the_same_without_the_library(tmp_path):
    """The weights are added up as scikit-learn adds them, and outlive the file."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    model = learned()
    assert model.tried["texts"] == 42
    assert model.tried["left_out"] == ["zabita"]
    assert model.tried["accuracy"] == 1.0
    (tmp_path / "m.json").write_text(model.written(), encoding="utf-8")
    kept = read_model(tmp_path / "m.json")
    pairs = [(text + f" {n}", slug) for slug, texts in INVENTED.items() for text in texts for n in range(5)]
    pairs += [(f"Otobüs durağı {n} numaralı hat", "ulasim") for n in range(12)]
    vectors = TfidfVectorizer(analyzer=terms, sublinear_tf=True, min_df=2)
    regression = LogisticRegression(C=4.0, max_iter=2_000, class_weight="balanced")
    regression.fit(vectors.fit_transform([text for text, _slug in pairs]), [slug for _text, slug in pairs])
    for text in ("Köpek sayaca işedi, su kesik", "köpek köpek KÖPEK durak"):
        theirs = dict(zip(regression.classes_, regression.predict_proba(vectors.transform([text]))[0], strict=True))
        ours = dict(kept.likely(text))
        assert math.isclose(sum(ours.values()), 1)
        assert all(math.isclose(ours[slug], share, abs_tol=1e-3) for slug, share in theirs.items())
    assert kept.likely("zzz qqq") == []


def test_nothing_is_learned_from_too_few_texts():
    with pytest.raises(TooFew):
        train(["bir", "iki"], ["a", "b"])


def test_two_matters_share_the_weights_that_are_kept_for_one():
    model = train(["köpek var"] * 12 + ["su kesik"] * 12, ["veteriner"] * 12 + ["su-kanalizasyon"] * 12)
    assert model.likely("köpek")[0][0] == "veteriner"
    assert model.likely("su yok, su kesik")[0][0] == "su-kanalizasyon"


@pytest.mark.skipif(not TEXTS.is_file(), reason="the municipal texts are not on this machine")
def test_real_complaints_are_mostly_sorted_as_people_sorted_them(tmp_path, settings):
    with TEXTS.open(encoding="utf-8", newline="") as file:
        sorted_by_people = list(csv.DictReader(file))
    assert len(sorted_by_people) > 2_000
    rows = [(LABELS[int(row["label"])], row["text"]) for row in sorted_by_people[::4]]  # all of them: docs/matters.md
    right = sum((by_rule(RULE, text) or "diger") == slug for slug, text in rows)
    assert right / len(rows) > 0.7
    settings.MATTER_MODEL = str(tmp_path / "matters.json")
    said = StringIO()
    with (tmp_path / "some.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("label", "text"), *rows])
    call_command("train_matters", data=tmp_path / "some.csv", stdout=said)
    tried = json.loads(said.getvalue())
    assert tried["accuracy"] > 0.75
    assert tried["macro_f1"] > 0.65
    assert read_model(tmp_path / "matters.json").likely("sokakta köpek var, ısırıyor")[0][0] == "veteriner"


@pytest.mark.parametrize(
    ("content", "wrong"),
    [("a,b\n1,2", "label"), ("label,text\n99,metin", "99"), ("label,text\n0,su", "onar")],
)
def test_a_file_that_teaches_nothing_is_refused_with_a_sentence(tmp_path, content, wrong):
    (tmp_path / "x.csv").write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match=wrong):
        call_command("train_matters", data=tmp_path / "x.csv")


@pytest.mark.django_db
def test_a_request_is_sorted_by_choice_else_by_the_rule_and_corrected_by_hand(kocaeli, ayse, selin, mehmet):
    asked = f.request_of(ayse, kocaeli, text="Merkezin önündeki çöpler üç gündür toplanmıyor.")
    assert (asked.matter.slug, asked.matter_by) == ("temizlik", "rule")
    parks = Matter.objects.get(council=kocaeli, slug="park-bahceler")
    chosen = f.request_of(ayse, kocaeli, text="Merkezin önündeki çöpler.", matter=parks)
    assert (chosen.matter, chosen.matter_by) == (parks, "applicant")
    at = timezone.now()
    for _ in range(2):
        asked = actions.set_matter(actor=selin, request=asked, matter=parks, at=at)
    assert (asked.matter, asked.matter_by) == (parks, "desk")
    change = MatterChange.objects.get()
    assert (change.old.slug, change.new, change.was_by, change.actor) == ("temizlik", parks, "rule", selin)
    with pytest.raises(Refused):
        actions.set_matter(actor=mehmet, request=asked, matter=None, at=at)


@pytest.mark.django_db
def test_a_matter_of_another_council_is_none(kocaeli, adana, ayse, selin):
    actions.start_desk(council=adana, at=timezone.now())
    theirs = Matter.objects.get(council=adana, slug="ulasim")
    asked = f.request_of(ayse, kocaeli)
    with pytest.raises(ValidationError):
        actions.set_matter(actor=selin, request=asked, matter=theirs, at=timezone.now())
    with pytest.raises(ValidationError):
        f.request_of(ayse, kocaeli, matter=theirs)


@pytest.mark.django_db
def test_the_rule_is_public_and_the_desk_changes_its_words(client, kocaeli, ayse, selin, settings, tmp_path):
    settings.MATTER_MODEL = str(tmp_path / "none.json")
    actions.start_desk(council=kocaeli, at=timezone.now())
    address = reverse("request_matters", args=[kocaeli.slug])
    page = client.get(address, {"metin": "Sokakta sahipsiz köpek var"}).content.decode()
    assert "kopek*" in page
    assert "Veteriner işleri</b>" in page
    hint = client.get(reverse("request_matter_hint", args=[kocaeli.slug]), {"subject": "Sokakta sahipsiz köpek var"})
    assert 'data-matter="veteriner"' in hint.content.decode()
    edit = reverse("request_matter_edit", args=[kocaeli.slug, "veteriner"])
    client.force_login(ayse)
    assert client.get(edit).status_code == 403
    client.force_login(selin)
    sent = {"name": "Hayvanlar", "name_en": "Animals", "words": "Papağan*", "is_active": "on"}
    assert client.post(edit, sent | {"name": "H"}).status_code == 422
    assert client.post(edit, sent).status_code == 302
    assert Matter.objects.get(council=kocaeli, slug="veteriner").words == ["papagan*"]
    assert [each.matter.name for each in suggest(kocaeli, "Parktaki papağan kaçtı")] == ["Parklar ve bahçeler"]
    assert client.post(reverse("request_matter_add", args=[kocaeli.slug]), sent).status_code == 302
    assert client.post(reverse("request_matter_add", args=[kocaeli.slug]), sent).status_code == 422


@pytest.mark.django_db
def test_the_model_of_the_installation_suggests_where_it_is_sure(kocaeli, settings, tmp_path):
    actions.start_desk(council=kocaeli, at=timezone.now())
    settings.MATTER_MODEL = str(tmp_path / "m.json")
    assert suggest(kocaeli, "köpek sahiplenmek istiyorum")[0].likelihood is None
    (tmp_path / "m.json").write_text(learned().written(), encoding="utf-8")
    found = suggest(kocaeli, "Barınaktan köpek sahiplenmek istiyorum")
    assert found[0].matter.slug == "veteriner"
    assert found[0].likelihood > 0.5
    (tmp_path / "m.json").write_text("{", encoding="utf-8")
    assert suggest(kocaeli, "Barınaktan köpek sahiplenmek istiyorum")[0].likelihood is None
    assert suggest(kocaeli, "köpek") == []
