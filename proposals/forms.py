"""What people type about a proposal. Forms check shape and length; what is allowed and complete the actions decide."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from ballots.models import ResultsVisibility
from councils.models import Body, Council, District, Theme
from organisations.models import Organisation
from people.models import Person
from proposals.amending import AmendmentKind, AmendmentReason
from proposals.models import MAX_BODY_LENGTH, Proposal
from proposals.models.amendment import LONGEST_REASON
from proposals.reasons import REASONS
from proposals.stages import Stage

MAX_TITLE = 120
MAX_SUMMARY = 400
MAX_REASON = 2000
# How far from the council's centre a point may lie, in degrees: a province and its neighbours.
REACH = 2.0


def take_errors(form: forms.Form, error: ValidationError) -> None:
    """Put what an action found beside the fields; what belongs to no field goes on top."""
    found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for name, messages in found.items():
        for message in messages:
            form.add_error(name if name in form.fields else None, message)


class PlainText(forms.CharField):
    """Text as typed, with the line ends of one kind. A NUL is refused by the field itself."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n").replace("\r", "\n")


class Degrees(forms.FloatField):
    """Degrees with a point or, as Turkish writes them, a comma."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "short"})
    default_error_messages = {"invalid": _l("Derece olarak bir sayı yazın, örneğin 40,7654.")}

    def to_python(self, value: Any) -> float | None:
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)


# --- The questions of a draft ---------------------------------------------------------------------
class StepForm(forms.Form):
    """One question of a draft. Nothing is required here: a draft is saved as far as it goes."""

    def __init__(self, *args: Any, proposal: Proposal, person: Person, **kwargs: Any) -> None:
        self.proposal, self.person = proposal, person
        kwargs.setdefault("initial", self.stored(proposal))
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False

    def stored(self, proposal: Proposal) -> dict[str, Any]:
        return {name: getattr(proposal, name) for name in self.base_fields}


class TitleForm(StepForm):
    title = forms.CharField(
        label=_l("Öneriniz tek cümleyle ne istiyor?"),
        help_text=_l("Ne, nerede? Örneğin: “Sahil yolunda kesintisiz bisiklet yolu”. En çok 120 harf."),
        required=False,
        max_length=MAX_TITLE,
    )


class TextForm(StepForm):
    summary = PlainText(
        label=_l("Kısaca anlatın"),
        help_text=_l("Bir iki cümle; listelerde ve paylaşımlarda bu görünür."),
        required=False,
        max_length=MAX_SUMMARY,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    text = PlainText(
        label=_l("Öneri metni"),
        help_text=_l(
            "Sorun ne, ne yapılsın, kime yarar? **kalın**, - liste, ## ara başlık ve [bağlantı](https://…) yazabilirsiniz."
        ),
        required=False,
        max_length=MAX_BODY_LENGTH,
        widget=forms.Textarea(attrs={"rows": 14}),
    )


class PointMixin(forms.Form):
    """Two fields that are given together and lie in the council's reach."""

    council: Council

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        latitude, longitude = data.get("latitude"), data.get("longitude")
        if "latitude" in self.errors or "longitude" in self.errors:
            return data
        if (latitude is None) != (longitude is None):
            missing = "latitude" if latitude is None else "longitude"
            self.add_error(missing, _("Nokta için enlem ve boylam birlikte yazılır."))
        elif latitude is not None and (
            abs(latitude - self.council.latitude) > REACH or abs(longitude - self.council.longitude) > REACH
        ):
            self.add_error("latitude", _("Bu nokta kentin dışında kalıyor."))
        return data


class TopicForm(StepForm, PointMixin):
    theme = forms.ModelChoiceField(
        label=_l("Hangi konuda?"), queryset=Theme.objects.none(), required=False, empty_label=_l("Seçin")
    )
    district = forms.ModelChoiceField(
        label=_l("Nerede?"),
        help_text=_l("Öneriniz bir ilçeyle ilgiliyse seçin."),
        queryset=District.objects.none(),
        required=False,
        empty_label=_l("Kentin bütünü"),
    )
    latitude = Degrees(label=_l("Enlem"), required=False, min_value=-90, max_value=90)
    longitude = Degrees(label=_l("Boylam"), required=False, min_value=-180, max_value=180)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.council = self.proposal.council
        themes = Theme.objects.filter(council=self.council, is_active=True)
        if self.proposal.theme_id:  # a theme that was closed meanwhile stays chosen
            themes = themes | Theme.objects.filter(pk=self.proposal.theme_id)
        self.fields["theme"].queryset = themes  # type: ignore[attr-defined]
        self.fields["district"].queryset = District.objects.filter(council=self.council)  # type: ignore[attr-defined]


