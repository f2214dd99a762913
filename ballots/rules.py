"""The rule of a ballot, checked before it opens: which method, which papers, which winners. Plain values, no database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ballots.models import (
    COUNTED_BASES,
    MAX_OPTION,
    MAX_OPTIONS,
    MAX_PROXIES,
    MAX_SCORE,
    RANKED,
    SEVERAL_SEATS,
    Base,
    Majority,
    Method,
    ResultsVisibility,
    RollRule,
    TieRule,
)
from people.models import Person
from turkish.text import fold

LOTS = (TieRule.LOT, TieRule.EARLIER_LOT)


class Rule(TypedDict, total=False):
    """What may be said about a ballot beside its question, its roll and its moments."""

    method: str
    options: Sequence[str]
    seats: int
    least: int
    most: int | None
    highest: int
    allows_blank: bool
    tie_rule: str
    chair: Person | None
    quorum: int
    quorum_base: str
    majority: str
    threshold_base: str
    present: int | None
    visibility: str
    roll_rule: str
    proxy_limit: int


def tie_rules(method: str) -> tuple[TieRule, ...]:
    """The tie rules that a method knows."""
    if method == Method.YES_NO:
        return (TieRule.OPEN, TieRule.CHAIR)
    if method in (Method.IRV, Method.STV):
        return (TieRule.EARLIER_LOT, TieRule.EARLIER, TieRule.LOT, TieRule.OPEN)
    return (TieRule.OPEN, TieRule.LOT, TieRule.CHAIR)


def checked(rule: Rule) -> tuple[dict[str, Any], list[str]]:
    """The fields of a ballot by this rule, and its options. Raises `ValidationError` on each field that is wrong."""
    wrong: dict[str, str] = {}
    method = rule.get("method", Method.YES_NO)
    if method not in Method.values:
        raise ValidationError({"method": _("Listeden bir yöntem seçin.")}, code="unknown_method")
    options = [" ".join(text.split()) for text in rule.get("options", ())]
    majority = rule.get("majority", Majority.SIMPLE if method == Method.YES_NO else "")
    fields: dict[str, Any] = {
        "method": method,
        "option_count": len(options),
        "seats": rule.get("seats", 1),
        "least": rule.get("least", 1),
        "most": rule.get("most"),
        "highest": rule.get("highest", 5),
        "allows_blank": rule.get("allows_blank", False),
        "tie_rule": rule.get("tie_rule", tie_rules(method)[0]),
        "quorum": rule.get("quorum", 0),
        "quorum_base": rule.get("quorum_base", Base.CAST),
        "majority": majority,
        "threshold_base": Base.MEMBERS if majority == Majority.ABSOLUTE else rule.get("threshold_base", Base.VALID),
        "present": rule.get("present"),
        "roll_rule": rule.get("roll_rule", RollRule.FIXED),
        "proxy_limit": rule.get("proxy_limit", 0),
        "visibility": rule.get(
            "visibility", ResultsVisibility.AFTER_CLOSING if method in RANKED else ResultsVisibility.LIVE
        ),
    }
    _check_options(method, options, wrong)
    _check_papers(fields, wrong)
    _check_winning(fields, wrong)
    _check_chair(fields, rule.get("chair"), wrong)
    if fields["roll_rule"] not in RollRule.values:
        wrong["roll_rule"] = _("Listeden bir liste kuralı seçin.")
    if not 0 <= fields["proxy_limit"] <= MAX_PROXIES:
        wrong["proxy_limit"] = _("Bir kişi en çok %(most)d kişinin vekili olabilir.") % {"most": MAX_PROXIES}
    if wrong:
        raise ValidationError(wrong)
    return fields, options


def _check_options(method: str, options: list[str], wrong: dict[str, str]) -> None:
    if method == Method.YES_NO:
        if options:
            wrong["options"] = _("Kabul, ret oylamasında seçenek yazılmaz.")
    elif not 2 <= len(options) <= MAX_OPTIONS:
        wrong["options"] = _("2 ile %(most)d arasında seçenek yazın, her satıra bir tane.") % {"most": MAX_OPTIONS}
    elif any(not text or len(text) > MAX_OPTION for text in options):
        wrong["options"] = _("Her seçenek 1 ile %(most)d harf arasında olmalı.") % {"most": MAX_OPTION}
    elif len({fold(text) for text in options}) < len(options):
        wrong["options"] = _("İki seçenek aynı; her seçenek bir kez yazılmalı.")


def _check_papers(fields: dict[str, Any], wrong: dict[str, str]) -> None:
    count = fields["option_count"]
    if fields["method"] == Method.APPROVAL:
        if not 1 <= fields["least"] <= max(count, 1):
            wrong["least"] = _("En az 1, en çok seçenek sayısı kadar olmalı.")
        elif fields["most"] is not None and not fields["least"] <= fields["most"] <= count:
            wrong["most"] = _("İşaretlenecek en az sayıdan küçük, seçenek sayısından büyük olamaz.")
    else:
        fields["least"], fields["most"] = 1, None
    if not 1 <= fields["highest"] <= MAX_SCORE:
        wrong["highest"] = _("En yüksek puan 1 ile %(most)d arasında olmalı.") % {"most": MAX_SCORE}
    if fields["method"] == Method.YES_NO:
        fields["allows_blank"] = False


def _check_chair(fields: dict[str, Any], chair: Person | None, wrong: dict[str, str]) -> None:
    """A chair is named where they may have to decide, and nowhere else."""
    if fields["tie_rule"] != TieRule.CHAIR:
        return
    fields["chair"] = chair
    if chair is None:
        wrong["chair"] = _("Eşitlikte karar verecek başkanı seçin.")
    usual = fields["majority"] == Majority.SIMPLE and fields["threshold_base"] == Base.VALID
    if fields["method"] == Method.YES_NO and not usual:
        wrong["tie_rule"] = _("Oylar, yalnızca kabul oylarının ret oylarından çok olması yetiyorsa eşit kalabilir.")


def _check_winning(fields: dict[str, Any], wrong: dict[str, str]) -> None:
    method, seats = fields["method"], fields["seats"]
    if seats != 1 and (method not in SEVERAL_SEATS or not 1 <= seats < max(fields["option_count"], 2)):
        wrong["seats"] = _(
            "Kazanan sayısı seçenek sayısından küçük olmalı; bu yöntem birden çok kazanan bilmiyorsa 1 yazın."
        )
    if fields["tie_rule"] not in tie_rules(method):
        wrong["tie_rule"] = _("Bu yöntemde bu eşitlik kuralı kullanılmaz.")
    if fields["majority"] not in ["", *Majority.values] or (method == Method.YES_NO and not fields["majority"]):
        wrong["majority"] = _("Listeden bir çoğunluk seçin.")
    elif (
        fields["majority"]
        and method != Method.YES_NO
        and (method not in (Method.SINGLE, Method.APPROVAL) or seats != 1)
    ):
        wrong["majority"] = _("Çoğunluk yalnızca tek kazananlı tek seçenek ve onay oylamalarında aranır.")
    if fields["threshold_base"] not in Base.values:
        wrong["threshold_base"] = _("Listeden bir esas seçin.")
    if fields["quorum_base"] not in COUNTED_BASES:
        wrong["quorum_base"] = _("Listeden bir esas seçin.")
    if Base.PRESENT not in (fields["quorum_base"], fields["threshold_base"]):
        fields["present"] = None
    elif not fields["present"]:
        wrong["present"] = _("Toplantıda kaç kişinin bulunduğunu yazın.")
    if fields["visibility"] != ResultsVisibility.AFTER_CLOSING and method in RANKED:
        wrong["visibility"] = _("Sıralamalı oylar kapanınca sayılır; sonuçlar oylama sürerken gösterilemez.")
