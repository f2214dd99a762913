"""Organisations write to each other through the site: no address is shown, and there is a limit a day."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from discussions.markup import clean
from organisations.models import Organisation
from people.models import Person
from people.verdicts import no
from solidarity.actions.posting import locked, tell
from solidarity.actions.telling import note_telling
from solidarity.journal_kinds import SolidarityKind
from solidarity.models import LONGEST_TEXT, Message, Post
from solidarity.permissions import may_run, may_write

MOST_A_DAY = 20
"""Messages of one organisation in 24 hours."""


@transaction.atomic
def write(
    *, actor: Person, found: Post, organisation: Organisation, other: Organisation | None = None, text: str,
    key: UUID | None = None, at: datetime,
) -> Message:  # fmt: skip
    """Write for an organisation: to that of the post, or as it to another (`other`) that has written before.

    Refuses strangers, what is no more on the board, and the twenty-first message in a day.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    found = locked(found)
    before = Message.objects.filter(key=key, post=found).first() if key is not None else None
    if before is not None:
        return before
    is_from_poster = organisation.pk == found.organisation_id
    if is_from_poster:
        may_run(actor, found, at=at).require()
        if other is None or not Message.objects.filter(post=found, other=other).exists():
            raise ValidationError({"other": _("Size yazmış kuruluşlardan birini seçin.")})
    else:
        may_write(actor, found, organisation, at=at).require()
        other = organisation
    recent = Message.objects.filter(at__gt=at - timedelta(days=1))
    of_ours = Q(is_from_poster=True, post__organisation=organisation) | Q(is_from_poster=False, other=organisation)
    if recent.filter(of_ours).count() >= MOST_A_DAY:
        no(_("Bir kuruluş günde en çok 20 ileti yazar. Yarın yeniden deneyin."), code="too_many").require()
    text = clean(text)
    if not 2 <= len(text) <= LONGEST_TEXT:
        raise ValidationError({"text": _("Bir şey yazın, en çok 3000 harf.")})
    said = Message.objects.create(
        post=found, other=other, is_from_poster=is_from_poster, author=actor, text=text, key=key or uuid4(), at=at
    )
    note_telling(found, other if is_from_poster else found.organisation, "message", at)
    tell(SolidarityKind.WRITTEN, found, actor, at)
    return said
