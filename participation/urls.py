"""Every address of the site. Fixed paths come first; everything below `/<council>/` belongs to one council."""

from __future__ import annotations

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from participation import my_data, pages
from participation.api import docs

# Paths of the installation. `councils.models.RESERVED_SLUGS` keeps councils from taking their first words.
fixed: list[URLPattern | URLResolver] = [
    path("", pages.home, name="home"),
    path("hosgeldiniz/", pages.after_login, name="after_login"),
    path("ben/", pages.me, name="me"),
    path("ben/verilerim/", my_data.my_data, name="my_data"),
    path("ben/verilerim.json", my_data.my_data_file, name="my_data_file"),
    path("saglik/", pages.health, name="health"),
    path("hakkinda/", pages.about, name="about"),
    path("kisisel-veriler/", pages.data_protection, name="data_protection"),
    path("erisilebilirlik/", pages.accessibility, name="accessibility"),
    path("api/", docs.docs, name="api-docs"),
    path("api/v1/", include("participation.api.urls")),
    path("muhur/", include("participation.seal_urls")),
    path("", include("ballots.receipt_urls")),
    path("", include("notifications.urls")),
    path("", include("people.urls")),
    path("", include("councils.residence_urls")),
    path("", include("realtime.urls")),
]
if settings.ADMIN_ENABLED:
    fixed.append(path("admin/", admin.site.urls))

# Paths below a council, and those of threads and ballots. `councils.middleware` turns the slug into `request.council`.
of_councils: list[URLPattern | URLResolver] = [
    path("", include("participation.council_urls")),
    path("", include("impact.urls")),
    path("", include("servicerequests.urls")),
    path("", include("articles.urls")),
    path("", include("lending.urls")),
    path("", include("solidarity.urls")),
    path("", include("partnerships.urls")),
    path("", include("proposals.urls")),
    path("", include("discussions.urls")),
    path("", include("ballots.urls")),
    path("", include("workinggroups.urls")),
    path("", include("councils.urls")),
]

urlpatterns = [*fixed, *of_councils]

handler400 = "participation.views.bad_request"
handler403 = "participation.views.forbidden"
handler404 = "participation.views.not_found"
handler500 = "participation.views.server_error"
