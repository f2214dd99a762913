"""Verdicts: may this person do this now, and if not, why. The same verdict draws the button and guards the door."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.utils.functional import Promise


class Refused(PermissionDenied):
    """Raised by `Verdict.require`: a sentence for the person and a stable code for the API."""

    def __init__(self, reason: str, code: str = "refused") -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to a `may_…` question; true when allowed."""

    allowed: bool
    reason: str | Promise = ""
    code: str = "refused"

    def __bool__(self) -> bool:
        return self.allowed

    def require(self) -> None:
        """Raise `Refused` with the reason unless allowed."""
        if not self.allowed:
            raise Refused(str(self.reason), self.code)


YES = Verdict(True)


def no(reason: str | Promise, *, code: str = "refused") -> Verdict:
    """A refusal with its sentence."""
    return Verdict(False, reason, code)
