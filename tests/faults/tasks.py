"""Tasks that are sent to workers, and what the workers noted of them (`broken.notes_tasks`)."""

from __future__ import annotations

import json
import time
import uuid
from collections import Counter
from collections.abc import Iterable

import celery
import redis

from tests.faults.history import INFO, OK, Operation, now
from tests.faults.town import Process, Town

KINDS = (
    "ballots.tasks.declare_ended_ballots",
    "ballots.tasks.follow_rolls",
    "journal.tasks.seal_when_due",
    "journal.tasks.sweep",
    "notifications.tasks.tell_steps",
    "people.tasks.clear_sessions",
    "people.tasks.forget_kept_answers",
    "proposals.tasks.end_support_periods",
)
WORKER = ["celery", "worker", "--concurrency", "2", "--loglevel", "WARNING", "--without-gossip", "--without-mingle"]
Note = tuple[str, str, float]
"""The task, what became of it (begun or done), and when."""


class Tasks:
    def __init__(self, town: Town) -> None:
        self.town, self.file = town, town.folder / "tasks.jsonl"
        self.file.touch()
        self.sent: dict[str, tuple[str, float]] = {}

    def send(self, names: Iterable[str]) -> None:
        with celery.Celery(broker=self.town.environment(1)["REDIS_URL"]) as sender:
            for name in names:
                key = str(uuid.uuid4())
                sender.send_task(name, task_id=key)
                self.sent[key] = name, now()

    def worker(self, breaks: str = "works_slowly", **environment: str) -> Process:
        more = {"TASKS_NOTED": str(self.file), **environment}
        return self.town.run(WORKER, breaks=f"notes_tasks {breaks}", **more)

    def waiting(self) -> int:
        """How many the broker still has, for anybody or in the hands of a worker."""
        with redis.Redis(port=self.town.redis_port) as broker:
            return int(broker.llen("celery")) + int(broker.hlen("unacked"))

    def rest(self, patience: float) -> None:
        """Wait until nothing waits and, for some seconds, nothing more is noted; no longer than `patience`."""
        deadline, noted, quiet_since = now() + patience, -1, now()
        while now() < min(deadline, quiet_since + 3):
            if self.waiting() or len(self.notes()) != noted:
                noted, quiet_since = len(self.notes()), now()
            time.sleep(0.2)

    def notes(self) -> list[Note]:
        return [(note["task"], note["is"], note["at"]) for note in map(json.loads, self.file.open())]

    def done(self, since: int = 0) -> list[str]:
        """What was done, of the notes after so many."""
        return [task for task, what, _ in self.notes()[since:] if what == "done"]

    def in_the_middle(self, since: int = 0) -> set[str]:
        """What was begun and is not done."""
        begun = Counter(task for task, what, _ in self.notes()[since:] if what == "begun")
        begun.subtract(self.done(since))
        return {task for task, times in (+begun).items() if times}

    def write_down(self) -> None:
        """One operation of the history for each task."""
        begun = Counter(task for task, what, _ in self.notes() if what == "begun")
        ended = {task: at for task, what, at in self.notes() if what == "done"}
        for task, (name, at) in self.sent.items():
            outcome = OK if task in ended else INFO
            detail = {"begun": begun[task]}
            self.town.history.add(Operation(0, name, "", task, at, ended.get(task, now()), outcome, detail))

    def never_done(self) -> list[str]:
        done = set(self.done())
        return [f"{name} {task} was never done" for task, (name, _) in self.sent.items() if task not in done]
