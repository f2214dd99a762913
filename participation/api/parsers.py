"""One format in: JSON in UTF-8, of bounded size."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from rest_framework import status
from rest_framework.exceptions import APIException, UnsupportedMediaType
from rest_framework.parsers import JSONParser

MAX_BYTES = 262_144


class TooLarge(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"
    default_detail = "İstek gövdesi çok büyük."


class PlainJSONParser(JSONParser):
    """Refuses any declared character set but UTF-8 (a codec may be a decompressor) and bodies over `MAX_BYTES`."""

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        for parameter in (media_type or "").split(";")[1:]:
            name, _equals, value = parameter.partition("=")
            if name.strip().lower() == "charset" and value.strip().strip("\"'").lower() not in {"utf-8", "utf8"}:
                raise UnsupportedMediaType(media_type or "")
        return super().parse(_Bounded(stream), media_type, {**(parser_context or {}), "encoding": "utf-8"})


class _Bounded:
    """A stream that refuses to give more than `MAX_BYTES`."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._given = 0

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(MAX_BYTES + 1 if size < 0 else size)
        self._given += len(data)
        if self._given > MAX_BYTES:
            raise TooLarge
        return data
