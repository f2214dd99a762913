from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class ParticipationConfig(AppConfig):
    name = "participation"
    verbose_name = "Meydan"

    def ready(self) -> None:
        """Every thread of every process sends its tasks to the project's broker, not to the one Celery would guess."""
        from participation.celery import app

        app.set_default()


class AdministrationConfig(AdminConfig):
    """Django's administration with the site of `participation.administration` in place of its own."""

    default_site = "participation.administration.AdministrationSite"
