"""What requests are about: the published rule, its words, one request's matter, and what a text is probably about."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from people.access import public, signed_in
from servicerequests import actions
from servicerequests.forms.matters import MatterWordsForm, SortForm
from servicerequests.models import Matter
from servicerequests.permissions import may_sort
from servicerequests.suggesting import current_model, suggest
from servicerequests.views.finding import find_readable
from servicerequests.views.going_back import back_to


@public
@require_safe
def request_matters(request: HttpRequest) -> HttpResponse:
    """The matters of the council's requests, the rule that finds them, and what it says of a text one tries."""
    council = request.council  # type: ignore[attr-defined]
    text = request.GET.get("metin", "").replace("\x00", "")[:2_000]
    model = current_model()
    may = bool(may_sort(request.user, council))
    matters = Matter.objects.filter(council=council).annotate(asked=Count("requests"))
    context = {
        "matters": matters if may else matters.filter(is_active=True),
        "may_sort": may,
        "text": text,
        "suggestions": suggest(council, text) if text else [],
        "tried": dict(model.tried) if model else {},
    }
    return render(request, "servicerequests/matters.html", context)


@public
@require_safe
def request_matter_hint(request: HttpRequest) -> HttpResponse:
    """What a subject is probably about while it is typed: a part of a page, from which one may choose it."""
    council = request.council  # type: ignore[attr-defined]
    text = request.GET.get("subject", "").replace("\x00", "")[:2_000]
    return render(
        request, "servicerequests/_matter_hint.html", {"suggestions": suggest(council, text), "may_choose": True}
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def request_matter_add(request: HttpRequest) -> HttpResponse:
    """One more matter."""
    may_sort(request.user, request.council).require()  # type: ignore[attr-defined]
    return _kept(request, None)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def request_matter_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """A matter's name and words."""
    council = request.council  # type: ignore[attr-defined]
    may_sort(request.user, council).require()
    matter = Matter.objects.filter(council=council, slug=slug).first()
    if matter is None:
        raise Http404
    return _kept(request, matter)


def _kept(request: HttpRequest, matter: Matter | None) -> HttpResponse:
    council = request.council  # type: ignore[attr-defined]
    initial: dict[str, Any] = {}
    if matter is not None:
        initial = {"name": matter.name, "name_en": matter.name_en, "is_active": matter.is_active}
        initial["words"] = ", ".join(matter.words)
    form, status = MatterWordsForm(request.POST or None, initial=initial), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.keep_matter(
                    actor=request.user, council=council, matter=matter, at=timezone.now(), **form.cleaned_data
                )
            except ValidationError as error:
                for name, sentences in error.message_dict.items():
                    form.add_error(name if name in form.fields else None, sentences)
            else:
                messages.success(request, _("Kaydedildi."))
                return HttpResponseRedirect(reverse("request_matters", args=[council.slug]))
    return render(request, "servicerequests/matter_form.html", {"form": form, "matter": matter}, status=status)


@signed_in
@require_POST
def request_matter_set(request: HttpRequest, number: str) -> HttpResponse:
    """Correct what a request is about."""
    at = timezone.now()
    found = find_readable(request, number, at=at)
    may_sort(request.user, found.council).require()
    form = SortForm(found.council, request.POST)
    if form.is_valid():
        actions.set_matter(actor=request.user, request=found, matter=form.cleaned_data["matter"], at=at)
        messages.success(request, _("Konu alanı kaydedildi."))
    else:
        messages.error(request, _("Listedeki konulardan birini seçin."))
    return HttpResponseRedirect(back_to(request, found))
