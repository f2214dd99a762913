"""What may be asked of the list: an allow-list of words, each with its known values. Everything else is ignored."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _l

from councils.models import Body, Council, District, Theme
from proposals.stages import Stage

MAX_TEXT = 200
MAX_VALUES = 40
NUMBER = re.compile(r"\s*([a-z]{3})-(\d{4})-(\d{1,9})\s*", re.IGNORECASE)

# Words of the address, in the order of the page.
STAGE_WORDS = {
    "sunuldu": Stage.SUBMITTED,
    "destek": Stage.GATHERING,
    "grupta": Stage.IN_GROUP,
    "oylamada": Stage.BALLOT,
    "yurutme-kurulunda": Stage.BOARD,
    "genel-kurulda": Stage.GENERAL_ASSEMBLY,
    "gorus": Stage.OPINION,
    "gonderildi": Stage.SENT,
    "gundemde": Stage.ON_AGENDA,
    "komisyonda": Stage.IN_COMMISSION,
    "mudurlukte": Stage.DIRECTORATE,
    "uygulaniyor": Stage.IMPLEMENTATION,
    "yapildi": Stage.DONE,
    "degerlendirildi": Stage.REVIEWED,
    "kabul": Stage.ADOPTED,
    "ret": Stage.DECLINED,
    "uygun-degil": Stage.INADMISSIBLE,
    "desteksiz": Stage.UNSUPPORTED,
    "geri-cekildi": Stage.WITHDRAWN,
    "birlestirildi": Stage.MERGED,
    "ayrildi": Stage.SPLIT,
    "uygulanamadi": Stage.ABANDONED,
}
AUTHOR_WORDS = {"yurttas": _l("Yurttaş"), "stk": _l("Sivil toplum kuruluşu")}


@dataclass(frozen=True)
class Choices:
    """The themes, districts and bodies of a council by their words, loaded once for filters and facets."""

    themes: dict[str, Theme]
    districts: dict[str, District]
    bodies: dict[str, Body]


def choices_of(council: Council) -> Choices:
    """Three queries, whatever the size of the council."""
    bodies = Body.objects.filter(council=council).take_proposals().alphabetical()
    return Choices(
        themes={theme.slug: theme for theme in Theme.objects.filter(council=council)},
        districts={district.slug: district for district in District.objects.filter(council=council)},
        bodies={body.slug: body for body in bodies.only("name", "slug", "kind", "council")},
    )


@dataclass(frozen=True)
class Filters:
    """What a reader asked for, in words known to the council."""

    text: str = ""
    stages: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    is_late: bool = False
    choices: Choices = field(default_factory=lambda: Choices({}, {}, {}), repr=False, compare=False)

    @property
    def number(self) -> str:
        """The proposal's number when the text is nothing else."""
        match = NUMBER.fullmatch(self.text)
        return f"{match[1].upper()}-{match[2]}-{int(match[3]):04d}" if match else ""

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for filters that ask the same of a council."""
        return (self.text, self.stages, self.themes, self.districts, self.bodies, self.authors, self.is_late)

    @property
    def count(self) -> int:
        """How many values are chosen, without the text."""
        return sum(len(values) for values in (self.stages, self.themes, self.districts, self.bodies, self.authors))

    def __bool__(self) -> bool:
        return bool(self.text or self.count or self.is_late)

    def without(self, name: str) -> Filters:
        """The same filters with one facet open."""
        return replace(self, **{name: ()})  # type: ignore[arg-type]


# The word in the address and the field of `Filters` it fills.
WORDS = {"asama": "stages", "konu": "themes", "ilce": "districts", "organ": "bodies", "yazar": "authors"}


def read_filters(params: QueryDict, choices: Choices) -> Filters:
    """The filters of an address. Unknown words and values are left out, repeated ones count once."""
    known: dict[str, Iterable[str]] = {
        "asama": STAGE_WORDS,
        "konu": choices.themes,
        "ilce": choices.districts,
        "organ": choices.bodies,
        "yazar": AUTHOR_WORDS,
    }
    found: dict[str, Any] = {}
    for word, name in WORDS.items():
        asked = set(params.getlist(word)[:MAX_VALUES])
        found[name] = tuple(value for value in known[word] if value in asked)
    text = " ".join(params.get("q", "").replace("\0", " ")[:MAX_TEXT].split())
    return Filters(text=text, is_late=params.get("geciken") == "1", choices=choices, **found)
