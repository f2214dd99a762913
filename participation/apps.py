from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class ParticipationConfig(AppConfig):
    name = "participation"
    verbose_name = "Meydan"


class AdministrationConfig(AdminConfig):
    """Django's administration with the site of `participation.administration` in place of its own."""

    default_site = "participation.administration.AdministrationSite"
