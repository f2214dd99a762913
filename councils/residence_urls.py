"""Addresses of one's settings and of the desk of residents."""

from __future__ import annotations

from django.urls import URLPattern, path

from councils import residence_views as views

urlpatterns: list[URLPattern] = [
    path("ben/ayarlar/", views.settings_page, name="settings"),
    path("ben/ayarlar/ikamet/", views.settings_residence, name="settings_residence"),
    path("ben/ayarlar/yas/", views.settings_age_band, name="settings_age_band"),
    path("<slug:council_slug>/masam/hemsehrilik/", views.residence_desk, name="residence_desk"),
    path("<slug:council_slug>/masam/hemsehrilik/<int:person_id>/", views.residence_person, name="residence_person"),
]
