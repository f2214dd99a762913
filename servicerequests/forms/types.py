"""What a directorate's desk goes by, as it is typed: types with their questions, units, hours."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from councils.models import Council, Officer, OfficerRole
from servicerequests.desk_rules import (
    MOST_DAYS,
    MOST_HOURS,
    MOST_LEGAL_DAYS,
    MOST_SPANS,
    Opening,
    TypeRules,
    kind_words,
    weekday_name,
)
from servicerequests.form_fields import LONGEST_LABEL, MOST_QUESTIONS
from servicerequests.models import DeskUnit, Filer, OfficeSpan, Priority
from turkish.functions import SortKey
from turkish.text import slugify

MORE_ROWS = 3
_SHORT = {"class": "short", "inputmode": "numeric"}


def _number(most: int, label: Any, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=most, widget=forms.NumberInput(attrs=_SHORT), **more)


class TypeForm(forms.Form):
    """The promises of a type; its questions are rows of their own."""

    name = forms.CharField(label=_l("Ad"), max_length=80, error_messages={"required": _l("Adı yazın.")})
    about = forms.CharField(
        label=_l("Ne için?"),
        max_length=300,
        help_text=_l("Başvuran bunu okuyup seçer. Bir iki cümle."),
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 300}),
        error_messages={"required": _l("Ne için olduğunu yazın.")},
    )
    name_en = forms.CharField(label=_l("İngilizce adı"), max_length=80, required=False)
    about_en = forms.CharField(label=_l("İngilizce açıklama"), max_length=300, required=False)
    unit = forms.ChoiceField(label=_l("Hangi birime gelir?"))
    filer = forms.ChoiceField(label=_l("Kim başvurabilir?"), choices=Filer.choices, widget=forms.RadioSelect)
    priority = forms.ChoiceField(
        label=_l("Öncelik"),
        choices=Priority.choices,
        help_text=_l("Yüksek öncelik süreleri yarıya indirir; yasal süre aynı kalır."),
    )
    first_answer_hours = _number(MOST_HOURS, _l("İlk yanıt (çalışma saati)"))
    resolution_days = _number(MOST_DAYS, _l("Sonuç (iş günü)"))
    law = forms.CharField(
        label=_l("Yasal dayanak"),
        max_length=120,
        required=False,
        help_text=_l("Örneğin: 3071 sayılı Kanun, madde 7"),
    )
    ceiling_days = _number(MOST_LEGAL_DAYS, _l("Yasal süre (gün)"), required=False)
    ceiling_days_extended = _number(MOST_LEGAL_DAYS, _l("Başka kuruma sorulursa (gün)"), required=False)
    ceiling_is_working = forms.BooleanField(label=_l("Yasal süre iş günüyle sayılır"), required=False)
    is_public = forms.BooleanField(
        label=_l("Başvurular ve yanıtları, kişisel bilgiler çıkarılarak hep yayımlanır"), required=False
    )
    is_active = forms.BooleanField(label=_l("Bu türde başvuru alınıyor"), required=False)
    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, council: Council, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = DeskUnit.objects.filter(council=council, is_active=True).order_by(SortKey("name"))
        field: Any = self.fields["unit"]
        field.choices = list(units.values_list("slug", "name"))

    def rules(self, questions: Sequence[Mapping[str, Any]]) -> TypeRules:
        """What was typed, with the questions. Needs a valid form."""
        data = {name: self.cleaned_data[name] for name in TypeRules.__dataclass_fields__ if name != "form"}
        for name in ("name", "about", "name_en", "about_en", "law"):
            data[name] = " ".join(data[name].split())
        return TypeRules(form=tuple(questions), **data)


class QuestionForm(forms.Form):
    """One question. A row without words is none."""

    place = forms.IntegerField(
        label=_l("Sıra"), required=False, min_value=1, max_value=99, widget=forms.NumberInput(attrs=_SHORT)
    )
    name = forms.CharField(required=False, max_length=30, widget=forms.HiddenInput)
    label = forms.CharField(label=_l("Soru"), required=False, max_length=LONGEST_LABEL)
    label_en = forms.CharField(label=_l("İngilizcesi"), required=False, max_length=LONGEST_LABEL)
    kind = forms.ChoiceField(label=_l("Nasıl yanıtlanır?"))
    choices = forms.CharField(
        label=_l("Seçenekler"),
        required=False,
        help_text=_l("Her satıra bir seçenek."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    help = forms.CharField(label=_l("Açıklama"), required=False, max_length=300)
    shown_when = forms.MultipleChoiceField(
        label=_l("Yalnız şu yanıtlardan biri verilirse sorulur"),
        required=False,
        help_text=_l("Hiçbirini seçmezseniz hep sorulur. Yeni bir sorunun yanıtları önizlemeden sonra burada görünür."),
        widget=forms.CheckboxSelectMultiple,
    )
    is_required = forms.BooleanField(label=_l("Yanıtlanması gerekir"), required=False)
    is_removed = forms.BooleanField(label=_l("Soruyu çıkar"), required=False)

    def __init__(self, *args: Any, conditions: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["kind"].choices = list(kind_words().items())
        own = (self.data.get(self.add_prefix("name"), "") if self.is_bound else self.initial.get("name")) or " "
        fields["shown_when"].choices = [each for each in conditions if not each[0].startswith(f"{own}=")]
        if not fields["shown_when"].choices:
            del self.fields["shown_when"]

    def is_asked(self) -> bool:
        return bool(self.cleaned_data.get("label")) and not self.cleaned_data.get("is_removed")


def _code(words: str, taken: set[str]) -> str:
    """A name for what has none yet, out of its words; it stays when the words change."""
    base = re.sub(r"^[^a-z]+", "", slugify(words, max_length=24).replace("-", "_")) or "soru"
    found = next(code for n in range(1, 200) if (code := base if n == 1 else f"{base}_{n}") not in taken)
    taken.add(found)
    return found


def _choices(text: str) -> list[list[str]]:
    """Choices as they are typed, one a line; what is before ``=`` is the name an old one keeps."""
    rows, taken = [line.strip() for line in text.splitlines() if line.strip()], set[str]()
    found = []
    for row in rows:
        code, equals, words = (part.strip() for part in row.partition("="))
        if equals and code and words:
            found.append([code, words])
            taken.add(code)
        else:
            found.append([_code(row, taken), row])
    return found


class QuestionForms:
    """The questions of a type: as many rows as there are, and some to write in. Read without JavaScript."""

    def __init__(self, known: Sequence[Mapping[str, Any]], data: QueryDict | None = None) -> None:
        count = len(known) + MORE_ROWS
        if data is not None:
            sent = str(data.get("rows", ""))
            count = min(int(sent) if re.fullmatch(r"[0-9]{1,3}", sent) else 0, MOST_QUESTIONS)
            count += MORE_ROWS * ("more" in data)
        self.count = min(count, MOST_QUESTIONS)
        rows = _typed(data, self.count) if data is not None else list(known)
        conditions = _conditions(rows)
        self.forms = [
            QuestionForm(
                data,
                prefix=f"soru-{index}",
                conditions=conditions,
                initial=_initial(known[index], index) if index < len(known) else {"place": index + 1, "kind": "text"},
            )
            for index in range(self.count)
        ]

    def is_valid(self) -> bool:
        return not [form for form in self.forms if not form.is_valid()]

    def asked(self) -> list[QuestionForm]:
        """The rows that are questions, in their order. Needs valid forms."""
        order = [form for form in self.forms if form.is_asked()]
        return sorted(order, key=lambda form: form.cleaned_data["place"] or 99)

    def questions(self) -> list[dict[str, Any]]:
        """The questions as they are kept; ``i`` is that of `asked`."""
        taken = {form.cleaned_data["name"] for form in self.asked()}
        return [_question(form.cleaned_data, taken) for form in self.asked()]

    def take(self, wrong: dict[str, list[str]]) -> None:
        """Put what is wrong with a question beside its field, and take it out of what is wrong."""
        for index, form in enumerate(self.asked()):
            for name in [each for each in wrong if each.startswith(f"soru-{index}-")]:
                field = name.rpartition("-")[2]
                for sentence in wrong.pop(name):
                    form.add_error(field if field in form.fields else None, sentence)


def _question(data: Mapping[str, Any], taken: set[str]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": data["name"] or _code(data["label"], taken),
        "label": " ".join(data["label"].split()),
        "kind": data["kind"],
    }
    for name in ("label_en", "help"):
        if data[name]:
            found[name] = data[name]
    if data["is_required"]:
        found["is_required"] = True
    if choices := _choices(data["choices"]):
        found["choices"] = choices
    chosen = [each.partition("=") for each in data.get("shown_when", ())]
    if chosen:
        names = {name for name, _equals, _value in chosen}
        # Answers of two questions at once are no condition there is; `form_fields` says so beside the field.
        found["shown_when"] = [names.pop() if len(names) == 1 else "", [value for _name, _equals, value in chosen]]
    return found


def _typed(data: QueryDict, count: int) -> list[dict[str, Any]]:
    """The questions of a sent form as far as conditions need them, whether they are valid or not."""
    rows, taken = [], set[str]()
    for index in range(count):
        label, name = str(data.get(f"soru-{index}-label", "")), str(data.get(f"soru-{index}-name", ""))
        if label and f"soru-{index}-is_removed" not in data:
            rows.append(
                {
                    "name": name or _code(label, taken),
                    "label": label,
                    "kind": data.get(f"soru-{index}-kind", ""),
                    "choices": _choices(str(data.get(f"soru-{index}-choices", ""))),
                }
            )
    return rows


def _conditions(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Every answer another question may hang on."""
    found = []
    for row in rows:
        answers = [["yes", _("Evet")], ["no", _("Hayır")]] if row["kind"] == "yesno" else row.get("choices", ())
        if row["kind"] in {"yesno", "choice", "several"}:
            found += [(f"{row['name']}={value}", f"{row['label']} {words}") for value, words in answers]
    return found


