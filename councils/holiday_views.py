"""The days that due dates are counted around: everybody reads them, the secretary keeps them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_http_methods, require_safe

from councils.actions import set_holiday
from councils.actions.holidays import MAX_REASON, YEARS_AHEAD
from councils.models import Holiday, HolidayKind
from councils.permissions import may_keep_holidays
from people.access import public, signed_in
from people.verdicts import Refused


class HolidayForm(forms.Form):
    day = forms.DateField(label=_l("Gün"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    name = forms.CharField(label=_l("Ad"), max_length=120, help_text=_l("Örneğin: İdari izin"))
    kind = forms.ChoiceField(label=_l("O gün"), choices=HolidayKind.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_l("Dayanak"),
        max_length=MAX_REASON,
        help_text=_l("Hangi kararla, kim duyurdu; herkes okur. En az 10 harf."),
    )


@public
@require_safe
def holidays(request: HttpRequest) -> HttpResponse:
    """The holidays of a year, with what each is and where it comes from."""
    council, at = request.council, timezone.now()  # type: ignore[attr-defined]
    this_year = timezone.localtime(at).year
    years = list(range(this_year - 1, this_year + YEARS_AHEAD + 1))
    year = next((year for year in years if str(year) == request.GET.get("yil")), this_year)
    context = {
        "year": year,
        "years": years,
        "rows": list(Holiday.objects.filter(council=council, day__year=year)),
        "may_keep": bool(may_keep_holidays(request.user, council, at=at)),
    }
    return render(request, "councils/holidays.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def holiday_set(request: HttpRequest) -> HttpResponse:
    """The secretary says what is special about a day; running due dates are counted anew."""
    council, at = request.council, timezone.now()  # type: ignore[attr-defined]
    verdict = may_keep_holidays(request.user, council, at=at)
    refused: Any = "" if verdict else verdict.reason
    status = 200 if verdict else 403
    day = _day(request.GET.get("gun", ""))
    known = Holiday.objects.filter(council=council, day=day).first() if day else None
    initial = {"day": day, "name": known.name if known else "", "kind": known.kind if known else HolidayKind.OFF}
    form = HolidayForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and verdict:
        status = 422
        try:
            if form.is_valid():
                made = set_holiday(actor=request.user, council=council, at=at, **form.cleaned_data)  # type: ignore[arg-type]
                return HttpResponseRedirect(f"{reverse('holidays', args=[council.slug])}?yil={made.day.year}")
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                form.add_error(name, messages)
        except Refused as refusal:
            refused, status = refusal.reason, 403
    context = {"form": form, "refused": refused, "allowed": bool(verdict)}
    return render(request, "councils/holiday_set.html", context, status=status)


def _day(text: str) -> Any:
    try:
        return parse_date(text)
    except ValueError:
        return None
