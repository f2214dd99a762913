"""The list of proposals and its map."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from proposals.stages import Stage
from tests.factories import CommentFactory, DistrictFactory, OrganisationFactory, ProposalFactory

pytestmark = pytest.mark.django_db
LIST = "/kocaeli/oneriler/"


def shown(response) -> list[str]:
    """Numbers of the cards, in order."""
    return re.findall(r'<h3><a href="/kocaeli/oneriler/([A-Z0-9-]+)/">', response.content.decode())


def test_a_council_without_proposals_invites_to_write_one(client, kocaeli):
    response = client.get(LIST)
    assert response.status_code == 200
    assert "Henüz öneri yok" in response.content.decode()


def test_a_search_without_result_offers_the_whole_list(client, kocaeli):
    ProposalFactory(council=kocaeli)
    page = client.get(LIST, {"q": "zzzz"}).content.decode()
    assert "Aradığınız gibi bir öneri yok" in page
    assert 'value="zzzz"' in page


def test_the_list_shows_submitted_proposals_of_its_own_council_only(client, kocaeli, adana, ayse):
    mine = ProposalFactory(council=kocaeli, author=ayse)
    ProposalFactory(council=kocaeli, author=ayse, stage=Stage.DRAFT)
    ProposalFactory(council=adana)
    client.force_login(ayse)
    assert shown(client.get(LIST)) == [mine.number]


def test_a_card_says_who_wrote_it_where_it_stands_and_what_it_got(client, kocaeli, korfez, elif_):
    proposal = ProposalFactory(
        council=kocaeli,
        author=elif_,
        on_behalf_of=korfez,
        stage=Stage.GATHERING,
        support_count=2,
        due_at=timezone.now() + timezone.timedelta(days=5),
    )
    CommentFactory(thread=proposal.thread)
    page = client.get(LIST).content.decode()
    card = page[page.index('class="rows proposals"') :]
    for piece in (
        "Elif Kaya",
        "Körfez Bisikletliler Derneği",
        "adına",
        "Destek topluyor",
        "/ 3 destek",
        "1 yorum",
        "5 gün",
    ):
        assert piece in card


def test_thirty_proposals_come_as_pages_of_twenty_without_a_query_per_card(
    client, kocaeli, django_assert_max_num_queries
):
    organisation = OrganisationFactory()
    for n in range(30):
        ProposalFactory(
            council=kocaeli,
            stage=list(Stage)[1 + n % 9],
            on_behalf_of=organisation if n % 3 else None,
            district=DistrictFactory(council=kocaeli, name=f"İlçe {n % 4}"),
        )
    with django_assert_max_num_queries(9):
        first = client.get(LIST)
    assert len(shown(first)) == 20
    following = re.search(r'rel="next" href="([^"]+)"', first.content.decode())[1].replace("&amp;", "&")
    second = client.get(LIST + following)
    assert len(shown(second)) == 10
    assert not set(shown(first)) & set(shown(second))


@pytest.mark.parametrize("cursor", ["x", "s.9999999999999999.1", "%00", "o.1.1' OR 1=1"])
def test_a_cursor_of_nonsense_answers_with_a_page(client, kocaeli, cursor):
    ProposalFactory(council=kocaeli)
    assert client.get(LIST, {"sayfa": cursor}).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "author__password__startswith=p",
        "ordering=author__email",
        "sirala=author__password",
        "sirala=-author__email",
        "_connector=OR&stage=draft",
        "asama=draft",
        "q__regex=.*",
        "konu__council__procedure=1",
    ],
)
def test_what_is_not_on_the_list_of_filters_changes_nothing(client, kocaeli, query):
    """Attack case 50: no filter or order reaches another column."""
    for _ in range(3):
        ProposalFactory(council=kocaeli)
    ProposalFactory(council=kocaeli, stage=Stage.DRAFT)
    assert shown(client.get(f"{LIST}?{query}")) == shown(client.get(LIST))


def test_every_order_is_offered_and_the_chosen_one_is_marked(client, kocaeli):
    ProposalFactory(council=kocaeli)
    page = client.get(LIST, {"sirala": "destek"}).content.decode()
    assert re.search(r'sirala=destek[^"]*" aria-current="true"', page)
    assert "En ilgili" not in page
    assert "En ilgili" in client.get(LIST, {"q": "bisiklet"}).content.decode()


def test_chosen_filters_stand_as_chips_and_stay_chosen_in_the_search(client, kocaeli):
    ProposalFactory(council=kocaeli, stage=Stage.GATHERING)
    page = client.get(LIST, {"asama": "destek", "q": "bisiklet"}).content.decode()
    assert page.count('name="asama" value="destek"') == 2  # the box and the search's hidden field
    chips = page[page.index('class="chips"') :]
    assert "?q=bisiklet" in chips
    assert "?asama=destek" in chips


# --- Map ----------------------------------------------------------------------------------------------
def test_the_map_has_the_list_below_it_and_its_points_keep_the_filters(client, kocaeli):
    ProposalFactory(council=kocaeli, stage=Stage.GATHERING, latitude=40.7, longitude=29.9)
    page = client.get(LIST, {"gorunum": "harita", "asama": "destek"})
    assert len(shown(page)) == 1
    assert 'data-points="/kocaeli/oneriler/noktalar.json?asama=destek"' in page.content.decode()


def test_points_tell_title_address_and_stage_of_public_proposals_alone(client, kocaeli, adana, ayse):
    there = {"latitude": 40.7, "longitude": 29.9}
    proposal = ProposalFactory(council=kocaeli, stage=Stage.GATHERING, **there)
    ProposalFactory(council=kocaeli, stage=Stage.DRAFT, author=ayse, **there)
    ProposalFactory(council=adana, **there)
    client.force_login(ayse)
    assert client.get(f"{LIST}noktalar.json", {"yakinlik": "18"}).json() == {
        "points": [
            {
                "lat": 40.7,
                "lng": 29.9,
                "n": 1,
                "title": proposal.title,
                "url": proposal.get_absolute_url(),
                "stage": "Destek topluyor",
            }
        ],
        "total": 1,
    }


@pytest.mark.parametrize("query", ["kutu=nan,nan,nan,nan", "yakinlik=1e9999999", "kutu=1", "yakinlik=%00"])
def test_points_of_a_nonsense_box_are_refused(client, kocaeli, query):
    assert client.get(f"{LIST}noktalar.json?{query}").status_code == 400


def test_points_take_few_queries_however_many_there_are(client, kocaeli, django_assert_max_num_queries):
    for n in range(25):
        ProposalFactory(council=kocaeli, latitude=40.5 + n / 100, longitude=29.5 + n / 50)
    with django_assert_max_num_queries(6):
        assert client.get(f"{LIST}noktalar.json", {"yakinlik": "14"}).json()["total"] == 25


def test_the_outline_is_the_councils_own(client, kocaeli):
    assert client.get(f"{LIST}sinirlar.json").json() == {"type": "FeatureCollection", "features": []}
    kocaeli.outline = {"type": "FeatureCollection", "features": [{"type": "Feature"}]}
    kocaeli.save()
    assert client.get(f"{LIST}sinirlar.json").json() == kocaeli.outline


def test_a_page_made_for_somebody_is_for_no_shared_cache(client, kocaeli):
    response = client.get(LIST)
    assert "private" in response["Cache-Control"]
    assert "Cookie" in response["Vary"]


@pytest.mark.parametrize("path", ["", "noktalar.json", "sinirlar.json", "benzer/"])
def test_reading_addresses_take_no_post_and_an_unknown_council_is_not_found(client, kocaeli, path):
    assert client.post(LIST + path).status_code == 405
    assert client.get(f"/yok/oneriler/{path}").status_code == 404
