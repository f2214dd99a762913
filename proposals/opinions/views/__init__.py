"""Pages of opinions: the list, the page of one, preparing, asking the general assembly, and sending."""

from __future__ import annotations

from proposals.opinions.views.asking import opinion_open_ballot, opinion_settle, opinion_tally
from proposals.opinions.views.preparing import opinion_discard, opinion_draft, opinion_new
from proposals.opinions.views.reading import opinion_detail, opinion_list, opinion_minutes, opinion_pdf, pdf_of
from proposals.opinions.views.sending import opinion_send

__all__ = [
    "opinion_detail",
    "opinion_discard",
    "opinion_draft",
    "opinion_list",
    "opinion_minutes",
    "opinion_new",
    "opinion_open_ballot",
    "opinion_pdf",
    "opinion_send",
    "opinion_settle",
    "opinion_tally",
    "pdf_of",
]
