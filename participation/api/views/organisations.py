"""Civil society organisations in a council's directory."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _l
from drf_spectacular.utils import OpenApiParameter
from rest_framework import generics, serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from councils.directory import listed_in
from councils.models import CouncilOrganisation
from notifications.changed import changed_by_organisation
from organisations.models import OrganisationForm
from participation.api import serializers as shapes
from participation.api.base import Endpoint
from participation.api.describing import described
from participation.api.pagination import PARAMETERS, Order
from participation.api.views.notices import ChangeSerializer
from people.tokens import Area
from proposals.models import Proposal
from proposals.reading import cards
from proposals.stages import PASSED, Stage


class ListedOrganisationSerializer(serializers.ModelSerializer[CouncilOrganisation]):
    """An organisation of the city. Who represents it is not told."""

    slug = serializers.CharField(source="organisation.slug")
    name = serializers.CharField(source="organisation.name")
    form = serializers.ChoiceField(source="organisation.form", choices=OrganisationForm.choices)
    founded = serializers.IntegerField(source="organisation.founded", allow_null=True)
    is_verified = serializers.BooleanField(source="organisation.is_verified")
    district = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)

    class Meta:
        model = CouncilOrganisation
        fields = ["slug", "name", "form", "founded", "is_verified", "district"]


class OrganisationDetailSerializer(ListedOrganisationSerializer):
    about = serializers.CharField(source="organisation.about")
    website = serializers.CharField(source="organisation.website")
    email = serializers.CharField(source="organisation.email")
    proposals = serializers.IntegerField(help_text=_l("Adına sunulan öneriler"))
    adopted = serializers.IntegerField(help_text=_l("Bunlardan kabul edilenler"))

    class Meta(ListedOrganisationSerializer.Meta):
        fields = [*ListedOrganisationSerializer.Meta.fields, "about", "website", "email", "proposals", "adopted"]


class OrganisationList(Endpoint, generics.ListAPIView[CouncilOrganisation]):
    area = Area.COUNCILS
    serializer_class = ListedOrganisationSerializer
    queryset = CouncilOrganisation.objects.none()
    order = Order(descending=False)
    asks: ClassVar[frozenset[str]] = PARAMETERS | {"q", "form"}

    def get_queryset(self) -> QuerySet[CouncilOrganisation]:
        form = self.chosen("form", OrganisationForm.values)
        return listed_in(self.find_council(), text=self.request.query_params.get("q", ""), form=form)

    @described(
        "list_organisations",
        _l("Bir konseyin STK rehberi"),
        answer=ListedOrganisationSerializer(many=True),
        tag="organisations",
        parameters=[
            OpenApiParameter("q", str, description=_l("Adında aranan sözcükler; Türkçe harf ayrımı gözetilmez")),
            OpenApiParameter("form", enum=OrganisationForm.values, description=_l("Yalnız bu türden olanlar")),
        ],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class OrganisationEndpoint(Endpoint):
    area = Area.COUNCILS

    def find_listing(self) -> CouncilOrganisation:
        listed = listed_in(self.find_council()).filter(organisation__slug=self.kwargs["organisation"]).first()
        if listed is None:
            raise NotFound
        return listed

    def proposals_of(self, listed: CouncilOrganisation) -> QuerySet[Proposal]:
        found = Proposal.objects.visible_to(self.request.user).exclude(stage=Stage.DRAFT)
        return found.filter(council_id=listed.council_id, on_behalf_of=listed.organisation_id)


class OrganisationDetail(OrganisationEndpoint):
    @described("get_organisation", _l("Bir STK"), answer=OrganisationDetailSerializer, tag="organisations")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        listed: Any = self.find_listing()
        totals = self.proposals_of(listed).aggregate(
            proposals=Count("pk"), adopted=Count("pk", filter=Q(stage__in=PASSED))
        )
        listed.proposals, listed.adopted = totals["proposals"], totals["adopted"]
        return Response(OrganisationDetailSerializer(listed).data)


class OrganisationProposals(OrganisationEndpoint, generics.ListAPIView[Proposal]):
    serializer_class = shapes.ProposalSerializer
    queryset = Proposal.objects.none()
    order = Order("submitted_at", is_moment=True)
    asks = PARAMETERS

    def get_queryset(self) -> QuerySet[Proposal]:
        return cards(self.proposals_of(self.find_listing()))

    @described(
        "list_organisation_proposals",
        _l("Bir STK adına sunulmuş öneriler"),
        answer=shapes.ProposalSerializer(many=True),
        tag="organisations",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class OrganisationChanges(OrganisationEndpoint, generics.ListAPIView[Proposal]):
    serializer_class = ChangeSerializer
    queryset = Proposal.objects.none()
    order = Order("stage_since", is_moment=True)
    asks = PARAMETERS

    def get_queryset(self) -> QuerySet[Proposal]:
        listed = self.find_listing()
        return changed_by_organisation(listed.organisation).filter(council=listed.council_id)

    @described(
        "list_organisation_changes",
        _l("Bir STK sayesinde değişenler: onun adına sunulmuş önerilerden sonuç alanlar"),
        answer=ChangeSerializer(many=True),
        tag="organisations",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)
