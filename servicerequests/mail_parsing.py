"""What stands in an e-mail, whoever wrote it and however broken it is. Plain data, no ORM, nothing of Django.

Nothing in here believes the mail: who sent it counts only together with what the receiving server found out (RFC 8601), and a
charset, a name or a date is taken when it is sound and left otherwise. `parse` raises `Unreadable` and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from html.parser import HTMLParser
from typing import Literal

import nh3

Proof = Literal["pass", "fail", "none"]
"""What DMARC (RFC 7489) says of the address in ``From``; "none" also where nobody we trust looked."""

MOST_LINES = 600_000
MOST_BOUNDARIES = 60
MOST_HEADER_BYTES = 256 * 1024
MOST_PARTS = 200
MOST_DASHES = 2_000
LONGEST_MIME_HEADER = 2_048
MOST_MIME_HEADERS = 65_536
"""The standard library reads the parameters of `Content-Type` in the square of their length, whenever it is asked for them."""
LONGEST_HEADER = 16_384
LONGEST_WHOLE = 100_000
LONGEST_HTML = 200_000
LONGEST_ATTRIBUTION = 300
SMALLEST_PICTURE = 20 * 1024
"""Below this a picture inside the text is a signature's."""
REPLY_ABOVE = "--- Yanıtınızı bu satırın üstüne yazın / Please write above this line ---"

