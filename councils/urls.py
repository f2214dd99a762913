from __future__ import annotations

from django.urls import path

from councils import views

urlpatterns = [
    path("<slug:council_slug>/gruplar/<slug:slug>/uyeler/", views.group_members, name="group_members"),
    path("<slug:council_slug>/stk/", views.organisation_list, name="organisation_list"),
]
