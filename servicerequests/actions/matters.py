"""What requests are about: chosen, found by the published rule, corrected by hand; and the words of the rule."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from councils.models import Council
from journal.actions import record
from journal.models import Audience
from people.models import Person
from servicerequests.actions.moving import locked
from servicerequests.journal_kinds import RequestKind
from servicerequests.matter_words import MOST_WORDS, by_rule, read_words
from servicerequests.models import Matter, MatterBy, MatterChange, ServiceRequest
from servicerequests.permissions import may_sort
from turkish.text import slugify

MOST_MATTERS = 60


def matter_by_rule(matters: list[Matter], text: str) -> Matter | None:
    """What the published rule says of a text, among the matters of a council that are in use."""
    found = by_rule([(matter.slug, matter.words) for matter in matters], text)
    return next((matter for matter in matters if matter.slug == found), None)


def sort_new(request: ServiceRequest, chosen: Matter | None) -> None:
    """Give a request that is being written its matter: the one that was chosen, else what the rule says; saved by the caller.

    `ValidationError` on ``matter`` for one of another council, or that is in use no more.
    """
    if chosen is not None:
        if chosen.council_id != request.council_id or not chosen.is_active:
            raise ValidationError({"matter": _("Listedeki konulardan birini seçin.")})
        request.matter, request.matter_by = chosen, MatterBy.APPLICANT
        return
    matters = list(Matter.objects.filter(council=request.council, is_active=True))
    request.matter = matter_by_rule(matters, f"{request.subject} {request.text}")
    request.matter_by = MatterBy.RULE if request.matter is not None else ""


@transaction.atomic
def set_matter(*, actor: Person, request: ServiceRequest, matter: Matter | None, at: datetime) -> ServiceRequest:
    """Correct by hand what a request is about; who did it is kept. Again it changes nothing.

    Refuses who does not work at the desk. `ValidationError` on ``matter``.
    """
    request = locked(request)
    may_sort(actor, request.council).require()
    if matter is not None and (matter.council_id != request.council_id or not matter.is_active):
        raise ValidationError({"matter": _("Listedeki konulardan birini seçin.")})
    if request.matter_id == (matter.pk if matter else None):
        if matter is not None and request.matter_by != MatterBy.DESK:  # looked at and found right
            request.matter_by = MatterBy.DESK
            request.save(update_fields=["matter_by"])
        return request
    MatterChange.objects.create(
        request=request, old_id=request.matter_id, new=matter, was_by=request.matter_by, actor=actor, at=at
    )
    request.matter, request.matter_by = matter, MatterBy.DESK if matter else ""
    request.save(update_fields=["matter", "matter_by"])
    return request


@transaction.atomic
def keep_matter(
    *,
    actor: Person,
    council: Council,
    matter: Matter | None = None,
    name: str,
    name_en: str,
    words: str,
    is_active: bool = True,
    at: datetime,
) -> Matter:
    """Add a matter, or change its name and the words of the rule; what was sorted stays sorted.

    Refuses who does not work at the desk. `ValidationError` on ``name``, ``words``.
    """
    may_sort(actor, council).require()
    Council.objects.select_for_update(no_key=True).get(pk=council.pk)
    name, name_en, found = " ".join(name.split()), " ".join(name_en.split()), read_words(words)
    wrong: dict[str, str] = {}
    if not 2 <= len(name) <= 80 or not slugify(name):
        wrong["name"] = _("Konunun adını 2 ile 80 harf arasında yazın.")
    if len(name_en) > 80:
        wrong["name_en"] = _("En çok 80 harf yazabilirsiniz.")
    if len(found) > MOST_WORDS or any(len(word) > 40 for word in found):
        wrong["words"] = _("En çok 200 sözcük, her biri en çok 40 harf.")
    if matter is None and Matter.objects.filter(council=council).count() >= MOST_MATTERS:
        wrong["name"] = _("En çok %(most)d konu olabilir.") % {"most": MOST_MATTERS}
    if wrong:
        raise ValidationError({field: [sentence] for field, sentence in wrong.items()})
    if matter is None:
        matter = Matter(council=council, slug=slugify(name), position=Matter.objects.filter(council=council).count())
    matter.name, matter.name_en, matter.words, matter.is_active = name, name_en, found, is_active
    try:
        with transaction.atomic():
            matter.save()
    except IntegrityError:
        raise ValidationError({"name": [_("Bu adla bir konu var.")]}) from None
    record(
        RequestKind.MATTER_KEPT,
        actor=actor,
        subject=matter,
        topic=f"council:{council.pk}",
        council=council,
        at=at,
        facts={"name": matter.name},
        audience=Audience.PUBLIC,
    )
    return matter
