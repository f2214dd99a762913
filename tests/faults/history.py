"""What clients asked and what they were answered, as JSON lines: the evidence every checker works on.

An operation ends as `ok` (done, the answer says so), `fail` (refused: it must not have happened), or `info` (unknown:
no answer, or one that does not say whether it was done, such as a server error).
"""

from __future__ import annotations

import json
import math
import threading
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

OK, FAIL, INFO = "ok", "fail", "info"


@dataclass(frozen=True, slots=True)
class Operation:
    """One attempt. Moments are in seconds of this machine's monotonic clock; `key` is the same for all attempts at one wish."""

    client: int
    does: str
    value: str
    key: str
    invoked: float
    returned: float
    outcome: str
    detail: dict[str, Any] = field(default_factory=dict)


class History:
    """Written from many threads; every line is on disk before the next request of that client."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.operations: list[Operation] = []
        self._lock = threading.Lock()
        self._file = path.open("a", encoding="utf-8")

    def add(self, operation: Operation) -> None:
        line = json.dumps(asdict(operation), ensure_ascii=False, default=str)
        with self._lock:
            self.operations.append(operation)
            self._file.write(line + "\n")
            self._file.flush()

    def close(self) -> None:
        self._file.close()

    def count(self, outcome: str) -> int:
        return sum(operation.outcome == outcome for operation in self.operations)

    def first_answer_after(self, moment: float) -> float:
        """When the first `ok` came to somebody who asked after a moment; never when nobody got one."""
        return min((o.returned for o in self.operations if o.outcome == OK and o.invoked > moment), default=math.inf)

    def longest_silence(self) -> float:
        """Seconds between two answers that were `ok`, at most: how long nobody got through."""
        moments = sorted(operation.returned for operation in self.operations if operation.outcome == OK)
        return max((later - earlier for earlier, later in pairwise(moments)), default=0.0)


def read(path: Path) -> list[Operation]:
    with path.open(encoding="utf-8") as lines:
        return [Operation(**json.loads(line)) for line in lines]


def by_client(operations: Iterable[Operation]) -> dict[int, list[Operation]]:
    found: dict[int, list[Operation]] = defaultdict(list)
    for operation in operations:
        found[operation.client].append(operation)
    return found


def now() -> float:
    return time.monotonic()
