from django.apps import AppConfig


class BallotsConfig(AppConfig):
    name = "ballots"

    def ready(self) -> None:
        from ballots import journal_kinds, sealed  # noqa: F401
        from journal import sources

        for source in sealed.SOURCES:
            sources.register(source)
