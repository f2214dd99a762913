from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from impact.opendata.writing import write_open_data


class Command(BaseCommand):
    help = "Writes today's open data of every council; with --again also where they are written already."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--again", action="store_true", help="write today's files anew")

    def handle(self, *args: Any, **options: Any) -> None:
        written = write_open_data(at=timezone.now(), again=options["again"])
        for path in written:
            self.stdout.write(str(path))
        if not written:
            self.stdout.write("nothing to write")
