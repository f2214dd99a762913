"""The kinds of things that happen and the sentences that tell them.

Every app lists its kinds in `journal_kinds.py` and registers a sentence for each. A sentence may use ``{actor}``,
``{organisation}`` and the names of the entry's facts; an entry written by an older release still renders.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import TextChoices

from turkish.kept import in_words

_sentences: dict[str, str] = {}


def register(kinds: type[TextChoices], sentences: Mapping[str, str]) -> None:
    """Register one lazily translated sentence per kind; a kind without one is a programming error."""
    missing = set(kinds.values) - {str(kind) for kind in sentences}
    if missing:
        raise LookupError(f"No sentence for {sorted(missing)}")
    for kind, sentence in sentences.items():
        _sentences[str(kind)] = sentence


def known() -> Iterable[str]:
    return _sentences.keys()


class _Facts(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "…"


def sentence(kind: str, facts: Mapping[str, object]) -> str:
    """The sentence of an entry in the active language; an unknown kind gives its own name."""
    template = _sentences.get(kind)
    said = _Facts({name: in_words(value) for name, value in facts.items()})
    return str(template).format_map(said) if template is not None else kind
