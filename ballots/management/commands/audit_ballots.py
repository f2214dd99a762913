"""Recount every ballot and say whether everything fits."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from ballots.auditing import Seen, differences


class Command(BaseCommand):
    help = "Recounts every ballot from its votes and their records; tells each difference and exits with 1 on any."

    def handle(self, *args: Any, **options: Any) -> None:
        seen, count = Seen(), 0
        for difference in differences(seen):
            count += 1
            self.stderr.write(difference)
        numbers = {"ballots": seen.ballots, "votes": seen.votes, "count": count}
        if count:
            self.stderr.write(
                _("Tutmuyor: %(ballots)d oylama ve %(votes)d oy yeniden sayıldı, %(count)d fark var.") % numbers
            )
            sys.exit(1)
        self.stdout.write(_("Tutuyor: %(ballots)d oylama ve %(votes)d oy yeniden sayıldı, fark yok.") % numbers)
