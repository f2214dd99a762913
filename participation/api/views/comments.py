"""Comments of a thread the one who asks may read."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import generics
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from discussions import actions
from discussions.models import Comment, Thread
from discussions.permissions import may_read
from participation.api import serializers as shapes
from participation.api.base import Endpoint
from participation.api.describing import described
from participation.api.etags import IF_MATCH, matched, tag_of_moment, tagged
from participation.api.pagination import PARAMETERS, Order
from people.models import AnyPerson
from people.tokens import Area

_WRITER = _l("Tartışmaya yazabilen, giriş yapmış kişi")
_AUTHOR = _l("Yorumun yazarı")
_READER = _l("Tartışmayı okuyabilen herkes; açık tartışmalar girişsiz okunur")


def find_thread(person: AnyPerson, pk: int) -> Thread:
    thread = Thread.objects.filter(pk=pk).first()
    if thread is None or not may_read(person, thread):
        raise NotFound
    return thread


class CommentList(Endpoint, generics.ListAPIView[Comment]):
    area = Area.DISCUSSIONS
    serializer_class = shapes.CommentSerializer
    queryset = Comment.objects.none()
    order = Order()
    asks: ClassVar[frozenset[str]] = PARAMETERS | {"root"}

    @described(
        "list_comments",
        _l("Bir tartışmanın yorumları, en yeni önce; root ile bir yorumun yanıtları, sırayla"),
        answer=shapes.CommentSerializer(many=True),
        tag="comments",
        who=_READER,
        parameters=[OpenApiParameter("root", OpenApiTypes.INT64, description=_l("İlk düzeydeki bir yorumun numarası"))],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Comment]:
        thread = find_thread(self.request.user, self.kwargs["pk"])
        found = Comment.objects.filter(thread=thread).select_related("author")
        root = self.request.query_params.get("root")
        if root is None:
            return found.filter(depth=0)
        roots = Comment.objects.filter(thread=thread, depth=0)
        if not (root.isascii() and root.isdecimal() and len(root) < 19 and roots.filter(pk=int(root)).exists()):
            raise ValidationError({"root": _("Bu tartışmada böyle bir yorum yok.")})
        self.order = Order(descending=False)
        return found.filter(root_id=int(root), depth__gt=0)

    @described(
        "add_comment",
        _l("Yorum ya da yanıt ekler"),
        answer=shapes.CommentSerializer,
        tag="comments",
        who=_WRITER,
        request=shapes.NewCommentSerializer,
        status=201,
        refusals=(401, 403, 404, 409),
    )
    def post(self, request: Request, pk: int) -> Response:
        sent = shapes.NewCommentSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        thread = find_thread(request.user, pk)
        fields = dict(sent.validated_data)
        number, parent = fields.pop("parent"), None
        if number is not None:
            parent = Comment.objects.filter(thread=thread, pk=number).first()
            if parent is None:
                raise ValidationError({"parent": _("Bu tartışmada böyle bir yorum yok.")})
        comment = actions.add_comment(actor=request.user, thread=thread, parent=parent, at=timezone.now(), **fields)
        return shown(comment, status=201)


def tag_of(comment: Comment) -> str:
    return tag_of_moment(comment.pk, comment.edited_at, comment.hidden_at, comment.deleted_at, comment.reply_count)


def shown(comment: Comment, *, status: int = 200) -> Response:
    return tagged(Response(shapes.CommentSerializer(comment).data, status=status), tag_of(comment))


class OneComment(Endpoint):
    area = Area.DISCUSSIONS

    def find_comment(self) -> Comment:
        """A comment of a thread the one who asks may read."""
        comment = Comment.objects.select_related("author", "thread").filter(pk=self.kwargs["pk"]).first()
        if comment is None or not may_read(self.request.user, comment.thread):
            raise NotFound
        return comment


class CommentDetail(OneComment):
    @described("get_comment", _l("Bir yorum"), answer=shapes.CommentSerializer, tag="comments", who=_READER)
    def get(self, request: Request, pk: int) -> Response:
        return shown(self.find_comment())

    @described(
        "edit_comment",
        _l("Yorumu değiştirir; önceki metni saklanır"),
        answer=shapes.CommentSerializer,
        tag="comments",
        who=_AUTHOR,
        request=shapes.EditCommentSerializer,
        parameters=[IF_MATCH],
        refusals=(401, 403, 404, 412),
    )
    def patch(self, request: Request, pk: int) -> Response:
        comment = self.find_comment()
        sent = shapes.EditCommentSerializer(data=request.data, partial=True)
        sent.is_valid(raise_exception=True)
        matched(request, tag_of(comment))
        seen = (comment.edited_at or comment.created_at) if "If-Match" in request.headers else None
        fields = {"text": comment.text, "mark": comment.mark, **sent.validated_data}
        comment = actions.edit_comment(actor=request.user, comment=comment, seen=seen, at=timezone.now(), **fields)
        return shown(comment)

    @described(
        "delete_comment",
        _l("Yorumu kalıcı olarak siler"),
        answer=None,
        tag="comments",
        who=_AUTHOR,
        status=204,
        refusals=(401, 403, 404),
    )
    def delete(self, request: Request, pk: int) -> Response:
        actions.delete_comment(actor=request.user, comment=self.find_comment(), at=timezone.now())
        return Response(status=204)
