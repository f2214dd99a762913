"""What pages show of the rules of a desk: types with their versions in words, units, hours."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils.models import Council
from servicerequests.actions.clocks import FASTER
from servicerequests.desk_rules import (
    Difference,
    condition_in_words,
    differences,
    question_in_words,
    weekday_name,
)
from servicerequests.forms.filing import ASKED, RequestForm
from servicerequests.models import DeskUnit, OfficeSpan, Priority, RequestTypeVersion
from servicerequests.states import OPEN
from turkish.functions import SortKey


def rules_in_words(version: RequestTypeVersion) -> dict[str, str]:
    """What a version promises with its priority, label by label; its name and what it is for stand apart."""
    faster = FASTER[Priority(version.priority)]
    n_days, n_hours = -(-version.resolution_days // faster), -(-version.first_answer_hours // faster)
    days = ngettext("%(n)s iş günü", "%(n)s iş günü", n_days) % {"n": n_days}
    hours = ngettext("%(n)s çalışma saati", "%(n)s çalışma saati", n_hours) % {"n": n_hours}
    return {
        _("Kim başvurabilir"): version.get_filer_display(),
        _("Birim"): version.unit.name,
        _("İlk yanıt"): hours,
        _("Sonuç"): days,
        _("Yasal süre"): law_in_words(version),
        _("Yayımlanma"): _("Kişisel bilgiler çıkarılarak herkese açık")
        if version.is_public
        else _("Yalnız başvuran isterse"),
        _("Öncelik"): version.get_priority_display(),
    }


def law_in_words(version: RequestTypeVersion) -> str:
    """What the law says of its days; a dash where it says nothing."""
    if version.ceiling_days is None:
        return "—"
    days = _("%(n)s iş günü") if version.ceiling_is_working else _("%(n)s gün")
    found = f"{days % {'n': version.ceiling_days}} ({version.law})"
    if version.ceiling_days_extended is not None:
        found += ", " + _("başka kuruma sorulursa %(days)s") % {"days": days % {"n": version.ceiling_days_extended}}
    return found


def _all_in_words(version: RequestTypeVersion) -> dict[str, str]:
    found = {
        _("Ad"): version.name,
        _("İngilizce adı"): version.name_en,
        _("Ne için?"): version.about,
        _("İngilizce açıklama"): version.about_en,
        **rules_in_words(version),
    }
    before: dict[str, Any] = {}
    for question in version.questions:
        label = _("Soru: %(label)s") % {"label": question.label}
        found[label] = question_in_words(question, before)
        before[question.name] = question
    return found


@dataclass(frozen=True)
class VersionLine:
    """A version and how it differs from the one before; nothing for the first."""

    version: RequestTypeVersion
    differences: list[Difference]


def version_lines(versions: list[RequestTypeVersion], older: RequestTypeVersion | None) -> list[VersionLine]:
    """Versions, the newest first, each beside the next older one; `older` is the one after the last."""
    found = []
    for version, before in zip(versions, [*versions[1:], older], strict=True):
        changed = differences(_all_in_words(before), _all_in_words(version)) if before is not None else []
        found.append(VersionLine(version, changed))
    return found


def preview_of(version: RequestTypeVersion, council: Council) -> list[dict[str, Any]]:
    """The form as an applicant sees it, each field with when it is asked."""
    form = RequestForm(version, council, auto_id="onizleme_%s")
    by_field = {ASKED + question.name: question for question in version.questions}
    known = {question.name: question for question in version.questions}
    return [
        {
            "bound": bound,
            "condition": condition_in_words(by_field[bound.name], known) if bound.name in by_field else "",
            "is_required": bound.name in by_field and by_field[bound.name].is_required,
        }
        for bound in form
        if not bound.is_hidden
    ]


def newest_versions(council: Council, *, with_closed: bool) -> list[RequestTypeVersion]:
    """The newest version of each type, in the order of the desk. One query."""
    rows = RequestTypeVersion.objects.filter(type__council=council)
    if not with_closed:
        rows = rows.filter(type__is_active=True)
    found = rows.select_related("type", "unit").order_by("type_id", "-number").distinct("type_id")
    return sorted(found, key=lambda version: (not version.type.is_active, version.type.position, version.type.slug))


def units_of(council: Council, *, with_retired: bool) -> QuerySet[DeskUnit]:
    """The units with how much waits in each."""
    rows = DeskUnit.objects.filter(council=council).select_related("head__person")
    if not with_retired:
        rows = rows.filter(is_active=True)
    waiting = Count("requests", filter=Q(requests__status__in=sorted(OPEN)))
    return rows.annotate(waiting=waiting).order_by("-is_active", SortKey("name"))


def hours_in_words(council: Council) -> list[tuple[str, str]]:
    """Each weekday with its hours, Monday first. One query."""
    spans: dict[int, list[str]] = defaultdict(list)
    for span in OfficeSpan.objects.filter(council=council).order_by("weekday", "opens"):
        spans[span.weekday].append(f"{span.opens:%H.%M}–{span.closes:%H.%M}")
    return [(weekday_name(day), ", ".join(spans[day]) or _("kapalı")) for day in range(7)] if spans else []
