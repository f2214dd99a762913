"""Addresses of requests, below a council."""

from __future__ import annotations

from django.urls import URLPattern, path

from servicerequests import views

urlpatterns: list[URLPattern] = [
    path("<slug:council_slug>/basvuru/", views.request_types, name="request_types"),
    path("<slug:council_slug>/basvuru/<slug:slug>/", views.request_new, name="request_new"),
    path("<slug:council_slug>/basvuru-benzerleri/", views.request_alike, name="request_alike"),
    path("<slug:council_slug>/basvuru-gir/", views.request_entry, name="request_entry"),
    path("<slug:council_slug>/basvuru-gir/<slug:slug>/", views.request_enter, name="request_enter"),
    path("<slug:council_slug>/basvurular/<slug:number>/alindi/", views.request_receipt, name="request_receipt"),
    path("<slug:council_slug>/basvurular/<slug:number>/makale/", views.request_article, name="request_article"),
    path("<slug:council_slug>/basvurular/<slug:number>/ben-de/", views.request_join, name="request_join"),
    path("<slug:council_slug>/basvuru-kurallari/", views.request_rules, name="request_rules"),
    path("<slug:council_slug>/basvuru-kurallari/basla/", views.request_rules_start, name="request_rules_start"),
    path("<slug:council_slug>/basvuru-kurallari/saatler/", views.office_hours_set, name="office_hours_set"),
    path("<slug:council_slug>/basvuru-kurallari/yeni-birim/", views.desk_unit_add, name="desk_unit_add"),
    path("<slug:council_slug>/basvuru-kurallari/birimler/<slug:slug>/", views.desk_unit_edit, name="desk_unit_edit"),
    path("<slug:council_slug>/basvuru-kurallari/yeni-tur/", views.request_type_add, name="request_type_add"),
    path(
        "<slug:council_slug>/basvuru-kurallari/turler/<slug:slug>/",
        views.request_type_detail,
        name="request_type_detail",
    ),
    path(
        "<slug:council_slug>/basvuru-kurallari/turler/<slug:slug>/degistir/",
        views.request_type_edit,
        name="request_type_edit",
    ),
    path("<slug:council_slug>/gelen-epostalar/", views.mail_list, name="mail_list"),
    path("<slug:council_slug>/gelen-epostalar/<int:pk>/", views.mail_detail, name="mail_detail"),
    path("<slug:council_slug>/gelen-epostalar/<int:pk>/kabul/", views.mail_accept, name="mail_accept"),
    path("<slug:council_slug>/gelen-epostalar/<int:pk>/ekle/", views.mail_attach, name="mail_attach"),
    path("<slug:council_slug>/gelen-epostalar/<int:pk>/ayikla/", views.mail_discard, name="mail_discard"),
    path("<slug:council_slug>/gelen-epostalar/<int:pk>/dosyalar/<int:file_id>/", views.mail_file, name="mail_file"),
    path("<slug:council_slug>/basvuru-konulari/", views.request_matters, name="request_matters"),
    path("<slug:council_slug>/basvuru-konulari/oneri/", views.request_matter_hint, name="request_matter_hint"),
    path("<slug:council_slug>/basvuru-konulari/yeni/", views.request_matter_add, name="request_matter_add"),
    path(
        "<slug:council_slug>/basvuru-konulari/<slug:slug>/duzenle/",
        views.request_matter_edit,
        name="request_matter_edit",
    ),
    path("<slug:council_slug>/basvurular/<slug:number>/konu/", views.request_matter_set, name="request_matter_set"),
    path("<slug:council_slug>/masam/basvurular/", views.request_desk, name="request_desk"),
    path("<slug:council_slug>/masam/basvurular/toplu/", views.request_desk_bulk, name="request_desk_bulk"),
    path("<slug:council_slug>/basvurular/<slug:number>/ver/", views.request_assign, name="request_assign"),
    path("<slug:council_slug>/basvurular/<slug:number>/yayimla/", views.request_publish, name="request_publish"),
    path(
        "<slug:council_slug>/basvurular/<slug:number>/yayindan-al/", views.request_take_back, name="request_take_back"
    ),
    path("<slug:council_slug>/basvurular/", views.request_list, name="request_list"),
    path("<slug:council_slug>/basvurular/<slug:number>/", views.request_detail, name="request_detail"),
    path(
        "<slug:council_slug>/basvurular/<slug:number>/dosyalar/<int:file_id>/", views.request_file, name="request_file"
    ),
    path("<slug:council_slug>/basvurular/<slug:number>/yaz/", views.request_reply, name="request_reply"),
    path("<slug:council_slug>/basvurular/<slug:number>/yanitla/", views.request_answer, name="request_answer"),
    path("<slug:council_slug>/basvurular/<slug:number>/yeniden-ac/", views.request_reopen, name="request_reopen"),
    path("<slug:council_slug>/basvurular/<slug:number>/geri-cek/", views.request_withdraw, name="request_withdraw"),
]
