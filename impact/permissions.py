"""Who reads the figures that are not for everybody."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from councils.models import Council
from councils.permissions import is_directorate_officer, is_secretary
from people.models import AnyPerson
from people.verdicts import YES, Verdict, no


def may_read_panel(person: AnyPerson, council: Council, *, at: datetime) -> Verdict:
    """The directorate's officers and the council's secretary see the whole panel and take its tables with them."""
    if is_directorate_officer(person, council) or is_secretary(person, council, at=at):
        return YES
    return no(_("Etki panelini müdürlük görevlileri ve konsey sekreteri görür."), code="not_officer")


def may_make_report(person: AnyPerson, council: Council, *, at: datetime) -> Verdict:
    """The same people make the report of a year and publish it."""
    if may_read_panel(person, council, at=at):
        return YES
    return no(_("Yıllık raporu müdürlük görevlileri ve konsey sekreteri hazırlar."), code="not_officer")
