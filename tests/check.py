"""`make check`: everything a machine can say about the code without running a test.

    python -m tests.check [NAME]

Every step runs even when an earlier one failed; what failed is listed at the end.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests import versions as versions_

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
TEMPLATE_FOLDERS = ["templates"]
TYPED = [
    "participation", "realtime", "notifications", "impact", "proposals", "servicerequests", "lending", "solidarity", "articles",
    "workinggroups", "councils", "organisations", "ballots",
    "discussions", "people", "journal", "documents", "turkish",
]  # fmt: skip

PRODUCTION = {
    "SECRET_KEY": "4Gq7vX0mT2sLk9ZyRwB1cD5eF8hJnPuQaWiVxOtYz6K3MlSgEdNrUb",
    "IDENTITY_KEY": "n8V2kQ5xW1zT7rB4mL0pJ6sD9fG3hYcUaEiOwXvNtKqRyMlZbPdSgC",
    "SITE_URL": "https://meydan.example.org",
    "SECURE_SSL_REDIRECT": "1",
    "EMAIL_URL": "smtp+tls://meydan:secret@mail.example.org:587",
    "LOG_LEVEL": "ERROR",
}
"""The settings of an installation as docs/operations describes it."""


def command(*words: str | Path, environment: dict[str, str] | None = None) -> Callable[[], bool]:
    def run() -> bool:
        return subprocess.run(words, cwd=ROOT, env={**os.environ, **(environment or {})}, check=False).returncode == 0

    return run


def manage(*words: str, environment: dict[str, str] | None = None) -> Callable[[], bool]:
    return command(sys.executable, "manage.py", *words, environment=environment)


def no_trace_of_a_machine() -> bool:
    """No file names this machine's folder, and what is pinned is pinned by hash alone, not by where it was fetched."""
    folder = re.escape(f"{ROOT.parent}/")
    rules = {
        "requirements*.txt": re.compile(r"\w+://|^-[fi]\b|^--(find-links|\S*index-url|trusted-host)", re.MULTILINE),
        "package-lock.json": re.compile(r'"resolved":'),
        "*": re.compile(rf"(?<![\w.~]){folder}\w" if ROOT.parent != Path("/") else r"(?!)"),
    }
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    clean = True
    for path in (ROOT / name for name in listed.stdout.splitlines()):
        try:
            text = path.read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue
        for pattern, rule in rules.items():
            for found in rule.finditer(text) if path.match(pattern) else ():
                print(f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, found.start()) + 1}: {found[0]}")
                clean = False
    return clean


# --- Weaknesses -------------------------------------------------------------------------------------------------------
def bandit() -> bool:
    """Known weaknesses of Python code; what is meant is marked where it stands."""
    words = [BIN / "bandit", "--quiet", "--configfile", "pyproject.toml", "--recursive", *TYPED, "manage.py"]
    words += ["--format", "custom", "--msg-template", "{relpath}:{line}: {test_id} {msg}"]
    # Its log repeats every mark it obeys.
    return subprocess.run(words, cwd=ROOT, stderr=subprocess.DEVNULL, check=False).returncode == 0


def semgrep() -> bool:
    """The rules of tests/semgrep: first against their own examples, then against the code. Asks no server anything."""
    place = ROOT / "var" / "semgrep"
    pins = ROOT / "requirements-semgrep.txt"
    stamp = place / ".installed"
    if not stamp.exists() or stamp.read_text() != pins.read_text():
        python = place / "bin" / "python"
        hashed = ["install", "--quiet", "--require-hashes", "-r", pins]
        quick = command(BIN / "uv", "pip", *hashed, "--python", python)
        slow = command(python, "-Im", "pip", "--disable-pip-version-check", "--no-input", *hashed)
        if not (command(sys.executable, "-m", "venv", "--clear", place)() and (quick() or slow())):
            print("semgrep could not be installed")
            return False
        stamp.write_text(pins.read_text())
    environment = {
        "SEMGREP_SEND_METRICS": "off",
        "SEMGREP_ENABLE_VERSION_CHECK": "0",
        "SEMGREP_SETTINGS_FILE": str(place / "settings.yml"),
        "PATH": f"{place / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}",
    }
    rules = ["--metrics", "off", "--config", "tests/semgrep"]
    tried = subprocess.run(
        [place / "bin" / "semgrep", "scan", "--test", *rules, "tests/semgrep"],
        cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if tried.returncode:
        print(tried.stdout, tried.stderr[-2000:])
        return False
    words = [place / "bin" / "semgrep", "scan", "--quiet", "--error", "--disable-version-check", *rules]
    return command(*words, *TYPED, *TEMPLATE_FOLDERS, environment=environment)()


def versions() -> bool:
    """No package is pinned below the version that mends what is known of it."""
    faults = versions_.faults()
    print("\n".join(faults), end="\n" if faults else "")
    return not faults


STEPS: dict[str, Callable[[], bool]] = {
    "ruff": command(BIN / "ruff", "check", "--quiet", "."),
    "format": command(BIN / "ruff", "format", "--check", "--quiet", "."),
    "templates": command(BIN / "djlint", *TEMPLATE_FOLDERS, "--lint", "--quiet"),
    "floors": command(BIN / "lint-imports", "--no-logo"),
    "types": command(BIN / "mypy", "--no-error-summary", *TYPED),
    "bandit": bandit,
    "semgrep": semgrep,
    "versions": versions,
    "migrations": manage("makemigrations", "--check", "--dry-run"),
    "translations": manage("translations", "check"),
    "django": manage("check", "--fail-level", "WARNING"),
    "deployment": manage("check", "--deploy", "--fail-level", "WARNING", environment=PRODUCTION),
    "traces": no_trace_of_a_machine,
}


def main(names: list[str]) -> int:
    unknown = set(names) - set(STEPS)
    if unknown:
        print(f"no step named {', '.join(sorted(unknown))}; there are: {', '.join(STEPS)}", file=sys.stderr)
        return 2
    failed = []
    for name in names or STEPS:
        began = time.monotonic()
        print(f"── {name}", flush=True)
        if not STEPS[name]():
            failed.append(name)
            print(f"   failed after {time.monotonic() - began:.1f} s", flush=True)
    if failed:
        print(f"check: failed: {', '.join(failed)}", file=sys.stderr)
        return 1
    print("check: all good")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
