"""Close an account on its owner's written request."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from people.actions import close_account
from people.models import Person


class Command(BaseCommand):
    help = "Removes name, address and identity from an account for good; what it wrote stays without the name."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        person = Person.objects.filter(email__iexact=options["email"]).first()
        if person is None:
            raise CommandError(_("Bu e-posta ile hesap yok: %s") % options["email"])
        close_account(person=person, at=timezone.now())
        self.stdout.write(_("Hesap silindi; yazdıkları “Silinmiş hesap” adıyla kalır."))
