"""Writing: the wizard, saving while typing, the receipt."""

from __future__ import annotations

import re
import uuid

import pytest

from proposals.models import Proposal
from proposals.stages import Stage
from tests.factories import (
    BodyFactory,
    DistrictFactory,
    OrganisationFactory,
    ProposalFactory,
    RepresentativeFactory,
    ThemeFactory,
)

pytestmark = pytest.mark.django_db
NEW = "/kocaeli/oneriler/yeni/"
STEPS = ["baslik", "metin", "konu", "adres", "ekler", "onizleme"]


@pytest.fixture
def draft(kocaeli, ayse) -> Proposal:
    return ProposalFactory(
        council=kocaeli, author=ayse, stage=Stage.DRAFT, title="", summary="", text="", theme=None, addressed_to=None
    )


@pytest.fixture
def complete(kocaeli, ayse) -> Proposal:
    return ProposalFactory(council=kocaeli, author=ayse, stage=Stage.DRAFT)


def step(draft: Proposal, word: str) -> str:
    return f"/kocaeli/oneriler/taslak/{draft.key}/{word}/"


def seen_of(client, address: str) -> str:
    return re.search(r'name="seen" value="([0-9a-f]+)"', client.get(address).content.decode())[1]


def autosave(client, address: str, data: dict):
    return client.post(address, data, headers={"X-Requested-With": "autosave"})


# --- Beginning --------------------------------------------------------------------------------------
def test_a_visitor_is_sent_to_log_in_and_comes_back(client, kocaeli):
    response = client.get(NEW)
    assert response.status_code == 302
    assert response["Location"].endswith("?next=/kocaeli/oneriler/yeni/")


def test_reading_the_first_page_begins_nothing_and_pressing_twice_begins_one_draft(client, kocaeli, ayse):
    client.force_login(ayse)
    assert client.get(NEW).status_code == 200
    assert not Proposal.objects.exists()
    addresses = {client.post(NEW)["Location"] for _ in range(2)}
    draft = Proposal.objects.get()
    assert addresses == {step(draft, "baslik")}


def test_the_twenty_first_draft_is_refused_with_a_sentence(client, kocaeli, ayse):
    ProposalFactory.create_batch(20, council=kocaeli, author=ayse, stage=Stage.DRAFT)
    client.force_login(ayse)
    response = client.post(NEW)
    assert response.status_code == 403
    assert "Bekleyen taslaklarınız çok" in response.content.decode()


def test_drafts_wait_on_the_first_page_for_their_author_alone(client, kocaeli, ayse, mehmet):
    ProposalFactory(council=kocaeli, author=ayse, stage=Stage.DRAFT, title="Ayşe’nin taslağı")
    for person, found in ((ayse, True), (mehmet, False)):
        client.force_login(person)
        assert ("Ayşe’nin taslağı" in client.get(NEW).content.decode()) is found


# --- Whose draft --------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["mehmet", "hakan", "derya", "selin", "superuser", "outsider"])
@pytest.mark.parametrize("word", [*STEPS, "", "sil"])
def test_a_draft_is_found_by_its_author_alone(client, request, complete, who, word):
    client.force_login(request.getfixturevalue(who))
    address = f"/kocaeli/oneriler/taslak/{complete.key}/{word}/".replace("//", "/")
    assert client.get(address).status_code == 404
    if word:
        posted = client.post(address, {"title": "Ele geçirildi", "do": "submit"})
        assert posted.status_code in ({302} if word == "sil" else {404})
    complete.refresh_from_db()
    assert complete.stage == Stage.DRAFT


def test_a_draft_of_one_council_is_not_found_in_another(client, adana, complete):
    client.force_login(complete.author)
    assert client.get(f"/adana/oneriler/taslak/{complete.key}/baslik/").status_code == 404


def test_unknown_drafts_and_questions_are_not_found(client, kocaeli, draft):
    client.force_login(draft.author)
    assert client.get(f"/kocaeli/oneriler/taslak/{uuid.uuid4()}/baslik/").status_code == 404
    assert client.get(step(draft, "parola")).status_code == 404


# --- Questions ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("word", STEPS)
def test_every_question_opens_without_too_many_queries(client, complete, word, django_assert_max_num_queries):
    client.force_login(complete.author)
    with django_assert_max_num_queries(14):
        assert client.get(step(complete, word)).status_code == 200


