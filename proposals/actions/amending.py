"""Amendments: asked for by others than the author, accepted or declined by the author or the body, never applied by themselves.

Every action locks the proposal's row first, so two decisions, or a decision and a new version, come one after the other.
"""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from discussions.markup import clean
from journal.actions import record
from people.models import Person
from people.verdicts import Refused, no
from proposals.actions.moving import locked, required_reason
from proposals.actions.revising import MIN_NOTE, missing, publish
from proposals.amending import (
    AmendmentKind,
    AmendmentReason,
    AmendmentState,
    apply,
    digest_of,
    paragraphs_of,
    text_of,
)
from proposals.journal_kinds import ProposalKind
from proposals.models import MAX_BODY_LENGTH, Amendment, AmendmentDecision, Follow, Proposal, ProposalVersion
from proposals.models.amendment import LONGEST_REASON
from proposals.permissions import may_accept_amendment, may_amend, may_decline_amendment, may_withdraw_amendment

MOST_OPEN = 20
"""How many undecided amendments of one person a proposal holds."""
# It would swallow the paragraphs behind it.
_UNCLOSED = _l("Metinde kapanmamış bir kod bloğu var.")


@transaction.atomic
def propose_amendment(
    *,
    actor: Person,
    proposal: Proposal,
    kind: str,
    position: int,
    text: str = "",
    reason: str,
    digest: str | None = None,
    renews: Amendment | None = None,
    at: datetime,
) -> Amendment:
    """Ask for a change of one paragraph; the same wish a second time gives the first one again.

    `digest` is that of the paragraph the writer had before them: one that moved meanwhile is found, one that changed refuses
    with ``changed_meanwhile``. `renews` is an overtaken amendment of the actor. Raises `ValidationError` by field; refuses
    with ``too_many`` when `MOST_OPEN` wait.
    """
    proposal = locked(proposal)
    may_amend(actor, proposal, at=at).require()
    paragraphs = paragraphs_of(proposal.text)
    position = _place(paragraphs, position, digest)
    text = "" if kind == AmendmentKind.REMOVE else clean(text)
    reason = " ".join(clean(reason).split())
    _check(proposal, paragraphs, kind, position, text, reason)
    paragraph = paragraphs[position - 1] if position else ""
    mine = Amendment.objects.filter(proposal=proposal, author=actor, state=AmendmentState.OPEN)
    same = mine.filter(kind=kind, position=position, digest=digest_of(paragraph), text=text).first()
    if same is not None:
        return same
    if mine.count() >= MOST_OPEN:
        no(_("Bu öneride karar bekleyen önergeleriniz çok. Önce birini geri çekin."), code="too_many").require()
    last = Amendment.objects.filter(proposal=proposal).aggregate(last=Max("number"))["last"]
    amendment = Amendment.objects.create(
        proposal=proposal,
        number=(last or 0) + 1,
        kind=kind,
        author=actor,
        written_on=proposal.version,
        version=proposal.version,
        position=position,
        paragraph=paragraph,
        digest=digest_of(paragraph),
        text=text,
        reason=reason,
        renews=_renewable(actor, proposal, renews),
        created_at=at,
    )
    Follow.objects.bulk_create([Follow(proposal=proposal, person=actor, created_at=at)], ignore_conflicts=True)
    _record(ProposalKind.AMENDMENT_PROPOSED, amendment, actor=actor, reason=reason, at=at)
    return amendment


def _place(paragraphs: list[str], position: int, digest: str | None) -> int:
    """Where the paragraph the writer saw stands now."""
    if digest is None or position == 0:
        return position
    digests = [digest_of(paragraph) for paragraph in paragraphs]
    if 1 <= position <= len(digests) and digests[position - 1] == digest:
        return position
    if digests.count(digest) == 1:
        return digests.index(digest) + 1
    raise Refused(
        _("Siz yazarken bu paragraf değişti. Yeni metni okuyup önergenizi yeniden yazın."), "changed_meanwhile"
    )


def _check(proposal: Proposal, paragraphs: list[str], kind: str, position: int, text: str, reason: str) -> None:
    errors: dict[str, list[str]] = {}
    if kind not in AmendmentKind.values:
        raise ValidationError({"kind": ValidationError(_("Ne yapılacağını seçin."), code="unknown_value")})
    try:
        changed, _change = apply(paragraphs, kind, position, text)
    except IndexError:
        raise ValidationError({"position": ValidationError(_("Böyle bir paragraf yok."), code="unknown")}) from None
    if kind != AmendmentKind.REMOVE and not text:
        errors["text"] = [_("Yeni metni yazın.")]
    elif kind == AmendmentKind.REPLACE and changed == paragraphs:
        errors["text"] = [_("Metinde bir değişiklik yok.")]
    elif paragraphs_of(text_of(changed)) != changed:
        errors["text"] = [str(_UNCLOSED)]
    elif len(text_of(changed)) > MAX_BODY_LENGTH:
        errors["text"] = [_("Öneri metni bu değişiklikle 20.000 harfi geçiyor.")]
    else:
        proposal.text = text_of(changed)
        if "text" in missing(proposal):
            errors["text"] = [_("Bu değişiklikle öneri metni 60 harften kısa kalıyor.")]
    if len(reason) < MIN_NOTE:
        errors["reason"] = [_("Neyi neden değiştirdiğinizi en az 10 harfle yazın.")]
    elif len(reason) > LONGEST_REASON:
        errors["reason"] = [_("Gerekçe en çok 300 harf olabilir.")]
    if errors:
        raise ValidationError(errors)


