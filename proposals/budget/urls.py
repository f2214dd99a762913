"""Addresses of the budget, the strategic plan and the units below a council. Fixed words come before numbers."""

from django.urls import path

from proposals.budget import lines_views, plan_views, unit_views

BUDGET = "<slug:council_slug>/butce/"
PLAN = "<slug:council_slug>/stratejik-plan/"
UNITS = "<slug:council_slug>/birimler/"

urlpatterns = [
    path(BUDGET, lines_views.budget_lines, name="budget_lines"),
    path(BUDGET + "butce.csv", lines_views.budget_csv, name="budget_csv"),
    path(BUDGET + "yeni/", lines_views.budget_line_add, name="budget_line_add"),
    path(BUDGET + "aktar/", lines_views.budget_import, name="budget_import"),
    path(BUDGET + "<int:pk>/", lines_views.budget_line, name="budget_line"),
    path(BUDGET + "<int:pk>/duzenle/", lines_views.budget_line_edit, name="budget_line_edit"),
    path(PLAN, plan_views.strategic_plan, name="strategic_plan"),
    path(PLAN + "plan.csv", plan_views.plan_csv, name="plan_csv"),
    path(PLAN + "aktar/", plan_views.plan_import, name="plan_import"),
    path(PLAN + "donem/yeni/", plan_views.plan_add, name="plan_add"),
    path(PLAN + "donem/<int:pk>/", plan_views.plan_edit, name="plan_edit"),
    path(PLAN + "donem/<int:pk>/hedef/", plan_views.objective_add, name="objective_add"),
    path(PLAN + "<int:pk>/", plan_views.objective_detail, name="objective_detail"),
    path(PLAN + "<int:pk>/duzenle/", plan_views.objective_edit, name="objective_edit"),
    path(UNITS, unit_views.units, name="units"),
    path(UNITS + "<int:pk>/", unit_views.unit_edit, name="unit_edit"),
]
