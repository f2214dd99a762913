from django.apps import AppConfig


class TurkishConfig(AppConfig):
    name = "turkish"
