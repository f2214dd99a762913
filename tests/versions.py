"""The oldest versions of the stack that are free of what has been published about it, and what must not come back.

Raise a floor when an advisory touches what we use; the pins follow with `make pins`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FLOORS = {
    "django": "5.2.19",  # CVE-2026-3902, -33034, -5766, -35192, -84429: headers, upload limits and caches under ASGI
    "channels": "4.3.2",
    "channels-redis": "4.3.0",
    "uvicorn": "0.54.0",
    "daphne": "4.2.3",  # CVE-2026-44545, -44546: messages without a limit, smuggled headers
    "djangorestframework": "3.18.3",  # CVE-2026-114136, -73228, -73229: character sets, limits of bodies
    "django-allauth": "65.21.1",  # rate limits by X-Forwarded-For, accents in addresses, codes used twice
    "django-filter": "2.4.0",  # CVE-2020-15225: numbers without end
    "celery": "5.7.0",
    "pillow": "12.0.0",
    "nh3": "0.3.0",
    "markdown-it-py": "3.0.0",
    "pikepdf": "10.0.0",
    "redis": "6.0.0",
}
NEVER = {
    "bleach": "unmaintained; nh3 cleans HTML",
    "django-debug-toolbar": "shows settings and queries",
}
_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)


def pins(text: str) -> dict[str, str]:
    """Name and version of every pinned package of a requirements file."""
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in _PIN.findall(text)}


def below(pinned: Mapping[str, str], floors: Mapping[str, str] = FLOORS) -> list[str]:
    """A line for each package that is pinned below its floor."""
    return [
        f"{name} {pinned[name]} is below {floor}"
        for name, floor in floors.items()
        if name in pinned and _number(pinned[name]) < _number(floor)
    ]


def faults() -> list[str]:
    """What is wrong with the pins of what is deployed."""
    pinned = pins((ROOT / "requirements.txt").read_text())
    if not pinned:
        return ["no pins could be read"]
    return below(pinned) + [f"{name}: {why}" for name, why in NEVER.items() if name in pinned]


def _number(version: str) -> tuple[int, ...]:
    """Leading numbers of a version; a pre-release counts as less than the release."""
    released = re.match(r"\d+(?:\.\d+)*", version)
    parts = tuple(int(part) for part in released[0].split(".")) if released else ()
    rest = version[released.end() :] if released else version
    return (*parts, *(0,) * (6 - len(parts)), -1 if re.match(r"[._-]?(a|b|rc|dev)", rest) else 0)
