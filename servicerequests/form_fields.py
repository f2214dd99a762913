"""The questions a type of request asks, and what was answered. Plain data in, plain data out; no ORM.

A form is a list of questions as JSON: ``name``, ``label``, ``label_en``, ``kind``, ``is_required``, ``help``, ``choices`` as
pairs of value and words, ``shown_when`` as ``[name, [values]]``. A question with ``shown_when`` is asked when an earlier one has
one of the answers; one that is not asked has no answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

MOST_QUESTIONS = 30
MOST_CHOICES = 40
LONGEST_LABEL = 160
LONGEST_TEXT = {"text": 200, "long": 4_000}
NAME = re.compile(r"[a-z][a-z0-9_]{0,29}")
KINDS = ("text", "long", "choice", "several", "date", "number", "yesno")
MOST = 10**9


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a form."""

    name: str
    label: str
    kind: str = "text"
    label_en: str = ""
    help: str = ""
    is_required: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    shown_when: tuple[str, tuple[str, ...]] | None = None

    @property
    def words(self) -> str:
        """Its label in the active language."""
        return self.label_en if self.label_en and get_language() == "en" else self.label


class WrongForm(ValueError):
    """A form that cannot be asked; the message says why, `field` which part of the last question it is about."""

    def __init__(self, sentence: str, field: str = "label") -> None:
        super().__init__(sentence)
        self.field = field


def questions_of(rows: Sequence[Mapping[str, Any]]) -> list[Question]:
    """A form out of its JSON. Raises `WrongForm` with a sentence."""
    if len(rows) > MOST_QUESTIONS:
        raise WrongForm(_("Bir formda en çok 30 soru olabilir."))
    found: list[Question] = []
    for row in rows:
        found.append(_question(row, {each.name: each for each in found}))
    return found


def _question(row: Mapping[str, Any], before: Mapping[str, Question]) -> Question:
    name, label, kind = (str(row.get(key, "")).strip() for key in ("name", "label", "kind"))
    if not NAME.fullmatch(name) or name in before:
        raise WrongForm(
            _("Her sorunun küçük harflerle yazılmış, yalnız ona ait bir adı olmalı: %(name)s") % {"name": name[:40]}
        )
    if not 2 <= len(label) <= LONGEST_LABEL:
        raise WrongForm(_("“%(name)s” sorusunu 2 ile 160 harf arasında yazın.") % {"name": name})
    if kind not in KINDS:
        raise WrongForm(_("“%(name)s” sorusunun türü bilinmiyor.") % {"name": name}, "kind")
    choices = tuple((str(value).strip(), str(words).strip()) for value, words in row.get("choices", ()))
    is_choice = kind in {"choice", "several"}
    values = [value for value, _words in choices]
    if is_choice != bool(choices) or len(choices) > MOST_CHOICES or len(set(values)) < len(values) or "" in values:
        raise WrongForm(_("“%(name)s” sorusunun seçeneklerini gözden geçirin.") % {"name": name}, "choices")
    return Question(
        name=name,
        label=label,
        kind=kind,
        label_en=str(row.get("label_en", "")).strip()[:LONGEST_LABEL],
        help=str(row.get("help", "")).strip()[:300],
        is_required=bool(row.get("is_required", False)),
        choices=choices,
        shown_when=_condition(name, row.get("shown_when"), before),
    )


def _condition(name: str, said: Any, before: Mapping[str, Question]) -> tuple[str, tuple[str, ...]] | None:
    if not said:
        return None
    other, values = said
    asked = before.get(str(other))
    known = {"yes", "no"} if asked is not None and asked.kind == "yesno" else set()
    if asked is not None and asked.kind in {"choice", "several"}:
        known = {value for value, _words in asked.choices}
    if not values or not set(values) <= known:
        raise WrongForm(
            _("“%(name)s” sorusu, kendisinden önceki bir sorunun seçeneklerine bağlı olmalı.") % {"name": name},
            "shown_when",
        )
    return str(other), tuple(values)


def is_asked(question: Question, answers: Mapping[str, Any]) -> bool:
    """Whether a question is asked, by what has been answered before it."""
    if question.shown_when is None:
        return True
    other, values = question.shown_when
    said = answers.get(other)
    return not set(values).isdisjoint(said if isinstance(said, list) else [said])


def take(questions: Sequence[Question], said: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The answers as they are kept, and one sentence for each question that is answered wrongly.

    What nobody was asked is left out, so that a condition that no more holds leaves no answer behind.
    """
    answers: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for question in questions:
        if not is_asked(question, answers):
            continue
        given = said.get(question.name)
        given = (
            [str(each).strip() for each in given if str(each).strip()]
            if isinstance(given, list | tuple)
            else str(given or "").strip()
        )
        if not given:
            if question.is_required:
                wrong[question.name] = _("Bu soruyu yanıtlayın.")
            continue
        try:
            answers[question.name] = _answer(question, given)
        except ValueError as error:
            wrong[question.name] = str(error)
    return answers, wrong


def _answer(question: Question, given: str | list[str]) -> Any:
    if question.kind == "several":
        chosen = [given] if isinstance(given, str) else given
        known = [value for value, _words in question.choices]
        if not set(chosen) <= set(known):
            raise ValueError(_("Listedeki seçeneklerden seçin."))
        return [value for value in known if value in chosen]
    if isinstance(given, list):
        raise ValueError(_("Bir yanıt verin."))
    match question.kind:
        case "choice":
            if given not in {value for value, _words in question.choices}:
                raise ValueError(_("Listedeki seçeneklerden birini seçin."))
        case "yesno":
            if given not in {"yes", "no"}:
                raise ValueError(_("Evet ya da hayır seçin."))
        case "date":
            return _day(given)
        case "number":
            return _number(given)
        case _:
            most = LONGEST_TEXT[question.kind]
            if len(given) > most:
                raise ValueError(_("En çok %(most)d harf yazabilirsiniz.") % {"most": most})
    return given


def _day(given: str) -> str:
    try:
        day = date.fromisoformat(given)
    except ValueError:
        raise ValueError(_("Günü 31.12.2026 gibi seçin.")) from None
    if not 1900 <= day.year <= 2200:
        raise ValueError(_("Günü 31.12.2026 gibi seçin."))
    return day.isoformat()


def _number(given: str) -> str:
    """A number as it is written in Turkish, 1.234,5, or with a point before its last digits."""
    text = given.replace(".", "").replace(",", ".") if "," in given else given
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError(_("Yalnız sayı yazın, örneğin 12 ya da 1,5.")) from None
    if not number.is_finite() or abs(number) > MOST:
        raise ValueError(_("Bu sayı çok büyük."))
    return format(number.normalize(), "f")


def shown(questions: Sequence[Question], answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each answered question with its answer in words."""
    found = []
    for question in questions:
        if question.name not in answers:
            continue
        given = answers[question.name]
        words = dict(question.choices)
        if question.kind == "yesno":
            words = {"yes": _("Evet"), "no": _("Hayır")}
        text = (
            ", ".join(words.get(each, each) for each in given) if isinstance(given, list) else words.get(given, given)
        )
        if question.kind == "date":
            text = f"{date.fromisoformat(given):%d.%m.%Y}"
        elif question.kind == "number":
            text = given.replace(".", ",")
        found.append((question.words, text))
    return found
