"""Sets the document in a folder: `python typesetting.py FOLDER > document.pdf`, in a process of its own.

Reads ``main.typ`` and what lies beside it, nothing else: no system font, no package, no network. Uses nothing of the project.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import resource
import sys
from pathlib import Path
from typing import Any

VERSION = "1"
"""Rises when documents come out differently from the same data."""
MEMORY = 2 * 1024 * 1024 * 1024
CPU_SECONDS = 20
NO_SIGN = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
"""How the compiler names what none of its fonts can draw; a document for readers of screens may not hold it."""
CODE = re.compile(r"\\u\{([0-9a-f]{1,6})\}")
PLAIN = re.compile("[^\\n\\x20-\\x7e\\u00a0-\\u017f\\u2010-\\u2026\\u20ba]")
"""Letters of a text of which more cannot be drawn than the compiler names."""
INSTEAD = "\u25a1"
ROUNDS = 3


def main(folder: str) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import typst

    place = Path(folder)
    nowhere = place / "none"
    written = place / "data.json"
    data = json.loads(written.read_text(encoding="utf-8"))
    moment = dt.datetime.fromtimestamp(int(data.get("made_at", 0)), tz=dt.UTC)
    for left in range(ROUNDS, -1, -1):
        compiler = typst.Compiler(
            place / "main.typ",
            root=place,
            ignore_system_fonts=True,
            package_path=nowhere,
            package_cache_path=nowhere,
        )
        try:
            pdf = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=moment)
            break
        except typst.TypstError as error:
            told = f"{error.message}\n{error.diagnostic}"
            unknown = {_letters(found) for found in NO_SIGN.findall(told)}
            if not unknown or not left:
                sys.stderr.write(told)
                return 1
            data = _without(data, re.compile("|".join(map(re.escape, unknown))) if left > 1 else PLAIN)
            written.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    if not isinstance(pdf, bytes):
        return 1
    sys.stdout.buffer.write(pdf)
    return 0


def _letters(told: str) -> str:
    """A text as it is, out of the way the compiler writes it."""
    return CODE.sub(lambda code: chr(int(code[1], 16)), told)


def _without(data: Any, unknown: re.Pattern[str]) -> Any:
    """The data with a sign in place of what cannot be drawn: one picture in a title takes no document from anybody."""
    if isinstance(data, dict):
        return {name: _without(value, unknown) for name, value in data.items()}
    if isinstance(data, list):
        return [_without(value, unknown) for value in data]
    return unknown.sub(INSTEAD, data) if isinstance(data, str) else data


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
