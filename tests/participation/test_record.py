"""The public record as pages and feeds: complete, public, of one council, in order."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from councils.models import BodyKind
from journal.actions import record
from journal.models import Audience, Entry
from participation.record import PAGE_SIZE
from proposals.actions.moving import find_admissible
from proposals.stages import Stage
from tests import factories as f

ATOM = "{http://www.w3.org/2005/Atom}"


def write(
    kind="proposals.revised", *, proposal=None, council=None, body=None, topic="", audience=Audience.PUBLIC, **facts
) -> Entry:
    subject = proposal or body or council
    with transaction.atomic():
        return record(
            kind,
            actor=None,
            subject=subject,
            topic=topic or getattr(subject, "topic", f"council:{subject.pk}"),
            at=timezone.now(),
            council=council or subject.council,
            body=body,
            audience=audience,
            facts=facts,
        )


def pages_of(proposal) -> tuple[str, str]:
    args = [proposal.council.slug, proposal.number]
    return reverse("proposal_record", args=args), reverse("proposal_feed", args=args)


@pytest.fixture
def proposal(kocaeli, ulasim):
    return f.ProposalFactory(council=kocaeli, addressed_to=ulasim, title="Durağa gölgelik")


def test_a_proposals_record_holds_its_moves_its_discussion_and_its_ballots(client, kocaeli, hakan, proposal):
    find_admissible(actor=hakan, proposal=proposal, at=timezone.now())
    link = f.ProposalBallotFactory(proposal=proposal)
    write("discussions.comment_edited", proposal=proposal, topic=f"thread:{proposal.thread_id}")
    write("ballots.opened", proposal=proposal, topic=link.ballot.topic, question="Kabul edilsin mi?")
    write("ballots.opened", proposal=proposal, topic="ballot:999999", question="Başka bir oylama")
    page = client.get(pages_of(proposal)[0], {"yorumlarla": 1}).content.decode()
    for sentence in ("Öneri uygun bulundu", "yorumunu düzeltti", "Oylama açıldı: Kabul edilsin mi?"):
        assert sentence in page
    assert "Başka bir oylama" not in page


def test_a_proposals_record_and_feed_tell_its_steps_and_its_discussion_when_asked(client, proposal):
    write(proposal=proposal, version=2, note="adım")
    write("discussions.comment_edited", proposal=proposal, topic=f"thread:{proposal.thread_id}")
    told, switch = "yorumunu düzeltti", "Tartışma satırlarını da göster"
    for address in pages_of(proposal):
        assert told not in client.get(address).content.decode()
        assert told in client.get(address, {"yorumlarla": 1}).content.decode()
    record, feed = pages_of(proposal)
    assert switch in client.get(record).content.decode()
    everything = client.get(record, {"yorumlarla": 1}).content.decode()
    assert "Tartışma satırlarını gizle" in everything
    assert f"{feed}?yorumlarla=1" in everything
    narrowed = client.get(record, {"tur": "discussions"}).content.decode()
    assert told in narrowed
    assert switch not in narrowed


def test_only_what_is_public_is_told(client, kocaeli, ulasim, proposal, hakan):
    write(proposal=proposal, body=ulasim, version=2, note="herkese açık not")
    for audience in (Audience.INVOLVED, Audience.STAFF):
        write(proposal=proposal, body=ulasim, version=3, note="içeride kalan not", audience=audience)
    client.force_login(hakan)
    addresses = [
        *pages_of(proposal),
        *(reverse(name, args=[kocaeli.slug]) for name in ("council_journal", "council_feed")),
        *(reverse(name, args=[kocaeli.slug, ulasim.slug]) for name in ("group_record", "group_feed")),
    ]
    for address in addresses:
        page = client.get(address).content.decode()
        assert "herkese açık not" in page, address
        assert "içeride kalan not" not in page, address


def test_a_councils_record_is_its_own(client, kocaeli, adana):
    write("councils.updated", council=kocaeli, name="Kocaeli Kent Konseyi")
    assert "bilgileri güncellendi" in client.get(reverse("council_journal", args=[kocaeli.slug])).content.decode()
    there = client.get(reverse("council_journal", args=[adana.slug])).content.decode()
    assert "bilgileri güncellendi" not in there
    assert "Henüz kayıt yok" in there


def test_records_are_reached_only_through_their_council_and_their_kind(client, kocaeli, adana, ulasim, kadin, proposal):
    draft = f.ProposalFactory(council=kocaeli, stage=Stage.DRAFT)
    wrong = [
        reverse("proposal_record", args=[adana.slug, proposal.number]),
        reverse("proposal_feed", args=[adana.slug, proposal.number]),
        reverse("group_record", args=[adana.slug, ulasim.slug]),
        reverse("group_feed", args=[kocaeli.slug, kadin.slug]),
        reverse("assembly_record", args=[kocaeli.slug, ulasim.slug]),
        reverse("assembly_feed", args=[adana.slug, kadin.slug]),
        f"/{kocaeli.slug}/oneriler/{draft.key}/kayit/",
    ]
    for address in wrong:
        assert client.get(address).status_code == 404, address
    assert client.get(reverse("assembly_record", args=[kocaeli.slug, kadin.slug])).status_code == 200


def test_a_draft_is_not_told_even_when_an_entry_of_it_is_public(client, kocaeli):
    draft = f.ProposalFactory(council=kocaeli, stage=Stage.DRAFT, title="Gizli taslak")
    write("proposals.attachment_added", proposal=draft, name="gizli-ek.pdf")
    for name in ("council_journal", "council_feed"):
        assert "gizli-ek" not in client.get(reverse(name, args=[kocaeli.slug])).content.decode()


def test_the_record_is_narrowed_by_kind(client, kocaeli, proposal):
    write(proposal=proposal, version=2, note="metin notu")
    write("ballots.declared", proposal=proposal, yes=3, no=1, abstain=0)
    write("councils.updated", council=kocaeli, name="Kocaeli")
    address = reverse("council_journal", args=[kocaeli.slug])
    expected = {"": 3, "proposals": 1, "ballots": 1, "discussions": 0, "councils": 1, "nonsense": 3}
    for group, count in expected.items():
        assert len(client.get(address, {"tur": group}).context["lines"]) == count, group


def test_pages_hold_fifty_and_nothing_is_lost_or_shown_twice(client, kocaeli, proposal):
    for number in range(PAGE_SIZE * 2 + 5):
        write(proposal=proposal, version=number, note=f"not {number}")
    address = pages_of(proposal)[0]
    found, following = [], "?"
    while following:
        context = client.get(address + following).context
        found += [line.id for line in context["lines"]]
        following = context["page"].next
    assert found == sorted(found, reverse=True)
    assert len(found) == len(set(found)) == PAGE_SIZE * 2 + 5
    back = client.get(address + context["page"].previous).context
    assert [line.id for line in back["lines"]] == found[PAGE_SIZE : PAGE_SIZE * 2]
    assert client.get(address + back["page"].previous).context["page"].previous is None


@pytest.mark.parametrize("place", ["x", "WyJuIiwxXQ", "WyJuIiwgImFiYyJd", "bnVsbA", "%00", "9" * 700, "WyJuIiwgWzFdXQ"])
def test_a_forged_place_gives_a_page_and_not_an_error(client, kocaeli, proposal, place):
    write(proposal=proposal, version=1, note="not")
    assert client.get(pages_of(proposal)[0], {"sayfa": place}).status_code == 200


def test_a_feed_is_well_formed_escaped_and_its_ids_stay(client, kocaeli, proposal):
    nasty = 'A & B <script>alert("x")</script> \x0b ]]>'
    entry = write(proposal=proposal, version=2, note=nasty)
    first = client.get(pages_of(proposal)[1])
    assert first["Content-Type"].startswith("application/atom+xml")
    feed = ET.fromstring(first.content)
    (told,) = feed.findall(f"{ATOM}entry")
    assert '<script>alert("x")</script>' in told.findtext(f"{ATOM}title")
    assert told.findtext(f"{ATOM}id") == f"tag:127.0.0.1,2026:entry-{entry.pk}"
    assert told.find(f"{ATOM}link").get("href").endswith(proposal.get_absolute_url())
    assert feed.find(f"{ATOM}link[@rel='self']").get("href").endswith(pages_of(proposal)[1])
    write(proposal=proposal, version=3, note="sonraki")
    again = ET.fromstring(client.get(pages_of(proposal)[1]).content)
    ids = [row.findtext(f"{ATOM}id") for row in again.findall(f"{ATOM}entry")]
    assert len(ids) == 2
    assert told.findtext(f"{ATOM}id") == ids[1]


def test_every_feed_is_well_formed_when_nothing_has_happened(client, kocaeli, ulasim, kadin):
    for name, args in {"council_feed": [], "group_feed": [ulasim.slug], "assembly_feed": [kadin.slug]}.items():
        answer = client.get(reverse(name, args=[kocaeli.slug, *args]))
        assert answer.status_code == 200
        ET.fromstring(answer.content)


def test_a_page_of_fifty_costs_as_much_as_one_of_two(client, kocaeli, ulasim, django_assert_max_num_queries):
    for one in f.ProposalFactory.create_batch(10, council=kocaeli, addressed_to=ulasim):
        for number in range(5):
            write(proposal=one, body=ulasim, version=number, note="not")
    for address in (
        reverse("council_journal", args=[kocaeli.slug]),
        reverse("group_record", args=[kocaeli.slug, ulasim.slug]),
    ):
        with django_assert_max_num_queries(12):
            client.get(address)


def test_organs_have_a_record_too(client, kocaeli):
    board = f.BodyFactory(council=kocaeli, kind=BodyKind.EXECUTIVE_BOARD, name="Yürütme Kurulu")
    write("councils.member_added", council=kocaeli, body=board, topic=board.topic)
    page = client.get(reverse("assembly_record", args=[kocaeli.slug, board.slug])).content.decode()
    assert "… yeni bir üye kazandı." in page
