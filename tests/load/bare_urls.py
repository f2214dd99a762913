"""The addresses of an installation, and a bare Django view behind the same server and middleware."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from participation.urls import handler400, handler403, handler404, handler500
from participation.urls import urlpatterns as of_every_installation
from people.access import public

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


@public
def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [path("yalin/", bare, name="bare"), *of_every_installation]
