"""How uvicorn serves sockets, the same for `manage.py serve`, for tests and for measurements."""

from __future__ import annotations

from typing import Any

from realtime.limits import MESSAGE_BYTES
from realtime.wire import LiveProtocol

PING_SECONDS = 20
BACKLOG = 4096


def options() -> dict[str, Any]:
    """Arguments of `uvicorn.Config`: no compression (it would cost three times the work), bounded messages, pings."""
    return {
        "ws": LiveProtocol,
        "ws_max_size": MESSAGE_BYTES,
        "ws_ping_interval": PING_SECONDS,
        "ws_ping_timeout": PING_SECONDS,
        "ws_per_message_deflate": False,
        "backlog": BACKLOG,
    }
