"""``manage.py train_matters``: learn matters of requests from texts that people have sorted."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from servicerequests.matter_presets import LABELS
from servicerequests.models import MatterBy, ServiceRequest
from servicerequests.training import TooFew, train


class Command(BaseCommand):
    help = (
        "Learns what requests are about and writes the model of this installation (MATTER_MODEL). From a CSV with the columns "
        "label (a matter's slug, or its place from 0 in docs/matters.md) and text, or from what the desks have sorted by hand."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--data", type=Path, help="a CSV file; without it, requests sorted by hand")
        parser.add_argument("--dry-run", action="store_true", help="only try it and print how well it does")

    def handle(self, *args: Any, **options: Any) -> None:
        texts, matters = _from_file(options["data"]) if options["data"] else _from_desks()
        try:
            model = train(texts, matters)
        except ImportError:
            raise CommandError(
                _("scikit-learn kurulu değil: .venv/bin/python -m pip install -r requirements-training.txt")
            ) from None
        except TooFew:
            raise CommandError(_("Öğrenmeye yetecek metin yok: en az iki konuda onar metin gerekir.")) from None
        if not options["dry_run"]:
            path = Path(settings.MATTER_MODEL)
            path.parent.mkdir(parents=True, exist_ok=True)
            fresh = path.with_suffix(".new")
            fresh.write_text(model.written(), encoding="utf-8")
            fresh.replace(path)  # whoever reads it reads the old or the new one whole
        self.stdout.write(json.dumps(dict(model.tried), ensure_ascii=False))


def _from_file(path: Path) -> tuple[list[str], list[str]]:
    texts, matters = [], []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if not {"label", "text"} <= set(rows.fieldnames or ()):
                raise CommandError(_("Dosyada “label” ve “text” sütunları olmalı."))
            for row in rows:
                label, text = (row["label"] or "").strip(), (row["text"] or "").strip()
                if not text or not label:
                    continue
                texts.append(text)
                matters.append(_slug(label))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CommandError(_("Dosya okunamadı: %(why)s") % {"why": error}) from None
    return texts, matters


def _slug(label: str) -> str:
    if not label.isdecimal():
        return label
    if int(label) >= len(LABELS):
        raise CommandError(_("Bilinmeyen konu: %(label)s") % {"label": label})
    return LABELS[int(label)]


def _from_desks() -> tuple[list[str], list[str]]:
    rows = ServiceRequest.objects.filter(matter__isnull=False, matter_by__in=[MatterBy.DESK, MatterBy.APPLICANT])
    texts, matters = [], []
    for subject, text, slug in rows.values_list("subject", "text", "matter__slug").iterator():
        texts.append(f"{subject} {text}")
        matters.append(slug)
    return texts, matters
