"""Forms of matters: the words of the rule, and what one request is about."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from councils.models import Council
from servicerequests.models import Matter


class MatterWordsForm(forms.Form):
    """A matter and the words by which the rule finds it."""

    name = forms.CharField(
        label=_l("Ad"), max_length=80, error_messages={"required": _l("Konunun adını 2 ile 80 harf arasında yazın.")}
    )
    name_en = forms.CharField(label=_l("İngilizce adı"), max_length=80, required=False)
    words = forms.CharField(
        label=_l("Sözcükler"),
        required=False,
        max_length=9_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_l(
            "Virgülle ayırın. Yıldızla biten sözcük, onunla başlayan bütün sözcükleri sayar: cop*, çöp* ile aynıdır."
        ),
    )
    is_active = forms.BooleanField(label=_l("Kullanımda"), required=False, initial=True)


class SortForm(forms.Form):
    """What a request is about."""

    matter = forms.ModelChoiceField(
        Matter.objects.none(),
        label=_l("Konu alanı"),
        required=False,
        to_field_name="slug",
        error_messages={"invalid_choice": _l("Listedeki konulardan birini seçin.")},
    )

    def __init__(self, council: Council, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["matter"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Matter.objects.filter(council=council, is_active=True)
        field.empty_label = _("Belli değil")
        field.label_from_instance = lambda matter: matter.title  # type: ignore[method-assign]
