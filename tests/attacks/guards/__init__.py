"""The guards of each case: what keeps the attack from succeeding, and how it is taken out to see the attack succeed."""

from __future__ import annotations

from tests.attacks.guards import access, accounts, content, doors, live, municipal, office, requests, voting
from tests.attacks.without import Guard

GUARDS: tuple[Guard, ...] = tuple(
    guard
    for part in (voting, access, content, live, accounts, doors, office, municipal, requests)
    for guard in part.GUARDS
)
