"""Kept pages: never older than the last change, never with anything of another browser."""

from __future__ import annotations

import re
import threading
import uuid
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from discussions import actions as discussing
from discussions.models import Comment
from participation import page_cache
from people.actions import change_profile
from people.sessions import SessionStore
from proposals import actions
from proposals.models import Attachment, ProposalBallot, StageChange
from proposals.stages import Stage
from tests import factories as f

OWN = re.compile(r'csrfmiddlewaretoken" value="\w{64}"|X-CSRFToken": "\w{64}"|nonce="[^"]*"|data-live-at="\d+"')
# What differs between two looks of one reader: keys of forms and tickets of sockets are made anew.
MINE = re.compile(r'name="key" value="[^"]*"|data-live-ticket="[^"]*"')


@pytest.fixture(autouse=True)
def _long_enough(monkeypatch):
    """What goes is gone because of a change, and not because time passed."""
    monkeypatch.setattr(page_cache, "FRESH_SECONDS", 600.0)
    page_cache.forget_pages()
    yield
    page_cache.forget_pages()


def shown(path: str, client: Client | None = None) -> str:
    if client is None:
        client = Client()
        client.cookies["meydan_council"] = "kocaeli"  # a first visit sets it, and is kept for nobody
    answer = client.get(path)
    assert answer.status_code == 200
    return OWN.sub("", answer.content.decode())


def made(path: str) -> str:
    """The page as it is made now."""
    page_cache.forget_pages()
    return shown(path)


@pytest.fixture
def place(transactional_db, kocaeli, ulasim, ayse, mehmet, hakan, derya):
    proposal = f.ProposalFactory(council=kocaeli, author=ayse, addressed_to=ulasim, stage=Stage.GATHERING)
    return {
        "proposal": proposal,
        "pages": [
            reverse("home"),
            reverse("council_home", args=["kocaeli"]),
            reverse("proposal_list", args=["kocaeli"]),
            reverse("proposal_list", args=["kocaeli"]) + "?q=bisiklet&asama=destek",
            reverse("proposal_detail", args=["kocaeli", proposal.number]),
        ],
    }


def changes(place, ayse, mehmet, hakan, derya, ulasim, kocaeli) -> dict[str, Callable[[], object]]:
    """One of every kind of action with an effect on what visitors read, in an order in which each is possible."""
    proposal = place["proposal"]
    now = timezone.now

    def comment(text: str, **more: object) -> Comment:
        return discussing.add_comment(
            actor=mehmet, thread=proposal.thread, text=text, key=uuid.uuid4(), at=now(), **more
        )

    def fresh():
        proposal.refresh_from_db()
        return proposal

    def ballot() -> None:
        voting = f.ProposalFactory(council=kocaeli, author=ayse, addressed_to=ulasim, stage=Stage.BALLOT)
        ProposalBallot.objects.create(proposal=voting, ballot=f.BallotFactory(electors=[derya]))

    return {
        "support": lambda: actions.support_proposal(actor=mehmet, proposal=proposal, at=now()),
        "withdrawn support": lambda: actions.withdraw_support(actor=mehmet, proposal=fresh(), at=now()),
        "comment": lambda: comment("Işıklar da yenilensin."),
        "reply": lambda: comment("Katılıyorum.", parent=Comment.objects.first()),
        "edited": lambda: discussing.edit_comment(
            actor=mehmet, comment=Comment.objects.first(), text="Işıklar hemen yenilensin.", at=now()
        ),
        "hidden": lambda: discussing.hide_comment(
            actor=hakan, comment=Comment.objects.first(), reason="Konu dışı bir söz.", at=now()
        ),
        "a name": lambda: change_profile(actor=ayse, display_name="Ayşe Demir Kaya", language="tr"),
        "a ballot": ballot,
        "a body's name": lambda: type(ulasim).objects.filter(pk=ulasim.pk).update(name="Ulaşım ve Yol Grubu"),
        "a submitted proposal": lambda: f.ProposalFactory(council=kocaeli, author=mehmet, addressed_to=ulasim),
    }


def test_every_change_is_on_the_kept_pages_at_once(place, ayse, mehmet, hakan, derya, ulasim, kocaeli):
    seen: dict[str, int] = {}
    for name, change in changes(place, ayse, mehmet, hakan, derya, ulasim, kocaeli).items():
        before = {path: shown(path) for path in place["pages"]}
        change()
        after = {path: shown(path) for path in place["pages"]}
        assert after == {path: made(path) for path in place["pages"]}, name
        seen[name] = sum(before[path] != after[path] for path in place["pages"])
    assert {name for name, n in seen.items() if n == 0} == set()


