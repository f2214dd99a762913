"""Where a request stands, and how it ended. Plain data, no ORM.

The status says whose turn it is; the resolution says what came of it. A request that is answered may still be objected to; it is
closed by the applicant, or by itself after a while, and reopened once.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _l


class Status(models.TextChoices):
    """Whose turn it is (durum)."""

    NEW = "new", _l("Yeni")
    IN_REVIEW = "in_review", _l("İnceleniyor")
    WAITING_APPLICANT = "waiting_applicant", _l("Başvurandan yanıt bekleniyor")
    WAITING_OTHER = "waiting_other", _l("Başka birimden yanıt bekleniyor")
    ANSWERED = "answered", _l("Yanıtlandı")
    CLOSED = "closed", _l("Kapandı")
    REDIRECTED = "redirected", _l("Yönlendirildi")


class Resolution(models.TextChoices):
    """What came of it (sonuç)."""

    FULFILLED = "fulfilled", _l("Yerine getirildi")
    PARTLY = "partly", _l("Kısmen yerine getirildi")
    NOT_POSSIBLE = "not_possible", _l("Yerine getirilemedi")
    INFORMED = "informed", _l("Bilgi verildi")
    REDIRECTED = "redirected", _l("İlgili kuruma yönlendirildi")
    WITHDRAWN = "withdrawn", _l("Geri çekildi")
    DUPLICATE = "duplicate", _l("Aynı konudaki başvuruyla birleştirildi")


OPEN = frozenset({Status.NEW, Status.IN_REVIEW, Status.WAITING_APPLICANT, Status.WAITING_OTHER})
"""The desk, or somebody it asked, still owes something."""
ENDED = frozenset(Status) - OPEN

MOVES: dict[Status, frozenset[Status]] = {
    Status.NEW: frozenset(
        {
            Status.IN_REVIEW,
            Status.WAITING_APPLICANT,
            Status.WAITING_OTHER,
            Status.ANSWERED,
            Status.REDIRECTED,
            Status.CLOSED,
        }
    ),
    Status.IN_REVIEW: frozenset(
        {Status.WAITING_APPLICANT, Status.WAITING_OTHER, Status.ANSWERED, Status.REDIRECTED, Status.CLOSED}
    ),
    Status.WAITING_APPLICANT: frozenset({Status.IN_REVIEW, Status.ANSWERED, Status.REDIRECTED, Status.CLOSED}),
    Status.WAITING_OTHER: frozenset(
        {Status.IN_REVIEW, Status.WAITING_APPLICANT, Status.ANSWERED, Status.REDIRECTED, Status.CLOSED}
    ),
    Status.ANSWERED: frozenset({Status.IN_REVIEW, Status.CLOSED}),
    Status.CLOSED: frozenset({Status.IN_REVIEW}),
    Status.REDIRECTED: frozenset({Status.IN_REVIEW}),
}
"""From each status the next ones. Back to `IN_REVIEW` from an end is the one reopening."""

RESOLUTIONS: dict[Status, frozenset[Resolution]] = {
    Status.ANSWERED: frozenset({Resolution.FULFILLED, Resolution.PARTLY, Resolution.NOT_POSSIBLE, Resolution.INFORMED}),
    Status.REDIRECTED: frozenset({Resolution.REDIRECTED}),
    Status.CLOSED: frozenset(Resolution) - {Resolution.REDIRECTED},
}
"""What an end may have come of; every other status has no resolution."""

REOPENED_WITHIN = timedelta(days=30)
CLOSES_AFTER = timedelta(days=30)
"""An answered request that nobody comes back to is closed then: the same moment at which it can no more be reopened."""


def is_legal(old: str, new: str) -> bool:
    return Status(new) in MOVES[Status(old)]


def goes_with(status: str, resolution: str) -> bool:
    """Whether a request in a status may have a resolution; no resolution is the empty word."""
    allowed = RESOLUTIONS.get(Status(status))
    return resolution == "" if allowed is None else resolution in allowed
