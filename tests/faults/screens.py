"""Screens: sockets that follow a log and a state, come back when they are cut, and remember what they were shown."""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import random
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import websockets

from tests.faults.history import now


class Screen:
    """What one client shows."""

    def __init__(self, number: int, session: str = "") -> None:
        self.number, self.session = number, session
        self.epoch: str | None = None
        self.position: int | None = None
        self.log: list[int] = []
        """Sequences since the last fresh start, in the order they came."""
        self.shown: list[tuple[float, str, int]] = []
        """Everything of the log that ever arrived: when, its topic, its sequence."""
        self.state: dict[str, Any] | None = None
        self.joined = self.refused = False
        self.connections = self.resyncs = 0
        self.codes: list[int] = []
        self.said_goodbye = 0
        self.back_at = 0.0

    def take(self, frame: dict[str, Any], log: str, state: str) -> None:
        match frame.get("type"):
            case "joined" if frame["t"] == log:
                self.joined, self.epoch = True, frame.get("e") or None
                self.back_at = now()
                if self.position is None:
                    self.position = frame["s"]
            case "resync" if frame["t"] == log:
                self.resyncs += 1
                self.joined, self.epoch, self.position = True, frame.get("e") or None, frame["s"]
                self.log = []
            case "refused" | "left" if frame["t"] == log:
                self.refused, self.joined = True, False
            case "bye":
                self.said_goodbye += 1
            case None if frame.get("t") == log:
                self.log.append(frame["s"])
                self.shown.append((now(), log, frame["s"]))
                self.position = frame["s"]
            case None if frame.get("t") == state:
                self.state = frame["d"]


class Audience:
    """Many screens in a thread with an event loop of its own. `port` says where a screen connects, each time it does."""

    def __init__(
        self,
        count: int,
        port: Callable[[int], int],
        *,
        log: str,
        state: str,
        sessions: Sequence[str] = (),
        origin: str = "",
        seed: int = 1,
    ) -> None:
        self.port, self.log, self.state = port, log, state
        self.screens = [Screen(n, sessions[n % len(sessions)] if sessions else "") for n in range(count)]
        self.random, self.origin = random.Random(seed), origin
        self._stop = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), name="audience", daemon=True)

    def __enter__(self) -> Audience:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(30)

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        tasks = [asyncio.create_task(self._stay(screen)) for screen in self.screens]
        await self._stop.wait()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _stay(self, screen: Screen) -> None:
        """As the page's script does: come back after a pause drawn at random, longer each time in vain."""
        in_vain = 0
        while not self._stop.is_set():
            screen.joined = False
            with contextlib.suppress(OSError, websockets.WebSocketException, TimeoutError):
                await self._follow(screen)
            in_vain = 0 if screen.joined else in_vain + 1
            screen.joined = False
            await asyncio.sleep(self.random.uniform(0, min(4.0, 0.5 * 2**in_vain)))

    async def _follow(self, screen: Screen) -> None:
        port = self.port(screen.number)
        origin = self.origin or f"http://127.0.0.1:{port}"
        headers = {"Cookie": f"meydan_session={screen.session}"} if screen.session else {}
        async with websockets.connect(
            f"ws://127.0.0.1:{port}/canli/", origin=origin, additional_headers=headers, compression=None, max_size=None
        ) as socket:
            screen.connections += 1
            position = (
                [screen.epoch, screen.position] if screen.position is not None and screen.epoch else screen.position
            )
            await socket.send(json.dumps({"type": "hello", "topics": {self.log: position, self.state: None}}))
            try:
                async for message in socket:
                    frames = json.loads(message)
                    for frame in frames if isinstance(frames, list) else [frames]:
                        screen.take(frame, self.log, self.state)
            finally:
                screen.codes.append(socket.close_code or 0)

    # --- Questions -----------------------------------------------------------------------------------------------------

    def are_in(self) -> bool:
        return all(screen.joined and screen.state is not None for screen in self.screens)

    def agree(self, head: int, state: dict[str, Any] | None = None, *, within: float) -> float:
        """Wait until every screen has the newest entry, and shows the state if one is given; how long it took, infinite
        when some never did."""
        began = now()
        while now() < began + within:
            if set(self.positions().values()) == {head} and all(
                shown == (state or {}) for shown in self.states(*(state or ())).values()
            ):
                return now() - began
            time.sleep(0.05)
        return math.inf

    def logs(self) -> dict[int, list[int]]:
        return {screen.number: list(screen.log) for screen in self.screens}

    def positions(self) -> dict[int, int | None]:
        return {screen.number: screen.position for screen in self.screens}

    def states(self, *keys: str) -> dict[int, Any]:
        return {screen.number: {key: (screen.state or {}).get(key) for key in keys} for screen in self.screens}
