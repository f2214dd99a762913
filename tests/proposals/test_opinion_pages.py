"""Pages, document and API of opinions."""

from __future__ import annotations

import io
from datetime import timedelta
from unittest.mock import patch

import pikepdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from councils.models import Membership, Role
from documents import DocumentError
from proposals import actions
from proposals.actions.opinions.tallying import Figures
from proposals.models import AssemblyTally, Opinion
from proposals.opinion_states import OpinionState
from proposals.opinions.documents import document_data, opinion_pdf
from proposals.opinions.permissions import assembly_of
from proposals.stages import Stage
from tests import factories as f
from tests.proposals.opinions import NOW, assembly, before_the_assembly, minutes

TODAY = timezone.localtime(NOW).date()


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path)}},
    }
    return tmp_path


def url(name, *more):
    return reverse(name, args=["kocaeli", *more])


def test_the_way_from_two_proposals_to_the_municipality_by_the_pages(client, kocaeli, hakan, ulasim):
    assembly(kocaeli)
    officer = f.OfficerFactory(council=kocaeli).person
    two = [before_the_assembly(kocaeli, ulasim) for _ in range(2)]
    client.force_login(hakan)
    desk = client.get(url("desk")).content.decode()
    assert f"{url('opinion_new')}?oneri={two[0].number}" in desk
    client.post(url("opinion_new"), {"proposals": [two[0].pk]})
    opinion = Opinion.objects.get()
    draft = url("opinion_draft", opinion.key)
    client.post(f"{url('opinion_new')}?taslak={opinion.key}", {"proposals": [two[1].pk]})
    said = {"title": "Kıyı", "text": "Genel kurul **uygun** bulur.", "base": 2, "proposals": [row.pk for row in two]}
    assert client.post(draft, {**said, "base": 1}).status_code == 422
    assert client.post(draft, said).status_code == 302
    assert "Sonraki adım: genel kurul" in client.get(draft).content.decode()
    assert "en az 3 üye" in client.get(url("opinion_open_ballot", opinion.key)).content.decode()
    figures = {"held_on": TODAY, "present": 4, "votes_for": 3, "votes_against": 1, "votes_abstain": 0}
    tally_page = url("opinion_tally", opinion.key)
    few = client.post(tally_page, {**figures, "present": 2, "votes_for": 1, "file": minutes()})
    assert (few.status_code, "Tutanakta 2 üye var" in few.content.decode()) == (403, True)
    client.post(tally_page, {**figures, "file": minutes()})
    opinion.refresh_from_db()
    assert (opinion.state, AssemblyTally.objects.count()) == (OpinionState.VOTING, 1)
    own = client.post(url("opinion_settle", opinion.number), {"decision": "confirm"})
    assert (own.status_code, "ikinci bir kişi" in own.content.decode()) == (403, True)
    assert client.get(url("opinion_pdf", opinion.number)).status_code == 404

    client.force_login(officer)
    assert url("opinion_settle", opinion.number) in client.get(url("desk")).content.decode()
    client.post(url("opinion_settle", opinion.number), {"decision": "confirm"})
    client.force_login(hakan)
    assert url("opinion_send", opinion.number) in client.get(url("desk")).content.decode()
    client.post(url("opinion_send", opinion.number), {"sent_on": TODAY, "registry_number": "E-4821"})

    client.logout()
    page = client.get(url("opinion_detail", opinion.number.lower())).content.decode()
    for words in ("E-4821", "<strong>uygun</strong>", two[0].number, two[1].title, "5 üyeden 4", "gorus.pdf"):
        assert words in page
    assert client.get(url("opinion_minutes", opinion.number))["Content-Type"] == "application/pdf"
    for row in two:
        row.refresh_from_db()
        assert row.stage == Stage.SENT
    assert opinion.number in client.get(two[0].get_absolute_url()).content.decode()
    assert opinion.number in client.get(f"{url('opinion_list')}?durum=gonderilen&yil={TODAY.year}").content.decode()
    assert opinion.number not in client.get(f"{url('opinion_list')}?durum=ret").content.decode()


def test_an_opinion_put_to_vote_here_shows_its_ballot(client, kocaeli, hakan, ulasim):
    assembly(kocaeli)
    client.force_login(hakan)
    client.post(url("opinion_new"), {"proposals": [before_the_assembly(kocaeli, ulasim).pk]})
    opinion = Opinion.objects.get()
    ends = TODAY + timedelta(days=7)
    said = {"opening": "now", "closes_on": ends, "closes_time": "18:00", "visibility": "live"}
    answer = client.post(url("opinion_open_ballot", opinion.key), said)
    opinion.refresh_from_db()
    assert answer["Location"] == url("opinion_detail", opinion.number)
    client.logout()
    assert "ballot-area" in client.get(answer["Location"]).content.decode()


def test_the_list_costs_the_same_for_any_number_of_opinions(client, kocaeli, django_assert_max_num_queries):
    person = f.PersonFactory()
    for serial in range(1, 31):
        f.OpinionFactory(council=kocaeli, prepared_by=person, serial=serial)
    with django_assert_max_num_queries(8):
        page = client.get(url("opinion_list")).content.decode()
    assert page.count('class="num">KOC-G-') == 20


