from __future__ import annotations

from django.apps import AppConfig


class SolidarityConfig(AppConfig):
    name = "solidarity"

    def ready(self) -> None:
        from solidarity import journal_kinds  # noqa: F401
