"""Markdown of comments and other texts by people, rendered to HTML that is safe to show.

CommonMark without raw HTML and without pictures, then nh3's allow-list over what came out: two fences, so that a fault
in one is not yet a hole. Sanitised at output, so that a better rule reaches old texts too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

import nh3
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from turkish.text import fold

SCHEMES = frozenset({"http", "https", "mailto"})
TAGS = {
    "p", "br", "strong", "em", "a", "ul", "ol", "li", "blockquote", "code", "pre", "hr", "h3", "h4", "h5", "s", "span",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
HIGHEST_HEADING = 3
LOWEST_HEADING = 5
MAX_MENTIONS = 20
MAX_NAME_WORDS = 8
_CAPITALISED = re.compile(r"[A-ZÇĞİÖŞÜÂÎÛ][^\W\d_]+(?: [A-ZÇĞİÖŞÜÂÎÛ][^\W\d_]+){0,2}")
# Letters that change the direction of what follows, and everything below the space but tab and line feed.
_UNSEEN = re.compile(
    r"[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)
_ADDRESS = re.compile(r"https?://[^\s<>\"“”\[\]]{3,}", re.IGNORECASE)


def clean(text: str) -> str:
    """A text as it is stored: composed, with line feeds, without control and direction characters or outer space."""
    return without_unseen(text).strip()


def without_unseen(text: str) -> str:
    """A text while it is written: as `clean`, with its outer space."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _UNSEEN.sub("", text)


def find_mentions(text: str, names: Iterable[tuple[int, str]]) -> list[int]:
    """The ids of people whose name stands behind an @, whatever its case and diacritics; the longest name wins.

    Two people of one name are both meant; only the first `MAX_MENTIONS` signs are looked at. `names` are pairs of id
    and display name.
    """
    people = _by_folded_name(names)
    found: dict[int, None] = {}
    for match in islice(re.finditer("@", text), MAX_MENTIONS):
        name = _name_at(text, match.end(), people)
        if name is not None:
            found.update(dict.fromkeys(people[name]))
    return list(found)


def possible_names(text: str) -> set[str]:
    """Every folded name that could be meant behind an @: what stands there up to the end of each word."""
    found: set[str] = set()
    for match in islice(re.finditer("@", text), MAX_MENTIONS):
        rest = fold(text[match.end() : match.end() + 90])
        ends = islice(re.finditer(r"\w(?!\w)", rest), MAX_NAME_WORDS)
        found |= {rest[: end.end()] for end in ends}
    return found


def unknown_names(text: str, names: Iterable[tuple[int, str]]) -> list[str]:
    """What looks like a name behind an @ and is nobody's: one to three words with a capital letter."""
    people = _by_folded_name(names)
    found: dict[str, None] = {}
    for match in islice(re.finditer("@", text), MAX_MENTIONS):
        before = text[match.start() - 1] if match.start() else ""
        written = _CAPITALISED.match(text, match.end())
        if written and not before.isalnum() and _name_at(text, match.end(), people) is None:
            found[written.group()] = None
    return list(found)


def _by_folded_name(names: Iterable[tuple[int, str]]) -> dict[str, list[int]]:
    people: dict[str, list[int]] = {}
    for person, name in names:
        folded = fold(name).strip()
        if folded:
            people.setdefault(folded, []).append(person)
    return people


def _name_at(text: str, start: int, names: Iterable[str]) -> str | None:
    """The longest of the folded names that begins at a place in the text and ends at the end of a word.

    Folding a composed Turkish text keeps the number of letters, so the same places count in both.
    """
    if start > 1 and text[start - 2].isalnum():  # an e-mail address
        return None
    rest = fold(text[start : start + 90])
    fitting = [name for name in names if rest.startswith(name) and not rest[len(name) : len(name) + 1].isalnum()]
    return max(fitting, key=len, default=None)


# --- Markdown ---------------------------------------------------------------------------------------------------------
def _is_safe_address(url: str) -> bool:
    """Whether a link of a text may be followed: an address of the web or of mail, or a path of this site."""
    plain = re.sub(r"[\u0000-\u0020\u007f-\u00a0\u200b-\u200f\u2028\u2029\ufeff]", "", url).lower()
    scheme = re.match(r"([a-z][a-z0-9+.\-]*):", plain)
    if scheme:
        return scheme.group(1) in SCHEMES
    if plain.startswith("/"):
        return not plain.startswith(("//", "/\\"))
    return plain.startswith("#") and ":" not in plain


def _limit_headings(state: StateCore) -> None:
    """The page's own headings stand above those of a text."""
    for token in state.tokens:
        if token.type in {"heading_open", "heading_close"}:
            level = min(LOWEST_HEADING, HIGHEST_HEADING - 1 + int(token.tag[1]))
            token.tag = f"h{level}"


def _mark_addresses_and_mentions(state: StateCore) -> None:
    """Link pasted addresses and wrap the names of mentioned people; not in code and not inside links."""
    names: Sequence[str] = state.env.get("mentions", ())
    for block in state.tokens:
        if block.type == "inline" and block.children:
            block.children = _outside_links(block.children, _link)
            if names:
                block.children = _outside_links(block.children, lambda token: _mention(token, names))


