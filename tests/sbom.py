"""`make sbom`: every pinned package of the installation as CycloneDX 1.6, on standard output. Needs Python alone."""

from __future__ import annotations

import base64
import json
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)((?:[^\n]*\\\n)*[^\n]*)", re.MULTILINE)


def components(root: Path = ROOT) -> list[dict[str, Any]]:
    """Packages of Python and of the front end, with their hashes."""
    found = []
    for name, version, rest in PIN.findall((root / "requirements.txt").read_text()):
        hashes = [{"alg": "SHA-256", "content": each} for each in re.findall(r"sha256:([0-9a-f]{64})", rest)]
        name = re.sub(r"[-_.]+", "-", name).lower()
        found.append(component(name, version, f"pkg:pypi/{name}@{version}", hashes))
    lock = json.loads((root / "package-lock.json").read_text())
    for place, package in lock["packages"].items():
        if place:
            name = place.rpartition("node_modules/")[2]
            kind, _, value = package.get("integrity", "").partition("-")
            content = base64.b64decode(value).hex() if value else ""
            hashes = [{"alg": kind.upper().replace("SHA", "SHA-"), "content": content}] if content else []
            purl = f"pkg:npm/{name.replace('@', '%40')}@{package['version']}"
            found.append(component(name, package["version"], purl, hashes))
    return found


def component(name: str, version: str, purl: str, hashes: list[dict[str, str]]) -> dict[str, Any]:
    return {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl, "hashes": hashes}


def main() -> int:
    bill = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": components()}
    json.dump(bill, sys.stdout, indent=1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
