from django.apps import AppConfig


class BallotsConfig(AppConfig):
    name = "ballots"

    def ready(self) -> None:
        from ballots import journal_kinds  # noqa: F401