def _outside_links(tokens: list[Token], split: Callable[[Token], list[Token]]) -> list[Token]:
    pieces: list[Token] = []
    depth = 0
    for token in tokens:
        depth += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        pieces += split(token) if token.type == "text" and not depth else [token]
    return pieces


def _link(token: Token) -> list[Token]:
    text, parts, end = token.content, [], 0
    for match in _ADDRESS.finditer(text):
        url = match.group().rstrip(".,;:!?'’”)")
        parts += [
            _text(text[end : match.start()], token.level),
            Token("link_open", "a", 1, attrs={"href": normalizeLink(url)}),
            _text(url, token.level),
            Token("link_close", "a", -1),
        ]
        end = match.start() + len(url)
    return [*parts, _text(text[end:], token.level)] if parts else [token]


def _mention(token: Token, names: Sequence[str]) -> list[Token]:
    text, parts, end = token.content, [], 0
    for match in re.finditer("@", text):
        if match.start() < end:
            continue
        name = _name_at(text, match.end(), names)
        if name is None:
            continue
        parts.append(_text(text[end : match.start()], token.level))
        end = match.end() + len(name)
        opening = Token("mention_open", "span", 1, level=token.level, attrs={"class": "mention"})
        parts += [opening, _text(text[match.start() : end], token.level), Token("mention_close", "span", -1)]
    return [*parts, _text(text[end:], token.level)] if parts else [token]


def _text(content: str, level: int) -> Token:
    return Token("text", "", 0, content=content, level=level)


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True, "maxNesting": 12})
    parser.enable("strikethrough").disable(["image", "html_inline", "html_block", "entity"])
    parser.validateLink = _is_safe_address  # type: ignore[method-assign]
    parser.core.ruler.push("limit_headings", _limit_headings)
    parser.core.ruler.push("mark_addresses_and_mentions", _mark_addresses_and_mentions)
    return parser


_markdown = _parser()
_cleaner = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    allowed_classes={"span": {"mention"}},
    url_schemes=set(SCHEMES),
    link_rel="nofollow noopener ugc",
)


def render(text: str, mentions: Iterable[str] = ()) -> SafeString:
    """Safe HTML of a Markdown text. `mentions` are display names that are marked where they stand behind an @."""
    return _render(text, tuple(sorted({fold(name).strip() for name in mentions} - {""})))


@lru_cache(maxsize=2048)
def _render(text: str, mentions: tuple[str, ...]) -> SafeString:
    html = _markdown.render(clean(text), {"mentions": mentions})
    return SafeString(_cleaner.clean(html))  # nh3's own output  # nosec B703  # nosemgrep: declared-safe


def excerpt(text: str, length: int = 140) -> str:
    """The beginning of a text in one line, without its marks; plain text, to be escaped by whoever shows it."""
    words = " ".join(
        token.content
        for block in _markdown.parse(clean(text))
        for token in [*(block.children or []), block]
        if token.type in {"text", "code_inline", "fence", "code_block"}
    ).split()
    line = " ".join(words)
    return line if len(line) <= length else f"{line[: length - 1].rstrip()}…"


def blocks(text: str) -> list[dict[str, Any]]:
    """A Markdown text as plain data for documents: blocks of kind ``heading``, ``paragraph``, ``item`` or ``numbered``, each with
    its ``runs`` of text (``text``, ``bold``, ``italic``, ``url``). A run that is a line feed breaks the line."""
    found: list[dict[str, Any]] = []
    lists: list[str] = []
    kind = "paragraph"
    for token in _markdown.parse(clean(text)):
        match token.type:
            case "bullet_list_open":
                lists.append("item")
            case "ordered_list_open":
                lists.append("numbered")
            case "bullet_list_close" | "ordered_list_close":
                lists.pop()
            case "heading_open":
                kind = "heading"
            case "paragraph_open":
                kind = lists[-1] if lists else "paragraph"
            case "inline":
                found.append({"kind": kind, "runs": _runs(token.children or [])})
            case "fence" | "code_block":
                found.append({"kind": "paragraph", "runs": [_run(token.content.strip())]})
    return [block for block in found if block["runs"]]


def _run(text: str, *, bold: bool = False, italic: bool = False, url: str = "") -> dict[str, Any]:
    return {"text": text, "bold": bold, "italic": italic, "url": url}


def _runs(tokens: Iterable[Token]) -> list[dict[str, Any]]:
    bold = italic = 0
    url = ""
    found = []
    for token in tokens:
        match token.type:
            case "strong_open" | "strong_close":
                bold += token.nesting
            case "em_open" | "em_close":
                italic += token.nesting
            case "link_open":
                url = str(token.attrGet("href") or "")
            case "link_close":
                url = ""
            case "softbreak" | "hardbreak":
                found.append(_run("\n"))
            case "text" | "code_inline" if token.content:
                found.append(_run(token.content, bold=bold > 0, italic=italic > 0, url=url))
    return found
