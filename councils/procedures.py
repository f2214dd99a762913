"""Which steps a procedure may have together, and the procedures a council can start from. Plain data, no ORM.

Sources: law 5393 article 76 (opinions go to the first meeting of the municipal council) and article 24 (a commission
hands in its report within ten working days); the regulation on city councils, article 10 (the general assembly meets at
least twice a year, with an absolute majority). All of it is the council's own data once it has begun.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l

from ballots.models import Majority
from councils.models import Holder, Route, Step


@dataclass(frozen=True, slots=True)
class StepRule:
    """A step that applies: who holds it, for how many days, and what it needs."""

    step: Step
    holder: Holder
    days: int | None = None
    is_working_days: bool = True
    threshold: int | None = None
    quorum_percent: int | None = None
    majority: str = ""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What in a procedure cannot work: the step, the field, a stable code and one sentence."""

    step: Step
    field: str
    code: str
    sentence: str | Promise


HOLDERS: dict[Step, tuple[Holder, ...]] = {
    Step.SUBMITTED: (Holder.SECRETARIAT, Holder.EXECUTIVE_BOARD),
    Step.GATHERING: (Holder.CITIZENS,),
    Step.IN_GROUP: (Holder.BODY,),
    Step.BALLOT: (Holder.BODY,),
    Step.BOARD: (Holder.EXECUTIVE_BOARD, Holder.SECRETARIAT),
    Step.GENERAL_ASSEMBLY: (Holder.GENERAL_ASSEMBLY,),
    Step.OPINION: (Holder.SECRETARIAT, Holder.EXECUTIVE_BOARD),
    Step.SENT: (Holder.MUNICIPAL_COUNCIL,),
    Step.ON_AGENDA: (Holder.MUNICIPAL_COUNCIL,),
    Step.IN_COMMISSION: (Holder.MUNICIPAL_COUNCIL,),
    Step.DIRECTORATE: (Holder.DIRECTORATE,),
    Step.IMPLEMENTATION: (Holder.DIRECTORATE,),
    Step.DONE: (Holder.SUPPORTERS,),
}
"""Who may hold a step; the first unless the council says otherwise."""
VOTING = frozenset({Step.BALLOT, Step.GENERAL_ASSEMBLY})
MUST_SAY_DAYS = frozenset({Step.SUBMITTED, Step.GATHERING, Step.IN_GROUP, Step.BALLOT, Step.OPINION, Step.DIRECTORATE})
MOST_DAYS = 3650
MOST_THRESHOLD = 10_000_000

_TO_BODY: tuple[StepRule, ...] = (
    StepRule(Step.SUBMITTED, Holder.SECRETARIAT, 5),
    StepRule(Step.GATHERING, Holder.CITIZENS, 30, is_working_days=False, threshold=100),
    StepRule(Step.IN_GROUP, Holder.BODY, 30),
    StepRule(Step.BALLOT, Holder.BODY, 7, is_working_days=False, quorum_percent=50, majority=Majority.SIMPLE),
)
_TO_POLICY: tuple[StepRule, ...] = (
    StepRule(Step.BOARD, Holder.EXECUTIVE_BOARD, 10),
    StepRule(
        Step.GENERAL_ASSEMBLY,
        Holder.GENERAL_ASSEMBLY,
        182,
        is_working_days=False,
        quorum_percent=50,
        majority=Majority.SIMPLE,
    ),
    StepRule(Step.OPINION, Holder.SECRETARIAT, 3),
    StepRule(Step.SENT, Holder.MUNICIPAL_COUNCIL),
    StepRule(Step.ON_AGENDA, Holder.MUNICIPAL_COUNCIL, 30, is_working_days=False),
    StepRule(Step.IN_COMMISSION, Holder.MUNICIPAL_COUNCIL, 10),
)
_AFTERWARDS: tuple[StepRule, ...] = (
    StepRule(Step.IMPLEMENTATION, Holder.DIRECTORATE, 365, is_working_days=False),
    StepRule(Step.DONE, Holder.SUPPORTERS, 365, is_working_days=False),
)
PRESETS: dict[Route, tuple[StepRule, ...]] = {
    Route.WORKING_GROUP: (*_TO_BODY, *_TO_POLICY, *_AFTERWARDS),
    Route.ASSEMBLY: (*_TO_BODY, *_TO_POLICY, *_AFTERWARDS),
    Route.DIRECTORATE: (
        StepRule(Step.SUBMITTED, Holder.SECRETARIAT, 5),
        StepRule(Step.DIRECTORATE, Holder.DIRECTORATE, 30, is_working_days=False),
        *_AFTERWARDS,
    ),
}
"""What a council starts from; the days are examples that it makes its own."""

