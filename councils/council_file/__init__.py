"""A council's YAML file, read and checked: plain data in, plain data out, every problem with its line and column."""

from __future__ import annotations

from councils.council_file.data import BodyData, CouncilData, CouncilFileError, DistrictData, Problem, ThemeData
from councils.council_file.reader import read_council_file

__all__ = [
    "BodyData",
    "CouncilData",
    "CouncilFileError",
    "DistrictData",
    "Problem",
    "ThemeData",
    "read_council_file",
]
