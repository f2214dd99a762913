"""A cache in Redis that does not take the site down with it."""

from __future__ import annotations

import threading
import time
from typing import Any

import structlog
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis import RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

log = structlog.get_logger(__name__)
REST = 2.0
"""Seconds during which a Redis that failed is left alone, so that requests do not wait for it one by one."""
PATIENCE = 0.5
"""Seconds one question may take; a Redis that hangs is as good as none."""


class SteadyRedisCache(RedisCache):
    """While Redis is away every process keeps a cache of its own, empty at first and forgotten when Redis is back.

    Rate limits then count in each process instead of in all together: weaker, never off. What must agree between
    processes at every moment has no place in a cache, whatever the backend.
    """

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        limits = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE, "retry": Retry(NoBackoff(), 1)}
        options = {**limits, **params.get("OPTIONS", {})}
        super().__init__(server, {**params, "OPTIONS": options})
        self._server = str(server)
        self._alone = LocMemCache(f"alone {server}", {key: value for key, value in params.items() if key != "OPTIONS"})

    def _ask(self, method: str, *arguments: Any, **named: Any) -> Any:
        state = _states.setdefault(self._server, _State())
        if time.monotonic() >= state.rests_until:
            try:
                answer = getattr(super(), method)(*arguments, **named)
            except RedisError as error:
                with state.guard:
                    if state.is_up:
                        log.warning("cache_alone", error=str(error))
                        self._alone.clear()
                    state.is_up, state.rests_until = False, time.monotonic() + REST
            else:
                state.is_up = True
                return answer
        return getattr(self._alone, method)(*arguments, **named)

    def add(self, *arguments: Any, **named: Any) -> Any:
        return self._ask("add", *arguments, **named)

    def get(self, *arguments: Any, **named: Any) -> Any:
        return self._ask("get", *arguments, **named)

    def set(self, *arguments: Any, **named: Any) -> Any:
        return self._ask("set", *arguments, **named)

    def touch(self, *arguments: Any, **named: Any) -> Any:
        return self._ask("touch", *arguments, **named)

    def delete(self, *arguments: Any, **named: Any) -> Any:
        return self._ask("delete", *arguments, **named)

    def get_many(self, *arguments: Any, **named: Any) -> Any:
        return self._ask("get_many", *arguments, **named)

    def has_key(self, *arguments: Any, **named: Any) -> Any:
        return self._ask("has_key", *arguments, **named)

    def incr(self, *arguments: Any, **named: Any) -> Any:
        return self._ask("incr", *arguments, **named)

    def set_many(self, *arguments: Any, **named: Any) -> Any:
        return self._ask("set_many", *arguments, **named)

    def delete_many(self, *arguments: Any, **named: Any) -> Any:
        return self._ask("delete_many", *arguments, **named)

    def clear(self) -> Any:
        return self._ask("clear")


class _State:
    """Of one Redis, shared by the threads of a process."""

    def __init__(self) -> None:
        self.guard = threading.Lock()
        self.is_up = True
        self.rests_until = 0.0


_states: dict[str, _State] = {}