# Step: what it cannot be without. One sentence for each pair.
_NEEDS: tuple[tuple[Step, Step, str, str | Promise], ...] = (
    (Step.IN_GROUP, Step.BALLOT, "discussion_without_vote", _l("Görüşülen öneri oylanır: “Oylama” adımı da gerekir.")),
    (
        Step.BALLOT,
        Step.IN_GROUP,
        "vote_without_discussion",
        _l("Oylanan öneri önce görüşülür: “Görüşme” adımı da gerekir."),
    ),
    (
        Step.BOARD,
        Step.GENERAL_ASSEMBLY,
        "board_without_assembly",
        _l("Yürütme kurulu öneriyi genel kurulun gündemine alır: genel kurul adımı da gerekir."),
    ),
    (
        Step.GENERAL_ASSEMBLY,
        Step.BALLOT,
        "assembly_without_body",
        _l(
            "Genel kurula meclislerde ve çalışma gruplarında oluşan görüşler gelir: görüşme ve oylama adımları da gerekir."
        ),
    ),
    (
        Step.GENERAL_ASSEMBLY,
        Step.OPINION,
        "assembly_without_opinion",
        _l("Genel kurulun benimsediği görüş gönderilir: gönderme adımı da gerekir (5393, madde 76)."),
    ),
    (
        Step.OPINION,
        Step.GENERAL_ASSEMBLY,
        "opinion_without_assembly",
        _l("Görüşü genel kurul benimser: genel kurul adımı da gerekir."),
    ),
    (
        Step.OPINION,
        Step.SENT,
        "opinion_not_sent",
        _l("Gönderilen görüş belediye meclisine ulaşır: bu adım da gerekir (5393, madde 76)."),
    ),
    (
        Step.SENT,
        Step.OPINION,
        "sent_without_opinion",
        _l("Belediye meclisine görüş gönderilir: gönderme adımı da gerekir."),
    ),
    (
        Step.SENT,
        Step.ON_AGENDA,
        "sent_without_decision",
        _l("Belediye meclisine ulaşan görüş karara bağlanır: karar adımı da gerekir."),
    ),
    (
        Step.ON_AGENDA,
        Step.SENT,
        "decision_without_sending",
        _l("Karar, belediye meclisine ulaşan görüş hakkında alınır: ulaşma adımı da gerekir."),
    ),
    (
        Step.IN_COMMISSION,
        Step.ON_AGENDA,
        "commission_without_council",
        _l("Komisyona belediye meclisi gönderir: belediye meclisinin kararı da gerekir."),
    ),
    (
        Step.DONE,
        Step.IMPLEMENTATION,
        "review_without_implementation",
        _l("Yapılan iş değerlendirilir: uygulama adımı da gerekir."),
    ),
)


def contradictions(route: Route | str, rules: Iterable[StepRule]) -> list[Contradiction]:
    """Everything that keeps a procedure from working, in the order of the steps; empty when it can be used."""
    by_step = {rule.step: rule for rule in rules}
    found = [*_missing(Route(route), by_step)]
    found += [
        Contradiction(step, "step", code, sentence)
        for step, other, code, sentence in _NEEDS
        if step in by_step and other not in by_step
    ]
    for rule in by_step.values():
        found += _wrong_values(rule)
    order = {step: place for place, step in enumerate(Step)}
    return sorted(found, key=lambda each: (order[each.step], each.field, each.code))


