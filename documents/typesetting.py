"""Sets the document in a folder: `python typesetting.py FOLDER > document.pdf`, in a process of its own.

Reads ``main.typ`` and what lies beside it, nothing else: no system font, no package, no network. Uses nothing of the project.
"""

from __future__ import annotations

import datetime as dt
import json
import resource
import sys
from pathlib import Path

VERSION = "1"
"""Rises when documents come out differently from the same data."""
MEMORY = 2 * 1024 * 1024 * 1024
CPU_SECONDS = 20


def main(folder: str) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import typst

    place = Path(folder)
    nowhere = place / "none"
    compiler = typst.Compiler(
        place / "main.typ",
        root=place,
        ignore_system_fonts=True,
        package_path=nowhere,
        package_cache_path=nowhere,
    )
    made_at = json.loads((place / "data.json").read_text(encoding="utf-8")).get("made_at", 0)
    moment = dt.datetime.fromtimestamp(int(made_at), tz=dt.UTC)
    try:
        pdf = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=moment)
    except typst.TypstError as error:
        sys.stderr.write(f"{error.message}\n{error.diagnostic}")
        return 1
    if not isinstance(pdf, bytes):
        return 1
    sys.stdout.buffer.write(pdf)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
