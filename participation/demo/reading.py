"""The demo's content read from its files: plain data with moments, no database."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from django.utils import timezone
from ruamel.yaml import YAML

CONTENT = Path(__file__).parent / "content"
COUNCILS = ("kocaeli", "adana")
_MOMENT = re.compile(r"^(?:(?P<ahead>\+)?(?P<days>\d+)d (?P<hour>\d\d):(?P<minute>\d\d)|(?P<hours>\d+)h)$")


def moment(text: str, *, now: datetime) -> datetime:
    """The moment a text tells, seen from `now`: ``12d 14:30`` is twelve days ago, ``5h`` five hours, ``+2d 18:00`` ahead."""
    found = _MOMENT.match(text)
    if found is None:
        raise ValueError(f"Not a moment: {text!r}")
    if found["hours"]:
        return now - timedelta(hours=int(found["hours"]))
    days = timedelta(days=int(found["days"]))
    day = timezone.localtime(now) + (days if found["ahead"] else -days)
    return day.replace(hour=int(found["hour"]), minute=int(found["minute"]), second=0, microsecond=0)


_BLOCK = re.compile(r"^(?:#|[-*] |\d+\. )")


def unwrapped(text: str) -> str:
    """A Markdown text whose paragraphs and list items are one line each: our lines end where the file is narrow."""
    lines: list[str] = []
    for line in (raw.strip() for raw in text.strip().splitlines()):
        if line and lines and lines[-1] and not _BLOCK.match(line) and not lines[-1].startswith("#"):
            lines[-1] += f" {line}"
        else:
            lines.append(line)
    return "\n".join(lines)


def _load(path: Path) -> Any:
    return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class PersonData:
    key: str
    name: str
    council: str
    district: str
    is_verified: bool
    shows_name: bool

    @property
    def email(self) -> str:
        return f"{self.key}@ornek.invalid"


@dataclass
class Story:
    """One proposal of the demo with everything that happens to it."""

    council: str
    name: str
    data: dict[str, Any] = field(repr=False)

    @property
    def text(self) -> str:
        return unwrapped(self.data["text"])

    def versions(self) -> list[dict[str, str]]:
        """Later versions with their whole text; a change whose old words are not there is an error of the content."""
        text = self.text
        versions = []
        for version in self.data.get("versions", []):
            for old, new in version["changes"]:
                if old not in text:
                    raise ValueError(f"{self.council}/{self.name}: {old!r} is not in the text")
                text = text.replace(old, new)
            versions.append({"at": version["at"], "note": version["note"], "text": text})
        return versions


class Content:
    """Everything under `content/`."""

    @cached_property
    def people(self) -> dict[str, PersonData]:
        sections = _load(CONTENT / "people.yaml")
        return {
            key: PersonData(
                key=key,
                name=row["name"],
                council="kocaeli" if section == "cast" else section,
                district=row["district"],
                is_verified=row.get("verified", True),
                shows_name=row.get("shows_name", False),
            )
            for section, rows in sections.items()
            for key, row in rows.items()
        }

    @cached_property
    def organisations(self) -> dict[str, list[dict[str, Any]]]:
        return dict(_load(CONTENT / "organisations.yaml"))

    @cached_property
    def bodies(self) -> dict[str, dict[str, Any]]:
        return dict(_load(CONTENT / "bodies.yaml"))

    @cached_property
    def ballots(self) -> dict[str, dict[str, Any]]:
        """The rule about proxies and the ballots of each council."""
        return dict(_load(CONTENT / "ballots.yaml"))

    @cached_property
    def procedures(self) -> dict[str, list[dict[str, Any]]]:
        """How a council changed its procedures, in the order of time."""
        return dict(_load(CONTENT / "procedures.yaml"))

    @cached_property
    def plans(self) -> dict[str, dict[str, Any]]:
        """The strategic plan of each council's municipality."""
        return dict(_load(CONTENT / "plans.yaml"))

    @cached_property
    def requests(self) -> dict[str, dict[str, Any]]:
        """The officers of each council's desk, and what is asked of it."""
        return dict(_load(CONTENT / "requests.yaml"))

    @cached_property
    def stories(self) -> list[Story]:
        return [
            Story(council, path.stem, _load(path))
            for council in COUNCILS
            for path in sorted((CONTENT / council).glob("*.yaml"))
            if path.stem != "konusmalar"
        ]

    def conversations(self, council: str) -> dict[str, list[dict[str, Any]]]:
        """Discussions of bodies, by the body's slug."""
        return dict(_load(CONTENT / council / "konusmalar.yaml"))
