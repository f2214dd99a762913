"""The services an installation stands on, PostgreSQL and Redis: started when embedded, asked for when configured.

A missing or broken one is told in one sentence, in Turkish and English, because Django's languages may not be up yet.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

OLDEST_POSTGRESQL = 15
CONNECT_SECONDS = 5


class ServiceMissing(Exception):
    """A service cannot be used; `turkish` and `english` are one sentence each."""

    def __init__(self, turkish: str, english: str) -> None:
        super().__init__(english)
        self.turkish, self.english = turkish, english


@contextlib.contextmanager
def report_and_exit_when_missing() -> Iterator[None]:
    """Turn ServiceMissing into its sentence on standard error and exit code 1."""
    try:
        yield
    except ServiceMissing as missing:
        print(f"{missing.turkish} / {missing.english}", file=sys.stderr)
        raise SystemExit(1) from None


def start_embedded_services() -> None:
    """Start the embedded PostgreSQL when DATABASE_URL names no other; raise ServiceMissing when it cannot run."""
    from participation import embedded

    if embedded.is_configured_away():
        return
    try:
        embedded.ensure_running()
    except embedded.EmbeddedError as error:
        raise ServiceMissing(
            f"Gömülü PostgreSQL çalıştırılamadı: {error}.", f"The embedded PostgreSQL could not be run: {error}."
        ) from error


def check_configured_services() -> None:
    """Ask the services named by DATABASE_URL and REDIS_URL for a sign of life; raise ServiceMissing for the first without."""
    if url := os.environ.get("DATABASE_URL"):
        check_postgresql(url)
    if url := os.environ.get("REDIS_URL"):
        check_redis(url)


def check_postgresql(url: str) -> None:
    import psycopg

    if urlsplit(url).scheme not in {"postgres", "postgresql", "pgsql"}:
        raise ServiceMissing(
            "DATABASE_URL bir PostgreSQL adresi olmalı (postgresql://kullanıcı:parola@sunucu:5432/veritabanı).",
            "DATABASE_URL must be the address of a PostgreSQL (postgresql://user:password@host:5432/database).",
        )
    try:
        with psycopg.connect(url.replace("pgsql:", "postgresql:", 1), connect_timeout=CONNECT_SECONDS) as connection:
            version = connection.info.server_version // 10_000
            encoding = connection.info.parameter_status("server_encoding")
    except (psycopg.Error, ValueError) as error:
        raise ServiceMissing(
            f"DATABASE_URL ile verilen PostgreSQL'e bağlanılamadı ({without_password(url)}): {_first_line(error)}",
            f"The PostgreSQL named by DATABASE_URL cannot be reached ({without_password(url)}): {_first_line(error)}",
        ) from error
    if version < OLDEST_POSTGRESQL or encoding != "UTF8":
        raise ServiceMissing(
            f"PostgreSQL {OLDEST_POSTGRESQL} veya yenisi ve UTF8 gerekiyor; DATABASE_URL sürüm {version}, {encoding} gösteriyor.",
            f"PostgreSQL {OLDEST_POSTGRESQL} or newer with UTF8 is needed; DATABASE_URL names version {version}, {encoding}.",
        )


def check_redis(url: str) -> None:
    import redis

    try:
        with redis.Redis.from_url(
            url, socket_connect_timeout=CONNECT_SECONDS, socket_timeout=CONNECT_SECONDS
        ) as client:
            client.ping()
    except (redis.RedisError, ValueError, OSError) as error:
        raise ServiceMissing(
            f"REDIS_URL ile verilen Redis'e bağlanılamadı ({without_password(url)}): {_first_line(error)}",
            f"The Redis named by REDIS_URL cannot be reached ({without_password(url)}): {_first_line(error)}",
        ) from error


def without_password(url: str) -> str:
    """Return the address with the password left out, fit for a terminal or a log."""
    try:
        parts = urlsplit(url)
        if parts.password is None:
            return url
        host = parts.netloc.rpartition("@")[2]
        return parts._replace(netloc=f"{parts.username}:***@{host}").geturl()
    except ValueError:
        return "***"


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
