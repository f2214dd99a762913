"""New versions of a submitted text."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from journal.actions import record
from people.models import Person
from people.verdicts import Refused
from proposals.actions.carrying import follow_paragraphs
from proposals.actions.drafting import plain
from proposals.actions.moving import locked
from proposals.completeness import gaps
from proposals.journal_kinds import ProposalKind
from proposals.models import Amendment, Proposal, ProposalVersion
from proposals.permissions import may_revise

MIN_NOTE = 10


@transaction.atomic
def revise_proposal(
    *,
    actor: Person,
    proposal: Proposal,
    title: str,
    summary: str,
    text: str,
    note: str,
    base: int | None = None,
    at: datetime,
) -> ProposalVersion:
    """Publish a new version with a note of what changed and why; an unchanged text is refused.

    `base` is the version the writer had before them. Raises `ValidationError` by field; refuses with ``changed_meanwhile``
    when another version was published since.
    """
    proposal = locked(proposal)
    may_revise(actor, proposal, at=at).require()
    if base is not None and base != proposal.version:
        raise Refused(
            _("Siz yazarken yeni bir sürüm yayımlandı. Farkı gözden geçirip yeniden yayımlayın."), "changed_meanwhile"
        )
    title, summary, text, note = (
        plain(name, typed).strip()
        for name, typed in (("title", title), ("summary", summary), ("text", text), ("note", note))
    )
    latest = proposal.versions.get(number=proposal.version)
    proposal.title, proposal.summary, proposal.text = title, summary, text
    errors = missing(proposal)
    if len(note) < MIN_NOTE:
        errors["note"] = [_("Neyi neden değiştirdiğinizi en az 10 harfle yazın.")]
    if (title, summary, text) == (latest.title, latest.summary, latest.text):
        errors["text"] = [_("Metinde bir değişiklik yok.")]
    if errors:
        raise ValidationError(errors)
    return publish(proposal, kind=ProposalKind.REVISED, note=note, actor=actor, at=at)


def missing(proposal: Proposal) -> dict[str, list[str]]:
    """What a text still needs, by field."""
    return {gap.field: [str(gap.sentence)] for gap in gaps(proposal)}


def publish(
    proposal: Proposal,
    *,
    kind: ProposalKind,
    note: str,
    actor: Person,
    at: datetime,
    accepted: Amendment | None = None,
    facts: dict[str, object] | None = None,
) -> ProposalVersion:
    """Write what stands in a locked proposal as its next version, record it, and let open amendments follow their paragraphs.

    `accepted` is the amendment the version comes from. Raises `ValidationError` by field.
    """
    latest = proposal.versions.get(number=proposal.version)
    proposal.version += 1
    proposal.changed_at = at
    version = ProposalVersion(
        proposal=proposal,
        number=proposal.version,
        title=proposal.title,
        summary=proposal.summary,
        text=proposal.text,
        note=note,
        author=actor,
        created_at=at,
    )
    version.full_clean(exclude=["proposal", "author"])
    proposal.clean_fields(exclude=[f.name for f in Proposal._meta.fields if f.name not in {"title", "summary", "text"}])
    proposal.save(update_fields=["title", "summary", "text", "version", "changed_at"])
    version.save()
    record(
        kind,
        actor=actor,
        subject=proposal,
        topic=proposal.topic,
        council=proposal.council,
        body=proposal.addressed_to,
        on_behalf_of=proposal.on_behalf_of if actor.pk == proposal.author_id else None,
        at=at,
        facts={
            "number": proposal.number,
            "title": proposal.title,
            "version": version.number,
            "note": note,
            **(facts or {}),
        },
    )
    follow_paragraphs(proposal, latest, version, accepted=accepted, at=at)
    return version
