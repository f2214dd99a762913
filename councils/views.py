"""Pages that need no more than councils, seats and listed organisations."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from councils.directory import listed_in
from councils.models import LEADING_ROLES, Body, BodyKind, CouncilOrganisation, Membership
from councils.paging import page_of
from councils.permissions import leads
from organisations.models import OrganisationForm
from people.access import public
from turkish.functions import SortKey

MEMBERS_ON_A_PAGE = 50
ORGANISATIONS_ON_A_PAGE = 30


@public
@require_safe
def group_members(request: HttpRequest, slug: str) -> HttpResponse:
    """Everybody who sits in a working group, in alphabetical order; who leads it stands on top."""
    council, day = request.council, timezone.localdate()
    body = get_object_or_404(Body.objects.visible_to(request.user), council=council, slug=slug)
    if body.kind != BodyKind.WORKING_GROUP:
        raise Http404
    body.council = council
    running = Membership.objects.on(day).filter(body=body).select_related("person")
    ordinary = running.exclude(role__in=LEADING_ROLES).annotate(name_key=SortKey("person__display_name"))
    page = page_of(request, ordinary, by=["name_key", "pk"], size=MEMBERS_ON_A_PAGE)
    context = {
        "body": body,
        "leaders": list(running.leading().order_by("pk")) if page.is_first else [],
        "page": page,
        "member_count": running.count(),
        "is_leading": leads(request.user, body, at=timezone.now()),
    }
    return render(request, "councils/group_members.html", context)


@public
@require_safe
def organisation_list(request: HttpRequest) -> HttpResponse:
    """The directory of a council: searched without regard to diacritics, narrowed by form, in Turkish order."""
    council = request.council
    text = request.GET.get("q", "").replace("\x00", "")[:100].strip()
    form = request.GET.get("tur", "")
    if form not in OrganisationForm.values:
        form = ""
    listed = listed_in(council, text=text, form=form)
    total = CouncilOrganisation.objects.filter(council=council).count()
    context = {
        "page": page_of(request, listed, by=["name_key", "pk"], size=ORGANISATIONS_ON_A_PAGE),
        "found": listed.count() if text or form else total,
        "total": total,
        "text": text,
        "form": form,
        "forms": OrganisationForm.choices,
    }
    return render(request, "organisations/organisation_list.html", context)
