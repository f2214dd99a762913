"""Forms of the pages that keep budget lines, the strategic plan and the units, and of a proposal's money."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from councils.meetings.forms import ImportForm
from councils.models import Council
from proposals.budget.lira import in_a_cell, read_lira
from proposals.models import BudgetLine, Objective, Unit
from proposals.models.budget import FIRST_YEAR, LAST_YEAR, LONGEST_CODE, LONGEST_NAME
from proposals.models.implementation import LONGEST_UNIT
from turkish.text import year_in


class LiraField(forms.Field):
    """An amount in lira as people here write it; empty where it is not known."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False} | kwargs)
        self.widget.attrs |= {"inputmode": "decimal", "class": "short", "autocomplete": "off", "maxlength": 30}

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip()
        if not text:
            return None
        try:
            return read_lira(text[:40])
        except ValueError:
            raise ValidationError(_("Tutarı 1.250.000,50 biçiminde yazın."), code="invalid") from None

    def prepare_value(self, value: Any) -> Any:
        return in_a_cell(value) if isinstance(value, Decimal) else value


def _year(label: Any, hint: Any = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=hint,
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        widget=forms.NumberInput(attrs={"class": "short"}),
        error_messages={"required": _l("Yılı dört rakamla yazın."), "invalid": _l("Yılı dört rakamla yazın.")},
    )


def _name(label: Any, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, max_length=LONGEST_NAME, error_messages={"required": _l("Adını yazın.")}
    )


def _unit() -> forms.CharField:
    return forms.CharField(
        label=_l("Sorumlu birim"),
        help_text=_l("Listeden seçin ya da yeni bir birim yazın, örneğin Ulaşım Dairesi Başkanlığı."),
        max_length=LONGEST_UNIT,
        required=False,
        widget=forms.TextInput(attrs={"list": "known-units", "autocomplete": "off"}),
    )


def _retired() -> forms.BooleanField:
    return forms.BooleanField(
        label=_l("Artık kullanılmıyor"),
        help_text=_l("Yeni uygulamalara önerilmez; bağlı olduğu önerilerde okunmaya devam eder."),
        required=False,
    )


class LineForm(forms.Form):
    """A budget line."""

    year = _year(_l("Bütçe yılı"))
    code = forms.CharField(
        label=_l("Kod"),
        help_text=_l("Bütçede yazıldığı gibi, örneğin 46.41.02.30-06.2.0.00-5-06.5."),
        max_length=LONGEST_CODE,
        error_messages={"required": _l("Kodu yazın.")},
    )
    name = _name(_l("Ad"), _l("Örneğin: Bisiklet yolu yapım işleri"))
    unit = _unit()
    amount = LiraField(label=_l("Tutar (₺)"), help_text=_l("Bilinmiyorsa boş bırakın."))
    is_retired = _retired()

    @staticmethod
    def of(line: BudgetLine) -> dict[str, Any]:
        """The form's values for a line as it stands."""
        values = {name: getattr(line, name) for name in ("year", "code", "name", "amount", "is_retired")}
        return values | {"unit": line.unit.name if line.unit else ""}


class PlanForm(forms.Form):
    """The years of a strategic plan."""

    first_year = _year(_l("İlk yıl"))
    last_year = _year(_l("Son yıl"), _l("Stratejik planlar beş yıllıktır; başka bir süre de yazılabilir."))


class ObjectiveForm(forms.Form):
    """An aim or an objective."""

    code = forms.CharField(
        label=_l("Kod"),
        help_text=_l("Amaç için A1, onun altındaki hedef için H1.2."),
        max_length=8,
        widget=forms.TextInput(attrs={"class": "short", "autocomplete": "off"}),
        error_messages={"required": _l("Kodu yazın.")},
    )
    name = _name(_l("Amaç ya da hedef"), _l("Planda yazıldığı gibi."))
    unit = _unit()
    is_retired = _retired()

    @staticmethod
    def of(objective: Objective) -> dict[str, Any]:
        """The form's values for an objective as it stands."""
        return {
            "code": objective.code,
            "name": objective.name,
            "unit": objective.unit.name if objective.unit else "",
            "is_retired": objective.is_retired,
        }


