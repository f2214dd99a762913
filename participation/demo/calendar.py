"""Deeds with their moments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

Deed = Callable[[datetime], object]


class Calendar:
    """Deeds with their moments; done in order, so that numbers, the journal and the discussions are in order."""

    def __init__(self, *, now: datetime) -> None:
        self.now = now
        self._deeds: list[tuple[datetime, int, Deed]] = []

    def add(self, at: datetime, deed: Deed) -> None:
        self._deeds.append((min(at, self.now), len(self._deeds), deed))

    def run(self) -> None:
        for at, _position, deed in sorted(self._deeds, key=lambda deed: deed[:2]):
            deed(at)
