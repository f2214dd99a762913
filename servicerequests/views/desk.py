"""The directorate's desk: queues, one request beside its list, who holds it, and several at once."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from councils.models import Council
from councils.paging import page_of
from people.access import signed_in
from people.verdicts import Refused
from servicerequests import actions, desk_reading
from servicerequests.desk_reading import QUEUES, UNIT
from servicerequests.forms.desk import NOBODY, AssignForm, BulkForm
from servicerequests.models import Channel, Priority, ServiceRequest
from servicerequests.permissions import may_enter
from servicerequests.reading import TONES
from servicerequests.states import Status
from servicerequests.views.conversation import request_context
from servicerequests.views.finding import find_readable
from servicerequests.views.going_back import back_to

ON_A_PAGE = 30
MOST_AT_ONCE = 100
FEWEST_FIRST = "benim"


def _enter(request: HttpRequest) -> Council:
    """The council of the page, for its desk."""
    council: Council = request.council  # type: ignore[attr-defined]
    may_enter(request.user, council).require()
    return council


@signed_in
@require_safe
def request_desk(request: HttpRequest) -> HttpResponse:
    """A queue, oldest due first; on a wide screen one of its requests beside it."""
    council, at = _enter(request), timezone.now()
    officer = desk_reading.officer_of(request.user, council)
    choices = desk_reading.choices_of(council)
    counts = desk_reading.counts_of(council, officer, at=at)
    default = FEWEST_FIRST if counts.get(FEWEST_FIRST) else "acik"
    filters = desk_reading.filters_of(request.GET, choices, default=default)
    rows = desk_reading.requests_of(council, filters, officer, at=at)
    page = page_of(request, rows, by=filters.queue.by, size=ON_A_PAGE, descending=filters.queue.descending)
    if filters.number and len(page.items) == 1 and "secili" not in request.GET:
        page.items[0].council = council
        return HttpResponseRedirect(page.items[0].get_absolute_url())
    known = desk_reading.known_query(request.GET, choices)
    context: dict[str, Any] = {
        "page": page,
        "rows": [
            {"row": row.request, "who": row.who, "tone": row.tone, "status_tone": TONES[Status(row.request.status)]}
            for row in desk_reading.shown(page.items, council, at=at)
        ],
        "filters": filters,
        "groups": _groups(choices, filters),
        "queues": _queues(choices, counts, filters),
        "query": urlencode(known),
        "bulk": BulkForm(choices),
        "chosen": "",
    }
    number = request.GET.get("secili", "")
    if number:
        found = find_readable(request, number, at=at)
        context |= request_context(request, found, at=at)
        context["chosen"] = found.number
    return render(request, "servicerequests/desk/queue.html", context)


def _queues(
    choices: desk_reading.DeskChoices, counts: dict[str, int], filters: desk_reading.DeskFilters
) -> list[dict[str, Any]]:
    words = [(queue.word, queue.title) for queue in QUEUES]
    words[4:4] = [(f"{UNIT}{unit.slug}", unit.name) for unit in choices.units]
    return [
        {"word": word, "title": title, "count": counts.get(word), "is_here": word == filters.queue.word}
        for word, title in words
    ]


def _groups(choices: desk_reading.DeskChoices, filters: desk_reading.DeskFilters) -> list[dict[str, Any]]:
    found = (
        ("tur", _("Tür"), list(choices.types.items())),
        ("durum", _("Durum"), list(Status.choices)),
        ("konu", _("Konu alanı"), [(each.slug, each.title) for each in choices.matters]),
        ("ilce", _("İlçe"), [(each.slug, each.name) for each in choices.districts]),
        ("kanal", _("Geliş yolu"), list(Channel.choices)),
    )
    return [
        {"word": word, "label": label, "choices": options, "chosen": filters.values.get(word, "")}
        for word, label, options in found
    ]


@signed_in
@require_POST
def request_assign(request: HttpRequest, number: str) -> HttpResponse:
    """Give it to a unit and an officer, or take it oneself; whoever held it meanwhile is told."""
    council, at = _enter(request), timezone.now()
    found = find_readable(request, number, at=at)
    choices = desk_reading.choices_of(council)
    form = AssignForm(found, choices, request.POST)
    if not form.is_valid():
        for sentences in form.errors.values():
            messages.error(request, " ".join(map(str, sentences)))
        return HttpResponseRedirect(back_to(request, found))
    unit = form.unit_chosen() or found.unit
    officer = form.officer_chosen()
    if "take" in request.POST:
        officer = desk_reading.officer_of(request.user, council)
    seen = form.cleaned_data["seen"]
    try:
        with transaction.atomic():
            actions.assign_request(
                actor=request.user,
                request=found,
                unit=unit,
                assignee=officer,
                seen=None if seen in {"", NOBODY} or not seen.isdecimal() else int(seen[:18]),
                at=at,
            )
            priority = Priority(form.cleaned_data["priority"])
            actions.set_priority(actor=request.user, request=found, priority=priority, at=at)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except Refused as refused:
        messages.error(request, refused.reason)
    else:
        messages.success(request, _("Kaydedildi."))
    return HttpResponseRedirect(back_to(request, found))


@signed_in
@require_POST
def request_desk_bulk(request: HttpRequest) -> HttpResponse:
    """The same with several requests, each judged for itself; what became of each is told."""
    council, at = _enter(request), timezone.now()
    choices = desk_reading.choices_of(council)
    known = desk_reading.known_query(request.GET, choices)
    back = f"{reverse('request_desk', args=[council.slug])}?{urlencode(known)}"
    form = BulkForm(choices, request.POST)
    numbers = list(dict.fromkeys(request.POST.getlist("basvuru")))
    wrong = ""
    if not numbers:
        wrong = _("Önce listeden başvuru seçin.")
    elif len(numbers) > MOST_AT_ONCE:
        wrong = _("Bir seferde en çok %(most)d başvuru seçilebilir.") % {"most": MOST_AT_ONCE}
    elif not form.is_valid():
        wrong = " ".join(str(sentence) for sentences in form.errors.values() for sentence in sentences)
    if wrong:
        messages.error(request, wrong)
        return HttpResponseRedirect(back)
    rows = ServiceRequest.objects.filter(council=council, number__in=numbers).select_related("unit")
    done, refused = actions.carry_out(
        actor=request.user,
        requests=list(rows.order_by("pk")),
        **form.order(),
        at=at,
    )
    said = ngettext("%(n)d başvuruda yapıldı.", "%(n)d başvuruda yapıldı.", len(done)) % {"n": len(done)}
    messages.success(request, said)
    for number, why in refused[:20]:
        messages.error(request, f"{number}: {why}")
    return HttpResponseRedirect(back)
