"""A program that speaks JSON, as a visitor or as somebody."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from people.models import Person

ROOT = "/api/v1"


class Api:
    """Calls below /api/v1/; every refusal must be a problem document."""

    def __init__(self, person: Person | None = None, token: str = "", **headers: str) -> None:
        if token:
            headers["Authorization"] = f"Bearer {token}"
        self.client = Client(headers=headers or None, enforce_csrf_checks=bool(token))
        if person is not None:
            self.client.force_login(person)

    def __call__(self, method: str, path: str, body: Any = None, **options: Any) -> HttpResponse:
        if body is not None:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            # Sent as it is: the client's own methods would encode it by the declared charset.
            options = {"data": data, "content_type": "application/json", **options}
            send = partial(self.client.generic, method.upper())
        else:
            send = getattr(self.client, method)
        response = send(path if path.startswith(ROOT) else f"{ROOT}/{path}", **options)
        if response.status_code >= 400 and method != "head":
            assert response["Content-Type"] == "application/problem+json", (
                response.status_code,
                response.content[:300],
            )
            document = response.json()
            assert document["status"] == response.status_code
            assert document["type"] == "about:blank"
            assert document["code"]
            assert document["detail"]
        return response

    def get(self, path: str, **options: Any) -> HttpResponse:
        return self("get", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> HttpResponse:
        return self("post", path, {} if body is None else body, **options)

    def put(self, path: str, body: Any = None, **options: Any) -> HttpResponse:
        return self("put", path, {} if body is None else body, **options)

    def patch(self, path: str, body: Any, **options: Any) -> HttpResponse:
        return self("patch", path, body, **options)

    def delete(self, path: str) -> HttpResponse:
        return self("delete", path)


def refusal(response: HttpResponse) -> tuple[int, str]:
    """Status and stable code of a problem document."""
    return response.status_code, response.json()["code"]


def wrong_fields(response: HttpResponse) -> set[str]:
    """The fields a 400 names."""
    assert refusal(response) == (400, "invalid"), response.content
    return {error["field"] for error in response.json()["errors"]}


@pytest.fixture
def call() -> type[Api]:
    return Api
