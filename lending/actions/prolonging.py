"""Keeping something longer: asked by the borrower's side, decided by the desk."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from discussions.markup import clean
from lending.actions.items import note
from lending.actions.loans import check_free, locked, tell
from lending.journal_kinds import LendingKind
from lending.models import HOLDS, MOST_DAYS, Deed, Loan, Prolongation
from lending.permissions import may_ask_longer, may_handle
from people.models import Person


@transaction.atomic
def ask_longer(*, actor: Person, loan: Loan, until: date, reason: str, at: datetime) -> Prolongation:
    """Ask to keep it until a later day. Refuses strangers, what has ended, and a second wish beside an open one."""
    loan, _item = locked(loan)
    may_ask_longer(actor, loan, at=at).require()
    _check_until(loan, until, at=at)
    if not 3 <= len(clean(reason)) <= 500:
        raise ValidationError({"reason": _("Neden uzatmak istediğinizi yazın, en çok 500 harf.")})
    asked = Prolongation.objects.create(loan=loan, until=until, reason=clean(reason), asked_by=actor, asked_at=at)
    tell(LendingKind.LONGER_ASKED, loan, actor, at, until=f"{until:%d.%m.%Y}")
    return asked


@transaction.atomic
def decide_longer(*, actor: Person, loan: Loan, is_granted: bool, answer: str = "", at: datetime) -> Prolongation:
    """Grant the open wish, where the pieces are free, or decline it with the reason."""
    loan, item = locked(loan)
    may_handle(actor, loan).require()
    asked = Prolongation.objects.select_for_update().filter(loan=loan, decided_at__isnull=True).first()
    if asked is None or loan.state not in HOLDS:
        raise ValidationError({"state": _("Yanıt bekleyen bir süre uzatma isteği yok.")})
    answer = clean(answer)
    if len(answer) > 500 or (not is_granted and len(answer) < 3):
        raise ValidationError({"answer": _("Neden uzatılmadığını yazın, en çok 500 harf.")})
    if is_granted:
        _check_until(loan, asked.until, at=at)
        check_free(item, loan, loan.starts_on, asked.until, at=at)
        loan.ends_on = asked.until
        loan.save(update_fields=["ends_on"])
        note(item, Deed.LONGER, actor, at, loan=loan, text=f"{asked.until:%d.%m.%Y}")
    asked.is_granted, asked.answer, asked.decided_by, asked.decided_at = is_granted, answer, actor, at
    asked.save(update_fields=["is_granted", "answer", "decided_by", "decided_at"])
    tell(LendingKind.LONGER_DECIDED, loan, actor, at, is_granted=is_granted)
    return asked


def _check_until(loan: Loan, until: date, *, at: datetime) -> None:
    today = timezone.localtime(at).date()
    if until <= loan.ends_on or until < today or (until - loan.starts_on).days >= MOST_DAYS:
        raise ValidationError({"until": _("Şimdiki dönüş gününden sonraki bir günü seçin; toplam en çok 90 gün.")})
