"""What anybody reads through the API, and what nobody does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from councils.models import BodyKind
from discussions.models import Report
from journal.actions import record
from proposals.journal_kinds import ProposalKind
from proposals.models import Proposal
from proposals.stages import Stage
from tests import factories as f
from tests.api.conftest import refusal, wrong_fields
from workinggroups.models import JoinRequest

pytestmark = pytest.mark.django_db
P = "councils/kocaeli/proposals/"


def test_councils_and_bodies_are_read_by_everybody(call, kocaeli, adana, ulasim):
    api = call()
    assert [row["slug"] for row in api.get("councils/").json()["results"]] == ["kocaeli", "adana"]
    council = api.get("councils/kocaeli/").json()
    assert {row["slug"] for row in council["districts"]} == {"izmit", "gebze", "kandira"}
    assert len(council["themes"]) == 3
    groups = api.get("councils/kocaeli/bodies/", data={"kind": BodyKind.WORKING_GROUP}).json()["results"]
    assert [row["slug"] for row in groups] == [ulasim.slug]
    assert api.get(f"councils/kocaeli/bodies/{ulasim.slug}/").json()["name"] == ulasim.name
    assert refusal(api.get(f"councils/adana/bodies/{ulasim.slug}/")) == (404, "not_found")
    assert refusal(api.get("councils/bursa/")) == refusal(api.get("councils/bursa/bodies/")) == (404, "not_found")
    assert wrong_fields(api.get("councils/kocaeli/bodies/", data={"kind": "guild"})) == {"kind"}


def test_a_proposal_is_read_whole_and_only_below_its_own_council(call, kocaeli, adana, ayse):
    proposal = f.ProposalFactory(council=kocaeli, author=ayse, stage=Stage.GATHERING)
    shown = call().get(f"{P}{proposal.number}/").json()
    assert shown["number"] == proposal.number
    assert shown["text"] == proposal.text
    assert (shown["author"], shown["stage"], shown["comment_count"]) == ("Ayşe Demir", "gathering", 0)
    assert shown["thread"] == proposal.thread_id
    assert shown["url"].endswith(proposal.get_absolute_url())
    assert refusal(call().get(f"councils/adana/proposals/{proposal.number}/")) == (404, "not_found")


def test_no_answer_holds_an_address_or_an_id_of_a_person(call, kocaeli, ayse):
    proposal = f.ProposalFactory(council=kocaeli, author=ayse, stage=Stage.GATHERING)
    f.CommentFactory(thread=proposal.thread, author=ayse)
    f.SupportFactory(proposal=proposal, person=ayse)
    for path in (P, f"{P}{proposal.number}/", f"threads/{proposal.thread_id}/comments/"):
        text = call().get(path).content.decode()
        assert "@" not in text
        assert f'"id":{ayse.pk},' not in text.replace(f'"id":{proposal.thread.comments.get().pk},', "")


def test_drafts_stand_in_no_list_and_have_no_public_address(call, kocaeli, ayse, mehmet):
    draft = f.ProposalFactory(council=kocaeli, author=ayse, stage=Stage.DRAFT)
    for person in (None, mehmet, ayse):
        assert call(person).get(P).json()["results"] == []
        assert wrong_fields(call(person).get(P, data={"stage": "draft"})) == {"stage"}
    path = f"councils/kocaeli/drafts/{draft.key}/"
    assert refusal(call().get(path)) == (401, "not_authenticated")
    assert refusal(call(mehmet).get(path)) == (404, "not_found")
    assert call(ayse).get(path).json()["key"] == str(draft.key)
    assert call(mehmet).get("councils/kocaeli/drafts/").json()["results"] == []
    assert [row["key"] for row in call(ayse).get("councils/kocaeli/drafts/").json()["results"]] == [str(draft.key)]
    assert call(ayse).get("councils/kocaeli/drafts/").json()["results"] == [
        {**call(ayse).get(path).json(), "url": f"http://127.0.0.1:8000{draft.get_absolute_url()}"}
    ]


def test_drafts_stay_below_their_council(call, kocaeli, adana, ayse):
    draft = f.ProposalFactory(council=kocaeli, author=ayse, stage=Stage.DRAFT)
    assert refusal(call(ayse).get(f"councils/adana/drafts/{draft.key}/")) == (404, "not_found")
    assert call(ayse).get("councils/adana/drafts/").json()["results"] == []


@pytest.fixture
def several(kocaeli, korfez, elif_, ayse):
    """Four proposals that differ in everything that can be filtered."""
    now = timezone.now()

    def proposal(days, title, **fields):
        return f.ProposalFactory(council=kocaeli, created_at=now - timedelta(days=days), title=title, **fields)

    kadin = f.BodyFactory(council=kocaeli, kind=BodyKind.ASSEMBLY, name="Kadın Meclisi")
    izmit = kocaeli.districts.get(slug="izmit")
    return {
        "park": proposal(4, "Çocuk parkı yenilensin", stage=Stage.GATHERING, support_count=5, district=izmit),
        "yol": proposal(3, "Bisiklet yolu uzatılsın", stage=Stage.IN_GROUP, support_count=9, on_behalf_of=korfez),
        "isik": proposal(
            2, "Sokak ışıkları onarılsın", addressed_to=kadin, theme=f.ThemeFactory(council=kocaeli, name="Kültür")
        ),
        "otobus": proposal(1, "Gece otobüsü konsun", stage=Stage.ADOPTED, support_count=5),
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["otobus", "isik", "yol", "park"]),
        ("q=cocuk%20parki", ["park"]),
        ("q=ONARILSIN", ["isik"]),
        ("stage=gathering&stage=adopted", ["otobus", "park"]),
        ("theme=kultur", ["isik"]),
        ("district=izmit", ["park"]),
        ("body=kadin-meclisi", ["isik"]),
        ("author=organisation", ["yol"]),
        ("author=citizen", ["otobus", "isik", "park"]),
        ("ordering=supports", ["yol", "otobus", "park", "isik"]),
        ("ordering=ending", None),
        ("ordering=discussed", None),
        ("q=uzatilsin&ordering=relevance", ["yol"]),
        ("q=%27%22%26%7C%21%28%29%3A%2A", []),
    ],
)
def test_the_list_is_searched_filtered_and_ordered(call, several, query, found):
    names = {proposal.number: name for name, proposal in several.items()}
    answer = [names[row["number"]] for row in call().get(f"{P}?{query}").json()["results"]]
    assert answer == found if found is not None else set(answer) == set(several)


def test_a_number_is_found_by_itself(call, several):
    number = several["yol"].number
    assert [row["number"] for row in call().get(P, data={"q": number.lower()}).json()["results"]] == [number]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("author__email=a", "author__email"),
        ("author__password__startswith=a", "author__password__startswith"),
        ("format=xml", "format"),
        ("ordering=author__email", "ordering"),
        ("ordering=-supports", "ordering"),
        ("ordering=relevance", "ordering"),
        ("stage=anything", "stage"),
        ("theme=sivil-toplum", "theme"),
        ("district=%00", "district"),
        ("q=%00", "q"),
        ("q=" + "a" * 900, "q"),
        ("q=" + "a" * 100_000, "q"),
        ("cursor=cD0yMDI2", "cursor"),
        ("cursor=s.1", "cursor"),
        ("cursor=" + "9" * 900, "cursor"),
        ("page_size=0", "page_size"),
        ("page_size=-1", "page_size"),
        ("page_size=1e9", "page_size"),
        ("page_size=%D9%A3", "page_size"),
        ("page_size=" + "9" * 900, "page_size"),
        ("page_size=", "page_size"),
        ("_connector=OR", "_connector"),
    ],
)
def test_what_the_list_does_not_know_is_a_bad_request(call, kocaeli, adana, query, field):
    assert wrong_fields(call().get(f"{P}?{query}")) == {field}


def test_a_page_has_at_most_a_hundred_rows_and_pages_hold_every_row_once(call, kocaeli):
    moment = timezone.now()
    for _index in range(104):  # all of one moment and of one count
        f.ProposalFactory(council=kocaeli, created_at=moment)
    for ordering in ("newest", "supports", "ending"):
        seen, page = [], call().get(P, data={"page_size": 1000, "ordering": ordering}).json()
        assert len(page["results"]) == 100
        assert page["previous"] is None
        seen += [row["number"] for row in page["results"]]
        last = call().get(page["next"].partition("testserver")[2]).json()
        assert last["next"] is None
        seen += [row["number"] for row in last["results"]]
        assert sorted(seen) == sorted(Proposal.objects.values_list("number", flat=True))
        back = call().get(last["previous"].partition("testserver")[2]).json()
        assert back["results"] == page["results"]


def test_a_row_that_arrives_between_two_pages_moves_none(call, kocaeli):
    old = [f.ProposalFactory(council=kocaeli, created_at=timezone.now() - timedelta(days=n)) for n in range(1, 7)]
    first = call().get(P, data={"page_size": 3}).json()
    f.ProposalFactory(council=kocaeli)
    second = call().get(first["next"].partition("testserver")[2]).json()
    assert [row["number"] for row in first["results"] + second["results"]] == [proposal.number for proposal in old]


def test_lists_ask_the_database_the_same_however_long_they_are(call, kocaeli, ayse, django_assert_num_queries):
    proposal = f.ProposalFactory(council=kocaeli, stage=Stage.GATHERING)
    root = f.CommentFactory(thread=proposal.thread)
    for n in range(29):
        f.ProposalFactory(council=kocaeli, author=f.PersonFactory(), stage=Stage.GATHERING)
        f.ProposalFactory(council=kocaeli, author=ayse, stage=Stage.DRAFT)
        f.CommentFactory(thread=proposal.thread)
        f.CommentFactory(parent=root)
        f.BodyFactory(council=kocaeli, name=f"Grup {n}")
        f.CouncilFactory()
    api = call()
    for path, queries in {
        "councils/": 1,
        "councils/kocaeli/": 3,
        "councils/kocaeli/bodies/": 2,
        P: 5,
        f"{P}{proposal.number}/": 5,
        f"threads/{proposal.thread_id}/comments/": 3,
        f"threads/{proposal.thread_id}/comments/?root={root.pk}": 4,
    }.items():
        with django_assert_num_queries(queries):
            results = api.get(path, data={"page_size": 30} if path.count("?") == 0 and path.endswith("s/") else None)
        assert len(results.json().get("results", [1] * 20)) >= 20
    signed_in = call(ayse)
    with django_assert_num_queries(3):  # the session with its person, council, drafts
        assert len(signed_in.get("councils/kocaeli/drafts/", data={"page_size": 30}).json()["results"]) == 29


def test_the_other_lists_ask_as_much_for_thirty_rows_as_for_one(call, kocaeli, ulasim, ayse, derya, selin, hakan):
    """Counted twice, so that a list that asks once more for each row cannot hide."""
    proposal = f.ProposalFactory(council=kocaeli, author=ayse, addressed_to=ulasim, stage=Stage.GATHERING)

    def one_more(n: int) -> None:
        person = f.PersonFactory()
        f.SupportFactory(proposal=proposal, person=person, shows_name=True)
        f.MembershipFactory(body=ulasim, person=person)
        f.ResidenceFactory(person=person, council=kocaeli, verified=False)
        organisation = f.OrganisationFactory(name=f"Dernek {n}")
        f.CouncilOrganisationFactory(council=kocaeli, organisation=organisation)
        JoinRequest.objects.create(body=ulasim, person=person, created_at=timezone.now())
        new = f.ProposalFactory(council=kocaeli, author=ayse, addressed_to=ulasim, due_at=timezone.now())
        comment = f.CommentFactory(thread=proposal.thread, author=person)
        Report.objects.create(
            comment=comment,
            reporter=ayse,
            reason="spam",
            created_at=timezone.now(),
            council_id=kocaeli.pk,
            body_id=ulasim.pk,
        )
        f.token(ayse, "me:read")
        happened = {"subject": new, "topic": new.topic, "at": timezone.now(), "council": kocaeli}
        record(ProposalKind.FOUND_ADMISSIBLE, actor=person, facts={"number": new.number}, **happened)

    council, group = "councils/kocaeli/", f"councils/kocaeli/bodies/{ulasim.slug}/"
    asked = {
        f"{P}{proposal.number}/supporters/": None,
        f"{group}members/": None,
        f"{council}organisations/": None,
        f"{council}record/": None,
        f"{council}map/points/": None,
        f"{group}join-requests/": derya,
        f"{council}reports/": derya,
        f"{council}residents/": selin,
        f"{council}desk/": hakan,
        f"{council}desk/admissibility/": hakan,
        "me/proposals/": ayse,
        "me/tokens/": ayse,
    }
    one_more(0)
    before = {path: _queries(call(person), path) for path, person in asked.items()}
    for n in range(1, 12):
        one_more(n)
    after = {path: _queries(call(person), path) for path, person in asked.items()}
    assert after == before
    assert max(after.values()) <= 18, after


def _queries(api, path):
    with CaptureQueriesContext(connection) as queries:
        assert api.get(path).status_code == 200, path
    return len(queries)


def test_comments_are_newest_first_and_replies_in_order(call, kocaeli, mehmet):
    proposal = f.ProposalFactory(council=kocaeli, stage=Stage.GATHERING)
    first, second = (f.CommentFactory(thread=proposal.thread) for _ in range(2))
    replies = [f.CommentFactory(parent=first) for _ in range(3)]
    path = f"threads/{proposal.thread_id}/comments/"
    assert [row["id"] for row in call().get(path).json()["results"]] == [second.pk, first.pk]
    answers = call().get(path, data={"root": first.pk}).json()["results"]
    assert [row["id"] for row in answers] == [reply.pk for reply in replies]
    elsewhere = f.CommentFactory(thread=f.ProposalFactory(council=kocaeli).thread)
    for root in (elsewhere.pk, replies[0].pk, "0", "-1", "x", str(2**63), "9" * 400, "٣"):
        assert wrong_fields(call().get(path, data={"root": root})) == {"root"}


def test_a_hidden_comment_keeps_its_place_without_its_text_and_a_deleted_one_without_its_name(call, kocaeli, hakan):
    thread = f.ProposalFactory(council=kocaeli).thread
    now = timezone.now()
    hidden = f.CommentFactory(thread=thread, hidden_at=now, hidden_by=hakan, hidden_reason="Hakaret.", text="gizli söz")
    deleted = f.CommentFactory(thread=thread, deleted_at=now, author__display_name="Silen Kişi", text="silinen söz")
    answer = call().get(f"threads/{thread.pk}/comments/")
    by_id = {row["id"]: row for row in answer.json()["results"]}
    assert by_id[hidden.pk]["text"] == by_id[deleted.pk]["text"] == by_id[deleted.pk]["author"] == ""
    assert by_id[hidden.pk]["is_hidden"]
    assert by_id[deleted.pk]["is_deleted"]
    for secret in ("gizli söz", "silinen söz", "Silen Kişi"):
        assert secret not in answer.content.decode()


def test_a_discussion_among_members_does_not_exist_for_others(call, kocaeli, ulasim, derya, ayse, hakan):
    charter = ulasim.charter
    charter.is_discussion_public = False
    charter.save()
    comment = f.CommentFactory(thread=charter.thread, author=derya)
    for path in (f"threads/{charter.thread_id}/comments/", f"comments/{comment.pk}/"):
        for stranger in (None, ayse):
            assert refusal(call(stranger).get(path)) == (404, "not_found")
        for member in (derya, hakan):
            assert call(member).get(path).status_code == 200
    new = {"text": "Ben de varım.", "key": "5f0c1a52-90f1-4c57-a7f4-0d46a1fbd0aa"}
    assert refusal(call(ayse).post(f"threads/{charter.thread_id}/comments/", new)) == (404, "not_found")


def test_a_thread_or_ballot_without_owner_does_not_exist(call, db):
    thread, ballot = f.ThreadFactory(), f.BallotFactory()
    orphan = f.ThreadFactory(policy="nobody.knows")
    for path in (f"threads/{thread.pk}/comments/", f"threads/{orphan.pk}/comments/", f"ballots/{ballot.pk}/"):
        assert refusal(call().get(path)) == (404, "not_found")


@pytest.mark.parametrize("number", [0, 2**31, 2**63, 2**64, 10**400])
def test_ids_beyond_the_database_are_not_found(call, db, number):
    for path in (f"ballots/{number}/", f"threads/{number}/comments/", f"comments/{number}/"):
        assert refusal(call().get(path)) == (404, "not_found")


def test_addresses_that_are_none_answer_like_the_others(call, db):
    for path in ("nothing/", "councils/kocaeli/secrets/", "ballots/-1/", "ballots/1.5/", "comments/true/"):
        assert refusal(call().get(path)) == (404, "not_found")


def test_the_site_s_language_speaks_else_the_one_the_program_names(call, kocaeli):
    path = "councils/kocaeli/proposals/?x=1"
    turkish, english = call().get(path), call(**{"Accept-Language": "en-GB,en;q=0.9,tr;q=0.1"}).get(path)
    assert (turkish["Content-Language"], english["Content-Language"]) == ("tr", "en")
    assert turkish.json()["detail"] == "Bazı alanlar eksik ya da yanlış."
    chosen = call(**{"Accept-Language": "en"})
    chosen.client.cookies["meydan_language"] = "tr"
    assert chosen.get(path)["Content-Language"] == "tr"
    assert call(**{"Accept-Language": "de, ja;q=0.5"}).get(path)["Content-Language"] == "tr"
    assert "Accept-Language" in turkish["Vary"]
    assert "Cookie" in turkish["Vary"]


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "image/*;q=0", ", ".join(["a/b"] * 1000), "\x00"])
def test_there_is_one_format_whatever_is_accepted(call, kocaeli, accept):
    answer = call(Accept=accept).get("councils/kocaeli/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
