"""Ways to take a guard out that many guards share."""

from __future__ import annotations

from typing import Any

from django.conf import settings


def always(value: Any) -> Any:
    """Something that answers the same whatever it is asked."""
    return lambda *args, **kwargs: value


def puts(place: str, value: Any) -> Any:
    return lambda site: site.replace(place, value)


def sets(**values: Any) -> Any:
    return lambda site: site.settings(**values)


def without_middleware(name: str) -> Any:
    return sets(MIDDLEWARE=[each for each in settings.MIDDLEWARE if not each.endswith(f".{name}")])


def with_middleware(place: str, *, before: str) -> Any:
    """One more middleware, to the outside of another."""
    index = next(n for n, each in enumerate(settings.MIDDLEWARE) if each.endswith(f".{before}"))
    return sets(MIDDLEWARE=[*settings.MIDDLEWARE[:index], place, *settings.MIDDLEWARE[index:]])
