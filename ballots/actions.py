"""Opening a ballot, voting, closing and declaring.

Whether a ballot is open is decided by the database's clock and nothing else: neither the browser's, nor the web
server's, nor a moment in a request. Two locks keep the count true: a vote holds the ballot's row FOR SHARE until its
commit, closing and declaring take it FOR UPDATE. So a vote is either committed before the count and counted, or
finds the ballot closed and is refused.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Unpack
from uuid import UUID

import structlog
from django.core.exceptions import ValidationError
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from ballots import casting, papers, roll
from ballots.casting import Cast, Receipt
from ballots.journal_kinds import BallotKind
from ballots.models import MAX_REASON, Ballot, BallotOption, EarlyClosing, Elector, Method, Outcome, SealedLot, Vote
from ballots.permissions import may_close, why_not
from ballots.results import recount
from ballots.rules import LOTS, Rule, checked
from journal.actions import HasKey, record
from journal.group_commit import OutcomeUnknown
from people.models import Person
from people.verdicts import Refused

MIN_REASON = 10
log = structlog.get_logger(__name__)
Place = tuple[HasKey | None, HasKey | None]
"""The council and the body of a ballot."""


def database_now() -> datetime:
    """The moment on the database's clock, not the beginning of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now


# --- Opening ----------------------------------------------------------------------------------------------------------
@transaction.atomic
def open_ballot(
    *,
    actor: Person,
    policy: str,
    question: str,
    electors: Iterable[int],
    opens_at: datetime | None = None,
    closes_at: datetime,
    at: datetime,
    place: Place = (None, None),
    **rule: Unpack[Rule],
) -> Ballot:
    """Freeze question, options, moments, rule and roll; without `opens_at` it is open at once.

    Whether the actor may open one is the caller's verdict, because a ballot without its owner knows no policy yet.
    `electors` are ids of people, `quorum` is a number of them; without a rule it is yes/no by simple majority.
    Raises `ValidationError` on the field that is wrong; refuses with ``no_electors`` and ``quorum_out_of_reach``.
    """
    now = database_now()
    if closes_at <= now:
        raise ValidationError({"closes_at": _("Kapanış gelecekte olmalı.")}, code="closes_in_the_past")
    ballot = _write_ballot(
        actor=actor,
        policy=policy,
        question=question,
        electors=electors,
        opens_at=opens_at or now,
        closes_at=closes_at,
        created_at=at,
        rule=rule,
    )
    record(
        BallotKind.OPENED,
        actor=actor,
        subject=ballot,
        topic=ballot.topic,
        at=at,
        council=place[0],
        body=place[1],
        facts=_frozen_facts(ballot),
    )
    return ballot


def _write_ballot(*, actor: Person, electors: Iterable[int], question: str, rule: Rule, **fields: Any) -> Ballot:
    ruled, options = checked(rule)
    fields |= ruled
    roll = sorted(set(electors))
    if not roll:
        raise Refused(_("Oy hakkı olan kimse yok."), code="no_electors")
    if fields["quorum"] > len(roll):
        raise Refused(_("Yeter sayı, oy hakkı olanların sayısını aşıyor."), code="quorum_out_of_reach")
    seed = secrets.token_hex(32) if fields["tie_rule"] in LOTS else ""
    if seed:
        fields["lot_digest"] = hashlib.sha256(seed.encode()).hexdigest()
    ballot = Ballot(opened_by=actor, question=question.strip(), electorate_size=len(roll), **fields)
    if not ballot.question:
        raise ValidationError({"question": _("Oylanacak soruyu yazın.")}, code="required")
    if ballot.closes_at <= ballot.opens_at:
        raise ValidationError({"closes_at": _("Kapanış, açılıştan sonra olmalı.")}, code="closes_before_it_opens")
    ballot.clean_fields(exclude=["opened_by", "chair"])
    ballot.save(force_insert=True)
    BallotOption.objects.bulk_create(
        [BallotOption(ballot=ballot, number=number, text=text) for number, text in enumerate(options, 1)]
    )
    if seed:
        SealedLot.objects.create(ballot=ballot, seed=seed)
    Elector.objects.bulk_create([Elector(ballot=ballot, person_id=person) for person in roll], batch_size=5_000)
    return ballot


def _frozen_facts(ballot: Ballot) -> dict[str, object]:
    facts: dict[str, object] = {
        "question": ballot.question,
        "opens_at": ballot.opens_at,
        "closes_at": ballot.closes_at,
        "electorate": ballot.electorate_size,
        "quorum": ballot.quorum,
        "majority": ballot.majority,
        "visibility": ballot.visibility,
    }
    if ballot.chair_id is not None:
        facts |= {"tie_rule": ballot.tie_rule, "chair": ballot.chair_id}
    if ballot.method == Method.YES_NO:
        return facts
    options = list(ballot.options.values_list("text", flat=True))
    more = ("method", "seats", "least", "most", "highest", "allows_blank", "tie_rule", "lot_digest")
    return facts | {"options": options} | {name: getattr(ballot, name) for name in more}


