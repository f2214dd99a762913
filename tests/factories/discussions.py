"""Discussions and a group's charter."""

from __future__ import annotations

import uuid
from typing import Any

import factory
from django.utils import timezone

from discussions.models import Comment, Thread
from tests.factories.base import Factory
from tests.factories.councils import BodyFactory, PersonFactory
from workinggroups.models import Charter


class ThreadFactory(Factory):
    class Meta:
        model = Thread

    policy = "proposals.proposal"


class CharterFactory(Factory):
    class Meta:
        model = Charter

    body = factory.SubFactory(BodyFactory)
    purpose = "Ulaşımı herkes için kolaylaştırmak."
    thread = factory.SubFactory(ThreadFactory, policy="workinggroups.charter")


class CommentFactory(Factory):
    """A comment at the right depth below `parent`; thread and root counters are kept."""

    class Meta:
        model = Comment

    thread = factory.SubFactory(ThreadFactory)
    parent = None
    author = factory.SubFactory(PersonFactory)
    key = factory.LazyFunction(uuid.uuid4)
    text = "Bu konuda bir sözüm var."
    created_at = factory.LazyFunction(timezone.now)

    @classmethod
    def _create(cls, model_class: type[Comment], *args: Any, **kwargs: Any) -> Comment:
        parent: Comment | None = kwargs.get("parent")
        if parent is not None:
            kwargs.update(thread=parent.thread, depth=parent.depth + 1, root=parent.root or parent)
            Comment.objects.filter(pk=kwargs["root"].pk).update(reply_count=kwargs["root"].descendants.count() + 1)
        comment = super()._create(model_class, *args, **kwargs)
        Thread.objects.filter(pk=comment.thread_id).update(comment_count=comment.thread.comments.count())
        return comment
