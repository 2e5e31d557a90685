"""An OpenID provider as agencies run one, reduced to what a resource server meets: discovery, keys, tokens.

It listens on loopback, signs with real keys, rotates them, and counts who asks. ``token`` gives any token, also wrong
ones; ``POST /token`` gives one for client credentials, as a service would fetch it.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from joserfc import jwt
from joserfc.jwk import ECKey, KeyParameters, KeySet, OKPKey, RSAKey

AUDIENCE = "https://registry.example.org"
NOW = 1_800_000_000
"""The tests' now: 2027-01-15, in seconds."""

Key = RSAKey | ECKey | OKPKey


def make_key(algorithm: str, key_id: str) -> Key:
    """A fresh private key for that algorithm."""
    told: KeyParameters = {"kid": key_id, "use": "sig", "alg": algorithm}
    if algorithm in {"RS256", "PS256"}:
        return RSAKey.generate_key(2048, told)
    if algorithm == "ES256":
        return ECKey.generate_key("P-256", told)
    return OKPKey.generate_key("Ed25519", told)


class Provider:
    """One provider: its keys, the newest last, and how often each address was asked."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.told_issuer = url
        self.asked: Counter[str] = Counter()
        self.algorithm = "ES256"
        self.keys: list[Key] = [make_key(self.algorithm, "key-1")]
        self.is_down = False
        self.extra_bytes = 0

    def rotate(self, algorithm: str = "ES256", *, keep: int = 1) -> None:
        """Sign with a new key from now on; of the old, the last ``keep`` stay published."""
        self.algorithm = algorithm
        number = int(str(self.keys[-1].kid).removeprefix("key-")) + 1
        self.keys = [*self.keys[len(self.keys) - keep :], make_key(algorithm, f"key-{number}")]

    def claims(self, **changed: Any) -> dict[str, Any]:
        """Sound claims of an investigator, with changes; a change to None leaves the claim out."""
        sound = {
            "iss": self.url,
            "aud": AUDIENCE,
            "sub": "asha",
            "iat": NOW - 10,
            "exp": NOW + 300,
            "roles": ["investigator"],
            "ictip_entities": ["ke-police"],
            "ictip_countries": ["KE"],
            "ictip_tiers": ["child"],
            "ictip_purposes": ["investigation"],
        }
        return {name: value for name, value in {**sound, **changed}.items() if value is not None}

    def token(self, *, header: Mapping[str, Any] | None = None, key: Key | None = None, **changed: Any) -> str:
        """A token signed with the newest key, or another; header and claims as asked."""
        signing = key or self.keys[-1]
        told = {"alg": self.algorithm, "typ": "at+jwt", "kid": signing.kid, **(header or {})}
        told = {name: value for name, value in told.items() if value is not None}
        return jwt.encode(told, self.claims(**changed), signing, algorithms=[str(told["alg"])])

    def answer(self, path: str) -> dict[str, Any] | None:
        """What is served there, None for nothing."""
        self.asked[path] += 1
        if self.is_down:
            return None
        padding = {"padding": "x" * self.extra_bytes} if self.extra_bytes else {}
        if path == "/.well-known/openid-configuration":
            return {"issuer": self.told_issuer, "jwks_uri": f"{self.url}/keys", **padding}
        if path == "/keys":
            return {**KeySet(list(self.keys)).as_dict(private=False), **padding}
        return None


@contextmanager
def running_provider() -> Iterator[Provider]:
    """A provider that answers on a free loopback port for the time of a block."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.tell(provider.answer(self.path))

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
            sound = self.path == "/token" and form.get("client_secret") == ["secret"]
            self.tell({"access_token": provider.token(sub=form["client_id"][0])} if sound else None)

        def tell(self, told: dict[str, Any] | None) -> None:
            self.send_response(200 if told is not None else 503)
            self.end_headers()
            self.wfile.write(json.dumps(told or {}).encode())

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = Provider(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
