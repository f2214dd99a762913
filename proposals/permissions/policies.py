"""The rules of a proposal's discussion and of its ballots."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from ballots.models import Ballot
from councils.models import Body, Council
from councils.permissions import (
    is_member,
    is_moderator,
    is_secretary,
    leads,
    people_of_council,
)
from discussions.models import Thread
from journal.models import Audience
from people.models import AnyPerson, Person
from people.verdicts import YES, Verdict, no
from proposals.models import Proposal, ProposalBallot
from proposals.stages import ENDED


class ProposalThreadPolicy:
    """A proposal's discussion: everybody reads, people with an account write until the proposal has ended."""

    def _proposal(self, thread: Thread) -> Proposal:
        if isinstance(thread.owner, Proposal):
            return thread.owner
        return Proposal.objects.select_related("council", "addressed_to").get(thread=thread)

    def may_read(self, person: AnyPerson, thread: Thread) -> bool:
        return Proposal.objects.visible_to(person).filter(thread=thread).exists()

    def may_comment(self, person: AnyPerson, thread: Thread, *, at: datetime) -> Verdict:
        if not person.is_authenticated:
            return no(_("Yazmak için giriş yapın."), code="sign_in")
        proposal = self._proposal(thread)
        if proposal.stage in ENDED:
            return no(_("Öneri sonuçlandı, tartışma yeni yorumlara kapandı."), code="discussion_closed")
        return YES

    def may_moderate(self, person: AnyPerson, thread: Thread, *, at: datetime) -> Verdict:
        proposal = self._proposal(thread)
        if is_moderator(person, proposal.council, proposal.addressed_to, at=at):
            return YES
        return no(_("Yorumları kolaylaştırıcı ve konsey sekreteri gizleyebilir."), code="not_moderator")

    def address(self, thread: Thread) -> str:
        return self._proposal(thread).get_absolute_url()

    def title(self, thread: Thread) -> str:
        return str(self._proposal(thread))

    def people(self, thread: Thread) -> QuerySet[Person]:
        """The author and those whose names the council shows."""
        proposal = self._proposal(thread)
        known = people_of_council(proposal.council, on=timezone.localdate())
        return Person.objects.filter(Q(pk=proposal.author_id) | Q(pk__in=known.values("pk")))

    def place(self, thread: Thread) -> tuple[Council, Body | None]:
        proposal = self._proposal(thread)
        return proposal.council, proposal.addressed_to

    def audience(self, thread: Thread) -> str:
        return Audience.PUBLIC


class ProposalBallotPolicy:
    """A ballot on a proposal: public to read, its roll call to the members of the body that votes."""

    def _proposal(self, ballot: Ballot) -> Proposal:
        return (
            ProposalBallot.objects.select_related("proposal__council", "proposal__addressed_to")
            .get(ballot=ballot)
            .proposal
        )

    def may_read(self, person: AnyPerson, ballot: Ballot) -> bool:
        return True

    def may_manage(self, person: AnyPerson, ballot: Ballot, *, at: datetime) -> Verdict:
        body = self._proposal(ballot).addressed_to
        if body is None or not leads(person, body, at=at):
            return no(
                _("Oylamayı, öneriyi görüşenlerin kolaylaştırıcısı ya da başkanı yönetir."), code="not_facilitator"
            )
        return YES

    def may_see_roll_call(self, person: AnyPerson, ballot: Ballot, *, at: datetime) -> Verdict:
        proposal = self._proposal(ballot)
        body = proposal.addressed_to
        if body is not None and is_member(person, body, at=at):
            return YES
        if is_secretary(person, proposal.council, at=at):
            return YES
        return no(_("Ad ad oy listesini öneriyi oylayanlar görür."), code="not_member")

    def address(self, ballot: Ballot) -> str:
        return self._proposal(ballot).get_absolute_url()

    def title(self, ballot: Ballot) -> str:
        return str(self._proposal(ballot))

    def place(self, ballot: Ballot) -> tuple[Council, Body | None]:
        proposal = self._proposal(ballot)
        return proposal.council, proposal.addressed_to

    def declared(self, ballot: Ballot, *, at: datetime) -> None:
        from proposals.actions import conclude_ballot

        conclude_ballot(ballot=ballot, at=at)
