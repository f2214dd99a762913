"""After the vote of its body: the executive board, back to the body, and the directorate's own answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from ballots.actions import cast_vote, close_ballot_now
from ballots.models import Choice
from councils.models import BodyKind, Holder, Role, Route
from journal.models import Entry
from people.verdicts import Refused
from proposals import actions
from proposals.models import Proposal, ProposalBallot, StageChange
from proposals.stages import Stage
from tests import factories as f

NOW = timezone.now()
WHY = {"reason": "Maliyet hesabı eksik, tamamlanınca yeniden gelsin.", "reason_code": "incomplete"}


@pytest.fixture
def board(kocaeli):
    return f.BodyFactory(council=kocaeli, kind=BodyKind.EXECUTIVE_BOARD, name="Yürütme Kurulu")


@pytest.fixture
def zeki(board):
    """The president of the executive board."""
    person = f.PersonFactory(display_name="Zeki Aydın")
    f.MembershipFactory(body=board, person=person, role=Role.PRESIDENT)
    return person


@pytest.fixture
def on_board(kocaeli, ulasim, ayse):
    proposal = f.ProposalFactory(
        council=kocaeli, addressed_to=ulasim, author=ayse, procedure=f.whole_way(kocaeli), created_at=NOW
    )
    return f.carry(proposal, Stage.BOARD, at=NOW)


@pytest.fixture
def direct(kocaeli, ayse):
    f.ProcedureFactory(council=kocaeli)
    return f.ProposalFactory(
        council=kocaeli,
        author=ayse,
        addressed_to=f.BodyFactory(council=kocaeli, kind=BodyKind.DIRECTORATE, name="STK Şube Müdürlüğü"),
        stage=Stage.DIRECTORATE,
        created_at=NOW,
    )


def test_what_the_body_adopts_goes_to_the_board_where_the_procedure_says_so(kocaeli, ulasim, derya):
    proposal = f.ProposalFactory(council=kocaeli, addressed_to=ulasim, procedure=f.whole_way(kocaeli), created_at=NOW)
    f.carry(proposal, Stage.IN_GROUP)
    at = timezone.now()
    ballot = actions.open_ballot(actor=derya, proposal=proposal, closes_at=at + timedelta(days=1), at=at)
    cast_vote(actor=derya, ballot=ballot, paper=Choice.YES)
    close_ballot_now(actor=derya, ballot=ballot, reason="Herkes oyunu verdi.")
    proposal.refresh_from_db()
    assert (proposal.stage, proposal.holder, proposal.ended_at) == (Stage.BOARD, Holder.EXECUTIVE_BOARD, None)
    assert proposal.due_at > at


def test_the_board_puts_it_on_the_agenda_and_a_second_click_changes_nothing(on_board, zeki):
    for _click in range(2):
        proposal = actions.put_on_agenda(actor=zeki, proposal=on_board, at=NOW)
    assert (proposal.stage, proposal.holder) == (Stage.GENERAL_ASSEMBLY, Holder.GENERAL_ASSEMBLY)
    assert Entry.objects.filter(kind="proposals.put_on_assembly_agenda").count() == 1


@pytest.mark.parametrize("who", ["ayse", "derya", "hakan", "selin", "superuser"])
def test_nobody_else_puts_it_on_the_agenda_or_gives_it_back(request, on_board, who):
    person, before = request.getfixturevalue(who), (Entry.objects.count(), StageChange.objects.count())
    for act, more in ((actions.put_on_agenda, {}), (actions.give_back, WHY)):
        with pytest.raises(Refused):
            act(actor=person, proposal=on_board, at=NOW, **more)
    assert (Entry.objects.count(), StageChange.objects.count()) == before
    assert Proposal.objects.get(pk=on_board.pk).stage == Stage.BOARD


def test_given_back_it_is_discussed_and_voted_on_again_under_the_reason(on_board, zeki, derya, client):
    ballot = f.BallotFactory(electors=[derya])
    ProposalBallot.objects.create(proposal=on_board, ballot=ballot)
    proposal = actions.give_back(actor=zeki, proposal=on_board, at=NOW, **WHY)
    assert (proposal.stage, proposal.holder) == (Stage.IN_GROUP, Holder.BODY)
    assert not proposal.ballot_links.filter(is_current=True).exists()
    page = client.get(proposal.get_absolute_url()).content.decode()
    assert WHY["reason"] in page
    assert "Eksik bilgi ya da belge var" in page


def test_a_reason_of_another_exit_is_refused_and_leaves_no_trace(on_board, zeki):
    before = Entry.objects.count()
    with pytest.raises(Exception, match="türünü"):
        actions.give_back(actor=zeki, proposal=on_board, reason=WHY["reason"], reason_code="no_majority", at=NOW)
    assert (Proposal.objects.get(pk=on_board.pk).stage, Entry.objects.count()) == (Stage.BOARD, before)


def test_what_is_proposed_to_the_directorate_goes_straight_to_it(kocaeli, ayse, hakan, selin):
    office = f.BodyFactory(council=kocaeli, kind=BodyKind.DIRECTORATE, name="STK Şube Müdürlüğü")
    assert Route.to(office) == Route.DIRECTORATE
    draft = f.ProposalFactory(council=kocaeli, author=ayse, addressed_to=office, stage=Stage.DRAFT)
    proposal = actions.submit_proposal(actor=ayse, proposal=draft, at=NOW)
    assert proposal.way == ["submitted", "directorate", "implementation", "done", "reviewed"]
    proposal = actions.find_admissible(actor=hakan, proposal=proposal, at=NOW)
    assert (proposal.stage, proposal.holder) == (Stage.DIRECTORATE, Holder.DIRECTORATE)
    accepted = actions.accept_directly(actor=selin, proposal=proposal, reason="Bu yıl yapacağız.", at=NOW)
    assert (accepted.stage, accepted.ended_at) == (Stage.IMPLEMENTATION, None)


def test_the_directorate_declines_with_a_reason_and_nobody_answers_themselves(direct, selin, hakan):
    with pytest.raises(Refused, match="müdürlük görevlisi"):
        actions.accept_directly(actor=hakan, proposal=direct, reason="Bu yıl yapacağız.", at=NOW)
    Proposal.objects.filter(pk=direct.pk).update(author=selin)
    with pytest.raises(Refused, match="Kendi önerinizi"):
        actions.accept_directly(actor=selin, proposal=direct, reason="Bu yıl yapacağız.", at=NOW)
    other = f.PersonFactory()
    f.OfficerFactory(council=direct.council, person=other)
    proposal = actions.decline_directly(
        actor=other, proposal=direct, reason="Bu yılın bütçesinde yeri yok.", reason_code="no_budget", at=NOW
    )
    assert (proposal.stage, proposal.holder, proposal.due_at) == (Stage.DECLINED, "", None)
    assert proposal.moves.last().reason_code == "no_budget"


def test_the_pages_lead_there_and_say_who_decides(client, on_board, zeki, kocaeli):
    def page(name):
        return client.get(reverse(name, args=[kocaeli.slug, on_board.number]))

    client.force_login(f.PersonFactory())
    assert page("proposal_put_on_agenda").status_code == 403
    client.force_login(zeki)
    assert "Genel kurulun gündemine al" in client.get(on_board.get_absolute_url()).content.decode()
    assert page("proposal_put_on_agenda").status_code == 200
    url = reverse("proposal_put_on_agenda", args=[kocaeli.slug, on_board.number])
    assert client.post(url).status_code == client.post(url).status_code == 302
    assert Proposal.objects.get(pk=on_board.pk).stage == Stage.GENERAL_ASSEMBLY


def test_an_answer_that_says_too_little_comes_back_with_what_was_typed(client, direct, selin, kocaeli):
    client.force_login(selin)
    url = reverse("proposal_answer", args=[kocaeli.slug, direct.number])
    answer = client.post(url, {"decision": "decline", "decline-reason": "Olmaz."})
    assert answer.status_code == 422
    assert "Olmaz." in answer.content.decode()
    good = {"decision": "accept", "accept-reason": "Bu yıl yapılacak, fen işleri üstlendi."}
    assert client.post(url, good).status_code == 302
    assert Proposal.objects.get(pk=direct.pk).stage == Stage.IMPLEMENTATION
