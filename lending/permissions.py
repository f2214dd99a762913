"""Who keeps the stock, who lends, who reads a loan."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from councils.models import Council
from lending.models import HOLDS, Loan, Prolongation, State
from organisations.models import Organisation
from people.models import AnyPerson
from people.verdicts import YES, Verdict, no
from servicerequests.permissions import works_at_desk


def may_keep(person: AnyPerson, council: Council) -> Verdict:
    """The directorate's officers keep the stock and lend from it."""
    if works_at_desk(person, council):
        return YES
    return no(_("Ödünç malzemeleri müdürlük görevlileri yürütür."), code="not_officer")


def is_borrower(person: AnyPerson, loan: Loan, *, at: datetime) -> bool:
    """Who has it, and whoever represents the organisation that has it."""
    if not person.is_authenticated:
        return False
    if loan.person_id == person.pk:
        return True
    mandates = Organisation.objects.represented_by(person, on=timezone.localtime(at).date())
    return loan.organisation_id is not None and mandates.filter(pk=loan.organisation_id).exists()


def may_read(person: AnyPerson, loan: Loan, *, at: datetime) -> Verdict:
    """The borrower's side and the desk."""
    if is_borrower(person, loan, at=at) or works_at_desk(person, loan.council):
        return YES
    return no(_("Bu ödüncü yalnız alan ve müdürlük görür."), code="private")


def may_handle(person: AnyPerson, loan: Loan) -> Verdict:
    """An officer hands out, takes back and cancels; nobody for themselves."""
    verdict = may_keep(person, loan.council)
    if not verdict:
        return verdict
    if loan.person_id == person.pk:
        return no(_("Kendi ödüncünüzü siz yürütemezsiniz."), code="own_loan")
    return YES


def may_ask_longer(person: AnyPerson, loan: Loan, *, at: datetime) -> Verdict:
    """The borrower's side, once at a time, while the loan runs."""
    if not is_borrower(person, loan, at=at):
        return no(_("Süre uzatmayı yalnız malzemeyi alan isteyebilir."), code="not_borrower")
    if loan.state not in HOLDS:
        return no(_("Bu ödünç sona erdi."), code="ended")
    if Prolongation.objects.filter(loan=loan, decided_at__isnull=True).exists():
        return no(_("Süre uzatma isteğiniz yanıt bekliyor."), code="asked_already")
    return YES


def is_late(loan: Loan, *, at: datetime) -> bool:
    return loan.state == State.OUT and loan.ends_on < timezone.localtime(at).date()