class AddressForm(StepForm):
    addressed_to = forms.ModelChoiceField(
        label=_l("Öneriniz kime gitsin?"), queryset=Body.objects.none(), required=False, widget=forms.RadioSelect
    )
    on_behalf_of = forms.ModelChoiceField(
        label=_l("Kimin adına yazıyorsunuz?"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_l("Kendi adıma"),
        blank=True,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies = Body.objects.filter(council=self.proposal.council).take_proposals().alphabetical()
        self.fields["addressed_to"].queryset = bodies  # type: ignore[attr-defined]
        mine = Organisation.objects.represented_by(self.person, on=timezone.localdate()).alphabetical()
        self.fields["on_behalf_of"].queryset = mine  # type: ignore[attr-defined]


class AttachmentForm(forms.Form):
    file = forms.FileField(
        label=_l("Dosya"),
        help_text=format_lazy(
            _l("PDF, JPEG, PNG ya da WebP; en çok {size} MB. Görsellerdeki konum bilgisi silinir."),
            size=settings.ATTACHMENT_MAX_BYTES // (1024 * 1024),
        ),
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png,image/webp"}),
        error_messages={
            "required": _l("Bir dosya seçin."),
            "empty": _l("Bu dosya boş."),
            "invalid": _l("Dosya gelmedi; yeniden seçin."),
        },
        max_length=400,
    )
    description = forms.CharField(label=_l("Açıklama"), help_text=_l("Dosyada ne var?"), required=False, max_length=200)


# --- After submission -----------------------------------------------------------------------------
class RevisionForm(forms.Form):
    title = forms.CharField(label=_l("Başlık"), max_length=MAX_TITLE)
    summary = PlainText(label=_l("Özet"), max_length=MAX_SUMMARY, widget=forms.Textarea(attrs={"rows": 3}))
    text = PlainText(label=_l("Öneri metni"), max_length=MAX_BODY_LENGTH, widget=forms.Textarea(attrs={"rows": 14}))
    note = forms.CharField(
        label=_l("Neyi, neden değiştirdiniz?"),
        help_text=_l("Destekleyenler ve öneriyi görüşenler bu notu okur."),
        max_length=300,
        required=False,
    )
    # The version the person started from; another one meanwhile is told instead of overwritten.
    base = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=32_767)


class ReasonForm(forms.Form):
    """A decision with a reason that the author and every supporter read, of one of the kinds an exit knows."""

    reason_code = forms.ChoiceField(
        label=_l("Gerekçenin türü"),
        widget=forms.RadioSelect,
        error_messages={"required": _l("Gerekçenin türünü seçin.")},
    )
    reason = PlainText(
        label=_l("Gerekçe"),
        help_text=_l("Öneriyi yazan, destekleyenler ve herkes okur. En az 10 harf."),
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 5}),
        min_length=10,
        error_messages={
            "required": _l("Gerekçeyi yazın."),
            "min_length": _l("Gerekçeyi en az 10 harfle yazın; öneriyi yazan ve destekleyenler okuyacak."),
        },
    )

    def __init__(self, *args: Any, exit_to: Stage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes: Any = self.fields["reason_code"]
        codes.choices = [(code.value, code.label) for code in REASONS[exit_to]]


class MergeForm(ReasonForm):
    """Into which proposal another one goes, and why."""

    into = forms.CharField(
        label=_l("Hangi öneriyle birleşsin?"),
        help_text=_l("Önerinin numarası, örneğin KOC-2026-0042."),
        max_length=20,
        widget=forms.TextInput(attrs={"class": "short", "autocomplete": "off"}),
        error_messages={"required": _l("Önerinin numarasını yazın.")},
    )
    field_order = ["into", "reason_code", "reason"]

    def __init__(self, *args: Any, proposal: Proposal, **kwargs: Any) -> None:
        super().__init__(*args, exit_to=Stage.MERGED, **kwargs)
        self.proposal = proposal

    def clean_into(self) -> Proposal:
        number = self.cleaned_data["into"].strip().upper()
        found = Proposal.objects.filter(council=self.proposal.council_id, number=number).exclude(number="").first()
        if found is None or found.pk == self.proposal.pk:
            raise ValidationError(_("Bu konseyde böyle başka bir öneri yok."), code="unknown")
        return found


class PartForm(forms.Form):
    """One of the proposals another is taken apart into; an empty one past the first two is left out."""

    title = forms.CharField(label=_l("Başlık"), max_length=MAX_TITLE, required=False)
    summary = PlainText(
        label=_l("Özet"), max_length=MAX_SUMMARY, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    text = PlainText(
        label=_l("Öneri metni"), max_length=MAX_BODY_LENGTH, required=False, widget=forms.Textarea(attrs={"rows": 8})
    )

    def __init__(self, *args: Any, is_needed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_needed = is_needed

    def clean(self) -> None:
        """What a part needs is said where it is missing."""
        if self.is_needed or not self.is_empty:
            for name, sentence in (("title", _("Parçanın başlığını yazın.")), ("text", _("Parçanın metnini yazın."))):
                if name not in self.errors and not self.cleaned_data.get(name, "").strip():
                    self.add_error(name, ValidationError(sentence, code="required"))

    @property
    def is_empty(self) -> bool:
        return not any(self.cleaned_data.get(name, "").strip() for name in ("title", "summary", "text"))


class AnswerForm(forms.Form):
    """What the directorate will do with a proposal that was made to it."""

    reason = PlainText(
        label=_l("Yanıt"),
        help_text=_l("Ne yapılacağını ve kimin yapacağını yazın. Herkes okur; en az 10 harf."),
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _l("Yanıtı yazın.")},
    )


class AmendmentForm(forms.Form):
    """A change to one paragraph, and why."""

    kind = forms.ChoiceField(label=_l("Ne yapılsın?"), choices=AmendmentKind.choices, widget=forms.RadioSelect)
    text = PlainText(
        label=_l("Yeni metin"),
        help_text=_l("Paragrafın olmasını istediğiniz hâli ya da eklenecek paragraf. Çıkarmak için boş kalabilir."),
        required=False,
        max_length=MAX_BODY_LENGTH,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    reason = forms.CharField(
        label=_l("Neden?"),
        help_text=_l("Önerinin yazarı, görüşenler ve herkes okur. En az 10 harf."),
        max_length=LONGEST_REASON,
        error_messages={"required": _l("Gerekçeyi yazın.")},
    )
    # What the writer had before them; a paragraph that changed meanwhile is told instead of guessed.
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    renews = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=32_767)
    # What the typed words change, when the writer asks to see it.
    preview: Any = None

    def __init__(self, *args: Any, position: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not position:
            self.fields["kind"].choices = [(AmendmentKind.INSERT.value, _l("Metnin başına ekle"))]  # type: ignore[attr-defined]


class AmendmentDecisionForm(forms.Form):
    """What is said when an amendment is accepted or declined; a refusal needs both."""

    needs_reason = True

    reason_code = forms.ChoiceField(
        label=_l("Reddedecekseniz gerekçenin türü"),
        choices=[("", _l("Seçin")), *AmendmentReason.choices],
        required=False,
    )
    reason = PlainText(
        label=_l("Gerekçe"),
        help_text=_l("Önergeyi veren ve herkes okur. Kabul ederken boş kalabilir; reddederken en az 10 harf."),
        required=False,
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.needs_reason and not data.get("reason_code"):
            self.add_error("reason_code", _("Gerekçenin türünü seçin."))
        return data


class BallotForm(forms.Form):
    """When the ballot opens and closes, and when its results may be read."""

    opening = forms.ChoiceField(
        label=_l("Ne zaman açılsın?"),
        choices=[("now", _l("Hemen")), ("later", _l("Belirli bir zamanda"))],
        widget=forms.RadioSelect,
        initial="now",
    )
    opens_on = forms.DateField(label=_l("Açılış günü"), required=False)
    opens_time = forms.TimeField(label=_l("Açılış saati"), required=False)
    closes_on = forms.DateField(label=_l("Kapanış günü"))
    closes_time = forms.TimeField(label=_l("Kapanış saati"))
    visibility = forms.ChoiceField(
        label=_l("Sonuçlar ne zaman görünsün?"),
        choices=ResultsVisibility.choices,
        widget=forms.RadioSelect,
        initial=ResultsVisibility.LIVE,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("opens_on", "closes_on"):
            self.fields[name].widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "short"})
        for name in ("opens_time", "closes_time"):
            self.fields[name].widget = forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "short"})

    @staticmethod
    def starting(*, days: int, at: datetime) -> dict[str, Any]:
        """The procedure's length from now, to the end of the working day."""
        day = timezone.localtime(at).date()
        return {
            "opening": "now",
            "visibility": ResultsVisibility.LIVE,
            "opens_on": day + timedelta(days=1),
            "opens_time": time(9),
            "closes_on": day + timedelta(days=days),
            "closes_time": time(18),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["closes_at"] = self._moment("closes_on", "closes_time")
        data["opens_at"] = None
        if data.get("opening") == "later":
            for name in ("opens_on", "opens_time"):
                if data.get(name) is None and name not in self.errors:
                    self.add_error(name, _("Açılış zamanını yazın."))
            data["opens_at"] = self._moment("opens_on", "opens_time")
        return data

    def _moment(self, day_name: str, time_name: str) -> datetime | None:
        day: date | None = self.cleaned_data.get(day_name)
        clock: time | None = self.cleaned_data.get(time_name)
        if day is None or clock is None:
            return None
        try:
            return timezone.make_aware(datetime.combine(day, clock))
        except (OverflowError, ValueError):
            self.add_error(day_name, _("Bu tarih takvimde yok."))
            return None

    def take_errors(self, error: ValidationError) -> None:
        """The action speaks of moments, the form of days."""
        names = {"closes_at": "closes_on", "opens_at": "opens_on"}
        for name, messages in error.message_dict.items():
            self.add_error(names.get(name), messages)
