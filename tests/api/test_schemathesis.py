"""schemathesis against the real server: whatever the schema allows or forbids, the answer is one the schema names.

Requests are made up from the schema with a fixed seed, some with what there is in the addresses, some with what there is not;
right ones and wrong ones. Few of each: the machine that runs the tests is small, and a change of the schema makes new ones.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from django.conf import settings
from django.db import connection
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as bounds
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from people.tokens import Scope
from proposals.stages import Stage
from tests import factories as f
from tests.journeys.city import City, build
from tests.journeys.site import Site

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 3
"""Requests of each operation and mode; there are about a hundred operations. Two of three name things that there are."""


@pytest.fixture(scope="module")
def running(django_db_setup, tmp_path_factory) -> Iterator[Site]:
    """The real server, which counts no requests here."""
    site = Site(connection.settings_dict, tmp_path_factory.mktemp("site"), secret_key=settings.SECRET_KEY)
    site.environment |= dict.fromkeys(("API_RATE_VISITOR", "API_RATE_PERSON", "API_RATE_TOKEN"), "1000000/min")
    site.start()
    yield site
    site.stop()


@pytest.fixture
def served(running: Site, transactional_db) -> Site:
    return running


@pytest.fixture
def city(kocaeli, ulasim, kadin, korfez, ayse, mehmet, elif_, derya, nermin, hakan, selin, outsider) -> City:
    people = {"ayse": ayse, "mehmet": mehmet, "elif": elif_, "derya": derya, "nermin": nermin, "hakan": hakan}
    return build(kocaeli, ulasim, kadin, korfez, people | {"selin": selin, "outsider": outsider})


def there(city: City) -> dict[str, Any]:
    """What there is, by the names the addresses give it."""
    return {
        "council": city.council.slug,
        "body": city.group.slug,
        "number": city[Stage.GATHERING].number,
        "organisation": city.organisation.slug,
        "key": str(city.draft.key),
        "version": 1,
        "kind": "admissibility",
        "person": city.people["outsider"].pk,
        "membership": city.seat.pk,
    }


def ids(city: City, path: str) -> int:
    if "/ballots/" in path:
        return city.ballot.pk
    if "/threads/" in path:
        return city[Stage.GATHERING].thread_id
    return city.comments["said"].pk


@pytest.mark.parametrize("who", ["visitor", "token"])
def test_every_operation_answers_as_the_schema_says(served, city, who):
    headers = {}
    if who == "token":
        headers["Authorization"] = f"Bearer {f.token(city.people['hakan'], *Scope.values)}"
    document = requests.get(f"{served.origin}/api/v1/schema/?format=json", timeout=30).json()
    schema = schemathesis.openapi.from_dict(document)
    schema.config.update(base_url=served.origin)
    schema.config.generation.update(with_security_parameters=False)
    found = []
    for result in schema.get_all_operations():
        operation = result.ok()
        is_refused = who == "visitor" and operation.method != "get"  # whatever is sent
        can_be_wrong = bool(operation.query or operation.body) and not is_refused
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)[: 2 if can_be_wrong else 1]:
            found += _asked(operation, mode, city, headers)
    assert found == [], "\n\n".join(found)


def _asked(operation: Any, mode: GenerationMode, city: City, headers: dict[str, str]) -> list[str]:
    """What was wrong with the answers to a few requests."""
    turn = itertools.count(1)
    known = there(city) | {"id": ids(city, operation.path)}

    @given(case=operation.as_strategy(generation_mode=mode))
    @bounds(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Any) -> None:
        parts = case.path_parameters or {}
        if next(turn) % 3:
            parts.update({name: known.get(name, 1) for name in parts})
        if "token" in parts:
            parts["token"] = 2**40  # not the one that asks
        case.validate_response(case.call(headers=headers, timeout=30), checks=CHECKS)

    try:
        ask()
    except Unsatisfiable:  # there is nothing wrong to say to this operation
        assert mode == GenerationMode.NEGATIVE, operation.label
    except FailureGroup as group:
        return [f"{operation.label} ({mode.value}): {_short(failure)}" for failure in group.exceptions]
    return []


def _short(failure: BaseException) -> str:
    return f"{type(failure).__name__} {failure}"[:600]
