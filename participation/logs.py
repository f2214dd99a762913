"""Structured logging: one event a line, readable in a terminal and as JSON for a collector."""

from __future__ import annotations

import re
from typing import Any

import structlog

# Links of mails open an account or confirm an address: whoever reads the log must not be able to follow them.
_OPENS_AN_ACCOUNT = re.compile(r"(/hesap/(?:parola/sifirla|e-posta/onay)/)[^/\s]+")
_QUERY = re.compile(r"\?\S*")
_UNSEEN = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def without_personal_addresses(_: Any, __: str, event: dict[str, Any]) -> dict[str, Any]:
    """Leave out of a request's address what names a person or opens an account: its query and the keys of mails."""
    if isinstance(address := event.get("request"), str):
        event["request"] = _OPENS_AN_ACCOUNT.sub(r"\1…", _QUERY.sub("", address))
    if isinstance(text := event.get("event"), str) and "/hesap/" in text:
        event["event"] = _OPENS_AN_ACCOUNT.sub(r"\1…", text)
    return event


def _as_it_is_written(match: re.Match[str]) -> str:
    return match.group().encode("unicode_escape").decode("ascii")


def in_one_line(_: Any, __: str, event: dict[str, Any]) -> dict[str, Any]:
    """Write line ends, colours of a terminal and letters that turn the direction as what they are: nobody forges a line."""
    if isinstance(text := event.get("event"), str):
        event["event"] = _UNSEEN.sub(_as_it_is_written, text)
    return event


def configure_logging(*, json: bool, level: str) -> dict[str, Any]:
    """Configure structlog and return Django's LOGGING dictionary."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        without_personal_addresses,
        in_one_line,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.processors.format_exc_info,
            structlog.processors.UnicodeDecoder(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    # Plain tracebacks: the pretty ones print local variables, and those hold passwords and identity numbers.
    console = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    renderer: Any = structlog.processors.JSONRenderer() if json else console
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "events": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processor": renderer,
                "foreign_pre_chain": shared,
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "events"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django.server": {"handlers": ["console"], "propagate": False},
            "uvicorn.access": {"level": "WARNING"},
            "django_structlog.celery": {"level": "WARNING"},
            "celery.worker.consumer.connection": {"level": "WARNING"},
            "pikepdf": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
        },
    }
