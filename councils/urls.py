from __future__ import annotations

from django.urls import path

from councils import ballot_views, proxy_views, views

urlpatterns = [
    path("<slug:council_slug>/oylamalar/", ballot_views.council_ballots, name="council_ballots"),
    path("<slug:council_slug>/oylamalar/yeni/", ballot_views.council_ballot_open, name="council_ballot_open"),
    path("<slug:council_slug>/oylamalar/vekalet/", proxy_views.proxy_rules, name="proxy_rules"),
    path("<slug:council_slug>/oylamalar/vekalet/yeni/", proxy_views.proxy_rule_set, name="proxy_rule_set"),
    path("<slug:council_slug>/gruplar/<slug:slug>/uyeler/", views.group_members, name="group_members"),
    path("<slug:council_slug>/stk/", views.organisation_list, name="organisation_list"),
]
