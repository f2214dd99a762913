"""No request's body is longer than a form with a file.

Django keeps the whole body, on disk when it is long, before any view has asked who sent it; so this is asked first.
"""

from __future__ import annotations

from typing import Any

from participation.charset import SAFE, Application

SENTENCE = "Gönderdiğiniz çok büyük. / What you sent is too large.\n".encode()
MOST_DIGITS = 18


class _TooLong(Exception):
    pass


def limited_body(application: Application, *, most: int) -> Application:
    """Answer 413 to a request whose body is declared to be, or turns out to be, longer than `most` bytes."""

    async def limited(scope: dict[str, Any], receive: Any, send: Any) -> None:
        got, has_begun = 0, False

        async def counted() -> Any:
            nonlocal got
            message = await receive()
            got += len(message.get("body", b""))
            if got > most:
                raise _TooLong
            return message

        async def noticed(message: Any) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        if any(name.lower() == b"content-length" and _number(value) > most for name, value in scope.get("headers", ())):
            await _refuse(send)
            return
        try:
            await application(scope, counted, noticed)
        except _TooLong:
            if not has_begun:
                await _refuse(send)

    return limited


def _number(value: bytes) -> int:
    return int(value) if value.isdigit() and len(value) <= MOST_DIGITS else 10**MOST_DIGITS


async def _refuse(send: Any) -> None:
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(SENTENCE)).encode()),
        (b"connection", b"close"),
        *SAFE,
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": SENTENCE})
