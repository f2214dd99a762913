"""A procedure as it is typed: one row for each step, and the ground of the change."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _l

from ballots.models import Majority
from councils.actions.procedures import MAX_REASON
from councils.models import Holder, Route, Step
from councils.procedure_reading import NOT_ON
from councils.procedures import HOLDERS, MOST_DAYS, MOST_THRESHOLD, VOTING, Contradiction, StepRule

_NUMBER = {"class": "short", "inputmode": "numeric"}


class StepForm(forms.Form):
    """One step: whether it applies, who holds it, for how long, and what it needs."""

    applies = forms.BooleanField(label=_l("Bu adım var"), required=False)
    holder = forms.ChoiceField(label=_l("Kim yürütür?"), required=False)
    days = forms.IntegerField(
        label=_l("Süre (gün)"),
        required=False,
        min_value=1,
        max_value=MOST_DAYS,
        widget=forms.NumberInput(attrs=_NUMBER),
    )
    counts = forms.ChoiceField(
        label=_l("Hangi günler sayılır?"),
        choices=[("working", _l("İş günleri")), ("calendar", _l("Bütün günler"))],
        required=False,
    )
    threshold = forms.IntegerField(
        label=_l("Destek eşiği"),
        required=False,
        min_value=1,
        max_value=MOST_THRESHOLD,
        widget=forms.NumberInput(attrs=_NUMBER),
    )
    quorum_percent = forms.IntegerField(
        label=_l("Yeter sayı (yüzde)"),
        required=False,
        min_value=0,
        max_value=100,
        widget=forms.NumberInput(attrs=_NUMBER),
    )
    majority = forms.ChoiceField(label=_l("Çoğunluk"), choices=Majority.choices, required=False)

    def __init__(self, *args: Any, step: Step, **kwargs: Any) -> None:
        super().__init__(*args, prefix=step, **kwargs)
        self.step = step
        holders: Any = self.fields["holder"]
        holders.choices = [(holder.value, holder.label) for holder in HOLDERS[step]]
        if len(HOLDERS[step]) == 1:
            holders.widget = forms.HiddenInput()
        if step != Step.GATHERING:
            del self.fields["threshold"]
        if step not in VOTING:
            del self.fields["quorum_percent"], self.fields["majority"]

    def rule(self) -> StepRule | None:
        """The step as a rule; None when it does not apply. Needs a valid form."""
        said = self.cleaned_data
        if not said["applies"]:
            return None
        return StepRule(
            step=self.step,
            holder=Holder(said["holder"] or HOLDERS[self.step][0]),
            days=said["days"],
            is_working_days=said["counts"] != "calendar",
            threshold=said.get("threshold"),
            quorum_percent=said.get("quorum_percent"),
            majority=said.get("majority", ""),
        )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_l("Dayanak"),
        help_text=_l("Karar tarihi, numarası ya da yönergenin maddesi; herkes okur. En az 10 harf."),
        max_length=MAX_REASON,
        error_messages={"required": _l("Dayanağı yazın.")},
    )


class ProcedureForm:
    """The steps of a route and the ground, read and checked together."""

    def __init__(self, route: Route, rules: Iterable[StepRule], data: QueryDict | None = None) -> None:
        known = {rule.step: rule for rule in rules}
        self.steps = [
            StepForm(data, step=step, initial=_initial(step, known.get(step)))
            for step in Step
            if step not in NOT_ON[route]
        ]
        self.why = ReasonForm(data)

    def is_valid(self) -> bool:
        """Whether every step is readable; each form tells what is wrong with it."""
        return not [form for form in self.steps if not form.is_valid()]

    def rules(self) -> list[StepRule]:
        """The steps that apply. Needs valid steps."""
        return [rule for rule in (form.rule() for form in self.steps) if rule is not None]

    def take(self, found: Iterable[Contradiction]) -> None:
        """Put what cannot work beside its step and field."""
        by_step = {form.step: form for form in self.steps}
        for each in found:
            form = by_step[each.step]
            name = "applies" if each.field == "step" else each.field
            form.add_error(name if name in form.fields else None, str(each.sentence))


def _initial(step: Step, rule: StepRule | None) -> dict[str, Any]:
    if rule is None:
        return {"applies": False, "holder": HOLDERS[step][0], "counts": "working", "majority": Majority.SIMPLE}
    return {
        "applies": True,
        "holder": rule.holder,
        "days": rule.days,
        "counts": "working" if rule.is_working_days else "calendar",
        "threshold": rule.threshold,
        "quorum_percent": rule.quorum_percent,
        "majority": rule.majority or Majority.SIMPLE,
    }
