"""Ballots that a council or one of its bodies holds: the list, and opening one."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from rest_framework import generics, serializers
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from ballots.models import COUNTED_BASES, MAX_SCORE, Ballot, Base, Majority, Method, ResultsVisibility, TieRule
from councils.balloting import open_council_ballot
from councils.models import Body, CouncilBallot, District, Electorate
from participation.api import serializers as shapes
from participation.api.base import Endpoint
from participation.api.describing import described
from participation.api.pagination import PARAMETERS, Order
from people.tokens import Area


class CouncilBallotSerializer(serializers.ModelSerializer[CouncilBallot]):
    """A ballot of the council in the list; `get_ballot` tells the rest."""

    id = serializers.IntegerField(source="ballot_id")
    question = serializers.CharField(source="ballot.question")
    method = serializers.CharField(source="ballot.method")
    body = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    district = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    opens_at = serializers.DateTimeField(source="ballot.opens_at")
    closes_at = serializers.DateTimeField(source="ballot.closes_at")
    declared_at = serializers.DateTimeField(source="ballot.declared_at", allow_null=True)
    outcome = serializers.CharField(source="ballot.decided_outcome")

    class Meta:
        model = CouncilBallot
        fields = [
            "id",
            "question",
            "method",
            "electorate",
            "who",
            "body",
            "district",
            "opens_at",
            "closes_at",
            "declared_at",
            "outcome",
        ]
        read_only_fields = fields


class NewCouncilBallotSerializer(shapes.Strict):
    """A question, who is asked, how they vote, how it is counted, and when."""

    electorate = serializers.ChoiceField(choices=Electorate.choices)
    body = shapes.TextField(max_length=80, required=False, allow_null=True, default=None)
    district = shapes.TextField(max_length=80, required=False, allow_null=True, default=None)
    question = shapes.TextField(max_length=300)
    method = serializers.ChoiceField(choices=Method.choices, default=Method.YES_NO)
    options = serializers.ListField(child=shapes.TextField(max_length=300), max_length=100, default=list)
    seats = serializers.IntegerField(min_value=1, max_value=50, default=1)
    least = serializers.IntegerField(min_value=1, max_value=100, default=1)
    most = serializers.IntegerField(min_value=1, max_value=100, default=None, allow_null=True)
    highest = serializers.IntegerField(min_value=1, max_value=MAX_SCORE, default=5)
    allows_blank = serializers.BooleanField(default=True)
    tie_rule = serializers.ChoiceField(choices=TieRule.choices, required=False)
    chair = serializers.IntegerField(
        source="chair_seat",
        min_value=1,
        max_value=2**63 - 1,
        default=None,
        allow_null=True,
        help_text=_l("Eşitlikte karar verecek başkanın üyelik numarası; boşsa organın tek başkanı"),
    )
    quorum_percent = serializers.IntegerField(min_value=0, max_value=100, default=0)
    quorum_base = serializers.ChoiceField(
        choices=[(base.value, base.label) for base in COUNTED_BASES], default=Base.CAST
    )
    majority = serializers.ChoiceField(choices=Majority.choices, required=False)
    threshold_base = serializers.ChoiceField(choices=Base.choices, default=Base.VALID)
    present = serializers.IntegerField(min_value=1, max_value=10**6, default=None, allow_null=True)
    visibility = serializers.ChoiceField(choices=ResultsVisibility.choices, default=ResultsVisibility.AFTER_CLOSING)
    opens_at = serializers.DateTimeField(default=None, allow_null=True)
    closes_at = serializers.DateTimeField()


class CouncilBallotList(Endpoint, generics.ListAPIView[CouncilBallot]):
    area = Area.BALLOTS
    office_methods = frozenset({"POST"})
    permission_classes: ClassVar[list[Any]] = [IsAuthenticatedOrReadOnly]
    serializer_class = CouncilBallotSerializer
    queryset = CouncilBallot.objects.none()
    order = Order("ballot_id")
    asks = PARAMETERS

    def get_queryset(self) -> QuerySet[CouncilBallot]:
        found = CouncilBallot.objects.visible_to(self.request.user).filter(council=self.find_council())
        return found.select_related("ballot__chair_decision", "council", "body", "district")

    @described(
        "list_council_ballots",
        _l("Konseyin ve organlarının oylamaları, en yeni önce"),
        answer=CouncilBallotSerializer(many=True),
        tag="ballots",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @described(
        "open_council_ballot",
        _l("Hemşehrilere, bir organın üyelerine ya da kuruluşların temsilcilerine bir soru sorar"),
        answer=shapes.BallotSerializer,
        tag="ballots",
        who=_l("Konseyin genel sekreteri; kendi organı için onu yöneten"),
        request=NewCouncilBallotSerializer,
        status=201,
        refusals=(401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        sent = self.sent(NewCouncilBallotSerializer)
        council = self.find_council()
        asked = CouncilBallot(council=council, electorate=sent.pop("electorate"))
        bodies = Body.objects.visible_to(request.user).filter(is_active=True)
        places = {"body": bodies, "district": District.objects.all()}
        needed = {Electorate.RESIDENTS: "", Electorate.DISTRICT: "district"}.get(Electorate(asked.electorate), "body")
        for name, rows in places.items():
            slug = sent.pop(name)
            if bool(slug) != (name == needed):
                raise ValidationError({name: [_("Kimlerin oy vereceğini seçin.")]})
            if slug:
                place = rows.filter(council=council, slug=slug).first()
                if place is None:
                    raise ValidationError({name: [_("Bilinmeyen değer.")]})
                setattr(asked, name, place)
        ballot: Ballot = open_council_ballot(actor=request.user, asked=asked, at=timezone.now(), **sent)
        return Response(shapes.BallotSerializer(ballot).data, status=201)
