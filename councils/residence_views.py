"""One's own settings, and the desk where officers verify residents."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from councils.actions import declare_residence, verify_residence
from councils.models import Council, Residence
from councils.paging import page_of
from councils.permissions import may_verify_residence
from councils.residence_forms import IdentityForm, ResidenceForm
from councils.residents import MAX_TEXT, find_residents, read_resident
from people.access import signed_in
from people.actions import change_profile, give_age_band
from people.forms import AgeBandForm, ProfileForm
from people.language import speak
from people.verdicts import Refused

RESIDENTS_ON_A_PAGE = 20
# A refusal about the number stands beside the number; the others above the form.
ABOUT_THE_NUMBER = {"identity_taken", "other_identity"}


# --- Settings -------------------------------------------------------------------------------------
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def settings_page(request: HttpRequest) -> HttpResponse:
    """Name and language, and beside them everything else one can set."""
    if request.method != "POST":
        return _settings(request)
    form = ProfileForm(request.POST)
    if not form.is_valid():
        return _settings(request, profile=form, status=422)
    person = change_profile(actor=request.user, **form.cleaned_data)
    speak(request, person.language)
    messages.success(request, _("Adınız ve diliniz kaydedildi."))
    return HttpResponseRedirect(reverse("settings"))


@signed_in
@require_POST
def settings_residence(request: HttpRequest) -> HttpResponse:
    """Where one lives."""
    form = ResidenceForm(request.POST, prefix="residence")
    if not form.is_valid():
        return _settings(request, residence_form=form, status=422)
    declare_residence(actor=request.user, district=form.cleaned_data["district"], at=timezone.now())
    messages.success(request, _("Oturduğunuz ilçe kaydedildi."))
    return HttpResponseRedirect(reverse("settings") + "#residence")


@signed_in
@require_POST
def settings_age_band(request: HttpRequest) -> HttpResponse:
    """One's age band, given freely; the button that takes it back needs no form."""
    band = ""
    if "remove" not in request.POST:
        form = AgeBandForm(request.POST, prefix="age")
        if not form.is_valid():
            return _settings(request, age_form=form, status=422)
        band = form.cleaned_data["age_band"]
    give_age_band(actor=request.user, band=band, at=timezone.now())
    messages.success(request, _("Yaş aralığınız kaydedildi.") if band else _("Yaş aralığınız silindi."))
    return HttpResponseRedirect(reverse("settings") + "#age")


def _settings(
    request: HttpRequest,
    *,
    age_form: AgeBandForm | None = None,
    profile: ProfileForm | None = None,
    residence_form: ResidenceForm | None = None,
    status: int = 200,
) -> HttpResponse:
    person = request.user
    residence = Residence.objects.select_related("council", "district").filter(person=person).first()
    context = {
        "profile": profile or ProfileForm(initial={"display_name": person.display_name, "language": person.language}),
        "age_form": age_form or AgeBandForm(initial={"age_band": person.age_band}, prefix="age"),
        "residence": residence,
        "residence_form": residence_form
        or ResidenceForm(initial={"district": residence and residence.district_id}, prefix="residence"),
    }
    return render(request, "people/settings.html", context, status=status)


# --- The desk -------------------------------------------------------------------------------------
@signed_in
@never_cache
@require_safe
def residence_desk(request: HttpRequest) -> HttpResponse:
    """Who declared to live here and waits for verification, oldest first; or who is verified, newest first."""
    council: Council = request.council
    is_verified = request.GET.get("durum") == "dogrulanan"
    text = request.GET.get("q", "").replace("\x00", "").strip()[:MAX_TEXT]
    residents = find_residents(request.user, council, verified=is_verified, text=text, at=timezone.now())
    page = page_of(
        request,
        residents,
        by=["verified_at" if is_verified else "declared_at", "pk"],
        descending=is_verified,
        size=RESIDENTS_ON_A_PAGE,
    )
    context = {"page": page, "is_verified": is_verified, "text": text}
    return render(request, "councils/residence_desk.html", context)


@sensitive_post_parameters("national_number")
@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def residence_person(request: HttpRequest, person_id: int) -> HttpResponse:
    """One person's record: what they declared, and the check of their identity."""
    council: Council = request.council
    at = timezone.now()
    residence = read_resident(request.user, council, person_id, at=at)
    if residence is None:
        raise Http404
    verdict = may_verify_residence(request.user, council, residence.person, at=at)
    if request.method != "POST":
        return _resident(request, residence, verdict=verdict)
    return _verify(request, residence)


@sensitive_variables()
def _verify(request: HttpRequest, residence: Residence) -> HttpResponse:
    form = IdentityForm(request.POST)
    if not form.is_valid():
        return _resident(request, residence, form=form, status=422)
    try:
        verify_residence(
            actor=request.user,
            person=residence.person,
            council=residence.council,
            number=form.cleaned_data["national_number"],
            at=timezone.now(),
        )
    except Refused as refused:
        if refused.code in ABOUT_THE_NUMBER:
            form.add_error("national_number", refused.reason)
            return _resident(request, residence, form=form, status=422)
        return _resident(request, residence, form=form, refused=refused.reason, status=403)
    messages.success(request, _("Hemşehrilik doğrulandı."))
    return HttpResponseRedirect(reverse("residence_person", args=[residence.council.slug, residence.person_id]))


def _resident(request: HttpRequest, residence: Residence, *, status: int = 200, **context: Any) -> HttpResponse:
    context = {"form": IdentityForm(), "residence": residence, "resident": residence.person} | context
    return render(request, "councils/residence_person.html", context, status=status)
