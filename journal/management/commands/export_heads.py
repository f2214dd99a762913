"""Write the heads of the log out, to be kept where nobody of this installation can change them."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from journal.models import Head
from journal.proofs import head_document


class Command(BaseCommand):
    help = "Writes every head of the sealed log, one JSON object a line; `verify_log --heads` compares with them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--after", type=int, default=0, metavar="N", help="only heads after this number")

    def handle(self, *args: Any, **options: Any) -> None:
        for head in Head.objects.filter(number__gt=options["after"]).order_by("number").iterator():
            self.stdout.write(json.dumps(head_document(head)))
