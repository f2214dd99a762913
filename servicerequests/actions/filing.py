"""Filing a request: by oneself, or written down by an officer; once however often the form is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.models import Council, District
from discussions.markup import clean
from documents.attachment_content import Checked
from organisations.models import Organisation
from people.models import Person
from servicerequests.actions.clocks import set_clocks
from servicerequests.actions.filing_away import keep_files
from servicerequests.actions.matters import sort_new
from servicerequests.actions.moving import tell
from servicerequests.form_fields import take
from servicerequests.journal_kinds import RequestKind
from servicerequests.models import (
    Channel,
    Matter,
    Publicity,
    RequestSeries,
    RequestType,
    RequestTypeVersion,
    ServiceRequest,
    StatusChange,
)
from servicerequests.models.request import LONGEST_TEXT
from servicerequests.permissions import may_enter, may_file
from servicerequests.states import Status

ENTERED_WITHIN = timedelta(days=30)
"""How long ago what an officer enters may have come."""


@dataclass(frozen=True)
class Said:
    """What somebody asks, as it comes from a form."""

    subject: str
    text: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    district: District | None = None
    may_be_published: bool = False
    matter: Matter | None = None


def version_of(kind: RequestType) -> RequestTypeVersion:
    """The newest version of a type."""
    return kind.versions.select_related("type", "unit").order_by("-number")[:1].get()


@transaction.atomic
def file_request(
    *,
    actor: Person,
    council: Council,
    kind: RequestType,
    said: Said,
    on_behalf_of: Organisation | None = None,
    key: UUID | None = None,
    files: Sequence[Checked] = (),
    at: datetime,
) -> ServiceRequest:
    """File a request; sent again under its key it is the same one.

    Refuses whom the type is not for. `ValidationError` on ``kind``, ``subject``, ``text``, ``district``, ``on_behalf_of``, or a
    question's name.
    """
    version = _open_version(council, kind)
    may_file(actor, council, version, on_behalf_of=on_behalf_of, at=at).require()
    if on_behalf_of is not None:
        mandates = Organisation.objects.represented_by(actor, on=timezone.localtime(at).date())
        if not mandates.filter(pk=on_behalf_of.pk).exists():
            raise ValidationError({"on_behalf_of": _("Bu kuruluş adına başvuramazsınız.")})
    request = ServiceRequest(applicant=actor, on_behalf_of=on_behalf_of, channel=Channel.SITE, key=key or uuid4())
    return _filed(request, council, version, said, files, actor=actor, at=at)


@transaction.atomic
def enter_request(
    *,
    actor: Person,
    council: Council,
    kind: RequestType,
    said: Said,
    named: str,
    contact: str,
    channel: Channel,
    key: UUID | None = None,
    files: Sequence[Checked] = (),
    came_at: datetime | None = None,
    at: datetime,
) -> ServiceRequest:
    """Write down what came by phone, in a visit or a letter; both clocks run from the moment it came.

    Refuses who does not work at the desk. `ValidationError` as `file_request`, and on ``named``, ``contact``, ``channel``,
    ``came_at``.
    """
    version = _open_version(council, kind)
    may_enter(actor, council).require()
    named, contact = " ".join(named.split()), " ".join(contact.split())
    if not 2 <= len(named) <= 120:
        raise ValidationError({"named": _("Başvuranın adını yazın, en çok 120 harf.")})
    if len(contact) > 160:
        raise ValidationError({"contact": _("En çok 160 harf yazabilirsiniz.")})
    if channel not in {Channel.PHONE, Channel.VISIT, Channel.LETTER}:
        raise ValidationError({"channel": _("Başvurunun nasıl geldiğini seçin.")})
    came_at = came_at or at
    if came_at > at:
        raise ValidationError({"came_at": _("Gelecekteki bir an yazılamaz.")})
    if came_at < at - ENTERED_WITHIN:
        raise ValidationError({"came_at": _("En çok 30 gün öncesi yazılabilir.")})
    request = ServiceRequest(named=named, contact=contact, channel=channel, entered_by=actor, key=key or uuid4())
    return _filed(request, council, version, said, files, actor=actor, came_at=came_at, at=at)


@transaction.atomic
def file_by_mail(
    *,
    applicant: Person | None,
    council: Council,
    kind: RequestType,
    said: Said,
    named: str = "",
    contact: str = "",
    entered_by: Person | None = None,
    files: Sequence[Checked] = (),
    at: datetime,
) -> ServiceRequest:
    """A request that came as an e-mail: of somebody whose address is proven, or accepted by an officer in the name it gives.

    Refuses whom the type is not for, and who accepts without working at the desk. `ValidationError` as `file_request`.
    """
    version = _open_version(council, kind)
    if applicant is not None:
        may_file(applicant, council, version, on_behalf_of=None, at=at).require()
    else:
        may_enter(entered_by or AnonymousUser(), council).require()
    request = ServiceRequest(
        applicant=applicant, named=named[:120], contact=contact[:160], channel=Channel.EMAIL, entered_by=entered_by
    )
    return _filed(request, council, version, said, files, actor=entered_by or applicant, at=at)


def _open_version(council: Council, kind: RequestType) -> RequestTypeVersion:
    if kind.council_id != council.pk or not kind.is_active:
        raise ValidationError({"kind": _("Bu türde başvuru alınmıyor.")})
    return version_of(kind)


def _filed(
    request: ServiceRequest,
    council: Council,
    version: RequestTypeVersion,
    said: Said,
    files: Sequence[Checked],
    *,
    actor: Person | None,
    came_at: datetime | None = None,
    at: datetime,
) -> ServiceRequest:
    _hold(request.key)
    if (before := _sent_before(request)) is not None:
        return before
    subject, text = " ".join(clean(said.subject).split()), clean(said.text)
    answers, wrong = take(version.questions, said.answers)
    if not 5 <= len(subject) <= 160:
        wrong["subject"] = _("Konuyu 5 ile 160 harf arasında yazın.")
    if not 10 <= len(text) <= LONGEST_TEXT:
        wrong["text"] = _("Ne istediğinizi en az 10, en çok 10.000 harfle yazın.")
    if said.district is not None and said.district.council_id != council.pk:
        wrong["district"] = _("Listedeki ilçelerden birini seçin.")
    if wrong:
        raise ValidationError({name: [sentence] for name, sentence in wrong.items()})
    request.council, request.type, request.unit, request.priority = council, version, version.unit, version.priority
    request.subject, request.text, request.answers, request.district = subject, text, answers, said.district
    sort_new(request, said.matter)
    request.publicity = Publicity.AWAITED if said.may_be_published or version.is_public else Publicity.PRIVATE
    request.changed_at = request.status_since = at
    request.filed_at = came_at or at
    request.year = timezone.localtime(at).year
    request.serial = _take_serial(council, request.year)
    request.number = f"{council.code}-T-{request.year}-{request.serial:04d}"
    set_clocks(request)
    request.save(force_insert=True)
    StatusChange.objects.create(request=request, old="", new=Status.NEW, actor=actor, at=at)
    keep_files(request, None, files, actor=actor, at=at)
    tell(RequestKind.FILED, request, actor=actor, at=at)
    return request


def _sent_before(request: ServiceRequest) -> ServiceRequest | None:
    """The request that the same form has made before; `ValidationError` when that was somebody else's."""
    before = ServiceRequest.objects.filter(key=request.key).first()
    if before is not None and _sender(before) != _sender(request):
        raise ValidationError({"key": _("Bu form başka birine ait. Sayfayı yenileyip baştan deneyin.")})
    return before


def _sender(request: ServiceRequest) -> tuple[int | None, int | None]:
    return request.applicant_id, request.entered_by_id


def _hold(key: UUID) -> None:
    """Whoever sends the same form a second time waits for the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 5))", [str(key)])


def _take_serial(council: Council, year: int) -> int:
    """The next serial of a council and year; its row stays locked until the commit, so that no number is missing."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {RequestSeries._meta.db_table} AS s (council_id, year, last) VALUES (%s, %s, 1) "  # noqa: S608
            "ON CONFLICT (council_id, year) DO UPDATE SET last = s.last + 1 RETURNING last",
            [council.pk, year],
        )
        row = cursor.fetchone()
    return int(row[0])
