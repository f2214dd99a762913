from django.apps import AppConfig


class ImpactConfig(AppConfig):
    name = "impact"

    def ready(self) -> None:
        from impact.actions import mark_entries
        from journal.subscriptions import subscribe

        subscribe(mark_entries)
