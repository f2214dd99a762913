"""Words about opinions: what a new one begins with, and what its vote needs."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import translation
from django.utils.translation import gettext as _

from proposals.models import Proposal


def first_title(proposals: Sequence[Proposal]) -> str:
    """The title a new opinion begins with."""
    return proposals[0].title if proposals else ""


def first_text(proposals: Sequence[Proposal]) -> str:
    """The proposals' texts as they stand, each with where it comes from; the opinion is written from it."""
    with translation.override("tr"):  # an opinion is handed in in Turkish
        parts = []
        for proposal in proposals:
            who = proposal.author.display_name
            if proposal.on_behalf_of is not None:
                who = _("%(person)s, %(organisation)s adına") % {
                    "person": who,
                    "organisation": proposal.on_behalf_of.name,
                }
            source = _("Kaynak: %(number)s, %(version)d. sürüm; %(who)s") % {
                "number": proposal.number,
                "version": proposal.version,
                "who": who,
            }
            head = f"## {proposal.title}\n\n" if len(proposals) > 1 else ""
            parts.append(f"{head}{proposal.text or proposal.summary}\n\n{source}")
        return "\n\n".join(parts)
