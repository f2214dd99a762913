from __future__ import annotations

from django.urls import path

from workinggroups import views

GROUP = "<slug:council_slug>/gruplar/<slug:slug>/"

urlpatterns = [
    path(f"{GROUP}katil/", views.join, name="group_join"),
    path(f"{GROUP}ayril/", views.leave, name="group_leave"),
    path(f"{GROUP}istekler/", views.requests, name="group_requests"),
    path(f"{GROUP}istekler/<int:request_id>/kabul/", views.accept_request, name="group_request_accept"),
    path(f"{GROUP}istekler/<int:request_id>/ret/", views.decline_request, name="group_request_decline"),
    path(f"{GROUP}istekler/<int:request_id>/geri-cek/", views.withdraw_request, name="group_request_withdraw"),
    path(f"{GROUP}uyeler/<int:membership_id>/bitir/", views.end_membership, name="group_member_end"),
]