def _renewable(actor: Person, proposal: Proposal, renews: Amendment | None) -> Amendment | None:
    """The overtaken amendment that is renewed; None when it is nobody's, another's or renewed already."""
    if renews is None:
        return None
    mine = Amendment.objects.filter(pk=renews.pk, proposal=proposal, author=actor, state=AmendmentState.OVERTAKEN)
    return mine.filter(renewal__isnull=True).first()


@transaction.atomic
def accept_amendment(*, actor: Person, amendment: Amendment, reason: str = "", at: datetime) -> ProposalVersion:
    """Publish the text with the amendment in it as the next version; the same person's second call gives that version again.

    Others that speak of the changed paragraph are overtaken. Raises `ValidationError` by field.
    """
    proposal, amendment = _locked(amendment)
    if amendment.state == AmendmentState.ACCEPTED and amendment.decision.actor_id == actor.pk:
        version = amendment.decision.version
        assert version is not None
        return version
    may_accept_amendment(actor, amendment, at=at).require()
    paragraphs = paragraphs_of(proposal.text)
    at_place = paragraphs[amendment.position - 1 : amendment.position] if amendment.position else [""]
    if amendment.version != proposal.version or [digest_of(each) for each in at_place] != [amendment.digest]:
        raise Refused(_("Önergenin paragrafı bu arada değişti; önerge yenilenmeli."), "overtaken")
    reason = clean(reason)
    if len(reason) > 2000:
        raise ValidationError({"reason": _("Gerekçe en çok 2.000 harf olabilir.")})
    changed, _change = apply(paragraphs, amendment.kind, amendment.position, amendment.text)
    proposal.text = text_of(changed)
    errors = missing(proposal)
    if paragraphs_of(proposal.text) != changed:
        errors["text"] = [str(_UNCLOSED)]
    if errors:
        raise ValidationError(errors)
    version = publish(
        proposal,
        kind=ProposalKind.AMENDMENT_ACCEPTED,
        note=amendment.reason,
        actor=actor,
        at=at,
        accepted=amendment,
        facts={"amendment": amendment.number, "concerns": amendment.author_id, "reason": reason},
    )
    AmendmentDecision.objects.create(
        amendment=amendment, outcome=AmendmentState.ACCEPTED, actor=actor, reason=reason, version=version, at=at
    )
    return version


@transaction.atomic
def decline_amendment(
    *, actor: Person, amendment: Amendment, reason: str, reason_code: str = AmendmentReason.OTHER, at: datetime
) -> Amendment:
    """Refuse an amendment with a reason everybody reads; the same person's second call changes nothing."""
    _proposal, amendment = _locked(amendment)
    if amendment.state == AmendmentState.DECLINED and amendment.decision.actor_id == actor.pk:
        return amendment
    may_decline_amendment(actor, amendment, at=at).require()
    reason = required_reason(reason)
    if reason_code not in AmendmentReason.values:
        raise ValidationError({"reason_code": ValidationError(_("Gerekçenin türünü seçin."), code="unknown_value")})
    AmendmentDecision.objects.create(
        amendment=amendment,
        outcome=AmendmentState.DECLINED,
        actor=actor,
        reason=reason,
        reason_code=reason_code,
        at=at,
    )
    amendment.state = AmendmentState.DECLINED
    _record(ProposalKind.AMENDMENT_DECLINED, amendment, actor=actor, reason=reason, reason_code=reason_code, at=at)
    return amendment


@transaction.atomic
def withdraw_amendment(*, actor: Person, amendment: Amendment, at: datetime) -> Amendment:
    """Its author takes an amendment back; a second call changes nothing."""
    _proposal, amendment = _locked(amendment)
    if amendment.state == AmendmentState.WITHDRAWN and amendment.author_id == actor.pk:
        return amendment
    may_withdraw_amendment(actor, amendment, at=at).require()
    AmendmentDecision.objects.create(amendment=amendment, outcome=AmendmentState.WITHDRAWN, actor=actor, at=at)
    amendment.state = AmendmentState.WITHDRAWN
    _record(ProposalKind.AMENDMENT_WITHDRAWN, amendment, actor=actor, at=at)
    return amendment


def _locked(amendment: Amendment) -> tuple[Proposal, Amendment]:
    """The proposal, locked, and the amendment as it is now."""
    proposal = locked(amendment.proposal)
    amendment = Amendment.objects.select_related("decision__version", "author").get(pk=amendment.pk)
    amendment.proposal = proposal
    return proposal, amendment


def _record(
    kind: ProposalKind,
    amendment: Amendment,
    *,
    actor: Person,
    at: datetime,
    reason: str = "",
    reason_code: str = "",
) -> None:
    proposal = amendment.proposal
    record(
        kind,
        actor=actor,
        subject=proposal,
        topic=proposal.topic,
        council=proposal.council,
        body=proposal.addressed_to,
        at=at,
        facts={
            "number": proposal.number,
            "title": proposal.title,
            "amendment": amendment.number,
            "position": amendment.position,
            "concerns": amendment.author_id,
            "reason": reason,
            **({"reason_code": reason_code} if reason_code else {}),
        },
    )
