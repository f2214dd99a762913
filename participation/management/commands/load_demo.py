"""`manage.py load_demo`"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from participation.demo.loading import NotHere, load_demo
from proposals.models import Proposal


class Command(BaseCommand):
    help = "Load the living demo into an empty database; only in demo mode."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            setting = load_demo(now=timezone.now())
        except NotHere as error:
            raise CommandError(str(error)) from error
        if options["verbosity"] > 0:
            self.stdout.write(
                _("Örnek veriler yüklendi: %(councils)d konsey, %(people)d kişi, %(proposals)d öneri.")
                % {
                    "councils": len(setting.councils),
                    "people": len(setting.people),
                    "proposals": Proposal.objects.count(),
                }
            )
