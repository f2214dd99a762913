"""python -m tests.load [NAME]"""

from __future__ import annotations

import json
import pkgutil
import sys
from importlib import import_module

import tests.load

PARTS = {"__main__", "bare_settings", "bare_urls", "city", "clients", "figures", "many", "site", "sockets", "voters"}
"""What measurements are made of; every other module here is one."""


def names() -> list[str]:
    """Everything that can be measured."""
    return sorted({module.name for module in pkgutil.iter_modules(tests.load.__path__)} - PARTS)


def main(wanted: list[str]) -> int:
    if unknown := set(wanted) - set(names()):
        print(f"no measurement named {', '.join(sorted(unknown))}; there are: {', '.join(names())}", file=sys.stderr)
        return 2
    for name in wanted or names():
        for figure in import_module(f"tests.load.{name}").measure():
            print(json.dumps(figure, ensure_ascii=False), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
