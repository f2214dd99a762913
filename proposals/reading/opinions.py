"""Opinions as people find and read them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from ballots.models import Ballot
from councils.models import Council
from proposals.models import AssemblyTally, Opinion, OpinionBallot, OpinionProposal, Proposal, TallyState
from proposals.opinion_states import OpinionState
from proposals.stages import Stage
from turkish.text import year_in

WORDS = {
    "genel-kurulda": OpinionState.VOTING,
    "kabul": OpinionState.ADOPTED,
    "gonderilen": OpinionState.SENT,
    "ret": OpinionState.DECLINED,
    "hazirlanan": OpinionState.DRAFT,
}
TONES = {
    OpinionState.DRAFT: "plain",
    OpinionState.VOTING: "live",
    OpinionState.ADOPTED: "done",
    OpinionState.DECLINED: "no",
    OpinionState.SENT: "done",
}
_SENTENCES = {
    OpinionState.DRAFT: _l("Genel kurulun oylaması sonuç vermedi; görüş yeniden hazırlanıyor."),
    OpinionState.VOTING: _l("Genel kurul görüşü oyluyor."),
    OpinionState.ADOPTED: _l("Genel kurul görüşü kabul etti; genel sekreterlik belediye meclisine gönderecek."),
    OpinionState.DECLINED: _l("Genel kurul görüşü kabul etmedi; önerilerin süreci burada bitti."),
    OpinionState.SENT: _l("Görüş belediyeye verildi; belediye meclisi ilk toplantısında ele alacak."),
}


@dataclass(frozen=True)
class OpinionPart:
    """Everything that stands on an opinion's page beside its words."""

    opinion: Opinion
    proposals: list[Proposal]
    ballot: Ballot | None = None
    tally: AssemblyTally | None = None
    earlier: list[AssemblyTally] = field(default_factory=list)

    @property
    def tone(self) -> str:
        return TONES[OpinionState(self.opinion.state)]

    @property
    def is_pending(self) -> bool:
        return self.tally is not None and self.tally.state == TallyState.PENDING

    @property
    def sentence(self) -> str:
        if self.is_pending:
            return _("Genel kurulun toplantıda verdiği karar girildi; ikinci bir kişi tutanakla karşılaştıracak.")
        return str(_SENTENCES[OpinionState(self.opinion.state)])


def listed(council: Council, person: Any, *, state: str = "", year: str = "") -> QuerySet[Opinion]:
    """The council's opinions that a reader sees, narrowed by the words of the address, each with its number of proposals."""
    rows = Opinion.objects.visible_to(person).filter(council=council)
    if state in WORDS:
        rows = rows.filter(state=WORDS[state])
    if (named := year_in(year)) is not None:
        rows = rows.filter(year=named)
    return rows.annotate(proposal_count=Count("links", filter=Q(links__is_current=True)))


def years_of(council: Council) -> list[int]:
    """The years with opinions, the newest first."""
    rows = Opinion.objects.filter(council=council).exclude(number="").order_by("-year")
    return list(rows.values_list("year", flat=True).distinct())


def waiting_for_opinion(council: Council) -> QuerySet[Proposal]:
    """Proposals before the general assembly that no living opinion has taken in."""
    taken = OpinionProposal.objects.filter(is_current=True).values("proposal")
    return (
        Proposal.objects.filter(council=council, stage=Stage.GENERAL_ASSEMBLY)
        .exclude(pk__in=taken)
        .select_related("author", "on_behalf_of", "addressed_to")
        .defer("text", "search")
    )


def proposals_of(opinion: Opinion) -> list[Proposal]:
    """The opinion's proposals, in the order they were taken in. One query."""
    links = OpinionProposal.objects.filter(opinion=opinion, is_current=True).select_related(
        "proposal__author", "proposal__on_behalf_of", "proposal__addressed_to"
    )
    found = []
    for link in links.defer("proposal__text", "proposal__search"):
        link.proposal.council = opinion.council
        found.append(link.proposal)
    return found


def opinion_part(opinion: Opinion) -> OpinionPart:
    """What an opinion's page needs. Three queries."""
    link = OpinionBallot.objects.filter(opinion=opinion).select_related("ballot").order_by("-is_current", "-pk").first()
    tallies = list(
        AssemblyTally.objects.filter(opinion=opinion).select_related("entered_by", "settled_by").order_by("-pk")
    )
    for tally in tallies:
        tally.opinion = opinion
    counting = next((each for each in tallies if each.state != TallyState.REJECTED), None)
    return OpinionPart(
        opinion,
        proposals_of(opinion),
        ballot=link.ballot if link is not None and (counting is None or link.is_current) else None,
        tally=counting,
        earlier=[each for each in tallies if each is not counting],
    )


def standing_tally(opinion: Opinion) -> AssemblyTally | None:
    """The newest tally that was not rejected: the one that counts, or waits for its second person."""
    tally = AssemblyTally.objects.filter(opinion=opinion).exclude(state=TallyState.REJECTED).order_by("-pk").first()
    if tally is not None:
        tally.opinion = opinion
    return tally


def opinion_of_proposal() -> Subquery:
    """For a row of proposals: the id of the public opinion it stands in; None without one."""
    links = OpinionProposal.objects.filter(proposal=OuterRef("pk"), is_current=True).exclude(opinion__number="")
    return Subquery(links.values("opinion")[:1])


def opinion_on_page(proposal: Any) -> Opinion | None:
    """The opinion a proposal's page links to. Asks nothing when it can have none: `opinion_id` says so."""
    if proposal.opinion_id is None:
        return None
    found = Opinion.objects.defer("text").get(pk=proposal.opinion_id)
    found.council = proposal.council
    return found


def opinion_of(proposal: Proposal) -> Opinion | None:
    """The public opinion a proposal stands in now, for who acts on it. One query."""
    found = Opinion.objects.defer("text").exclude(number="")
    opinion = found.filter(links__proposal=proposal, links__is_current=True).first()
    if opinion is not None:
        opinion.council = proposal.council
    return opinion


def tone_of(opinion: Opinion) -> str:
    return TONES[OpinionState(opinion.state)]
