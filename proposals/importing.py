"""Writing imported proposals: in batches, each row once, however often the file is given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.models import Body, Council, District, Procedure, Route, Theme
from discussions.models import Thread
from journal.actions import Happening, record_many
from people.models import Person
from proposals.actions.submitting import copy_procedure, procedure_for, set_number, take_serials
from proposals.import_rows import Rejection, Row
from proposals.journal_kinds import ProposalKind
from proposals.models import Proposal, ProposalVersion, StageChange
from proposals.reasons import Reason
from proposals.routes import holder_of
from proposals.stages import ENDED, Stage
from turkish.kept import in_the_record
from turkish.text import fold, slugify

BATCH = 200
"""Rows per transaction: what a crash or Ctrl-C can lose, and the next run brings back."""


@dataclass
class Result:
    """What became of the lines of a file."""

    imported: int = 0
    present: int = 0
    rejections: list[Rejection] = field(default_factory=list)

    @property
    def lines(self) -> int:
        return self.imported + self.present + len(self.rejections)


@dataclass(frozen=True, slots=True)
class Target:
    """Where imported proposals go and in whose name they stand."""

    council: Council
    body: Body
    author: Person
    source: str
    stage: Stage = Stage.UNSUPPORTED


def import_rows(
    rows: Iterable[Row | Rejection],
    target: Target,
    *,
    at: datetime,
    progress: Callable[[Result], None] = lambda _result: None,
    rejected: Callable[[Rejection], None] = lambda _rejection: None,
) -> Result:
    """Import rows in batches; a row whose (source, id) is there already is counted and left alone.

    A second line with the same id in one file is rejected. Memory grows with the number of ids, not with the texts.
    """
    result = Result()
    seen: dict[str, int] = {}
    themes = {theme.slug: theme for theme in Theme.objects.filter(council=target.council)}
    districts = {fold(d.name): d for d in District.objects.filter(council=target.council)}
    for batch in _batches(rows):
        fresh: list[Row] = []
        for item in batch:
            if isinstance(item, Row) and item.source_id in seen:
                item = Rejection(
                    item.line,
                    item.source_id,
                    _("Bu kimlik dosyada ikinci kez geçiyor; ilki %(line)s. satırda.") % {"line": seen[item.source_id]},
                )
            if isinstance(item, Rejection):
                result.rejections.append(item)
                rejected(item)
                continue
            seen[item.source_id] = item.line
            fresh.append(item)
        with transaction.atomic():
            Council.objects.select_for_update(no_key=True).get(pk=target.council.pk)
            known = set(
                Proposal.objects.filter(
                    council=target.council, source=target.source, source_id__in=[row.source_id for row in fresh]
                ).values_list("source_id", flat=True)
            )
            written = [row for row in fresh if row.source_id not in known]
            _write(written, target, themes, districts, at=at)
        result.present += len(known)
        result.imported += len(written)
        progress(result)
    return result


def reasons(result: Result) -> Counter[str]:
    """How many lines were rejected for each reason."""
    return Counter(rejection.reason for rejection in result.rejections)


def _batches(rows: Iterable[Row | Rejection]) -> Iterator[list[Row | Rejection]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, BATCH)):
        yield batch


def _write(
    rows: list[Row], target: Target, themes: dict[str, Theme], districts: dict[str, District], *, at: datetime
) -> None:
    """Write a batch with a fixed number of statements per year of submission."""
    if not rows:
        return
    procedure = procedure_for(target.council, Route.to(target.body), at=at)
    threads = Thread.objects.bulk_create([Thread(policy="proposals.proposal") for _row in rows])
    proposals = [
        _proposal(row, thread, target, themes, districts, procedure, at=at)
        for row, thread in zip(rows, threads, strict=True)
    ]
    _give_numbers(proposals, target.council)
    Proposal.objects.bulk_create(proposals)
    moves, versions = [], []
    with in_the_record():
        reason = _("Eski kayıtlardan aktarıldı; ara adımlar bilinmiyor.")
    for proposal in proposals:
        submitted_at = proposal.submitted_at or at
        moves += [
            StageChange(proposal=proposal, old=Stage.DRAFT, new=Stage.SUBMITTED, actor=target.author, at=submitted_at),
            StageChange(
                proposal=proposal,
                old=Stage.SUBMITTED,
                new=proposal.stage,
                actor=target.author,
                reason=reason,
                reason_code=Reason.OTHER,
                at=at,
            ),
        ]
        versions.append(
            ProposalVersion(
                proposal=proposal,
                number=1,
                title=proposal.title,
                summary=proposal.summary,
                text=proposal.text,
                author=target.author,
                created_at=submitted_at,
            )
        )
    StageChange.objects.bulk_create(moves)
    ProposalVersion.objects.bulk_create(versions)
    record_many(
        [
            Happening(
                ProposalKind.IMPORTED,
                actor=target.author,
                subject=proposal,
                topic=proposal.topic,
                council=target.council,
                body=target.body,
                at=at,
                facts={
                    "number": proposal.number,
                    "title": proposal.title,
                    "source": target.source,
                    "stage": str(proposal.stage),
                },
            )
            for proposal in proposals
        ]
    )


def _proposal(
    row: Row,
    thread: Thread,
    target: Target,
    themes: dict[str, Theme],
    districts: dict[str, District],
    procedure: Procedure,
    *,
    at: datetime,
) -> Proposal:
    submitted_at = min(row.submitted_at or at, at)
    proposal = Proposal(
        council=target.council,
        author=target.author,
        title=row.title,
        summary=row.summary,
        text=row.text,
        theme=themes.get(slugify(row.theme)) if row.theme else None,
        district=districts.get(fold(row.district)) if row.district else None,
        latitude=row.latitude,
        longitude=row.longitude,
        addressed_to=target.body,
        thread=thread,
        created_at=submitted_at,
        changed_at=at,
        submitted_at=submitted_at,
        stage_since=at,
        earlier_supports=row.supports,
        support_count=row.supports,
        source=target.source,
        source_id=row.source_id,
    )
    copy_procedure(proposal, procedure)
    proposal.support_closes_at = submitted_at + timedelta(days=procedure.support_days or 30)
    stage = Stage(row.stage) if row.stage else target.stage
    if stage == Stage.GATHERING and proposal.support_closes_at <= at:
        stage = Stage.UNSUPPORTED
    proposal.stage = stage
    proposal.holder = holder_of(proposal, stage)
    proposal.ended_at = at if stage in ENDED else None
    return proposal


def _give_numbers(proposals: list[Proposal], council: Council) -> None:
    """Numbers in the order of the file, one step of the series for each year."""
    by_year: dict[int, list[Proposal]] = {}
    for proposal in proposals:
        assert proposal.submitted_at is not None
        by_year.setdefault(timezone.localtime(proposal.submitted_at).year, []).append(proposal)
    for year in sorted(by_year):
        last = take_serials(council, year, len(by_year[year]))
        for serial, proposal in enumerate(by_year[year], start=last - len(by_year[year]) + 1):
            set_number(proposal, year, serial)
