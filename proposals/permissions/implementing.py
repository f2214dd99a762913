"""Who writes what is done, and who says whether it has been."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from councils.permissions import (
    is_directorate_officer,
)
from people.models import AnyPerson
from people.verdicts import YES, Verdict, no
from proposals.models import Proposal, Review
from proposals.stages import Stage


def may_implement(person: AnyPerson, proposal: Proposal, *, at: datetime) -> Verdict:
    """The directorate says who carries a proposal out, in which steps, and what has been done."""
    if not is_directorate_officer(person, proposal.council):
        return no(_("Uygulamayı müdürlük görevlisi yazar."), code="not_officer")
    if proposal.stage != Stage.IMPLEMENTATION:
        return no(_("Bu öneri uygulama aşamasında değil."), code="wrong_stage")
    return YES


def may_review(person: AnyPerson, proposal: Proposal, *, at: datetime) -> Verdict:
    """The author and who supports the proposal say once whether it has been done, while the review is open."""
    if not person.is_authenticated:
        return no(_("Değerlendirmek için giriş yapın."), code="sign_in")
    if person.pk != proposal.author_id and not proposal.supports.filter(person_id=person.pk).exists():
        return no(_("Öneriyi yazan ve destekleyenler değerlendirir."), code="not_supporter")
    review = Review.objects.filter(proposal=proposal).first()
    if review is None:
        return no(_("Bu önerinin değerlendirmesi daha açılmadı."), code="not_open")
    if review.closed_at is not None or at >= review.closes_at:
        return no(_("Değerlendirme süresi bitti."), code="closed")
    if review.answers.filter(person_id=person.pk).exists():
        return no(_("Yanıtınız kayıtlı. Yanıt bir kez verilir."), code="already_answered")
    return YES
