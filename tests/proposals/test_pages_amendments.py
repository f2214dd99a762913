"""Pages of amendments: asking, reading, deciding, and who is told."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from proposals import actions
from proposals.amending import digest_of, paragraphs_of
from proposals.models import Amendment
from proposals.stages import Stage
from tests import factories as f

pytestmark = pytest.mark.django_db
TEXT = "Sahil yolu üç yerde kesiliyor ve bisikletliler yola iniyor.\n\nParçalar birleştirilsin.\n\nIşıklar konsun."
TYPED = {
    "kind": "replace",
    "text": "Dört parça birleştirilsin.",
    "reason": "Orada bir kesinti daha var.",
    "digest": digest_of("Parçalar birleştirilsin."),
}


@pytest.fixture
def proposal(kocaeli, ulasim, ayse):
    return f.ProposalFactory(council=kocaeli, addressed_to=ulasim, author=ayse, stage=Stage.GATHERING, text=TEXT)


@pytest.fixture
def amendment(proposal, mehmet):
    return ask(mehmet, proposal)


def ask(person, proposal, **fields):
    fields = {"kind": "replace", "position": 2, "text": TYPED["text"], "reason": TYPED["reason"]} | fields
    return actions.propose_amendment(actor=person, proposal=proposal, at=timezone.now(), **fields)


def address(name, proposal, *more):
    return reverse(name, args=["kocaeli", proposal.number, *more])


def read(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def test_the_way_from_the_proposal_to_an_amendment_and_to_the_next_version(client, proposal, mehmet, ayse):
    """Without JavaScript: every step is a link or a form."""
    text = address("proposal_text", proposal)
    assert f'href="{text}"' in read(client, proposal.get_absolute_url())
    client.force_login(mehmet)
    propose = address("amendment_propose", proposal, 2)
    assert f'href="{propose}"' in read(client, text)
    assert TYPED["digest"] in read(client, propose)
    preview = client.post(propose, TYPED | {"do": "preview"}).content.decode()
    assert "</span>Dört" in preview
    assert not Amendment.objects.exists()
    answer = client.post(propose, TYPED)
    made = Amendment.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, made.get_absolute_url())
    assert client.post(propose, TYPED)["Location"] == made.get_absolute_url()  # the second click
    client.force_login(ayse)
    decide = address("amendment_decide", proposal, 1)
    assert f'href="{decide}"' in read(client, made.get_absolute_url())
    assert f"{address('proposal_amendments', proposal)}?durum=acik" in read(client, proposal.get_absolute_url())
    assert client.post(decide, {"decision": "accept", "reason": ""}).status_code == 302
    assert client.post(decide, {"decision": "accept", "reason": ""}).status_code == 302
    proposal.refresh_from_db()
    assert (proposal.version, paragraphs_of(proposal.text)[1]) == (2, TYPED["text"])


def test_the_text_says_what_came_from_whom(client, proposal, amendment, mehmet, ayse, nermin):
    removal = ask(nermin, proposal, kind="remove", position=3, text="")
    for each in (amendment, removal):
        actions.accept_amendment(actor=ayse, amendment=each, at=timezone.now())
    page = read(client, address("proposal_text", proposal))
    first, second = page.split('<li id="p-')[1:]
    assert "Ayşe Demir yazdı (1. sürüm)" in first
    assert "değiştirdi" not in first
    assert "Ayşe Demir yazdı (1. sürüm) · Mehmet Arslan değiştirdi (2. sürüm)" in second
    assert "3. sürümde, Nermin Çelik istediği için" in page
    versions = read(client, f"{proposal.get_absolute_url()}surumler/")
    assert "1. değişiklik önergesinden, Mehmet Arslan" in versions


def test_two_on_one_paragraph_stand_beside_each_other_and_the_other_is_asked_to_renew(
    client, proposal, amendment, ayse, nermin
):
    rival = ask(nermin, proposal, text="Beş parça birleştirilsin.")
    beside = read(client, amendment.get_absolute_url())
    assert "Beş" in beside
    assert "Aynı paragraf için öbür önergeler" in beside
    actions.accept_amendment(actor=ayse, amendment=amendment, at=timezone.now())
    client.force_login(nermin)
    page = read(client, rival.get_absolute_url())
    assert "Önergemi yenile" in page
    renew = address("amendment_propose", proposal, 2)
    form = read(client, f"{renew}?yenile=2")
    assert "Beş parça birleştirilsin." in form
    assert "2. önergenizi yeniliyorsunuz." in form
    typed = TYPED | {"text": "Beş parça birleştirilsin.", "digest": digest_of(TYPED["text"]), "renews": "2"}
    assert client.post(renew, typed).status_code == 302
    assert Amendment.objects.get(number=3).renews == rival
    assert "3. önergeyle yenilendi" in read(client, rival.get_absolute_url())
    assert "Önergemi yenile" not in read(client, rival.get_absolute_url())


def test_a_paragraph_that_changed_while_somebody_wrote_is_told_and_what_was_typed_stays(client, proposal, mehmet, ayse):
    client.force_login(mehmet)
    text = TEXT.replace("Parçalar", "Bütün parçalar")
    fields = {"title": proposal.title, "summary": proposal.summary, "text": text, "note": "Daha açık söyledim."}
    actions.revise_proposal(actor=ayse, proposal=proposal, at=timezone.now(), **fields)
    answer = client.post(address("amendment_propose", proposal, 2), TYPED)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "bu paragraf değişti" in page
    assert TYPED["text"] in page
    assert digest_of("Bütün parçalar birleştirilsin.") in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"text": ""}, "Yeni metni yazın."),
        ({"text": "Parçalar birleştirilsin."}, "Metinde bir değişiklik yok."),
        ({"reason": "Kısa"}, "en az 10 harfle"),
        ({"kind": "burn"}, "Geçerli bir seçenek"),
        ({"digest": ""}, "zorunlu"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(client, proposal, mehmet, typed, sentence):
    client.force_login(mehmet)
    answer = client.post(address("amendment_propose", proposal, 2), TYPED | typed)
    assert (answer.status_code, Amendment.objects.count()) == (422, 0)
    if sentence not in {"Geçerli bir seçenek", "zorunlu"}:
        assert sentence in answer.content.decode()


def test_a_refusal_needs_its_kind_and_its_reason(client, proposal, amendment, ayse):
    client.force_login(ayse)
    decide = address("amendment_decide", proposal, 1)
    for wrong in ({"reason": "Bunu ölçtük, üç kesinti var."}, {"reason": "Yok", "reason_code": "other"}):
        assert client.post(decide, {"decision": "decline"} | wrong).status_code == 422
    right = {"decision": "decline", "reason": "Bunu ölçtük, üç kesinti var.", "reason_code": "already_said"}
    assert client.post(decide, right).status_code == 302
    page = read(client, amendment.get_absolute_url())
    assert "Metinde zaten var." in page
    assert "Bunu ölçtük, üç kesinti var." in page
    assert "bu karar" not in read(client, decide, status=403)


def test_an_amendment_is_taken_back_by_its_author(client, proposal, amendment, mehmet):
    client.force_login(mehmet)
    path = address("amendment_withdraw", proposal, 1)
    assert "Geri çek" in read(client, path)
    assert [client.post(path).status_code for _ in range(2)] == [302, 302]
    amendment.refresh_from_db()
    assert amendment.state == "withdrawn"


@pytest.mark.parametrize("place", [4, 99_999, 10**30])
def test_a_paragraph_or_an_amendment_that_is_none_is_not_found(client, proposal, amendment, mehmet, place):
    client.force_login(mehmet)
    assert client.get(address("amendment_propose", proposal, place)).status_code == 404
    for name in ("amendment_detail", "amendment_decide", "amendment_withdraw"):
        assert client.get(address(name, proposal, place)).status_code == 404


def test_an_amendment_is_found_through_its_own_proposal_alone(client, proposal, amendment, kocaeli, ulasim, ayse):
    other = f.ProposalFactory(council=kocaeli, addressed_to=ulasim, author=ayse, stage=Stage.GATHERING)
    assert client.get(address("amendment_detail", other, amendment.number)).status_code == 404


def test_the_list_is_narrowed_by_state_and_costs_the_same_however_many_there_are(
    client, proposal, amendment, nermin, mehmet, django_assert_num_queries
):
    path = address("proposal_amendments", proposal)
    client.get(path)
    with django_assert_num_queries(few := queries_of(client, path)):
        client.get(path)
    for person in [f.ResidenceFactory(council=proposal.council).person for _ in range(12)]:
        ask(person, proposal)
        ask(person, proposal, kind="insert", position=3, text="Bir cümle daha.")
    actions.withdraw_amendment(actor=mehmet, amendment=amendment, at=timezone.now())
    with django_assert_num_queries(few):
        client.get(path)
    assert read(client, path).count('class="card stack tight amendment"') == 20
    assert read(client, f"{path}?durum=geri-cekilen").count('class="card stack tight amendment"') == 1
    text = address("proposal_text", proposal)
    with django_assert_num_queries(queries_of(client, text)):
        client.get(text)


def queries_of(client, path):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as seen:
        client.get(path)
    return len(seen)


def test_the_author_is_told_on_their_own_page_and_the_facilitator_on_the_desk(
    client, kocaeli, proposal, amendment, ayse, derya, mehmet
):
    decide = address("amendment_decide", proposal, 1)
    client.force_login(ayse)
    assert decide in read(client, reverse("me"))
    client.force_login(derya)
    desk = reverse("desk", args=["kocaeli"])
    assert decide not in read(client, desk)
    type(proposal).objects.filter(pk=proposal.pk).update(stage=Stage.IN_GROUP)
    assert decide in read(client, desk)
    assert "1 değişiklik önergesi karara bağlanmadı" in read(client, address("proposal_open_ballot", proposal))
    client.force_login(mehmet)
    assert amendment.get_absolute_url() in read(client, reverse("me"))


def test_an_undecided_one_on_an_ended_text_says_so(client, proposal, amendment, mehmet, ayse):
    actions.withdraw_proposal(
        actor=ayse,
        proposal=proposal,
        reason="Vazgeçtim, başka türlü yazacağım.",
        reason_code="rewritten",
        at=timezone.now(),
    )
    assert "Karara bağlanmadı" in read(client, amendment.get_absolute_url())
    client.force_login(ayse)
    assert "karar-bekleyen-onergeler" not in read(client, reverse("me"))
