"""Assemblies, groups and organs as people find and read them."""

from __future__ import annotations

import pytest
from django.urls import reverse

from councils.models import BodyKind, Role
from proposals.stages import Stage
from tests import factories as f
from workinggroups.models import ActivityState, PartnerInstitution, PlannedActivity


def bodies(client, council, **query):
    answer = client.get(reverse("body_list", args=[council.slug]), query)
    assert answer.status_code == 200
    return answer


def names(answer) -> list[str]:
    return [row.body.name for section in answer.context["sections"] for row in section.rows]


# --- The list -------------------------------------------------------------------------------------
def test_bodies_stand_by_kind_in_turkish_order(client, kocaeli, kadin):
    for name in ("Ulaşım", "Çevre", "Cami", "İklim", "Ilıca"):
        f.BodyFactory(council=kocaeli, name=name)
    f.BodyFactory(council=kocaeli, kind=BodyKind.GENERAL_ASSEMBLY, name="Genel Kurul")
    assert names(bodies(client, kocaeli)) == [
        "Kadın Meclisi", "Cami", "Çevre", "Ilıca", "İklim", "Ulaşım", "Genel Kurul", "Genel Sekreterlik",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"), [("ulasim", 1), ("ULAŞIM", 1), ("calisma ulas", 1), ("yok böyle", 0), ("", 3)]
)
def test_the_search_forgives_missing_diacritics(client, kocaeli, ulasim, kadin, text, expected):
    assert len(names(bodies(client, kocaeli, q=text))) == expected


def test_a_search_without_a_result_says_so_and_keeps_the_words(client, kocaeli, ulasim):
    page = bodies(client, kocaeli, q='"><b>uzay').content.decode()
    assert "Bu adla bir meclis ya da grup yok" in page
    assert "&quot;&gt;&lt;b&gt;uzay" in page


def test_members_proposals_in_hand_and_who_leads_are_shown(client, kocaeli, ulasim, derya):
    f.MembershipFactory.create_batch(3, body=ulasim)
    for stage in (Stage.GATHERING, Stage.IN_GROUP, Stage.ADOPTED, Stage.DRAFT):
        f.ProposalFactory(council=kocaeli, addressed_to=ulasim, stage=stage)
    (row,) = [
        row for section in bodies(client, kocaeli).context["sections"] for row in section.rows if row.body == ulasim
    ]
    assert (row.members, row.in_hand, [seat.person for seat in row.leaders]) == (4, 2, [derya])


def test_an_example_group_says_so(client, kocaeli):
    f.BodyFactory(council=kocaeli, name="Bisiklet", is_sample=True)
    assert "örnek" in bodies(client, kocaeli).content.decode()


def test_bodies_of_another_council_are_not_listed(client, kocaeli, adana, ulasim):
    assert names(bodies(client, adana)) == []


def test_the_list_costs_the_same_for_many_bodies(client, kocaeli, django_assert_max_num_queries):
    for number in range(19):
        body = f.BodyFactory(council=kocaeli, name=f"Grup {number}")
        f.MembershipFactory(body=body, role=Role.FACILITATOR)
    with django_assert_max_num_queries(8):
        bodies(client, kocaeli)


# --- A group --------------------------------------------------------------------------------------
@pytest.fixture
def sivil(adana):
    """The model of a working group: thirteen activities, three partners."""
    body = f.BodyFactory(council=adana, name="Demokratik Sivil İradenin Geliştirilmesi")
    charter = f.CharterFactory(body=body, purpose="Sivil toplumu güçlendirmek.", objectives=["Diyalog kurmak"])
    for position in range(1, 14):
        state = ActivityState.DONE if position == 1 else ActivityState.PLANNED
        PlannedActivity.objects.create(charter=charter, position=position, text=f"{position}. faaliyet", state=state)
    for position, name in enumerate(("ADAMOB", "STGM", "İl Müdürlüğü"), start=1):
        PartnerInstitution.objects.create(charter=charter, position=position, name=name)
    return body


def test_a_groups_page_tells_its_purpose_its_activities_and_its_partners(client, sivil):
    page = client.get(sivil.get_absolute_url()).content.decode()
    assert "Sivil toplumu güçlendirmek." in page
    assert "Diyalog kurmak" in page
    assert all(f"{position}. faaliyet" in page for position in range(1, 14))
    assert "13 faaliyetten 1 tamam" in page
    assert all(name in page for name in ("ADAMOB", "STGM", "İl Müdürlüğü"))


