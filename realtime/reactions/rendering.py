"""HTML that travels: one partial in every language of the site, the same for every reader."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation


def in_each_language(template: str, context: Callable[[], dict[str, Any]]) -> dict[str, str]:
    """Render a partial without a request, so that nothing of a reader can get into it; `context` is asked anew for each."""
    rendered: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            rendered[language] = render_to_string(template, context()).strip()
    return rendered
