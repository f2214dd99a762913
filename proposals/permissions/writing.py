"""Who writes, submits, revises and withdraws a proposal."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from councils.models import Council
from organisations.models import Organisation
from people.models import AnyPerson
from people.verdicts import YES, Verdict, no
from proposals.models import Proposal
from proposals.stages import BEFORE_A_VOTE, MOVES, Stage


def may_write(person: AnyPerson, council: Council) -> Verdict:
    """Anybody with an account may start a draft."""
    if not person.is_authenticated:
        return no(_("Öneri yazmak için giriş yapın."), code="sign_in")
    return YES


def may_edit_draft(person: AnyPerson, proposal: Proposal) -> Verdict:
    if proposal.author_id != person.pk:
        return no(_("Taslağı yalnız yazarı değiştirebilir."), code="not_author")
    if not proposal.is_draft:
        return no(_("Bu öneri sunuldu. Metni yeni bir sürümle değiştirebilirsiniz."), code="already_submitted")
    return YES


def may_act_for(person: AnyPerson, organisation: Organisation, *, at: datetime) -> Verdict:
    """Representatives of a verified organisation with a running mandate."""
    day = timezone.localtime(at).date()
    if not Organisation.objects.represented_by(person, on=day).filter(pk=organisation.pk).exists():
        return no(_("Bu kuruluş adına yazmak için geçerli bir temsil yetkisi gerekir."), code="no_mandate")
    return YES


def may_submit(person: AnyPerson, proposal: Proposal, *, at: datetime) -> Verdict:
    verdict = may_edit_draft(person, proposal)
    if not verdict:
        return verdict
    if proposal.on_behalf_of is not None:
        return may_act_for(person, proposal.on_behalf_of, at=at)
    return YES


def may_revise(person: AnyPerson, proposal: Proposal, *, at: datetime) -> Verdict:
    """The author, from submission until a ballot opens."""
    if proposal.author_id != person.pk:
        return no(_("Yeni sürümü yalnız önerinin yazarı yayımlayabilir."), code="not_author")
    if proposal.stage not in BEFORE_A_VOTE:
        return no(_("Metin bu aşamada değiştirilemez."), code="wrong_stage")
    if proposal.on_behalf_of is not None:
        return may_act_for(person, proposal.on_behalf_of, at=at)
    return YES


def may_withdraw(person: AnyPerson, proposal: Proposal, *, at: datetime) -> Verdict:
    if proposal.author_id != person.pk:
        return no(_("Öneriyi yalnız yazarı geri çekebilir."), code="not_author")
    if Stage.WITHDRAWN not in MOVES[Stage(proposal.stage)]:
        return no(_("Öneri bu aşamada geri çekilemez."), code="wrong_stage")
    return YES