class UnitForm(forms.Form):
    """A unit's name, and whether it is offered."""

    name = forms.CharField(
        label=_l("Birimin adı"), max_length=LONGEST_UNIT, error_messages={"required": _l("Birimin adını yazın.")}
    )
    is_retired = forms.BooleanField(
        label=_l("Artık kullanılmıyor"),
        help_text=_l("Yeni işlere önerilmez; yaptığı işlerde okunmaya devam eder."),
        required=False,
    )


class MergeForm(forms.Form):
    """The unit that another one goes into."""

    into = forms.TypedChoiceField(
        label=_l("Hangi birimle?"),
        help_text=_l("Bu birimin uygulamaları, bütçe kalemleri ve hedefleri oraya geçer; adı orayı gösterir."),
        coerce=int,
        error_messages={"required": _l("Birleştirilecek birimi seçin.")},
    )

    def __init__(self, *args: Any, others: Iterable[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].choices = [("", _("Seçin")), *((unit.pk, unit.name) for unit in others)]  # type: ignore[attr-defined]


class TableForm(ImportForm):
    """A table of lines or objectives, as a file or pasted."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _("CSV; en çok 256 kB ve 2.000 satır.")
        self.fields["file"].widget.attrs["accept"] = ".csv,text/csv"


# --- A proposal's money and plan --------------------------------------------------------------------------------------
class FundForm(forms.Form):
    """A budget line that pays the proposal, by year and code, and how much of it."""

    line = forms.CharField(
        label=_l("Bütçe kalemi"),
        help_text=_l("Yılı ve kodu yazın ya da listeden seçin, örneğin 2026/46.41.02.30-06.2.0.00-5-06.5."),
        max_length=LONGEST_CODE + 10,
        widget=forms.TextInput(attrs={"list": "known-lines", "autocomplete": "off"}),
        error_messages={"required": _l("Bütçe kalemini yazın.")},
    )
    amount = LiraField(label=_l("Ayrılan tutar (₺)"), help_text=_l("Bilinmiyorsa boş bırakın."))

    def __init__(self, *args: Any, council: Council, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.council = council

    def clean_line(self) -> int:
        """The key of the line that is named."""
        year, _slash, code = "".join(self.cleaned_data["line"].upper().split()).partition("/")
        lines = BudgetLine.objects.filter(council=self.council)
        if (named := year_in(year)) is not None:
            for pk, known in lines.filter(year=named).values_list("pk", "code"):
                if "".join(known.split()) == code:
                    return pk
        raise ValidationError(_("Böyle bir kalem yok; yılı ve kodu bütçedeki gibi yazın."), code="unknown_value")


class AmountForm(forms.Form):
    """Another amount for a line that pays already."""

    line = forms.IntegerField(widget=forms.HiddenInput)
    amount = LiraField(label=_l("Ayrılan tutar (₺)"))


class LeaveLineForm(forms.Form):
    line = forms.IntegerField(widget=forms.HiddenInput)


class ServeForm(forms.Form):
    """An aim or an objective in use."""

    objective = forms.TypedChoiceField(
        label=_l("Amaç ya da hedef"), coerce=int, error_messages={"required": _l("Listeden seçin.")}
    )

    def __init__(self, *args: Any, council: Council, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Objective.objects.filter(plan__council=council, is_retired=False).select_related("plan")
        groups: dict[str, list[tuple[int, str]]] = {}
        for row in rows.order_by("-plan__first_year", "aim", "target"):
            groups.setdefault(row.plan.period, []).append((row.pk, f"{row.code} {row.name}"))
        self.fields["objective"].choices = [("", _("Seçin")), *groups.items()]  # type: ignore[attr-defined]


class LeaveObjectiveForm(forms.Form):
    objective = forms.IntegerField(widget=forms.HiddenInput)


def units_offered(council: Council) -> Iterable[Unit]:
    """Units that are in use, for lists to choose from."""
    return Unit.objects.filter(council=council, is_retired=False).order_by("name", "pk")
