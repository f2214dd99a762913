"""A body's charter from the council's file: what it is for, what it plans, whom it works with.

Found and called by `councils.loading`, which lies below.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from councils.council_file import BodyData
from councils.loading import add_part
from councils.models import Body, BodyKind
from discussions.models import Thread
from workinggroups.models import Charter, PartnerInstitution, PlannedActivity


def load_charter(body: Body, data: BodyData) -> list[str]:
    """Bring a group's or an assembly's charter to what the file says; one sentence for each change.

    Activities go by their place in the list, so that an activity keeps its state when its wording is corrected.
    """
    if body.kind not in (BodyKind.WORKING_GROUP, BodyKind.ASSEMBLY):
        return []
    charter = Charter.objects.filter(body=body).first()
    changed = charter is None
    if charter is None:
        charter = Charter(body=body, thread=Thread.objects.create(policy="workinggroups.charter"))
    wanted: dict[str, Any] = {"purpose": data.purpose, "objectives": data.objectives}
    if changed or any(getattr(charter, key) != value for key, value in wanted.items()):
        charter.purpose, charter.objectives = data.purpose, data.objectives
        charter.save()
        changed = True
    changed |= _load_activities(charter, data.activities)
    changed |= _load_partners(charter, data.partners)
    return [_("Yönerge · %s") % body.name] if changed else []


def _load_activities(charter: Charter, texts: list[str]) -> bool:
    existing = {activity.position: activity for activity in charter.activities.all()}
    changed = False
    for position, text in enumerate(texts, start=1):
        activity = existing.pop(position, None)
        if activity is None:
            PlannedActivity.objects.create(charter=charter, position=position, text=text)
            changed = True
        elif activity.text != text:
            activity.text = text
            activity.save(update_fields=["text"])
            changed = True
    return changed


def _load_partners(charter: Charter, names: list[str]) -> bool:
    existing = {partner.name: partner for partner in charter.partners.all()}
    changed = False
    for position, name in enumerate(names, start=1):
        partner = existing.pop(name, None)
        if partner is None:
            PartnerInstitution.objects.create(charter=charter, position=position, name=name)
            changed = True
        elif partner.position != position:
            partner.position = position
            partner.save(update_fields=["position"])
            changed = True
    return changed


add_part(load_charter)
