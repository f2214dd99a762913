"""Proposals: the list, one of them, and the steps of its way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from drf_spectacular.utils import OpenApiParameter
from rest_framework import generics
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from councils.models import Council
from participation.api import serializers as shapes
from participation.api.base import Endpoint
from participation.api.describing import described
from participation.api.pagination import PARAMETERS, Order
from people.tokens import Area
from proposals import actions, reading
from proposals.models import Attachment, Proposal
from proposals.reading.filters import MAX_TEXT, STAGE_WORDS, Filters
from proposals.reading.listing import RELEVANCE, SORTS
from proposals.reading.related import is_origin_of_others
from proposals.stages import Stage

# The words of the API for those of the pages; what they mean is said once, in `proposals.reading`.
STAGES: Mapping[str, str] = {str(stage): word for word, stage in STAGE_WORDS.items()}
AUTHORS = {"citizen": "yurttas", "organisation": "stk"}
ORDERINGS = dict(zip(("newest", "supports", "discussed", "ending"), SORTS, strict=True)) | {"relevance": RELEVANCE}
FACETS = {"stage": "stages", "theme": "themes", "district": "districts", "body": "bodies", "author": "authors"}


def _several(name: str, description: Any, values: Any = None) -> OpenApiParameter:
    return OpenApiParameter(name, str, many=True, explode=True, enum=values, description=description)


FILTERS = [
    OpenApiParameter("q", str, description=_l("Aranan sözcükler ya da öneri numarası; Türkçe harf ayrımı gözetilmez")),
    _several("stage", _l("Aşama; birkaç kez yazılabilir"), list(STAGES)),
    _several("theme", _l("Konunun kısa adı; birkaç kez yazılabilir")),
    _several("district", _l("İlçenin kısa adı; birkaç kez yazılabilir")),
    _several("body", _l("Gittiği grubun ya da meclisin kısa adı; birkaç kez yazılabilir")),
    OpenApiParameter("author", str, enum=list(AUTHORS), description=_l("Kim yazdı")),
    OpenApiParameter("late", bool, description=_l("Yalnız adımı geciken öneriler")),
]


def filters_of(endpoint: Endpoint, council: Council) -> Filters:
    """The filters a request names; each word that a council does not know is told."""
    choices, given = reading.choices_of(council), endpoint.request.query_params
    text = " ".join(given.get("q", "").split())
    wrong: dict[str, list[ErrorDetail]] = {}
    if len(text) > MAX_TEXT:
        wrong["q"] = [ErrorDetail(_("En çok 200 harf arayabilirsiniz."), code="max_length")]
    known: dict[str, Mapping[str, Any]] = {
        "stage": STAGES,
        "theme": choices.themes,
        "district": choices.districts,
        "body": choices.bodies,
        "author": AUTHORS,
    }
    chosen: dict[str, tuple[str, ...]] = {}
    for name, words in known.items():
        asked = set(given.getlist(name))
        if not asked <= set(words):
            wrong[name] = [ErrorDetail(_("Bilinmeyen değer."), code="unknown_value")]
        translated = {"stage": STAGES, "author": AUTHORS}.get(name)
        chosen[FACETS[name]] = tuple(translated[word] if translated else word for word in words if word in asked)
    late = given.get("late", "false")
    if late not in {"true", "false"}:
        wrong["late"] = [ErrorDetail(_("Bilinmeyen değer."), code="unknown_value")]
    if wrong:
        raise ValidationError(wrong)
    return Filters(text=text, is_late=late == "true", choices=choices, **chosen)


class ProposalList(Endpoint, generics.ListAPIView[Proposal]):
    area = Area.PROPOSALS
    serializer_class = shapes.ProposalSerializer
    queryset = Proposal.objects.none()
    asks: ClassVar[frozenset[str]] = PARAMETERS | {"q", "ordering", "late", *FACETS}
    order = Order()

    @described(
        "list_proposals",
        _l("Bir konseyin sunulmuş önerileri"),
        answer=shapes.ProposalSerializer(many=True),
        tag="proposals",
        parameters=[
            *FILTERS,
            OpenApiParameter(
                "ordering", str, enum=list(ORDERINGS), default="newest", description=_l("Sıra; relevance yalnız q ile")
            ),
        ],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Proposal]:
        council, given = self.find_council(), self.request.query_params
        filters = filters_of(self, council)
        ordering = given.get("ordering", "newest")
        if ordering not in ORDERINGS or (ordering == "relevance" and (not filters.text or filters.number)):
            sentence = ErrorDetail(_("Bilinmeyen sıralama."), code="unknown_value")
            raise ValidationError({"ordering": [sentence]})
        sort = ORDERINGS[ordering]
        self.order = Order(sort.key, sort.descending, sort.is_moment)
        found = reading.matching(council, self.request.user, filters)
        return sort.prepare(reading.cards(found), filters.text)


def detail(endpoint: Endpoint) -> Response:
    """The proposal of the address as the API shows it, read anew."""
    proposal = endpoint.find_proposal()
    attachments = Attachment.objects.select_related("proposal__council")
    proposal = (
        Proposal.objects.with_names()
        .select_related("thread")
        .prefetch_related("moves", "ballot_links", Prefetch("attachments", attachments))
        .annotate(is_origin=is_origin_of_others())
        .defer("search")
        .get(pk=proposal.pk)
    )
    return Response(shapes.ProposalDetailSerializer(proposal).data)


class ProposalDetail(Endpoint):
    area = Area.PROPOSALS

    @described(
        "get_proposal",
        _l("Bir öneri: metni, yolu, ekleri, oylamaları"),
        answer=shapes.ProposalDetailSerializer,
        tag="proposals",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return detail(self)


def step(
    name: str,
    summary: Promise,
    action: Callable[..., Any],
    who: Promise,
    body: Any = shapes.NothingSerializer,
    *,
    of: Area = Area.DESK,
) -> type[Endpoint]:
    """An endpoint whose POST runs one action on a proposal and answers with the proposal."""

    class Step(Endpoint):
        area = of
        permission_classes: ClassVar[list[Any]] = [IsAuthenticated]

        @described(
            name,
            summary,
            answer=shapes.ProposalDetailSerializer,
            tag="proposals",
            who=who,
            request=None if body is shapes.NothingSerializer else body,
            refusals=(400, 401, 403, 404),
        )
        def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
            sent = body(data=request.data)
            sent.is_valid(raise_exception=True)
            action(proposal=self.find_proposal(), actor=request.user, at=timezone.now(), **sent.validated_data)
            return detail(self)

    Step.__name__ = Step.__qualname__ = "".join(part.title() for part in name.split("_"))
    return Step


_SECRETARY = _l("Konseyin genel sekreteri")
_AUTHOR = _l("Önerinin yazarı")
_FACILITATOR = _l("Önerinin gittiği grubun kolaylaştırıcısı")

Admit = step("admit_proposal", _l("Öneriyi uygun bulur; destek toplama başlar"), actions.find_admissible, _SECRETARY)
Reject = step(
    "reject_proposal",
    _l("Öneriyi gerekçesiyle uygun bulmaz"),
    actions.find_inadmissible,
    _SECRETARY,
    shapes.CodedReasonSerializer,
)
Withdraw = step(
    "withdraw_proposal",
    _l("Öneriyi geri çeker"),
    actions.withdraw_proposal,
    _AUTHOR,
    shapes.CodedReasonSerializer,
    of=Area.PROPOSALS,
)
Decline = step(
    "decline_proposal",
    _l("Grubun öneriyi üstlenmediğini gerekçesiyle girer"),
    actions.decline_in_group,
    _FACILITATOR,
    shapes.CodedReasonSerializer,
)
OpenBallot = step(
    "open_ballot",
    _l("Öneriyi grubun oy hakkı olan üyelerine sunar"),
    actions.open_ballot,
    _FACILITATOR,
    shapes.OpenBallotSerializer,
)

_HOLDER = _l("Adımı usulde elinde tutan organın başkanı ya da sekreteri")
PutOnAgenda = step(
    "put_on_assembly_agenda",
    _l("Öneriyi genel kurulun gündemine alır"),
    actions.put_on_agenda,
    _HOLDER,
)
GiveBack = step(
    "give_proposal_back",
    _l("Öneriyi gerekçesiyle grubuna geri verir"),
    actions.give_back,
    _HOLDER,
    shapes.CodedReasonSerializer,
)
_OFFICER = _l("Müdürlük görevlisi")
AcceptDirectly = step(
    "accept_directly",
    _l("Müdürlüğe yapılan öneriyi kabul eder"),
    actions.accept_directly,
    _OFFICER,
    shapes.ReasonSerializer,
)
DeclineDirectly = step(
    "decline_directly",
    _l("Müdürlüğe yapılan öneriyi gerekçesiyle reddeder"),
    actions.decline_directly,
    _OFFICER,
    shapes.CodedReasonSerializer,
)
_MODERATOR = _l("Konsey sekreteri ve öneriyi görüşenlerin başkanı")


def _merge(*, proposal: Proposal, into: str, **sent: Any) -> None:
    others = Proposal.objects.filter(council=proposal.council_id).exclude(number="")
    found = others.filter(number=into.strip().upper()).first()
    if found is None:
        raise ValidationError({"into": [ErrorDetail(_("Bu konseyde böyle bir öneri yok."), code="unknown")]})
    actions.merge_proposals(proposal=proposal, into=found, **sent)


def _split(*, parts: list[dict[str, str]], **sent: Any) -> None:
    actions.split_proposal(parts=[actions.Part(**part) for part in parts], **sent)


Merge = step("merge_proposal", _l("Öneriyi başka bir öneriyle birleştirir"), _merge, _MODERATOR, shapes.MergeSerializer)
Split = step("split_proposal", _l("Öneriyi parçalara ayırır"), _split, _MODERATOR, shapes.SplitSerializer)

assert set(STAGES) == set(Stage.values) - {Stage.DRAFT}, "every submitted stage has its word"