def test_the_document_is_accessible_and_anew_when_something_changes(kocaeli, ulasim, media):
    proposal = before_the_assembly(kocaeli, ulasim, title='#read("/etc/passwd") $x$ \\ @a')
    opinion = f.OpinionFactory(
        council=kocaeli, state=OpinionState.ADOPTED, proposals=[proposal], title='İğne #read("/etc/passwd")'
    )
    first = opinion_pdf(opinion)
    with pikepdf.open(io.BytesIO(first)) as read:
        assert str(read.docinfo["/Title"]) == opinion.title
        assert str(read.Root.Lang) == "tr"
        links = [str(note.A.URI) for page in read.pages for note in page.get("/Annots", [])]
    assert links == [document_data(opinion)["address"]]
    with patch("proposals.opinions.documents.render_pdf") as made:
        assert opinion_pdf(opinion) == first
    made.assert_not_called()
    opinion.state, opinion.sent_on, opinion.registry_number = OpinionState.SENT, TODAY, "E-1"
    assert opinion_pdf(opinion) != first
    assert len(list((media / "opinions" / "documents" / str(opinion.pk)).iterdir())) == 1


def test_a_document_that_cannot_be_set_is_told(client, kocaeli):
    opinion = f.OpinionFactory(council=kocaeli)
    with patch("proposals.opinions.documents.render_pdf", side_effect=DocumentError("no")):
        assert client.get(url("opinion_pdf", opinion.number)).status_code == 503


def test_the_same_by_the_api(client, kocaeli, hakan, ulasim):
    assembly(kocaeli)
    proposal = before_the_assembly(kocaeli, ulasim)
    base = "/api/v1/councils/kocaeli/"
    client.force_login(hakan)
    json = {"content_type": "application/json"}
    made = client.post(f"{base}opinion-drafts/", {"proposals": [proposal.number]}, **json)
    assert made.status_code == 201, made.content
    key = made.json()["key"]
    said = {"title": "Kıyı", "text": "Görüşümüz.", "proposals": [proposal.number], "base": 1}
    assert client.put(f"{base}opinion-drafts/{key}/", said, **json).json()["title"] == "Kıyı"
    figures = {"held_on": TODAY, "present": 4, "votes_for": 3, "votes_against": 1, "votes_abstain": 0}
    entered = client.post(f"{base}opinion-drafts/{key}/tally/", {**figures, "file": minutes()})
    assert entered.json()["tally"]["state"] == "pending", entered.content
    number = entered.json()["number"]
    client.force_login(f.OfficerFactory(council=kocaeli).person)
    settled = client.post(f"{base}opinions/{number}/settle-tally/", {"confirm": True}, **json)
    assert settled.json()["state"] == "adopted", settled.content
    client.force_login(hakan)
    sent = client.post(
        f"{base}opinions/{number}/send/", {"sent_on": str(TODAY), "registry_number": "E-1"}, **json
    ).json()
    assert (sent["state"], sent["registry_number"], sent["proposals"]) == ("sent", "E-1", [proposal.number])
    client.logout()
    listed = client.get(f"{base}opinions/?state=sent&year={TODAY.year}").json()["results"]
    assert [row["number"] for row in listed] == [number]
    assert client.get(f"{base}opinions/{number}/").json()["text"] == "Görüşümüz."
    assert client.get(f"{base}opinion-drafts/").status_code in {401, 403}


def test_minutes_that_wait_are_read_by_who_entered_them_and_for_whom_they_wait_by_page_and_api(
    client, kocaeli, hakan, ayse, ulasim
):
    assembly(kocaeli)
    opinion = actions.prepare_opinion(
        actor=hakan, council=kocaeli, proposals=[before_the_assembly(kocaeli, ulasim)], at=NOW
    )
    president = f.MembershipFactory(body=assembly_of(kocaeli), role=Role.PRESIDENT).person
    said = Figures(TODAY, 4, 3, 1, 0)
    tally = actions.enter_tally(actor=president, opinion=opinion, figures=said, upload=minutes(), at=NOW)
    Membership.objects.filter(person=president).update(ends_on=TODAY - timedelta(days=1))
    opinion.refresh_from_db()
    places = (url("opinion_minutes", opinion.number), f"/api/v1/councils/kocaeli/opinions/{opinion.number}/minutes/")

    def answers(person):
        client.force_login(person)
        return {client.get(place).status_code for place in places}

    assert (answers(president), answers(hakan), answers(ayse)) == ({200}, {200}, {404})
    actions.confirm_tally(actor=hakan, tally=tally, at=NOW)
    assert answers(ayse) == {200}


def test_drafts_are_read_page_by_page(client, kocaeli, hakan):
    titles = [f.OpinionFactory(council=kocaeli, state="draft", title=f"Taslak {n:02}").title for n in range(33)]
    client.force_login(hakan)
    first = client.get(url("opinion_list")).context["drafts"]
    second = client.get(url("opinion_list") + first.next).context["drafts"]
    assert [row.title for row in (*first.items, *second.items)] == titles


def test_the_list_of_drafts_costs_the_same_however_many_there_are(
    client, kocaeli, hakan, ulasim, django_assert_num_queries
):
    def prepare():
        proposals = [before_the_assembly(kocaeli, ulasim)]
        actions.prepare_opinion(actor=hakan, council=kocaeli, proposals=proposals, at=NOW)

    prepare()
    client.force_login(hakan)
    place = "/api/v1/councils/kocaeli/opinion-drafts/"
    with CaptureQueriesContext(connection) as one:
        assert len(client.get(place).json()["results"]) == 1
    for _ in range(3):
        prepare()
    with django_assert_num_queries(len(one)):
        assert len(client.get(place).json()["results"]) == 4
