"""Addresses of the sealed log, which covers all councils."""

from django.urls import path

from participation import seal_views

urlpatterns = [
    path("", seal_views.seal_list, name="seal_list"),
    path("muhurler.json", seal_views.seal_file, name="seal_file"),
    path("muhurler.atom", seal_views.seal_feed, name="seal_feed"),
    path("kontrol/", seal_views.proof_check, name="proof_check"),
    path("<int:number>/", seal_views.seal_detail, name="seal_detail"),
]
