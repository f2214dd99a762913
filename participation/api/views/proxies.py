"""Proxies of a ballot: given, taken back, and used."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _l
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from ballots import actions
from ballots.models import Ballot, Proxy
from ballots.proxies import give_proxy_to, proxies_held, revoke_proxy
from participation.api import idempotency
from participation.api import serializers as shapes
from participation.api.base import Endpoint
from participation.api.describing import described
from participation.api.views.ballots import find_ballot
from people.tokens import Area

_ELECTOR = _l("Oy hakkı listesinde olan kişi; vekâlete izin verilen oylamalarda")


class HeldProxySerializer(serializers.ModelSerializer[Proxy]):
    """Somebody for whom the one who asks votes."""

    giver = serializers.CharField(source="giver.display_name")

    class Meta:
        model = Proxy
        fields = ["id", "giver", "given_at"]


class ProxiesSerializer(serializers.Serializer[Any]):
    """One's own proxy, and those one holds."""

    given_to = serializers.CharField(allow_null=True, help_text=_l("Sizin yerinize oy verecek kişi"))
    held = HeldProxySerializer(many=True)


class HolderSerializer(shapes.Strict):
    email = serializers.EmailField(max_length=254, help_text=_l("Sizin yerinize oy verecek kişinin adresi"))


class ProxyView(Endpoint):
    area = Area.BALLOTS
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]

    def find(self) -> Ballot:
        """A ballot that knows proxies; in others there is no such address."""
        ballot = find_ballot(self.request.user, self.kwargs["pk"])
        if not ballot.proxy_limit:
            raise NotFound
        return ballot

    def answer(self, ballot: Ballot) -> Response:
        given = Proxy.objects.filter(ballot=ballot, giver=self.request.user, revoked_at__isnull=True)
        mine = given.select_related("holder").first()
        shape = {
            "given_to": mine.holder.display_name if mine is not None else None,
            "held": proxies_held(ballot, self.request.user),
        }
        return Response(ProxiesSerializer(shape).data)

    @described(
        "get_proxies",
        _l("Verdiğiniz ve aldığınız vekâletler"),
        answer=ProxiesSerializer,
        tag="ballots",
        who=_ELECTOR,
        refusals=(401, 404),
    )
    def get(self, request: Request, pk: int) -> Response:
        return self.answer(self.find())

    @described(
        "give_proxy",
        _l("Vekâletinizi başka bir seçmene verir"),
        answer=ProxiesSerializer,
        tag="ballots",
        who=_ELECTOR,
        request=HolderSerializer,
        refusals=(401, 403, 404),
    )
    def put(self, request: Request, pk: int) -> Response:
        sent = self.sent(HolderSerializer)
        ballot = self.find()
        give_proxy_to(actor=request.user, ballot=ballot, address=sent["email"])
        return self.answer(ballot)

    @described(
        "take_proxy_back",
        _l("Vekâletinizi geri alır"),
        answer=ProxiesSerializer,
        tag="ballots",
        who=_ELECTOR,
        refusals=(401, 403, 404),
    )
    def delete(self, request: Request, pk: int) -> Response:
        ballot = self.find()
        revoke_proxy(actor=request.user, ballot=ballot)
        return self.answer(ballot)


class VoteFor(Endpoint):
    area = Area.BALLOTS
    remembers = False  # the record of the vote keeps the key
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]

    @described(
        "cast_vote_for",
        _l("Vekâletini aldığınız kişi için oy verir ya da değiştirir"),
        answer=shapes.ReceiptSerializer,
        tag="ballots",
        who=_l("Vekâleti alan kişi"),
        request=shapes.VoteSerializer,
        refusals=(401, 403, 404, 409, 503),
    )
    def put(self, request: Request, pk: int, proxy: int) -> Response:
        sent = self.sent(shapes.VoteSerializer)
        ballot = find_ballot(request.user, pk)
        held = Proxy.objects.filter(ballot=ballot, holder=request.user, pk=proxy).select_related("giver").first()
        if held is None:
            raise NotFound
        receipt = actions.cast_vote(
            actor=request.user,
            ballot=ballot,
            paper=sent["paper"],
            key=idempotency.key_of(request),
            giver=held.giver,
        )
        response = Response(shapes.ReceiptSerializer(receipt).data)
        if receipt.is_repeated:
            response[idempotency.REPLAYED] = "true"
        return response
