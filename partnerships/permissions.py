"""Who keeps a file, who reads it and ticks its tasks."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from councils.models import Council
from organisations.models import Organisation
from partnerships.models import Partnership, Step
from people.models import AnyPerson
from people.verdicts import YES, Verdict, no
from servicerequests.permissions import works_at_desk


def may_keep(person: AnyPerson, council: Council) -> Verdict:
    """The directorate's officers open and keep files."""
    if works_at_desk(person, council):
        return YES
    return no(_("Ortaklık dosyalarını müdürlük görevlileri yürütür."), code="not_officer")


def is_partner(person: AnyPerson, partnership: Partnership, *, at: datetime) -> bool:
    """Whether the person represents an organisation that takes part."""
    mandates = Organisation.objects.represented_by(person, on=timezone.localtime(at).date())
    return person.is_authenticated and mandates.filter(partnerships__partnership=partnership).exists()


def may_read(person: AnyPerson, partnership: Partnership, *, at: datetime) -> Verdict:
    """The whole file but the desk's own notes: both sides. What is published are facts."""
    if works_at_desk(person, partnership.council) or is_partner(person, partnership, at=at):
        return YES
    return no(_("Bu dosyayı ortaklar ve müdürlük okur."), code="private")


def may_write(person: AnyPerson, partnership: Partnership, *, at: datetime) -> Verdict:
    return may_read(person, partnership, at=at)


def may_tick(person: AnyPerson, step: Step, *, at: datetime) -> Verdict:
    """An officer any, a partner's representative its own."""
    if works_at_desk(person, step.partnership.council):
        return YES
    mandates = Organisation.objects.represented_by(person, on=timezone.localtime(at).date())
    if step.partner is not None and mandates.filter(pk=step.partner.organisation_id or 0).exists():
        return YES
    return no(_("Bu işi verilen ortağın temsilcisi ya da müdürlük işaretler."), code="not_assignee")
