"""Somebody who keeps the heads of the sealed log elsewhere, and afterwards has everything recomputed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.faults.history import OK, Operation
from tests.faults.invariants import (
    comments_are_kept,
    no_refusals,
    receipts_are_recorded,
    tally_is_recount,
    votes_are_kept,
)
from tests.faults.town import ROOT, Process, Town

SCRIPT = ROOT / "static" / "kanit.py"
"""The published check of a proof, which knows nothing of this project."""
SAMPLE = 5


class Observer:
    def __init__(self, town: Town) -> None:
        self.town = town
        self.heads: dict[int, dict[str, Any]] = {}

    def look(self, server: Process) -> None:
        """Have sealed what waits, and keep the heads as they are published at this moment; what was kept stays."""
        self.town.manage("seal_log")
        status, body = server.get("/muhur/muhurler.json")
        assert status == 200, body
        for head in json.loads(body)["heads"]:
            self.heads.setdefault(head["number"], head)

    def judge(self, server: Process) -> list[str]:
        """I1 to I4 and I10: everything that must hold of votes and comments. What is wrong, in words."""
        stored, operations = self.town.votes(), self.town.history.operations
        session = self.town.facts["people"][0]["session"]
        return [
            *votes_are_kept(operations, stored),
            *comments_are_kept(operations, self.town.comments()),
            *no_refusals(operations),
            *receipts_are_recorded(operations, self.town.records()),
            *tally_is_recount(server.tally(self.town.facts["ballot"], session), stored),
            *self.recompute(server),
        ]

    def recompute(self, server: Process) -> list[str]:
        """I3 and I4: all seals, records and counts anew, and the proofs of some receipts."""
        self.look(server)
        kept = self.town.folder / "kept.json"
        kept.write_text(json.dumps({"heads": list(self.heads.values())}))
        wrong = self.town.complaints_of("verify_log", "--heads", str(kept)) + self.town.complaints_of("audit_ballots")
        return wrong + self._proofs(server, kept)

    def _proofs(self, server: Process, kept: Path) -> list[str]:
        people = {person["id"]: person["session"] for person in self.town.facts["people"]}
        done = [o for o in self.town.history.operations if o.outcome == OK and o.does == "vote"]
        wrong = []
        for operation in self.town.random.sample(done, min(SAMPLE, len(done))):
            receipt = operation.detail["receipt"]
            status, body = server.get(f"/api/v1/receipts/{receipt}/proof/", session=people[operation.client])
            if status == 200:
                wrong += self._fails(body, kept, operation)
            else:
                wrong.append(f"{operation.client}: no proof of the receipt {receipt}: {status}")
        return wrong

    def _fails(self, proof: bytes, kept: Path, operation: Operation) -> list[str]:
        """What the published script says against a proof, and whether what it proves is what was answered."""
        file = self.town.folder / "proof.json"
        file.write_bytes(proof)
        checked = subprocess.run(
            [sys.executable, "-I", str(SCRIPT), str(file), str(kept)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        if checked.returncode:
            return [f"{operation.client}: {checked.stderr.strip()}"]
        sealed = json.loads(json.loads(proof)["content"])["row"]
        told = {"person": operation.client, "paper": operation.value, "key": operation.key}
        told["receipt"] = operation.detail["receipt"]
        return [] if told.items() <= sealed.items() else [f"{operation.client}: answered {told}, sealed {sealed}"]
