from django.apps import AppConfig
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinLengthValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext_lazy


class TurkishConfig(AppConfig):
    name = "turkish"

    def ready(self) -> None:
        """Say what is wrong with a number or a length in plain words: Django's own Turkish sentences read as translated."""
        MinValueValidator.message = _l("En az %(limit_value)s olmalı.")
        MaxValueValidator.message = _l("En çok %(limit_value)s olmalı.")
        MinLengthValidator.message = ngettext_lazy(
            "En az %(limit_value)d harf yazın; şimdi %(show_value)d harf var.",
            "En az %(limit_value)d harf yazın; şimdi %(show_value)d harf var.",
            "limit_value",
        )
        MaxLengthValidator.message = ngettext_lazy(
            "En çok %(limit_value)d harf olabilir; şimdi %(show_value)d harf var.",
            "En çok %(limit_value)d harf olabilir; şimdi %(show_value)d harf var.",
            "limit_value",
        )
