"""Every address of the site. Fixed paths come first; everything below `/<council>/` belongs to one council."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from participation import my_data, pages

Patterns = list[URLPattern | URLResolver]


def _of(module: str) -> Patterns:
    """The addresses of an app; none when the app has no pages."""
    parent, _, _ = module.rpartition(".")
    if find_spec(parent) is None or find_spec(module) is None:
        return []
    return list(getattr(import_module(module), "urlpatterns", []))


def _admin() -> Patterns:
    if not settings.ADMIN_ENABLED:
        return []
    return [path("admin/", admin.site.urls)]


def _fixed() -> Patterns:
    """Paths of the installation; `councils.models.RESERVED_SLUGS` keeps councils from taking them."""
    api = _of("participation.api.urls")
    return [
        path("", pages.home, name="home"),
        path("ben/", pages.me, name="me"),
        path("ben/verilerim/", my_data.my_data, name="my_data"),
        path("ben/verilerim.json", my_data.my_data_file, name="my_data_file"),
        path("saglik/", pages.health, name="health"),
        path("hakkinda/", pages.about, name="about"),
        path("kisisel-veriler/", pages.data_protection, name="data_protection"),
        path("erisilebilirlik/", pages.accessibility, name="accessibility"),
        *_of("people.urls"),
        *_of("councils.residence_urls"),
        *_of("realtime.urls"),
        path("api/", docs.docs, name="api-docs"),
        *([path("api/v1/", include(api))] if api else []),
        *_admin(),
    ]


def _councils() -> Patterns:
    """Paths below a council. `councils.middleware` turns the slug into `request.council`."""
    return [
        *_of("participation.council_urls"),
        *_of("proposals.urls"),
        *_of("discussions.urls"),
        *_of("ballots.urls"),
        *_of("workinggroups.urls"),
        *_of("organisations.urls"),
        *_of("councils.urls"),
    ]


urlpatterns: Patterns = [*_fixed(), *_councils()]

handler400 = "participation.views.bad_request"
handler403 = "participation.views.forbidden"
handler404 = "participation.views.not_found"
handler500 = "participation.views.server_error"
