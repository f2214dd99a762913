"""Pages below a council that gather from several apps."""

from __future__ import annotations

from django.urls import path

from participation import council_pages, desk_views, meeting_pages, record_views

urlpatterns = [
    path("<slug:council_slug>/", council_pages.council_home, name="council_home"),
    path("<slug:council_slug>/meclisler-ve-gruplar/", council_pages.body_list, name="body_list"),
    path("<slug:council_slug>/gruplar/<slug:slug>/", council_pages.group_detail, name="group_detail"),
    path("<slug:council_slug>/gruplar/<slug:slug>/kayit/", record_views.group_record, name="group_record"),
    path("<slug:council_slug>/gruplar/<slug:slug>/kayit.atom", record_views.group_feed, name="group_feed"),
    path("<slug:council_slug>/meclisler/<slug:slug>/", council_pages.assembly_detail, name="assembly_detail"),
    path("<slug:council_slug>/meclisler/<slug:slug>/kayit/", record_views.assembly_record, name="assembly_record"),
    path("<slug:council_slug>/meclisler/<slug:slug>/kayit.atom", record_views.assembly_feed, name="assembly_feed"),
    path("<slug:council_slug>/stk/<slug:slug>/", council_pages.organisation_detail, name="organisation_detail"),
    path("<slug:council_slug>/kayit/", record_views.council_journal, name="council_journal"),
    path("<slug:council_slug>/kayit.atom", record_views.council_feed, name="council_feed"),
    path("<slug:council_slug>/oneriler/<slug:number>/kayit/", record_views.proposal_record, name="proposal_record"),
    path("<slug:council_slug>/oneriler/<slug:number>/kayit.atom", record_views.proposal_feed, name="proposal_feed"),
    path("<slug:council_slug>/belediye-meclisi/", meeting_pages.municipal_meetings, name="municipal_meetings"),
    path("<slug:council_slug>/masam/", desk_views.desk, name="desk"),
]
