from __future__ import annotations

from django.urls import path

from councils import ballot_views, holiday_views, procedure_views, proxy_views, views
from councils.meetings import views as meetings

MEETINGS = "<slug:council_slug>/belediye-meclisi/"

urlpatterns = [
    path("<slug:council_slug>/oylamalar/", ballot_views.council_ballots, name="council_ballots"),
    path("<slug:council_slug>/oylamalar/yeni/", ballot_views.council_ballot_open, name="council_ballot_open"),
    path("<slug:council_slug>/oylamalar/vekalet/", proxy_views.proxy_rules, name="proxy_rules"),
    path("<slug:council_slug>/oylamalar/vekalet/yeni/", proxy_views.proxy_rule_set, name="proxy_rule_set"),
    path("<slug:council_slug>/tatil-gunleri/", holiday_views.holidays, name="holidays"),
    path("<slug:council_slug>/tatil-gunleri/gun/", holiday_views.holiday_set, name="holiday_set"),
    path("<slug:council_slug>/usul/", procedure_views.procedures, name="procedures"),
    path("<slug:council_slug>/usul/<slug:word>/", procedure_views.procedure_detail, name="procedure_detail"),
    path("<slug:council_slug>/usul/<slug:word>/degistir/", procedure_views.procedure_set, name="procedure_set"),
    path("<slug:council_slug>/gruplar/<slug:slug>/uyeler/", views.group_members, name="group_members"),
    path("<slug:council_slug>/stk/", views.organisation_list, name="organisation_list"),
    path(f"{MEETINGS}toplantilar.ics", meetings.ical_feed, name="municipal_meetings_ical"),
    path(f"{MEETINGS}toplantilar.csv", meetings.csv_file, name="municipal_meetings_csv"),
    path(f"{MEETINGS}takvim/", meetings.manage, name="municipal_meetings_manage"),
    path(f"{MEETINGS}takvim/kural/", meetings.calendar_rule, name="municipal_calendar"),
    path(f"{MEETINGS}takvim/yeni/", meetings.meeting_add, name="municipal_meeting_add"),
    path(f"{MEETINGS}takvim/aktar/", meetings.meeting_import, name="municipal_import"),
    path(f"{MEETINGS}takvim/<int:pk>/", meetings.meeting_edit, name="municipal_meeting_edit"),
]