# --- Voting -----------------------------------------------------------------------------------------------------------
def cast_vote(
    *, actor: Person, ballot: Ballot, paper: str, key: UUID | None = None, giver: Person | None = None
) -> Receipt:
    """Write or change the actor's vote; the same paper again changes nothing. The answer comes after the commit.

    `key` names the request: sent again with the same paper it gets the same receipt, even when the ballot has closed
    since. Refuses with ``not_open_yet``, ``closed``, ``not_on_roll``, ``key_reused`` when the key was used for another
    paper, or ``outcome_unknown``; an unknown paper is a `ValidationError`. With `giver` the actor votes for them by proxy;
    refuses with ``no_proxy``, and who has given a proxy with ``given_away``.
    """
    voter = giver or actor
    try:
        papers.check(ballot, paper)
    except papers.InvalidPaper as wrong:
        raise ValidationError({"paper": ValidationError(wrong.sentence, code=wrong.code)}) from wrong
    try:
        roll.settle_one(ballot, voter)
        answer = casting.drop_in(Cast(ballot.pk, voter.pk, str(paper), key, actor.pk if giver else None))
    except (OutcomeUnknown, OperationalError, InterfaceError) as error:
        log.warning("vote_outcome_unknown", ballot=ballot.pk, error=repr(error))
        answer = "outcome_unknown"
    if isinstance(answer, str):
        raise Refused(str(why_not(answer, ballot)), code=answer)
    return answer


# --- Closing and declaring --------------------------------------------------------------------------------------------
@transaction.atomic
def close_ballot_now(*, actor: Person, ballot: Ballot, reason: str) -> Ballot:
    """Close an open ballot before its time and declare its outcome; waits for votes in flight and counts them.

    Everybody reads the reason. Refuses with the owner's reason, ``not_open_yet`` or ``closed``; `ValidationError` on
    ``reason`` when it says too little.
    """
    roll.settle(ballot)
    ballot = _locked(ballot)
    now = database_now()
    may_close(actor, ballot, at=now).require()
    reason = _required_reason(reason)
    announced = ballot.closes_at
    ballot.closes_at = now
    ballot.save(update_fields=["closes_at"])
    EarlyClosing.objects.create(ballot=ballot, actor=actor, reason=reason, announced_closes_at=announced, at=now)
    place = ballot.rules.place(ballot)
    record(
        BallotKind.CLOSED_EARLY,
        actor=actor,
        subject=ballot,
        topic=ballot.topic,
        at=now,
        council=place[0],
        body=place[1],
        facts={"reason": reason, "announced_closes_at": announced},
    )
    return _declare(ballot, actor=actor)


def _required_reason(reason: str) -> str:
    reason = reason.strip()
    if len(reason) < MIN_REASON:
        raise ValidationError({"reason": _("Neden erken kapattığınızı en az 10 harfle yazın; herkes okuyacak.")})
    if len(reason) > MAX_REASON:
        raise ValidationError({"reason": _("Gerekçe en çok 1.000 harf olabilir.")})
    return reason


@transaction.atomic
def declare_outcome(ballot: Ballot) -> Ballot:
    """Count a ballot that has ended and write the outcome down, once; a second call changes nothing.

    The owner's policy moves its own state in the same transaction. Refuses with ``still_open``.
    """
    return _declare(_locked(ballot))


def declare_ended_ballots() -> list[int]:
    """Declare every ballot whose time is over; ids of those declared. Safe to run in several places at once."""
    declared: list[int] = []
    failed: list[int] = []
    while True:
        with transaction.atomic():
            ballot = (
                Ballot.objects.select_for_update(skip_locked=True)
                .filter(declared_at__isnull=True, closes_at__lte=Now())
                .exclude(pk__in=failed)
                .order_by("closes_at", "pk")
                .first()
            )
            if ballot is None:
                return declared
            try:
                with transaction.atomic():
                    _declare(ballot)
            except Exception:  # one owner's fault must not keep other ballots from their outcome
                log.exception("ballot_not_declared", ballot=ballot.pk)
                failed.append(ballot.pk)
            else:
                declared.append(ballot.pk)


def _locked(ballot: Ballot) -> Ballot:
    return Ballot.objects.select_for_update().get(pk=ballot.pk)


def _write_outcome(ballot: Ballot, *, at: datetime) -> None:
    counted = recount(ballot)
    if (tally := counted.tally) is not None:
        ballot.yes_votes, ballot.no_votes, ballot.abstentions = tally.yes, tally.no, tally.abstain
    ballot.result, ballot.outcome, ballot.declared_at = counted.result, counted.outcome, at
    ballot.save(update_fields=["yes_votes", "no_votes", "abstentions", "result", "outcome", "declared_at"])


