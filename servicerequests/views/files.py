"""Files of a request, for its two sides."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from documents.attachment_files import file_answer
from people.access import signed_in
from servicerequests import actions
from servicerequests.reading import files_to_read
from servicerequests.views.finding import find_readable


@signed_in
@require_safe
def request_file(request: HttpRequest, number: str, file_id: int) -> HttpResponseBase:
    """A file as a download; one of a note is found by the desk alone."""
    at = timezone.now()
    found = find_readable(request, number, at=at)
    file = files_to_read(found, request.user, at=at).filter(pk=file_id).first()
    if file is None:
        raise Http404
    actions.note_reading(reader=request.user, request=found, at=at)
    return file_answer(file, as_attachment=True)
