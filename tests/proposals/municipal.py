"""An opinion that was sent to the municipal council, and its calendar, for tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from councils.meetings.rules import at_istanbul
from proposals import actions
from proposals.actions import Said
from proposals.models import Opinion, OpinionProposal
from proposals.stages import Stage
from tests import factories as f

SENT_AT = datetime(2037, 7, 20, 9, tzinfo=UTC)
AUGUST = datetime(2037, 8, 13, 11, tzinfo=UTC)
SEPTEMBER = datetime(2037, 9, 10, 11, tzinfo=UTC)
EVENING = datetime(2037, 8, 13, 18, tzinfo=UTC)
"""After the meeting of August, on its day."""
WHY = "Yolun bu kesimi imar planında bisiklet yolu olarak görünüyor."


def meetings(council):
    return [
        f.MunicipalMeetingFactory(council=council, starts_at=day, name=f"{month} 2037 birleşimi")
        for month, day in (("Ağustos", AUGUST), ("Eylül", SEPTEMBER))
    ]


def sent_opinion(council, body, *, count=1, stage=Stage.SENT, **fields):
    """An opinion on so many proposals, sent in July 2037."""
    serial = Opinion.objects.count() + 1
    at = fields.get("sent_at", SENT_AT)
    sent = (
        {"sent_at": at, "sent_on": at.date(), "registry_number": "E-2037/1", "sent_by": f.PersonFactory()} if at else {}
    )
    opinion = Opinion.objects.create(
        council=council, year=2037, serial=serial, number=f"{council.code}-G-2037-{serial:04}", title="Sahil yolu",
        text="Görüş metni.", state="sent" if at else "adopted", prepared_by=f.PersonFactory(), created_at=at or SENT_AT,
        state_since=at or SENT_AT, adopted_at=at or SENT_AT, **sent,
    )  # fmt: skip
    for _ in range(count):
        proposal = f.ProposalFactory(
            council=council,
            addressed_to=body,
            stage=stage,
            stage_since=SENT_AT,
            created_at=SENT_AT - timedelta(days=90),
        )
        OpinionProposal.objects.create(opinion=opinion, proposal=proposal)
    return opinion


def proposals_of(opinion):
    links = OpinionProposal.objects.filter(opinion=opinion).select_related("proposal").order_by("proposal_id")
    return [link.proposal for link in links]


def before_the_council(council, body, *, entered_by):
    """An opinion that was sent a month ago, and a decision of a later meeting that waits for its second person."""
    now = timezone.now()
    opinion = sent_opinion(council, body, sent_at=now - timedelta(days=30))
    meeting = f.MunicipalMeetingFactory(council=council, starts_at=now - timedelta(days=2), state="held")
    confirmed = sent_opinion(council, body, sent_at=now - timedelta(days=30))
    decisions = []
    for serial, each in enumerate((opinion, confirmed), 1):
        fields = decision_fields(meeting, serial=serial, decided_on=timezone.localtime(meeting.starts_at).date())
        said = [Said(proposal, "accepted") for proposal in proposals_of(each)]
        decisions.append(actions.enter_decision(actor=entered_by, opinion=each, said=fields, outcomes=said, at=now))
    another = f.PersonFactory()
    f.OfficerFactory(council=council, person=another)
    actions.confirm_decision(actor=another, decision=decisions[1], at=now)
    return {"opinion": opinion, "waiting": decisions[0], "decision": decisions[1], "taking": meeting}


def decision_fields(meeting, **fields):
    return {
        "meeting": meeting,
        "serial": 118,
        "decided_on": meeting.starts_at.date(),
        "is_unanimous": False,
        "votes_for": 41,
        "votes_against": 12,
        "votes_abstain": 2,
        "reasons": WHY,
    } | fields


MIDNIGHT = at_istanbul(AUGUST.date() + timedelta(days=1), datetime.min.time())
