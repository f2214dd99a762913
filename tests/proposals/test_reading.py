"""Finding proposals: search, filters, facets, pages, likeness, the map."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.utils import timezone

from organisations.models import Organisation
from proposals import reading
from proposals.models import Proposal
from proposals.reading.keyset import read_cursor
from proposals.reading.listing import RELEVANCE, SORTS, Sort, cards, matching
from proposals.stages import Stage
from tests.factories import (
    BodyFactory,
    CommentFactory,
    DistrictFactory,
    OrganisationFactory,
    PersonFactory,
    ProposalFactory,
    ThemeFactory,
)

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


def filters_of(council, query: str = ""):
    return reading.read_filters(QueryDict(query), reading.choices_of(council))


def titles(council, query: str) -> list[str]:
    found = matching(council, VISITOR, filters_of(council, query)).order_by("pk")
    return list(found.values_list("title", flat=True))


@pytest.fixture
def mixed(kocaeli, adana) -> list[Proposal]:
    """Sixty proposals over all stages, themes, districts, bodies and kinds of author, many with equal counts."""
    dice = random.Random(7)
    themes = [ThemeFactory(council=kocaeli, name=name) for name in ("Ulaşım", "Kültür")] + [None]
    districts = [DistrictFactory(council=kocaeli, name=name) for name in ("İzmit", "Gebze")] + [None]
    bodies = [BodyFactory(council=kocaeli, name=name) for name in ("Ulaşım Çalışma Grubu", "Kültür Çalışma Grubu")]
    organisations: list[Organisation | None] = [OrganisationFactory(), None, None]
    author = PersonFactory()
    at = timezone.now()
    found = [
        ProposalFactory(
            council=kocaeli,
            author=author,
            stage=dice.choice(list(Stage)),
            theme=dice.choice(themes),
            district=dice.choice(districts),
            addressed_to=dice.choice(bodies),
            on_behalf_of=dice.choice(organisations),
            support_count=dice.choice([0, 0, 5, 5, 9]),
            created_at=at - timedelta(days=dice.choice([1, 1, 2, 3])),
            due_at=at + timedelta(days=dice.choice([1, 1, 2])),
        )
        for _ in range(60)
    ]
    ProposalFactory(council=adana, author=author)
    for proposal in dice.sample([row for row in found if not row.is_draft], 6):
        CommentFactory(thread=proposal.thread)
    return found


# --- Search ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "typed", ["cocuk parki", "Çocuk Parkı", "ÇOCUK PARKI", "çocukların parkı", "COCUK", "parkı cocuk"]
)
def test_search_forgives_diacritics_case_and_endings(kocaeli, typed):
    ProposalFactory(council=kocaeli, title="Kuruçeşme’ye Çocuk Parkı")
    ProposalFactory(
        council=kocaeli, title="Gece otobüsü", summary="Gece seferleri artsın.", text="Otobüs gece de gelsin."
    )
    assert titles(kocaeli, f"q={typed}") == ["Kuruçeşme’ye Çocuk Parkı"]


def test_search_finds_a_number_however_it_is_typed(kocaeli):
    first, _second = ProposalFactory(council=kocaeli), ProposalFactory(council=kocaeli)
    assert titles(kocaeli, f"q= {first.number.lower()} ") == [first.title]


@pytest.mark.parametrize(
    "typed", ["!!!", "'", "a" * 100_000, "\\", "&|!():*", "%00", "';select pg_sleep(9)--", "<%s>" % ("x" * 500)]
)
def test_search_survives_nonsense(kocaeli, typed):
    ProposalFactory(council=kocaeli, title="Çocuk Parkı önerisi")
    query = QueryDict(mutable=True)
    query["q"] = typed
    found = matching(kocaeli, VISITOR, reading.read_filters(query, reading.choices_of(kocaeli)))
    assert list(found) == []


def test_search_puts_the_title_before_the_text(kocaeli):
    in_text = ProposalFactory(council=kocaeli, title="Sahile bank", text="Yanına bir çocuk parkı da olsun. " * 3)
    in_title = ProposalFactory(council=kocaeli, title="Çocuk parkı yenilensin")
    filters = filters_of(kocaeli, "q=cocuk+parki")
    page = reading.listing(kocaeli, VISITOR, filters, sort=reading.sort_named("", filters))
    assert [row.pk for row in page.rows] == [in_title.pk, in_text.pk]


# --- Filters --------------------------------------------------------------------------------------
def test_unknown_words_and_values_are_left_out(kocaeli, mixed):
    everything = titles(kocaeli, "")
    for query in (
        "author__password__startswith=a",
        "author__email=x",
        "_connector=OR",
        "stage=draft",
        "asama=draft",
        "asama=taslak",
        "konu=yok",
        "konu=1%20OR%201=1",
        "organ[]=1",
        "ilce=%00",
        "yazar=password",
    ):
        assert titles(kocaeli, query) == everything


def test_filters_of_one_facet_are_alternatives_and_of_several_a_conjunction(kocaeli, mixed):
    public = [row for row in mixed if not row.is_draft]
    query = "asama=destek&asama=grupta&konu=ulasim&yazar=stk"
    expected = [
        row.title
        for row in public
        if row.stage in {Stage.GATHERING, Stage.IN_GROUP}
        and row.theme
        and row.theme.slug == "ulasim"
        and row.on_behalf_of
    ]
    assert titles(kocaeli, query) == expected


def test_a_list_never_holds_a_draft_or_another_council(kocaeli, adana, mixed):
    author = mixed[0].author
    found = matching(kocaeli, author, filters_of(kocaeli))
    assert {row.council_id for row in found} == {kocaeli.pk}
    assert Stage.DRAFT not in {row.stage for row in found}


def test_a_chip_takes_away_its_filter_and_the_page(kocaeli):
    params = QueryDict("q=park&asama=destek&asama=grupta&sirala=yeni&sayfa=s.1.1")
    chips = reading.chips(filters_of(kocaeli, params.urlencode()), params)
    assert [chip.url for chip in chips] == [
        "?asama=destek&asama=grupta&sirala=yeni",
        "?q=park&asama=grupta&sirala=yeni",
        "?q=park&asama=destek&sirala=yeni",
    ]


# --- Facets ---------------------------------------------------------------------------------------
QUERIES = [
    "",
    "asama=destek",
    "konu=ulasim&asama=destek&asama=grupta",
    "yazar=stk",
    "q=bisiklet",
    "organ=kultur-calisma-grubu&ilce=izmit",
]


@pytest.mark.parametrize("query", QUERIES)
def test_facet_counts_equal_a_recount(kocaeli, mixed, query):
    filters = filters_of(kocaeli, query)
    words = {"asama": "stages", "konu": "themes", "ilce": "districts", "organ": "bodies", "yazar": "authors"}
    for facet in reading.facets(kocaeli, VISITOR, filters):
        rows = matching(kocaeli, VISITOR, filters.without(words[facet.word])).with_names()
        recount = Counter(
            {
                "asama": lambda row: Stage(row.stage).label,
                "konu": lambda row: str(row.theme) if row.theme else None,
                "ilce": lambda row: str(row.district) if row.district else None,
                "organ": lambda row: str(row.addressed_to),
                "yazar": lambda row: "Sivil toplum kuruluşu" if row.on_behalf_of_id else "Yurttaş",
            }[facet.word](row)
            for row in rows
        )
        recount.pop(None, None)
        assert {option.label: option.count for option in facet.options if option.count} == dict(recount)


@pytest.mark.parametrize("query", QUERIES)
def test_the_total_is_the_number_of_proposals_found(kocaeli, mixed, query):
    filters = filters_of(kocaeli, query)
    stages = reading.facets(kocaeli, VISITOR, filters)[0]
    assert stages.total == matching(kocaeli, VISITOR, filters).count()


def test_all_facets_are_counted_in_one_query(kocaeli, mixed, django_assert_num_queries):
    filters = filters_of(kocaeli, "asama=destek&konu=ulasim&q=bisiklet")
    with django_assert_num_queries(1):
        reading.facets(kocaeli, VISITOR, filters)


# --- Keyset pages -----------------------------------------------------------------------------------
def walk(council, sort: Sort, query: str, *, size: int = 7) -> tuple[list[int], list[int]]:
    """Every key met forwards, and backwards from the last page."""
    filters = filters_of(council, query)

    def page(cursor: str):
        found = sort.prepare(cards(matching(council, VISITOR, filters)), filters.text)
        return reading.page_of(
            found, key=sort.key, descending=sort.descending, cursor=cursor, size=size, is_moment=sort.is_moment
        )

    current = page("")
    assert current.previous == ""
    forwards = [row.pk for row in current.rows]
    last = current
    while current.next:
        current = last = page(current.next)
        forwards += [row.pk for row in current.rows]
    backwards = [[row.pk for row in last.rows]]
    while last.previous:
        last = page(last.previous)
        backwards.insert(0, [row.pk for row in last.rows])
    return forwards, [key for keys in backwards for key in keys]


@pytest.mark.parametrize("sort", [*SORTS, RELEVANCE], ids=lambda sort: sort.word)
def test_pages_show_each_proposal_exactly_once_under_ties_and_the_same_way_back(kocaeli, mixed, sort):
    query = "q=bisiklet" if sort is RELEVANCE else ""
    forwards, backwards = walk(kocaeli, sort, query)
    expected = set(matching(kocaeli, VISITOR, filters_of(kocaeli, query)).values_list("pk", flat=True))
    assert len(forwards) == len(set(forwards))
    assert set(forwards) == expected
    assert backwards == forwards


def test_a_new_proposal_between_two_pages_moves_no_other_to_the_next_page(kocaeli):
    for _ in range(5):
        ProposalFactory(council=kocaeli)
    filters = filters_of(kocaeli)
    found = matching(kocaeli, VISITOR, filters)
    first = reading.page_of(found, key="submitted_at", descending=True, size=3, is_moment=True)
    ProposalFactory(council=kocaeli)
    second = reading.page_of(
        found.all(), key="submitted_at", descending=True, size=3, cursor=first.next, is_moment=True
    )
    assert not {row.pk for row in first.rows} & {row.pk for row in second.rows}


@pytest.mark.parametrize(
    "cursor", ["x", "s.1", "s..", "s.1.1; drop", "s.٣.١", "s.9.9.9", "s." + "9" * 30 + ".1", "1", "o.1.-1", "s.1.1\n"]
)
def test_a_cursor_of_another_form_is_none(cursor):
    assert read_cursor(cursor) is None


@pytest.mark.parametrize("cursor", ["s.999999999999999999.1", "o.-999999999999999999.1", "s.1.999999999999999999"])
@pytest.mark.parametrize("sort", SORTS, ids=lambda sort: sort.word)
def test_a_cursor_from_beyond_the_calendar_answers(kocaeli, cursor, sort):
    ProposalFactory(council=kocaeli)
    filters = filters_of(kocaeli)
    assert reading.listing(kocaeli, VISITOR, filters, sort=sort, cursor=cursor) is not None


def test_what_ends_soon_comes_first_and_what_does_not_end_last(kocaeli):
    at = timezone.now()
    later = ProposalFactory(council=kocaeli, stage=Stage.GATHERING, due_at=at + timedelta(days=9))
    waiting = ProposalFactory(council=kocaeli, stage=Stage.SUBMITTED, due_at=at + timedelta(hours=1))
    soon = ProposalFactory(council=kocaeli, stage=Stage.BALLOT, due_at=at + timedelta(days=1))
    filters = filters_of(kocaeli)
    page = reading.listing(kocaeli, VISITOR, filters, sort=reading.sort_named("bitiyor", filters))
    assert [row.pk for row in page.rows] == [soon.pk, later.pk, waiting.pk]


# --- Likeness -----------------------------------------------------------------------------------------
def test_similar_proposals_are_found_without_diacritics_and_one_common_word_is_not_enough(kocaeli):
    park = ProposalFactory(
        council=kocaeli, title="Kuruçeşme’ye gölgeli çocuk parkı", summary="Gölge ve bank olsun istiyoruz."
    )
    ProposalFactory(council=kocaeli, title="Sahile gölgeli yürüyüş yolu", summary="Yaya yolu ağaçlansın istiyoruz.")
    found = reading.similar_proposals(kocaeli, VISITOR, "Mahallemize golgeli cocuk parki")
    assert [row.pk for row in found] == [park.pk]


def test_similar_proposals_never_show_a_draft_another_council_or_the_draft_itself(kocaeli, adana, ayse):
    draft = ProposalFactory(council=kocaeli, author=ayse, stage=Stage.DRAFT, title="Çocuk parkı gölgelik")
    ProposalFactory(council=kocaeli, stage=Stage.DRAFT, title="Çocuk parkı gölgelik")
    ProposalFactory(council=adana, title="Çocuk parkı gölgelik")
    assert reading.similar_proposals(kocaeli, ayse, "Çocuk parkı gölgelik", without=draft) == []


@pytest.mark.parametrize("text", ["", "a", "!!!", "ve ile", "x" * 5000])
def test_likeness_of_nothing_is_nothing(kocaeli, text):
    ProposalFactory(council=kocaeli)
    assert reading.similar_proposals(kocaeli, VISITOR, text) == []


# --- Map ------------------------------------------------------------------------------------------------
def test_points_stand_for_every_proposal_inside_the_box_once(kocaeli):
    dice = random.Random(3)
    for _ in range(40):
        ProposalFactory(council=kocaeli, latitude=dice.uniform(40.5, 41), longitude=dice.uniform(29.4, 30.2))
    outside = ProposalFactory(council=kocaeli, latitude=39.0, longitude=30.0)
    ProposalFactory(council=kocaeli)
    box = "kutu=40.4,29.3,41.1,30.3"
    for zoom in (0, 7, 10, 13, 18):
        found = reading.points(
            matching(kocaeli, VISITOR, filters_of(kocaeli)), reading.read_box(QueryDict(f"{box}&yakinlik={zoom}"))
        )
        assert found["total"] == sum(point["n"] for point in found["points"]) == 40
        assert outside.number not in str(found)
    assert {point["n"] for point in found["points"]} == {1}


@pytest.mark.parametrize(
    "query",
    [
        "kutu=1,2,3",
        "kutu=nan,0,1,1",
        "kutu=1,2,3,inf",
        "kutu=5,0,1,1",
        "kutu=a,b,c,d",
        "yakinlik=99",
        "yakinlik=-1",
        "yakinlik=x",
        "kutu=0,0,91,1",
        "kutu=0,9e99,1,9e999",
    ],
)
def test_a_box_of_nonsense_is_none(query):
    assert reading.read_box(QueryDict(query)) is None


# --- The path ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("stage", [stage for stage in Stage if stage != Stage.DRAFT])
def test_the_path_has_six_steps_and_stands_at_one_of_them(kocaeli, stage):
    steps = reading.mini_steps(ProposalFactory(council=kocaeli, stage=stage))
    states = [step.state for step in steps]
    assert len(steps) == 6
    standing = [state for state in states if state in {"now", "exit"}]
    assert len(standing) == (0 if stage == Stage.ADOPTED else 1)
    assert states == sorted(states, key=["past", "now", "exit", "ahead"].index)


def test_a_proposal_that_was_withdrawn_in_the_group_leaves_the_path_there(kocaeli):
    proposal = ProposalFactory(council=kocaeli, stage=Stage.WITHDRAWN)
    labels = [(step.label, step.state) for step in reading.mini_steps(proposal, left_from=Stage.IN_GROUP)]
    assert labels[3] == ("Geri çekildi", "exit")


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage != Stage.DRAFT])
@pytest.mark.parametrize("language", ["tr", "en"])
def test_every_stage_has_a_status_in_both_languages(kocaeli, stage, language):
    from django.template.loader import render_to_string
    from django.utils import translation

    proposal = ProposalFactory(council=kocaeli, stage=stage, due_at=timezone.now() + timedelta(days=2))
    with translation.override(language):
        html = render_to_string("proposals/_status.html", reading.status_context(proposal))
    assert 'id="stage"' in html
    assert f"proposal:{proposal.pk}#status" in html


# --- The text ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("# Bir\n\n## İki", ["h3", "h4"]),
        ("## Bir\n\n### İki", ["h3", "h4"]),
        ("###### Bir", ["h3"]),
        ("düz", []),
        ("`<h4>`", []),
    ],
)
def test_headings_of_a_text_begin_below_those_of_the_page(text, tags):
    import re

    assert re.findall(r"<(h\d)>", reading.text_html(text)) == tags
