"""How an accepted proposal is carried out: unit, milestones with evidence, notes, and its end."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from discussions.markup import clean
from documents.attachment_content import Checked, check
from journal.actions import record
from people.models import Person
from people.verdicts import no
from proposals.actions.due import due_of
from proposals.actions.moving import locked, move, required_reason
from proposals.actions.units import named_unit, unit_name
from proposals.journal_kinds import ProposalKind
from proposals.models import (
    Attachment,
    Implementation,
    Milestone,
    MilestoneChange,
    ProgressNote,
    Proposal,
)
from proposals.models.implementation import LONGEST_MILESTONE, LONGEST_SENTENCE
from proposals.permissions import may_implement
from proposals.stages import Stage

MOST_MILESTONES = 40
FURTHEST = timedelta(days=3650)
REVIEW_AFTER = timedelta(days=365)
"""When a proposal's procedure says nothing else."""


def _sentence(field: str, text: str) -> str:
    """The trimmed text of 10 to 1,000 letters; `ValidationError` on its field else."""
    text = clean(text)
    if len(text) < 10:
        raise ValidationError({field: _("En az 10 harf yazın; herkes okuyacak.")})
    if len(text) > LONGEST_SENTENCE:
        raise ValidationError({field: _("En çok 1.000 harf yazabilirsiniz.")})
    return text


def begun_of(proposal: Proposal) -> Implementation:
    """The implementation of a locked proposal, which begins with the first thing said about it."""
    begun, _new = Implementation.objects.get_or_create(proposal=proposal, defaults={"began_at": proposal.stage_since})
    begun.proposal = proposal
    return begun


def _record(kind: ProposalKind, actor: Person | None, proposal: Proposal, at: datetime, **facts: Any) -> None:
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


def _written(day: date) -> str:
    return f"{day:%d.%m.%Y}"


@transaction.atomic
def plan_implementation(*, actor: Person, proposal: Proposal, unit: str, contact: str, at: datetime) -> Implementation:
    """Say which unit carries the proposal out and which post to turn to; a unit's name that is new joins the list.

    `ValidationError` on ``unit`` for one that is not used any more, on ``contact`` for a person's.
    """
    proposal = locked(proposal)
    may_implement(actor, proposal, at=at).require()
    contact = " ".join(clean(contact).split())
    unit_name(unit)
    if len(contact) > 120 or "@" in contact or any(letter.isdigit() for letter in contact):
        raise ValidationError({"contact": _("Kişi adı, telefon ya da e-posta değil, görevin adını yazın.")})
    begun = begun_of(proposal)
    known = named_unit(proposal.council, unit, held=begun.unit_id)
    if (begun.unit_id, begun.contact) == (known.pk, contact):
        return begun
    is_other = begun.unit_id != known.pk
    begun.unit, begun.contact = known, contact
    begun.save(update_fields=["unit", "contact"])
    if is_other:
        _record(ProposalKind.UNIT_NAMED, actor, proposal, at, unit=known.name)
    return begun


def _possible(day: date, at: datetime) -> date:
    today = timezone.localtime(at).date()
    if abs(day - today) > FURTHEST:
        raise ValidationError({"planned_on": _("Bu gün bugünden on yıldan fazla uzak.")})
    return day


@transaction.atomic
def add_milestone(*, actor: Person, proposal: Proposal, title: str, planned_on: date, at: datetime) -> Milestone:
    """Plan a step; the same title again gives the step that is there."""
    proposal = locked(proposal)
    may_implement(actor, proposal, at=at).require()
    title = " ".join(clean(title).split())
    if not 5 <= len(title) <= LONGEST_MILESTONE:
        raise ValidationError({"title": _("Adımın adını 5 ile 160 harf arasında yazın.")})
    begun = begun_of(proposal)
    same = begun.milestones.filter(title=title).first()
    if same is not None:
        return same
    if begun.milestones.count() >= MOST_MILESTONES:
        no(_("Bir uygulamanın en çok %(n)s adımı olabilir.") % {"n": MOST_MILESTONES}, code="too_many").require()
    milestone = begun.milestones.create(title=title, planned_on=_possible(planned_on, at), added_by=actor, added_at=at)
    _record(ProposalKind.MILESTONE_ADDED, actor, proposal, at, milestone=title, day=_written(planned_on))
    return milestone


def _open_milestone(proposal: Proposal, pk: int) -> Milestone:
    """A step of the locked proposal; `ValidationError` where it is another's."""
    found = Milestone.objects.filter(pk=pk, implementation__proposal=proposal).first()
    if found is None:
        raise ValidationError({"milestone": ValidationError(_("Bu önerinin böyle bir adımı yok."), code="unknown")})
    return found


@transaction.atomic
def move_milestone(
    *, actor: Person, proposal: Proposal, milestone: int, planned_on: date, reason: str, at: datetime
) -> Milestone:
    """Plan an open step for another day and say why; both days stay readable."""
    proposal = locked(proposal)
    may_implement(actor, proposal, at=at).require()
    found = _open_milestone(proposal, milestone)
    if found.done_on is not None:
        no(_("Bu adım tamamlandı, günü artık değişmez."), code="already_done").require()
    if found.planned_on == planned_on:
        return found
    before, why = found.planned_on, _sentence("reason", reason)
    found.planned_on = _possible(planned_on, at)
    found.save(update_fields=["planned_on"])
    MilestoneChange.objects.create(milestone=found, old=before, new=planned_on, reason=why, actor=actor, at=at)
    _record(
        ProposalKind.MILESTONE_MOVED,
        actor,
        proposal,
        at,
        milestone=found.title,
        before=_written(before),
        day=_written(planned_on),
        reason=why,
    )
    return found


