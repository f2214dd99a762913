"""What the one who asks may do with something, with the sentence where they may not: the verdicts the pages ask too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _l
from rest_framework import serializers

from people.verdicts import Verdict


class VerdictSerializer(serializers.Serializer[Any]):
    """One thing that may or may not be done."""

    name = serializers.CharField()
    allowed = serializers.BooleanField()
    code = serializers.CharField(help_text=_l("Yapılamıyorsa nedeni; yapılabiliyorsa boş"))
    reason = serializers.CharField(help_text=_l("Yapılamıyorsa neden, bir tümceyle"))


def told(verdicts: Mapping[str, Verdict]) -> Any:
    """The verdicts in a fixed order."""
    rows = [
        {
            "name": name,
            "allowed": verdict.allowed,
            "code": "" if verdict else verdict.code,
            "reason": "" if verdict else str(verdict.reason),
        }
        for name, verdict in verdicts.items()
    ]
    return VerdictSerializer(rows, many=True).data
