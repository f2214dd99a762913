"""Proposals as people find and read them: filters, facets, keyset pages, likeness, the map, the path."""

from proposals.reading.facets import Chip, Counts, Facet, Option, chips, facet_counts, facets
from proposals.reading.filters import Choices, Filters, choices_of, read_filters
from proposals.reading.keyset import PAGE_SIZE, Page, page_of
from proposals.reading.listing import SORTS, Sort, cards, listing, matching, sort_named
from proposals.reading.path import Step, mini_steps, status_context, steps
from proposals.reading.points import Box, points, read_box
from proposals.reading.similar import similar_proposals
from proposals.reading.wording import text_html

__all__ = [
    "PAGE_SIZE",
    "SORTS",
    "Box",
    "Chip",
    "Choices",
    "Counts",
    "Facet",
    "Filters",
    "Option",
    "Page",
    "Sort",
    "Step",
    "cards",
    "chips",
    "choices_of",
    "facet_counts",
    "facets",
    "listing",
    "matching",
    "mini_steps",
    "page_of",
    "points",
    "read_box",
    "read_filters",
    "similar_proposals",
    "sort_named",
    "status_context",
    "steps",
    "text_html",
]
