"""What pages and programs show of partnerships."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import DateTimeField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.models import Council
from organisations.models import Organisation
from partnerships.models import SHOWN, Partnership, State, Step
from partnerships.permissions import may_keep
from people.models import AnyPerson
from servicerequests.beside import Beside
from servicerequests.models import ServiceRequest

TONES = {
    State.IDEA: "plain",
    State.NEGOTIATION: "wait",
    State.SIGNED: "",
    State.RUNNING: "",
    State.ENDED: "done",
    State.DROPPED: "plain",
}
TYPE = "ortaklik"
"""The type of request by which a partnership is asked for."""


def published(council: Council) -> QuerySet[Partnership]:
    rows = Partnership.objects.filter(council=council, published_at__isnull=False, state__in=SHOWN)
    return rows.prefetch_related("partners__organisation")


def files_of(council: Council, person: AnyPerson, *, at: datetime) -> QuerySet[Partnership]:
    """The files one may read: for the desk all of them, for representatives those of their organisations."""
    rows = Partnership.objects.filter(council=council)
    if not may_keep(person, council):
        mandates = Organisation.objects.represented_by(person, on=timezone.localtime(at).date())
        rows = rows.filter(partners__organisation__in=mandates).distinct()
    return rows.prefetch_related("partners__organisation")


def own_steps(council: Council, person: AnyPerson, *, at: datetime) -> QuerySet[Step]:
    """What a person has to do: as an officer, or for an organisation they represent; with the `due` end of its day."""
    mandates = Organisation.objects.represented_by(person, on=timezone.localtime(at).date())
    mine = Q(officer__person_id=person.pk, officer__is_active=True) | Q(partner__organisation__in=mandates)
    rows = Step.objects.filter(mine, partnership__council=council, done_at__isnull=True)
    rows = rows.exclude(partnership__state__in=[State.ENDED, State.DROPPED])
    # 14.30 of a day in UTC is 17.30 in Turkey, which keeps one time all the year.
    end = ExpressionWrapper(
        Cast(F("due_on"), DateTimeField()) + timedelta(hours=14, minutes=30), output_field=DateTimeField()
    )
    return rows.select_related("partnership").annotate(due=end)


def beside_request(request: ServiceRequest, is_desk: bool) -> list[Beside]:
    """On the page of a request: the files opened because of it, for the desk the way to open one. No query for other types."""
    if request.type.type.slug != TYPE:
        return []
    found = []
    for row in Partnership.objects.filter(request=request).order_by("pk"):
        row.council = request.council
        found.append(Beside(row.title, row.get_absolute_url(), str(row.get_state_display())))
    if is_desk:
        address = reverse("partnership_new", args=[request.council.slug]) + f"?basvuru={request.number}"
        found.append(Beside(_("Bu başvurudan ortaklık dosyası aç"), address, is_deed=True))
    return found
