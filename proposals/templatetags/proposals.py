"""Where a proposal stands, as small pieces for cards and rows."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from proposals.models import Proposal
from proposals.reading.listing import ENDING
from proposals.reading.path import TONES, Step, mini_steps
from proposals.stages import Stage

register = template.Library()


@register.simple_tag
def stage_tag(proposal: Proposal) -> SafeString:
    """The stage in a pill, in its tone."""
    stage = Stage(proposal.stage)
    return format_html('<span class="{}">{}</span>', f"tag {TONES[stage]}".strip(), stage.label)


@register.simple_tag
def proposal_steps(proposal: Proposal) -> list[Step]:
    """The path for `mini_path`, without a query when the proposal comes from `reading.cards`."""
    return mini_steps(proposal)


@register.filter
def ends_at(proposal: Proposal) -> datetime | None:
    """The moment until which a reader can do something: give support or cast a vote."""
    return proposal.due_at if proposal.stage in ENDING else None
