from __future__ import annotations

from django.urls import path

from impact import open_data_views, report_views, views

OPEN = "<slug:council_slug>/acik-veri/"
ETKI = "<slug:council_slug>/etki/"

urlpatterns = [
    path(OPEN, open_data_views.open_data, name="open_data"),
    path(OPEN + "<slug:day>/<str:name>", open_data_views.open_data_file, name="open_data_file"),
    path(ETKI, views.impact_home, name="impact_home"),
    path(f"{ETKI}raporlar/", report_views.impact_reports, name="impact_reports"),
    path(f"{ETKI}raporlar/hazirla/", report_views.impact_report_make, name="impact_report_make"),
    path(f"{ETKI}raporlar/<int:report_id>.pdf", report_views.impact_report_file, name="impact_report_file"),
    path(f"{ETKI}raporlar/<int:report_id>/yayimla/", report_views.impact_report_publish, name="impact_report_publish"),
    path(f"{ETKI}oneriler/", views.impact_proposals, name="impact_proposals"),
    path(f"{ETKI}oneriler.<slug:form>", views.impact_proposals_file, name="impact_proposals_file"),
    path(f"{ETKI}panel/", views.impact_panel, name="impact_panel"),
    path(f"{ETKI}panel/<slug:table>.<slug:form>", views.impact_table, name="impact_table"),
]
