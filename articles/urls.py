"""Addresses of the knowledge base, below a council."""

from __future__ import annotations

from django.urls import URLPattern, path

from articles import views

urlpatterns: list[URLPattern] = [
    path("<slug:council_slug>/bilgi/", views.article_list, name="article_list"),
    path("<slug:council_slug>/bilgi.atom", views.article_feed, name="article_feed"),
    path("<slug:council_slug>/bilgi/<slug:slug>/", views.article_detail, name="article_detail"),
    path("<slug:council_slug>/bilgi/<slug:slug>/yardimci/", views.article_helpful, name="article_helpful"),
    path("<slug:council_slug>/bilgi-masasi/", views.article_desk, name="article_desk"),
    path("<slug:council_slug>/bilgi-masasi/yeni/", views.article_new, name="article_new"),
    path("<slug:council_slug>/bilgi-masasi/<int:pk>/", views.article_write, name="article_write"),
    path("<slug:council_slug>/bilgi-masasi/<int:pk>/durum/", views.article_settle, name="article_settle"),
]
