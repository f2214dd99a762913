"""Recount every figure and say whether everything fits."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from impact.actions import recount_all
from impact.auditing import Counted, differences


class Command(BaseCommand):
    help = (
        "Recounts the figures of impact from the proposals, supports, comments and votes; tells each difference and exits "
        "with 1 on any. --mend writes the right rows."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--mend", action="store_true", help="write the right rows")

    def handle(self, *args: Any, **options: Any) -> None:
        counted, count = Counted(), 0
        for difference in differences(counted):
            count += 1
            self.stderr.write(difference)
        numbers = {"proposals": counted.proposals, "people": counted.participations, "count": count}
        if not count:
            self.stdout.write(
                _("Tutuyor: %(proposals)d öneri ve %(people)d katılım yeniden sayıldı, fark yok.") % numbers
            )
            return
        self.stderr.write(
            _("Tutmuyor: %(proposals)d öneri ve %(people)d katılım yeniden sayıldı, %(count)d fark var.") % numbers
        )
        if options["mend"]:
            recount_all()
            self.stdout.write(_("Özetler yeniden yazıldı."))
        sys.exit(1)
