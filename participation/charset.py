"""The character set of a request's body is UTF-8.

Django decodes the parts of a form by the declared one; a codec that is not of text (`charset=bz2_codec`) ends in a fault
there, or in a body that grows without bound.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

Application = Callable[[dict[str, Any], Any, Any], Awaitable[None]]
CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([^\"';\s]*)", re.IGNORECASE)
PLAIN = frozenset({"utf-8", "utf8"})
SAFE = [
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
]
"""Headers of an answer that no middleware sees."""
REFUSAL = json.dumps(
    {
        "type": "about:blank",
        "title": "Unsupported Media Type",
        "status": 415,
        "code": "unsupported_media_type",
        "detail": "İstek gövdesi UTF-8 olmalı. / The body of a request must be UTF-8.",
    },
    ensure_ascii=False,
).encode()


def is_plain(content_type: str) -> bool:
    """Whether every declared character set is UTF-8."""
    return all(name.lower() in PLAIN for name in CHARSET.findall(content_type))


def plain_charset(application: Application) -> Application:
    """Answer 415 to every request that declares another character set."""

    async def guarded(scope: dict[str, Any], receive: Any, send: Any) -> None:
        kinds = [value.decode("latin-1") for name, value in scope.get("headers", ()) if name.lower() == b"content-type"]
        if all(map(is_plain, kinds)):
            await application(scope, receive, send)
            return
        headers = [
            (b"content-type", b"application/problem+json"),
            (b"content-length", str(len(REFUSAL)).encode()),
            *SAFE,
        ]
        await send({"type": "http.response.start", "status": 415, "headers": headers})
        await send({"type": "http.response.body", "body": REFUSAL})

    return guarded
