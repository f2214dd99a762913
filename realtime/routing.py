"""The live address: `wss://host/canli/`."""

from __future__ import annotations

from channels.routing import URLRouter
from django.urls import path

from realtime.consumers import SocketConsumer
from realtime.origins import OriginGuard

websocket_urlpatterns = [path("canli/", SocketConsumer.as_asgi())]
live_socket = OriginGuard(URLRouter(websocket_urlpatterns))
