"""How the tests of the pages of a discussion ask."""

from uuid import uuid4

from django.urls import reverse

HTMX = {"HTTP_HX_REQUEST": "true"}


def url(name, comment):
    return reverse(name, args=[comment.thread_id, comment.pk])


def send(client, thread, text="Benim de bir sözüm var.", **more):
    data = {"text": text, "mark": "neutral", "key": str(uuid4())} | {k: v for k, v in more.items() if not k.isupper()}
    return client.post(reverse("comment_add", args=[thread.pk]), data, **{k: v for k, v in more.items() if k.isupper()})
