"""The general assembly votes on an opinion by a ballot here."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ballots import actions as ballots
from ballots.models import Ballot, Outcome, ResultsVisibility
from ballots.wording import needed_sentence
from councils.models import Council, Membership
from people.models import Person
from people.verdicts import no
from proposals.actions.balloting import LONGEST, SHORTEST
from proposals.actions.opinions.common import (
    adopt,
    back_to_draft,
    decline,
    locked_opinion,
    rule_of,
    set_state,
    take_number,
    tell,
)
from proposals.journal_kinds import ProposalKind
from proposals.models import Opinion, OpinionBallot
from proposals.opinion_states import OpinionState
from proposals.opinions.permissions import assembly_of, may_ask_assembly
from turkish.kept import in_the_record

POLICY = "proposals.opinion"


def assembly_roll(council: Council, *, at: datetime) -> list[int]:
    """The ids of those with a running, voting seat in the general assembly."""
    day = timezone.localtime(at).date()
    assembly = assembly_of(council)
    seats = Membership.objects.on(day).voting().filter(body=assembly, person__is_active=True)
    return sorted(set(seats.values_list("person_id", flat=True))) if assembly is not None else []


@transaction.atomic
def open_opinion_ballot(
    *,
    actor: Person,
    opinion: Opinion,
    closes_at: datetime,
    opens_at: datetime | None = None,
    visibility: str = ResultsVisibility.LIVE,
    at: datetime,
) -> Ballot:
    """Put the opinion to the voting members of the general assembly, on the roll of this moment.

    Its number is taken, its text and proposals stand from now on. Quorum and majority are those of the proposals' procedure.
    Raises `ValidationError` on ``closes_at``, ``opens_at`` or ``proposals``; refuses with ``no_electors`` for an empty roll.
    """
    opinion, proposals = locked_opinion(opinion)
    may_ask_assembly(actor, opinion, at=at).require()
    rule = rule_of(proposals)
    if opens_at is not None and opens_at < at - timedelta(minutes=1):
        raise ValidationError({"opens_at": _("Açılış geçmişte olamaz.")})
    starts = max(opens_at or at, at)
    if closes_at - starts < SHORTEST:
        raise ValidationError({"closes_at": _("Oylama en az 5 dakika açık kalmalı.")})
    if closes_at - starts > LONGEST:
        raise ValidationError({"closes_at": _("Oylama en çok 60 gün açık kalabilir.")})
    electors = assembly_roll(opinion.council, at=at)
    if not electors:
        no(_("Genel kurulun oy hakkı olan üyesi yok."), code="no_electors").require()
    take_number(opinion, at=at)
    with in_the_record():
        question = _("“%(title)s” başlıklı görüş kabul edilsin mi?") % {"title": opinion.title}
    ballot = ballots.open_ballot(
        actor=actor,
        policy=POLICY,
        question=question,
        electors=electors,
        opens_at=opens_at,
        closes_at=closes_at,
        quorum=rule.quorum(len(electors)),
        majority=rule.majority,
        visibility=visibility,
        at=at,
        place=(opinion.council, assembly_of(opinion.council)),
    )
    set_state(opinion, OpinionState.VOTING, at=at)
    opinion.save()
    OpinionBallot.objects.create(opinion=opinion, ballot=ballot)
    tell(ProposalKind.OPINION_PUT_TO_VOTE, opinion, proposals, actor=actor, at=at, ballot=ballot.pk)
    return ballot


@transaction.atomic
def conclude_opinion_ballot(*, ballot: Ballot, at: datetime) -> Opinion:
    """Move the opinion and all of its proposals by its ballot's declared outcome: adopted, declined, or back to a draft."""
    link = OpinionBallot.objects.select_related("opinion").get(ballot=ballot)
    opinion, proposals = locked_opinion(link.opinion)
    tally = {"yes": ballot.yes_votes, "no": ballot.no_votes, "abstain": ballot.abstentions, "ballot": ballot.pk}
    if ballot.decided_outcome == Outcome.PASSED:
        adopt(opinion, proposals, actor=None, at=at, **tally)
    elif ballot.decided_outcome == Outcome.REJECTED:
        with in_the_record():
            reason = _("Oylamada gereken çoğunluk sağlanmadı. %(needed)s") % {"needed": needed_sentence(ballot)}
        decline(opinion, proposals, reason=reason, actor=None, at=at, **tally)
    else:
        back_to_draft(opinion, proposals, actor=None, at=at, outcome=ballot.outcome, **tally)
        link.is_current = False
        link.save(update_fields=["is_current"])
    return opinion
