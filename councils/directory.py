"""The organisations a council lists."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from councils.models import Council, CouncilOrganisation
from turkish.functions import Fold, SortKey
from turkish.text import fold

MAX_TEXT = 100
MAX_WORDS = 8


def listed_in(council: Council, *, text: str = "", form: str = "") -> QuerySet[CouncilOrganisation]:
    """The directory of a council with `name_key` to order by; searched without regard to diacritics, narrowed by form."""
    listed = CouncilOrganisation.objects.filter(council=council).select_related("organisation", "district")
    listed = listed.annotate(name_key=SortKey("organisation__name"))
    condition = Q()
    for word in fold(text.replace("\x00", "")[:MAX_TEXT]).split()[:MAX_WORDS]:
        condition &= Q(folded__contains=word)
    if condition:
        listed = listed.annotate(folded=Fold("organisation__name")).filter(condition)
    return listed.filter(organisation__form=form) if form else listed
