"""Seal everything that waits, now."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from journal.sealing import last_head, seal


class Command(BaseCommand):
    help = "Seals every committed record that waits; run once after upgrading, otherwise the clock does it hourly."

    def handle(self, *args: Any, **options: Any) -> None:
        heads = seal()
        last = last_head()
        if last is None:
            self.stdout.write(_("Mühürlenecek kayıt yok."))
            return
        for head in heads:
            self.stdout.write(
                _("Mühür %(number)d: %(size)d kayıt, özet %(hash)s")
                % {"number": head.number, "size": head.size, "hash": bytes(head.hash).hex()}
            )
        if not heads:
            self.stdout.write(
                _("Yeni kayıt yok. Son mühür %(number)d, özet %(hash)s")
                % {"number": last.number, "hash": bytes(last.hash).hex()}
            )
