"""Addresses of the board, below a council."""

from __future__ import annotations

from django.urls import URLPattern, path

from solidarity import views

urlpatterns: list[URLPattern] = [
    path("<slug:council_slug>/dayanisma/", views.solidarity_board, name="solidarity_board"),
    path("<slug:council_slug>/dayanisma/yeni/", views.solidarity_new, name="solidarity_new"),
    path("<slug:council_slug>/dayanisma/<int:post_id>/", views.solidarity_post, name="solidarity_post"),
    path("<slug:council_slug>/dayanisma/<int:post_id>/islem/", views.solidarity_act, name="solidarity_act"),
]
