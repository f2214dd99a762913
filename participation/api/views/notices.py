"""What the one who asks is told of the steps of proposals, and when mails tell it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _l
from rest_framework import generics, serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from notifications.actions import choose_mails, mark_all_read, mark_read
from notifications.changed import Change, changed_by, changes
from notifications.frequencies import choices_of, frequencies_of
from notifications.models import Frequency, Notice, Role
from notifications.reading import NoticeLine, notice_lines, notices_of
from participation.api import serializers as shapes
from participation.api.describing import SIGNED_IN, described
from participation.api.pagination import PARAMETERS, Order
from participation.api.views.me import Mine
from proposals.models import Proposal
from proposals.stages import Stage


class NoticeSerializer(serializers.Serializer[Any]):
    """A step of a proposal one has to do with, in one sentence."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    role = serializers.ChoiceField(choices=Role.choices)
    sentence = serializers.CharField()
    at = serializers.DateTimeField()
    is_read = serializers.BooleanField()
    number = serializers.CharField(help_text=_l("Önerinin numarası"))
    title = serializers.CharField(help_text=_l("Önerinin başlığı"))
    url = serializers.SerializerMethodField()

    def get_url(self, line: NoticeLine) -> str:
        return shapes.address(line.url)

    def to_representation(self, instance: Notice | NoticeLine) -> dict[str, Any]:
        line = notice_lines([instance])[0] if isinstance(instance, Notice) else instance
        return super().to_representation(line)


class ChangeSerializer(serializers.Serializer[Any]):
    """A proposal that was adopted, decided on or carried out, and what somebody had to do with it."""

    role = serializers.CharField(help_text=_l("author, amender, supporter, commenter ya da organisation"))
    sentence = serializers.CharField()
    number = serializers.CharField()
    title = serializers.CharField()
    stage = serializers.ChoiceField(choices=Stage.choices)
    since = serializers.DateTimeField()
    url = serializers.SerializerMethodField()

    def get_url(self, change: Change) -> str:
        return shapes.address(change.url)

    def to_representation(self, instance: Proposal) -> dict[str, Any]:
        return super().to_representation(changes([instance])[0])


class UntilSerializer(shapes.Strict):
    until = serializers.IntegerField(min_value=1, max_value=2**63 - 1, help_text=_l("Okunan en yeni haber"))


class ReadSerializer(serializers.Serializer[Any]):
    read = serializers.IntegerField(help_text=_l("Okundu sayılan haberler"))


class MailChoicesSerializer(shapes.Strict):
    """When mails come, for proposals one wrote, amended, supports, commented on or follows, and for requests."""

    author = serializers.ChoiceField(choices=Frequency.choices, required=False)
    amender = serializers.ChoiceField(choices=Frequency.choices, required=False)
    supporter = serializers.ChoiceField(choices=Frequency.choices, required=False)
    commenter = serializers.ChoiceField(choices=Frequency.choices, required=False)
    follower = serializers.ChoiceField(choices=Frequency.choices, required=False)
    applicant = serializers.ChoiceField(choices=choices_of("applicant"), required=False)
    joined = serializers.ChoiceField(choices=choices_of("joined"), required=False)
    desk = serializers.ChoiceField(choices=choices_of("desk"), required=False)


class MyNotices(Mine, generics.ListAPIView[Notice]):
    serializer_class = NoticeSerializer
    queryset = Notice.objects.none()
    order = Order()
    asks = PARAMETERS

    def get_queryset(self) -> QuerySet[Notice]:
        return notices_of(self.me)

    @described(
        "list_notices",
        _l("Yazdığınız, desteklediğiniz, yorum yazdığınız ve takip ettiğiniz önerilerin adımları, en yenisi önce"),
        answer=NoticeSerializer(many=True),
        tag="me",
        who=SIGNED_IN,
        refusals=(401,),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @described(
        "read_notices",
        _l("Haberlerinizi, verilen habere kadar, okundu sayar"),
        answer=ReadSerializer,
        tag="me",
        who=SIGNED_IN,
        request=UntilSerializer,
        refusals=(401,),
    )
    def post(self, request: Request) -> Response:
        until = self.sent(UntilSerializer)["until"]
        return Response({"read": mark_all_read(actor=self.me, until=until, at=timezone.now())})


class NoticeRead(Mine):
    @described(
        "read_notice",
        _l("Bir haberinizi okundu sayar"),
        answer=NoticeSerializer,
        tag="me",
        who=SIGNED_IN,
        refusals=(401, 404),
    )
    def put(self, request: Request, pk: int) -> Response:
        notice = notices_of(self.me).filter(pk=pk).first()
        if notice is None:
            raise NotFound
        notice.read_at = mark_read(actor=self.me, notice=notice, at=timezone.now()).read_at
        return Response(NoticeSerializer(notice).data)


class MyMailChoices(Mine):
    @described(
        "get_mail_choices",
        _l("Önerilerdeki adımlar için ne zaman e-posta aldığınız"),
        answer=MailChoicesSerializer,
        tag="me",
        who=SIGNED_IN,
        refusals=(401,),
    )
    def get(self, request: Request) -> Response:
        return Response(frequencies_of(self.me.pk))

    @described(
        "choose_mails",
        _l("Önerilerdeki adımlar için ne zaman e-posta alacağınızı seçer"),
        answer=MailChoicesSerializer,
        tag="me",
        who=SIGNED_IN,
        request=MailChoicesSerializer,
        refusals=(401,),
    )
    def patch(self, request: Request) -> Response:
        return Response(choose_mails(actor=self.me, choices=self.sent(MailChoicesSerializer)))


class MyChanges(Mine, generics.ListAPIView[Proposal]):
    serializer_class = ChangeSerializer
    queryset = Proposal.objects.none()
    order = Order("stage_since", is_moment=True)
    asks = PARAMETERS

    def get_queryset(self) -> QuerySet[Proposal]:
        return changed_by(self.me)

    @described(
        "list_my_changes",
        _l("Sayenizde değişenler: yazdığınız, desteklediğiniz ya da yorum yazdığınız önerilerden sonuç alanlar"),
        answer=ChangeSerializer(many=True),
        tag="me",
        who=SIGNED_IN,
        refusals=(401,),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)
