"""The cache in Redis, and without it."""

import pytest

from participation import cache
from participation.cache import SteadyRedisCache
from tests.services import spare_port, start_redis

pytestmark = pytest.mark.redis


@pytest.fixture
def kept(monkeypatch):
    monkeypatch.setattr(cache, "REST", 0.0)
    monkeypatch.setattr(cache, "_states", {})
    port = spare_port()
    made = SteadyRedisCache(f"redis://127.0.0.1:{port}/0", {"KEY_PREFIX": "tests"})
    return made, port


def test_everything_goes_to_redis_while_it_is_there(kept):
    steady, port = kept
    with start_redis(port=port):
        assert steady.add("a", 1, 60) is True
        assert steady.add("a", 2, 60) is False
        assert steady.incr("a") == 2
        steady.set_many({"b": 1, "c": 2})
        steady.delete_many(["b"])
        assert steady.get_many(["a", "b", "c"]) == {"a": 2, "c": 2}
        assert steady.touch("a", 60) is True
        assert ("a" in steady, steady.delete("a"), "a" in steady) == (True, True, False)
        steady.clear()
        assert steady.get("c") is None
        assert steady._alone.get("c") is None


def test_without_redis_a_process_counts_alone_and_forgets_it_when_redis_is_back(kept):
    steady, port = kept
    steady.set("counter", 7)
    assert steady.incr("counter") == 8  # nobody is there
    with start_redis(port=port):
        assert steady.get("counter") is None
        steady.set("counter", 1)
    assert steady.get("counter") is None  # gone again, and the count of the first absence is not taken up
    assert steady.add("counter", 1, 60) is True


def test_a_failing_redis_is_left_alone_for_a_while(kept, monkeypatch):
    steady, port = kept
    monkeypatch.setattr(cache, "REST", 3600)
    steady.set("a", 1)
    with start_redis(port=port):
        assert [steady.get("a") for _ in range(100)] == [1] * 100  # the Redis that is back knows of no "a"
