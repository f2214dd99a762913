"""The directory of organisations and an organisation's own page."""

from __future__ import annotations

import pytest
from django.urls import reverse

from organisations.models import OrganisationForm
from proposals.stages import Stage
from tests import factories as f


def listed(council, name: str, **fields):
    organisation = f.OrganisationFactory(name=name, **fields)
    f.CouncilOrganisationFactory(council=council, organisation=organisation)
    return organisation


def names(client, council, **query) -> list[str]:
    answer = client.get(reverse("organisation_list", args=[council.slug]), query)
    assert answer.status_code == 200
    return [row.organisation.name for row in answer.context["page"].items]


def test_the_directory_is_in_turkish_order(client, kocaeli):
    for name in ("Zeytin", "Çınar", "Can", "Şafak", "Su", "İnci", "Irmak"):
        listed(kocaeli, name)
    assert names(client, kocaeli) == ["Can", "Çınar", "Irmak", "İnci", "Su", "Şafak", "Zeytin"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "korfez bisiklet"}, ["Körfez Bisikletliler Derneği"]),
        ({"q": "KÖRFEZ"}, ["Körfez Bisikletliler Derneği"]),
        ({"q": "vakfı körfez"}, []),
        ({"q": "%"}, []),
        ({"tur": "foundation"}, ["Deniz Vakfı"]),
        ({"tur": "nonsense"}, ["Deniz Vakfı", "Körfez Bisikletliler Derneği"]),
        ({"q": "deniz", "tur": "association"}, []),
    ],
)
def test_it_is_searched_and_narrowed(client, kocaeli, korfez, query, expected):
    listed(kocaeli, "Deniz Vakfı", form=OrganisationForm.FOUNDATION)
    assert names(client, kocaeli, **query) == expected


def test_it_is_read_by_pages_and_the_search_stays(client, kocaeli):
    for number in range(65):
        listed(kocaeli, f"Dernek {number:03}")
    listed(kocaeli, "Başka")
    address = reverse("organisation_list", args=[kocaeli.slug])
    found, following = [], "?q=dernek"
    while following:
        page = client.get(address + following).context["page"]
        found += [row.organisation.name for row in page.items]
        following = page.next
    assert found == [f"Dernek {number:03}" for number in range(65)]


def test_it_costs_the_same_for_many(client, kocaeli, django_assert_max_num_queries):
    for number in range(30):
        listed(kocaeli, f"Dernek {number}")
    with django_assert_max_num_queries(6):
        names(client, kocaeli)


def test_an_organisation_is_in_the_directory_of_its_councils_alone(client, kocaeli, adana, korfez):
    assert names(client, adana) == []
    assert client.get(reverse("organisation_detail", args=[adana.slug, korfez.slug])).status_code == 404
    assert client.get(reverse("organisation_detail", args=[kocaeli.slug, korfez.slug])).status_code == 200


def test_a_page_tells_what_was_proposed_here_on_its_behalf_and_hides_who_represents_it(
    client, kocaeli, adana, korfez, elif_
):
    f.ProposalFactory(council=kocaeli, on_behalf_of=korfez, title="Kesintisiz yol", author=f.PersonFactory())
    f.ProposalFactory(council=kocaeli, on_behalf_of=korfez, stage=Stage.DRAFT, title="Gizli taslak")
    f.CouncilOrganisationFactory(council=adana, organisation=korfez)
    f.ProposalFactory(council=adana, on_behalf_of=korfez, title="Adana yolu")
    page = client.get(reverse("organisation_detail", args=[kocaeli.slug, korfez.slug])).content.decode()
    assert "Kesintisiz yol" in page
    assert "Doğrulandı" in page
    for hidden in ("Gizli taslak", "Adana yolu", "Elif Kaya"):
        assert hidden not in page


def test_a_draft_on_its_behalf_is_not_shown_to_its_author_either(client, kocaeli, korfez, elif_):
    f.ProposalFactory(council=kocaeli, on_behalf_of=korfez, author=elif_, stage=Stage.DRAFT, title="Gizli taslak")
    client.force_login(elif_)
    page = client.get(reverse("organisation_detail", args=[kocaeli.slug, korfez.slug])).content.decode()
    assert "Gizli taslak" not in page


def test_what_an_organisation_says_of_itself_is_text(client, kocaeli, korfez):
    korfez.about, korfez.website = "<img src=x onerror=alert(1)>", "https://ornek.invalid/?a=1&b=2"
    korfez.save()
    page = client.get(reverse("organisation_detail", args=[kocaeli.slug, korfez.slug])).content.decode()
    assert "<img src=x" not in page
    assert "&lt;img" in page
    assert 'rel="nofollow noopener"' in page


def test_an_empty_directory_says_who_fills_it(client, adana):
    page = client.get(reverse("organisation_list", args=[adana.slug])).content.decode()
    assert "Rehberde henüz kuruluş yok" in page
