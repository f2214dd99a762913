"""Two processes for pages and two for live connections behind nginx, with Redis and PostgreSQL: the shape of a city.

nginx runs with `deploy/nginx.conf` itself; only addresses, ports and the certificate are exchanged.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import re
import subprocess
import uuid
from collections import Counter
from pathlib import Path

import pytest
import websockets

from tests.faults.clients import CSRF
from tests.faults.screens import Audience
from tests.faults.town import ROOT, START_SECONDS, Process, Town, until
from tests.services import spare_port

SPOOFED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil.example",
    "X-Real-IP": "203.0.113.9",
    "Forwarded": "for=203.0.113.9;proto=https;host=evil.example",
}


class Nginx:
    """nginx in the foreground, with the installation's own configuration in a folder of the test."""

    def __init__(self, binary: str, folder: Path, port: int, pages: list[int], live: list[int]) -> None:
        self.port = port
        folder.mkdir()
        site = (ROOT / "deploy" / "nginx.conf").read_text()
        _redirect, served = re.findall(r"^server \{.*?^\}", site, re.MULTILINE | re.DOTALL)
        here = re.sub(r"^ *(listen|ssl_\w+) .*;\n", "", served, flags=re.MULTILINE)
        here = here.replace("server {", f"server {{\n    listen 127.0.0.1:{port};", 1).replace(
            "server_name katilim.example.bel.tr;", "server_name _;"
        )
        here = here.replace("Host $host;", "Host $http_host;")  # the port belongs to this address
        head = site[: site.index("server {\n    listen 80;")]
        for old, new in zip((8001, 8002, 8101, 8102), (*pages, *live), strict=True):
            head = head.replace(f"127.0.0.1:{old}", f"127.0.0.1:{new}")
        folders = "\n".join(
            f"    {kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        user = "user root;" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(
            f"{user}\npid {folder}/pid;\nerror_log {folder}/error.log warn;\ndaemon off;\nworker_processes 1;\n"
            f"events {{ worker_connections 512; }}\nhttp {{\n    access_log off;\n{folders}\n{head}\n{here}\n}}\n"
        )
        self.process = subprocess.Popen(
            [binary, "-p", str(folder), "-c", "nginx.conf", "-e", str(folder / "error.log")],
            stdout=subprocess.DEVNULL,
            stderr=(folder / "said.log").open("wb"),
        )

    def __enter__(self) -> Nginx:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=60)

    def ask(self, method: str, path: str, *, session: str = "", body: object = None, **headers: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        cookies = f"meydan_session={session}; meydan_csrf={CSRF}" if session else ""
        sent = {"Cookie": cookies, "X-CSRFToken": CSRF, "Content-Type": "application/json", **headers}
        content = body if isinstance(body, str | bytes | None) else json.dumps(body)
        try:
            connection.request(method, path, content, sent)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(errors="replace")
        finally:
            connection.close()


@pytest.fixture
def shape(nginx_path):
    """The town, nginx in front of it, its processes for pages and those for live connections."""
    with Town("shape", redis=True) as town:
        port, ports = spare_port(), [spare_port() for _ in range(4)]
        settings = {
            "SITE_URL": f"http://127.0.0.1:{port}",
            "BEHIND_PROXY": "1",
            "NUM_PROXIES": "1",
            "DATABASE_POOL": "10",
            "LOG_LEVEL": "INFO",
        }
        processes = [
            town.run(["serve", "--only", half], port=each, **settings)
            for half, each in zip(("pages", "pages", "live", "live"), ports, strict=True)
        ]
        for process, each in zip(processes, ports, strict=True):
            process.port = each
        for process in processes:
            until(lambda p=process: p.answers() or p.is_dead(), "a half did not start", within=START_SECONDS)
            assert not process.is_dead(), process.said()[-2000:]
        with Nginx(nginx_path, town.folder / "nginx", port, ports[:2], ports[2:]) as nginx:
            until(lambda: _answers(nginx), "nginx did not start")
            yield town, nginx, processes[:2], processes[2:]


def _answers(nginx: Nginx) -> bool:
    try:
        return nginx.ask("GET", "/saglik/")[0] == 200
    except OSError:
        return False


def sockets_of(process: Process) -> int:
    return json.loads(process.get("/canli/olcum/")[1])["sockets"]


def test_the_whole_shape_tells_everybody_revokes_everywhere_and_outlives_redis(shape):
    town, nginx, pages, live = shape
    ayse, mehmet, voter, writer = (town.facts["people"][n] for n in range(1, 5))
    log, state = f"thread:{town.facts['thread']}", f"state:ballot:{town.facts['ballot']}"
    vote = f"/api/v1/ballots/{town.facts['ballot']}/vote/"
    comments = f"/api/v1/threads/{town.facts['thread']}/comments/"

    def says(text: str) -> None:
        status, body = nginx.ask(
            "POST", comments, session=writer["session"], body={"text": text, "key": str(uuid.uuid4())}
        )
        assert status == 201, body

    def turnouts() -> set[int]:
        return {screen.state["turnout"] for screen in audience.screens}

    each = [ayse["session"], mehmet["session"], ""]
    with Audience(12, lambda _: nginx.port, log=log, state=state, sessions=each) as audience:
        until(audience.are_in, "the screens did not join")
        assert all(sockets_of(process) >= 2 for process in live)
        assert [process.get("/canli/")[0] for process in pages] == [404, 404]
        assert live[0].get("/")[0] == 404

        # A vote and a comment by one process for pages show at the sockets of both others.
        begun = turnouts().pop()
        direct = http.client.HTTPConnection("127.0.0.1", pages[0].port, timeout=60)
        cookies = f"meydan_session={voter['session']}; meydan_csrf={CSRF}"
        direct.request(
            "PUT",
            vote,
            json.dumps({"paper": "yes"}),
            {"Cookie": cookies, "X-CSRFToken": CSRF, "Content-Type": "application/json"},
        )
        assert direct.getresponse().status == 200
        until(lambda: turnouts() == {begun + 1}, "the vote did not show everywhere")
        says("Görünsün.")
        until(lambda: set(audience.positions().values()) == {town.head_of(log)}, "the comment did not show everywhere")

        # Logging out closes the person's sockets in both processes, and nobody else's.
        before = {screen.number: len(screen.codes) for screen in audience.screens}
        status, body = nginx.ask(
            "POST", "/hesap/cikis/", session=ayse["session"], **{"Content-Type": "application/x-www-form-urlencoded"}
        )
        assert status in (200, 302), body[:300]
        of_ayse = [screen for screen in audience.screens if screen.session == ayse["session"]]
        until(lambda: all(screen.codes[-1:] == [4401] for screen in of_ayse), "a socket outlived its session")
        others = [screen for screen in audience.screens if screen not in of_ayse]
        assert Counter(len(screen.codes) - before[screen.number] for screen in others) == {0: 8}
        until(audience.are_in, "who was logged out may come back as a visitor")

        # Redis dies and comes back empty; what was written meanwhile arrives, once and in order.
        town.kill_redis()
        says("Redis yokken.")
        status, body = nginx.ask("PUT", vote, session=mehmet["session"], body={"paper": "no"})
        assert status == 200, body
        town.start_redis()
        says("Redis dönünce.")
        head = town.head_of(log)
        until(lambda: set(audience.positions().values()) == {head}, "entries were lost with Redis")
        until(lambda: turnouts() == {begun + 2}, "a vote was lost with Redis")
        for screen in others:
            assert screen.log == sorted(set(screen.log))
            assert screen.log[-1] - screen.log[0] == len(screen.log) - 1

        check_the_door(town, nginx, pages)


def check_the_door(town: Town, nginx: Nginx, pages: list[Process]) -> None:
    """What a browser claims about its address, its scheme and its host is not believed."""
    path = f"/yok-{uuid.uuid4().hex}/"
    assert nginx.ask("GET", path, **SPOOFED)[0] == 404
    lines = [line for process in pages for line in process.said().splitlines() if path in line]
    assert any("127.0.0.1" in line for line in lines)
    assert not any("203.0.113.9" in line for line in lines)
    assert nginx.ask("GET", "/canli/olcum/", **SPOOFED | {"X-Forwarded-For": "127.0.0.1"})[0] == 404
    status, body = nginx.ask("POST", "/hesap/giris/", body=b"x" * (42 * 1024 * 1024))
    assert status == 413, body[:200]
    secure = f"https://127.0.0.1:{nginx.port}"
    assert asyncio.run(handshake(nginx.port, secure, SPOOFED)) == 403
    assert asyncio.run(handshake(nginx.port, "https://evil.example", SPOOFED)) == 403
    assert asyncio.run(handshake(nginx.port, f"http://127.0.0.1:{nginx.port}", {})) == 101


async def handshake(port: int, origin: str, headers: dict[str, str]) -> int:
    try:
        async with websockets.connect(
            f"ws://127.0.0.1:{port}/canli/", origin=origin, additional_headers=headers, compression=None
        ):
            return 101
    except websockets.InvalidStatus as refused:
        return refused.response.status_code
