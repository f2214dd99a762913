"""The public record (kayıt) as people read it: entries with their sentence and the page they speak of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from articles.models import Article
from councils.models import Body, Council, CouncilBallot
from journal.models import Entry, EntryQuerySet
from journal.reading import lines
from organisations.models import Organisation
from people.models import Person
from proposals.journal_kinds import ProposalKind
from proposals.models import Proposal, ProposalBallot
from proposals.municipal_kinds import MunicipalKind
from workinggroups.models import Charter

PAGE_SIZE = 50
FEED_SIZE = 50
# How far back the newest moves are looked for on a home page, so that a busy discussion cannot make the page slow.
RECENT_ENTRIES = 2_000
WEEK = timedelta(days=7)

MOVES: dict[str, str | Promise] = {
    ProposalKind.SUBMITTED: _l("Sunuldu"),
    ProposalKind.FOUND_ADMISSIBLE: _l("Uygun bulundu, destek topluyor"),
    ProposalKind.FOUND_INADMISSIBLE: _l("Uygun bulunmadı"),
    ProposalKind.SUPPORT_REACHED: _l("Yeterli desteğe ulaştı"),
    ProposalKind.SUPPORT_MISSED: _l("Süresinde desteklenmedi"),
    ProposalKind.BALLOT_OPENED: _l("Oylamaya sunuldu"),
    ProposalKind.BALLOT_WITHOUT_RESULT: _l("Oylama sonuç vermedi, yeniden görüşülüyor"),
    ProposalKind.ADOPTED: _l("Kabul edildi"),
    ProposalKind.DECLINED: _l("Kabul edilmedi"),
    ProposalKind.WITHDRAWN: _l("Geri çekildi"),
    ProposalKind.ADMITTED_TO_BODY: _l("Uygun bulundu, görüşülüyor"),
    ProposalKind.ADMITTED_TO_DIRECTORATE: _l("Uygun bulundu, müdürlükte"),
    ProposalKind.SUPPORTED_TO_DIRECTORATE: _l("Yeterli desteğe ulaştı"),
    ProposalKind.PASSED_TO_BOARD: _l("Kabul edildi, yürütme kurulunda"),
    ProposalKind.PASSED_TO_ASSEMBLY: _l("Kabul edildi, genel kurulda"),
    ProposalKind.PUT_ON_ASSEMBLY_AGENDA: _l("Genel kurulun gündeminde"),
    ProposalKind.BECAME_OPINION: _l("Genel kurul benimsedi, görüş oldu"),
    ProposalKind.OPINION_SENT: _l("Belediye meclisine gönderildi"),
    ProposalKind.GIVEN_BACK: _l("Yeniden görüşülmek üzere geri verildi"),
    ProposalKind.ACCEPTED_BY_DIRECTORATE: _l("Müdürlük kabul etti"),
    ProposalKind.MERGED: _l("Birleştirildi"),
    ProposalKind.SPLIT: _l("Ayrıldı"),
    ProposalKind.MILESTONE_DONE: _l("Uygulamanın bir adımı tamamlandı"),
    ProposalKind.IMPLEMENTED: _l("Yapıldı"),
    ProposalKind.ABANDONED: _l("Uygulanamadı"),
    ProposalKind.REVIEW_OPENED: _l("“Oldu mu?” diye soruldu"),
    ProposalKind.REVIEWED: _l("Değerlendirildi"),
    MunicipalKind.ON_AGENDA: _l("Belediye meclisinin gündeminde"),
    MunicipalKind.TAKEN_OFF: _l("Belediye meclisinin gündeminden çıkarıldı"),
    MunicipalKind.IN_COMMISSION: _l("Meclis komisyonunda"),
    MunicipalKind.BACK_FROM_COMMISSION: _l("Komisyon raporunu verdi"),
    MunicipalKind.MEETING_MISSED: _l("Meclis toplantısı gündeme alınmadan geçti"),
    MunicipalKind.DECIDED_ACCEPTED: _l("Belediye meclisi kabul etti"),
    MunicipalKind.DECIDED_PARTLY: _l("Belediye meclisi kısmen kabul etti"),
    MunicipalKind.DECIDED_DECLINED: _l("Belediye meclisi kabul etmedi"),
    MunicipalKind.DECIDED_DEFERRED: _l("Belediye meclisi erteledi"),
}
"""Kinds that tell that a proposal went on its way, in a few words."""


class KindGroup(models.TextChoices):
    """What the record can be narrowed to (kayıt türü); the value is what kinds of the group start with."""

    PROPOSALS = "proposals", _l("Öneriler")
    BALLOTS = "ballots", _l("Oylamalar")
    DISCUSSIONS = "discussions", _l("Tartışmalar")
    COUNCIL = "councils", _l("Konsey ve organlar")


_PREFIXES = {
    KindGroup.PROPOSALS: ("proposals.",),
    KindGroup.BALLOTS: ("ballots.",),
    KindGroup.DISCUSSIONS: ("discussions.",),
    KindGroup.COUNCIL: ("councils.", "workinggroups.", "organisations.", "impact.", "articles."),
}


@dataclass(frozen=True)
class RecordLine:
    """One line of the record: what happened, when, and where to read on."""

    id: int
    kind: str
    sentence: str
    at: datetime
    title: str
    url: str

    @property
    def short(self) -> str:
        """A few words where the title stands beside them; the whole sentence for what is not a move."""
        return str(MOVES.get(self.kind, self.sentence))


def narrowed(entries: EntryQuerySet, group: str) -> EntryQuerySet:
    """Entries of one group of kinds; an unknown group leaves all."""
    if group not in KindGroup.values:
        return entries
    condition = Q()
    for prefix in _PREFIXES[KindGroup(group)]:
        condition |= Q(kind__startswith=prefix)
    return entries.filter(condition)


def entries_of_council(council: Council) -> EntryQuerySet:
    return Entry.objects.public().filter(council_id=council.pk)


def entries_of_body(body: Body) -> EntryQuerySet:
    return Entry.objects.public().filter(body_id=body.pk, council_id=body.council_id)


def topics_of_proposal(proposal: Proposal) -> list[str]:
    """The proposal's own topic, its discussion's and those of every ballot held on it."""
    ballots = ProposalBallot.objects.filter(proposal=proposal).values_list("ballot_id", flat=True)
    return [proposal.topic, f"thread:{proposal.thread_id}", *(f"ballot:{pk}" for pk in ballots)]


def entries_of_proposal(proposal: Proposal) -> EntryQuerySet:
    return Entry.objects.public().in_topics(*topics_of_proposal(proposal))


def moves_of_council(council: Council, *, since: datetime) -> EntryQuerySet:
    """The newest moves of proposals among a council's latest entries."""
    latest = entries_of_council(council).newest_first().values("pk")[:RECENT_ENTRIES]
    return Entry.objects.filter(pk__in=latest, kind__in=list(MOVES), at__gte=since).newest_first()


