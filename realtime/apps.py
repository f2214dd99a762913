from django.apps import AppConfig


class RealtimeConfig(AppConfig):
    name = "realtime"

    def ready(self) -> None:
        from journal.subscriptions import subscribe, subscribe_to_touches
        from realtime import actions, reactions, signals  # noqa: F401

        reactions.register()
        subscribe(actions.publish_entries)
        subscribe_to_touches(actions.touch)
