"""Annual reports are made, kept with their moment, and one of each year is published."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.models import Council
from impact.annual_report import report_pdf
from impact.journal_kinds import ImpactKind
from impact.models import AnnualReport, ProposalFact
from impact.permissions import may_make_report
from journal.actions import record
from people.models import AnyPerson, Person


def years_of(council: Council) -> list[int]:
    """The years something was submitted in, the newest first: those a report can be made of."""
    years = ProposalFact.objects.filter(council=council).order_by("-year").values_list("year", flat=True)
    return list(years.distinct())


def reports_for(person: AnyPerson, council: Council, *, at: datetime) -> QuerySet[AnnualReport]:
    """Those that are published; all of them for whoever makes them."""
    found = AnnualReport.objects.filter(council=council).select_related("made_by")
    return found if may_make_report(person, council, at=at) else found.filter(published_at__isnull=False)


def make_report(*, actor: Person, council: Council, year: int, at: datetime) -> AnnualReport:
    """Make the report of a year as it stands now, and keep it. Raises `ValidationError` for a year without proposals."""
    may_make_report(actor, council, at=at).require()
    if year not in years_of(council):
        sentence = _("Bu yıl için sunulmuş bir öneri yok.")
        raise ValidationError({"year": ValidationError(sentence, code="unknown")})
    # Drawn before anything is written: a document takes a second, and holds no lock meanwhile.
    document = report_pdf(council, year, at=at)
    report = AnnualReport(council=council, year=year, size=len(document), made_at=at, made_by=actor)
    report.file.save("rapor.pdf", ContentFile(document), save=False)
    report.save()
    return report


@transaction.atomic
def publish_report(*, actor: Person, report: AnnualReport, at: datetime) -> AnnualReport:
    """Show a report to everybody; one of the same year that was public before is not any more. Twice changes nothing."""
    may_make_report(actor, report.council, at=at).require()
    of_the_year = AnnualReport.objects.select_for_update().filter(council=report.council, year=report.year)
    report = {each.pk: each for each in of_the_year.order_by("pk")}[report.pk]
    if report.published_at is not None:
        return report
    of_the_year.filter(published_at__isnull=False).update(published_at=None, published_by=None)
    report.published_at, report.published_by = max(at, report.made_at), actor
    report.save(update_fields=["published_at", "published_by"])
    council = report.council
    record(
        ImpactKind.REPORT_PUBLISHED,
        actor=actor,
        subject=report,
        topic=f"council:{council.pk}",
        council=council,
        at=at,
        facts={"year": report.year},
    )
    return report


def file_name(report: AnnualReport) -> str:
    """What the document is called when it is downloaded."""
    return f"{report.council.slug}-{report.year}-{timezone.localdate(report.made_at):%Y-%m-%d}.pdf"