_MIME_HEADER = re.compile(rb"^content-[a-z-]+:[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE)
_CHARSETS = re.compile(
    r"utf-?8|utf-16(le|be)?|us-ascii|iso-?8859-\d{1,2}|(windows-|cp)125\d|koi8-[ru]|macturkish", re.IGNORECASE
)
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,189}")
_ID = re.compile(r"<[!-;=?-~]{3,250}>")
_UNSEEN = re.compile(
    r"[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_BULK = frozenset({"bulk", "junk", "list", "auto_reply"})
_DAEMONS = ("mailer-daemon@", "postmaster@", "noreply@", "no-reply@", "donotreply@")


class Unreadable(ValueError):
    """A mail nothing can be made of; the word says why."""


@dataclass(frozen=True)
class Attached:
    """A file as it came: nothing of it has been checked."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Parsed:
    """A mail as far as it could be read. Texts are one line or many, without letters that are not seen."""

    message_id: str
    references: tuple[str, ...]
    recipients: tuple[str, ...]
    # Empty unless exactly one sound address stands in From.
    sender: str
    sender_name: str
    subject: str
    # What was written now, and all of it with what was quoted.
    text: str
    whole: str
    sent_at: datetime | None
    # Why it was not written by a person to us: a word, or nothing.
    automatic: str
    proof: Proof
    attached: tuple[Attached, ...]


def parse(raw: bytes, *, trusted: str = "") -> Parsed:
    """Read a mail; `trusted` is the authserv-id whose findings count. Raises `Unreadable`."""
    raw = raw.replace(b"\x00", b"")
    head = re.search(rb"\r?\n\r?\n", raw)
    if (head.start() if head else len(raw)) > MOST_HEADER_BYTES:
        raise Unreadable("headers too long")
    if raw.count(b"\n") > MOST_LINES:
        raise Unreadable("too many lines")
    if raw.lower().count(b"boundary") > MOST_BOUNDARIES:
        raise Unreadable("nested too deep")
    if raw.count(b"\n--") > MOST_DASHES:
        raise Unreadable("too many parts")
    lengths = [len(found[0]) for found in _MIME_HEADER.finditer(raw)]
    if max(lengths, default=0) > LONGEST_MIME_HEADER or sum(lengths) > MOST_MIME_HEADERS:
        raise Unreadable("headers too long")
    try:
        return _read(message_from_bytes(raw, policy=policy.default), trusted)
    except (MessageError, RecursionError, MemoryError) as error:
        raise Unreadable(type(error).__name__) from None
    except (AttributeError, IndexError, KeyError, LookupError, TypeError, ValueError) as error:
        # The standard library stumbles over some broken mails with errors of many kinds.
        raise Unreadable(f"{type(error).__name__} while reading") from None


def _read(mail: Message, trusted: str) -> Parsed:
    headers: list[tuple[str, str]] = [
        (name.lower(), _eight_bit(str(value)[:LONGEST_HEADER])) for name, value in mail.raw_items()
    ]

    def all_of(*names: str) -> list[str]:
        return [value for name, value in headers if name in names]

    sender, sender_name = _sender(all_of("from"))
    whole = _text(mail)
    ids = [found for value in all_of("message-id") for found in _ID.findall(value)]
    to = ("to", "cc", "delivered-to", "x-original-to", "envelope-to", "x-forwarded-to")
    return Parsed(
        message_id=ids[0] if ids else "",
        references=tuple(found for value in all_of("references", "in-reply-to") for found in _ID.findall(value))[-50:],
        recipients=tuple(dict.fromkeys(each.lower() for value in all_of(*to) for each in _ADDRESS.findall(value)))[:50],
        sender=sender,
        sender_name=sender_name,
        subject=one_line(_decoded("subject", (all_of("subject") or [""])[0]))[:200],
        text=without_quotes(whole),
        whole=whole,
        sent_at=_moment((all_of("date") or [""])[0]),
        automatic=_automatic(headers, sender),
        proof=proof_of(all_of("authentication-results"), trusted, sender.rpartition("@")[2]),
        attached=tuple(_files(mail)),
    )


def _eight_bit(value: str) -> str:
    """A header whose letters were written as they are, without saying in which charset."""
    try:
        data = value.encode("ascii", "surrogateescape")
    except UnicodeEncodeError:
        return value
    for charset in ("utf-8", "cp1254"):
        try:
            return data.decode(charset)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


# --- Headers ----------------------------------------------------------------------------------------------------------
def one_line(text: str) -> str:
    """A text without line ends, escapes and letters that turn the direction, as it may stand in a header, a log or a list."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _decoded(name: str, value: str) -> str:
    try:
        return str(policy.default.header_factory(name, " ".join(value.split())))
    except (AttributeError, IndexError, KeyError, LookupError, RecursionError, TypeError, ValueError):
        return value


def _sender(values: Sequence[str]) -> tuple[str, str]:
    """The one address of From and its name; no address when there are none or several, or it is no sound one."""
    try:
        found = [pair for value in values for pair in getaddresses([" ".join(value.split())]) if pair[1]]
    except RecursionError:  # brackets in brackets
        return "", ""
    if len(values) != 1 or len(found) != 1:
        return "", ""
    name, address = found[0]
    if values[0].count("@") > 1 and not re.fullmatch(r"[^<>]*<[^<>@]+@[^<>@]+>\s*", values[0]):
        return "", ""
    return sound_address(address), one_line(_decoded("subject", name))[:120]


def sound_address(address: str) -> str:
    """An address in small letters, its domain in ASCII; nothing for what is none. Looks alike is not the same."""
    local, _at, domain = address.strip().rpartition("@")
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError:
            return ""
    found = f"{local}@{domain}"
    if not found.isascii() or len(found) > 254 or not _ADDRESS.fullmatch(found):
        return ""
    if "." not in domain or domain.startswith((".", "-")) or domain.endswith((".", "-")) or ".." in domain:
        return ""
    return found.lower()


def _moment(value: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(value)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _automatic(headers: Sequence[tuple[str, str]], sender: str) -> str:
    """Whether a machine wrote it: an answer to it would be read by nobody, or be answered for ever (RFC 3834)."""
    for name, raw in headers:
        value = raw.strip().lower()
        if name == "auto-submitted" and not value.startswith("no"):
            return "auto-submitted"
        if name == "precedence" and value in _BULK:
            return "precedence"
        if name in {"list-id", "list-post", "x-autoreply", "x-autorespond"}:
            return name
        if name == "return-path" and value.replace(" ", "") == "<>":
            return "bounce"
        if name == "content-type" and value.startswith("multipart/report"):
            return "report"
    return "daemon" if sender.startswith(_DAEMONS) else ""


def proof_of(values: Sequence[str], trusted: str, domain: str) -> Proof:
    """What the trusted server found of DMARC for the domain; every finding of it must be a pass of this very domain."""
    found: list[Proof] = []
    for value in values:
        server, *results = _without_comments(value).split(";")
        words = server.split()
        if not trusted or not words or words[0].lower() != trusted.lower():
            continue
        for result in results:
            said = dict(part.lower().split("=", 1) for part in re.sub(r"\s*=\s*", "=", result).split() if "=" in part)
            if "dmarc" not in said:
                continue
            if said["dmarc"] == "pass" and domain and said.get("header.from") == domain:
                found.append("pass")
            else:
                found.append("none" if said["dmarc"] == "none" else "fail")
    if "fail" in found:
        return "fail"
    return "pass" if found and set(found) == {"pass"} else "none"


def _without_comments(value: str) -> str:
    """Without what stands in brackets or quotation marks, where anything may stand."""
    kept, depth, quoted, escaped = [], 0, False, False
    for letter in value:
        if escaped:
            escaped = False
        elif letter == "\\":
            escaped = True
        elif letter == '"' and not depth:
            quoted = not quoted
        elif letter == "(" and not quoted:
            depth += 1
        elif letter == ")" and not quoted:
            depth = max(0, depth - 1)
        elif not depth and not quoted:
            kept.append(letter)
    return "".join(kept)


# --- The text ---------------------------------------------------------------------------------------------------------
def _parts(mail: Message) -> Iterator[Message]:
    """Every part that holds something; mails inside the mail stay closed."""
    waiting, seen = [mail], 0
    while waiting:
        part = waiting.pop(0)
        seen += 1
        if seen > MOST_PARTS:
            raise Unreadable("too many parts")
        payload = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(payload, list):
            waiting[:0] = [each for each in payload if isinstance(each, Message)]
        else:
            yield part


def _text(mail: Message) -> str:
    """Plain text where there is any, else that of the HTML."""
    plain, html = [], []
    for part in _parts(mail):
        if part.get_content_maintype() != "text" or part.get_content_disposition() == "attachment":
            continue
        if part.get_content_subtype() == "html":
            html.append(_words(part)[:LONGEST_HTML])
        elif part.get_content_subtype() == "plain":
            plain.append(_words(part))
    text = seen("\n\n".join(plain))
    return text or seen("\n\n".join(text_of_html(each) for each in html))


def seen(text: str) -> str:
    """A text without letters that are not seen, of a bounded length."""
    text = _UNSEEN.sub("", text[: LONGEST_WHOLE * 2].replace("\r\n", "\n").replace("\r", "\n")).replace("\xa0", " ")
    return re.sub(r"\n{4,}", "\n\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip()[:LONGEST_WHOLE]


def _words(part: Message) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    charset = str(part.get_content_charset() or "utf-8")
    # Not every codec is a charset: some unpack, some run for ever.
    for each in (charset if _CHARSETS.fullmatch(charset) else "utf-8", "utf-8", "cp1254"):
        try:
            return data.decode(each)
        except (UnicodeError, LookupError):
            continue
    return data.decode("latin-1")


class _Words(HTMLParser):
    BLOCKS = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "pre"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self.quoted = 0

    def _next(self) -> None:
        if self.lines[-1].strip("> "):
            self.lines.append("> " * min(self.quoted, 5))
        else:
            self.lines[-1] = "> " * min(self.quoted, 5)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "blockquote":
            self.quoted += 1
        if tag in self.BLOCKS or tag == "blockquote":
            self._next()

    def handle_endtag(self, tag: str) -> None:
        if tag == "blockquote":
            self.quoted = max(0, self.quoted - 1)
        if tag in self.BLOCKS or tag == "blockquote":
            self._next()

    def handle_data(self, data: str) -> None:
        words = re.sub(r"\s+", " ", data)
        self.lines[-1] += words if self.lines[-1].strip("> ") else words.lstrip()


def text_of_html(html: str) -> str:
    """What a reader would see of HTML. Put in order by nh3 first, so that no broken markup keeps the reader busy."""
    reader = _Words()
    reader.feed(
        nh3.clean(
            html,
            tags={*_Words.BLOCKS, "blockquote"},
            attributes={},
            clean_content_tags={"script", "style", "title"},
            link_rel=None,
        )
    )
    reader.close()
    return "\n".join(reader.lines)


# --- What was quoted --------------------------------------------------------------------------------------------------
_WROTE = re.compile(
    r"(on\b.{5,200}\bwrote|.{0,200}\b(tarihinde|saat)\b.{0,200}(yazdı|şunu yazdı|şunları yazdı)|am\b.{5,200}\bschrieb.{0,80})"
    r"\s*:\s*$",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"\s*(-{2,}\s*(original message|özgün ileti|orijinal (ileti|mesaj)|asıl ileti|yönlendirilmiş ileti|forwarded message)"
    r"\s*-{2,}|_{20,})\s*$",
    re.IGNORECASE,
)
_BLOCK = re.compile(r"\*?(from|kimden|gönderen)\s*:\*?\s+\S", re.IGNORECASE)
_SENT = re.compile(r"\*?(sent|gönderildi|gönderme tarihi|tarih|date)\s*:\*?\s+\S", re.IGNORECASE)


def without_quotes(whole: str) -> str:
    """What was written now. Where answers stand between the quoted lines, or nothing stands above them, all of it stays."""
    lines = whole.split("\n")
    for n, line in enumerate(lines):
        if REPLY_ABOVE[:20] in line:
            return _kept(lines, n)
        if _FORWARDED.match(line) and "yönlendirilmiş" not in line.lower() and "forwarded" not in line.lower():
            return _kept(lines, n)
        if _BLOCK.match(line) and any(_SENT.match(after) for after in lines[n + 1 : n + 4]):
            return _kept(lines, n)
        if _is_attribution(lines, n):
            rest = [after for after in lines[n + 1 :] if after.strip()]
            while rest and not rest[0].lstrip().startswith(">"):
                rest.pop(0)  # the attribution's second line
            if all(after.lstrip().startswith(">") for after in rest) or _is_signature(rest):
                return _kept(lines, n)
            return whole
    end = len(lines)
    while end and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith(">")):
        end -= 1
    return _kept(lines, end)


def _is_attribution(lines: Sequence[str], n: int) -> bool:
    """A line, or two of them, that say who wrote what is quoted below."""
    line = lines[n].strip()
    if not line or len(line) > LONGEST_ATTRIBUTION:
        return False
    if _WROTE.match(line):
        below = next((after for after in lines[n + 1 : n + 5] if after.strip()), "")
        return below.lstrip().startswith(">")
    second = lines[n + 1].strip() if n + 1 < len(lines) else ""
    if not second or second.startswith(">") or len(second) > LONGEST_ATTRIBUTION or _WROTE.match(second):
        return False
    quoted = any(after.lstrip().startswith(">") for after in lines[n + 2 : n + 5])
    return quoted and bool(_WROTE.match(f"{line} {second}"))


def _is_signature(rest: Sequence[str]) -> bool:
    """Whether after the quoted lines only a signature follows."""
    after = list(rest)
    while after and after[0].lstrip().startswith(">"):
        after.pop(0)
    return bool(after) and after[0].strip() == "--"


def _kept(lines: Sequence[str], end: int) -> str:
    above = "\n".join(lines[:end]).strip()
    return above or "\n".join(lines).strip()


# --- Files ------------------------------------------------------------------------------------------------------------
def _files(mail: Message) -> Iterator[Attached]:
    """Files, without the pictures of signatures."""
    for part in _parts(mail):
        disposition, name = part.get_content_disposition(), _file_name(part)
        if part.get_content_maintype() == "text" and disposition != "attachment" and not name:
            continue
        data = part.get_payload(decode=True)
        if not isinstance(data, bytes) or not data:
            continue
        in_text = disposition != "attachment" and "content-id" in part
        if in_text and part.get_content_maintype() == "image" and len(data) < SMALLEST_PICTURE:
            continue
        yield Attached(name or "ek", data)


def _file_name(part: Message) -> str:
    try:
        return one_line(part.get_filename() or "")[:200]
    except (AttributeError, IndexError, KeyError, LookupError, TypeError, ValueError):
        return ""
