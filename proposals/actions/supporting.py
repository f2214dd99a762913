"""Support: one per resident, taken back as long as it is gathered.

Supports given at the same moment in one process are written together (`journal.group_commit`), each judged for itself.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils.translation import gettext as _

from ballots.actions import database_now
from councils.models import Residence
from journal.actions import touch
from journal.group_commit import GroupCommit, OutcomeUnknown
from people.models import Person
from people.verdicts import Refused, Verdict
from proposals.actions.moving import all_locked, locked, move_on_if_supported
from proposals.models import Follow, Proposal, Support
from proposals.permissions import may_support, may_withdraw_support

log = structlog.get_logger(__name__)


def support_proposal(
    *, actor: Person, proposal: Proposal, shows_name: bool = False, at: datetime | None = None
) -> Support:
    """Add the actor's support; a second call only changes whether the name is shown.

    The support that reaches the threshold moves the proposal to its group at once. The proposal's row is locked, so
    the count always equals the rows and no two supports reach the threshold. The answer comes after the commit; refuses
    as `may_support` does, and with ``outcome_unknown`` when none came in time. Without `at` the database's clock counts.
    """
    asked = Asked(proposal.pk, actor, shows_name, at)
    try:
        answer = None if connection.in_atomic_block else hand_in(asked)
        if not isinstance(answer, Support):
            (answer,) = write(
                [asked]
            )  # in the caller's transaction, or refused, with its sentence in the actor's language
    except (OutcomeUnknown, OperationalError, InterfaceError) as error:
        log.warning("support_outcome_unknown", proposal=proposal.pk, error=repr(error))
        raise Refused(
            _("Desteğinizin sayılıp sayılmadığı bilinmiyor. Yeniden deneyin, iki kez sayılmaz."), "outcome_unknown"
        ) from error
    if isinstance(answer, Verdict):
        raise Refused(str(answer.reason), answer.code)
    return answer


@dataclass(frozen=True, slots=True)
class Asked:
    """A support somebody wants to give."""

    proposal: int
    person: Person
    shows_name: bool
    at: datetime | None
    """The moment it is judged at and stands under; that of the database when None."""


def hand_in(asked: Asked) -> Support | Verdict:
    """Give a support with those that others give at the same moment; the answer comes after the commit.

    Whoever waits gives their connection back first: the leader needs one, and those who wait for it could hold them all.
    """
    connection.close()
    return desk.ask(asked)


@transaction.atomic
def write(asked: Sequence[Asked]) -> list[Support | Verdict]:
    """Give supports in this order; for each what is stored now, or why it was refused. A few queries for each proposal."""
    proposals = all_locked({each.proposal for each in asked})
    people = {each.person.pk for each in asked}
    residents = _residents(people)
    gatherings = {pk: _Gathering(proposal, people) for pk, proposal in proposals.items()}
    answers: list[Support | Verdict] = []
    now = database_now()  # after the locks
    for each in asked:
        at = each.at or now
        gathering = gatherings[each.proposal]
        is_resident = (each.person.pk, gathering.proposal.council_id) in residents
        verdict = may_support(each.person, gathering.proposal, at=at, resident=is_resident)
        answers.append(gathering.take(each, at=at) if verdict else verdict)
    for gathering in gatherings.values():
        gathering.write()
    return answers


class _Gathering:
    """A locked proposal and the supports it gets now."""

    def __init__(self, proposal: Proposal, people: Collection[int]) -> None:
        self.proposal = proposal
        self.there = {each.person_id: each for each in Support.objects.filter(proposal=proposal, person__in=people)}
        self.count = counted_supports(proposal)
        self.new: list[Support] = []

    def take(self, asked: Asked, *, at: datetime) -> Support:
        """A support that may be given; the one that reaches the threshold moves the proposal at once."""
        support = self.there.get(asked.person.pk)
        if support is not None:
            if support.shows_name != asked.shows_name:
                support.shows_name = asked.shows_name
                support.save(update_fields=["shows_name"])
            return support
        support = Support(proposal=self.proposal, person=asked.person, shows_name=asked.shows_name, created_at=at)
        self.there[asked.person.pk] = support
        self.new.append(support)
        self.count += 1
        if self.count >= (self.proposal.support_threshold or 1):
            self.write(reached_at=at)
        return support

    def write(self, *, reached_at: datetime | None = None) -> None:
        """Write what was given and the count."""
        if not self.new:
            return
        Support.objects.bulk_create(self.new)
        Follow.objects.bulk_create(
            [Follow(proposal=self.proposal, person=each.person, created_at=each.created_at) for each in self.new],
            ignore_conflicts=True,
        )
        self.new = []
        self.proposal.support_count = self.count
        if reached_at is None:
            self.proposal.save(update_fields=["support_count"])
            touch(f"state:{self.proposal.topic}")
        else:
            move_on_if_supported(self.proposal, at=reached_at)


def _residents(people: Collection[int]) -> set[tuple[int, int]]:
    """Who of them is a verified resident of which council: pairs of person and council."""
    verified = Residence.objects.filter(person__in=people, verified_at__isnull=False)
    return set(verified.values_list("person_id", "council_id"))


def _give_back() -> None:
    connection.close()  # the leader's own


desk: GroupCommit[Asked, Support | Verdict] = GroupCommit(
    write, same=lambda asked: asked.person.pk, name="supports", rest=_give_back
)
"""Where the supports of this process meet."""


@transaction.atomic
def withdraw_support(*, actor: Person, proposal: Proposal, at: datetime) -> bool:
    """Take the actor's support back; False when there was none."""
    proposal = locked(proposal)
    may_withdraw_support(actor, proposal, at=at).require()
    deleted, _rows = Support.objects.filter(proposal=proposal, person=actor).delete()
    if not deleted:
        return False
    proposal.support_count = counted_supports(proposal)
    proposal.save(update_fields=["support_count"])
    touch(f"state:{proposal.topic}")
    return True


def counted_supports(proposal: Proposal) -> int:
    """The supports of a proposal: its rows, and those counted elsewhere before it was imported."""
    return proposal.earlier_supports + proposal.supports.count()
