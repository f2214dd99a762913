"""Me too: counting oneself in on what somebody else asked in public."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from people.access import signed_in
from people.verdicts import Refused
from servicerequests import actions
from servicerequests.models import Publicity
from servicerequests.views.finding import find_request


@signed_in
@require_POST
def request_join(request: HttpRequest, number: str) -> HttpResponse:
    """Join, or leave again."""
    found = find_request(request, number)
    if found.publicity != Publicity.PUBLIC:
        raise Http404
    try:
        if request.POST.get("do") == "leave":
            actions.leave_request(actor=request.user, request=found)
            messages.success(request, _("Artık bu başvuruya katılmıyorsunuz."))
        else:
            actions.join_request(actor=request.user, request=found, at=timezone.now())
            messages.success(request, _("Katıldınız. Yanıt verilince size de haber verilir; adınız gösterilmez."))
    except Refused as error:
        messages.error(request, error.reason)
    return HttpResponseRedirect(found.get_absolute_url())
