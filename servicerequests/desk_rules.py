"""What a type promises, when an office is open, what contradicts itself there, and what differs. Plain data, no ORM."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from servicerequests.form_fields import Question, WrongForm, questions_of

MOST_HOURS, MOST_DAYS, MOST_LEGAL_DAYS = 400, 120, 365
MOST_SPANS = 3
PERSONAL_DATA = "6698"
"""The law on personal data: what is asked under it is nobody else's to read."""

Wrong = dict[str, list[str]]
"""Sentences by the name of their field."""


@dataclass(frozen=True, slots=True)
class TypeRules:
    """A version of a type as it is typed."""

    name: str
    about: str
    unit: str
    name_en: str = ""
    about_en: str = ""
    filer: str = "everybody"
    is_public: bool = False
    priority: str = "usual"
    first_answer_hours: int = 8
    resolution_days: int = 15
    law: str = ""
    ceiling_days: int | None = None
    ceiling_days_extended: int | None = None
    ceiling_is_working: bool = False
    form: Sequence[Mapping[str, Any]] = field(default=())

    def is_same_as(self, other: TypeRules) -> bool:
        """Whether an applicant would notice no difference; how the questions are written down does not matter."""
        return _plain(self) == _plain(other) and questions_of(self.form) == questions_of(other.form)


def _plain(rules: TypeRules) -> list[Any]:
    return [getattr(rules, name) for name in TypeRules.__dataclass_fields__ if name != "form"]


def question_field(index: int, name: str) -> str:
    """The name of a question's field among those of a type."""
    return f"soru-{index}-{name}"


def contradictions(rules: TypeRules, *, hours_of_a_day: float) -> Wrong:
    """What cannot be promised together; empty when all of it can. `hours_of_a_day` are those of the office's longest day."""
    wrong: Wrong = {}

    def say(name: str, sentence: str) -> None:
        wrong.setdefault(name, []).append(sentence)

    if not 2 <= len(rules.name) <= 80:
        say("name", _("Adı 2–80 harfle yazın."))
    if not 10 <= len(rules.about) <= 300:
        say("about", _("Ne için olduğunu 10–300 harfle yazın."))
    if not 1 <= rules.first_answer_hours <= MOST_HOURS:
        say("first_answer_hours", _("1 ile %(most)d arasında yazın.") % {"most": MOST_HOURS})
    if not 1 <= rules.resolution_days <= MOST_DAYS:
        say("resolution_days", _("1 ile %(most)d arasında yazın.") % {"most": MOST_DAYS})
    if rules.first_answer_hours > rules.resolution_days * hours_of_a_day:
        say(
            "first_answer_hours",
            _("İlk yanıt sonuçtan sonraya kalıyor: bu kadar iş gününde o kadar çalışma saati yok."),
        )
    if rules.law and rules.ceiling_days is None:
        say("ceiling_days", _("Dayanak yazdınız; yasanın kaç gün verdiğini de yazın."))
    if rules.ceiling_days is not None and not rules.law:
        say("law", _("Yasal süre yazdınız; hangi yasanın hangi maddesi olduğunu da yazın."))
    if rules.ceiling_days is not None:
        _of_the_law(rules, rules.ceiling_days, say)
    elif rules.ceiling_days_extended is not None:
        say("ceiling_days_extended", _("Önce yasal süreyi yazın."))
    if rules.is_public and PERSONAL_DATA in rules.law:
        say("is_public", _("Kişisel veriler üzerine başvurular herkese açık olamaz."))
    for index in range(len(rules.form)):
        try:
            questions_of(rules.form[: index + 1])
        except WrongForm as error:
            say(question_field(index, error.field), str(error))
            break
    return wrong


