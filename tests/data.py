"""Real data that lies beside the checkout on machines that have it. Nothing of it is part of the project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

DATA = Path(os.environ.get("MEYDAN_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")


def real(path: str) -> Path:
    """A real file, or a skip that says how to have it."""
    found = DATA / path
    if not found.exists():
        pytest.skip(f"{path} is absent: put the data beside the checkout or set MEYDAN_DATA=/path/to/data")
    return found
