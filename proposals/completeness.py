"""What a proposal needs before it can be submitted. Plain data in, plain data out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l

MIN_TITLE = 8
MIN_SUMMARY = 20
MIN_TEXT = 60


class HasContent(Protocol):
    title: str
    summary: str
    text: str

    @property
    def theme_id(self) -> int | None: ...
    @property
    def addressed_to_id(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Gap:
    """A field that still needs something, and the sentence that says what."""

    field: str
    sentence: str | Promise


def gaps(proposal: HasContent) -> list[Gap]:
    """Everything that keeps a draft from being submitted, in the order of the questions; empty when complete."""
    found = []
    if len(proposal.title.strip()) < MIN_TITLE:
        found.append(Gap("title", _l("Başlık en az 8 harf olmalı.")))
    if len(proposal.summary.strip()) < MIN_SUMMARY:
        found.append(Gap("summary", _l("Özet en az 20 harf olmalı.")))
    if len(proposal.text.strip()) < MIN_TEXT:
        found.append(Gap("text", _l("Öneri metni en az 60 harf olmalı.")))
    if proposal.theme_id is None:
        found.append(Gap("theme", _l("Önerinin konusunu seçin.")))
    if proposal.addressed_to_id is None:
        found.append(Gap("addressed_to", _l("Önerinin gideceği grubu ya da meclisi seçin.")))
    return found
