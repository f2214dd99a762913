"""A small OpenID provider on 127.0.0.1, with real signatures. It says what a test tells it to say."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

CLIENT, SECRET = "meydan", "gizli"


class OpenIDProvider:
    """`token` overrides claims (None leaves one out), `key` and `algorithm` sign, `userinfo` answers there."""

    def __init__(self) -> None:
        self.own_key = ec.generate_private_key(ec.SECP256R1())
        self.other_key = ec.generate_private_key(ec.SECP256R1())
        self.key: Any = self.own_key
        self.algorithm = "ES256"
        self.token: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {}
        self.asked: dict[str, str] = {}
        self.exchanged: list[dict[str, str]] = []
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.say(provider.document(urlsplit(self.path).path))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self.say(provider.exchange({key: values[0] for key, values in parse_qs(body).items()}))

            def say(self, document: dict[str, Any] | None) -> None:
                content = json.dumps(document or {"error": "invalid_grant"}).encode()
                self.send_response(200 if document else 400)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *args: Any) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"

    def document(self, path: str) -> dict[str, Any] | None:
        if path == "/.well-known/openid-configuration":
            ends = {"authorization": "giris", "token": "jeton", "userinfo": "kisi"}
            return {
                "issuer": self.issuer,
                "jwks_uri": f"{self.issuer}/anahtarlar",
                **{f"{name}_endpoint": f"{self.issuer}/{path}" for name, path in ends.items()},
            }
        if path == "/anahtarlar":
            public = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(self.own_key.public_key()))
            return {"keys": [public | {"kid": "bir", "use": "sig", "alg": "ES256"}]}
        return self.userinfo if path == "/kisi" else None

    def exchange(self, form: dict[str, str]) -> dict[str, Any] | None:
        """A code once, with the verifier of its challenge (RFC 7636)."""
        self.exchanged.append(form)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=")
        if challenge.decode() != self.asked["code_challenge"] or form["client_secret"] != SECRET:
            return None
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": "vatandas-1",
            "aud": CLIENT,
            "iat": now,
            "exp": now + 60,
            "nonce": self.asked["nonce"],
            "auth_time": now if self.asked.get("prompt") == "login" else None,
            "email": "umut@ornek.invalid",
            "email_verified": True,
            "name": "Umut Deniz",
        } | self.token
        said = {name: value for name, value in claims.items() if value is not None}
        token = jwt.encode(said, self.key, algorithm=self.algorithm, headers={"kid": "bir"})
        return {"access_token": "a", "token_type": "Bearer", "id_token": token}

    def comes_back(self, client: Any, location: str, **changed: str) -> Any:
        """What a browser does after logging in there: back with the code and the state."""
        self.asked = {key: values[0] for key, values in parse_qs(urlsplit(location).query).items()}
        return client.get("/hesap/dis-giris/donus/", {"code": "k", "state": self.asked["state"]} | changed)

    def log_in(self, client: Any, onward: str = "", **changed: str) -> Any:
        out = client.get("/hesap/dis-giris/", {"next": onward})
        assert out["Location"].startswith(f"{self.issuer}/giris?")
        return self.comes_back(client, out["Location"], **changed)


@contextmanager
def running() -> Iterator[OpenIDProvider]:
    provider = OpenIDProvider()
    thread = threading.Thread(target=provider.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield provider
    provider.server.shutdown()
    provider.server.server_close()
    thread.join(5)
