from django.urls import path

from realtime import views

urlpatterns = [
    path("canli/yokla/", views.poll, name="live_poll"),
    path("canli/bilet/", views.ticket, name="live_ticket"),
]
