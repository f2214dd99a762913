"""Drafts: the author's alone, saved as often as the browser likes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from councils.models import Council
from discussions.markup import without_unseen
from people.models import Person
from people.verdicts import Refused, no
from proposals.actions.moving import locked
from proposals.models import Proposal
from proposals.permissions import may_act_for, may_edit_draft, may_write
from proposals.stages import Stage

MAX_DRAFTS = 20
DRAFT_FIELDS = frozenset(
    {
        "title",
        "summary",
        "text",
        "theme",
        "district",
        "latitude",
        "longitude",
        "addressed_to",
        "on_behalf_of",
    }
)


@transaction.atomic
def start_draft(*, actor: Person, council: Council, at: datetime) -> Proposal:
    """Begin a draft; an untouched one of the same author is given again instead of a second.

    Refuses with ``too_many_drafts`` when `MAX_DRAFTS` wait to be finished.
    """
    may_write(actor, council).require()
    Person.objects.select_for_update(no_key=True).get(pk=actor.pk)
    drafts = Proposal.objects.filter(author=actor, council=council, stage=Stage.DRAFT)
    untouched = drafts.filter(title="", summary="", text="", attachments__isnull=True).first()
    if untouched is not None:
        return untouched
    if drafts.count() >= MAX_DRAFTS:
        no(
            _("Bekleyen taslaklarınız çok. Önce birini tamamlayın ya da silin."),
            code="too_many_drafts",
        ).require()
    return Proposal.objects.create(council=council, author=actor, created_at=at, changed_at=at, stage_since=at)


@transaction.atomic
def save_draft(
    *, actor: Person, proposal: Proposal, changes: Mapping[str, Any], seen: datetime | None = None, at: datetime
) -> Proposal:
    """Save some fields of a draft, complete or not.

    `seen` is the moment of the last change the writer knows of. Raises `ValidationError` by field when something belongs to
    another council or is unknown; refuses with ``changed_meanwhile`` when it was changed since.
    """
    draft = locked(proposal)
    may_edit_draft(actor, draft).require()
    if seen is not None and draft.changed_at != seen:
        raise Refused(_("Bu taslak bu arada başka bir yerde değişti."), "changed_meanwhile")
    unknown = set(changes) - DRAFT_FIELDS
    if unknown:
        raise ValidationError({name: _("Bu alan değiştirilemez.") for name in sorted(unknown)})
    for name, value in changes.items():
        setattr(draft, name, plain(name, value) if isinstance(value, str) else value)
    _require_one_council(draft)
    if draft.on_behalf_of is not None and "on_behalf_of" in changes:
        may_act_for(actor, draft.on_behalf_of, at=at).require()
    draft.changed_at = at
    draft.clean_fields(exclude=[field.name for field in Proposal._meta.fields if field.name not in changes])
    draft.save(update_fields=[*changes, "changed_at"])
    return draft


def plain(name: str, text: str) -> str:
    """Words as they are kept: nothing unseen, nothing that turns the text around it; a title in one line."""
    text = without_unseen(text)
    return text.replace("\n", " ") if name == "title" else text


def _require_one_council(draft: Proposal) -> None:
    for name in ("theme", "district", "addressed_to"):
        chosen = getattr(draft, name)
        if chosen is not None and chosen.council_id != draft.council_id:
            raise ValidationError({name: _("Bu seçenek başka bir konseye ait.")})
    if draft.addressed_to is not None and not (
        type(draft.addressed_to).objects.take_proposals().filter(pk=draft.addressed_to.pk).exists()
    ):
        raise ValidationError({"addressed_to": _("Öneriler çalışma gruplarına ve meclislere gönderilir.")})
    if (draft.latitude is None) != (draft.longitude is None):
        raise ValidationError({"latitude": _("Haritadaki nokta eksik.")})


@transaction.atomic
def discard_draft(*, actor: Person, proposal: Proposal) -> None:
    """Delete a draft with its attachments, once; a submitted proposal is withdrawn, never deleted."""
    draft = Proposal.objects.select_for_update().filter(pk=proposal.pk).first()
    if draft is None:  # the same click twice, at the same moment
        return
    may_edit_draft(actor, draft).require()
    files = [attachment.file for attachment in draft.attachments.all()]
    draft.delete()
    for file in files:
        transaction.on_commit(lambda file=file: file.storage.delete(file.name), robust=True)  # type: ignore[misc]
