"""Who keeps the calendar of the municipal council."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from councils.models import Council
from councils.permissions import is_directorate_officer, is_secretary
from people.models import AnyPerson
from people.verdicts import YES, Verdict, no


def may_keep_meetings(actor: AnyPerson, council: Council, *, at: datetime) -> Verdict:
    """The council's secretary and the officers of the municipality's directorate."""
    if is_secretary(actor, council, at=at) or is_directorate_officer(actor, council):
        return YES
    return no(_("Belediye meclisi takvimini konsey sekreteri ya da müdürlük görevlisi tutar."), code="not_officer")