def _missing(route: Route, by_step: Mapping[Step, StepRule]) -> list[Contradiction]:
    found = []
    if Step.SUBMITTED not in by_step:
        sentence = _l("Her öneriye önce uygunluk kararı verilir; bu adım çıkarılamaz.")
        found.append(Contradiction(Step.SUBMITTED, "step", "no_admissibility", sentence))
    if route == Route.DIRECTORATE:
        if Step.DIRECTORATE not in by_step:
            sentence = _l("Müdürlüğe yapılan öneriyi müdürlük yanıtlar; bu adım çıkarılamaz.")
            found.append(Contradiction(Step.DIRECTORATE, "step", "no_directorate", sentence))
        sentence = _l("Müdürlüğe doğrudan yapılan öneri konseyin organlarından geçmez; bu adımı çıkarın.")
        found += [
            Contradiction(step, "step", "not_on_this_route", sentence)
            for step in by_step
            if step in {Step.IN_GROUP, Step.BALLOT, *(rule.step for rule in _TO_POLICY)}
        ]
        return found
    if Step.DIRECTORATE in by_step:
        sentence = _l("Gruba ya da meclise yapılan öneriyi müdürlük yanıtlamaz; bu adımı çıkarın.")
        found.append(Contradiction(Step.DIRECTORATE, "step", "not_on_this_route", sentence))
    if Step.IN_GROUP not in by_step and Step.BALLOT not in by_step:
        sentence = _l("Öneriyi sunulduğu grup ya da meclis görüşür; bu adım çıkarılamaz.")
        found.append(Contradiction(Step.IN_GROUP, "step", "no_discussion", sentence))
    if Step.IMPLEMENTATION in by_step and Step.SENT not in by_step:
        sentence = _l("Uygulama, belediye meclisinin kararından sonra izlenir: belediye meclisi adımları da gerekir.")
        found.append(Contradiction(Step.IMPLEMENTATION, "step", "implementation_without_decision", sentence))
    return found


def _wrong_values(rule: StepRule) -> list[Contradiction]:
    found = []

    def wrong(field: str, code: str, sentence: str | Promise) -> None:
        found.append(Contradiction(rule.step, field, code, sentence))

    if rule.holder not in HOLDERS[rule.step]:
        wrong("holder", "wrong_holder", _l("Bu adımı bu organ yürütemez."))
    if rule.days is None and rule.step in MUST_SAY_DAYS:
        wrong("days", "no_days", _l("Bu adımın kaç gün süreceğini yazın."))
    if rule.days is not None and not 1 <= rule.days <= MOST_DAYS:
        wrong("days", "days_out_of_range", _l("Süre 1 ile 3.650 gün arasında olmalı."))
    if rule.step == Step.GATHERING and not 1 <= (rule.threshold or 0) <= MOST_THRESHOLD:
        wrong("threshold", "threshold_out_of_range", _l("Destek eşiği en az 1 olmalı."))
    if rule.step != Step.GATHERING and rule.threshold is not None:
        wrong("threshold", "not_used_here", _l("Bu adımda destek toplanmaz; eşiği boş bırakın."))
    if rule.step not in VOTING and (rule.majority or rule.quorum_percent is not None):
        wrong("majority", "not_used_here", _l("Bu adımda oylama yapılmaz; çoğunluğu ve yeter sayıyı boş bırakın."))
    if rule.step in VOTING:
        if rule.majority not in Majority.values:
            wrong("majority", "no_majority", _l("Kabul için hangi çoğunluğun gerektiğini seçin."))
        if rule.quorum_percent is None or not 0 <= rule.quorum_percent <= 100:
            wrong("quorum_percent", "quorum_out_of_range", _l("Yeter sayı yüzde 0 ile 100 arasında olmalı."))
    return found


_FLAT = {
    "admissibility_days": (Step.SUBMITTED, "days"),
    "support_threshold": (Step.GATHERING, "threshold"),
    "support_days": (Step.GATHERING, "days"),
    "group_days": (Step.IN_GROUP, "days"),
    "ballot_days": (Step.BALLOT, "days"),
    "quorum_percent": (Step.BALLOT, "quorum_percent"),
    "majority": (Step.BALLOT, "majority"),
}


def with_values(rules: Sequence[StepRule], values: Mapping[str, Any]) -> tuple[StepRule, ...]:
    """The rules with single values of a council's file, such as ``support_threshold``, put in place."""
    changes: dict[Step, dict[str, Any]] = {}
    for name, value in values.items():
        step, field = _FLAT[name]
        changes.setdefault(step, {})[field] = value
    return tuple(replace(rule, **changes.get(rule.step, {})) for rule in rules)
