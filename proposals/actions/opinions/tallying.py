"""The general assembly voted in a meeting: one person enters the tally with the minutes, a second one confirms it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ballots.deciding import needed
from ballots.models import Majority, Outcome
from documents.attachment_content import check
from people.models import Person
from people.verdicts import no
from proposals.actions.moving import required_reason
from proposals.actions.opinions.common import (
    adopt,
    back_to_draft,
    decline,
    locked_opinion,
    rule_of,
    set_state,
    take_number,
    tell,
)
from proposals.actions.opinions.voting import assembly_roll
from proposals.journal_kinds import ProposalKind
from proposals.models import AssemblyTally, Opinion, TallyState
from proposals.opinion_states import OpinionState
from proposals.opinions.permissions import may_ask_assembly, may_settle_tally
from turkish.kept import in_the_record

OLDEST = timedelta(days=366)
"""How long ago the meeting may have been."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What the minutes say: the day, how many were there, how many voted how."""

    held_on: date
    present: int
    votes_for: int
    votes_against: int
    votes_abstain: int


def enter_tally(
    *, actor: Person, opinion: Opinion, figures: Figures, upload: File[bytes], at: datetime
) -> AssemblyTally:
    """Write down how the general assembly voted in a meeting; it counts once a second person has confirmed it.

    The opinion takes its number, its text and proposals stand from now on. The assembly's members on the day of the meeting
    are counted from its seats. Refuses with ``no_quorum`` what fewer than the quorum decided. `ValidationError` on the
    figures or on ``file``, which must be a PDF. No file is left behind without its row.
    """
    may_ask_assembly(actor, opinion, at=at).require()
    try:
        checked = check(upload, upload.name or "", max_bytes=settings.ATTACHMENT_MAX_BYTES)
    except ValidationError as error:
        raise ValidationError({"file": error.error_list}) from None
    if checked.kind != "pdf":
        raise ValidationError({"file": _("Tutanağı PDF olarak yükleyin.")}, code="not_pdf")
    stored = None
    try:
        with transaction.atomic():
            opinion, proposals = locked_opinion(opinion)
            may_ask_assembly(actor, opinion, at=at).require()
            rule = rule_of(proposals)
            members = _members(opinion, figures, at=at)
            quorum = rule.quorum(members)
            if figures.present < quorum:
                no(_below_quorum(figures.present, quorum, members), code="no_quorum").require()
            outcome = rule.outcome(
                members=members,
                present=figures.present,
                yes=figures.votes_for,
                no=figures.votes_against,
                abstain=figures.votes_abstain,
            )
            take_number(opinion, at=at)
            set_state(opinion, OpinionState.VOTING, at=at)
            opinion.save()
            tally = AssemblyTally(
                opinion=opinion,
                held_on=figures.held_on,
                members=members,
                present=figures.present,
                votes_for=figures.votes_for,
                votes_against=figures.votes_against,
                votes_abstain=figures.votes_abstain,
                quorum=quorum,
                majority=rule.majority,
                outcome=outcome,
                name=checked.name,
                size=len(checked.content),
                digest=checked.digest,
                entered_by=actor,
                entered_at=at,
            )
            tally.file.save(checked.name, ContentFile(checked.content), save=False)
            stored = tally.file
            tally.save()
            tell(ProposalKind.OPINION_TALLY_ENTERED, opinion, proposals, actor=actor, at=at)
            return tally
    except BaseException:
        if stored is not None:
            stored.delete(save=False)
        raise


def _below_quorum(present: int, quorum: int, members: int) -> str:
    sentence = ngettext(
        "Genel kurulun %(members)d üyesi var; karar için en az %(quorum)d üyenin katılması gerekir. Tutanakta %(n)d üye var.",
        "Genel kurulun %(members)d üyesi var; karar için en az %(quorum)d üyenin katılması gerekir. Tutanakta %(n)d üye var.",
        present,
    )
    return sentence % {"members": members, "quorum": quorum, "n": present}


