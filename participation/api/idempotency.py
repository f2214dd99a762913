"""Idempotency keys: a write that is sent twice has one effect and one answer.

A client sends `Idempotency-Key: <UUID>` with a write (draft-ietf-httpapi-idempotency-key-header). The key's row, the effect
and the answer are one transaction: whoever sends the same key at the same time waits for the first and gets its answer.
A request that was refused had no effect, so its key stays free.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.utils import OperationalError
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from people.models import KeptAnswer
from people.verdicts import Refused

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
KEPT_FOR = timedelta(hours=24)
KEPT_HEADERS = ("ETag", "Location")
Handler = Callable[..., Response]


def key_of(request: Request) -> UUID | None:
    """The key of a request, with or without the quotes of a structured field; a wrong one is told."""
    given = request.headers.get(HEADER)
    if given is None:
        return None
    text = given.strip()
    if len(text) == 38 and text[0] == text[-1] == '"':
        text = text[1:-1]
    try:
        if len(text) != 36:
            raise ValueError
        return UUID(text)
    except ValueError:
        sentence = _("Anahtar bir UUID olmalı.")
        raise ValidationError({HEADER: [ErrorDetail(sentence, code="invalid_key")]}) from None


def fingerprint(request: Request) -> str:
    """A keyed hash of method, address and what was sent; of files, of their content."""
    parts = [request.method, request.get_full_path(), json.dumps(_plain(request.data), sort_keys=True)]
    return salted_hmac("meydan.idempotency", json.dumps(parts), algorithm="sha256").hexdigest()


def _plain(data: Any) -> Any:
    if isinstance(data, UploadedFile):
        digest = hashlib.sha256()
        for chunk in data.chunks():
            digest.update(chunk)
        data.seek(0)
        return [data.name, digest.hexdigest()]
    if hasattr(data, "lists"):
        return {name: [_plain(value) for value in values] for name, values in data.lists()}
    return data


def once(key: UUID, request: Request, handler: Handler, /, *args: Any, **kwargs: Any) -> Response:
    """Run the handler unless the person's key was answered before; then give that answer again.

    Refuses with ``key_reused`` when the key came with another request, and ``try_again`` when the first still runs.
    """
    asked, at = fingerprint(request), timezone.now()
    try:
        with transaction.atomic():
            mine = KeptAnswer.objects.filter(person=request.user, key=key)
            mine.filter(created_at__lte=at - KEPT_FOR).delete()
            kept, is_new = mine.get_or_create(
                person=request.user, key=key, defaults={"request_hash": asked, "created_at": at}
            )
            if not is_new:
                return _again(kept, asked)
            response = handler(request, *args, **kwargs)
            if response.status_code >= 400:
                transaction.set_rollback(True)
                return response
            kept.status = response.status_code
            kept.body = JSONRenderer().render(response.data).decode() if response.data is not None else ""
            kept.headers = {name: response[name] for name in KEPT_HEADERS if name in response}
            kept.save(update_fields=["status", "body", "headers"])
            return response
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) == "55P03":  # lock_not_available
            raise Refused(_("Aynı istek hâlâ işleniyor. Biraz sonra yeniden gönderin."), "try_again") from error
        raise


def _again(kept: KeptAnswer, asked: str) -> Response:
    if not constant_time_compare(kept.request_hash, asked):
        raise Refused(_("Bu anahtar daha önce başka bir istekle kullanıldı."), "key_reused")
    response = Response(json.loads(kept.body) if kept.body else None, status=kept.status)
    for name, value in kept.headers.items():
        response[name] = value
    response[REPLAYED] = "true"
    return response
