"""Where a merged proposal went and what was merged into it; what a proposal was taken apart into, and out of what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q

from proposals.models import Proposal


@dataclass
class Related:
    """The other sides of mergers and splits, each with its number, title and address."""

    merged_into: Proposal | None = None
    split_from: Proposal | None = None
    taken_in: list[Proposal] = field(default_factory=list)
    parts: list[Proposal] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.merged_into or self.split_from or self.taken_in or self.parts)


def is_origin_of_others() -> Exists:
    """For a queryset of proposals: whether another one was merged into it or split from it."""
    here = OuterRef("pk")
    return Exists(Proposal.objects.filter(Q(merged_into=here) | Q(split_from=here)))


def related(proposal: Proposal) -> Related:
    """One query, and none when nothing of the kind happened."""
    targets: Sequence[int | None] = (proposal.merged_into_id, proposal.split_from_id)
    if not any(targets) and not getattr(proposal, "is_origin", True):
        return Related()
    chosen = Q(pk__in=[pk for pk in targets if pk]) | Q(merged_into=proposal) | Q(split_from=proposal)
    found = Related()
    for row in (
        Proposal.objects.filter(chosen)
        .only("number", "title", "stage", "council", "merged_into", "split_from")
        .order_by("pk")
    ):
        row.council = proposal.council
        if row.merged_into_id == proposal.pk:
            found.taken_in.append(row)
        elif row.split_from_id == proposal.pk:
            found.parts.append(row)
        elif row.pk == proposal.merged_into_id:
            found.merged_into = row
        else:
            found.split_from = row
    return found