def record_lines(entries: Iterable[Entry], *, link: bool = True) -> list[RecordLine]:
    """Lines for entries. The number of queries does not depend on their number; what is not public is left out."""
    entries = list(entries)
    told = lines(entries, people=Person.objects.names, organisations=Organisation.objects.names)
    places = _places({entry.topic for entry in entries}) if link else {}
    found = []
    for line in told:
        place = places.get(line.topic, ("", ""))
        if place is None:
            continue
        found.append(RecordLine(line.id, line.kind, line.sentence, line.at, *place))
    return found


def _places(topics: set[str]) -> dict[str, tuple[str, str] | None]:
    """Title and address of what each topic speaks of; None for what nobody may read yet."""
    ids: dict[str, set[int]] = {}
    for topic in topics:
        name, _colon, key = topic.partition(":")
        if key.isdigit():
            ids.setdefault(name, set()).add(int(key))
    places: dict[str, tuple[str, str] | None] = {}
    _place_proposals(places, ids.get("proposal", set()), ids.get("thread", set()), ids.get("ballot", set()))
    _place_bodies(places, ids.get("body", set()), ids.get("thread", set()))
    _place_articles(places, ids.get("article", set()))
    return places


def _place_proposals(
    places: dict[str, tuple[str, str] | None], proposals: set[int], threads: set[int], ballots: set[int]
) -> None:
    owners: dict[int, int] = {}
    if ballots:
        owners = dict(ProposalBallot.objects.filter(ballot__in=ballots).values_list("ballot_id", "proposal_id"))
        _place_council_ballots(places, ballots - set(owners))
    wanted = Q(pk__in=proposals | set(owners.values())) | Q(thread__in=threads)
    if not (proposals or owners or threads):
        return
    found = (
        Proposal.objects.filter(wanted)
        .select_related("council")
        .only("number", "title", "key", "stage", "thread_id", "council__slug")
    )
    by_key: dict[int, tuple[str, str] | None] = {}
    for proposal in found:
        place = None if proposal.is_draft else (proposal.title, proposal.get_absolute_url())
        by_key[proposal.pk] = places[proposal.topic] = place
        places[f"thread:{proposal.thread_id}"] = place
    for ballot, owner in owners.items():
        places[f"ballot:{ballot}"] = by_key.get(owner)


def _place_council_ballots(places: dict[str, tuple[str, str] | None], ballots: set[int]) -> None:
    if not ballots:
        return
    asked = CouncilBallot.objects.filter(ballot__in=ballots).select_related("ballot")
    for each in asked:
        places[each.ballot.topic] = (each.ballot.question, reverse("ballot_detail", args=[each.ballot_id]))


def _place_bodies(places: dict[str, tuple[str, str] | None], bodies: set[int], threads: set[int]) -> None:
    threads = {key for key in threads if f"thread:{key}" not in places}
    if threads:
        for charter in Charter.objects.filter(thread__in=threads).select_related("body__council"):
            places[f"thread:{charter.thread_id}"] = (charter.body.name, charter.body.get_absolute_url())
    if bodies:
        for body in Body.objects.filter(pk__in=bodies).select_related("council"):
            places[body.topic] = (body.name, body.get_absolute_url())


def _place_articles(places: dict[str, tuple[str, str] | None], articles: set[int]) -> None:
    if articles:
        for article in (
            Article.objects.shown().filter(pk__in=articles).select_related("council").defer("search", "body")
        ):
            places[article.topic] = (article.title, article.get_absolute_url())


def without_comments(entries: EntryQuerySet) -> EntryQuerySet:
    """Entries without the lines of the discussion, which are many and stand beside the proposal anyway."""
    for prefix in _PREFIXES[KindGroup.DISCUSSIONS]:
        entries = entries.exclude(kind__startswith=prefix)
    return entries


def record_tabs(chosen: str, *, is_whole: bool = True) -> Sequence[tuple[str, str, bool]]:
    """The choices of the record's filter: value, label, whether it is open."""
    first = _("Hepsi") if is_whole else _("Adımlar")
    tabs = [("", first), *((str(value), str(label)) for value, label in KindGroup.choices)]
    known = chosen if chosen in KindGroup.values else ""
    return [(value, label, value == known) for value, label in tabs]
