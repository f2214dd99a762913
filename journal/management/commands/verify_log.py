"""Recompute the sealed log and say what is wrong with it."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from journal.proofs import PublishedHead
from journal.verifying import Seen, problems, read_kept

SHOWN = 100


class Command(BaseCommand):
    help = "Recomputes every sealed record and every head; says what is wrong, one sentence a line, and exits with 1."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--heads", type=Path, metavar="FILE", help="heads kept elsewhere, to compare with")

    def handle(self, *args: Any, **options: Any) -> None:
        seen, count = Seen(), 0
        for problem in problems(kept=_kept(options["heads"]), seen=seen):
            count += 1
            if count <= SHOWN:
                self.stderr.write(problem)
        if count > SHOWN:
            self.stderr.write(_("… ve %(count)d sorun daha.") % {"count": count - SHOWN})
        numbers = {"leaves": seen.leaves, "heads": seen.heads, "waiting": seen.waiting, "count": count}
        if count:
            self.stderr.write(
                _("Günlük tutmuyor: %(leaves)d kayıt ve %(heads)d mühür gözden geçirildi, %(count)d sorun var.")
                % numbers
            )
            sys.exit(1)
        told = _("Günlük tutuyor: %(leaves)d kayıt, %(heads)d mühür; %(waiting)d kayıt mühürlenmeyi bekliyor.")
        self.stdout.write(told % numbers)


def _kept(path: Path | None) -> list[PublishedHead]:
    if path is None:
        return []
    try:
        return list(read_kept(path))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CommandError(_("Mühür dosyası okunamıyor: %s") % error) from error
