"""`manage.py translations extract|compile|check`: the catalogues of locale/, without GNU gettext."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from participation import translations


class Command(BaseCommand):
    help = (
        "extract: bring locale/*/django.po in step with the sources; compile: write the .mo files; "
        "check: fail for every message without an English text."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("step", choices=["extract", "compile", "check"])

    def handle(self, *args: Any, step: str, **options: Any) -> None:
        try:
            getattr(self, step)()
        except translations.NotReadable as error:
            raise CommandError(str(error)) from error

    def extract(self) -> None:
        messages = translations.collect(settings.BASE_DIR)
        english = translations.open_catalogue(settings.BASE_DIR, "en")
        added, retired = translations.merge(english, messages)
        translations.save(english)
        turkish = translations.open_catalogue(settings.BASE_DIR, "tr")
        translations.count_as_in_turkish(turkish, messages)
        translations.save(turkish)
        missing = sum(not entry.obsolete and not translations.translations_of(entry) for entry in english)
        self.stdout.write(f"{len(messages)} messages, {added} new, {retired} retired, {missing} without English.")

    def compile(self) -> None:
        for path in translations.compile_catalogues(settings.BASE_DIR):
            self.stdout.write(str(path.relative_to(settings.BASE_DIR)))

    def check(self) -> None:
        messages = translations.collect(settings.BASE_DIR)
        english = translations.open_catalogue(settings.BASE_DIR, "en")
        turkish = translations.open_catalogue(settings.BASE_DIR, "tr")
        if found := translations.problems(messages, english, turkish):
            raise CommandError("\n".join([*found, f"{len(found)} problems: edit locale/en/LC_MESSAGES/django.po"]))
        self.stdout.write(f"{len(messages)} messages, all in Turkish and English.")
