"""Forms of the office's list: what is to be done with the chosen proposals, and a view under a name."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from proposals.actions.bulk import Deed, Order
from proposals.models.office import LONGEST_TAG, LONGEST_VIEW_NAME
from proposals.reading.office import OfficeChoices
from proposals.reasons import REASONS
from proposals.stages import Stage

NOBODY = "yok"
WHOLE_CITY = "kent"
CHOOSE = {"required": _l("Birini seçin."), "invalid_choice": _l("Listeden birini seçin.")}


class OrderForm(forms.Form):
    """The one or two fields that a deed needs; the choices are those of the council."""

    def __init__(self, *args: Any, deed: Deed, choices: OfficeChoices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.deed, self.known = deed, choices
        self.fields.update(self._needed())

    def _needed(self) -> dict[str, forms.Field]:
        known = self.known
        match self.deed:
            case Deed.ASSIGN:
                staff = [(str(pk), person.display_name) for pk, person in known.staff.items()]
                return {"assignee": self._one_of(_l("Sorumlu"), [*staff, (NOBODY, _("Kimse (sorumluyu kaldır)"))])}
            case Deed.TAG:
                field = forms.CharField(
                    label=_l("Etiket"),
                    help_text=_l("Yalnız sekreterlik ve müdürlük görür. Yeni bir sözcük yeni bir etiket olur."),
                    max_length=LONGEST_TAG,
                    widget=forms.TextInput(attrs={"class": "short", "list": "known-tags", "autocomplete": "off"}),
                    error_messages={"required": _l("Etiketi yazın.")},
                )
                return {"tag": field}
            case Deed.UNTAG:
                return {"tag": self._one_of(_l("Etiket"), [(word, tag.name) for word, tag in known.tags.items()])}
            case Deed.THEME:
                themes = [(word, str(theme)) for word, theme in known.public.themes.items()]
                return {"theme": self._one_of(_l("Konu"), themes)}
            case Deed.DISTRICT:
                districts = [(word, district.name) for word, district in known.public.districts.items()]
                return {"district": self._one_of(_l("İlçe"), [(WHOLE_CITY, _("Kentin bütünü")), *districts])}
            case Deed.HAND_OVER:
                bodies = [(word, body.name) for word, body in known.public.bodies.items()]
                return {"body": self._one_of(_l("Grup ya da meclis"), bodies)}
            case Deed.REJECT:
                codes = [(str(code), str(code.label)) for code in REASONS[Stage.INADMISSIBLE]]
                reason = forms.CharField(
                    label=_l("Gerekçe"),
                    help_text=_l("Seçtiğiniz her önerinin yazarı ve herkes okur. En az 10 harf."),
                    max_length=2000,
                    min_length=10,
                    widget=forms.Textarea(attrs={"rows": 5}),
                    error_messages={
                        "required": _l("Gerekçeyi yazın."),
                        "min_length": _l("Gerekçeyi en az 10 harfle yazın."),
                    },
                )
                return {"reason_code": self._one_of(_l("Gerekçenin türü"), codes), "reason": reason}
        return {}

    @staticmethod
    def _one_of(label: Any, values: list[tuple[str, Any]]) -> forms.ChoiceField:
        return forms.ChoiceField(label=label, choices=[("", _("Seçin")), *values], error_messages=CHOOSE)

    def order(self) -> Order:
        """What was filled in, as the actions take it."""
        data, known = self.cleaned_data, self.known
        match self.deed:
            case Deed.ASSIGN:
                chosen = data["assignee"]
                return Order(self.deed, assignee=None if chosen == NOBODY else known.staff[int(chosen)])
            case Deed.TAG:
                return Order(self.deed, tag=data["tag"])
            case Deed.UNTAG:
                return Order(self.deed, old_tag=known.tags[data["tag"]])
            case Deed.THEME:
                return Order(self.deed, theme=known.public.themes[data["theme"]])
            case Deed.DISTRICT:
                return Order(self.deed, district=known.public.districts.get(data["district"]))
            case Deed.HAND_OVER:
                return Order(self.deed, body=known.public.bodies[data["body"]])
        return Order(self.deed, reason=data.get("reason", ""), reason_code=data.get("reason_code", ""))


class ViewForm(forms.Form):
    """A name for the filters of the list."""

    name = forms.CharField(label=_l("Görünümün adı"), max_length=LONGEST_VIEW_NAME)
    is_shared = forms.BooleanField(label=_l("Çalışma arkadaşlarım da görsün"), required=False)
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=4_000)
