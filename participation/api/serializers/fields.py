"""What all shapes share: full addresses, strict bodies, and fields that take nothing for something else."""

from __future__ import annotations

import math
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from proposals.reasons import Reason


def address(path: str) -> str:
    """The full public address of a path."""
    return f"{settings.SITE_URL}{path}"


class Strict(serializers.Serializer[Any]):
    """Refuses fields it does not know, so that a slip of the pen is told and nothing is set through the back door.

    A field that is only read may be sent back as it came; it is ignored.
    """

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (unknown := sorted(str(name) for name in set(data) - set(self.fields))):
            sentence = _("Böyle bir alan yok.")
            raise serializers.ValidationError(
                {name[:100]: [serializers.ErrorDetail(sentence, code="unknown_field")] for name in unknown[:20]}
            )
        return super().to_internal_value(data)


class NothingSerializer(Strict):
    """An empty body."""


class TextField(serializers.CharField):
    """Words typed by a person; numbers and truth values are not words."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class SlugField(serializers.SlugRelatedField):
    """One of the rows of a council, named by its slug."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str) or "\0" in data or len(data) > 100 or not data.isprintable():
            self.fail("invalid")
        return super().to_internal_value(data)


class DegreesField(serializers.FloatField):
    """A coordinate: a number that is finite and on earth."""

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, bool) or not isinstance(data, int | float) or not math.isfinite(float_of(data)):
            self.fail("invalid")
        return super().to_internal_value(data)


def float_of(number: float) -> float:
    """The number as a float; infinite when it is too large for one."""
    try:
        return float(number)
    except OverflowError:
        return math.inf


class ReasonSerializer(Strict):
    reason = TextField(max_length=2000, help_text=_l("Gerekçe; en az 10 harf, herkes okur."))


class CodedReasonSerializer(ReasonSerializer):
    """A reason with its kind. Which kinds an exit knows is said by the action."""

    reason_code = serializers.ChoiceField(choices=Reason.choices, help_text=_l("Gerekçenin türü."))


@extend_schema_field({"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$"})
class ClockField(serializers.TimeField):
    """An hour of the city's own clock; the format `time` of schemas would want an offset."""
