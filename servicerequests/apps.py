from __future__ import annotations

from django.apps import AppConfig


class ServiceRequestsConfig(AppConfig):
    name = "servicerequests"

    def ready(self) -> None:
        from servicerequests import checks, journal_kinds  # noqa: F401