def _of_the_law(rules: TypeRules, ceiling: int, say: Any) -> None:
    if not 1 <= ceiling <= MOST_LEGAL_DAYS:
        say("ceiling_days", _("1 ile %(most)d arasında yazın.") % {"most": MOST_LEGAL_DAYS})
    # The fewest days of the calendar that hold so many working days.
    promised = rules.resolution_days
    if not rules.ceiling_is_working:
        promised += 2 * ((promised - 1) // 5)
    if promised > ceiling:
        say("resolution_days", _("Söz verilen süre, yasanın verdiğinden uzun."))
    if rules.ceiling_days_extended is not None and not ceiling < rules.ceiling_days_extended <= MOST_LEGAL_DAYS:
        say("ceiling_days_extended", _("Başka kuruma sorulunca süre uzar; yasal süreden çok yazın."))


@dataclass(frozen=True, slots=True)
class Opening:
    """From when to when the office is open on a weekday; `place` is its field among those of the day."""

    weekday: int
    place: int
    opens: time | None
    closes: time | None

    @property
    def field(self) -> str:
        return f"gun-{self.weekday}-{self.place}"


def wrong_openings(openings: Sequence[Opening]) -> Wrong:
    """What cannot be so with the hours of an office."""
    wrong: Wrong = {}
    latest: dict[int, time] = {}
    for each in sorted(openings, key=lambda one: (one.weekday, one.opens or time(), one.place)):
        if each.opens is None or each.closes is None:
            wrong[each.field] = [_("Açılışı da kapanışı da yazın.")]
        elif each.closes <= each.opens:
            wrong[each.field] = [_("Kapanış açılıştan sonra olmalı.")]
        elif each.weekday in latest and each.opens < latest[each.weekday]:
            wrong[each.field] = [_("Bu saatler aynı günün başka saatleriyle çakışıyor.")]
        else:
            latest[each.weekday] = each.closes
    if not openings:
        wrong[Opening(0, 0, None, None).field] = [
            _("Müdürlük haftada en az bir gün açık olmalı; süreler bu saatlerle işler.")
        ]
    return wrong


def weekday_name(weekday: int) -> str:
    return str(WEEKDAYS[weekday])


@dataclass(frozen=True, slots=True)
class Difference:
    """What is different in a version: before and now, in words; empty where there was or is nothing."""

    label: str
    before: str
    now: str


def differences(old: Mapping[str, str], new: Mapping[str, str]) -> list[Difference]:
    """What differs between two versions in words, in the order of the new one; what was taken out comes last."""
    names = [*new, *(name for name in old if name not in new)]
    return [
        Difference(name, old.get(name, ""), new.get(name, ""))
        for name in names
        if old.get(name, "") != new.get(name, "")
    ]


def question_in_words(question: Question, before: Mapping[str, Question]) -> str:
    """A question as one line: how it is answered, whether it must be, and when it is asked."""
    parts = [kind_words()[question.kind]]
    if question.choices:
        parts[0] += ": " + ", ".join(words for _value, words in question.choices)
    if question.is_required:
        parts.append(_("yanıtlanması gerekir"))
    if question.help:
        parts.append(question.help)
    if condition := condition_in_words(question, before):
        parts.append(condition)
    return " · ".join(parts)


def condition_in_words(question: Question, before: Mapping[str, Question]) -> str:
    """When a question is asked; empty when it always is."""
    if question.shown_when is None:
        return ""
    name, values = question.shown_when
    words = {"yes": _("Evet"), "no": _("Hayır")} | dict(before[name].choices)
    said = ", ".join(words[value] for value in values)
    return _("“%(question)s” sorusuna %(answers)s denirse sorulur") % {"question": before[name].words, "answers": said}


def kind_words() -> dict[str, str]:
    """The kinds of questions, as they are chosen and shown."""
    return {
        "text": _("Kısa yazı"),
        "long": _("Uzun yazı"),
        "choice": _("Tek seçim"),
        "several": _("Çok seçim"),
        "date": _("Gün"),
        "number": _("Sayı"),
        "yesno": _("Evet ya da hayır"),
    }