def test_the_way_without_javascript_ends_in_a_receipt(client, kocaeli, ayse, ulasim):
    theme = ThemeFactory(council=kocaeli, name="Ulaşım")
    district = DistrictFactory(council=kocaeli, name="İzmit")
    client.force_login(ayse)
    address = client.post(NEW)["Location"]
    answers = [
        {"title": "Sahilde kesintisiz bisiklet yolu"},
        {"summary": "Kopuk parçalar birleştirilsin, ışık konsun.", "text": "Bisiklet yolu üç yerde kesiliyor. " * 4},
        {"theme": theme.pk, "district": district.pk, "latitude": "40,76", "longitude": "29,92"},
        {"addressed_to": ulasim.pk, "on_behalf_of": ""},
        {},
    ]
    for answer in answers:
        response = client.post(address, answer | {"do": "next", "seen": ""})
        assert response.status_code == 302, response.content.decode()
        address = response["Location"]
    assert address.endswith("/onizleme/")
    response = client.post(address, {"do": "submit"})
    proposal = Proposal.objects.get()
    assert (proposal.stage, proposal.latitude, proposal.district) == (Stage.SUBMITTED, 40.76, district)
    assert response["Location"] == f"/kocaeli/oneriler/{proposal.number}/sunuldu/"
    receipt = client.get(response["Location"]).content.decode()
    assert proposal.number in receipt
    assert "Genel sekreterlik · 5 iş günü" in receipt


def test_submitting_twice_gives_one_number_and_the_same_receipt(client, complete):
    client.force_login(complete.author)
    addresses = {client.post(step(complete, "onizleme"), {"do": "submit"})["Location"] for _ in range(2)}
    complete.refresh_from_db()
    assert addresses == {f"/kocaeli/oneriler/{complete.number}/sunuldu/"}


def test_an_incomplete_draft_is_not_submitted_and_every_gap_leads_to_its_question(client, draft):
    client.force_login(draft.author)
    response = client.post(step(draft, "onizleme"), {"do": "submit"})
    assert response.status_code == 422
    page = response.content.decode()
    for word, sentence in (
        ("baslik", "Başlık en az 8 harf olmalı."),
        ("metin", "Özet en az 20 harf olmalı."),
        ("metin", "Öneri metni en az 60 harf olmalı."),
        ("konu", "Önerinin konusunu seçin."),
        ("adres", "Önerinin gideceği grubu ya da meclisi seçin."),
    ):
        assert f'<a href="{step(draft, word)}">{sentence}</a>' in page
    draft.refresh_from_db()
    assert draft.stage == Stage.DRAFT


def test_the_address_of_a_draft_leads_to_the_first_open_question(client, draft, ulasim):
    client.force_login(draft.author)
    plain = f"/kocaeli/oneriler/taslak/{draft.key}/"
    assert client.get(plain)["Location"] == step(draft, "baslik")
    Proposal.objects.filter(pk=draft.pk).update(title="Uzun bir başlık", summary="x" * 30, text="y" * 80)
    assert client.get(plain)["Location"] == step(draft, "konu")


def test_a_short_answer_is_told_beside_the_field_and_saved_all_the_same(client, draft):
    client.force_login(draft.author)
    response = client.post(step(draft, "baslik"), {"title": "Kısa"})
    assert response.status_code == 422
    assert "Başlık en az 8 harf olmalı." in response.content.decode()
    draft.refresh_from_db()
    assert draft.title == "Kısa"


def test_a_title_that_is_too_long_is_kept_on_the_page(client, draft):
    client.force_login(draft.author)
    response = client.post(step(draft, "baslik"), {"title": "u" * 121})
    assert response.status_code == 422
    assert "u" * 121 in response.content.decode()


@pytest.mark.parametrize(
    ("point", "sentence"),
    [
        ({"latitude": "40.7"}, "birlikte"),
        ({"latitude": "40.7", "longitude": "abc"}, "Derece olarak"),
        ({"latitude": "0", "longitude": "0"}, "kentin dışında"),
        ({"latitude": "nan", "longitude": "29.9"}, "Derece olarak"),
        ({"latitude": "1e9999", "longitude": "29.9"}, "Derece olarak"),
        ({"latitude": "91", "longitude": "29.9"}, ""),
    ],
)
def test_a_point_that_is_none_is_told_and_not_saved(client, draft, point, sentence):
    client.force_login(draft.author)
    response = client.post(step(draft, "konu"), point)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    draft.refresh_from_db()
    assert draft.latitude is None


