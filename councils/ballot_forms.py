"""What the page asks that opens a council's ballot."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from ballots.models import (
    COUNTED_BASES,
    MAX_PROXIES,
    MAX_SCORE,
    RANKED,
    Base,
    Majority,
    Method,
    ResultsVisibility,
    RollRule,
    TieRule,
)
from ballots.rules import Rule
from councils.chairs import PRESIDING, chairing_seats
from councils.models import (
    Body,
    BodyQuerySet,
    Council,
    CouncilBallot,
    District,
    Electorate,
    Membership,
    ProxyScope,
)
from councils.permissions import is_secretary, leads
from people.models import AnyPerson
from turkish.functions import SortKey


def electorates_for(person: AnyPerson, council: Council, *, at: datetime) -> list[tuple[str, list[tuple[str, str]]]]:
    """Whom the person may ask, in groups for a select list; empty when nobody."""
    bodies = list(Body.objects.visible_to(person).filter(council=council, is_active=True).alphabetical())
    groups: list[tuple[str, list[tuple[str, str]]]] = []
    if is_secretary(person, council, at=at):
        residents = [(Electorate.RESIDENTS.value, _("Bütün hemşehriler"))]
        districts = [
            (f"district-{d.pk}", _("%(district)s hemşehrileri") % {"district": d}) for d in council.districts.all()
        ]
        groups.append((_("Hemşehriler"), residents + districts))
    else:
        bodies = [body for body in bodies if leads(person, body, at=at)]
    if bodies:
        groups.append((_("Organ üyeleri"), [(f"body-{body.pk}", body.name) for body in bodies]))
        groups.append(
            (_("Kuruluşlar, her birinden bir temsilci"), [(f"organisations-{body.pk}", body.name) for body in bodies])
        )
    return groups


def chairs_for(person: AnyPerson, council: Council, *, at: datetime) -> list[tuple[str, str]]:
    """Who may be named as chair of a ballot the person opens: a seat each, the council's presidents first."""
    of_council = list(chairing_seats(council, None, at=at))
    bodies = Body.objects.visible_to(person).filter(council=council, is_active=True)
    seats = Membership.objects.on(timezone.localtime(at).date()).filter(
        body__in=bodies, role__in=PRESIDING, person__is_active=True
    )
    if not is_secretary(person, council, at=at):
        led = Membership.objects.on(timezone.localtime(at).date()).leading().filter(person_id=person.pk)
        seats = seats.filter(body__in=led.values("body"))
    others = seats.exclude(pk__in=[seat.pk for seat in of_council]).select_related("person", "body")
    found = [*of_council, *others.order_by(SortKey("body__name"), "pk")]
    return [
        (str(seat.pk), f"{seat.person.display_name} · {seat.body.name}, {seat.get_role_display()}") for seat in found
    ]


