"""python -m tests.load [NAME]"""

from __future__ import annotations

import json
import pkgutil
import sys
from importlib import import_module

import tests.load
from tests.load.site import Site

NOT_MEASUREMENTS = {"__main__", "site"}


def main(wanted: list[str]) -> int:
    names = sorted({module.name for module in pkgutil.iter_modules(tests.load.__path__)} - NOT_MEASUREMENTS)
    if unknown := set(wanted) - set(names):
        print(f"no measurement named {', '.join(sorted(unknown))}; there are: {', '.join(names)}", file=sys.stderr)
        return 2
    with Site() as site:
        site.start()
        for name in wanted or names:
            for result in import_module(f"tests.load.{name}").measure(site):
                print(json.dumps({"name": name, **result}, ensure_ascii=False), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
