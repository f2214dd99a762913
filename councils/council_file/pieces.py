"""The small pieces of a council's file: maps, lists, texts and numbers, each problem noted with its place."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from councils.council_file.data import (
    SLUG,
    Problem,
)


def place_of(node: CommentedMap | CommentedSeq, key: Any, *, of_key: bool = False) -> tuple[int, int]:
    """Where a key, its value or an item stands; what a YAML merge brought in stands where its map does."""
    try:
        if isinstance(node, CommentedSeq):
            line, column = node.lc.item(key)
        else:
            line, column = node.lc.key(key) if of_key else node.lc.value(key)
    except (KeyError, TypeError):
        line, column = node.lc.line, node.lc.col
    return line + 1, column + 1


class Pieces:
    """Walks the document once and notes problems instead of stopping at the first."""

    def __init__(self, path: Path, content: bytes) -> None:
        self.path, self.content = path, content
        self.problems: list[Problem] = []
        self.digest = hashlib.sha256(content)

    def wrong(self, place: tuple[int, int], message: str) -> None:
        self.problems.append(Problem(*place, message))

    def map(self, value: Any, place: tuple[int, int], required: str, optional: str = "") -> CommentedMap | None:
        """A map with known keys; names are given separated by blanks."""
        if not isinstance(value, CommentedMap):
            self.wrong(place, _("burada anahtarlı bir bölüm bekleniyor"))
            return None
        known = [*required.split(), *optional.split()]
        for key in value:
            if key not in known:
                self.wrong(
                    place_of(value, key, of_key=True),
                    _("bilinmeyen anahtar: %(key)s (bilinenler: %(known)s)") % {"key": key, "known": ", ".join(known)},
                )
        for key in required.split():
            if key not in value:
                self.wrong(place, _("eksik anahtar: %s") % key)
        return value

    def items(self, node: CommentedMap, key: str) -> Iterator[tuple[Any, tuple[int, int]]]:
        """The items of a list with their places."""
        if key not in node:
            return
        value = node[key]
        if not isinstance(value, CommentedSeq):
            self.wrong(place_of(node, key, of_key=True), _("%s bir liste olmalı") % key)
            return
        for index, item in enumerate(value):
            yield item, place_of(value, index)

    def text(self, node: CommentedMap, key: str, *, longest: int = 4000) -> str:
        if key not in node:
            return ""
        return self.plain(node[key], place_of(node, key), key, longest=longest)

    def plain(self, value: Any, place: tuple[int, int], key: str, *, longest: int = 4000) -> str:
        if not isinstance(value, str):
            self.wrong(place, _("%s bir metin olmalı") % key)
            return ""
        text = value.strip()
        if not text:
            self.wrong(place, _("%s boş olamaz") % key)
        elif len(text) > longest:
            self.wrong(place, _("%(key)s en çok %(longest)d harf olabilir") % {"key": key, "longest": longest})
        elif "\0" in text:
            self.wrong(place, _("%s geçersiz bir karakter içeriyor") % key)
        return text

    def slug(self, node: CommentedMap, *, longest: int = 60) -> str:
        slug = self.text(node, "slug", longest=longest)
        if slug and not SLUG.match(slug):
            self.wrong(
                place_of(node, "slug"), _("slug yalnızca küçük a-z harfleri, rakam ve tire içerebilir: %s") % slug
            )
        return slug

    def flag(self, node: CommentedMap, key: str) -> bool:
        if key in node and not isinstance(node[key], bool):
            self.wrong(place_of(node, key), _("%s true ya da false olmalı") % key)
        return node.get(key) is True

    def whole(self, node: CommentedMap, key: str, lowest: int, highest: int) -> int:
        if key not in node:
            return lowest
        value = node[key]
        if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value <= highest:
            self.wrong(
                place_of(node, key),
                _("%(key)s, %(lowest)d ile %(highest)d arasında bir tam sayı olmalı")
                % {"key": key, "lowest": lowest, "highest": highest},
            )
            return lowest
        return int(value)

    def one_of(self, node: CommentedMap, key: str, choices: list[str]) -> str:
        if key not in node:
            return choices[0]
        if node[key] not in choices:
            self.wrong(
                place_of(node, key),
                _("%(key)s şunlardan biri olmalı: %(choices)s") % {"key": key, "choices": ", ".join(choices)},
            )
            return choices[0]
        return str(node[key])

    def centre(self, node: CommentedMap) -> tuple[float, float]:
        """A point as [latitude, longitude]."""
        value = node.get("centre")
        if value is None and "centre" not in node:
            return 0.0, 0.0
        numbers = (
            list(value)
            if isinstance(value, CommentedSeq)
            and len(value) == 2
            and all(isinstance(n, int | float) and not isinstance(n, bool) for n in value)
            else None
        )
        if numbers is None or not (-90 <= numbers[0] <= 90 and -180 <= numbers[1] <= 180):
            self.wrong(place_of(node, "centre"), _("centre, [enlem, boylam] olmalı"))
            return 0.0, 0.0
        return float(numbers[0]), float(numbers[1])

    def unique(self, seen: dict[str, int], value: Any, node: CommentedMap, key: str) -> None:
        """Note a value that was already used in its list."""
        if not isinstance(value, str) or not value or key not in node:
            return
        place = place_of(node, key)
        if value in seen:
            self.wrong(
                place,
                _("%(key)s ikinci kez kullanılmış: %(value)s (ilki satır %(line)d)")
                % {"key": key, "value": value, "line": seen[value]},
            )
        seen.setdefault(value, place[0])
