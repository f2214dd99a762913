from __future__ import annotations

from django.apps import AppConfig


class PartnershipsConfig(AppConfig):
    name = "partnerships"

    def ready(self) -> None:
        from partnerships import journal_kinds  # noqa: F401
        from partnerships.reading import beside_request
        from servicerequests import beside

        beside.register(beside_request)
