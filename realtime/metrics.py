"""Counters of this process, for the health page and for tests."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

BUCKETS = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5)


@dataclass
class Metrics:
    sockets: int = 0
    topics: int = 0
    deliveries: int = 0
    replayed: int = 0
    resyncs: int = 0
    gaps: int = 0
    blocked: int = 0
    cut: int = 0
    refused: int = 0
    revoked: int = 0
    tickets: int = 0
    rechecks: int = 0
    batches: int = 0
    floods: int = 0
    handshakes_refused: int = 0
    state_reads: int = 0
    queries: int = 0
    bus_reconnects: int = 0
    bus_failures: int = 0
    polls: int = 0
    held: int = 0
    fanout_longest: float = 0.0
    fanout_seconds: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))

    def fanned_out(self, seconds: float) -> None:
        place = next((i for i, limit in enumerate(BUCKETS) if seconds <= limit), len(BUCKETS))
        self.fanout_seconds[place] += 1
        self.fanout_longest = max(self.fanout_longest, seconds)


METRICS = Metrics()


def snapshot() -> dict[str, Any]:
    """All counters; `fanout_seconds` by upper bound in seconds."""
    values = asdict(METRICS)
    values["fanout_seconds"] = dict(zip([*map(str, BUCKETS), "more"], METRICS.fanout_seconds, strict=True))
    return values
