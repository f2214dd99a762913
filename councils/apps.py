from django.apps import AppConfig


class CouncilsConfig(AppConfig):
    name = "councils"

    def ready(self) -> None:
        from ballots import policies
        from councils import journal_kinds, permissions, signals  # noqa: F401
        from councils.meetings import journal_kinds as _meetings  # noqa: F401
        from people import offices

        offices.register("seat", permissions.leading_seats, ["body_id", "role"])
        offices.register("post", permissions.posts, ["council_id", "role"])
        policies.register("councils.council", permissions.CouncilBallotPolicy())
