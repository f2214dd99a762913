"""What a desk goes by: everybody reads its types, units and hours; who leads it writes them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from councils.paging import page_of
from people.access import public, signed_in
from servicerequests import actions
from servicerequests.actions.types import rules_of, what_keeps_a_type_from_working
from servicerequests.desk_rules import TypeRules
from servicerequests.forms.types import HoursForm, QuestionForms, TypeForm, UnitForm
from servicerequests.models import DeskUnit, Filer, OfficeSpan, Priority, RequestType, RequestTypeVersion
from servicerequests.permissions import may_keep_rules
from servicerequests.type_reading import (
    hours_in_words,
    newest_versions,
    preview_of,
    rules_in_words,
    units_of,
    version_lines,
)

ON_A_PAGE = 10


@public
@require_safe
def request_rules(request: HttpRequest) -> HttpResponse:
    """Who may ask what, in how many days it is answered and by which law; the units and when they are open."""
    council = request.council  # type: ignore[attr-defined]
    may_keep = bool(may_keep_rules(request.user, council))
    context = {
        "types": [
            {"version": version, "rules": rules_in_words(version)}
            for version in newest_versions(council, with_closed=may_keep)
        ],
        "units": units_of(council, with_retired=may_keep),
        "hours": hours_in_words(council),
        "may_keep": may_keep,
    }
    return render(request, "servicerequests/rules/index.html", context)


@signed_in
@require_POST
def request_rules_start(request: HttpRequest) -> HttpResponse:
    """Begin with the types, units and hours that directorates start with."""
    council = request.council  # type: ignore[attr-defined]
    actions.open_desk(actor=request.user, council=council, at=timezone.now())
    messages.success(
        request, _("Hazır türler, birimler ve çalışma saatleri yazıldı. Gözden geçirip değiştirebilirsiniz.")
    )
    return HttpResponseRedirect(reverse("request_rules", args=[council.slug]))


@public
@require_safe
def request_type_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A type: what it promises, its form as an applicant sees it, and every version there was with what it changed."""
    council = request.council  # type: ignore[attr-defined]
    kind = _find_type(request, slug)
    rows = RequestTypeVersion.objects.filter(type=kind).select_related("unit", "actor", "type")
    page = page_of(request, rows, by=["number"], size=ON_A_PAGE, descending=True)
    versions = list(page.items)
    older = rows.filter(number__lt=versions[-1].number).order_by("-number").first() if page.next else None
    newest = versions[0] if not page.previous else actions.version_of(kind)
    context = {
        "kind": kind,
        "version": newest,
        "rules": rules_in_words(newest),
        "preview": preview_of(newest, council),
        "lines": version_lines(versions, older),
        "page": page,
        "may_keep": bool(may_keep_rules(request.user, council)),
    }
    return render(request, "servicerequests/rules/type.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def request_type_add(request: HttpRequest) -> HttpResponse:
    """One more type."""
    return _set_type(request, None)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def request_type_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """A new version of a type: seen as a form first, then put in force."""
    return _set_type(request, _find_type(request, slug))


def _set_type(request: HttpRequest, kind: RequestType | None) -> HttpResponse:
    council = request.council  # type: ignore[attr-defined]
    may_keep_rules(request.user, council).require()
    newest = actions.version_of(kind) if kind is not None else None
    posted = request.POST if request.method == "POST" else None
    form = TypeForm(council, posted, initial=_initial(newest))
    questions = QuestionForms(newest.form if newest is not None else [], posted)
    preview: Any = None
    works, status = False, 200
    if posted is not None and "more" not in posted:
        status = 422
        if all([form.is_valid(), questions.is_valid()]):
            rules = form.rules(questions.questions())
            wrong = what_keeps_a_type_from_working(council, rules, kind)
            works = not wrong
            _take(form, questions, wrong)
            if works and "preview" not in posted:
                try:
                    version = actions.set_type(
                        actor=request.user,
                        council=council,
                        kind=kind,
                        rules=rules,
                        is_active=form.cleaned_data["is_active"],
                        based_on=form.cleaned_data["based_on"],
                        at=timezone.now(),
                    )
                except ValidationError as error:
                    _take(form, questions, error.message_dict)
                else:
                    messages.success(request, _("Yürürlükte: %(n)d. sürüm.") % {"n": version.number})
                    return HttpResponseRedirect(reverse("request_type_detail", args=[council.slug, version.type.slug]))
            if not any(name.startswith("soru-") for name in wrong):
                preview = preview_of(_unsaved(rules), council)
            if works and "preview" in posted:
                status = 200
    context = {
        "kind": kind,
        "form": form,
        "questions": questions,
        "preview": preview,
        "works": works,
        "number": newest.number + 1 if newest is not None else 1,
        "is_checked": posted is not None and "more" not in posted,
    }
    return render(request, "servicerequests/rules/type_set.html", context, status=status)


def _take(form: TypeForm, questions: QuestionForms, wrong: dict[str, list[str]]) -> None:
    """Put what is wrong beside its field."""
    left = {name: list(sentences) for name, sentences in wrong.items()}
    questions.take(left)
    for name, sentences in left.items():
        for sentence in sentences:
            form.add_error(name if name in form.fields and name != "based_on" else None, sentence)


def _unsaved(rules: TypeRules) -> RequestTypeVersion:
    """A version that is only looked at."""
    values = {name: getattr(rules, name) for name in TypeRules.__dataclass_fields__ if name not in {"unit", "form"}}
    return RequestTypeVersion(form=list(rules.form), **values)


def _initial(newest: RequestTypeVersion | None) -> dict[str, Any]:
    if newest is None:
        first = {"first_answer_hours": 16, "resolution_days": 15}
        return first | {"filer": Filer.EVERYBODY, "priority": Priority.USUAL, "is_active": True, "based_on": 0}
    rules = rules_of(newest)
    values = {name: getattr(rules, name) for name in TypeRules.__dataclass_fields__ if name != "form"}
    return values | {"is_active": newest.type.is_active, "based_on": newest.number}


def _find_type(request: HttpRequest, slug: str) -> RequestType:
    """A type of the council; one that takes no requests any more is still read."""
    found = RequestType.objects.filter(council=request.council, slug=slug).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def desk_unit_add(request: HttpRequest) -> HttpResponse:
    """One more unit."""
    return _set_unit(request, None)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def desk_unit_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """A unit: its name, its head, who works there, and whether it works still."""
    unit = DeskUnit.objects.filter(council=request.council, slug=slug).first()  # type: ignore[attr-defined]
    if unit is None:
        raise Http404
    return _set_unit(request, unit)


def _set_unit(request: HttpRequest, unit: DeskUnit | None) -> HttpResponse:
    council = request.council  # type: ignore[attr-defined]
    may_keep_rules(request.user, council).require()
    initial: dict[str, Any] = {"is_active": True}
    if unit is not None:
        initial = {"name": unit.name, "head": unit.head_id, "is_active": unit.is_active}
        initial["officers"] = list(unit.officers.values_list("pk", flat=True))
    form, status = UnitForm(council, request.POST if request.method == "POST" else None, initial=initial), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = form.cleaned_data | {"officers": list(form.cleaned_data["officers"])}
            try:
                actions.set_unit(actor=request.user, council=council, unit=unit, at=timezone.now(), **said)
            except ValidationError as error:
                for name, sentences in error.message_dict.items():
                    form.add_error(name, sentences)
            else:
                messages.success(request, _("Kaydedildi."))
                return HttpResponseRedirect(reverse("request_rules", args=[council.slug]) + "#birimler")
    return render(request, "servicerequests/rules/unit_set.html", {"form": form, "unit": unit}, status=status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def office_hours_set(request: HttpRequest) -> HttpResponse:
    """When the directorate is open; running clocks are counted anew."""
    council = request.council  # type: ignore[attr-defined]
    may_keep_rules(request.user, council).require()
    rows = list(OfficeSpan.objects.filter(council=council).order_by("weekday", "opens"))
    form, status = HoursForm(rows, request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                is_changed = actions.set_office_hours(
                    actor=request.user, council=council, openings=form.openings(), at=timezone.now()
                )
            except ValidationError as error:
                for name, sentences in error.message_dict.items():
                    form.add_error(f"{name}-closes", sentences)
            else:
                if is_changed:
                    messages.success(request, _("Kaydedildi. Süren başvuruların süreleri yeniden hesaplanıyor."))
                return HttpResponseRedirect(reverse("request_rules", args=[council.slug]) + "#saatler")
    return render(request, "servicerequests/rules/hours_set.html", {"form": form, "days": form.days()}, status=status)
