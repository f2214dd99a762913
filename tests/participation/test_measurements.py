"""`make bench`: every name it offers is a module that can measure."""

from importlib import import_module

import pytest

from tests.load import __main__ as bench


@pytest.mark.parametrize("name", bench.names())
def test_a_benchmark_can_be_started(name):
    assert callable(import_module(f"tests.load.{name}").measure)
