"""Papers: what a voter sends in, turned into its one canonical writing, or a sentence about what is wrong with it.

Plain data in, plain data out. Every paper has exactly one writing, so that equal papers are equal strings:

| method | example | meaning |
|---|---|---|
| yes/no | `yes` | `yes`, `no` or `abstain` |
| single choice | `3` | option 3; `abstain` where the rule allows blank papers |
| approval | `1,4,7` | these options, rising |
| score | `1:5,2:0,3:4` | points by option, rising |
| ranked | `3>1=2>4` | best first; equal ranks joined by `=`, rising, in the Schulze method only |

The blank paper of approval, score and ranked ballots is `blank`, where the rule allows it. The same rules stand in the
database as `ballots_paper_fits` (migration 0007); a test compares the two on thousands of papers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext as _

from ballots.models import MAX_PAPER, RANKED, Choice, Method

OPTION = r"[1-9][0-9]{0,2}"


class PaperRule(Protocol):
    """What a paper is checked by; a `Ballot` has it all."""

    method: str
    option_count: int
    least: int
    most: int | None
    highest: int
    allows_blank: bool


class Form(Protocol):
    """A form as the browser sends it, such as a `QueryDict`."""

    def getlist(self, name: str) -> Sequence[str]: ...


@dataclass
class InvalidPaper(ValueError):
    """A paper that cannot be taken: the sentence for the voter, a code for programs, and the field it is about."""

    sentence: str
    code: str
    field: str = ""

    def __str__(self) -> str:
        return self.sentence


def blank_paper(method: str) -> str:
    """The paper that names no option; abstaining in a yes/no ballot and in a choice of one."""
    return "abstain" if method in (Method.YES_NO, Method.SINGLE) else "blank"


# --- Canonical papers -------------------------------------------------------------------------------------------------
def check(rule: PaperRule, paper: str) -> str:
    """The paper itself when it is a canonical paper of this ballot. Raises `InvalidPaper`."""
    if len(paper) > MAX_PAPER:
        raise InvalidPaper(_("Oy pusulası çok uzun."), "too_long")
    if rule.method == Method.YES_NO:
        if paper not in Choice.values:
            raise InvalidPaper(_("Kabul, ret ya da çekimser seçin."), "unknown_paper", "choice")
        return paper
    if paper == blank_paper(rule.method):
        return _blank(rule)
    if _CHECKS[rule.method](rule, paper) != paper:
        raise InvalidPaper(_("Oy pusulası beklenen biçimde yazılmamış."), "not_canonical")
    return paper


def _blank(rule: PaperRule) -> str:
    if not rule.allows_blank:
        raise InvalidPaper(_("Bu oylamada boş oy verilemez. En az bir seçenek seçin."), "blank_not_allowed", "option")
    return blank_paper(rule.method)


def _numbers(rule: PaperRule, texts: Iterable[str]) -> list[int]:
    """Option numbers that exist, each once, in the order given."""
    numbers: list[int] = []
    for text in texts:
        if not re.fullmatch(OPTION, text) or int(text) > rule.option_count:
            raise InvalidPaper(_("Bu oylamada olmayan bir seçenek seçildi."), "unknown_option", "option")
        if int(text) in numbers:
            raise InvalidPaper(_("Aynı seçenek iki kez seçildi."), "option_twice", f"option-{int(text)}")
        numbers.append(int(text))
    return numbers


def _single(rule: PaperRule, paper: str) -> str:
    return str(_numbers(rule, [paper])[0])


def _approval(rule: PaperRule, paper: str) -> str:
    return _approved(rule, paper.split(","))


def _approved(rule: PaperRule, texts: Iterable[str]) -> str:
    numbers = sorted(_numbers(rule, texts))
    most = rule.most or rule.option_count
    if len(numbers) < rule.least:
        raise InvalidPaper(_("En az %(least)d seçenek seçin.") % {"least": rule.least}, "too_few", "option")
    if len(numbers) > most:
        raise InvalidPaper(
            _("En çok %(most)d seçenek seçebilirsiniz; %(count)d seçenek işaretlediniz.")
            % {"most": most, "count": len(numbers)},
            "too_many",
            "option",
        )
    return ",".join(map(str, numbers))


def _score(rule: PaperRule, paper: str) -> str:
    pairs = [part.partition(":") for part in paper.split(",")]
    return _scored(rule, [(option, points) for option, _colon, points in pairs])


def _scored(rule: PaperRule, pairs: Sequence[tuple[str, str]]) -> str:
    numbers = _numbers(rule, [option for option, _points in pairs])
    for number, (_option, points) in zip(numbers, pairs, strict=True):
        if not re.fullmatch(r"0|[1-9][0-9]{0,2}", points) or int(points) > rule.highest:
            raise InvalidPaper(
                _("Puan 0 ile %(highest)d arasında bir tam sayı olmalı.") % {"highest": rule.highest},
                "score_out_of_range",
                f"score-{number}",
            )
    return ",".join(f"{number}:{points}" for number, (_o, points) in sorted(zip(numbers, pairs, strict=True)))


def _ranked(rule: PaperRule, paper: str) -> str:
    return _in_ranks(rule, [rank.split("=") for rank in paper.split(">")])


def _in_ranks(rule: PaperRule, ranks: Sequence[Sequence[str]]) -> str:
    numbers = _numbers(rule, [text for rank in ranks for text in rank])
    if rule.method != Method.SCHULZE and (shared := next((rank for rank in ranks if len(rank) > 1), None)):
        raise InvalidPaper(
            _("Aynı sırayı birden çok seçeneğe veremezsiniz; her seçeneğe ayrı bir sıra verin."),
            "equal_ranks",
            f"rank-{shared[-1]}",
        )
    left = iter(numbers)
    return ">".join("=".join(map(str, sorted(next(left) for _text in rank))) for rank in ranks)


_CHECKS: dict[str, Callable[[PaperRule, str], str]] = {
    Method.SINGLE: _single,
    Method.APPROVAL: _approval,
    Method.SCORE: _score,
    **dict.fromkeys(RANKED, _ranked),
}


# --- Forms ------------------------------------------------------------------------------------------------------------
def from_form(rule: PaperRule, form: Form) -> str:
    """The canonical paper of a form. Raises `InvalidPaper`.

    Fields: ``choice`` for yes/no, ``option`` (once, or once for each approved option), ``score-N`` and ``rank-N`` for
    option N; a button ``blank`` for the blank paper. Ranks are closed up: 1 and 3 mean first and second.
    """
    if rule.method == Method.YES_NO:
        return check(rule, _only(form.getlist("choice")))
    if form.getlist("blank"):
        return _blank(rule)
    options = form.getlist("option")
    match rule.method:
        case Method.SINGLE:
            if not options:
                raise InvalidPaper(_("Bir seçenek seçin."), "too_few", "option")
            if len(options) > 1:
                raise InvalidPaper(_("Yalnızca bir seçenek seçebilirsiniz."), "too_many", "option")
            return check(rule, options[0])
        case Method.APPROVAL:
            paper = _approved(rule, options) if options else _nothing_chosen(rule)
        case Method.SCORE:
            scored = _by_option(rule, form, "score")
            paper = _scored(rule, list(scored.items())) if scored else _nothing_chosen(rule)
        case _:
            paper = _from_ranks(rule, _by_option(rule, form, "rank"))
    return check(rule, paper)


SURE = "sure"
"""What the button ``blank`` says when the voter has been asked."""


def drops_what_is_filled_in(rule: PaperRule, form: Form) -> bool:
    """Whether a blank paper is asked for beside a form that says something, and the voter has not been asked about it yet."""
    blank = form.getlist("blank")
    if not blank or SURE in blank or not rule.allows_blank:
        return False
    numbers = range(1, rule.option_count + 1)
    names = ["option", *(f"{name}-{number}" for name in ("score", "rank") for number in numbers)]
    return any(value.strip() for name in names for value in form.getlist(name))


def _only(values: Sequence[str]) -> str:
    return values[0] if len(values) == 1 else ""


def _by_option(rule: PaperRule, form: Form, name: str) -> dict[str, str]:
    """What was filled in, by the option's number."""
    found: dict[str, str] = {}
    for number in range(1, rule.option_count + 1):
        values = form.getlist(f"{name}-{number}")
        if len(values) > 1:
            raise InvalidPaper(_("Aynı seçenek iki kez gönderildi."), "option_twice", f"{name}-{number}")
        if values and values[0].strip():
            found[str(number)] = values[0].strip()
    return found


