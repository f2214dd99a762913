"""`manage.py load_council FILE.yaml …`"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from councils.council_file import CouncilFileError
from councils.loading import load_council


class Command(BaseCommand):
    help = "Load councils from YAML files; a second run with the same file changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE.yaml")
        parser.add_argument("--dry-run", action="store_true", help="check and say what would change, write nothing")

    def handle(self, *args: Any, files: list[Path], dry_run: bool, **options: Any) -> None:
        with translation.override(translation.get_language() or "tr"):
            for path in files:
                self._load(path, dry_run=dry_run, quiet=options["verbosity"] < 1)

    def _load(self, path: Path, *, dry_run: bool, quiet: bool) -> None:
        try:
            with transaction.atomic():
                outcome = load_council(path, at=timezone.now())
                if dry_run:
                    transaction.set_rollback(True)
        except CouncilFileError as error:
            raise CommandError(_("%s yüklenemedi, hiçbir şey değişmedi.") % error.path.name + f"\n{error}") from error
        if quiet:
            return
        name = outcome.council.name
        if outcome.created:
            self.stdout.write(_("%s yüklendi.") % name)
        elif outcome.changes:
            self.stdout.write(_("%s güncellendi:") % name)
            for change in outcome.changes:
                self.stdout.write(f"  {change}")
        else:
            self.stdout.write(_("%s zaten güncel, hiçbir şey değişmedi.") % name)
        for row in outcome.left:
            self.stdout.write("  " + _("Dosyada yok, olduğu gibi bırakıldı: %s") % row)
        if dry_run:
            self.stdout.write(_("Deneme: hiçbir şey yazılmadı."))