class CouncilBallotForm(forms.Form):
    """A question, who is asked, how they vote, how it is counted, and when."""

    electorate = forms.ChoiceField(
        label=_l("Kimler oy verecek?"), error_messages={"required": _l("Kimlerin oy vereceğini seçin.")}
    )
    question = forms.CharField(
        label=_l("Soru"), max_length=300, error_messages={"required": _l("Oylanacak soruyu yazın.")}
    )
    method = forms.ChoiceField(label=_l("Yöntem"), choices=Method.choices, initial=Method.YES_NO)
    options = forms.CharField(
        label=_l("Seçenekler"),
        help_text=_l("Her satıra bir seçenek. Kabul, ret oylamasında boş bırakın."),
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
    )
    seats = forms.IntegerField(label=_l("Kaç seçenek kazanacak?"), min_value=1, max_value=50, initial=1)
    least = forms.IntegerField(
        label=_l("En az kaç seçenek işaretlenmeli?"), help_text=_l("Yalnızca onay oylamasında."), min_value=1, initial=1
    )
    most = forms.IntegerField(
        label=_l("En çok kaç seçenek işaretlenebilir?"),
        help_text=_l("Yalnızca onay oylamasında. Boşsa hepsi."),
        min_value=1,
        required=False,
    )
    highest = forms.IntegerField(
        label=_l("En yüksek puan"),
        help_text=_l("Yalnızca puan oylamasında."),
        min_value=1,
        max_value=MAX_SCORE,
        initial=5,
    )
    allows_blank = forms.BooleanField(label=_l("Boş oy verilebilsin"), required=False, initial=True)
    tie_rule = forms.ChoiceField(
        label=_l("Eşitlik olursa"),
        choices=[("", _l("Yöntemin olağan kuralı")), *TieRule.choices],
        required=False,
    )
    chair = forms.TypedChoiceField(
        label=_l("Eşitlikte karar verecek başkan"),
        help_text=_l(
            "Yalnızca eşitlikte başkanın oyu belirleyiciyse. Adı oylamanın kuralında yazar, sonradan değişmez."
        ),
        coerce=int,
        empty_value=None,
        required=False,
    )
    quorum_percent = forms.IntegerField(
        label=_l("Yeter sayı, oy hakkı olanların yüzdesi"),
        help_text=_l("Aranmıyorsa 0 yazın."),
        min_value=0,
        max_value=100,
        initial=0,
    )
    quorum_base = forms.ChoiceField(
        label=_l("Yeter sayıya kimler katılır?"),
        choices=[(base.value, base.label) for base in COUNTED_BASES],
        initial=Base.CAST,
    )
    majority = forms.ChoiceField(
        label=_l("Çoğunluk"),
        choices=[("", _l("Yöntemin olağan kuralı")), *Majority.choices],
        required=False,
    )
    threshold_base = forms.ChoiceField(label=_l("Çoğunluğun esası"), choices=Base.choices, initial=Base.VALID)
    present = forms.IntegerField(
        label=_l("Toplantıda bulunanların sayısı"),
        help_text=_l("Yalnızca esas “toplantıda bulunanlar” ise."),
        min_value=1,
        required=False,
    )
    roll_rule = forms.ChoiceField(label=_l("Oy hakkı listesi"), choices=RollRule.choices, initial=RollRule.FIXED)
    visibility = forms.ChoiceField(
        label=_l("Sonuçlar ne zaman görünsün?"),
        choices=ResultsVisibility.choices,
        widget=forms.RadioSelect,
        initial=ResultsVisibility.AFTER_CLOSING,
    )
    opens_on = forms.DateField(label=_l("Açılış günü"), help_text=_l("Boşsa oylama hemen açılır."), required=False)
    opens_time = forms.TimeField(label=_l("Açılış saati"), required=False)
    closes_on = forms.DateField(label=_l("Kapanış günü"), error_messages={"required": _l("Kapanış gününü yazın.")})
    closes_time = forms.TimeField(label=_l("Kapanış saati"), error_messages={"required": _l("Kapanış saatini yazın.")})

    def __init__(self, *args: Any, council: Council, groups: list[Any], chairs: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.council = council
        self.fields["electorate"].choices = groups  # type: ignore[attr-defined]
        usual = ("", _("Sorulan organın başkanı; çalışma grubunda kolaylaştırıcısı"))
        self.fields["chair"].choices = [usual, *chairs]  # type: ignore[attr-defined]
        for name in ("opens_on", "closes_on"):
            self.fields[name].widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "short"})
        for name in ("opens_time", "closes_time"):
            self.fields[name].widget = forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "short"})

    @staticmethod
    def starting(*, days: int, at: datetime) -> dict[str, Any]:
        day = timezone.localtime(at).date()
        return {"closes_on": day + timedelta(days=days), "closes_time": time(18)}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["opens_at"] = self._moment("opens_on", "opens_time")
        data["closes_at"] = self._moment("closes_on", "closes_time")
        if bool(data.get("opens_on")) != bool(data.get("opens_time")):
            self.add_error("opens_on", _("Açılış gününü ve saatini birlikte yazın ya da ikisini de boş bırakın."))
        return data

    def _moment(self, day_name: str, time_name: str) -> datetime | None:
        day: date | None = self.cleaned_data.get(day_name)
        clock: time | None = self.cleaned_data.get(time_name)
        if day is None or clock is None:
            return None
        return timezone.make_aware(datetime.combine(day, clock))

    def asked(self) -> CouncilBallot:
        """Whom the ballot asks; its ids were offered, so they are this council's."""
        kind, _dash, number = self.cleaned_data["electorate"].partition("-")
        asked = CouncilBallot(council=self.council, electorate=kind)
        if kind == Electorate.DISTRICT:
            asked.district = District.objects.get(pk=number, council=self.council)
        elif kind in (Electorate.BODY, Electorate.ORGANISATIONS):
            asked.body = Body.objects.get(pk=number, council=self.council)
        return asked

    def rule(self) -> Rule:
        data = self.cleaned_data
        method = data["method"]
        ranked = method in RANKED
        rule = Rule(
            method=method,
            options=[line for line in data["options"].splitlines() if line.strip()],
            seats=data["seats"],
            least=data["least"],
            most=data["most"],
            highest=data["highest"],
            allows_blank=data["allows_blank"],
            quorum_base=data["quorum_base"],
            threshold_base=data["threshold_base"],
            present=data["present"],
            roll_rule=data["roll_rule"],
            visibility=ResultsVisibility.AFTER_CLOSING if ranked else data["visibility"],
        )
        if data["tie_rule"]:  # left open, the method says what holds
            rule["tie_rule"] = data["tie_rule"]
        if data["majority"]:
            rule["majority"] = data["majority"]
        return rule

    def take_errors(self, error: ValidationError) -> None:
        for name, messages in error.message_dict.items():
            self.add_error(name if name in self.fields else None, messages)


