"""Write the list of cases into docs/security.md: `python -m tests.attacks.listing`. A test compares it."""

from __future__ import annotations

import os
import re
import sys
from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGE = HERE.parents[1] / "docs" / "security.md"
BEGIN, END = "<!-- cases: python -m tests.attacks.listing -->", "<!-- end of cases -->"
TEST = re.compile(r"^(?:async )?def (test_(\d{3})_\w+)", re.MULTILINE)


def tests() -> dict[int, list[tuple[str, str]]]:
    """File and name of every numbered test, by case."""
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for path in sorted(HERE.glob("test_*.py")):
        for name, number in TEST.findall(path.read_text(encoding="utf-8")):
            found[int(number)].append((path.name, name))
    return found


def table() -> str:
    """The list as it stands in the page."""
    from tests.attacks.cases import ABSENT, CASES
    from tests.attacks.guards import GUARDS

    named = tests()
    guards: dict[int, list[str]] = defaultdict(list)
    for guard in GUARDS:
        if guard.what not in guards[guard.case]:
            guards[guard.case].append(guard.what)
    lines = ["| Case | Attack | What we do | Tests | Taken out to see it succeed |", "|---|---|---|---|---|"]
    for case in CASES:
        here = named.get(case.number, [])
        files = ", ".join(sorted({f"`{file}`" for file, _ in here}))
        where = "; ".join(filter(None, (files, case.elsewhere)))
        out = "; ".join(guards.get(case.number, []))
        lines.append(f"| {case.number} {case.priority} | {case.attack} | {case.answer} | {where} | {out} |")
    lines += ["", "Cases that do not touch what exists, or stand elsewhere:", ""]
    lines += [f"- {numbers}: {why}." for numbers, why in ABSENT.items()]
    return "\n".join(lines)


def page(text: str) -> str:
    """The page with the list of now."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "participation.settings")
    import django

    django.setup()
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    sys.exit(0)
