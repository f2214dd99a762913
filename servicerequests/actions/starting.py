"""Give a council the desks and types its directorate starts with."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from councils.models import Council
from servicerequests.matter_presets import MATTERS
from servicerequests.matter_words import read_words
from servicerequests.models import DeskUnit, Matter, OfficeSpan, RequestType, RequestTypeVersion
from servicerequests.presets import TYPES, UNITS
from servicerequests.working_time import USUAL


@transaction.atomic
def start_desk(*, council: Council, at: datetime) -> int:
    """Write the desks, hours, matters and types a council does not have; what is there stays. Returns how many types are new."""
    Council.objects.select_for_update(no_key=True).get(pk=council.pk)
    if not OfficeSpan.objects.filter(council=council).exists():
        OfficeSpan.objects.bulk_create(
            OfficeSpan(council=council, weekday=day, opens=opens, closes=closes)
            for day, spans in USUAL.items()
            for opens, closes in spans
        )
    for slug, name in UNITS.items():
        DeskUnit.objects.get_or_create(council=council, slug=slug, defaults={"name": name})
    if not Matter.objects.filter(council=council).exists():
        Matter.objects.bulk_create(
            Matter(council=council, slug=slug, name=name, name_en=name_en, words=read_words(words), position=position)
            for position, (slug, name, name_en, words) in enumerate(MATTERS)
        )
    units = {unit.slug: unit for unit in DeskUnit.objects.filter(council=council)}
    known = set(RequestType.objects.filter(council=council).values_list("slug", flat=True))
    new = 0
    for position, row in enumerate(TYPES):
        values = dict(row)
        slug, unit = values.pop("slug"), units[values.pop("unit")]
        if slug in known:
            continue
        kind = RequestType.objects.create(council=council, slug=slug, position=position)
        RequestTypeVersion.objects.create(type=kind, number=1, unit=unit, at=at, **values)
        new += 1
    return new
