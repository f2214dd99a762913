from __future__ import annotations

from django.urls import path

from notifications import views

urlpatterns = [
    path("ben/haberler/", views.notice_list, name="notice_list"),
    path("ben/haberler/okundu/", views.notice_read_all, name="notice_read_all"),
    path("ben/haberler/<int:pk>/okundu/", views.notice_read, name="notice_read"),
    path("ben/haberler/tercihler/", views.notice_choices, name="notice_choices"),
    path("ben/haberler/birak/<str:token>/", views.notice_leave, name="notice_leave"),
]