class ProxyRuleForm(forms.Form):
    """Whose ballots a rule about proxies is for, how many one person may hold, and on what it rests."""

    place = forms.ChoiceField(
        label=_l("Hangi oylamalar için?"),
        error_messages={"required": _l("Kuralın hangi oylamalar için olduğunu seçin.")},
    )
    limit = forms.TypedChoiceField(
        label=_l("Bir kişi en çok kaç kişinin vekili olabilir?"),
        choices=[
            ("0", _l("Vekâlet verilemez")),
            *((str(n), str(n)) for n in range(1, MAX_PROXIES + 1)),
            ("", _l("Organların ortak kuralı geçerli olsun")),
        ],
        coerce=int,
        empty_value=None,
        required=False,
        initial="1",
    )
    reason = forms.CharField(
        label=_l("Dayanak"),
        help_text=_l("Kararın tarihi ve numarası ya da yönergenin maddesi. Herkes okur. En az 10 harf."),
        max_length=300,
        error_messages={"required": _l("Dayanağı yazın.")},
    )

    def __init__(self, data: QueryDict | None, *, bodies: BodyQuerySet) -> None:
        super().__init__(data)
        self.bodies = {f"body-{body.pk}": body for body in bodies}
        general = [(scope.value, scope.label) for scope in (ProxyScope.RESIDENTS, ProxyScope.BODIES)]
        own = [(key, body.name) for key, body in self.bodies.items()]
        self.fields["place"].choices = [*general, (_("Kendi kuralı olan organ"), own)] if own else general  # type: ignore[attr-defined]

    def said(self) -> dict[str, Any]:
        """What the action takes."""
        data = self.cleaned_data
        body = self.bodies.get(data["place"])
        scope = data["place"] if body is None else ProxyScope.BODY
        return {"scope": scope, "body": body, "limit": data["limit"], "reason": data["reason"]}

    def take_errors(self, error: ValidationError) -> None:
        for name, messages in error.message_dict.items():
            name = "place" if name == "body" else name
            self.add_error(name if name in self.fields else None, messages)
