"""Who decides at which step of a proposal's way."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from councils.models import Holder
from councils.permissions import (
    acts_for,
    is_directorate_officer,
    is_moderator,
    leads,
)
from people.models import AnyPerson
from people.verdicts import YES, Verdict, no
from proposals.models import Proposal
from proposals.stages import BEFORE_A_VOTE, Stage


def may_decide_admissibility(person: AnyPerson, proposal: Proposal, *, at: datetime) -> Verdict:
    holder = proposal.holder if proposal.stage == Stage.SUBMITTED else Holder.SECRETARIAT
    if not acts_for(person, holder or Holder.SECRETARIAT, proposal.council, None, at=at):
        if holder == Holder.EXECUTIVE_BOARD:
            return no(_("Uygunluğa yürütme kurulu karar verir."), code="not_board")
        return no(_("Uygunluğa konsey sekreteri karar verir."), code="not_secretary")
    if proposal.stage != Stage.SUBMITTED:
        return no(_("Bu öneri uygunluk kararı beklemiyor."), code="wrong_stage")
    return YES


def may_open_ballot(person: AnyPerson, proposal: Proposal, *, at: datetime) -> Verdict:
    if proposal.addressed_to is None or not leads(person, proposal.addressed_to, at=at):
        return no(_("Oylamayı, öneriyi görüşenlerin kolaylaştırıcısı ya da başkanı açar."), code="not_facilitator")
    if proposal.stage != Stage.IN_GROUP:
        return no(_("Oylama, öneri görüşülürken açılır."), code="wrong_stage")
    return YES


def may_decline_in_group(person: AnyPerson, proposal: Proposal, *, at: datetime) -> Verdict:
    """The leader of the body may end a proposal without a ballot, with a reason."""
    if proposal.addressed_to is None or not leads(person, proposal.addressed_to, at=at):
        return no(_("Bu kararı, öneriyi görüşenlerin kolaylaştırıcısı ya da başkanı girer."), code="not_facilitator")
    if proposal.stage != Stage.IN_GROUP:
        return no(_("Bu karar, öneri görüşülürken girilir."), code="wrong_stage")
    return YES


def may_put_on_agenda(person: AnyPerson, proposal: Proposal, *, at: datetime) -> Verdict:
    """Whoever holds the board's step puts what a body has adopted on the general assembly's agenda."""
    holder = proposal.holder if proposal.stage == Stage.BOARD else Holder.EXECUTIVE_BOARD
    if not acts_for(person, holder, proposal.council, proposal.addressed_to, at=at):
        if holder == Holder.SECRETARIAT:
            return no(_("Genel kurulun gündemine genel sekreterlik alır."), code="not_secretary")
        return no(_("Genel kurulun gündemine yürütme kurulunun başkanı ya da sekreteri alır."), code="not_board")
    if proposal.stage != Stage.BOARD:
        return no(_("Bu öneri yürütme kurulunda beklemiyor."), code="wrong_stage")
    return YES


def may_give_back(person: AnyPerson, proposal: Proposal, *, at: datetime) -> Verdict:
    """The board or the general assembly gives a proposal back to its body, with a reason."""
    if proposal.stage not in {Stage.BOARD, Stage.GENERAL_ASSEMBLY}:
        return no(_("Öneri, yürütme kurulunda ya da genel kurulda beklerken geri verilir."), code="wrong_stage")
    if not acts_for(person, proposal.holder, proposal.council, proposal.addressed_to, at=at):
        return no(_("Öneriyi, elinde tutan organın başkanı ya da sekreteri geri verir."), code="not_holder")
    return YES


def may_answer_directly(person: AnyPerson, proposal: Proposal, *, at: datetime) -> Verdict:
    """The directorate accepts or declines what was proposed to it."""
    if not is_directorate_officer(person, proposal.council):
        return no(_("Bu öneriyi müdürlük görevlisi yanıtlar."), code="not_officer")
    if proposal.author_id == person.pk:
        return no(_("Kendi önerinizi yanıtlayamazsınız."), code="own_proposal")
    if proposal.stage != Stage.DIRECTORATE:
        return no(_("Bu öneri müdürlüğün yanıtını beklemiyor."), code="wrong_stage")
    return YES


def may_merge(person: AnyPerson, proposal: Proposal, *, at: datetime) -> Verdict:
    """The council's secretary and who leads the body put proposals together before anybody has voted."""
    if not is_moderator(person, proposal.council, proposal.addressed_to, at=at):
        return no(_("Önerileri konsey sekreteri ve öneriyi görüşenlerin başkanı birleştirir."), code="not_moderator")
    if proposal.stage not in BEFORE_A_VOTE:
        return no(_("Öneriler oylamaya sunulmadan önce birleştirilir."), code="wrong_stage")
    return YES


def may_split(person: AnyPerson, proposal: Proposal, *, at: datetime) -> Verdict:
    """The same people take a proposal apart that asks for several things."""
    if not is_moderator(person, proposal.council, proposal.addressed_to, at=at):
        return no(_("Öneriyi konsey sekreteri ve öneriyi görüşenlerin başkanı ayırır."), code="not_moderator")
    if proposal.stage not in BEFORE_A_VOTE:
        return no(_("Öneri oylamaya sunulmadan önce ayrılır."), code="wrong_stage")
    return YES
