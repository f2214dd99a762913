from django.apps import AppConfig


class CouncilsConfig(AppConfig):
    name = "councils"

    def ready(self) -> None:
        from ballots import policies
        from councils import journal_kinds, permissions, signals  # noqa: F401
        from people import offices

        offices.register(permissions.leads_anything)
        offices.register(permissions.serves_anywhere)
        policies.register("councils.council", permissions.CouncilBallotPolicy())
