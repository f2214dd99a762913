"""The catalogue of translations without GNU gettext: collect messages, merge them into .po files, find what is missing.

Messages are Turkish. English is a translation (locale/en); the Turkish catalogue (locale/tr) holds only the messages with a
plural, so that gettext counts as Turkish does.
"""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib
from babel.messages.extract import extract_javascript, extract_python

PLURAL_FORMS = {"en": "nplurals=2; plural=(n != 1);", "tr": "nplurals=2; plural=(n > 1);"}
NOT_SOURCES = {"tests", "migrations", "node_modules", "var", "vendor", "locale"}
TEMPLATE_ENDINGS = {".html", ".txt", ".xml"}

# What each function takes, by position: c(ontext), s(ingular), p(lural).
FUNCTIONS = {
    **dict.fromkeys(("_", "_l", "gettext", "gettext_lazy", "gettext_noop"), "s"),
    **dict.fromkeys(("ngettext", "ngettext_lazy", "_n", "_nl"), "sp"),
    **dict.fromkeys(("pgettext", "pgettext_lazy", "_p", "_pl"), "cs"),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), "csp"),
}
BABEL_KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\([^)]+\)[#0\- +]*[\d.*]*[a-zA-Z]|%[sdrf]|(?<!\{)\{[a-z_][a-z0-9_.]*\}(?!\})")


@dataclass(frozen=True)
class Key:
    """What gettext looks a message up by."""

    singular: str
    plural: str = ""
    context: str | None = None


@dataclass
class Message:
    key: Key
    places: list[str] = field(default_factory=list)


class NotReadable(Exception):
    """A source could not be read for messages; says which and why."""


# --- Collect -----------------------------------------------------------------------------------------------------------


def collect(root: Path) -> dict[Key, Message]:
    """Return every message of the Python, template and JavaScript sources below `root`, with the files that use it."""
    messages: dict[Key, Message] = {}
    for path in sources(root):
        place = path.relative_to(root).as_posix()
        try:
            keys = list(keys_of(path))
        except (SyntaxError, ValueError) as error:
            raise NotReadable(f"{place}: {error}") from error
        for key in keys:
            message = messages.setdefault(key, Message(key))
            if place not in message.places:
                message.places.append(place)
    return with_plurals_joined(messages)


def with_plurals_joined(messages: dict[Key, Message]) -> dict[Key, Message]:
    """Let a message that is used with and without a plural be one entry, as gettext does: its singular serves both."""
    plurals = {(key.singular, key.context): key for key in messages if key.plural}
    joined: dict[Key, Message] = {}
    for key, message in messages.items():
        key = plurals.get((key.singular, key.context), key)
        places = joined.setdefault(key, Message(key)).places
        places += [place for place in message.places if place not in places]
    return joined


def sources(root: Path) -> Iterator[Path]:
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        if any(part.startswith(".") or part in NOT_SOURCES for part in parts[:-1]) or not path.is_file():
            continue
        if (
            (path.suffix == ".py" and len(parts) > 1)
            or (path.suffix in TEMPLATE_ENDINGS and "templates" in parts)
            or (path.suffix == ".js" and parts[0] == "static")
        ):
            yield path


def keys_of(path: Path) -> Iterator[Key]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return keys_of_python(text)
    if path.suffix == ".js":
        return keys_of_javascript(text)
    return keys_of_template(text)


def keys_of_python(text: str) -> Iterator[Key]:
    """Messages are literals; what is put together at run time has no translation (ruff's INT rules refuse f-strings)."""
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    for node in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        roles = FUNCTIONS.get(name)
        if roles and len(node.args) >= len(roles):
            given = [literal(argument) for argument in node.args[: len(roles)]]
            if all(given):
                words = dict(zip(roles, given, strict=True))
                yield Key(words["s"] or "", words.get("p") or "", words.get("c"))


def literal(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = literal(node.left), literal(node.right)
        return None if left is None or right is None else left + right
    return None


def keys_of_template(text: str) -> Iterator[Key]:
    """Django turns a template into Python-like text; without their indentation its lines are fit for the tokenizer."""
    from django.utils.translation.template import templatize

    pythonic = "\n".join(line.strip() for line in templatize(text).splitlines())
    yield from keys_of_babel(extract_python(io.BytesIO(pythonic.encode()), BABEL_KEYWORDS, [], {"encoding": "utf-8"}))


def keys_of_javascript(text: str) -> Iterator[Key]:
    yield from keys_of_babel(extract_javascript(io.BytesIO(text.encode()), BABEL_KEYWORDS, [], {}))


def keys_of_babel(found: Iterable[tuple[int, str, object, list[str]]]) -> Iterator[Key]:
    for _line, function, given, _comments in found:
        words = list(given) if isinstance(given, (tuple, list)) else [given]
        roles = FUNCTIONS[function]
        if len(words) >= len(roles) and all(isinstance(word, str) and word for word in words[: len(roles)]):
            named = dict(zip(roles, words, strict=False))
            yield Key(str(named["s"]), str(named.get("p", "")), str(named["c"]) if "c" in named else None)


# --- Catalogues --------------------------------------------------------------------------------------------------------


def catalogue_path(root: Path, language: str) -> Path:
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def open_catalogue(root: Path, language: str) -> polib.POFile:
    path = catalogue_path(root, language)
    catalogue = polib.pofile(str(path)) if path.exists() else polib.POFile()
    catalogue.wrapwidth = 120
    catalogue.fpath = str(path)
    catalogue.metadata = {
        "Project-Id-Version": "Meydan",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURAL_FORMS[language],
    }
    return catalogue


def key_of(entry: polib.POEntry) -> Key:
    return Key(entry.msgid, entry.msgid_plural or "", entry.msgctxt)


def merge(catalogue: polib.POFile, messages: dict[Key, Message]) -> tuple[int, int]:
    """Bring the catalogue's entries in step with the sources and return how many were added and how many retired.

    A translation is never lost: one that is no longer used is kept as obsolete and comes back with its message.
    """
    known = {key_of(entry): entry for entry in catalogue}
    added = 0
    for key, message in messages.items():
        entry = known.get(key)
        if entry is None:
            entry = polib.POEntry(msgid=key.singular, msgid_plural=key.plural, msgctxt=key.context)
            if key.plural:
                entry.msgstr_plural = {0: "", 1: ""}
            known[key] = entry
            added += 1
        entry.obsolete = False
        entry.occurrences = [(place, "") for place in message.places]
        is_format = "%(" in key.singular or "%(" in key.plural or bool(re.search(r"%[sd]", key.singular))
        entry.flags = sorted({*entry.flags, "python-format"} if is_format else {*entry.flags} - {"python-format"})
    retired = 0
    for key, entry in list(known.items()):
        if key not in messages:
            retired += not entry.obsolete
            entry.obsolete, entry.occurrences = True, []
            if not translations_of(entry):
                del known[key]
    catalogue.clear()
    catalogue.extend(sorted(known.values(), key=lambda entry: (entry.obsolete, entry.occurrences[:1], entry.msgid)))
    return added, retired


def translations_of(entry: polib.POEntry) -> list[str]:
    """Return the translation, or its plural forms; empty when any is missing or it is only a guess (fuzzy)."""
    texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    return texts if texts and all(texts) and not entry.fuzzy else []


def count_as_in_turkish(catalogue: polib.POFile, messages: dict[Key, Message]) -> None:
    """Fill the Turkish catalogue: the messages with a plural, translated by themselves."""
    merge(catalogue, {key: message for key, message in messages.items() if key.plural})
    for entry in list(catalogue):
        if entry.obsolete:
            catalogue.remove(entry)
        else:
            entry.msgstr_plural = {0: entry.msgid, 1: entry.msgid_plural}


def save(catalogue: polib.POFile) -> None:
    path = Path(catalogue.fpath)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(str(catalogue).rstrip("\n") + "\n", encoding="utf-8")


def compile_catalogues(root: Path) -> list[Path]:
    """Write the .mo file beside every .po file and return their paths."""
    made = []
    for path in sorted((root / "locale").glob("*/LC_MESSAGES/*.po")):
        polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))
        made.append(path.with_suffix(".mo"))
    return made


