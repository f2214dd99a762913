"""Merging and splitting keep supports, followers and discussions, and both sides name each other."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from journal.models import Entry
from people.models import Person
from people.verdicts import Refused
from proposals import actions
from proposals.models import Follow, Proposal, Support
from proposals.stages import Stage
from tests import factories as f
from tests.proposals.test_races import at_once

NOW = timezone.now()
WHY = "İkisi de aynı kavşağa ışık istiyor."


def gathering(council, body, *supporters, **fields):
    proposal = f.ProposalFactory(council=council, addressed_to=body, stage=Stage.GATHERING, **fields)
    for person in supporters:
        f.SupportFactory(proposal=proposal, person=person)
    return proposal


@pytest.fixture
def people(db):
    return [f.PersonFactory() for _ in range(5)]


def test_supporters_and_followers_come_along_once_and_both_pages_name_each_other(
    client, kocaeli, ulasim, hakan, people
):
    a, b, c, _d, _e = people
    old = gathering(kocaeli, ulasim, a, b, support_threshold=10)
    new = gathering(kocaeli, ulasim, b, c, support_threshold=10)
    f.FollowFactory(proposal=old, person=a)
    comment = f.CommentFactory(thread=old.thread, author=a, text="Kavşakta ışık yok.")
    into = actions.merge_proposals(actor=hakan, proposal=old, into=new, reason=WHY, at=NOW)
    old.refresh_from_db()
    assert (old.stage, old.merged_into, old.ended_at, into.stage) == (Stage.MERGED, new, NOW, Stage.GATHERING)
    assert into.support_count == Support.objects.filter(proposal=new).count() == 3
    assert list(Support.objects.filter(proposal=new, came_from=old).values_list("person", flat=True)) == [a.pk]
    assert set(Follow.objects.filter(proposal=new).values_list("person", flat=True)) == {a.pk, old.author_id}
    before = client.get(old.get_absolute_url()).content.decode()
    after = client.get(new.get_absolute_url()).content.decode()
    assert new.get_absolute_url() in before
    assert comment.text in before
    assert old.get_absolute_url() in after


def test_a_second_click_changes_nothing_and_a_merged_one_takes_in_nothing(kocaeli, ulasim, hakan):
    old, new, third = (gathering(kocaeli, ulasim) for _ in range(3))
    for _click in range(2):
        actions.merge_proposals(actor=hakan, proposal=old, into=new, reason=WHY, at=NOW)
    assert Entry.objects.filter(kind__in=["proposals.merged", "proposals.took_in"]).count() == 2
    with pytest.raises(Refused, match="bu aşamada"):
        actions.merge_proposals(actor=hakan, proposal=third, into=old, reason=WHY, at=NOW)


def test_together_they_reach_the_threshold_and_move_on(kocaeli, ulasim, hakan, people):
    a, b, c, *_rest = people
    old, new = gathering(kocaeli, ulasim, a, b), gathering(kocaeli, ulasim, c)
    into = actions.merge_proposals(actor=hakan, proposal=old, into=new, reason=WHY, at=NOW)
    assert (into.support_count, into.stage) == (3, Stage.IN_GROUP)


def test_enough_supports_brought_before_admissibility_move_it_on_once_it_is_admitted(kocaeli, ulasim, hakan, people):
    old = gathering(kocaeli, ulasim, *people[:3])
    new = f.ProposalFactory(council=kocaeli, addressed_to=ulasim, support_threshold=3)
    into = actions.merge_proposals(actor=hakan, proposal=old, into=new, reason=WHY, at=NOW)
    assert (into.support_count, into.stage) == (3, Stage.SUBMITTED)
    actions.find_admissible(actor=hakan, proposal=new, at=NOW)
    new.refresh_from_db()
    assert new.stage == Stage.IN_GROUP
    assert [(move.old, move.new) for move in new.moves.all()] == [
        (Stage.SUBMITTED, Stage.GATHERING),
        (Stage.GATHERING, Stage.IN_GROUP),
    ]


@pytest.mark.parametrize("who", ["ayse", "mehmet", "selin", "nermin"])
def test_only_the_secretary_and_who_leads_the_body_merge_and_split(request, kocaeli, ulasim, who):
    person = request.getfixturevalue(who)
    old, new = gathering(kocaeli, ulasim), gathering(kocaeli, ulasim)
    parts = [actions.Part("Bir", "", "Metin bir."), actions.Part("İki", "", "Metin iki.")]
    with pytest.raises(Refused):
        actions.merge_proposals(actor=person, proposal=old, into=new, reason=WHY, at=NOW)
    with pytest.raises(Refused):
        actions.split_proposal(actor=person, proposal=old, parts=parts, reason=WHY, at=NOW)
    assert (Proposal.objects.count(), Entry.objects.count()) == (2, 0)


def test_another_council_s_proposal_and_itself_are_no_targets(kocaeli, adana, ulasim, hakan):
    old, there = gathering(kocaeli, ulasim), f.ProposalFactory(council=adana, stage=Stage.GATHERING)
    for into in (old, there):
        with pytest.raises(ValidationError):
            actions.merge_proposals(actor=hakan, proposal=old, into=into, reason=WHY, at=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_proposals_merged_into_each_other_at_once_leave_one(kocaeli, ulasim, hakan, derya):
    one, other = gathering(kocaeli, ulasim), gathering(kocaeli, ulasim)

    def merge(actor, proposal, into):
        try:
            actions.merge_proposals(actor=actor, proposal=proposal, into=into, reason=WHY, at=NOW)
        except Refused:
            return "refused"
        return "done"

    answers = at_once([lambda: merge(hakan, one, other), lambda: merge(derya, other, one)])
    assert sorted(answers) == ["done", "refused"]
    assert Proposal.objects.filter(stage=Stage.MERGED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_supports_given_to_both_while_they_are_merged_are_counted_once_each(kocaeli, ulasim, hakan):
    old, new = gathering(kocaeli, ulasim, support_threshold=99), gathering(kocaeli, ulasim, support_threshold=99)
    residents = [f.ResidenceFactory(council=kocaeli).person for _ in range(6)]
    calls = [
        lambda p=person, to=proposal: actions.support_proposal(actor=p, proposal=to, at=NOW)
        for person in residents
        for proposal in (new, old)
    ]

    def merge():
        return actions.merge_proposals(actor=hakan, proposal=old, into=new, reason=WHY, at=NOW)

    answers = at_once([merge, *calls])
    new.refresh_from_db()
    assert not isinstance(answers[0], Refused)
    assert new.support_count == new.supports.count() == len(residents)
    assert set(old.supports.values_list("person", flat=True)) <= {person.pk for person in residents}


@pytest.mark.django_db(transaction=True)
def test_two_who_take_a_proposal_apart_at_once_leave_one_set_of_parts(kocaeli, ulasim, hakan, derya):
    whole = gathering(kocaeli, ulasim)
    parts = [actions.Part("Işık", "", "Kavşağa ışık."), actions.Part("Yol", "", "Yol birleşsin.")]
    answers = at_once(
        [
            lambda who=who: actions.split_proposal(actor=who, proposal=whole, parts=parts, reason=WHY, at=NOW)
            for who in (hakan, derya)
        ]
    )
    assert [isinstance(answer, Refused) for answer in answers].count(True) == 1
    assert Proposal.objects.filter(split_from=whole).count() == 2


def test_parts_begin_where_the_whole_stood_with_its_supports_and_dates(client, kocaeli, ulasim, hakan, people):
    whole = gathering(kocaeli, ulasim, *people[:2], support_threshold=10)
    f.CommentFactory(thread=whole.thread, text="İki ayrı konu bu.")
    parts = [actions.Part("Işık", "Kavşağa ışık.", "Kavşağa ışık."), actions.Part("Yol", "", "Yol birleşsin.")]
    made = actions.split_proposal(actor=hakan, proposal=whole, parts=parts, reason=WHY, at=NOW)
    whole.refresh_from_db()
    assert (whole.stage, [part.split_from for part in made]) == (Stage.SPLIT, [whole, whole])
    for part in made:
        assert (part.stage, part.support_count, part.support_closes_at) == (
            Stage.GATHERING,
            2,
            whole.support_closes_at,
        )
        assert (part.author, part.procedure, part.way) == (whole.author, whole.procedure, whole.way)
        assert part.thread != whole.thread
        assert part.versions.get().text == part.text
    assert len({whole.number, *(part.number for part in made)}) == 3
    assert "İki ayrı konu bu." in client.get(whole.get_absolute_url()).content.decode()
    assert whole.number in client.get(made[0].get_absolute_url()).content.decode()
    assert made[1].number in client.get(whole.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    "parts",
    [
        [("Bir", "Metin")],
        [("Bir", "Metin"), ("Bir", "Başka metin")],
        [("Bir", "Metin"), ("", "Metin")],
        [("Bir", "Metin"), ("İki", " ")],
        [(f"{n}", "Metin") for n in range(9)],
        [("B" * 121, "Metin"), ("İki", "Metin")],
    ],
)
def test_parts_that_are_none_are_refused_and_leave_no_trace(kocaeli, ulasim, hakan, parts):
    whole = gathering(kocaeli, ulasim)
    with pytest.raises(ValidationError):
        actions.split_proposal(
            actor=hakan,
            proposal=whole,
            parts=[actions.Part(title, "", text) for title, text in parts],
            reason=WHY,
            at=NOW,
        )
    assert (Proposal.objects.count(), Entry.objects.count()) == (1, 0)


def test_thousands_of_supports_come_along_in_a_fixed_number_of_statements(
    kocaeli, ulasim, hakan, people, django_assert_max_num_queries
):
    old, new = (
        gathering(kocaeli, ulasim, support_threshold=99_999),
        gathering(kocaeli, ulasim, support_threshold=99_999),
    )
    many = [Person(email=f"cok{n}@ornek.invalid", display_name=f"Kişi {n}") for n in range(2000)]
    Person.objects.bulk_create(many)
    Support.objects.bulk_create([Support(proposal=old, person=person, created_at=NOW) for person in many])
    with django_assert_max_num_queries(30):
        into = actions.merge_proposals(actor=hakan, proposal=old, into=new, reason=WHY, at=NOW)
    assert into.support_count == 2000


def test_the_pages_merge_and_split(client, kocaeli, ulasim, derya):
    client.force_login(derya)
    old, new = gathering(kocaeli, ulasim), gathering(kocaeli, ulasim)
    url = reverse("proposal_merge", args=[kocaeli.slug, old.number])
    assert new.number in client.get(url).content.decode()  # offered as similar
    wrong = client.post(url, {"into": "KOC-2026-9999", "reason_code": "same_request", "reason": WHY})
    assert (wrong.status_code, "böyle başka bir öneri yok" in wrong.content.decode()) == (422, True)
    sent = {"into": new.number.lower(), "reason_code": "same_request", "reason": WHY}
    assert client.post(url, sent).status_code == client.post(url, sent).status_code == 302
    url = reverse("proposal_split", args=[kocaeli.slug, new.number])
    typed = {"parts": "2", "part0-title": "Işık", "part0-text": "Işık konsun.", "part1-title": "Yol", "reason": WHY}
    more = client.post(url, typed | {"more": "1"}).content.decode()
    assert more.count('<fieldset class="card') == 3
    assert "Işık konsun." in more
    assert "metnini yazın" not in more  # nothing is wrong yet where a part is added
    wrong = client.post(url, typed | {"reason_code": "several_matters"})
    assert (wrong.status_code, 'id="id_part1-text_error"' in wrong.content.decode()) == (422, True)
    assert "Işık konsun." in wrong.content.decode()
    good = typed | {"reason_code": "several_matters", "part1-text": "Yol birleşsin."}
    assert client.post(url, good).status_code == 302
    assert Proposal.objects.filter(split_from=new).count() == 2
