"""Ties that the published rule gives to the chair: one decision among those who are tied, with its reason, for good.

The ballot stays declared as tied; the decision is a record of its own. The database decides, under the ballot's row, who may
write it and what it may say (migration 0040), so that two decisions at once cannot both stand.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ballots.journal_kinds import BallotKind
from ballots.models import MAX_REASON, Ballot, ChairDecision, Choice, OpenTie
from ballots.permissions import may_decide_tie
from journal.actions import record
from people.models import Person

MIN_REASON = 10


@transaction.atomic
def decide_tie(*, actor: Person, ballot: Ballot, chosen: Iterable[str], reason: str) -> ChairDecision:
    """Write down what the chair decides: ``yes`` or ``no``, or the numbers of as many options as there are places.

    Refuses with ``no_tie``, ``not_chair`` or ``decided``; `ValidationError` on ``chosen`` or ``reason``. The owner of the
    ballot then moves its own state.
    """
    from ballots.actions import database_now

    ballot = Ballot.objects.select_for_update().get(pk=ballot.pk)
    may_decide_tie(actor, ballot).require()
    tie = ballot.open_tie
    assert tie is not None
    numbers, reason = _required_choice(tie, chosen), _required_reason(reason)
    now = database_now()
    decision = ChairDecision.objects.create(ballot=ballot, actor=actor, chosen=",".join(numbers), reason=reason, at=now)
    ballot = Ballot.objects.get(pk=ballot.pk)
    kinds = {Choice.YES: BallotKind.CHAIR_PASSED, Choice.NO: BallotKind.CHAIR_REJECTED}
    facts: dict[str, object] = {"chosen": decision.chosen, "reason": reason}
    if ballot.result is not None:
        facts["winners"] = ", ".join(ballot.option_texts[int(number)] for number in numbers)
    place = ballot.rules.place(ballot)
    record(
        kinds.get(Choice(numbers[0])) if ballot.result is None else BallotKind.CHAIR_ELECTED,
        actor=actor,
        subject=ballot,
        topic=ballot.topic,
        at=now,
        council=place[0],
        body=place[1],
        facts=facts,
    )
    ballot.rules.declared(ballot, at=now)
    return decision


def _required_choice(tie: OpenTie, chosen: Iterable[str]) -> list[str]:
    """What was chosen, in the order of the ballot. `ValidationError` for others than the tied, and for too few or many."""
    asked = set(chosen)
    numbers = [each for each in tie.between if each in asked]
    if asked - set(numbers):
        raise _wrong("chosen", _("Yalnızca eşit kalanlar arasından seçin."), code="not_tied")
    if len(numbers) != tie.places:
        sentence = ngettext("Eşit kalanlardan birini seçin.", "Eşit kalanlardan %(n)d tanesini seçin.", tie.places)
        raise _wrong("chosen", sentence % {"n": tie.places}, code="wrong_number")
    return numbers


def _required_reason(reason: str) -> str:
    reason = reason.strip()
    if len(reason) < MIN_REASON:
        raise _wrong(
            "reason", _("Neden böyle karar verdiğinizi en az 10 harfle yazın; herkes okuyacak."), code="too_short"
        )
    if len(reason) > MAX_REASON:
        raise _wrong("reason", _("Gerekçe en çok 1.000 harf olabilir."), code="too_long")
    return reason


def _wrong(field: str, sentence: str, *, code: str) -> ValidationError:
    return ValidationError({field: ValidationError(sentence, code=code)})
