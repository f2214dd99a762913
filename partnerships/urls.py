"""Addresses of partnerships, below a council."""

from __future__ import annotations

from django.urls import URLPattern, path

from partnerships import views

urlpatterns: list[URLPattern] = [
    path("<slug:council_slug>/ortakliklar/", views.partnership_list, name="partnership_list"),
    path("<slug:council_slug>/ortakliklar/yeni/", views.partnership_new, name="partnership_new"),
    path("<slug:council_slug>/ortakliklar/<int:partnership_id>/", views.partnership, name="partnership"),
    path(
        "<slug:council_slug>/ortakliklar/<int:partnership_id>/duzenle/", views.partnership_edit, name="partnership_edit"
    ),
    path("<slug:council_slug>/ortakliklar/<int:partnership_id>/islem/", views.partnership_act, name="partnership_act"),
    path(
        "<slug:council_slug>/ortakliklar/<int:partnership_id>/protokol/<int:version>/",
        views.partnership_protocol,
        name="partnership_protocol",
    ),
]
