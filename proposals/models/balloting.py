"""Which ballots were held on a proposal."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ballots.models import Ballot
from proposals.models.proposal import Proposal


class ProposalBallot(models.Model):
    """The link from a proposal to a ballot on it; a ballot without result may be followed by another."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="ballot_links")
    ballot = models.OneToOneField(Ballot, on_delete=models.PROTECT, related_name="+")
    is_current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["proposal"], condition=Q(is_current=True), name="one_current_ballot_per_proposal"
            )
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} → {self.ballot_id}"
