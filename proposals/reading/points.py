"""Proposals on the map: points, gathered into a grid whose cells follow the zoom."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, F, FloatField, Min, Value
from django.db.models.functions import Floor
from django.http import QueryDict
from django.urls import reverse

from proposals.models import Proposal
from proposals.reading.listing import Proposals
from proposals.stages import Stage

MAX_POINTS = 5_000
CELL_PIXELS = 56
ALONE_FROM_ZOOM = 17
"""From here on every point stands for itself."""


@dataclass(frozen=True)
class Box:
    """A part of the world in degrees, seen at a zoom."""

    south: float = -90.0
    west: float = -180.0
    north: float = 90.0
    east: float = 180.0
    zoom: int = 10

    @property
    def cell(self) -> float:
        """The side of a grid cell in degrees of longitude."""
        return 360.0 / (256 * 2**self.zoom) * CELL_PIXELS


def read_box(params: QueryDict) -> Box | None:
    """The box of ``kutu=south,west,north,east`` and ``yakinlik=zoom``; None when they say nonsense."""
    try:
        zoom = int(params.get("yakinlik", "10"))
        edges = (
            [float(part) for part in params["kutu"].split(",")] if "kutu" in params else [-90.0, -180.0, 90.0, 180.0]
        )
    except (ValueError, OverflowError):
        return None
    if len(edges) != 4 or not all(math.isfinite(edge) for edge in edges) or not 0 <= zoom <= 22:
        return None
    south, west, north, east = edges
    if not (-90 <= south <= north <= 90 and west <= east and abs(west) <= 540 and abs(east) <= 540):
        return None
    return Box(south, max(west, -180.0), north, min(east, 180.0), zoom)


def points(found: Proposals, box: Box) -> dict[str, Any]:
    """At most `MAX_POINTS` points, each a proposal or a group of them, and how many proposals they stand for."""
    inside = found.filter(latitude__range=(box.south, box.north), longitude__range=(box.west, box.east)).order_by()
    if box.zoom >= ALONE_FROM_ZOOM:
        rows = list(inside.values("latitude", "longitude", "pk")[:MAX_POINTS])
        groups = [{"lat": row["latitude"], "lng": row["longitude"], "n": 1, "first": row["pk"]} for row in rows]
    else:
        size = Value(box.cell, output_field=FloatField())
        # Degrees of latitude are drawn longer away from the equator; one factor for the box is enough for a grid.
        middle = max(0.2, math.cos(math.radians((box.south + box.north) / 2)))
        height = Value(box.cell * middle, output_field=FloatField())
        groups = list(
            inside.annotate(column=Floor(F("longitude") / size), row=Floor(F("latitude") / height))
            .values("column", "row")
            .annotate(n=Count("pk"), lat=Avg("latitude"), lng=Avg("longitude"), first=Min("pk"))
            .order_by("-n")[:MAX_POINTS]
        )
    alone = [group["first"] for group in groups if group["n"] == 1]
    known = (
        Proposal.objects.filter(pk__in=alone)
        .select_related("council")
        .only("title", "number", "stage", "council__slug")
    )
    named = {proposal.pk: proposal for proposal in known}
    return {
        "points": [_point(group, named.get(group["first"])) for group in groups],
        "total": sum(group["n"] for group in groups),
    }


def _point(group: dict[str, Any], proposal: Proposal | None) -> dict[str, Any]:
    point: dict[str, Any] = {"lat": round(group["lat"], 6), "lng": round(group["lng"], 6), "n": group["n"]}
    if group["n"] == 1 and proposal is not None:
        url = reverse("proposal_detail", args=[proposal.council.slug, proposal.number])
        point |= {"title": proposal.title, "url": url, "stage": str(Stage(proposal.stage).label)}
    return point
