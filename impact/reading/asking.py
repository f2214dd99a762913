"""What may be asked of the figures: an allow-list of words in the address. Everything else is ignored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _l

from councils.models import Body, Council, District, Theme
from impact.models import ProposalFact
from organisations.models import Organisation
from turkish.functions import SortKey

# The word in the address, the column it narrows, and its name.
WORDS = {
    "yil": ("year", _l("Yıl")),
    "konu": ("theme_id", _l("Konu")),
    "ilce": ("district_id", _l("İlçe")),
    "organ": ("body_id", _l("Organ")),
    "stk": ("organisation_id", _l("Kuruluş")),
}


@dataclass(frozen=True)
class Choices:
    """What each word may say in a council: the value in the address, its key and its name. Five queries."""

    by_word: Mapping[str, Mapping[str, tuple[int, str]]]

    def names(self, word: str) -> dict[int, str]:
        return dict(self.by_word[word].values())

    def value(self, word: str, key: int | None) -> str:
        return next((value for value, (found, _name) in self.by_word[word].items() if found == key), "")


def choices_of(council: Council) -> Choices:
    facts = ProposalFact.objects.filter(council=council)
    years = facts.order_by("-year").values_list("year", flat=True).distinct()
    by_word: dict[str, dict[str, tuple[int, str]]] = {"yil": {str(year): (year, str(year)) for year in years}}
    themes = Theme.objects.filter(council=council)
    by_word["konu"] = {theme.slug: (theme.pk, str(theme)) for theme in themes}
    by_word["ilce"] = {place.slug: (place.pk, place.name) for place in District.objects.filter(council=council)}
    bodies = Body.objects.filter(council=council).alphabetical().values_list("slug", "pk", "name")
    by_word["organ"] = {slug: (pk, name) for slug, pk, name in bodies}
    spoke = facts.filter(organisation__isnull=False).values("organisation")
    organisations = Organisation.objects.filter(pk__in=spoke).order_by(SortKey("name"), "pk")
    by_word["stk"] = {slug: (pk, name) for slug, pk, name in organisations.values_list("slug", "pk", "name")}
    return Choices(by_word)


@dataclass(frozen=True)
class Asked:
    """Which proposals the figures are about, in words known to the council."""

    council: Council
    values: Mapping[str, str] = field(default_factory=dict)
    choices: Choices = field(default_factory=lambda: Choices({}), repr=False, compare=False)

    def facts(self) -> QuerySet[ProposalFact]:
        return ProposalFact.objects.filter(council=self.council, **self.columns())

    def columns(self, prefix: str = "") -> dict[str, int]:
        return {
            f"{prefix}{WORDS[word][0]}": self.choices.by_word[word][value][0] for word, value in self.values.items()
        }

    @property
    def year(self) -> int:
        return int(self.values.get("yil", 0))

    @property
    def query(self) -> str:
        return urlencode(self.values)

    def but(self, **values: str) -> Asked:
        return replace(self, values={**self.values, **values})

    def list_url(self, **selector: str) -> str:
        """The list of exactly the proposals a figure counts."""
        query = urlencode({**self.values, **selector})
        return reverse("impact_proposals", args=[self.council.slug]) + (f"?{query}" if query else "")

    @property
    def words(self) -> list[tuple[str, str]]:
        """What is asked, for people to read."""
        return [(str(WORDS[word][1]), self.choices.by_word[word][value][1]) for word, value in self.values.items()]

    @property
    def controls(self) -> list[dict[str, Any]]:
        """The form: each word with its choices, where there is anything to choose."""
        return [
            {
                "word": word,
                "label": label,
                "options": [(value, name, self.values.get(word) == value) for value, (_key, name) in choices.items()],
            }
            for word, (_column, label) in WORDS.items()
            if (choices := self.choices.by_word[word])
        ]


def read_asked(council: Council, params: QueryDict, choices: Choices | None = None) -> Asked:
    """What an address asks; unknown words and values are left out."""
    known = choices or choices_of(council)
    values = {word: params[word] for word in WORDS if params.get(word, "") in known.by_word[word]}
    return Asked(council, values, known)