@pytest.mark.parametrize("field", ["theme", "district", "addressed_to", "on_behalf_of"])
def test_choices_of_another_council_or_organisation_are_refused(client, adana, draft, field):
    """Attack case 47 and 59: a choice that is not offered cannot be sent."""
    strange = {
        "theme": ThemeFactory(council=adana, name="Adana konusu").pk,
        "district": DistrictFactory(council=adana, name="Ceyhan").pk,
        "addressed_to": BodyFactory(council=adana, name="Adana grubu").pk,
        "on_behalf_of": OrganisationFactory().pk,
    }[field]
    client.force_login(draft.author)
    for value in (strange, "0", "-1", "9" * 30, "x"):
        response = client.post(step(draft, "konu" if field in {"theme", "district"} else "adres"), {field: value})
        assert response.status_code == 422
    draft.refresh_from_db()
    assert getattr(draft, f"{field}_id") is None


def test_only_running_mandates_of_verified_organisations_are_offered(client, draft, korfez, ulasim):
    mine = OrganisationFactory(name="Benim derneğim")
    unverified = OrganisationFactory(name="Doğrulanmamış dernek", verified=False)
    for organisation in (mine, unverified):
        RepresentativeFactory(organisation=organisation, person=draft.author)
    client.force_login(draft.author)
    page = client.get(step(draft, "adres")).content.decode()
    assert "Benim derneğim" in page
    assert "Doğrulanmamış" not in page
    assert "Körfez Bisikletliler" not in page
    assert page.index("Kimin adına yazıyorsunuz?") < page.index("Öneriniz kime gitsin?")
    assert "<dt>Kimin adına</dt><dd>Kendi adıma" in client.get(step(draft, "onizleme")).content.decode()


def test_fields_of_the_proposal_that_are_no_question_cannot_be_sent(client, draft):
    """Attack case 59: mass assignment."""
    client.force_login(draft.author)
    client.post(
        step(draft, "baslik"), {"title": "Uzun bir başlık", "stage": "adopted", "author": "1", "support_count": "9"}
    )
    draft.refresh_from_db()
    assert (draft.stage, draft.support_count, draft.title) == (Stage.DRAFT, 0, "Uzun bir başlık")


# --- Saving while typing --------------------------------------------------------------------------------
def test_saving_while_typing_says_when_and_keeps_what_was_typed(client, draft):
    client.force_login(draft.author)
    address = step(draft, "baslik")
    response = autosave(client, address, {"title": "Yarım", "seen": seen_of(client, address)})
    assert response.status_code == 200
    assert re.fullmatch(r"kaydedildi \d\d\.\d\d", response.json()["said"])
    assert response.json()["seen"] == seen_of(client, address)
    draft.refresh_from_db()
    assert draft.title == "Yarım"


def test_two_windows_lose_nothing(client, draft):
    client.force_login(draft.author)
    address = step(draft, "baslik")
    seen = seen_of(client, address)
    autosave(client, address, {"title": "Birinci pencere yazdı", "seen": seen})
    quiet = autosave(client, address, {"title": "İkinci pencere yazdı", "seen": seen})
    assert quiet.status_code == 409
    assert "başka bir pencerede değiştirildi" in quiet.json()["said"]
    pressed = client.post(address, {"title": "İkinci pencere yazdı", "seen": seen, "do": "next"})
    assert pressed.status_code == 409
    page = pressed.content.decode()
    assert "İkinci pencere yazdı" in page
    draft.refresh_from_db()
    assert draft.title == "Birinci pencere yazdı"
    again = re.search(r'name="seen" value="([0-9a-f]+)"', page)[1]
    client.post(address, {"title": "İkinci pencere yazdı", "seen": again, "do": "next"})
    draft.refresh_from_db()
    assert draft.title == "İkinci pencere yazdı"


