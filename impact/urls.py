from __future__ import annotations

from django.urls import path

from impact import open_data_views, views

OPEN = "<slug:council_slug>/acik-veri/"
ETKI = "<slug:council_slug>/etki/"

urlpatterns = [
    path(OPEN, open_data_views.open_data, name="open_data"),
    path(OPEN + "<slug:day>/<str:name>", open_data_views.open_data_file, name="open_data_file"),
    path(ETKI, views.impact_home, name="impact_home"),
    path(f"{ETKI}oneriler/", views.impact_proposals, name="impact_proposals"),
    path(f"{ETKI}oneriler.<slug:form>", views.impact_proposals_file, name="impact_proposals_file"),
    path(f"{ETKI}panel/", views.impact_panel, name="impact_panel"),
    path(f"{ETKI}panel/<slug:table>.<slug:form>", views.impact_table, name="impact_table"),
]
