"""What a council's file says, and what may be wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from councils.models import BodyKind

SLUG = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")
CODE = re.compile(r"^[A-Z]{3}$")
ORGANS = (BodyKind.GENERAL_ASSEMBLY, BodyKind.EXECUTIVE_BOARD, BodyKind.SECRETARIAT, BodyKind.DIRECTORATE)
LARGEST_FILE = 2_000_000


@dataclass(frozen=True, order=True)
class Problem:
    """Something wrong at a place of the file; lines and columns count from one."""

    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return _("satır %(line)d, sütun %(column)d: %(message)s") % vars(self)


class CouncilFileError(Exception):
    """A file that cannot be loaded, with all its problems in the order of the file."""

    def __init__(self, path: Path, problems: list[Problem]) -> None:
        self.path, self.problems = path, sorted(set(problems))
        super().__init__("\n".join([f"{path}:", *(f"  {problem}" for problem in self.problems)]))


@dataclass(frozen=True)
class DistrictData:
    slug: str
    name: str
    centre: tuple[float, float]
    population: int | None = None


@dataclass(frozen=True)
class ThemeData:
    slug: str
    name: str
    name_en: str = ""


@dataclass(frozen=True)
class BodyData:
    kind: str
    slug: str
    name: str
    purpose: str
    is_sample: bool = False
    objectives: list[str] = field(default_factory=list)
    activities: list[str] = field(default_factory=list)
    partners: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class CouncilData:
    """What a file says about a council. `places` tells where, for problems that only the database can see."""

    fields: dict[str, Any]
    procedure: dict[str, Any]
    districts: list[DistrictData]
    themes: list[ThemeData]
    bodies: list[BodyData]
    places: dict[str, tuple[int, int]]
    digest: str
    path: Path

    @property
    def slug(self) -> str:
        return str(self.fields["slug"])

    def problem(self, key: str, message: str) -> CouncilFileError:
        """An error at the place of a key of the section `council`."""
        return CouncilFileError(self.path, [Problem(*self.places.get(key, (1, 1)), message)])