def _initial(row: Mapping[str, Any], index: int) -> dict[str, Any]:
    shown_when = row.get("shown_when")
    return {
        **{name: row.get(name, "") for name in ("name", "label", "label_en", "kind", "help")},
        "place": index + 1,
        "is_required": row.get("is_required", False),
        "choices": "\n".join(f"{value} = {words}" for value, words in row.get("choices", ())),
        "shown_when": [f"{shown_when[0]}={value}" for value in shown_when[1]] if shown_when else [],
    }


class UnitForm(forms.Form):
    """A unit: its name, who leads it, who works there."""

    name = forms.CharField(label=_l("Birimin adı"), max_length=120, error_messages={"required": _l("Adı yazın.")})
    head = forms.ModelChoiceField(
        Officer.objects.none(),
        label=_l("Sorumlusu"),
        required=False,
        empty_label=_l("Şimdilik kimse"),
        help_text=_l("Geciken başvuru ona bildirilir; başvuru kurallarını birim sorumluları yazar."),
    )
    officers = forms.ModelMultipleChoiceField(
        Officer.objects.none(), label=_l("Çalışanları"), required=False, widget=forms.CheckboxSelectMultiple
    )
    is_active = forms.BooleanField(label=_l("Birim çalışıyor"), required=False)

    def __init__(self, council: Council, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        officers = Officer.objects.filter(council=council, role=OfficerRole.DIRECTORATE, is_active=True)
        officers = officers.select_related("person").order_by(SortKey("person__display_name"))
        for name in ("head", "officers"):
            field: Any = self.fields[name]
            field.queryset = officers
            field.label_from_instance = lambda officer: officer.person.display_name


class HoursForm(forms.Form):
    """The office's hours: for each weekday as many spans as there may be."""

    def __init__(self, rows: Sequence[OfficeSpan], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by_day: dict[int, list[OfficeSpan]] = {day: [] for day in range(7)}
        for row in rows:
            by_day[row.weekday].append(row)
        for weekday, spans in by_day.items():
            for place in range(MOST_SPANS):
                span = spans[place] if place < len(spans) else None
                base = Opening(weekday, place, None, None).field
                for part, value in (("opens", span and span.opens), ("closes", span and span.closes)):
                    self.fields[f"{base}-{part}"] = forms.TimeField(
                        label=f"{weekday_name(weekday)}, {_('açılış') if part == 'opens' else _('kapanış')}",
                        required=False,
                        widget=forms.TimeInput(attrs={"type": "time", "class": "short"}, format="%H:%M"),
                        initial=value,
                    )

    def days(self) -> list[dict[str, Any]]:
        """The fields by weekday, for the page."""
        return [
            {
                "name": weekday_name(weekday),
                "spans": [
                    (self[f"gun-{weekday}-{place}-opens"], self[f"gun-{weekday}-{place}-closes"])
                    for place in range(MOST_SPANS)
                ],
            }
            for weekday in range(7)
        ]

    def openings(self) -> list[Opening]:
        """What was typed. Needs a valid form."""
        found = []
        for weekday in range(7):
            for place in range(MOST_SPANS):
                base = Opening(weekday, place, None, None).field
                opens, closes = self.cleaned_data[f"{base}-opens"], self.cleaned_data[f"{base}-closes"]
                if opens is not None or closes is not None:
                    found.append(Opening(weekday, place, opens, closes))
        return found
