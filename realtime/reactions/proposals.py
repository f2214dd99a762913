"""A proposal's stage, its support and its versions on other people's screens."""

from __future__ import annotations

from typing import Any

from journal.models import Entry
from people.models import AnyPerson
from proposals.journal_kinds import ProposalKind
from proposals.models import Proposal
from proposals.municipal_kinds import MunicipalKind
from proposals.reading import status_context
from proposals.reading.amendments import part_of_page
from realtime import frames, states, topics
from realtime.reactions.rendering import in_each_language

OF_IMPLEMENTATION = (
    ProposalKind.ACCEPTED_BY_DIRECTORATE,
    ProposalKind.UNIT_NAMED,
    ProposalKind.MILESTONE_ADDED,
    ProposalKind.MILESTONE_MOVED,
    ProposalKind.MILESTONE_DONE,
    ProposalKind.PROGRESS_TOLD,
    ProposalKind.IMPLEMENTED,
    ProposalKind.ABANDONED,
    ProposalKind.REVIEW_OPENED,
    ProposalKind.REVIEWED,
    ProposalKind.FUNDED,
    ProposalKind.FUNDING_CHANGED,
    ProposalKind.FUNDING_ENDED,
    ProposalKind.OBJECTIVE_SERVED,
    ProposalKind.OBJECTIVE_LEFT,
)
NOT_ON_THE_PAGE = (
    MunicipalKind.DECISION_ENTERED,
    MunicipalKind.DECISION_WITHDRAWN,
    MunicipalKind.DECISION_DOCUMENT_ADDED,
)
"""Kinds that nothing on a proposal's page follows from; only what its reader may do now is fetched, as after every kind."""
FETCHED: dict[str, tuple[str, ...]] = {
    **{kind: ("council",) for kind in MunicipalKind if kind not in NOT_ON_THE_PAGE},
    **dict.fromkeys((MunicipalKind.DECIDED_ACCEPTED, MunicipalKind.DECIDED_PARTLY), ("council", "implementation")),
    **dict.fromkeys(OF_IMPLEMENTATION, ("implementation",)),
    ProposalKind.BALLOT_OPENED: ("ballot",),
    ProposalKind.SUPPORT_REACHED: ("supporters",),
    ProposalKind.SUPPORTED_TO_DIRECTORATE: ("supporters",),
    ProposalKind.GIVEN_BACK: ("ballot", "opinion"),
    ProposalKind.DECLINED: ("opinion",),
    ProposalKind.TAKEN_INTO_OPINION: ("opinion",),
    ProposalKind.OPINION_PUT_TO_VOTE: ("opinion",),
    ProposalKind.OPINION_WITHOUT_RESULT: ("opinion",),
    ProposalKind.OPINION_TALLY_ENTERED: ("opinion",),
    ProposalKind.OPINION_TALLY_REJECTED: ("opinion",),
    ProposalKind.BECAME_OPINION: ("opinion",),
    ProposalKind.OPINION_SENT: ("opinion", "council"),
    ProposalKind.MERGED: ("related",),
    ProposalKind.TOOK_IN: ("related", "supporters"),
    ProposalKind.SPLIT: ("related",),
}
"""Regions that depend on the reader or are long: pages fetch them after these kinds."""
WITHOUT_A_MOVE = {
    **dict.fromkeys((ProposalKind.REVISED, ProposalKind.AMENDMENT_ACCEPTED), ("text",)),
    **dict.fromkeys((ProposalKind.ATTACHMENT_ADDED, ProposalKind.ATTACHMENT_REMOVED), ("attachments",)),
    ProposalKind.AMENDMENT_PROPOSED: (),
    ProposalKind.AMENDMENT_DECLINED: (),
    ProposalKind.AMENDMENT_WITHDRAWN: (),
    ProposalKind.AMENDMENT_OVERTAKEN: (),
}
"""Kinds that leave the proposal where it stands, and what pages fetch after them."""
WITH_AMENDMENTS = {kind for kind in WITHOUT_A_MOVE if kind.name.startswith("AMENDMENT")}


def register() -> None:
    topics.register("proposal", may_join=may_follow_proposal, visitors_first=True)
    states.register("proposal", support_state)
    for kind in ProposalKind:
        frames.register(kind, text_changed if kind in WITHOUT_A_MOVE else proposal_moved)
        frames.touches(kind, lambda entry: [f"state:{entry.topic}"])
    for municipal in MunicipalKind:
        frames.register(municipal, proposal_moved)
        frames.touches(municipal, lambda entry: [f"state:{entry.topic}"])


def may_follow_proposal(person: AnyPerson, proposal_id: int) -> bool:
    return Proposal.objects.visible_to(person).filter(pk=proposal_id).exists()


def support_state(proposal_id: int) -> dict[str, Any] | None:
    """The public count of supports, its share of the threshold in percent (at most 100) and the stage."""
    proposal = Proposal.objects.filter(pk=proposal_id).only("support_count", "support_threshold", "stage").first()
    if proposal is None or proposal.is_draft:
        return None
    threshold = max(1, proposal.support_threshold or 0)
    return {
        "supports": proposal.support_count,
        "support_share": min(100, 100 * proposal.support_count // threshold),
        "phase": proposal.stage,
    }


def proposal_moved(entry: Entry) -> dict[str, Any] | None:
    """Where the proposal stands now, in words and as a path."""
    proposal = Proposal.objects.with_names().filter(pk=entry.subject_id).first()
    if proposal is None or proposal.is_draft:
        return None
    html = in_each_language("proposals/_status.html", lambda: status_context(proposal))
    regions = {"status": html, "amendments": _amendments(proposal)}
    return {"regions": {**regions, **dict.fromkeys(FETCHED.get(entry.kind, ()))}}


def text_changed(entry: Entry) -> dict[str, Any] | None:
    """A new version or other attachments: longer than a frame should be, so pages fetch them again; how many amendments."""
    fetched = dict.fromkeys(WITHOUT_A_MOVE[ProposalKind(entry.kind)])
    if entry.kind not in WITH_AMENDMENTS:
        return {"regions": fetched}
    proposal = Proposal.objects.with_names().filter(pk=entry.subject_id).first()
    return None if proposal is None else {"regions": {**fetched, "amendments": _amendments(proposal)}}


def _amendments(proposal: Proposal) -> dict[str, str]:
    """How many amendments there are, and whether they are taken."""
    part = part_of_page(proposal)
    return in_each_language("proposals/_amendments.html", lambda: part)
