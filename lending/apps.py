from __future__ import annotations

from django.apps import AppConfig


class LendingConfig(AppConfig):
    name = "lending"

    def ready(self) -> None:
        from lending import journal_kinds  # noqa: F401
        from lending.reading import beside_request
        from servicerequests import beside

        beside.register(beside_request)
