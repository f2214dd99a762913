"""The figures' rows as they follow from the tables of the other apps: the one place that says what is counted."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.db import connection

from councils.actions import calendar_of
from councils.models import Council, MunicipalMeeting
from councils.working_time import Calendar
from impact.models import Participation, ProposalFact, StageSpan
from impact.walks import Move, walk
from proposals.actions.due import due_of
from proposals.models import Proposal, StageChange
from proposals.stages import Stage

BATCH = 1_000


def recounted(proposals: Collection[int] | None = None) -> Iterator[tuple[ProposalFact, list[StageSpan]]]:
    """Fact and spans of every submitted proposal, or of those named; few queries for each thousand, one more for each council."""
    keys = list(Proposal.objects.order_by("pk").values_list("pk", flat=True) if proposals is None else proposals)
    for start in range(0, len(keys), BATCH):
        yield from _recounted(keys[start : start + BATCH])


def _recounted(keys: Collection[int]) -> Iterator[tuple[ProposalFact, list[StageSpan]]]:
    rows = list(
        Proposal.objects.filter(pk__in=keys)
        .exclude(stage=Stage.DRAFT)
        .defer("summary", "text", "search")
        .prefetch_related("procedure__steps")
    )
    moves: dict[int, list[Move]] = {}
    changes = StageChange.objects.filter(proposal__in=[row.pk for row in rows]).order_by("at", "pk")
    for key, old, new, at in changes.values_list("proposal_id", "old", "new", "at"):
        moves.setdefault(key, []).append(Move(old, new, at))
    councils = Council.objects.filter(pk__in={row.council_id for row in rows})
    calendars = {council.pk: calendar_of(council) for council in councils}
    meetings: dict[int, list[MunicipalMeeting]] = {key: [] for key in calendars}
    for meeting in MunicipalMeeting.objects.filter(council__in=meetings):
        meetings[meeting.council_id].append(meeting)
    for row in rows:
        yield _counted(row, moves.get(row.pk, []), calendars[row.council_id], meetings[row.council_id])


def _counted(
    row: Proposal, moves: list[Move], calendar: Calendar, meetings: list[MunicipalMeeting]
) -> tuple[ProposalFact, list[StageSpan]]:
    assert row.submitted_at is not None
    assert row.year is not None
    way = walk(
        stage=row.stage,
        submitted_at=row.submitted_at,
        stage_since=row.stage_since,
        moves=moves,
        due_of=lambda stage, since: due_of(row, Stage(stage), at=since, calendar=calendar, meetings=meetings),
        is_imported=bool(row.source_id),
    )
    fact = ProposalFact(
        proposal_id=row.pk,
        council_id=row.council_id,
        year=row.year,
        theme_id=row.theme_id,
        district_id=row.district_id,
        body_id=row.addressed_to_id,
        organisation_id=row.on_behalf_of_id,
        stage=row.stage,
        stage_since=row.stage_since,
        holder=row.holder,
        due_at=row.due_at,
        submitted_at=row.submitted_at,
        reached=[span.stage for span in way.spans],
        flows=list(way.flows),
        in_time=way.in_time,
    )
    spans = [
        StageSpan(
            fact_id=row.pk,
            council_id=row.council_id,
            stage=span.stage,
            entered_at=span.entered_at,
            left_at=span.left_at,
            seconds=span.seconds,
            in_time=span.in_time,
        )
        for span in way.spans
    ]
    return fact, spans


# --- Who took part ----------------------------------------------------------------------------------------------------
BALLOT_COUNCILS = """
  SELECT b.ballot_id, p.council_id FROM proposals_proposalballot b JOIN proposals_proposal p ON p.id = b.proposal_id
  UNION ALL SELECT b.ballot_id, o.council_id FROM proposals_opinionballot b JOIN proposals_opinion o ON o.id = b.opinion_id
  UNION ALL SELECT b.ballot_id, b.council_id FROM councils_councilballot b
"""
"""Which council held a ballot."""
# {of_…} narrows each part to the people asked about. Somebody's vote counts also where another cast it by proxy. Comments
# count while they are shown. The district is where the person says to live in this council's city.
PARTICIPATION = f"""
WITH ballot_councils (ballot_id, council_id) AS ({BALLOT_COUNCILS}), did (council_id, person_id, at, how) AS (
  SELECT council_id, author_id, submitted_at, 1 FROM proposals_proposal WHERE submitted_at IS NOT NULL {{of_author}}
  UNION ALL
  SELECT p.council_id, s.person_id, s.created_at, 2
    FROM proposals_support s JOIN proposals_proposal p ON p.id = s.proposal_id WHERE true {{of_supporter}}
  UNION ALL
  SELECT p.council_id, c.author_id, c.created_at, 3
    FROM discussions_comment c JOIN proposals_proposal p ON p.thread_id = c.thread_id
    WHERE c.deleted_at IS NULL AND c.hidden_at IS NULL {{of_commenter}}
  UNION ALL
  SELECT b.council_id, v.person_id, v.cast_at, 4
    FROM ballots_vote v JOIN ballot_councils b ON b.ballot_id = v.ballot_id WHERE true {{of_voter}}
), by_year AS (
  SELECT council_id, person_id, extract(year FROM at AT TIME ZONE 'Europe/Istanbul')::int AS year,
    bool_or(how = 1) AS is_author, bool_or(how = 2) AS is_supporter, bool_or(how = 3) AS is_commenter,
    bool_or(how = 4) AS is_voter
  FROM did GROUP BY 1, 2, 3
), with_all AS (
  SELECT * FROM by_year
  UNION ALL
  SELECT council_id, person_id, 0, bool_or(is_author), bool_or(is_supporter), bool_or(is_commenter), bool_or(is_voter)
    FROM by_year GROUP BY 1, 2
)
SELECT t.council_id, t.person_id, t.year, r.district_id, p.age_band, t.is_author, t.is_supporter, t.is_commenter, t.is_voter
FROM with_all t JOIN people_person p ON p.id = t.person_id
LEFT JOIN councils_residence r ON r.person_id = t.person_id AND r.council_id = t.council_id
"""  # noqa: S608 - put together from our own text
COLUMNS = "council_id, person_id, year, district_id, age_band, is_author, is_supporter, is_commenter, is_voter"


_COLUMN = {"author": "author_id", "supporter": "s.person_id", "commenter": "c.author_id", "voter": "v.person_id"}
EVERYBODY = PARTICIPATION.format(**{f"of_{who}": "" for who in _COLUMN})
"""The statement that gives who took part."""
SOME = PARTICIPATION.format(**{f"of_{who}": f"AND {name} = ANY(%(people)s)" for who, name in _COLUMN.items()})
"""The same of the people named ``people``."""
KEPT = f"SELECT {COLUMNS} FROM impact_participation"  # noqa: S608 - names of columns
WRITE = f"INSERT INTO impact_participation ({COLUMNS}) "


def write_participation(people: Collection[int] | None) -> int:
    """Make the rows of these people, or of everybody, anew; returns how many rows there are of them now."""
    rows = Participation.objects.all() if people is None else Participation.objects.filter(person__in=people)
    rows.delete()
    statement = WRITE + (EVERYBODY if people is None else SOME)
    with connection.cursor() as cursor:
        cursor.execute(statement, {} if people is None else {"people": list(people)})
        return int(cursor.rowcount)
