"""The pages of the municipal council's way with an opinion, and the same through the API."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from proposals import actions
from proposals.models import Decision, DecisionDocument, Opinion
from proposals.stages import Stage
from tests import factories as f
from tests.proposals.municipal import before_the_council, proposals_of, sent_opinion
from tests.proposals.test_attachments import pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def things(kocaeli, ulasim, selin):
    return before_the_council(kocaeli, ulasim, entered_by=selin)


@pytest.fixture
def opinion(kocaeli, ulasim, things):
    return sent_opinion(kocaeli, ulasim, sent_at=timezone.now() - timedelta(days=30))


@pytest.fixture
def url(kocaeli):
    return lambda name, *arguments: reverse(name, args=[kocaeli.slug, *arguments])


def stage_of(opinion):
    return Stage(proposals_of(opinion)[0].stage)


def test_everybody_reads_a_confirmed_decision_and_nobody_one_that_waits(client, things, url):
    listed = client.get(url("decision_list")).content.decode()
    assert things["decision"].number in listed
    assert f">{things['waiting'].number} sayılı" not in listed
    page = client.get(things["decision"].get_absolute_url()).content.decode()
    for part in (
        "41 kabul, 12 ret, 2 çekimser",
        "imar planında",
        "Selin Aksoy",
        proposals_of(things["decision"].opinion)[0].title,
    ):
        assert part in page
    assert client.get(things["waiting"].get_absolute_url()).status_code == 404


def test_the_second_person_compares_and_confirms_on_the_page(client, things, url, hakan, selin, kocaeli):
    waiting = things["waiting"]
    page, settle = waiting.get_absolute_url(), url("decision_settle", waiting.pk)
    client.force_login(selin)
    own = client.get(page).content.decode()
    assert 'name="confirm"' not in own
    assert "ikinci bir kişi onaylar" in own
    assert client.post(settle, {"confirm": "1"}).status_code == 403
    client.force_login(hakan)
    assert waiting.number in client.get(url("desk")).content.decode()
    assert 'name="confirm"' in client.get(page).content.decode()
    assert client.post(settle, {"confirm": "1"}).url == page
    assert stage_of(things["opinion"]) == Stage.IMPLEMENTATION
    assert client.post(settle, {"withdraw": "1"}).status_code == 403
    client.logout()
    proposal = proposals_of(things["opinion"])[0]
    shown = client.get(proposal.get_absolute_url()).content.decode()
    assert f"{waiting.number} sayılı karar" in shown
    assert "imar planında" in shown


def test_an_entry_is_withdrawn_on_the_page_and_entered_anew(client, things, url, selin):
    client.force_login(selin)
    client.post(url("decision_settle", things["waiting"].pk), {"withdraw": "1"})
    assert Decision.objects.get(pk=things["waiting"].pk).state == "withdrawn"
    form = client.get(url("decision_enter", things["opinion"].number)).context["form"]
    number = proposals_of(things["opinion"])[0].number
    day = timezone.localtime(things["taking"].starts_at).date()
    typed = {
        "meeting": things["taking"].pk, "decided_on": day.isoformat(), "serial": "118", "is_unanimous": "on",
        "reasons": "Bütçede karşılığı yok.", f"outcome-{number}": "declined", f"code-{number}": "no_budget",
    }  # fmt: skip
    assert f"outcome-{number}" in form.fields
    wrong = client.post(
        url("decision_enter", things["opinion"].number), typed | {f"code-{number}": "", "votes_for": "3"}
    )
    assert (wrong.status_code, set(wrong.context["form"].errors)) == (422, {f"code-{number}", "votes_for"})
    answer = client.post(url("decision_enter", things["opinion"].number), typed)
    entered = Decision.objects.get(state="pending")
    assert (answer.url, entered.serial, entered.tally) == (entered.get_absolute_url(), 118, "Oy birliği")
    again = client.post(url("decision_enter", things["opinion"].number), typed | {"serial": "119"})
    assert again.status_code == 403


def test_the_steps_are_entered_on_one_page(client, kocaeli, opinion, url, hakan):
    ahead = f.MunicipalMeetingFactory(council=kocaeli)
    page = url("opinion_in_council", opinion.number)
    client.force_login(hakan)
    assert page in client.get(url("desk")).content.decode()
    assert [name for name, _form in client.get(page).context["forms"]] == ["gundem"]
    assert client.post(page, {"adim": "gundem", "meeting": ahead.pk}).status_code == 422
    assert client.post(page, {"adim": "komisyon", "commission": "Ulaşım"}).status_code == 403
    assert client.post(page, {"adim": "gundem", "meeting": ahead.pk, "number": "7"}).url == page
    assert [name for name, _form in client.get(page).context["forms"]] == ["komisyon", "gundem", "cikar"]
    client.post(page, {"adim": "komisyon", "commission": "Ulaşım Komisyonu"})
    assert stage_of(opinion) == Stage.IN_COMMISSION
    assert client.post(page, {"adim": "rapor", "report": "Öyle."}).status_code == 422
    client.post(page, {"adim": "rapor", "report": "Komisyon yerinde buldu."})
    client.post(page, {"adim": "cikar", "reason": "Sonraki toplantıya kaldı."})
    assert stage_of(opinion) == Stage.SENT
    shown = client.get(proposals_of(opinion)[0].get_absolute_url()).content.decode()
    for part in ("7. madde", "Ulaşım Komisyonu", "Komisyon yerinde buldu.", "Sonraki toplantıya kaldı."):
        assert part in shown


def test_a_meeting_that_passed_is_named_on_the_proposal_the_calendar_and_the_desk(client, opinion, things, url, hakan):
    assert actions.note_missed_meetings(at=timezone.now()) == 2  # this opinion and the one whose decision waits
    pages = (proposals_of(opinion)[0].get_absolute_url(), opinion.get_absolute_url(), url("municipal_meetings"))
    for address in pages:
        shown = client.get(address).content.decode()
        assert things["taking"].name in shown
        assert "ilk toplantıda görüşülmeliydi" in shown
    assert opinion.number in shown
    client.force_login(hakan)
    assert url("opinion_in_council", opinion.number) in client.get(opinion.get_absolute_url()).content.decode()
    assert "1 toplantı gündeme alınmadan geçti" in client.get(url("desk")).content.decode()
    type(things["taking"]).objects.update(state="postponed", note="Toplanamadı")
    client.logout()
    assert "ilk toplantıda" not in client.get(proposals_of(opinion)[0].get_absolute_url()).content.decode()


def test_the_document_is_added_and_given_out_as_a_download(settings, tmp_path, client, things, url, hakan):
    storages = settings.STORAGES
    settings.STORAGES = {**storages, "default": {**storages["default"], "OPTIONS": {"location": str(tmp_path)}}}
    page, add = things["decision"].get_absolute_url(), url("decision_document_add", things["decision"].pk)
    client.force_login(hakan)
    wrong = client.post(add, {"kind": "decision", "file": SimpleUploadedFile("karar.pdf", b"merhaba")})
    assert (wrong.status_code, set(wrong.context["form"].errors)) == (422, {"file"})
    upload = SimpleUploadedFile("karar.pdf", pdf(active=True), content_type="application/pdf")
    assert client.post(add, {"kind": "decision", "file": upload}).url == page
    client.logout()
    document = DecisionDocument.objects.get()
    file = url("decision_document", things["decision"].pk, document.pk)
    assert file in client.get(page).content.decode()
    answer = client.get(file)
    assert answer["Content-Disposition"] == 'attachment; filename="karar.pdf"'
    assert "sandbox" in answer["Content-Security-Policy"]
    assert b"JavaScript" not in b"".join(answer.streaming_content)
    assert client.get(url("decision_document", things["waiting"].pk, document.pk)).status_code == 404


def test_pages_cost_the_same_with_much_on_them(
    client, kocaeli, ulasim, things, url, selin, django_assert_max_num_queries
):
    another = f.PersonFactory()
    f.OfficerFactory(council=kocaeli, person=another)
    for serial in range(10, 40):
        opinion = sent_opinion(kocaeli, ulasim, sent_at=timezone.now() - timedelta(days=30))
        fields = {
            "meeting": things["taking"], "serial": serial, "is_unanimous": True, "reasons": "Herkes uygun buldu, kabul edildi.",
            "decided_on": timezone.localtime(things["taking"].starts_at).date(),
        }  # fmt: skip
        said = [actions.Said(proposal, "accepted") for proposal in proposals_of(opinion)]
        decision = actions.enter_decision(actor=selin, opinion=opinion, said=fields, outcomes=said, at=timezone.now())
        actions.confirm_decision(actor=another, decision=decision, at=timezone.now())
    with django_assert_max_num_queries(5):
        assert len(client.get(url("decision_list")).context["lines"]) == 20
    with django_assert_max_num_queries(11):
        client.get(url("municipal_meetings"))
    with django_assert_max_num_queries(9):
        client.get(decision.get_absolute_url())
    with django_assert_max_num_queries(6):
        client.get(f"/api/v1/councils/{kocaeli.slug}/decisions/")


def test_a_program_enters_confirms_and_reads(client, kocaeli, opinion, things, hakan, selin):
    ahead = f.MunicipalMeetingFactory(council=kocaeli)
    base = f"/api/v1/councils/{kocaeli.slug}/"
    council = f"opinions/{opinion.number}/council/"

    def post(person, path, body):
        client.force_login(person)
        return client.post(base + path, body, content_type="application/json")

    assert post(hakan, f"{council}agenda/", {"meeting": ahead.pk, "number": 7}).json()["agenda"][0]["number"] == 7
    assert post(hakan, f"{council}commission/", {"commission": "Ulaşım Komisyonu"}).status_code == 200
    report = post(hakan, f"{council}commission/report/", {"report": "Komisyon yerinde buldu."}).json()
    assert report["commissions"][0]["report"] == "Komisyon yerinde buldu."
    off = post(hakan, f"{council}agenda/off/", {"reason": "Sonraki toplantıya kaldı."}).json()
    assert (off["is_waiting"], off["target"]) == (True, ahead.pk)

    proposal = proposals_of(opinion)[0]
    body = {
        "meeting": things["taking"].pk, "serial": 118, "votes_for": 30, "votes_against": 5, "votes_abstain": 0,
        "decided_on": timezone.localtime(things["taking"].starts_at).date().isoformat(),
        "reasons": "Yarısı bütçede var, o yapılacak.",
        "outcomes": [{"proposal": proposal.number, "outcome": "partly", "accepted_parts": "Sahil kesimi"}],
    }  # fmt: skip
    for wrong in (
        {"meeting": 2**40},
        {"votes_for": 3},
        {"outcomes": []},
        {"outcomes": [{"proposal": "YOK", "outcome": "accepted"}]},
    ):
        assert post(hakan, f"{council}decision/", body | wrong).status_code == 400
    entered = post(hakan, f"{council}decision/", body).json()
    path = f"decisions/{entered['id']}/"
    assert (entered["state"], entered["confirmed_by"]) == ("pending", None)
    assert post(hakan, f"{path}confirm/", {}).json()["code"] == "own_entry"
    client.logout()
    assert client.get(base + path).status_code == 404
    assert post(selin, f"{path}confirm/", {}).json()["confirmed_by"] == selin.display_name
    client.logout()
    read = client.get(base + path).json()
    year = timezone.localtime(things["taking"].starts_at).year
    assert (read["number"], read["outcomes"][0]["outcome"], stage_of(opinion)) == (
        f"{year}/118",
        "partly",
        Stage.IMPLEMENTATION,
    )
    assert [row["id"] for row in client.get(f"{base}decisions/").json()["results"]] == [
        entered["id"],
        things["decision"].pk,
    ]


def test_nothing_of_another_council_is_reached(client, adana, things, hakan):
    client.force_login(hakan)
    for name, arguments in (
        ("decision_detail", [things["decision"].pk]),
        ("decision_document", [things["decision"].pk, 1]),
    ):
        assert client.get(reverse(name, args=[adana.slug, *arguments])).status_code == 404
    assert (
        client.get(reverse("opinion_in_council", args=[adana.slug, Opinion.objects.first().number])).status_code == 403
    )
