"""An opinion before the municipal council: agenda, commission, off the agenda, and the meeting that passed without it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from journal.kinds import sentence
from journal.models import Entry
from people.verdicts import Refused
from proposals import actions
from proposals.actions.due import due_of
from proposals.models import AgendaItem, CommissionStage, MissedMeeting
from proposals.stages import Stage
from proposals.tasks import note_missed_meetings
from tests import factories as f
from tests.proposals.municipal import (
    AUGUST,
    EVENING,
    MIDNIGHT,
    SENT_AT,
    SEPTEMBER,
    meetings,
    proposals_of,
    sent_opinion,
)

pytestmark = pytest.mark.django_db
AT = SENT_AT + timedelta(days=1)


@pytest.fixture
def calendar(kocaeli):
    return meetings(kocaeli)


@pytest.fixture
def opinion(kocaeli, ulasim, calendar):
    return sent_opinion(kocaeli, ulasim, count=2)


def told(proposal):
    return [sentence(e.kind, e.facts) for e in Entry.objects.filter(topic=proposal.topic).order_by("pk")]


def stages(opinion):
    return [Stage(proposal.stage) for proposal in proposals_of(opinion)]


def test_the_whole_opinion_goes_on_the_agenda_to_a_commission_and_back(opinion, calendar, hakan, selin):
    august, _september = calendar
    for _twice in range(2):
        actions.put_on_municipal_agenda(actor=hakan, opinion=opinion, meeting=august, number=7, at=AT)
    assert stages(opinion) == [Stage.ON_AGENDA] * 2
    actions.refer_to_commission(actor=selin, opinion=opinion, commission=" Ulaşım  Komisyonu ", at=AUGUST)
    assert stages(opinion) == [Stage.IN_COMMISSION] * 2
    report = "Komisyon görüşü yerinde buldu."
    actions.take_back_from_commission(actor=selin, opinion=opinion, report=report, at=AUGUST + timedelta(days=9))
    assert stages(opinion) == [Stage.ON_AGENDA] * 2
    assert told(proposals_of(opinion)[0]) == [
        "KOC-G-2037-0001 numaralı görüş belediye meclisinin gündeminde: Ağustos 2037 birleşimi, 13 Ağustos 2037, 7. madde",
        "KOC-G-2037-0001 numaralı görüş komisyona gönderildi: Ulaşım Komisyonu",
        "Ulaşım Komisyonu raporunu verdi: Komisyon görüşü yerinde buldu.",
    ]


def test_an_opinion_goes_on_to_a_later_agenda_without_leaving_its_stage(opinion, calendar, hakan):
    august, september = calendar
    actions.put_on_municipal_agenda(actor=hakan, opinion=opinion, meeting=august, number=7, at=AT)
    actions.put_on_municipal_agenda(actor=hakan, opinion=opinion, meeting=september, number=3, at=AUGUST)
    assert stages(opinion) == [Stage.ON_AGENDA] * 2
    assert list(AgendaItem.objects.order_by("pk").values_list("number", "ended_at", "off_reason")) == [
        (7, AUGUST, ""),
        (3, None, ""),
    ]
    with pytest.raises(ValidationError, match="daha sonraki"):
        actions.put_on_municipal_agenda(actor=hakan, opinion=opinion, meeting=august, number=9, at=AUGUST)


def test_what_is_taken_off_waits_for_the_meeting_whose_agenda_is_open_then(opinion, calendar, hakan):
    august, _september = calendar
    actions.put_on_municipal_agenda(actor=hakan, opinion=opinion, meeting=august, number=7, at=AT)
    reason = "Başkanlığın isteğiyle geri çekildi."
    with pytest.raises(ValidationError):
        actions.take_off_municipal_agenda(actor=hakan, opinion=opinion, reason="Öyle.", at=AUGUST)
    actions.take_off_municipal_agenda(actor=hakan, opinion=opinion, reason=reason, at=AUGUST)
    assert [(p.stage, p.due_at) for p in proposals_of(opinion)] == [(Stage.SENT, SEPTEMBER)] * 2
    assert actions.note_missed_meetings(at=MIDNIGHT) == 0  # it was on the agenda of August
    assert actions.note_missed_meetings(at=SEPTEMBER + timedelta(days=1)) == 1


def test_what_was_sent_is_due_at_the_first_meeting_whose_agenda_is_open(opinion, calendar, ulasim):
    proposal = proposals_of(opinion)[0]
    assert due_of(proposal, Stage.SENT, at=AT) == AUGUST
    assert due_of(proposal, Stage.SENT, at=calendar[0].agenda_closes_at) == SEPTEMBER
    assert due_of(proposal, Stage.SENT, at=SEPTEMBER) is None


def test_the_same_agenda_number_is_no_other_opinion_s(opinion, calendar, hakan, kocaeli, ulasim):
    other = sent_opinion(kocaeli, ulasim)
    actions.put_on_municipal_agenda(actor=hakan, opinion=opinion, meeting=calendar[0], number=7, at=AT)
    with pytest.raises(ValidationError) as error:
        actions.put_on_municipal_agenda(actor=hakan, opinion=other, meeting=calendar[0], number=7, at=AT)
    assert (set(error.value.message_dict), stages(other)) == ({"number"}, [Stage.SENT])


@pytest.mark.parametrize("which", ["called off", "before", "elsewhere", "number"])
def test_only_a_meeting_that_may_take_the_opinion_up_is_taken(opinion, calendar, kocaeli, adana, hakan, which):
    meeting = {
        "called off": lambda: f.MunicipalMeetingFactory(
            council=kocaeli, state="cancelled", note="Yok", starts_at=MIDNIGHT
        ),
        "before": lambda: f.MunicipalMeetingFactory(council=kocaeli, starts_at=SENT_AT - timedelta(days=1)),
        "elsewhere": lambda: f.MunicipalMeetingFactory(council=adana, starts_at=MIDNIGHT),
        "number": lambda: calendar[0],
    }[which]()
    number = 0 if which == "number" else 7
    with pytest.raises(ValidationError):
        actions.put_on_municipal_agenda(actor=hakan, opinion=opinion, meeting=meeting, number=number, at=AT)
    assert (stages(opinion), AgendaItem.objects.count()) == ([Stage.SENT] * 2, 0)


@pytest.mark.parametrize("who", ["derya", "ayse", "nermin", "murat"])
def test_nobody_but_secretary_and_directorate_enters_the_council_s_steps(opinion, calendar, request, who):
    actor = request.getfixturevalue(who)
    for deed in (
        lambda: actions.put_on_municipal_agenda(actor=actor, opinion=opinion, meeting=calendar[0], number=7, at=AT),
        lambda: actions.refer_to_commission(actor=actor, opinion=opinion, commission="Ulaşım", at=AT),
        lambda: actions.take_back_from_commission(actor=actor, opinion=opinion, report="Yerinde bulundu.", at=AT),
        lambda: actions.take_off_municipal_agenda(actor=actor, opinion=opinion, reason="Geri çekildi denildi.", at=AT),
    ):
        with pytest.raises(Refused, match="konsey sekreteri ya da müdürlük"):
            deed()
    assert (Entry.objects.count(), AgendaItem.objects.count(), CommissionStage.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize("stage", [Stage.OPINION, Stage.IMPLEMENTATION, Stage.DECLINED, Stage.IN_GROUP])
def test_what_is_not_before_the_council_is_not_put_there(kocaeli, ulasim, calendar, hakan, stage):
    opinion = sent_opinion(kocaeli, ulasim, stage=stage)
    for deed in (
        lambda: actions.put_on_municipal_agenda(actor=hakan, opinion=opinion, meeting=calendar[0], number=7, at=AT),
        lambda: actions.refer_to_commission(actor=hakan, opinion=opinion, commission="Ulaşım", at=AT),
        lambda: actions.take_off_municipal_agenda(actor=hakan, opinion=opinion, reason="Geri çekildi denildi.", at=AT),
    ):
        with pytest.raises(Refused) as refusal:
            deed()
        assert refusal.value.code == "wrong_stage"
    assert (stages(opinion), Entry.objects.count()) == ([stage], 0)


# --- The red flag -----------------------------------------------------------------------------------------------------
def test_a_meeting_that_passes_without_the_opinion_is_flagged_once_and_the_next_takes_its_place(opinion, calendar):
    august, september = calendar
    assert actions.note_missed_meetings(at=EVENING) == 0  # its day is not over, and nobody has said that it was held
    assert [actions.note_missed_meetings(at=MIDNIGHT) for _twice in range(2)] == [1, 0]
    assert list(MissedMeeting.objects.values_list("meeting", "at")) == [(august.pk, MIDNIGHT)]
    for proposal in proposals_of(opinion):
        assert told(proposal) == [
            (
                "Ağustos 2037 birleşimi (13 Ağustos 2037) geçti; KOC-G-2037-0001 numaralı görüş gündeme alınmadı. "
                "Yasaya göre ilk toplantıda görüşülmeliydi."
            )
        ]
        assert (proposal.stage, proposal.due_at) == (Stage.SENT, SEPTEMBER)
    assert actions.note_missed_meetings(at=SEPTEMBER + timedelta(days=2)) == 1
    assert [p.due_at for p in proposals_of(opinion)] == [None, None]
    assert MissedMeeting.objects.filter(meeting=september).count() == 1


def test_opinions_that_missed_no_meeting_are_not_locked(opinion, calendar, django_assert_num_queries):
    actions.note_missed_meetings(at=MIDNIGHT)
    with django_assert_num_queries(1):
        assert actions.note_missed_meetings(at=SEPTEMBER - timedelta(minutes=1)) == 0


def test_a_meeting_that_was_held_is_flagged_on_its_day(opinion, calendar):
    type(calendar[0]).objects.filter(pk=calendar[0].pk).update(state="held")
    assert actions.note_missed_meetings(at=EVENING) == 1


@pytest.mark.parametrize("why", ["called off", "agenda closed", "on the agenda", "not sent"])
def test_nothing_is_flagged_that_was_not_missed(kocaeli, ulasim, calendar, hakan, why):
    august = calendar[0]
    sent_at = {"agenda closed": august.agenda_closes_at, "not sent": None}.get(why, SENT_AT)
    opinion = sent_opinion(kocaeli, ulasim, sent_at=sent_at)
    if why == "called off":
        type(august).objects.filter(pk=august.pk).update(state="postponed", note="Bayram")
    elif why == "on the agenda":
        actions.put_on_municipal_agenda(actor=hakan, opinion=opinion, meeting=august, number=1, at=AT)
    assert actions.note_missed_meetings(at=MIDNIGHT) == 0
    assert MissedMeeting.objects.count() == 0


def test_two_workers_flag_a_meeting_once(transactional_db, opinion, side_by_side):
    found = side_by_side([lambda: actions.note_missed_meetings(at=MIDNIGHT)] * 3)
    assert (sorted(found), MissedMeeting.objects.count()) == ([0, 0, 1], 1)


def test_a_flag_is_never_taken_back(opinion):
    actions.note_missed_meetings(at=MIDNIGHT)
    for deed in (lambda: MissedMeeting.objects.update(at=AT), lambda: MissedMeeting.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            deed()


def test_the_task_flags_by_the_database_s_clock(opinion):
    assert note_missed_meetings.run() == 0  # its meeting lies ahead of any clock
