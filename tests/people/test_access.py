from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from rest_framework.views import APIView

from people.access import Access
from tests import factories as f

# Doors with rules of their own: the administration site, and DRF's permission classes.
OTHER_DOORS = ("admin/",)


def _patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in resolver.url_patterns:
        path = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _patterns(each, path)
        else:
            yield path, each


def test_every_view_says_who_may_enter():
    silent = []
    for path, pattern in _patterns(get_resolver()):
        view = pattern.callback
        is_api = issubclass(getattr(view, "cls", None) or getattr(view, "view_class", None) or object, APIView)
        if is_api or path.startswith(OTHER_DOORS):
            continue
        if getattr(view, "access", None) not in set(Access):
            silent.append(f"{path} ({view.__module__}.{getattr(view, '__name__', view)})")
    assert silent == []


def test_every_api_view_has_permission_classes():
    open_doors = []
    for path, pattern in _patterns(get_resolver()):
        cls = getattr(pattern.callback, "cls", None)
        if cls and issubclass(cls, APIView) and not cls.permission_classes:
            open_doors.append(path)
    assert open_doors == []


def test_there_is_one_log_in_page_and_no_leftover_of_allauth():
    paths = [path for path, _ in _patterns(get_resolver()) if "hesap/" in path]
    assert len(paths) == 33
    assert [path for path in paths if "login" in path or "accounts" in path] == []


@pytest.mark.django_db
def test_a_form_sent_after_the_session_ended_says_so_and_swaps_no_login_page_in(client, kocaeli):
    proposal = f.ProposalFactory(council=kocaeli)
    address = reverse("comment_add", args=[proposal.thread_id])
    answer = client.post(address, {"text": "Uzun bir yorum"}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Retarget"]) == (403, "#notices")
    assert "Oturumunuz kapanmış" in answer.text
    assert client.post(address, {"text": "Uzun bir yorum"}).status_code == 302
