"""Addresses of lent equipment, below a council."""

from __future__ import annotations

from django.urls import URLPattern, path

from lending import views

urlpatterns: list[URLPattern] = [
    path("<slug:council_slug>/malzeme/", views.lending_items, name="lending_items"),
    path("<slug:council_slug>/malzeme-ekle/", views.lending_item_new, name="lending_item_new"),
    path("<slug:council_slug>/malzeme/<slug:slug>/", views.lending_item, name="lending_item"),
    path("<slug:council_slug>/malzeme/<slug:slug>/resim/", views.lending_picture, name="lending_picture"),
    path("<slug:council_slug>/malzeme/<slug:slug>/duzenle/", views.lending_item_edit, name="lending_item_edit"),
    path("<slug:council_slug>/malzeme/<slug:slug>/demirbas/", views.lending_piece, name="lending_piece"),
    path("<slug:council_slug>/odunc/", views.lending_loans, name="lending_loans"),
    path("<slug:council_slug>/odunc/yeni/", views.lending_loan_new, name="lending_loan_new"),
    path("<slug:council_slug>/odunc/<int:loan_id>/", views.lending_loan, name="lending_loan"),
    path("<slug:council_slug>/odunc/<int:loan_id>/islem/", views.lending_loan_act, name="lending_loan_act"),
    path("<slug:council_slug>/odunc/<int:loan_id>/tutanak/", views.lending_slip, name="lending_slip"),
]
