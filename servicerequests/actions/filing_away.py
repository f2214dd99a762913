"""Files of a request: harmless copies, kept under our own name, beside the message they came with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _

from documents.attachment_content import Checked
from people.models import Person
from servicerequests.actions.moving import locked, tell
from servicerequests.journal_kinds import RequestKind
from servicerequests.models import Message, RequestFile, ServiceRequest
from servicerequests.permissions import may_reply

MOST_AT_ONCE = 4
"""Files of a form: what a body of the largest size holds."""
MOST_IN_A_MAIL = 8
MOST_IN_ALL = 60


@transaction.atomic
def add_file(*, actor: Person, request: ServiceRequest, file: Checked, at: datetime) -> RequestFile:
    """The applicant's side adds a file to what is open; the same content again is the file that is there."""
    request = locked(request)
    may_reply(actor, request, at=at).require()
    before = RequestFile.objects.filter(request=request, message=None, digest=file.digest).first()
    if before is not None:
        return before
    kept = keep_files(request, None, [file], actor=actor, at=at)
    tell(RequestKind.REPLIED, request, actor=actor, at=at)
    return kept[0]


def keep_files(
    request: ServiceRequest, message: Message | None, files: Sequence[Checked], *, actor: Person | None, at: datetime
) -> list[RequestFile]:
    """Keep checked files of a locked request; the same content twice with one message is one file.

    `ValidationError` on ``files`` for too many. Within the transaction of the caller; a file without its row is not left
    behind when that fails here.
    """
    if not files:
        return []
    before = RequestFile.objects.filter(request=request)
    if len(files) > MOST_IN_A_MAIL or before.count() + len(files) > MOST_IN_ALL:
        raise ValidationError({"files": [_("Bir başvuruya en çok %(n)s dosya eklenebilir.") % {"n": MOST_IN_ALL}]})
    known = set(before.filter(message=message).values_list("digest", flat=True))
    kept = []
    with _gone_with_a_failure() as stored:
        for each in files:
            if each.digest in known:
                continue
            known.add(each.digest)
            row = RequestFile(
                request=request,
                message=message,
                kind=each.kind,
                name=each.name,
                size=len(each.content),
                digest=each.digest,
                added_by=actor,
                added_at=at,
            )
            row.file.save(each.name, ContentFile(each.content), save=False)
            stored.append(row.file)
            row.save()
            kept.append(row)
    return kept


@contextmanager
def _gone_with_a_failure() -> Iterator[list[FieldFile]]:
    stored: list[FieldFile] = []
    try:
        yield stored
    except BaseException:
        for file in stored:
            file.delete(save=False)
        raise
