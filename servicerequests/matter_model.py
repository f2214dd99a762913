"""A model that says of a text how likely each matter is. Plain data in, plain data out; no ORM, no library.

Terms weighted by TF-IDF (sublinear, of length one) and a multinomial logistic regression, as scikit-learn's `TfidfVectorizer` and
`LogisticRegression` learn them in `training`; here only a sum of products is left.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from servicerequests.matter_words import terms

VERSION = 1


@dataclass(frozen=True)
class MatterModel:
    """Matters by slug; for each term its idf and a weight for each matter; how well it did when it was tried."""

    matters: tuple[str, ...]
    bias: tuple[float, ...]
    idf: Mapping[str, float]
    weights: Mapping[str, tuple[float, ...]]
    tried: Mapping[str, Any] = field(default_factory=dict)

    def likely(self, text: str) -> list[tuple[str, float]]:
        """Each matter with its probability (0 to 1), the likeliest first. Knows it of no term, nothing."""
        counted = Counter(term for term in terms(text) if term in self.idf)
        if not counted:
            return []
        values = {term: (1 + math.log(times)) * self.idf[term] for term, times in counted.items()}
        length = math.sqrt(sum(value * value for value in values.values()))
        sums = list(self.bias)
        for term, value in values.items():
            for place, weight in enumerate(self.weights[term]):
                sums[place] += value / length * weight
        highest = max(sums)
        parts = [math.exp(each - highest) for each in sums]
        whole = sum(parts)
        return sorted(
            ((slug, part / whole) for slug, part in zip(self.matters, parts, strict=True)), key=lambda each: -each[1]
        )

    def written(self) -> str:
        """As it is kept in a file."""
        rows = {term: [self.idf[term], *self.weights[term]] for term in self.idf}
        return json.dumps(
            {"version": VERSION, "matters": self.matters, "bias": self.bias, "terms": rows, "tried": dict(self.tried)},
            ensure_ascii=False,
        )


def read_model(path: Path) -> MatterModel | None:
    """The model of a file; None where there is none, or where another version wrote it."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    if not isinstance(kept, dict) or kept.get("version") != VERSION:
        return None
    rows: dict[str, list[float]] = kept["terms"]
    return MatterModel(
        matters=tuple(kept["matters"]),
        bias=tuple(kept["bias"]),
        idf={term: row[0] for term, row in rows.items()},
        weights={term: tuple(row[1:]) for term, row in rows.items()},
        tried=kept.get("tried", {}),
    )
