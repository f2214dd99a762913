"""The office's own notes on a proposal (sorumlu, etiket, görünüm), and what it corrects in public: theme, place, body."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from councils.models import Body, Council, District, Route, Theme
from discussions.markup import clean
from journal.actions import record
from people.models import Person
from people.verdicts import no
from proposals.actions.due import counted, set_due
from proposals.actions.moving import locked
from proposals.actions.submitting import copy_procedure, procedure_for
from proposals.journal_kinds import ProposalKind
from proposals.models import Assignment, Proposal, SavedView, Tag, Tagging
from proposals.models.office import LONGEST_TAG, LONGEST_VIEW_NAME, LONGEST_VIEW_QUERY
from proposals.permissions import may_hand_over, may_manage_proposals, office_staff
from proposals.routes import holder_of
from proposals.stages import Stage
from turkish.text import slugify

MOST_VIEWS = 50


# --- Notes that stay inside -------------------------------------------------------------------------------------------
@transaction.atomic
def assign_proposal(*, actor: Person, proposal: Proposal, assignee: Person | None, at: datetime) -> Assignment | None:
    """Give a proposal to somebody of the office, or to nobody; who had it before stays written. The same changes nothing."""
    proposal = _mine(actor, proposal, at=at)
    if assignee is not None and not office_staff(proposal.council, at=at).filter(pk=assignee.pk).exists():
        no(_("Öneri ancak sekreterlikten ya da müdürlükten birine verilir."), code="not_office").require()
    running = Assignment.objects.filter(proposal=proposal, ended_at__isnull=True).first()
    if (running.assignee_id if running else None) == (assignee.pk if assignee else None):
        return running
    if running is not None:
        running.ended_by, running.ended_at = actor, max(at, running.assigned_at)
        running.save(update_fields=["ended_by", "ended_at"])
    if assignee is None:
        return None
    return Assignment.objects.create(proposal=proposal, assignee=assignee, assigned_by=actor, assigned_at=at)


@transaction.atomic
def tag_proposal(*, actor: Person, proposal: Proposal, name: str, at: datetime) -> Tag:
    """Put a tag of the council's office on a proposal; a name nobody has used yet becomes a tag."""
    proposal = _mine(actor, proposal, at=at)
    name = " ".join(clean(name).split())
    word = slugify(name)
    if not word or len(name) > LONGEST_TAG:
        sentence = _("Etiket harf ya da rakam içermeli ve en çok 40 harf olmalı.")
        raise ValidationError({"tag": ValidationError(sentence, code="invalid")})
    tag, _made = Tag.objects.get_or_create(council=proposal.council, word=word, defaults={"name": name})
    Tagging.objects.get_or_create(proposal=proposal, tag=tag, defaults={"added_by": actor, "added_at": at})
    return tag


@transaction.atomic
def untag_proposal(*, actor: Person, proposal: Proposal, tag: Tag, at: datetime) -> None:
    """Take a tag off a proposal; one it does not carry changes nothing."""
    proposal = _mine(actor, proposal, at=at)
    Tagging.objects.filter(proposal=proposal, tag=tag).delete()


@transaction.atomic
def save_view(*, actor: Person, council: Council, name: str, query: str, is_shared: bool, at: datetime) -> SavedView:
    """Keep filters of the list under a name; the same name again keeps the new ones."""
    may_manage_proposals(actor, council, at=at).require()
    name = " ".join(clean(name).split())
    if not name or len(name) > LONGEST_VIEW_NAME:
        sentence = _("Görünüme en çok 60 harflik bir ad verin.")
        raise ValidationError({"name": ValidationError(sentence, code="invalid")})
    if len(query) > LONGEST_VIEW_QUERY:
        sentence = _("Bu görünümde saklanamayacak kadar çok süzgeç var.")
        raise ValidationError({"name": ValidationError(sentence, code="too_long")})
    Person.objects.select_for_update(no_key=True).get(pk=actor.pk)
    others = SavedView.objects.filter(council=council, person=actor).exclude(name=name)
    if others.count() >= MOST_VIEWS:
        sentence = _("En çok 50 görünüm saklanır. Önce birini silin.")
        raise ValidationError({"name": ValidationError(sentence, code="too_many")})
    view, _made = SavedView.objects.update_or_create(
        council=council,
        person=actor,
        name=name,
        defaults={"query": query, "is_shared": is_shared, "saved_at": at},
    )
    return view