def _members(opinion: Opinion, figures: Figures, *, at: datetime) -> int:
    """How many members the assembly had on the day of the meeting; `ValidationError` where the figures cannot be."""
    today = timezone.localtime(at).date()
    if figures.held_on > today:
        raise ValidationError({"held_on": _("Toplantı günü gelecekte olamaz.")})
    if figures.held_on < today - OLDEST:
        raise ValidationError({"held_on": _("Toplantı en çok bir yıl önce yapılmış olabilir.")})
    noon = datetime.combine(figures.held_on, time(12), tzinfo=timezone.get_current_timezone())
    members = len(assembly_roll(opinion.council, at=noon))
    if not members:
        no(_("O gün genel kurulun oy hakkı olan üyesi yok."), code="no_electors").require()
    votes = figures.votes_for + figures.votes_against + figures.votes_abstain
    if min(figures.present, figures.votes_for, figures.votes_against, figures.votes_abstain) < 0:
        raise ValidationError({"present": _("Sayılar sıfırdan küçük olamaz.")})
    if figures.present > members:
        raise ValidationError(
            {"present": _("Genel kurulun o gün %(n)d üyesi vardı; katılan daha çok olamaz.") % {"n": members}}
        )
    if not votes:
        raise ValidationError({"votes_for": _("Kullanılan oyları yazın.")})
    if votes > figures.present:
        raise ValidationError({"votes_for": _("Oyların toplamı katılanlardan çok olamaz.")})
    return members


@transaction.atomic
def confirm_tally(*, actor: Person, tally: AssemblyTally, at: datetime) -> Opinion:
    """A second person has compared the figures with the minutes: the opinion and all of its proposals move by them.

    Refuses who entered it, who may not, and a tally that is settled; the same person's second call changes nothing.
    """
    opinion, proposals = locked_opinion(tally.opinion)
    found = AssemblyTally.objects.select_for_update(of=("self",)).get(pk=tally.pk)
    found.opinion = opinion
    if found.state == TallyState.CONFIRMED and found.settled_by_id == actor.pk:
        return opinion
    may_settle_tally(actor, found, at=at).require()
    found.state, found.settled_by, found.settled_at = TallyState.CONFIRMED, actor, at
    found.save(update_fields=["state", "settled_by", "settled_at"])
    facts = {
        "yes": found.votes_for,
        "no": found.votes_against,
        "abstain": found.votes_abstain,
        "present": found.present,
        "held_on": found.held_on.isoformat(),
    }
    match found.outcome:
        case Outcome.PASSED:
            adopt(opinion, proposals, actor=actor, at=at, **facts)
        case Outcome.REJECTED:
            decline(opinion, proposals, reason=_not_enough(found), actor=actor, at=at, **facts)
        case _:
            back_to_draft(opinion, proposals, actor=actor, at=at, outcome=found.outcome, **facts)
    return opinion


def _not_enough(tally: AssemblyTally) -> str:
    whole = tally.votes_for + tally.votes_against if tally.majority != Majority.ABSOLUTE else tally.members
    with in_the_record():
        return _(
            "Genel kurulun toplantısında gereken çoğunluk sağlanmadı. Kabul için %(needed)d oy gerekiyordu: %(yes)d kabul, "
            "%(no)d ret, %(abstain)d çekimser."
        ) % {
            "needed": needed(tally.majority, whole),
            "yes": tally.votes_for,
            "no": tally.votes_against,
            "abstain": tally.votes_abstain,
        }


@transaction.atomic
def reject_tally(*, actor: Person, tally: AssemblyTally, reason: str, at: datetime) -> Opinion:
    """The second person found that the figures do not say what the minutes say: the opinion can be put down again.

    Refuses as `confirm_tally` does. `ValidationError` on ``reason``.
    """
    opinion, proposals = locked_opinion(tally.opinion)
    found = AssemblyTally.objects.select_for_update(of=("self",)).get(pk=tally.pk)
    found.opinion = opinion
    if found.state == TallyState.REJECTED and found.settled_by_id == actor.pk:
        return opinion
    may_settle_tally(actor, found, at=at).require()
    found.reason = required_reason(reason)
    found.state, found.settled_by, found.settled_at = TallyState.REJECTED, actor, at
    found.save(update_fields=["state", "settled_by", "settled_at", "reason"])
    set_state(opinion, OpinionState.DRAFT, at=at)
    opinion.save()
    tell(ProposalKind.OPINION_TALLY_REJECTED, opinion, proposals, actor=actor, at=at, reason=found.reason)
    return opinion
