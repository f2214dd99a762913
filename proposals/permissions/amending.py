"""Who amends a proposal's text, and who decides on it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from councils.permissions import (
    is_member,
    is_resident,
    leads,
)
from people.models import AnyPerson
from people.verdicts import YES, Verdict, no
from proposals.amending import AmendmentState
from proposals.models import Amendment, Proposal
from proposals.permissions.writing import may_act_for
from proposals.stages import BEFORE_A_VOTE, Stage


def may_amend(person: AnyPerson, proposal: Proposal, *, at: datetime) -> Verdict:
    """Who supports proposals may ask for a change of their text, and so may the members of the body; never after the vote began.

    The author writes a new version instead.
    """
    if proposal.stage not in BEFORE_A_VOTE:
        return no(_("Metin bu aşamada değiştirilemez."), code="wrong_stage")
    if not person.is_authenticated:
        return no(_("Değişiklik önermek için giriş yapın."), code="sign_in")
    if proposal.author_id == person.pk:
        return no(_("Kendi önerinizi yeni bir sürümle değiştirirsiniz."), code="own_proposal")
    body = proposal.addressed_to
    if not is_resident(person, proposal.council) and not (body is not None and is_member(person, body, at=at)):
        return no(
            _(
                "Değişiklik önermek için hemşehriliğinizin doğrulanmış ya da öneriyi görüşenlerin üyesi olmanız gerekir."
            ),
            code="not_resident",
        )
    return YES


def may_accept_amendment(person: AnyPerson, amendment: Amendment, *, at: datetime) -> Verdict:
    """The proposal's author; while its body discusses it also who leads the body. Nobody accepts their own."""
    proposal = amendment.proposal
    verdict = _may_decide(person, amendment, at=at)
    if not verdict or _leads_discussion(person, proposal, at=at):
        return verdict
    if proposal.author_id != person.pk:
        return _not_the_decider(proposal)
    if proposal.on_behalf_of is not None:
        return may_act_for(person, proposal.on_behalf_of, at=at)
    return YES


def may_decline_amendment(person: AnyPerson, amendment: Amendment, *, at: datetime) -> Verdict:
    """The proposal's author; once its body discusses it only who leads the body: a refusal is the body's then."""
    proposal = amendment.proposal
    if proposal.stage != Stage.IN_GROUP:
        return may_accept_amendment(person, amendment, at=at)
    verdict = _may_decide(person, amendment, at=at)
    if not verdict or _leads_discussion(person, proposal, at=at):
        return verdict
    return no(
        _("Görüşülen bir önergeyi yalnız görüşenlerin kolaylaştırıcısı ya da başkanı reddeder."),
        code="not_facilitator",
    )


def _may_decide(person: AnyPerson, amendment: Amendment, *, at: datetime) -> Verdict:
    if amendment.proposal.stage not in BEFORE_A_VOTE:
        return no(_("Metin bu aşamada değiştirilemez."), code="wrong_stage")
    if amendment.state == AmendmentState.OVERTAKEN:
        return no(_("Önergenin paragrafı bu arada değişti; önerge yenilenmeli."), code="overtaken")
    if not amendment.is_open:
        return no(_("Bu önerge karara bağlandı."), code="already_decided")
    if amendment.author_id == person.pk:
        return no(_("Kendi önergenizi karara bağlayamazsınız."), code="own_amendment")
    return YES


def _leads_discussion(person: AnyPerson, proposal: Proposal, *, at: datetime) -> bool:
    body = proposal.addressed_to
    return proposal.stage == Stage.IN_GROUP and body is not None and leads(person, body, at=at)


def _not_the_decider(proposal: Proposal) -> Verdict:
    if proposal.stage == Stage.IN_GROUP:
        return no(
            _("Önergeyi, öneriyi görüşenlerin kolaylaştırıcısı ya da başkanı karara bağlar; yazarı da kabul edebilir."),
            code="not_facilitator",
        )
    return no(_("Önergeyi önerinin yazarı karara bağlar."), code="not_author")


def may_withdraw_amendment(person: AnyPerson, amendment: Amendment, *, at: datetime) -> Verdict:
    """Who wrote it, as long as nothing was decided; also on a text that does not change any more."""
    if amendment.author_id != person.pk:
        return no(_("Önergeyi yalnız veren geri çekebilir."), code="not_author")
    if not amendment.is_open:
        return no(_("Bu önerge karara bağlandı."), code="already_decided")
    return YES
