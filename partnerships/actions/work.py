"""Protocols, tasks and notes of a partnership."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from councils.models import Officer
from discussions.markup import clean
from documents.attachment_content import Checked
from partnerships.actions.files import is_of_desk, locked, tell
from partnerships.journal_kinds import PartnershipKind
from partnerships.models import LONGEST_TEXT, Note, Partner, Partnership, Protocol, Step
from partnerships.permissions import may_keep, may_tick, may_write
from people.models import Person


@transaction.atomic
def add_protocol(
    *,
    actor: Person,
    partnership: Partnership,
    document: Checked,
    signed_on: date | None = None,
    valid_until: date | None = None,
    at: datetime,
) -> Protocol:
    """Another version of the protocol, a checked PDF; the same content with the same days again is the one that is there."""
    found = locked(partnership)
    may_keep(actor, found.council).require()
    if document.kind != "pdf":
        raise ValidationError({"document": _("Protokolü PDF olarak yükleyin.")})
    if signed_on is not None and valid_until is not None and valid_until < signed_on:
        raise ValidationError({"valid_until": _("Geçerlilik imza gününden önce bitemez.")})
    same = {"digest": document.digest, "signed_on": signed_on, "valid_until": valid_until}
    before = Protocol.objects.filter(partnership=found, **same).first()
    if before is not None:
        return before
    last = Protocol.objects.filter(partnership=found).aggregate(n=Max("version"))["n"] or 0
    protocol = Protocol(
        partnership=found,
        version=last + 1,
        name=document.name,
        size=len(document.content),
        added_by=actor,
        added_at=at,
        **same,
    )
    protocol.file.save(document.name, ContentFile(document.content), save=False)
    try:
        protocol.save(force_insert=True)
    except BaseException:
        protocol.file.delete(save=False)
        raise
    tell(PartnershipKind.PROTOCOL_ADDED, found, actor, at)
    return protocol


@transaction.atomic
def add_step(
    *,
    actor: Person,
    partnership: Partnership,
    title: str,
    due_on: date,
    officer: Officer | None = None,
    partner: Partner | None = None,
    is_milestone: bool = False,
    at: datetime,
) -> Step:
    """A task for an officer or a partner, or a date of the project."""
    found = locked(partnership)
    may_keep(actor, found.council).require()
    title, wrong = " ".join(clean(title).split()), {}
    if not 3 <= len(title) <= 200:
        wrong["title"] = _("İşi 3 ile 200 harf arasında yazın.")
    if officer is not None and partner is not None:
        wrong["partner"] = _("İşi ya bir görevliye ya bir ortağa verin.")
    elif officer is not None and not is_of_desk(officer, found.council):
        wrong["officer"] = _("Listedeki görevlilerden birini seçin.")
    elif partner is not None and partner.partnership_id != found.pk:
        wrong["partner"] = _("Listedeki ortaklardan birini seçin.")
    elif officer is None and partner is None and not is_milestone:
        wrong["officer"] = _("İşi kimin yapacağını seçin.")
    if wrong:
        raise ValidationError({name: [sentence] for name, sentence in wrong.items()})
    step = Step.objects.create(
        partnership=found, title=title, due_on=due_on, officer=officer, partner=partner, is_milestone=is_milestone
    )
    tell(PartnershipKind.STEP_ADDED, found, actor, at)
    return step


@transaction.atomic
def tick(*, actor: Person, step: Step, is_done: bool = True, at: datetime) -> Step:
    """Mark it done, or not done after all; again it changes nothing."""
    found = locked(step.partnership)
    row = Step.objects.select_for_update(of=("self",)).select_related("partner").get(pk=step.pk)
    row.partnership = found
    may_tick(actor, row, at=at).require()
    if is_done == (row.done_at is not None):
        return row
    row.done_at, row.done_by = (at, actor) if is_done else (None, None)
    row.save(update_fields=["done_at", "done_by"])
    tell(PartnershipKind.STEP_DONE if is_done else PartnershipKind.CHANGED, found, actor, at)
    return row


@transaction.atomic
def write_note(*, actor: Person, partnership: Partnership, text: str, is_inside: bool = False, at: datetime) -> Note:
    """A note for both sides, or one inside the desk. Refuses strangers, and partners a note inside."""
    found = locked(partnership)
    (may_keep(actor, found.council) if is_inside else may_write(actor, found, at=at)).require()
    text = clean(text)
    if not 2 <= len(text) <= LONGEST_TEXT:
        raise ValidationError({"text": _("Bir şey yazın, en çok 4000 harf.")})
    note = Note.objects.create(partnership=found, is_inside=is_inside, text=text, author=actor, at=at)
    if not is_inside:
        tell(PartnershipKind.NOTED, found, actor, at)
    return note
