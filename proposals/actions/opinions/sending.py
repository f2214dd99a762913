"""An adopted opinion goes to the municipality, with the day and the number of its registry."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from people.models import Person
from proposals.actions.moving import move
from proposals.actions.opinions.common import locked_opinion, set_state
from proposals.journal_kinds import ProposalKind
from proposals.models import Opinion
from proposals.opinion_states import OpinionState
from proposals.opinions.permissions import may_send_opinion
from proposals.stages import Stage


@transaction.atomic
def send_opinion(*, actor: Person, opinion: Opinion, sent_on: date, registry_number: str, at: datetime) -> Opinion:
    """Write down that the opinion was handed to the municipality; all of its proposals go on. Once more changes nothing.

    Refuses who does not send opinions. `ValidationError` on ``sent_on`` or ``registry_number``.
    """
    opinion, proposals = locked_opinion(opinion)
    if opinion.state == OpinionState.SENT and opinion.sent_by_id == actor.pk:
        return opinion
    may_send_opinion(actor, opinion, {proposal.holder for proposal in proposals}, at=at).require()
    number = " ".join(registry_number.split())
    if not number:
        raise ValidationError({"registry_number": _("Evrak kayıt numarasını yazın.")})
    assert opinion.adopted_at is not None
    if sent_on > timezone.localtime(at).date():
        raise ValidationError({"sent_on": _("Gönderme günü gelecekte olamaz.")})
    if sent_on < timezone.localtime(opinion.adopted_at).date():
        raise ValidationError({"sent_on": _("Görüş bu tarihte henüz kabul edilmemişti.")})
    set_state(opinion, OpinionState.SENT, at=at)
    opinion.sent_at, opinion.sent_on, opinion.registry_number, opinion.sent_by = at, sent_on, number, actor
    opinion.clean_fields(exclude=["prepared_by", "council", "sent_by"])
    opinion.save()
    for proposal in proposals:
        move(
            proposal,
            Stage.SENT,
            kind=ProposalKind.OPINION_SENT,
            actor=actor,
            at=at,
            facts={"opinion": opinion.number, "registry": number},
        )
    return opinion
