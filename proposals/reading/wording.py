"""The text of a proposal as HTML below the page's own headings."""

from __future__ import annotations

import re

from django.utils.safestring import SafeString

from discussions.markup import LOWEST_HEADING, render

_HEADING = re.compile(r"(</?h)([3-6])>")


def text_html(text: str) -> SafeString:
    """Safe HTML in which the highest heading is an h3, whatever level the writer began with.

    `render` has sanitised the headings and left them without attributes, so only their numbers are changed here.
    """
    html = render(text)
    used = [int(level) for _start, level in _HEADING.findall(html)]
    shift = min(used, default=3) - 3
    if shift <= 0:
        return html
    moved = _HEADING.sub(lambda tag: f"{tag[1]}{min(int(tag[2]) - shift, LOWEST_HEADING)}>", html)
    return SafeString(moved)  # only numbers changed  # nosec B703  # nosemgrep: declared-safe
