from __future__ import annotations

from django.apps import AppConfig


class ServiceRequestsConfig(AppConfig):
    name = "servicerequests"

    def ready(self) -> None:
        from journal.subscriptions import subscribe
        from servicerequests import beside, checks, journal_kinds, reactions, sources  # noqa: F401

        subscribe(reactions.take)
        subscribe(reactions.recount_after_changes)
        beside.register(sources.beside_request)
