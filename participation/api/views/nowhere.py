"""Addresses below the API that are none, answered in the API's own way."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from participation.api.base import Endpoint


@extend_schema(exclude=True)
class Nowhere(Endpoint):
    permission_classes: ClassVar[list[Any]] = [AllowAny]

    def check_permissions(self, request: Request) -> None:
        """Nothing is here, whatever a token may do."""

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        raise NotFound

    post = put = patch = delete = get
