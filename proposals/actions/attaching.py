"""Attachments: checked by content, kept under our own name."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from documents.attachment_content import check
from journal.actions import record
from people.models import Person
from people.verdicts import Verdict, no
from proposals.actions.moving import locked
from proposals.journal_kinds import ProposalKind
from proposals.models import Attachment, Proposal
from proposals.permissions import may_edit_draft, may_revise

MAX_ATTACHMENTS = 8


def may_attach(actor: Person, proposal: Proposal, *, at: datetime) -> Verdict:
    """The author, in the draft and as long as the text may be revised."""
    return may_edit_draft(actor, proposal) if proposal.is_draft else may_revise(actor, proposal, at=at)


def add_attachment(
    *, actor: Person, proposal: Proposal, upload: File[bytes], description: str = "", at: datetime
) -> Attachment:
    """Check, re-encode and keep an upload; the same file again gives the attachment that is there.

    Raises `ValidationError` on ``file``; refuses with ``too_many_attachments``. No file is
    left behind without its row.
    """
    may_attach(actor, proposal, at=at).require()
    try:
        checked = check(upload, upload.name or "", max_bytes=settings.ATTACHMENT_MAX_BYTES)
    except ValidationError as error:
        raise ValidationError({"file": error.error_list}) from None
    stored = None
    try:
        with transaction.atomic():
            proposal = locked(proposal)
            may_attach(actor, proposal, at=at).require()
            same = proposal.attachments.filter(digest=checked.digest).first()
            if same is not None:
                return same
            if proposal.attachments.count() >= MAX_ATTACHMENTS:
                no(
                    _("Bir öneriye en çok %(n)s dosya eklenebilir.") % {"n": MAX_ATTACHMENTS},
                    code="too_many_attachments",
                ).require()
            attachment = Attachment(
                proposal=proposal,
                kind=checked.kind,
                name=checked.name,
                description=description.strip()[:200],
                size=len(checked.content),
                digest=checked.digest,
                added_by=actor,
                added_at=at,
            )
            attachment.file.save(checked.name, ContentFile(checked.content), save=False)
            stored = attachment.file
            attachment.save()
            if not proposal.is_draft:
                _record(ProposalKind.ATTACHMENT_ADDED, actor, proposal, attachment, at)
            return attachment
    except BaseException:
        if stored is not None:
            stored.delete(save=False)
        raise


@transaction.atomic
def remove_attachment(*, actor: Person, attachment: Attachment, at: datetime) -> None:
    """Remove an attachment; its file goes after the commit. A second call changes nothing."""
    proposal = locked(attachment.proposal)
    may_attach(actor, proposal, at=at).require()
    kept = proposal.attachments.filter(pk=attachment.pk).first()
    if kept is None:
        return
    attachment, file = kept, kept.file
    if not proposal.is_draft:
        _record(ProposalKind.ATTACHMENT_REMOVED, actor, proposal, attachment, at)
    attachment.delete()
    transaction.on_commit(lambda: file.delete(save=False), robust=True)


def _record(kind: ProposalKind, actor: Person, proposal: Proposal, attachment: Attachment, at: datetime) -> None:
    record(
        kind,
        actor=actor,
        subject=proposal,
        topic=proposal.topic,
        council=proposal.council,
        body=proposal.addressed_to,
        on_behalf_of=proposal.on_behalf_of,
        at=at,
        facts={"number": proposal.number, "name": attachment.name},
    )
