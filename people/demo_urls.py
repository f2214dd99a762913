"""Pages of the demo. `people.urls` takes them in only when settings.DEMO is on."""

from __future__ import annotations

from django.urls import URLPattern, path

from people import demo_views

urlpatterns: list[URLPattern] = [
    path("demo/kisiler/", demo_views.people, name="demo_people"),
    path("demo/postalar/", demo_views.mails, name="demo_mails"),
]