def _nothing_chosen(rule: PaperRule) -> str:
    if rule.method == Method.APPROVAL:
        raise InvalidPaper(_("En az %(least)d seçenek seçin.") % {"least": rule.least}, "too_few", "option")
    if rule.method == Method.SCORE:
        raise InvalidPaper(_("En az bir seçeneğe puan verin."), "too_few", "score-1")
    raise InvalidPaper(_("En az bir seçeneğe sıra verin."), "too_few", "rank-1")


def _from_ranks(rule: PaperRule, ranks: Mapping[str, str]) -> str:
    if not ranks:
        return _nothing_chosen(rule)
    by_rank: dict[int, list[str]] = {}
    for option, text in ranks.items():
        if not re.fullmatch(OPTION, text) or int(text) > rule.option_count:
            raise InvalidPaper(
                _("Sıra 1 ile %(count)d arasında olmalı.") % {"count": rule.option_count},
                "rank_out_of_range",
                f"rank-{option}",
            )
        by_rank.setdefault(int(text), []).append(option)
    return _in_ranks(rule, [by_rank[rank] for rank in sorted(by_rank)])


# --- Back to plain values ---------------------------------------------------------------------------------------------
def marks(method: str, paper: str) -> dict[int, int]:
    """What a canonical paper says of each option it names: 1 for chosen, the points, or the rank; nothing for a blank."""
    if method == Method.YES_NO or paper in ("", "abstain", "blank"):
        return {}
    if method == Method.SCORE:
        pairs = [part.split(":") for part in paper.split(",")]
        return {int(option): int(points) for option, points in pairs}
    if method in RANKED:
        ranks = [rank.split("=") for rank in paper.split(">")]
        return {int(option): place for place, rank in enumerate(ranks, 1) for option in rank}
    return {int(option): 1 for option in paper.split(",")}


def in_words(method: str, paper: str, texts: Mapping[int, str]) -> str:
    """A canonical paper as people read it; `texts` are the options by number."""
    if paper in Choice.values:
        return str(Choice(paper).label)
    found = marks(method, paper)
    if not found:
        return _("Boş")
    if method == Method.SCORE:
        return ", ".join(f"{texts[option]}: {points}" for option, points in found.items())
    if method in RANKED:
        ranks: dict[int, list[str]] = {}
        for option, place in found.items():
            ranks.setdefault(place, []).append(texts[option])
        return " · ".join(f"{place}. {' = '.join(names)}" for place, names in sorted(ranks.items()))
    return ", ".join(texts[option] for option in found)