def _record_outcome(ballot: Ballot, *, actor: Person | None, place: Place) -> None:
    assert ballot.declared_at is not None
    facts: dict[str, object] = {
        "electorate": ballot.electorate_size,
        "quorum": ballot.quorum,
        "outcome": ballot.outcome,
    }
    if ballot.result is None:
        kind = BallotKind.QUESTION_AWAITS_CHAIR if ballot.awaits_chair else BallotKind.DECLARED
        facts |= {"yes": ballot.yes_votes, "no": ballot.no_votes, "abstain": ballot.abstentions}
    else:
        kind = BallotKind.ELECTED if ballot.outcome == Outcome.ELECTED else BallotKind.UNDECIDED
        texts = dict(ballot.options.values_list("number", "text"))
        winners = ", ".join(texts[number] for number in ballot.result["winners"])
        facts |= {"papers": ballot.result["papers"], "valid": ballot.result["valid"], "winners": winners}
        if ballot.awaits_chair and ballot.open_tie is not None:
            kind = BallotKind.AWAITS_CHAIR
            facts["tied"] = ", ".join(texts[int(number)] for number in ballot.open_tie.between)
    record(
        kind,
        actor=actor,
        subject=ballot,
        topic=ballot.topic,
        at=ballot.declared_at,
        council=place[0],
        body=place[1],
        facts=facts,
    )


def _declare(ballot: Ballot, *, actor: Person | None = None) -> Ballot:
    """Declare a ballot whose row is locked."""
    if ballot.declared_at is not None:
        return ballot
    now = database_now()
    if now < ballot.closes_at:
        raise Refused(_("Oylama sürüyor, sonuç kapanınca açıklanır."), code="still_open")
    _write_outcome(ballot, at=now)
    rules = ballot.rules
    _record_outcome(ballot, actor=actor, place=rules.place(ballot))
    if not ballot.awaits_chair:  # else the owner hears of it when the chair has decided
        rules.declared(ballot, at=now)
    return ballot


# --- Past ballots -----------------------------------------------------------------------------------------------------
def _require_fitting(ballot: Ballot, paper: str, *, is_in_time: bool) -> None:
    try:
        papers.check(ballot, paper)
    except papers.InvalidPaper:
        is_in_time = False
    if not is_in_time:
        raise ValidationError(
            {"votes": _("Listede olmayan, süre dışında ya da bilinmeyen bir oy var.")}, code="vote_does_not_fit"
        )


@transaction.atomic
def record_past_ballot(
    *,
    actor: Person,
    policy: str,
    question: str,
    electors: Iterable[int],
    votes: Mapping[int, tuple[str, datetime]],
    opens_at: datetime,
    closes_at: datetime,
    place: Place = (None, None),
    link: Callable[[Ballot], object] | None = None,
    tell_owner: bool = False,
    **rule: Unpack[Rule],
) -> Ballot:
    """Write down a ballot that was held elsewhere and has ended: from signed minutes, an import or the demo.

    `votes` maps a person's id to the paper and its moment, between opening and closing. The count and the outcome are
    made as for any other ballot, declared at the moment of closing, and the ballot says for good that it was recorded
    afterwards. `link` is called with the ballot before it is declared, so that the owner can point to it; with
    `tell_owner` the owner's policy then moves its state. Raises `ValidationError` for what does not fit together.
    """
    if closes_at > database_now():
        raise ValidationError({"closes_at": _("Geçmiş bir oylamanın kapanışı geçmişte olmalı.")}, code="not_past")
    roll = set(electors)
    ballot = _write_ballot(
        actor=actor,
        policy=policy,
        question=question,
        electors=roll,
        opens_at=opens_at,
        closes_at=closes_at,
        created_at=opens_at,
        is_recorded_afterwards=True,
        rule=rule,
    )
    for person, (paper, moment) in votes.items():
        _require_fitting(ballot, paper, is_in_time=person in roll and opens_at <= moment < closes_at)
    record(
        BallotKind.OPENED,
        actor=actor,
        subject=ballot,
        topic=ballot.topic,
        at=opens_at,
        council=place[0],
        body=place[1],
        facts=_frozen_facts(ballot),
    )
    Vote.objects.bulk_create(
        [
            Vote(ballot=ballot, person_id=person, paper=paper, cast_at=moment, changed_at=moment)
            for person, (paper, moment) in votes.items()
        ],
        batch_size=5_000,
    )
    if link is not None:
        link(ballot)
    _write_outcome(ballot, at=closes_at)
    _record_outcome(ballot, actor=None, place=place)
    if tell_owner and not ballot.awaits_chair:
        ballot.rules.declared(ballot, at=closes_at)
    return ballot