def test_a_change_of_another_question_is_no_conflict(client, draft):
    client.force_login(draft.author)
    seen = seen_of(client, step(draft, "baslik"))
    autosave(client, step(draft, "metin"), {"summary": "Başka soru", "seen": seen_of(client, step(draft, "metin"))})
    assert autosave(client, step(draft, "baslik"), {"title": "Başlık", "seen": seen}).status_code == 200


def test_what_cannot_be_saved_is_told_while_typing(client, draft):
    client.force_login(draft.author)
    response = autosave(client, step(draft, "baslik"), {"title": "u" * 121})
    assert response.status_code == 422
    assert response.json()["said"].startswith("Kaydedilmedi: ")


def test_saving_after_logging_out_answers_with_the_log_in_page(client, draft):
    assert autosave(client, step(draft, "baslik"), {"title": "x"}).status_code == 302


def test_leaving_keeps_the_draft(client, draft):
    client.force_login(draft.author)
    response = client.post(step(draft, "metin"), {"summary": "Yarım kaldı", "do": "leave"})
    assert response.status_code == 302
    draft.refresh_from_db()
    assert draft.summary == "Yarım kaldı"


# --- Preview, similar, discarding -----------------------------------------------------------------------
def test_the_preview_shows_safe_html_with_and_without_htmx(client, draft):
    client.force_login(draft.author)
    typed = {"text": "**kalın** <script>alert(1)</script>", "do": "preview"}
    part = client.post(step(draft, "metin"), typed, headers={"HX-Request": "true"}).content.decode()
    whole = client.post(step(draft, "metin"), typed).content.decode()
    for html in (part, whole):
        assert "<strong>kalın</strong>" in html
        assert "<script>alert" not in html
    assert "<html" not in part


def test_similar_proposals_are_offered_while_typing_and_with_the_page(client, kocaeli, draft):
    ProposalFactory(council=kocaeli, title="Kuruçeşme’ye gölgeli çocuk parkı")
    client.force_login(draft.author)
    part = client.get("/kocaeli/oneriler/benzer/", {"title": "golgeli cocuk parki"}).content.decode()
    assert "Kuruçeşme’ye gölgeli çocuk parkı" in part
    assert 'id="similar"' in part
    Proposal.objects.filter(pk=draft.pk).update(title="Gölgeli çocuk parkı istiyoruz")
    assert "Kuruçeşme’ye gölgeli çocuk parkı" in client.get(step(draft, "baslik")).content.decode()


def test_a_draft_is_asked_about_before_it_is_deleted_and_deleted_once(client, complete):
    client.force_login(complete.author)
    address = step(complete, "sil")
    assert "silinsin mi" in client.get(address).content.decode()
    assert Proposal.objects.filter(pk=complete.pk).exists()
    assert [client.post(address).status_code for _ in range(2)] == [302, 302]
    assert not Proposal.objects.filter(pk=complete.pk).exists()


def test_a_submitted_proposal_is_neither_a_draft_to_edit_nor_to_delete(client, kocaeli, ayse):
    proposal = ProposalFactory(council=kocaeli, author=ayse)
    client.force_login(ayse)
    assert client.get(step(proposal, "baslik"))["Location"] == proposal.get_absolute_url()
    client.post(step(proposal, "sil"))
    client.post(step(proposal, "baslik"), {"title": "Sessizce değişti"})
    fresh = Proposal.objects.get(pk=proposal.pk)
    assert fresh.title == proposal.title


def test_somebody_elses_receipt_leads_to_the_page(client, kocaeli, ayse, mehmet):
    proposal = ProposalFactory(council=kocaeli, author=ayse)
    client.force_login(mehmet)
    assert client.get(f"{proposal.get_absolute_url()}sunuldu/")["Location"] == proposal.get_absolute_url()


def test_who_has_not_chosen_sees_all_bodies_and_later_where_the_chosen_one_stands(client, draft, kocaeli, kadin):
    groups = [BodyFactory(council=kocaeli) for _ in range(7)]
    client.force_login(draft.author)

    def open_kinds() -> list[bool]:
        draft.refresh_from_db()
        page = client.get(step(draft, "adres")).content.decode()
        return [bool(found) for found in re.findall(r'<details class="disclose"( open)?>', page)]

    assert open_kinds() == [True, True]
    draft.addressed_to = groups[0]
    draft.save(update_fields=["addressed_to"])
    assert open_kinds() == [False, True]
