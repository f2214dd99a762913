"""What a text is probably about: only ever a suggestion, which a person takes or leaves."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from councils.models import Council
from servicerequests.matter_model import MatterModel, read_model
from servicerequests.matter_words import by_rule
from servicerequests.models import Matter

SURE = 0.5
"""A matter less likely than this is not worth a word."""
SHORTEST = 10


@dataclass(frozen=True)
class Suggestion:
    """A matter, how likely it is (0 to 1; nothing where the rule of words found it), and what the model knows of itself."""

    matter: Matter
    likelihood: float | None


def suggest(council: Council, text: str) -> list[Suggestion]:
    """The matters a text may be about, at most two, the likeliest first: by the installation's model, else by the rule of words.

    Nothing for a text of fewer than ten letters. One query.
    """
    if len(text.strip()) < SHORTEST:
        return []
    matters = {matter.slug: matter for matter in Matter.objects.filter(council=council, is_active=True)}
    model = current_model()
    if model is not None:
        likely = [(slug, share) for slug, share in model.likely(text) if slug in matters]
        if likely and likely[0][1] >= SURE:
            return [Suggestion(matters[slug], share) for slug, share in likely[:2] if share >= SURE / 5]
    found = by_rule([(slug, matter.words) for slug, matter in matters.items()], text)
    return [Suggestion(matters[found], None)] if found else []


def current_model() -> MatterModel | None:
    """The model of this installation, read anew when another was trained; None where none was."""
    path = Path(settings.MATTER_MODEL)
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        return None
    return _read(path, changed)


@lru_cache(maxsize=1)
def _read(path: Path, changed: int) -> MatterModel | None:
    return read_model(path)
