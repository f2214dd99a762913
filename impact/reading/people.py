"""Who takes part, as counts only: by district against the population, by age band where given, and who is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from councils.models import Council, District
from impact.models import EVERY_YEAR, Participation
from impact.suppression import SMALLEST, suppressed
from people.models import AgeBand
from turkish.templatetags.turkish_text import number

MISSING_BELOW = 0.75
"""A district is said to be missing when its share of those who take part is below this part of its share of the people."""


class How(NamedTuple):
    """People by what they did; somebody who did several things counts in each."""

    authors: int
    supporters: int
    commenters: int
    voters: int


class Age(NamedTuple):
    band: str
    people: int


COLUMNS = {"authors": "is_author", "supporters": "is_supporter", "commenters": "is_commenter", "voters": "is_voter"}
NOBODY = How(0, 0, 0, 0)


@dataclass(frozen=True)
class PlaceRow:
    """Those of one district who took part. `count` is None where it is not shown."""

    name: str
    population: int | None
    count: int | None
    by_how: How
    share_of_people: float | None
    share_of_population: float | None

    @property
    def is_missing(self) -> bool:
        return (
            self.share_of_people is not None
            and self.share_of_population is not None
            and self.share_of_people < MISSING_BELOW * self.share_of_population
        )

    @property
    def per_ten_thousand(self) -> float | None:
        return 10_000 * self.count / self.population if self.count is not None and self.population else None


@dataclass(frozen=True)
class People:
    """Who took part in a council."""

    total: int | None
    places: Sequence[PlaceRow]
    without_place: int | None
    ages: Sequence[Age]
    without_age: int

    @property
    def missing(self) -> list[PlaceRow]:
        return [row for row in self.places if row.is_missing]


def _counts() -> dict[str, Count]:
    return {"all": Count("pk"), **{how: Count("pk", filter=Q(**{column: True})) for how, column in COLUMNS.items()}}


def people(council: Council, *, year: int = EVERY_YEAR) -> People:
    """For the staff: counts as they are, never crossed by district and age. Three queries."""
    rows = Participation.objects.filter(council=council, year=year).order_by()
    by_place = {row["district"]: row for row in rows.values("district").annotate(**_counts())}
    by_age = dict(rows.values_list("age_band").annotate(n=Count("pk")))
    districts = list(District.objects.filter(council=council))
    counts = {place: row["all"] for place, row in by_place.items()}
    total = sum(counts.values())
    details = {place: How(*(row[name] for name in COLUMNS)) for place, row in by_place.items()}
    places = _places(districts, {d.pk: counts.get(d.pk, 0) for d in districts}, details)
    ages = [Age(str(band.label), by_age.get(band, 0)) for band in AgeBand]
    return People(total, places, counts.get(None, 0), ages, by_age.get("", 0))


def people_for_everybody(council: Council) -> People:
    """For everybody: all years together, by district alone, without groups of fewer than five. Two queries."""
    rows = Participation.objects.filter(council=council, year=EVERY_YEAR).order_by()
    by_place = dict(rows.values_list("district").annotate(n=Count("pk")))
    districts = list(District.objects.filter(council=council))
    told, total = suppressed({place: by_place.get(place, 0) for place in (*(d.pk for d in districts), None)})
    places = _places(districts, {d.pk: told[d.pk] for d in districts}, {})
    return People(total, places, told[None], [], 0)


def _places(
    districts: Sequence[District], counts: dict[int, int | None] | dict[int, int], details: dict[int | None, How]
) -> list[PlaceRow]:
    lived = sum(district.population or 0 for district in districts) if all(d.population for d in districts) else 0
    took_part = sum(count or 0 for count in counts.values())
    found = []
    for district in districts:
        count = counts[district.pk]
        of_population = (district.population or 0) / lived if lived else None
        of_people = count / took_part if took_part and count is not None else None
        by_how = details.get(district.pk, NOBODY)
        found.append(PlaceRow(district.name, district.population, count, by_how, of_people, of_population))
    return found


def missing_in_words(found: People) -> str:
    """Which districts take part less than their share, or that none does, in one sentence; nothing where nobody knows."""
    known = [row for row in found.places if row.share_of_people is not None and row.share_of_population is not None]
    if not known or found.total is None or found.total < SMALLEST:
        return ""
    parts = [
        _("%(name)s (nüfusun yüzde %(lived)s kadarı, katılanların yüzde %(took)s kadarı)")
        % {
            "name": row.name,
            "lived": number(round(100 * (row.share_of_population or 0), 1)),
            "took": number(round(100 * (row.share_of_people or 0), 1)),
        }
        for row in sorted(found.missing, key=lambda row: (row.share_of_people or 0) - (row.share_of_population or 0))
    ]
    if not parts and len(known) < len(found.places):
        return _(
            "Sayısı gösterilen ilçeler nüfusuna yakın ölçüde katılıyor. Öbürlerinden katılanlar, gösterilemeyecek kadar az."
        )
    if not parts:
        return _("Bütün ilçeler nüfusuna yakın ölçüde katılıyor.")
    return _("Nüfusuna göre az katılan ilçeler: %(places)s.") % {"places": "; ".join(parts)}