def test_the_board_shows_each_stage_with_its_number_and_no_draft(client, kocaeli, ulasim):
    for stage, n in {
        Stage.GATHERING: 7,
        Stage.IN_GROUP: 2,
        Stage.ADOPTED: 1,
        Stage.DRAFT: 3,
        Stage.SUBMITTED: 1,
    }.items():
        f.ProposalFactory.create_batch(n, council=kocaeli, addressed_to=ulasim, stage=stage)
    context = client.get(ulasim.get_absolute_url()).context
    assert [(column.stage, column.count, len(column.proposals)) for column in context["board"]] == [
        (Stage.GATHERING, 7, 5),
        (Stage.IN_GROUP, 2, 2),
        (Stage.BALLOT, 0, 0),
        (Stage.ADOPTED, 1, 1),
    ]
    assert context["proposal_count"] == 11


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        (None, "Gruba katılmak için giriş yapın."),
        ("ayse", "Bu konuda emek vermek isterseniz"),
        ("outsider", "Bu konuda emek vermek isterseniz"),
        ("derya", "Bu grubun üyesisiniz."),
    ],
)
def test_what_one_can_do_is_said_in_a_sentence(client, request, ulasim, derya, who, sentence):
    if who:
        client.force_login(request.getfixturevalue(who))
    assert sentence in client.get(ulasim.get_absolute_url()).content.decode()


def test_names_of_members_stand_on_a_groups_page_and_not_on_an_assemblys(client, ulasim, kadin, derya, nermin):
    for body in (ulasim, kadin):
        f.MembershipFactory(body=body, person=f.PersonFactory(display_name="Sıradan Üye"))
    group = client.get(ulasim.get_absolute_url()).content.decode()
    assembly = client.get(kadin.get_absolute_url()).content.decode()
    assert "Sıradan Üye" in group
    assert "Derya Öztürk" in group
    assert "Sıradan Üye" not in assembly
    assert "Nermin Çelik" in assembly


def test_a_discussion_among_members_is_not_shown_to_others(client, ulasim, ayse, derya):
    charter = ulasim.charter
    charter.is_discussion_public = False
    charter.save()
    f.CommentFactory(thread=charter.thread, text="Üyeler arasında")
    client.force_login(ayse)
    page = client.get(ulasim.get_absolute_url()).content.decode()
    assert "Üyeler arasında" not in page
    assert "yalnız üyeleri okur" in page
    client.force_login(derya)
    assert "Üyeler arasında" in client.get(ulasim.get_absolute_url()).content.decode()


def test_an_organ_has_a_page_and_takes_no_proposals(client, kocaeli, hakan):
    secretariat = kocaeli.bodies.get(kind=BodyKind.SECRETARIAT)
    page = client.get(secretariat.get_absolute_url()).content.decode()
    assert "Hakan Yıldız" in page
    assert "doğrudan öneri sunulmaz" in page


def test_pages_of_bodies_are_reached_only_through_their_council_and_their_kind(client, kocaeli, adana, ulasim, kadin):
    wrong = [
        reverse("group_detail", args=[adana.slug, ulasim.slug]),
        reverse("assembly_detail", args=[adana.slug, kadin.slug]),
        reverse("group_detail", args=[kocaeli.slug, kadin.slug]),
        reverse("assembly_detail", args=[kocaeli.slug, ulasim.slug]),
        reverse("group_detail", args=[kocaeli.slug, "yok"]),
        reverse("group_members", args=[adana.slug, ulasim.slug]),
    ]
    for address in wrong:
        assert client.get(address).status_code == 404, address


def test_a_group_and_an_assembly_of_the_same_name_in_two_councils_stay_apart(client, kocaeli, adana, ulasim):
    other = f.BodyFactory(council=adana, name="Ulaşım Çalışma Grubu")
    f.CharterFactory(body=other, purpose="Adana’nın ulaşımı.")
    f.ProposalFactory(council=kocaeli, addressed_to=ulasim, stage=Stage.GATHERING, title="Kocaeli’nin önerisi")
    page = client.get(other.get_absolute_url()).content.decode()
    assert "Adana’nın ulaşımı." in page
    assert "Kocaeli’nin önerisi" not in page


def test_a_groups_page_costs_the_same_with_much_on_it(client, kocaeli, ulasim, derya, django_assert_max_num_queries):
    f.MembershipFactory.create_batch(15, body=ulasim)
    for stage in (Stage.GATHERING, Stage.IN_GROUP, Stage.BALLOT, Stage.ADOPTED):
        f.ProposalFactory.create_batch(6, council=kocaeli, addressed_to=ulasim, stage=stage)
    for _ in range(8):
        f.CommentFactory(thread=ulasim.charter.thread)
    client.force_login(derya)
    with django_assert_max_num_queries(40):
        client.get(ulasim.get_absolute_url())
