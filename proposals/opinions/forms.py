"""What people type about an opinion. Forms check shape and length; what is allowed the actions decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _l

from proposals.actions.opinions.tallying import Figures
from proposals.forms import PlainText
from proposals.models import MAX_BODY_LENGTH, Opinion, Proposal

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "short"})
MOST_PEOPLE = 100_000


class ProposalChoice(forms.ModelMultipleChoiceField):
    """Proposals with a box each."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.number} · {obj.title}"


class ChooseForm(forms.Form):
    """Which proposals an opinion is made of."""

    proposals = ProposalChoice(
        label=_l("Öneriler"),
        queryset=Proposal.objects.none(),
        error_messages={
            "required": _l("En az bir öneri seçin."),
            "invalid_choice": _l("Seçtiğiniz bir öneri artık genel kurulda beklemiyor."),
        },
    )

    def __init__(self, *args: Any, rows: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["proposals"].queryset = rows  # type: ignore[attr-defined]


class OpinionForm(forms.Form):
    title = forms.CharField(label=_l("Başlık"), max_length=160, error_messages={"required": _l("Başlık yazın.")})
    text = PlainText(
        label=_l("Görüş metni"),
        help_text=_l("Önerilerin güncel metinleriyle başlar. **kalın**, - liste ve ## ara başlık yazabilirsiniz."),
        max_length=MAX_BODY_LENGTH,
        widget=forms.Textarea(attrs={"rows": 18}),
        error_messages={"required": _l("Görüşün metnini yazın.")},
    )
    proposals = ProposalChoice(
        label=_l("Bu görüşün önerileri"),
        help_text=_l("İşaretini kaldırdığınız öneri genel kurulda beklemeyi sürdürür."),
        queryset=Proposal.objects.none(),
        error_messages={
            "required": _l("Görüşte en az bir öneri kalsın."),
            "invalid_choice": _l("Seçtiğiniz bir öneri artık bu taslakta değil."),
        },
    )
    # What the person started from; another one meanwhile is told instead of overwritten.
    base = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    def __init__(self, *args: Any, rows: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["proposals"].queryset = rows  # type: ignore[attr-defined]

    @staticmethod
    def of(opinion: Opinion, rows: Any) -> dict[str, Any]:
        return {"title": opinion.title, "text": opinion.text, "base": opinion.revision, "proposals": rows}


class TallyForm(forms.Form):
    """What the signed minutes of the assembly say."""

    held_on = forms.DateField(label=_l("Toplantı günü"), widget=DAY)
    present = forms.IntegerField(label=_l("Toplantıya katılan üye"), min_value=0, max_value=MOST_PEOPLE)
    votes_for = forms.IntegerField(label=_l("Kabul"), min_value=0, max_value=MOST_PEOPLE)
    votes_against = forms.IntegerField(label=_l("Ret"), min_value=0, max_value=MOST_PEOPLE)
    votes_abstain = forms.IntegerField(label=_l("Çekimser"), min_value=0, max_value=MOST_PEOPLE)
    file = forms.FileField(
        label=_l("Tutanak (PDF)"),
        help_text=_l("İmzalı tutanağın taraması. Sonuç onaylanınca herkes okur."),
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
        error_messages={"required": _l("Tutanağı seçin."), "empty": _l("Bu dosya boş.")},
        max_length=400,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("present", "votes_for", "votes_against", "votes_abstain"):
            self.fields[name].widget.attrs["class"] = "short"

    def figures(self) -> Figures:
        return Figures(
            **{
                name: self.cleaned_data[name]
                for name in ("held_on", "present", "votes_for", "votes_against", "votes_abstain")
            }
        )


class RejectTallyForm(forms.Form):
    reason = PlainText(
        label=_l("Tutanakla uyuşmayan ne?"),
        help_text=_l("Girenin ne düzelteceğini yazın; en az 10 harf."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _l("Gerekçe yazın.")},
    )


class SendForm(forms.Form):
    sent_on = forms.DateField(label=_l("Belediyeye verildiği gün"), widget=DAY)
    registry_number = forms.CharField(
        label=_l("Evrak kayıt numarası"),
        help_text=_l("Belediyenin verdiği numara, örneğin E-4821."),
        max_length=40,
        error_messages={"required": _l("Evrak kayıt numarasını yazın.")},
    )
