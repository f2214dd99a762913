from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        from journal.subscriptions import subscribe
        from notifications import reactions
        from notifications.reading import has_unread
        from people import alongside

        subscribe(reactions.take)
        alongside.register("has_unread_notices", has_unread)
