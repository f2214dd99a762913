"""Joins the hand-written sources of static/css into one small file, static/vendor/site.css.

The order and the cascade layers are decided here, so that a source file holds only its rules. `python -m
participation.stylesheet` writes the file; with DEBUG the first page that asks for it after a source changed does.
Only the standard library, because the set-up step runs it before anything else works.
"""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "static"
SOURCES = STATIC / "css"
TARGET = STATIC / "vendor" / "site.css"

# Later layers win over earlier ones, whatever their selectors are.
LAYERS = ("tokens", "base", "layout", "parts", "large", "print")


def layered_sources() -> dict[str, list[Path]]:
    """The source files of each layer, in the order in which they are joined."""
    own_layers = {"large": SOURCES / "parts" / "large.css", "print": SOURCES / "parts" / "print.css"}
    parts = sorted(path for path in (SOURCES / "parts").glob("*.css") if path not in own_layers.values())
    return {
        "tokens": [SOURCES / "tokens.css"],
        "base": [SOURCES / "base.css"],
        "layout": [SOURCES / "layout.css"],
        "parts": parts,
        **{layer: [path] for layer, path in own_layers.items()},
    }


def bundle() -> str:
    """The whole style sheet as one text, without comments and indentation."""
    pieces = [f"@layer {','.join(LAYERS)};"]
    for layer, paths in layered_sources().items():
        rules = "\n".join(squeeze(path.read_text(encoding="utf-8")) for path in paths)
        pieces.append(f"@layer {layer}{{\n{rules}\n}}")
    return "\n".join(pieces) + "\n"


def squeeze(source: str) -> str:
    """Take out comments, blank lines and indentation; everything that could carry meaning stays."""
    without_comments = re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL)
    return "\n".join(line.strip() for line in without_comments.splitlines() if line.strip())


def is_stale() -> bool:
    """Whether a source is newer than the joined file, or the file is missing."""
    try:
        written = TARGET.stat().st_mtime
    except FileNotFoundError:
        return True
    sources = [path for paths in layered_sources().values() for path in paths]
    return any(path.stat().st_mtime > written for path in (*sources, Path(__file__)))


def write() -> Path:
    """Write the joined file; a reader sees the old one or the new one, never half of it."""
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=TARGET.parent, prefix=".site-", suffix=".css")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(bundle())
    path = Path(name)
    path.chmod(0o644)
    path.replace(TARGET)
    return TARGET


if __name__ == "__main__":
    print(write().relative_to(STATIC.parent))
