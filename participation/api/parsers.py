"""One format in: JSON in UTF-8, of bounded size and depth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError, UnsupportedMediaType
from rest_framework.parsers import JSONParser, MultiPartParser

from participation.charset import is_plain

MAX_BYTES = 262_144
MAX_DEPTH = 20
BESIDE_THE_FILE = 65_536


class TooLarge(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"
    default_detail = "too large"


class PlainJSONParser(JSONParser):
    """Refuses any declared character set but UTF-8 (a codec may be a decompressor) and bodies over `MAX_BYTES`."""

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        if not is_plain(media_type or ""):
            raise UnsupportedMediaType(media_type or "")
        request = (parser_context or {}).get("request")
        declared = request.META.get("CONTENT_LENGTH") if request is not None else None
        if declared and str(declared).isdecimal() and int(declared) > MAX_BYTES:
            raise TooLarge
        try:
            data = super().parse(_Bounded(stream), media_type, {**(parser_context or {}), "encoding": "utf-8"})
        except RecursionError:
            raise ParseError from None
        if _is_deeper(data, MAX_DEPTH):
            raise ParseError
        return data


class BoundedMultiPartParser(MultiPartParser):
    """Forms with a file, in UTF-8, not larger than a file may be with a few words beside it."""

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        request = (parser_context or {}).get("request")
        declared = str(request.META.get("CONTENT_LENGTH") or "") if request is not None else ""
        if not is_plain(media_type or ""):
            raise UnsupportedMediaType(media_type or "")
        if declared.isdecimal() and int(declared) > settings.ATTACHMENT_MAX_BYTES + BESIDE_THE_FILE:
            raise TooLarge
        try:
            return super().parse(stream, media_type, parser_context)
        except (SuspiciousOperation, ValueError):
            raise ParseError from None


def _is_deeper(data: Any, depth: int) -> bool:
    if not isinstance(data, dict | list):
        return False
    if depth == 0:
        return True
    return any(_is_deeper(each, depth - 1) for each in (data.values() if isinstance(data, dict) else data))


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
