"""The page of a proposal, for everybody in every stage."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from proposals.models import Follow, Review, StageChange, Support
from proposals.stages import Stage
from tests.factories import (
    CommentFactory,
    PersonFactory,
    ProposalBallotFactory,
    ProposalFactory,
    SupportFactory,
)
from tests.proposals.municipal import proposals_of, sent_opinion

pytestmark = pytest.mark.django_db
PUBLIC_STAGES = [stage for stage in Stage if stage != Stage.DRAFT]
CAST = ["visitor", "ayse", "mehmet", "elif_", "derya", "nermin", "hakan", "selin", "murat", "outsider", "superuser"]


def log_in(client, person) -> None:
    if person.is_authenticated:
        client.force_login(person)


@pytest.fixture
def gathering(kocaeli, ayse, ulasim):
    at = timezone.now()
    return ProposalFactory(
        council=kocaeli,
        author=ayse,
        stage=Stage.GATHERING,
        support_closes_at=at + timedelta(days=9),
        due_at=at + timedelta(days=9),
    )


@pytest.fixture
def on_ballot(kocaeli, ayse, derya, ulasim):
    proposal = ProposalFactory(council=kocaeli, author=ayse, stage=Stage.BALLOT)
    ProposalBallotFactory(proposal=proposal, ballot__electors=[derya])
    return proposal


@pytest.mark.parametrize("who", CAST)
def test_everybody_reads_a_proposal_in_every_stage(client, request, kocaeli, ayse, ulasim, who):
    log_in(client, request.getfixturevalue(who))
    for stage in PUBLIC_STAGES:
        proposal = ProposalFactory(council=kocaeli, author=ayse, stage=stage, latitude=40.7, longitude=29.9)
        response = client.get(proposal.get_absolute_url())
        assert response.status_code == 200
        page = response.content.decode()
        assert proposal.number in page
        assert page.count('id="stage"') == page.count('id="action"') == 1


def test_a_draft_an_unknown_number_and_another_councils_proposal_are_not_found(client, kocaeli, adana, ayse):
    proposal = ProposalFactory(council=kocaeli)
    client.force_login(ayse)
    for path in (
        f"/adana/oneriler/{proposal.number}/",
        "/kocaeli/oneriler/KOC-2026-9999/",
        "/kocaeli/oneriler/KOC-2026-0001%00/",
        "/kocaeli/oneriler/%27/",
        "/kocaeli/oneriler/KOC-2026-%D9%A1%D9%A1%D9%A1%D9%A1/",
    ):
        assert client.get(path).status_code == 404


def test_a_number_in_small_letters_is_found(client, kocaeli):
    proposal = ProposalFactory(council=kocaeli)
    assert client.get(f"/kocaeli/oneriler/{proposal.number.lower()}/").status_code == 200


def test_the_page_takes_few_queries_whatever_hangs_on_it(client, on_ballot, derya, django_assert_max_num_queries):
    for _ in range(25):
        CommentFactory(thread=on_ballot.thread)
        SupportFactory(proposal=on_ballot, shows_name=True)
    client.force_login(derya)
    with django_assert_max_num_queries(36):
        assert client.get(on_ballot.get_absolute_url()).status_code == 200


def test_the_page_follows_its_topics(client, on_ballot):
    page = client.get(on_ballot.get_absolute_url()).content.decode()
    topics = json.loads(re.search(r'data-live-topics="([^"]+)"', page)[1].replace("&quot;", '"'))
    ballot = on_ballot.ballot_links.get().ballot
    assert set(topics) == {
        f"proposal:{on_ballot.pk}",
        f"state:proposal:{on_ballot.pk}",
        f"presence:proposal:{on_ballot.pk}",
        f"thread:{on_ballot.thread_id}",
        f"state:thread:{on_ballot.thread_id}",
        f"ballot:{ballot.pk}",
        f"state:ballot:{ballot.pk}",
    }


def test_the_reason_of_an_exit_stands_on_the_page(client, kocaeli, hakan):
    proposal = ProposalFactory(council=kocaeli, stage=Stage.INADMISSIBLE, ended_at=timezone.now())
    reason = "Bu konu kent konseyinin alanına girmiyor."
    StageChange.objects.create(
        proposal=proposal,
        old=Stage.SUBMITTED,
        new=Stage.INADMISSIBLE,
        actor=hakan,
        reason=reason,
        reason_code="not_local",
        at=timezone.now(),
    )
    page = client.get(proposal.get_absolute_url()).content.decode()
    assert reason in page
    assert "Uygun bulunmadı" in page


# --- Support --------------------------------------------------------------------------------------------
def support_url(proposal, *, back: bool = False) -> str:
    return f"{proposal.get_absolute_url()}destek/" + ("geri/" if back else "")


def test_the_box_shows_each_reader_what_they_may_do(client, gathering, mehmet, outsider, visitor):
    for person, words in (
        (visitor, "Giriş yapıp destek ver"),
        (outsider, "hemşehriliğinizin doğrulanmış olması gerekir"),
        (mehmet, "Adım görünsün"),
    ):
        client.logout()
        log_in(client, person)
        assert words in client.get(gathering.get_absolute_url()).content.decode()


def test_support_is_given_once_however_often_it_is_pressed(client, gathering, mehmet):
    client.force_login(mehmet)
    for _ in range(2):
        response = client.post(support_url(gathering), {"shows_name": "on"})
        assert response["Location"] == f"{gathering.get_absolute_url()}#action"
    gathering.refresh_from_db()
    assert (gathering.support_count, gathering.supports.count()) == (1, 1)
    page = client.get(gathering.get_absolute_url()).content.decode()
    assert "Desteklediniz" in page
    assert "Mehmet Arslan" in page


def test_a_name_is_shown_by_choice_only(client, gathering, mehmet, visitor):
    client.force_login(mehmet)
    client.post(support_url(gathering))
    client.logout()
    for path in ("", "destekleyenler/"):
        assert "Mehmet Arslan" not in client.get(gathering.get_absolute_url() + path).content.decode()


def test_support_is_taken_back_once(client, gathering, mehmet):
    SupportFactory(proposal=gathering, person=mehmet)
    client.force_login(mehmet)
    for _ in range(2):
        assert client.post(support_url(gathering, back=True)).status_code == 302
    gathering.refresh_from_db()
    assert gathering.support_count == 0


def test_htmx_gets_the_box_alone(client, gathering, mehmet):
    client.force_login(mehmet)
    response = client.post(support_url(gathering), headers={"HX-Request": "true"})
    assert response.status_code == 200
    html = response.content.decode()
    assert html.lstrip().startswith("<section")
    assert "Desteklediniz" in html


@pytest.mark.parametrize("htmx", [True, False])
def test_a_refused_support_is_a_sentence_on_the_same_page_and_leaves_no_trace(client, gathering, outsider, htmx):
    client.force_login(outsider)
    response = client.post(support_url(gathering), headers={"HX-Request": "true"} if htmx else {})
    assert response.status_code == (200 if htmx else 403)
    assert "hemşehriliğinizin doğrulanmış olması gerekir" in response.content.decode()
    assert not Support.objects.exists()


def test_support_after_the_end_is_refused_with_the_sentence(client, kocaeli, mehmet):
    ended = ProposalFactory(
        council=kocaeli, stage=Stage.GATHERING, support_closes_at=timezone.now() - timedelta(hours=1)
    )
    client.force_login(mehmet)
    response = client.post(support_url(ended))
    assert response.status_code == 403
    assert "şu anda destek toplamıyor" in response.content.decode()


@pytest.mark.parametrize("path", ["destek/", "destek/geri/", "takip/"])
def test_nothing_is_done_by_reading_or_without_an_account(client, gathering, mehmet, path):
    """Attack case 18."""
    address = gathering.get_absolute_url() + path
    response = client.post(address)
    assert (response.status_code, "/hesap/" in response["Location"]) == (302, True)
    client.force_login(mehmet)
    for method in (client.get, client.head):
        assert method(address).status_code == 405
    assert not Support.objects.exists()


def test_nothing_is_done_without_the_forms_token(gathering, mehmet):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(mehmet)
    assert strict.post(support_url(gathering)).status_code == 403
    assert not Support.objects.exists()


def test_following_and_leaving_are_one_press_each(client, gathering, mehmet):
    client.force_login(mehmet)
    address = f"{gathering.get_absolute_url()}takip/"
    for follow, found in (("on", True), ("on", True), ("off", False), ("off", False)):
        assert client.post(address, {"follow": follow}).status_code == 302
        assert Follow.objects.filter(proposal=gathering, person=mehmet).exists() is found


def test_the_names_of_many_supporters_come_in_pages(client, gathering):
    for n in range(55):
        SupportFactory(proposal=gathering, person=PersonFactory(display_name=f"Destekçi {n:02d}"), shows_name=True)
    page = client.get(gathering.get_absolute_url()).content.decode()
    assert "Tümü (55)" in page
    first = client.get(f"{gathering.get_absolute_url()}destekleyenler/").content.decode()
    following = re.search(r'rel="next" href="([^"]+)"', first)[1]
    second = client.get(f"{gathering.get_absolute_url()}destekleyenler/{following}").content.decode()
    names = [set(re.findall(r"Destekçi \d\d", html)) for html in (first, second)]
    assert [len(found) for found in names] == [50, 5]
    assert not names[0] & names[1]


def test_the_readers_part_has_the_guard_of_the_page(client, kocaeli, gathering, ayse):
    """Attack case 56."""
    assert client.get(f"{gathering.get_absolute_url()}kutu/").status_code == 200
    draft = ProposalFactory(council=kocaeli, stage=Stage.DRAFT)
    client.force_login(ayse)
    assert client.get(f"/kocaeli/oneriler/taslak/{draft.key}/kutu/").status_code == 404


# --- Tools ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "stage", "expected"),
    [
        ("hakan", Stage.SUBMITTED, {"uygunluk"}),
        ("hakan", Stage.IN_GROUP, set()),
        ("derya", Stage.SUBMITTED, set()),
        ("derya", Stage.IN_GROUP, {"oylama-ac", "grup-karari"}),
        ("nermin", Stage.IN_GROUP, set()),
        ("ayse", Stage.SUBMITTED, {"yeni-surum", "ekler", "geri-cek"}),
        ("ayse", Stage.BALLOT, set()),
        ("ayse", Stage.ADOPTED, set()),
        ("mehmet", Stage.SUBMITTED, set()),
        ("superuser", Stage.SUBMITTED, set()),
    ],
)
def test_everybody_sees_their_own_tools(client, request, kocaeli, ayse, ulasim, who, stage, expected):
    proposal = ProposalFactory(council=kocaeli, author=ayse, stage=stage)
    client.force_login(request.getfixturevalue(who))
    page = client.get(proposal.get_absolute_url()).content.decode()
    own = proposal.get_absolute_url()
    words = {"uygunluk", "oylama-ac", "grup-karari", "yeni-surum", "ekler", "geri-cek"}
    assert {word for word in words if f'href="{own}{word}/"' in page} == expected


@pytest.mark.parametrize(("who", "is_theirs"), [("hakan", True), ("nermin", False), ("mehmet", False)])
def test_the_page_leads_the_secretary_on_after_the_general_assembly(client, request, kocaeli, ulasim, who, is_theirs):
    sent = proposals_of(sent_opinion(kocaeli, ulasim))[0]
    adopted = proposals_of(sent_opinion(kocaeli, ulasim, stage=Stage.OPINION, sent_at=None))[0]
    client.force_login(request.getfixturevalue(who))
    assert ("/belediye-meclisi/gorus/" in client.get(sent.get_absolute_url()).content.decode()) == is_theirs
    assert ("/gonder/" in client.get(adopted.get_absolute_url()).content.decode()) == is_theirs


def test_a_proposal_to_the_directorate_speaks_of_no_support(client, kocaeli):
    proposal = ProposalFactory(council=kocaeli, stage=Stage.DIRECTORATE, support_threshold=None)
    page = client.get(proposal.get_absolute_url()).content.decode()
    assert ("destek toplamadan görüşülür" in page, "destek, gereken" in page) == (True, False)


def test_what_is_done_waits_for_its_review(client, kocaeli):
    proposal = ProposalFactory(council=kocaeli, stage=Stage.DONE)
    now = timezone.now()
    assert "diye sorulur" in client.get(proposal.get_absolute_url()).content.decode()
    Review.objects.create(proposal=proposal, opened_at=now, closes_at=now + timedelta(days=30), asked=1)
    cache.clear()
    page = client.get(proposal.get_absolute_url()).content.decode()
    assert ("diye sorulur" in page, "yanıtları toplanır" in page) == (False, True)


def test_the_author_is_not_offered_to_follow_and_may_write_anew_after_a_refusal(client, kocaeli, ayse, mehmet):
    refused = ProposalFactory(council=kocaeli, author=ayse, stage=Stage.INADMISSIBLE)
    going = ProposalFactory(council=kocaeli, author=ayse, stage=Stage.SUBMITTED)
    for person, follow, anew in ((ayse, False, True), (mehmet, True, False)):
        client.force_login(person)
        page = client.get(refused.get_absolute_url()).content.decode()
        assert ("Takip et" in page, "Yeni bir öneri yazabilirsiniz" in page) == (follow, anew)
        page = client.get(going.get_absolute_url()).content.decode()
        assert ("Takip et" in page, "Takip ederseniz" in page) == (follow, follow)
        assert "Yeni bir öneri yazabilirsiniz" not in page
