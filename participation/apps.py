from django.apps import AppConfig


class ParticipationConfig(AppConfig):
    name = "participation"
    verbose_name = "Meydan"

    def ready(self) -> None:
        from journal.subscriptions import subscribe_to_touches
        from realtime.actions import touch

        subscribe_to_touches(touch)
