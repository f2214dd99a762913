"""Import proposals from a CSV file of any size."""

from __future__ import annotations

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from ruamel.yaml import YAML, YAMLError

from councils.models import Body, Council
from people.models import Person
from proposals.import_rows import STAGES, ColumnMap, MapError, Rejection, read
from proposals.importing import Result, Target, import_rows, reasons
from proposals.stages import Stage


class Command(BaseCommand):
    help = (
        "Imports proposals from a CSV file (UTF-8). The column map is a YAML file or field=column pairs "
        "(id, title, text, summary, submitted, supports, withdrawn, latitude, longitude, theme, district, stage; "
        "several columns are joined with +). Running it again continues where it stopped and doubles nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--map", nargs="+", required=True, metavar="MAP.yaml | field=column")
        parser.add_argument("--council", required=True, help="slug of the council")
        parser.add_argument("--body", required=True, help="slug of the working group or assembly they are addressed to")
        parser.add_argument("--author", required=True, help="e-mail of the account in whose name they are imported")
        parser.add_argument("--source", default="", help="name of the source; with the id it identifies a row")
        parser.add_argument(
            "--stage", choices=sorted(STAGES), default=Stage.UNSUPPORTED, help="where a row does not say"
        )
        parser.add_argument("--rejects", type=Path, help="CSV file for rejected lines with reasons")

    def handle(self, *args: Any, **options: Any) -> None:
        columns = self._columns(options["map"])
        source = options["source"] or columns.source or options["file"].stem[:60]
        target = Target(
            council=self._one(Council, _("Konsey bulunamadı: %s"), options["council"], slug=options["council"]),
            body=self._one(
                Body.objects.take_proposals(),
                _("Konseyin bu adla bir grubu ya da meclisi yok: %s"),
                options["body"],
                slug=options["body"],
                council__slug=options["council"],
            ),
            author=self._one(
                Person, _("Bu e-posta ile hesap yok: %s"), options["author"], email__iexact=options["author"]
            ),
            source=source,
            stage=Stage(options["stage"]),
        )
        rejects = options["rejects"]
        try:
            with (
                options["file"].open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file,
                (rejects or Path("/dev/null")).open("w", encoding="utf-8", newline="") as out,
            ):
                writer = csv.writer(out)
                writer.writerow(["line", "id", "reason"])

                def rejected(item: Rejection) -> None:
                    writer.writerow([item.line, item.source_id, item.reason])
                    if not rejects:
                        self.stderr.write(_("%(line)s. satır: %(reason)s") % {"line": item.line, "reason": item.reason})

                result = import_rows(
                    read(file, columns), target, at=timezone.now(), progress=self._progress, rejected=rejected
                )
        except OSError as error:
            raise CommandError(_("Dosya açılamadı: %(error)s") % {"error": error}) from error
        except MapError as error:
            raise CommandError(str(error)) from error
        self._report(result)

    def _columns(self, given: list[str]) -> ColumnMap:
        try:
            if len(given) == 1 and given[0].endswith((".yaml", ".yml")):
                return ColumnMap.from_data(YAML(typ="safe").load(Path(given[0])))
            return ColumnMap.from_pairs(given)
        except (MapError, OSError, YAMLError) as error:
            raise CommandError(str(error)) from error

    def _one(self, queryset: Any, sentence: str, given: str, **lookup: Any) -> Any:
        manager = queryset if hasattr(queryset, "filter") else queryset.objects
        found = manager.filter(**lookup).first()
        if found is None:
            raise CommandError(sentence % given)
        return found

    def _progress(self, result: Result) -> None:
        self.stdout.write(f"\r{result.lines}", ending="")
        self.stdout.flush()

    def _report(self, result: Result) -> None:
        self.stdout.write("")
        self.stdout.write(
            _(
                "%(lines)s satır okundu: %(imported)s öneri aktarıldı, %(present)s öneri önceden vardı, %(n)s satır alınmadı."
            )
            % {
                "lines": result.lines,
                "imported": result.imported,
                "present": result.present,
                "n": len(result.rejections),
            }
        )
        for reason, count in reasons(result).most_common():
            line = ngettext("%(n)s satır: %(reason)s", "%(n)s satır: %(reason)s", count)
            self.stdout.write("  " + line % {"n": count, "reason": reason})
