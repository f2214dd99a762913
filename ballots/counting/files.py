"""Elections in files of other systems: BLT (ranked ballots) and Debian's tally sheets. Text in, an election out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from ballots.counting.papers import write_ranking


class UnreadableFile(ValueError):
    """The file is not what it should be; the text says where and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledElection:
    """What a file says of an election of ranked papers."""

    title: str
    seats: int
    options: dict[int, str]
    """Their names by number."""
    withdrawn: tuple[int, ...] = ()
    papers: dict[str, int]
    """Canonical papers with how often they were cast."""
    default: int | None = None
    """Debian's default option, the last one."""
    majorities: dict[int, Fraction] = field(default_factory=dict)


def read_election(text: str) -> FiledElection:
    """Read either kind. Raises `UnreadableFile`."""
    return read_debian(text) if re.search(r"^V: ", text, re.MULTILINE) else read_blt(text)


# --- BLT ---------------------------------------------------------------------------------------------------------------


def read_blt(text: str) -> FiledElection:
    """Read a BLT file: "options seats", withdrawn options as negative numbers, then a line for each kind of paper
    ("how often, options from the best on, 0"), a line "0", the names, and the title.

    A `-` for a rank left empty is passed over; a paper that names nobody is blank; text from ` #` on is a remark.
    Raises `UnreadableFile` for equal ranks, which transfers cannot deal with, and for everything that is not clear.
    """
    lines = _lines(text)
    try:
        number, first = next(lines)
    except StopIteration:
        raise UnreadableFile("The file is empty") from None
    head = re.fullmatch(r"(\d+)\s+(\d+)", first)
    if head is None or not int(head[1]) or not int(head[2]):
        raise UnreadableFile(f"Line {number}: the number of options and of seats are expected, such as '7 4'")
    size, seats = int(head[1]), int(head[2])
    papers: Counter[str] = Counter()
    withdrawn: list[int] = []
    for number, line in lines:
        if line == "0":
            break
        if line.startswith("-") and not papers:
            withdrawn += [_option(word.removeprefix("-"), size, number) for word in line.split()]
            continue
        paper, count = _blt_paper(line, size, number)
        papers[paper] += count
    else:
        raise UnreadableFile("The line '0' that ends the papers is missing")
    names = [name for _, line in lines for name in _names(line)]
    if len(names) not in (size, size + 1):
        raise UnreadableFile(f"{size} names and a title are expected after the papers, there are {len(names)}")
    return FiledElection(
        title=names[size] if len(names) > size else "",
        seats=seats,
        options=dict(enumerate(names[:size], start=1)),
        withdrawn=tuple(sorted(set(withdrawn))),
        papers=dict(papers),
    )


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        if stripped := re.sub(r"(^|\s)#.*$", "", line).strip():
            yield number, stripped


def _names(line: str) -> list[str]:
    """The names of a line: everything, or each text in quotes."""
    return re.findall(r'"([^"]*)"', line) if re.fullmatch(r'("[^"]*"\s*)+', line) else [line]


def _option(word: str, size: int, line: int) -> int:
    if not word.isdecimal() or not 1 <= int(word) <= size:
        raise UnreadableFile(f"Line {line}: {word!r} is none of the {size} options")
    return int(word)


def _blt_paper(line: str, size: int, number: int) -> tuple[str, int]:
    words = line.split()
    if words[0].startswith("("):  # a paper's own mark
        words = words[1:]
    if len(words) < 2 or words[-1] != "0":
        raise UnreadableFile(f"Line {number}: a paper ends with 0")
    if not words[0].isdecimal():
        raise UnreadableFile(f"Line {number}: {words[0]!r} is no whole number of papers")
    if any("=" in word for word in words):
        raise UnreadableFile(f"Line {number}: equal ranks ({line}) cannot be counted by transfers")
    options = [_option(word, size, number) for word in words[1:-1] if word != "-"]
    if len(options) != len(set(options)):
        raise UnreadableFile(f"Line {number}: an option is ranked twice")
    return write_ranking([option] for option in options), int(words[0])


# --- Debian ------------------------------------------------------------------------------------------------------------


def read_debian(text: str) -> FiledElection:
    """Read a tally sheet of the Debian project: "Option 1----->: name" for each option, then "V: 3-12" for each voter,
    the rank of each option in turn, `-` unranked.

    The last option is the default; "[3:1 majority needed]" in a name is that option's majority.
    Raises `UnreadableFile` for ranks that do not fit the options.
    """
    named = re.findall(r"Option (\d+)\s*-*>:[ \t]*(.*?)[ \t]*(?:\|+/)?[ \t]*$", text, re.MULTILINE)
    options = {int(number): name for number, name in named}
    if not options or list(options) != list(range(1, len(options) + 1)):
        raise UnreadableFile("The options 'Option 1---->: …' are missing or out of order")
    papers: Counter[str] = Counter()
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("V:"):
            papers[_debian_paper(line, len(options), number)] += 1
    if not papers:
        raise UnreadableFile("There is no vote in the file")
    wanted = {
        number: Fraction(int(ratio[1]), int(ratio[2]))
        for number, name in options.items()
        if (ratio := re.search(r"\[(\d+):([1-9]\d*) majority", name))
    }
    return FiledElection(
        title="",
        seats=1,
        options=options,
        papers=dict(papers),
        default=len(options),
        majorities=wanted,
    )


def _debian_paper(line: str, size: int, number: int) -> str:
    words = line.split()
    marks = words[1] if len(words) > 1 else ""
    if len(marks) != size or not re.fullmatch(r"[-0-9A-Za-z]+", marks):
        raise UnreadableFile(f"Line {number}: a rank for each of the {size} options is expected, '-' for none")
    ranks: dict[int, list[int]] = {}
    for option, mark in enumerate(marks, start=1):
        if mark != "-":
            ranks.setdefault(int(mark, 36), []).append(option)
    return write_ranking(ranks[rank] for rank in sorted(ranks))