def test_a_change_made_by_another_process_is_seen_too(place):
    path = place["pages"][-1]
    shown(path)

    def elsewhere() -> None:
        with transaction.atomic():
            Comment.objects.create(
                thread=place["proposal"].thread,
                author=place["proposal"].author,
                key=uuid.uuid4(),
                text="Başka bir yerden.",
                created_at=timezone.now(),
            )
        connection.close()

    other = threading.Thread(target=elsewhere)
    other.start()
    other.join(30)
    assert "Başka bir yerden." in shown(path)


@pytest.fixture
def calm(monkeypatch):
    """As if nobody wrote in the cluster, which other tests do all the time: the version is asked for and stays the same."""
    ask, read = page_cache.database_version, SessionStore.database_version
    monkeypatch.setattr(page_cache, "database_version", lambda: ask() and "calm")
    monkeypatch.setattr(SessionStore, "database_version", property(lambda session: read.fget(session) and "calm"))
    monkeypatch.setattr(page_cache, "FRESH_SECONDS", 3600.0)


def queries_of(look: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        look()
    return len(queries)


def test_without_a_change_one_page_serves_all_visitors_with_one_query(place, calm):
    for path in place["pages"]:
        seen = [shown(path)]
        assert queries_of(lambda path=path, seen=seen: seen.append(shown(path))) == 1
        assert seen[0] == seen[1]


def test_it_goes_with_time_as_well(place, monkeypatch):
    monkeypatch.setattr(page_cache, "FRESH_SECONDS", 3600.0)
    shown(place["pages"][-1])
    page = next(reversed(page_cache._pages._kept.values()))
    assert page.is_fresh(page.version)
    monkeypatch.setattr(page_cache, "FRESH_SECONDS", 0.0)
    assert not page.is_fresh(page.version)


def test_nobody_gets_a_page_made_for_another_reader(place, ayse):
    reader = Client()
    reader.force_login(ayse)
    for path in place["pages"]:
        mine = reader.get(path).content.decode()
        visitor = Client()
        theirs = visitor.get(path).content.decode()
        assert ayse.display_name in mine
        assert f'data-person="{ayse.pk}"' not in theirs
        assert f'data-person="{ayse.pk}"' in reader.get(path).content.decode()
        english = Client()
        english.cookies["meydan_language"] = "en"
        assert '<html lang="en">' in english.get(path).content.decode()
        assert '<html lang="tr">' in visitor.get(path).content.decode()
        part = Client().get(path, headers={"HX-Request": "true"})
        assert part.status_code == 200
        assert "Cookie" in Client().get(path)["Vary"]
        assert Client().get(path)["Cache-Control"] == "private, no-cache"


def test_readers_who_are_signed_in_share_only_what_is_the_same_for_all(place, ayse, mehmet):
    first, second = Client(), Client()
    first.force_login(ayse)
    second.force_login(mehmet)
    proposal = place["proposal"]
    discussing.add_comment(actor=mehmet, thread=proposal.thread, text="Bir söz.", key=uuid.uuid4(), at=timezone.now())
    for path in place["pages"]:
        for _ in range(2):
            mine, theirs = first.get(path).content.decode(), second.get(path).content.decode()
            assert (mehmet.display_name in theirs, f'data-person="{mehmet.pk}"' in theirs) == (True, True)
            assert f'data-person="{mehmet.pk}"' not in mine
    discussing.add_comment(
        actor=ayse, thread=proposal.thread, text="Yeni bir söz.", key=uuid.uuid4(), at=timezone.now()
    )
    assert "Yeni bir söz." in second.get(place["pages"][-1]).content.decode()


def test_every_answer_has_a_nonce_and_a_token_of_its_own(place, settings):
    path = place["pages"][-1]
    answers = []
    for _ in range(3):
        client = Client(enforce_csrf_checks=True)
        answer = client.get(path)
        page = answer.content.decode()
        [nonce] = set(re.findall(r'nonce="([^"]+)"', page))
        assert f"'nonce-{nonce}'" in answer["Content-Security-Policy"]
        [token] = set(re.findall(r'csrfmiddlewaretoken" value="(\w{64})"', page))
        body = {"language": "en", "csrfmiddlewaretoken": token}
        assert client.post(reverse("set_language"), body).status_code == 302
        answers.append((nonce, token, client))
    assert len({nonce for nonce, *_ in answers}) == len({token for _, token, _ in answers}) == 3
    (_, token, _), (_, _, other) = answers[:2]
    assert other.post(reverse("set_language"), {"language": "tr", "csrfmiddlewaretoken": token}).status_code == 403


def test_what_somebody_writes_is_never_taken_for_a_place_to_fill(place, mehmet):
    text = 'csrfmiddlewaretoken" value="' + "a" * 64
    discussing.add_comment(
        actor=mehmet, thread=place["proposal"].thread, text=text, key=uuid.uuid4(), at=timezone.now()
    )
    for _ in range(2):
        assert "a" * 64 in Client().get(place["pages"][-1]).content.decode()


def test_what_is_kept_for_readers_who_are_signed_in_goes_with_every_change(
    place, ayse, mehmet, hakan, derya, ulasim, kocaeli
):
    reader, pages = Client(), place["pages"][2:]
    reader.force_login(derya)
    reader.cookies["meydan_council"] = "kocaeli"

    def seen(path: str) -> str:
        return MINE.sub("", shown(path, reader))

    for name, change in changes(place, ayse, mehmet, hakan, derya, ulasim, kocaeli).items():
        for path in pages:
            seen(path)
        change()
        after = {path: seen(path) for path in pages}
        for path in pages:
            page_cache.forget_pages()
            assert seen(path) == after[path], (name, path)


def test_support_follow_residence_and_desk_are_each_reader_s_own(place, ayse, mehmet, derya, hakan, kocaeli):
    proposal, path = place["proposal"], place["pages"][-1]
    actions.support_proposal(actor=mehmet, proposal=proposal, at=timezone.now())
    actions.follow_proposal(actor=mehmet, proposal=proposal, at=timezone.now())
    expected = {
        mehmet: {"Desteklediniz", "Takibi bırak"},
        derya: {"Destek ver</button>", "Takip et", "Masam"},
        ayse: {"Destek ver</button>", "Yeni sürüm yaz"},
        hakan: {"hemşehriliğinizin doğrulanmış olması gerekir", "Takip et", "Masam"},
    }
    words = set().union(*expected.values())
    clients = {}
    for person in expected:
        clients[person] = Client()
        clients[person].force_login(person)
    for _ in range(2):
        for person, own in expected.items():
            page = clients[person].get(path).content.decode()
            assert {word for word in words if word in page} == own, person


def test_a_page_takes_eight_queries_at_most(place, ayse, mehmet, derya):
    """With everything a proposal can have below it; an office takes three more, for the desk and for what it may do."""
    proposal = place["proposal"]
    now = timezone.now()
    StageChange.objects.create(proposal=proposal, old=Stage.SUBMITTED, new=Stage.GATHERING, at=now)
    f.SupportFactory(proposal=proposal, shows_name=True)
    Attachment.objects.create(
        proposal=proposal, kind="pdf", name="plan.pdf", size=1, digest="0", file="plan.pdf", added_by=ayse, added_at=now
    )
    root = discussing.add_comment(
        actor=mehmet, thread=proposal.thread, text="@Ayşe Demir Bir söz.", key=uuid.uuid4(), at=now
    )
    discussing.add_comment(actor=ayse, thread=proposal.thread, text="Yanıt.", key=uuid.uuid4(), at=now, parent=root)
    _, _, listed, searched, detail = place["pages"]
    for person, most in ((None, 8), (mehmet, 8), (derya, 11)):
        client = Client()
        if person is not None:
            client.force_login(person)
        for path in (listed, searched, detail):
            client.get(path)
            page_cache.forget_pages()
            with CaptureQueriesContext(connection) as queries:
                client.get(path)
            assert len(queries) <= most, [query["sql"] for query in queries]


def test_parts_that_are_kept_leave_two_queries_to_a_reader_who_is_signed_in(place, mehmet, calm):
    reader = Client()
    reader.force_login(mehmet)
    for path, most in zip(place["pages"][2:], (1, 1, 2), strict=True):
        reader.get(path)
        assert queries_of(lambda path=path: reader.get(path)) <= most


@pytest.mark.django_db
def test_in_a_transaction_nothing_is_kept(kocaeli):
    path = reverse("council_home", args=["kocaeli"])
    Client().get(path)
    assert not page_cache._pages._kept
    assert not page_cache._values._kept