@transaction.atomic
def forget_view(*, actor: Person, view: SavedView, at: datetime) -> None:
    """Delete a view; only who saved it does so."""
    may_manage_proposals(actor, view.council, at=at).require()
    if view.person_id != actor.pk:
        no(_("Bu görünümü yalnız kaydeden siler."), code="not_owner").require()
    view.delete()


# --- What everybody sees ----------------------------------------------------------------------------------------------
@transaction.atomic
def change_theme(*, actor: Person, proposal: Proposal, theme: Theme, at: datetime) -> Proposal:
    """Put the proposal under another theme of its council; recorded. The same theme changes nothing."""
    proposal = _mine(actor, proposal, at=at)
    if theme.council_id != proposal.council_id:
        raise ValidationError({"theme": ValidationError(_("Bu konseyin konularından birini seçin."), code="unknown")})
    if proposal.theme_id != theme.pk:
        proposal.theme = theme
        _keep(actor, proposal, ProposalKind.THEME_CHANGED, "theme", facts={"theme": theme.name}, at=at)
    return proposal


@transaction.atomic
def change_district(*, actor: Person, proposal: Proposal, district: District | None, at: datetime) -> Proposal:
    """Say which district the proposal is about, or the whole city; recorded. The same district changes nothing."""
    proposal = _mine(actor, proposal, at=at)
    if district is not None and district.council_id != proposal.council_id:
        sentence = _("Bu konseyin ilçelerinden birini seçin.")
        raise ValidationError({"district": ValidationError(sentence, code="unknown")})
    if proposal.district_id != (district.pk if district else None):
        proposal.district = district
        name = district.name if district else _("Kentin bütünü")
        _keep(actor, proposal, ProposalKind.DISTRICT_CHANGED, "district", facts={"district": name}, at=at)
    return proposal


@transaction.atomic
def hand_over(*, actor: Person, proposal: Proposal, body: Body, at: datetime) -> Proposal:
    """Send a proposal that awaits admissibility to another body of its council; recorded.

    A body on another route brings that route's procedure of the day, and admissibility is due by it, from the submission on.
    """
    proposal = locked(proposal)
    may_hand_over(actor, proposal, at=at).require()
    before = proposal.addressed_to
    if not Body.objects.filter(pk=body.pk, council=proposal.council).take_proposals().exists():
        raise ValidationError({"body": ValidationError(_("Öneri alan bir grup ya da meclis seçin."), code="unknown")})
    if before is None or before.pk == body.pk:
        return proposal
    fields = ["addressed_to"]
    proposal.addressed_to = body
    if Route.to(body) != Route.to(before):
        copy_procedure(proposal, procedure_for(proposal.council, Route.to(body), at=at))
        proposal.holder = holder_of(proposal, Stage.SUBMITTED)
        set_due(proposal, counted(proposal, Stage.SUBMITTED, at=proposal.submitted_at or at))
        fields += ["procedure", "way", "admissibility_days", "support_threshold", "support_days", "group_days"]
        fields += ["ballot_days", "quorum_percent", "majority", "holder", "due_at", "due_how"]
    facts = {"body": body.name, "before": before.name}
    _keep(actor, proposal, ProposalKind.HANDED_OVER, *fields, facts=facts, at=at)
    return proposal


def _mine(actor: Person, proposal: Proposal, *, at: datetime) -> Proposal:
    """The proposal with its row locked, once the actor may look after it; a draft is nobody's but its author's."""
    proposal = locked(proposal)
    may_manage_proposals(actor, proposal.council, at=at).require()
    if proposal.is_draft:
        no(_("Taslak henüz sunulmadı."), code="wrong_stage").require()
    return proposal


def _keep(
    actor: Person, proposal: Proposal, kind: ProposalKind, *fields: str, facts: dict[str, str], at: datetime
) -> None:
    proposal.changed_at = at
    proposal.save(update_fields=[*fields, "changed_at"])
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
