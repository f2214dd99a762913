"""Which budget lines pay an implementation, how much of each, and which objectives of the strategic plan it serves."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from journal.actions import record
from people.models import Person
from people.verdicts import no
from proposals.actions.implementing import begun_of
from proposals.actions.moving import locked
from proposals.budget.checking import whole_amount
from proposals.budget.lira import in_the_record
from proposals.budget.permissions import may_name_money
from proposals.budget.reading import given_of
from proposals.journal_kinds import ProposalKind
from proposals.models import BudgetLine, BudgetShare, Objective, Proposal, ServedObjective
from turkish.templatetags.turkish_text import lira

MOST_LINES = 20
MOST_OBJECTIVES = 20


def _record(kind: ProposalKind, actor: Person, proposal: Proposal, at: datetime, **facts: Any) -> None:
    record(
        kind,
        actor=actor,
        subject=proposal,
        topic=proposal.topic,
        council=proposal.council,
        body=proposal.addressed_to,
        at=at,
        facts={"number": proposal.number, "title": proposal.title, **facts},
    )


def _told(line: BudgetLine) -> dict[str, str]:
    return {"line": str(line), "name": line.name}


@transaction.atomic
def fund_implementation(
    *, actor: Person, proposal: Proposal, line: int, amount: Decimal | None = None, at: datetime
) -> BudgetShare:
    """Say that a budget line pays the proposal, and how much; a second time changes the amount, the same again nothing.

    All shares of a line stay within its amount, where that is known. Refuses who is not of the directorate, and stages that
    are not `PAID_IN`. `ValidationError` on ``line`` for what is no line in use of the council, on ``amount``.
    """
    proposal = locked(proposal)
    may_name_money(actor, proposal, at=at).require()
    amount = whole_amount(amount)
    found = BudgetLine.objects.select_for_update(no_key=True).filter(council=proposal.council, pk=line).first()
    begun = begun_of(proposal)
    share = begun.shares.filter(line=found).first() if found is not None else None
    if found is None or (found.is_retired and share is None):
        raise ValidationError(
            {"line": ValidationError(_("Kullanımda olan bir bütçe kalemi seçin."), code="unknown_value")}
        )
    if share is not None and share.amount == amount:
        return share
    if share is None and begun.shares.count() >= MOST_LINES:
        no(_("Bir uygulamanın en çok %(n)s kalemi olabilir.") % {"n": MOST_LINES}, code="too_many").require()
    before = share.amount if share is not None else None
    if amount is not None and found.amount is not None:
        left = found.amount - given_of(found) + (before or 0)
        if amount > left:
            sentence = _("Bu kalemde en çok %(left)s var; kalemin tutarı %(whole)s.")
            sentence %= {"left": lira(max(left, Decimal(0))), "whole": lira(found.amount)}
            raise ValidationError({"amount": ValidationError(sentence, code="more_than_the_line")})
    if share is None:
        share = begun.shares.create(line=found, amount=amount)
        paid = found.name if amount is None else f"{found.name}, {in_the_record(amount)}"
        _record(ProposalKind.FUNDED, actor, proposal, at, **_told(found), amount=in_the_record(amount), paid=paid)
        return share
    share.amount = amount
    share.save(update_fields=["amount"])
    facts = {**_told(found), "before": in_the_record(before), "amount": in_the_record(amount)}
    _record(ProposalKind.FUNDING_CHANGED, actor, proposal, at, **facts)
    return share


@transaction.atomic
def stop_funding(*, actor: Person, proposal: Proposal, line: int, at: datetime) -> None:
    """Say that a budget line does not pay the proposal after all; again it changes nothing.

    Refuses who is not of the directorate, and stages that are not `PAID_IN`.
    """
    proposal = locked(proposal)
    may_name_money(actor, proposal, at=at).require()
    share = BudgetShare.objects.select_related("line").filter(implementation__proposal=proposal, line=line).first()
    if share is None:
        return
    share.delete()
    _record(ProposalKind.FUNDING_ENDED, actor, proposal, at, **_told(share.line), before=in_the_record(share.amount))


@transaction.atomic
def serve_objective(*, actor: Person, proposal: Proposal, objective: int, at: datetime) -> ServedObjective:
    """Say that the proposal serves an aim or an objective of the strategic plan; again it changes nothing.

    Refuses who is not of the directorate, and stages that are not `PAID_IN`. `ValidationError` on ``objective`` for what is
    no objective in use of the council.
    """
    proposal = locked(proposal)
    may_name_money(actor, proposal, at=at).require()
    found = Objective.objects.select_related("plan").filter(plan__council=proposal.council, pk=objective).first()
    begun = begun_of(proposal)
    served = begun.served.filter(objective=found).first() if found is not None else None
    if served is not None:
        return served
    if found is None or found.is_retired:
        sentence = _("Kullanımda olan bir amaç ya da hedef seçin.")
        raise ValidationError({"objective": ValidationError(sentence, code="unknown_value")})
    if begun.served.count() >= MOST_OBJECTIVES:
        no(_("Bir uygulamanın en çok %(n)s hedefi olabilir.") % {"n": MOST_OBJECTIVES}, code="too_many").require()
    served = begun.served.create(objective=found)
    _record(ProposalKind.OBJECTIVE_SERVED, actor, proposal, at, **_named(found))
    return served


@transaction.atomic
def stop_serving(*, actor: Person, proposal: Proposal, objective: int, at: datetime) -> None:
    """Say that the proposal does not serve an objective after all; again it changes nothing.

    Refuses who is not of the directorate, and stages that are not `PAID_IN`.
    """
    proposal = locked(proposal)
    may_name_money(actor, proposal, at=at).require()
    of_objective = ServedObjective.objects.select_related("objective__plan").filter(objective=objective)
    served = of_objective.filter(implementation__proposal=proposal).first()
    if served is None:
        return
    served.delete()
    _record(ProposalKind.OBJECTIVE_LEFT, actor, proposal, at, **_named(served.objective))


def _named(objective: Objective) -> dict[str, str]:
    return {"objective": objective.code, "name": objective.name, "period": objective.plan.period}
