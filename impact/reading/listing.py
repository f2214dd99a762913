"""The list behind a figure: exactly the proposals that it counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from councils.middleware import LONGER
from councils.models import Holder
from impact.models import ProposalFact, StageSpan
from impact.outcomes import ACCEPTED, DONE
from impact.reading.asking import Asked
from impact.walks import ARROW
from proposals.models import (
    BudgetLine,
    BudgetShare,
    DecisionOutcome,
    DecisionState,
    Objective,
    Outcome,
    ServedObjective,
)
from proposals.overdue import late_at
from proposals.sheets import Cell
from proposals.stages import REFUSED, Stage

OUTCOMES = {
    "kabul": (ACCEPTED, _l("Kabul edilenler")),
    "yapilan": (DONE, _l("Yapılanlar")),
    "ret": (REFUSED, _l("Kabul edilmeyenler")),
}
Facts = QuerySet[ProposalFact]


def paid(facts: Facts) -> Facts:
    """Those that a budget line pays."""
    return facts.filter(Exists(BudgetShare.objects.filter(implementation__proposal=OuterRef("pk"))))


def planned(facts: Facts) -> Facts:
    """Those that serve the strategic plan."""
    return facts.filter(Exists(ServedObjective.objects.filter(implementation__proposal=OuterRef("pk"))))


def unpaid(facts: Facts) -> Facts:
    """Those that are carried out without a budget line and without an objective."""
    lines = BudgetShare.objects.filter(implementation__proposal=OuterRef("pk"))
    objectives = ServedObjective.objects.filter(implementation__proposal=OuterRef("pk"))
    return facts.filter(~Exists(lines), ~Exists(objectives), stage=Stage.IMPLEMENTATION)


SOURCES: dict[str, tuple[Callable[[Facts], Facts], Any]] = {
    "butce": (paid, _l("Bütçe kalemi yazılanlar")),
    "plan": (planned, _l("Stratejik plana bağlananlar")),
    "yok": (unpaid, _l("Uygulanan, ama bütçe kalemi de hedefi de yazılmayanlar")),
}


def in_outcome(word: str) -> dict[str, Any]:
    """The condition of an outcome: where the proposal stands now."""
    return {"stage__in": sorted(OUTCOMES[word][0])}


@dataclass(frozen=True)
class Selection:
    """Some of the proposals asked about, with a title."""

    title: str
    facts: Facts
    # The stage whose time is told beside each proposal.
    span: str = ""


def _stage(params: QueryDict, word: str) -> Stage | None:
    value = params.get(word, "")
    return Stage(value) if value in Stage.values and value != Stage.DRAFT else None


def read_selection(asked: Asked, params: QueryDict, *, at: datetime) -> Selection:
    """Which of them an address asks for; what it does not know selects all."""
    facts = asked.facts()
    if (outcome := params.get("meclis", "")) in Outcome.values:
        return _decided(facts, Outcome(outcome), params)
    if found := _behind(asked, params):
        return found
    if stage := _stage(params, "asama"):
        return Selection(_("Şu anda bu aşamada: %(stage)s") % {"stage": stage.label}, facts.filter(stage=stage))
    if stage := _stage(params, "ulasan"):
        title = _("Bu aşamaya ulaşanlar: %(stage)s") % {"stage": stage.label}
        return Selection(title, facts.filter(reached__contains=[stage]))
    if stage := _stage(params, "biten"):
        ended = StageSpan.objects.filter(fact=OuterRef("pk"), stage=stage, seconds__isnull=False)
        title = _("Bu aşamadan çıkanlar: %(stage)s") % {"stage": stage.label}
        return Selection(title, facts.filter(Exists(ended)), span=stage)
    source, _dash, target = params.get("gecis", "").partition("-")
    if source in Stage.values and target in Stage.values:
        title = _("Bu geçişi yapanlar: %(old)s → %(new)s") % {"old": Stage(source).label, "new": Stage(target).label}
        return Selection(title, facts.filter(flows__contains=[f"{source}{ARROW}{target}"]))
    if (word := params.get("sonuc", "")) in OUTCOMES:
        return Selection(str(OUTCOMES[word][1]), facts.filter(**in_outcome(word)))
    if params.get("yanit") in {"zamaninda", "gec"}:
        return _answered(facts, _stage(params, "adim"), in_time=params["yanit"] == "zamaninda")
    if (holder := params.get("geciken", "")) and holder in {*Holder.values, "hepsi"}:
        late = facts.filter(late_at(at))
        if holder == "hepsi":
            return Selection(_("Süresi geçenler"), late)
        return Selection(
            _("Süresi geçenler: %(holder)s") % {"holder": Holder(holder).label}, late.filter(holder=holder)
        )
    return Selection(_("Bütün öneriler"), facts)


def _decided(facts: Facts, outcome: Outcome, params: QueryDict) -> Selection:
    """What a confirmed decision of the municipal council said; of them those in a stage, or those with an outcome, now."""
    said = DecisionOutcome.objects.filter(
        proposal=OuterRef("pk"), outcome=outcome, decision__state=DecisionState.CONFIRMED
    )
    title = _("Belediye meclisi kararı: %(outcome)s") % {"outcome": outcome.label}
    return _of_them(title, facts.filter(Exists(said)), params)


def _behind(asked: Asked, params: QueryDict) -> Selection | None:
    """What stands behind a budget line or an objective of the council, or has money and plan written, or has neither."""
    facts = asked.facts()
    if key := _key(params, "kalem"):
        line = BudgetLine.objects.filter(council=asked.council, pk=key).first()
        if line is not None:
            pays = BudgetShare.objects.filter(implementation__proposal=OuterRef("pk"), line=line)
            title = _("Bütçe kalemi: %(line)s") % {"line": f"{line}, {line.name}"}
            return _of_them(title, facts.filter(Exists(pays)), params)
    if key := _key(params, "hedef"):
        objective = Objective.objects.filter(plan__council=asked.council, pk=key).first()
        if objective is not None:
            serves = ServedObjective.objects.filter(implementation__proposal=OuterRef("pk"), objective=objective)
            title = _("Stratejik plan: %(objective)s") % {"objective": f"{objective.code}, {objective.name}"}
            return _of_them(title, facts.filter(Exists(serves)), params)
    if (word := params.get("kaynak", "")) in SOURCES:
        narrow, title = SOURCES[word]
        return Selection(str(title), narrow(facts))
    return None


def _key(params: QueryDict, word: str) -> int:
    """A key that an address names; 0 for what is none."""
    value = params.get(word, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0


def _of_them(title: str, facts: Facts, params: QueryDict) -> Selection:
    """All of some proposals, or those in a stage, or those with an outcome, now."""
    if stage := _stage(params, "asama"):
        return Selection(f"{title}; {stage.label}", facts.filter(stage=stage))
    if (word := params.get("sonuc", "")) in OUTCOMES:
        return Selection(f"{title}; {OUTCOMES[word][1]}", facts.filter(**in_outcome(word)))
    return Selection(title, facts)


def _answered(facts: Facts, step: Stage | None, *, in_time: bool) -> Selection:
    if step is None:
        title = _("Bütün yanıtlarını zamanında alanlar") if in_time else _("En az bir yanıtı geç gelenler")
        return Selection(title, facts.filter(in_time=in_time))
    spans = StageSpan.objects.filter(fact=OuterRef("pk"), stage=step, in_time=in_time)
    title = _("Zamanında yanıtlananlar: %(stage)s") if in_time else _("Geç yanıtlananlar: %(stage)s")
    return Selection(title % {"stage": step.label}, facts.filter(Exists(spans)), span=step)


def dressed(selection: Selection) -> Facts:
    """With what a row of the list tells. No query per row."""
    council = [f"proposal__council__{name}" for name in LONGER]
    span = StageSpan.objects.filter(fact=OuterRef("pk"), stage=selection.span)
    return (
        selection.facts.select_related("proposal__council", "district", "body", "organisation")
        .defer("proposal__text", "proposal__search", *council)
        .annotate(seconds=Subquery(span.values("seconds")[:1]))
    )


@dataclass(frozen=True)
class Row:
    """A line of the list."""

    fact: ProposalFact
    url: str
    stage: Stage
    days: float | None


def rows(facts: Iterable[Any]) -> list[Row]:
    return [
        Row(
            fact,
            fact.proposal.get_absolute_url(),
            Stage(fact.stage),
            None if fact.seconds is None else fact.seconds / 86_400,
        )
        for fact in facts
    ]


HEAD = (
    _l("Numara"), _l("Başlık"), _l("Özet"), _l("Aşama"), _l("Aşamanın başlangıcı"), _l("Süresi"), _l("Sunuldu"), _l("Konu"),
    _l("İlçe"), _l("Organ"), _l("Kuruluş"), _l("Destek"), _l("Yanıtlar zamanında"),
)  # fmt: skip


def head() -> list[str]:
    return [str(title) for title in HEAD]


def table(facts: Facts) -> Iterator[list[Cell]]:
    """The rows of an export, read by the thousand."""
    names = (
        "proposal__number", "proposal__title", "proposal__summary", "stage", "stage_since", "due_at", "submitted_at",
        "theme__name", "district__name", "body__name", "organisation__name", "proposal__support_count", "in_time",
    )  # fmt: skip
    for row in facts.order_by("pk").values_list(*names).iterator(chunk_size=1_000):
        cells = list(row)
        cells[3] = str(Stage(cells[3]).label)
        cells[12] = None if cells[12] is None else _("evet") if cells[12] else _("hayır")
        yield cells


def total(selection: Selection) -> int:
    return selection.facts.count()