def _safe_link(link: str) -> str:
    link = link.strip()
    if not link:
        return ""
    try:
        URLValidator(schemes=["https", "http"])(link)
        wrong = len(link) > 500 or bool(urlsplit(link).username)
    except (ValidationError, ValueError):
        wrong = True
    if wrong:
        raise ValidationError({"link": _("Bağlantıyı https:// ile başlayarak tam yazın.")})
    return link


def finish_milestone(
    *,
    actor: Person,
    proposal: Proposal,
    milestone: int,
    done_on: date,
    evidence: str,
    link: str = "",
    file: File[bytes] | None = None,
    at: datetime,
) -> Milestone:
    """Say that a step is done, with a sentence and perhaps a link and a file, which is checked by its content.

    Raises `ValidationError` on ``file``, ``link``, ``evidence`` or ``done_on``. No file is left behind without its row.
    """
    may_implement(actor, proposal, at=at).require()
    said, link = _sentence("evidence", evidence), _safe_link(link)
    if done_on > timezone.localtime(at).date():
        raise ValidationError({"done_on": _("Tamamlandığı gün gelecekte olamaz.")})
    if done_on < timezone.localtime(at).date() - FURTHEST:
        raise ValidationError({"done_on": _("Bu gün bugünden on yıldan fazla uzak.")})
    checked = None
    if file is not None:
        try:
            checked = check(file, file.name or "", max_bytes=settings.ATTACHMENT_MAX_BYTES)
        except ValidationError as error:
            raise ValidationError({"file": error.error_list}) from None
    stored: list[Attachment] = []
    try:
        with transaction.atomic():
            proposal = locked(proposal)
            may_implement(actor, proposal, at=at).require()
            found = _open_milestone(proposal, milestone)
            if found.done_on is not None:
                no(_("Bu adım daha önce tamamlandı."), code="already_done").require()
            found.done_on, found.done_by, found.evidence, found.link = done_on, actor, said, link
            if checked is not None:
                found.file = _kept(proposal, checked, actor, found.title, at, stored)
            found.save()
            _record(ProposalKind.MILESTONE_DONE, actor, proposal, at, milestone=found.title, evidence=said)
            return found
    except BaseException:
        for attachment in stored:
            attachment.file.delete(save=False)
        raise


def _kept(
    proposal: Proposal, checked: Checked, actor: Person, title: str, at: datetime, stored: list[Attachment]
) -> Attachment:
    """The evidence as an attachment of the proposal; the same content is kept once."""
    same = proposal.attachments.filter(digest=checked.digest).first()
    if same is not None:
        return same
    attachment = Attachment(
        proposal=proposal,
        kind=checked.kind,
        name=checked.name,
        description=title,
        size=len(checked.content),
        digest=checked.digest,
        added_by=actor,
        added_at=at,
    )
    attachment.file.save(checked.name, ContentFile(checked.content), save=False)
    stored.append(attachment)
    attachment.save()
    return attachment


@transaction.atomic
def write_progress(*, actor: Person, proposal: Proposal, text: str, at: datetime) -> ProgressNote:
    """Tell everybody how the work goes; what was the last thing said is not said again."""
    proposal = locked(proposal)
    may_implement(actor, proposal, at=at).require()
    said, begun = _sentence("text", text), begun_of(proposal)
    last = begun.notes.first()
    if last is not None and last.text == said:
        return last
    note = begun.notes.create(text=said, author=actor, at=at)
    _record(ProposalKind.PROGRESS_TOLD, actor, proposal, at, note=said)
    return note


@transaction.atomic
def finish_implementation(
    *, actor: Person, proposal: Proposal, outcome: str, why_open: str = "", at: datetime
) -> Proposal:
    """Say that the proposal is done and what was done; where steps are still open, also why."""
    proposal = locked(proposal)
    may_implement(actor, proposal, at=at).require()
    said, begun = _sentence("outcome", outcome), begun_of(proposal)
    has_open = begun.milestones.filter(done_on__isnull=True).exists()
    begun.why_open = _sentence("why_open", why_open) if has_open else ""
    begun.outcome, begun.done_at = said, at
    begun.save(update_fields=["outcome", "why_open", "done_at"])
    move(
        proposal,
        Stage.DONE,
        kind=ProposalKind.IMPLEMENTED,
        actor=actor,
        at=at,
        reason=said,
        due_at=None if due_of(proposal, Stage.DONE, at=at) else at + REVIEW_AFTER,
    )
    return proposal


@transaction.atomic
def abandon_implementation(
    *, actor: Person, proposal: Proposal, reason: str, reason_code: str, at: datetime
) -> Proposal:
    """Say that the proposal will not be carried out, with a reason everybody reads."""
    proposal = locked(proposal)
    may_implement(actor, proposal, at=at).require()
    move(
        proposal,
        Stage.ABANDONED,
        kind=ProposalKind.ABANDONED,
        actor=actor,
        at=at,
        reason=required_reason(reason),
        reason_code=reason_code,
    )
    return proposal
