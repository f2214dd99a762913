"""uvicorn on the test's own event loop, as it is run in production."""

from __future__ import annotations

import asyncio

import uvicorn
import websockets

from participation.asgi import application
from realtime.server import options
from tests.realtime.conftest import until
from tests.services import spare_port


class Server:
    def __init__(self, port: int | None = None) -> None:
        self.port = port or spare_port()
        self.server = uvicorn.Server(
            uvicorn.Config(
                application,
                port=self.port,
                **options(),
                log_config=None,
                access_log=False,
                lifespan="on",
                timeout_graceful_shutdown=2,
            )
        )

    async def __aenter__(self) -> Server:
        self.task = asyncio.create_task(self.server._serve())
        await until(lambda: self.server.started)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.server.should_exit = True
        await self.task

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def address(self) -> str:
        return f"ws://127.0.0.1:{self.port}/canli/"

    def connect(self):
        return websockets.connect(self.address, origin=self.origin, compression=None, max_size=None)