# --- Check -------------------------------------------------------------------------------------------------------------


def problems(messages: dict[Key, Message], english: polib.POFile, turkish: polib.POFile) -> list[str]:
    """Return a line for every message without English, with other placeholders there, or without its Turkish plural."""
    found = []
    in_english = {key_of(entry): entry for entry in english if not entry.obsolete}
    in_turkish = {key_of(entry) for entry in turkish if not entry.obsolete}
    for key, message in messages.items():
        where = ", ".join(message.places)
        entry = in_english.get(key)
        texts = translations_of(entry) if entry else []
        if not texts:
            found.append(f"{where}: no English for {key.singular!r}")
        for text, source in zip(texts, (key.singular, key.plural or key.singular), strict=False):
            if not same_placeholders(source, text, may_leave_out=bool(key.plural) and source == key.singular):
                found.append(f"{where}: other placeholders in {source!r} and {text!r}")
        if key.plural and key not in in_turkish:
            found.append(f"{where}: locale/tr lacks the plural of {key.singular!r}: manage.py translations extract")
    return found


def same_placeholders(source: str, text: str, *, may_leave_out: bool) -> bool:
    """Compare what is filled in at run time; a singular may write its one out ("a comment")."""
    wanted, given = set(PLACEHOLDER.findall(source)), set(PLACEHOLDER.findall(text))
    return given <= wanted if may_leave_out else given == wanted
