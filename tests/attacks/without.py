"""Take a guard out for one attack, in process, and put it back.

A guard of `tests.attacks.guards` makes a second item of the test it names: the same attack with the guard out, which must
then succeed, that is: fail the test's own assertions.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings


class Site:
    """The site while a guard is out."""

    def __init__(self, stack: ExitStack, patch: pytest.MonkeyPatch, item: pytest.Function) -> None:
        self._stack, self._patch, self.item = stack, patch, item

    def replace(self, place: str, value: Any) -> None:
        """Put something else in a place such as ``people.verdicts.Verdict.require``."""
        owner, _, name = place.rpartition(".")
        self._patch.setattr(_found(owner), name, value)

    def entry(self, mapping: Any, key: Any, value: Any) -> None:
        self._patch.setitem(mapping, key, value)

    def settings(self, **values: Any) -> None:
        self._stack.enter_context(override_settings(**values))

    def sql(self, *statements: str, back: tuple[str, ...] = ()) -> None:
        """Change the schema. A test in a transaction takes it back by itself; any other says how with `back`."""

        def run(texts: tuple[str, ...]) -> None:
            with connection.cursor() as cursor:
                if connection.in_atomic_block:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                for text in texts:
                    cursor.execute(text)

        run(statements)
        if back:
            self._stack.callback(run, back)

    def call_back(self, function: Callable[[], Any]) -> None:
        """Do something when the attack is over."""
        self._stack.callback(function)


def _found(path: str) -> Any:
    """A module, or something in it."""
    words = path.split(".")
    for length in range(len(words), 0, -1):
        try:
            found: Any = importlib.import_module(".".join(words[:length]))
        except ModuleNotFoundError:
            continue
        for word in words[length:]:
            found = getattr(found, word)
        return found
    raise LookupError(path)


@dataclass(frozen=True)
class Guard:
    """`out` takes the guard out; `where` is the id of the attack's parameters, or a part of it; `fails` is how the attack's test
    fails then: by its assertion, unless the attacked page cannot even be read as expected."""

    test: str
    what: str
    out: Callable[[Site], None]
    where: str = ""
    fails: tuple[type[BaseException], ...] = (AssertionError, pytest.fail.Exception)

    @property
    def case(self) -> int:
        return int(self.test.split("_")[1])


@contextmanager
def taken_out(guard: Guard, item: pytest.Function) -> Iterator[None]:
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        guard.out(Site(stack, patch, item))
        yield


def with_attacks_without_guard(items: list[pytest.Item], guards: tuple[Guard, ...]) -> list[pytest.Item]:
    """The items, each attack followed by itself without its guards: where it stands is what it finds in the database."""
    copies: dict[int, list[pytest.Item]] = {}
    for guard in guards:
        attacks = [item for item in items if isinstance(item, pytest.Function) and item.originalname == guard.test]
        found = [item for item in attacks if _params(item) == guard.where]
        found += [item for item in attacks if guard.where in _params(item)]
        for item in found[:1]:
            copies.setdefault(id(item), []).append(_copy(item, guard))
    return [each for item in items for each in (item, *copies.get(id(item), ()))]


def _params(item: pytest.Function) -> str:
    return item.callspec.id if hasattr(item, "callspec") else ""


def _copy(item: pytest.Function, guard: Guard) -> pytest.Function:
    copy = type(item).from_parent(
        item.parent,
        name=f"{item.name}-without: {guard.what}",
        callspec=getattr(item, "callspec", None),
        callobj=item.obj,
        keywords=item.keywords,
        fixtureinfo=item._fixtureinfo,
        originalname=item.originalname,
    )
    copy.own_markers = item.own_markers
    copy.guard = guard
    return copy
