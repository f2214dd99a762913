"""Annual reports: the page that lists them, makes and publishes them, and the documents."""

from __future__ import annotations

import structlog
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from councils.models import Council
from documents import DocumentError
from impact.models import AnnualReport
from impact.permissions import may_make_report
from impact.reporting import file_name, make_report, publish_report, reports_for, years_of
from people.access import public, signed_in
from turkish.text import year_in

log = structlog.get_logger(__name__)


def _council(request: HttpRequest) -> Council:
    council = request.council
    assert council is not None
    return council


@public
@require_safe
def impact_reports(request: HttpRequest) -> HttpResponse:
    """The published reports; for those who make them also the others, and the button."""
    council, at = _council(request), timezone.now()
    may_make = bool(may_make_report(request.user, council, at=at))
    context = {
        "reports": list(reports_for(request.user, council, at=at)[:200]),
        "may_make": may_make,
        "years": years_of(council) if may_make else [],
    }
    return render(request, "impact/reports.html", context)


@signed_in
@require_POST
def impact_report_make(request: HttpRequest) -> HttpResponse:
    """Make the report of a year."""
    council, given = _council(request), request.POST.get("year", "")
    year = year_in(given) or 0
    try:
        make_report(actor=request.user, council=council, year=year, at=timezone.now())
        messages.success(request, _("Rapor hazır. Okuyun; uygunsa yayımlayın."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except DocumentError:
        log.exception("report_not_set", council=council.slug, year=year)
        messages.error(request, _("Rapor hazırlanamadı. Biraz sonra yeniden deneyin."))
    return HttpResponseRedirect(reverse("impact_reports", args=[council.slug]))


@signed_in
@require_POST
def impact_report_publish(request: HttpRequest, report_id: int) -> HttpResponse:
    """Show a report to everybody."""
    council, at = _council(request), timezone.now()
    may_make_report(request.user, council, at=at).require()
    publish_report(actor=request.user, report=_found(request, report_id), at=at)
    messages.success(request, _("Rapor yayımlandı."))
    return HttpResponseRedirect(reverse("impact_reports", args=[council.slug]))


@public
@require_safe
def impact_report_file(request: HttpRequest, report_id: int) -> FileResponse:
    """The document, for everybody once it is published."""
    report = _found(request, report_id)
    try:
        file = report.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    answer = FileResponse(file, content_type="application/pdf", as_attachment=True, filename=file_name(report))
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-cache"
    return answer


def _found(request: HttpRequest, report_id: int) -> AnnualReport:
    council = _council(request)
    report = reports_for(request.user, council, at=timezone.now()).filter(pk=report_id).first()
    if report is None:
        raise Http404
    report.council = council
    return report
