"""No request's body is longer than a form with a file, or arrives more slowly than over the poorest line.

Django keeps the whole body, on disk when it is long, before any view has asked who sent it; so this is asked first.
"""

from __future__ import annotations

import asyncio
from typing import Any

from participation.charset import SAFE, Application

TOO_LONG = "Gönderdiğiniz çok büyük. / What you sent is too large.\n".encode()
TOO_SLOW = "Gönderdiğiniz zamanında ulaşmadı. / What you sent did not arrive in time.\n".encode()
MOST_DIGITS = 18
BODY_HEADERS = frozenset({b"content-length", b"transfer-encoding"})
BODY_SECONDS, BODY_BYTES_PER_SECOND = 20.0, 500
"""A body arrives within so many seconds, and one more for each so many bytes of it that are there."""


class _TooLong(Exception):
    pass


class _TooSlow(Exception):
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
            await _refuse(send, 413, TOO_LONG)
            return
        try:
            await application(scope, counted, noticed)
        except _TooLong:
            if not has_begun:
                await _refuse(send, 413, TOO_LONG)

    return limited


def timely_body(
    application: Application, *, seconds: float = BODY_SECONDS, rate: int = BODY_BYTES_PER_SECOND
) -> Application:
    """Answer 408 to a request whose body comes in drops, and let its connection go. Without a body nothing is watched."""

    async def timely(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if not any(name in BODY_HEADERS for name, _value in scope.get("headers", ())):
            await application(scope, receive, send)
            return
        due = asyncio.get_running_loop().time() + seconds
        is_whole, has_begun = False, False

        async def in_time() -> Any:
            nonlocal due, is_whole
            if is_whole:  # what comes now is that the client has gone, whenever that is
                return await receive()
            try:
                async with asyncio.timeout_at(due):
                    message = await receive()
            except TimeoutError:
                raise _TooSlow from None
            due += len(message.get("body", b"")) / rate
            is_whole = not message.get("more_body", False)
            return message

        async def noticed(message: Any) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await application(scope, in_time, noticed)
        except _TooSlow:
            if not has_begun:
                await _refuse(send, 408, TOO_SLOW)

    return timely


def _number(value: bytes) -> int:
    return int(value) if value.isdigit() and len(value) <= MOST_DIGITS else 10**MOST_DIGITS


async def _refuse(send: Any, status: int, sentence: bytes) -> None:
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(sentence)).encode()),
        (b"connection", b"close"),
        *SAFE,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": sentence})
