"""People, councils and what a council is made of."""

from __future__ import annotations

from typing import Any

import factory
from django.utils import timezone

from councils.actions.procedures import write_procedure
from councils.models import (
    Body,
    BodyKind,
    Council,
    District,
    Procedure,
    Route,
    Step,
    Theme,
)
from councils.procedures import PRESETS, with_values
from people.models import Person
from tests.factories.base import Factory
from turkish.text import slugify


class PersonFactory(Factory):
    class Meta:
        model = Person
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"kisi{n}@ornek.invalid")
    display_name = factory.Sequence(lambda n: f"Kişi {n}")
    password = "!"


class CouncilFactory(Factory):
    class Meta:
        model = Council
        django_get_or_create = ("slug",)

    name = factory.LazyAttribute(lambda o: f"{o.province} Kent Konseyi")
    slug = factory.LazyAttribute(lambda o: slugify(o.province))
    code = factory.Sequence(lambda n: "X" + chr(65 + n // 26 % 26) + chr(65 + n % 26))
    province = factory.Sequence(lambda n: f"Şehir {n}")
    municipality = factory.LazyAttribute(lambda o: f"{o.province} Büyükşehir Belediyesi")
    latitude = 40.76
    longitude = 29.92


def ProcedureFactory(*, council: Council | None = None, **values: Any) -> Procedure:
    """The first version of a council's procedures; it ends with the vote of the body, so that `values` say all of it."""
    council = council or CouncilFactory()
    found = Procedure.objects.in_force(council, Route.WORKING_GROUP)
    if found is not None:
        return found
    values = {"support_threshold": 3, "support_days": 30} | values
    for route in Route:
        rules = with_values(PRESETS[route], values)
        if route != Route.DIRECTORATE:
            rules = tuple(rule for rule in rules if rule.step in SHORT)
        write_procedure(council, route, 1, rules, reason="Başlangıç usulü", actor=None, at=timezone.now())
    return Procedure.objects.in_force(council, Route.WORKING_GROUP)


SHORT = (Step.SUBMITTED, Step.GATHERING, Step.IN_GROUP, Step.BALLOT)


def whole_way(council: Council, **values: Any) -> Procedure:
    """From now on the council's proposals go the whole way to the municipal council and back."""
    values = {"support_threshold": 3, "support_days": 30} | values
    for route in (Route.ASSEMBLY, Route.WORKING_GROUP):
        before = Procedure.objects.in_force(council, route)
        number = before.number + 1 if before else 1
        made = write_procedure(
            council,
            route,
            number,
            with_values(PRESETS[route], values),
            reason="Bütün yol",
            actor=None,
            at=timezone.now(),
        )
    return made


class DistrictFactory(Factory):
    class Meta:
        model = District
        django_get_or_create = ("council", "slug")

    council = factory.SubFactory(CouncilFactory)
    name = factory.Sequence(lambda n: f"İlçe {n}")
    slug = factory.LazyAttribute(lambda o: slugify(o.name))
    latitude = 40.76
    longitude = 29.92


class ThemeFactory(Factory):
    class Meta:
        model = Theme
        django_get_or_create = ("council", "slug")

    council = factory.SubFactory(CouncilFactory)
    name = factory.Sequence(lambda n: f"Konu {n}")
    name_en = factory.LazyAttribute(lambda o: o.name.replace("Konu", "Theme"))
    slug = factory.LazyAttribute(lambda o: slugify(o.name))


class BodyFactory(Factory):
    class Meta:
        model = Body
        django_get_or_create = ("council", "slug")

    council = factory.SubFactory(CouncilFactory)
    kind = BodyKind.WORKING_GROUP
    name = factory.Sequence(lambda n: f"Çalışma Grubu {n}")
    slug = factory.LazyAttribute(lambda o: slugify(o.name))
