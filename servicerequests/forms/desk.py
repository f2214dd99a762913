"""Forms of the desk: who holds a request, and what is done with several at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from councils.models import Officer
from servicerequests.desk_reading import DeskChoices
from servicerequests.models import DeskUnit, Priority, ServiceRequest

NOBODY = "yok"
CHOOSE = {"required": _l("Birini seçin."), "invalid_choice": _l("Listeden birini seçin.")}


class AssignForm(forms.Form):
    """Unit, officer and priority of one request; `seen` is who held it when the page was read."""

    unit = forms.ChoiceField(label=_l("Birim"), error_messages=CHOOSE)
    assignee = forms.ChoiceField(label=_l("Görevli"), error_messages=CHOOSE)
    priority = forms.ChoiceField(label=_l("Öncelik"), choices=Priority.choices, error_messages=CHOOSE)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)

    def __init__(self, request: ServiceRequest, choices: DeskChoices, *args: Any, **kwargs: Any) -> None:
        held = str(request.assignee_id or NOBODY)
        kwargs.setdefault(
            "initial",
            {"unit": request.unit.slug, "assignee": held, "priority": request.priority, "seen": held},
        )
        super().__init__(*args, **kwargs)
        self.known = choices
        units = {unit.slug: unit.name for unit in choices.units} | {request.unit.slug: request.unit.name}
        officers = [(str(each.pk), each.person.display_name) for each in choices.officers]
        _choices(self.fields["unit"], list(units.items()))
        _choices(self.fields["assignee"], [(NOBODY, _("Kimse")), *officers])

    def unit_chosen(self) -> DeskUnit | None:
        return next((each for each in self.known.units if each.slug == self.cleaned_data["unit"]), None)

    def officer_chosen(self) -> Officer | None:
        return next((each for each in self.known.officers if str(each.pk) == self.cleaned_data["assignee"]), None)


class BulkForm(forms.Form):
    """What is done with the chosen requests: one choice names the deed and for whom."""

    deed = forms.ChoiceField(label=_l("Seçilenlere"), error_messages=CHOOSE)

    def __init__(self, choices: DeskChoices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = choices
        officers = [(f"assign:{each.pk}", each.person.display_name) for each in choices.officers]
        units = [(f"unit:{unit.slug}", unit.name) for unit in choices.units]
        priorities = [(f"priority:{value}", label) for value, label in Priority.choices]
        groups = [
            ("take_up:", _("İncelemeye al")),
            (_("Görevliye ver"), [*officers, (f"assign:{NOBODY}", _("Kimse"))]),
            (_("Birime gönder"), units),
            (_("Önceliğini değiştir"), priorities),
        ]
        _choices(self.fields["deed"], groups)

    def order(self) -> dict[str, Any]:
        """The deed and for whom, for the action."""
        deed, _colon, whom = self.cleaned_data["deed"].partition(":")
        return {
            "deed": deed,
            "assignee": next((each for each in self.known.officers if str(each.pk) == whom), None),
            "unit": next((each for each in self.known.units if each.slug == whom), None),
            "priority": whom,
        }


def _choices(field: forms.Field, choices: list[tuple[Any, Any]]) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices
