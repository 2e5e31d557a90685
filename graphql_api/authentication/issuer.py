"""The identity provider's signing keys: discovered, fetched, remembered, and fetched anew when it rotates them.

Guarantees: only the configured issuer is asked, over HTTPS or on loopback, without following redirects, within 5 s and
256 KiB; a token with an unknown key id makes us ask at most once in `FLOOR` seconds, however many such tokens come;
while the provider is away, keys fetched earlier serve for `LONGEST` seconds more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from graphql_api.authentication.local import is_loopback
from registry.errors import IssuerUnavailable, SettingInvalid

FLOOR: Final = 30.0
"""Seconds between two fetches at least: a flood of made-up key ids must not become a flood on the provider."""
FRESH: Final = 3600.0
"""Seconds after which keys are fetched anew even if none is missing, so that a withdrawn key stops counting."""
LONGEST: Final = 24 * 3600.0
"""Seconds that keys serve while the provider does not answer."""
MOST_BYTES: Final = 256 * 1024
SECONDS: Final = 5.0


class Issuer:
    """One provider. ``monotonic`` is seconds on a clock that never goes back."""

    def __init__(self, url: str, *, monotonic: Callable[[], float]) -> None:
        require_safe(url, setting="ICTIP_OIDC_ISSUER")
        self.url = url
        self._monotonic = monotonic
        self._keys = KeySet([])
        self._fetched_at: float | None = None
        self._tried_at: float | None = None
        self._turn = asyncio.Lock()

    async def keys(self, key_id: str | None) -> KeySet:
        """The provider's keys, fetched anew where this key id is not among them; raises `IssuerUnavailable`."""
        if not self._needs_fetch(key_id):
            return self._keys
        async with self._turn:
            if self._needs_fetch(key_id) and not self._tried_lately():
                await self._refresh()
        if self._age() > LONGEST:
            raise IssuerUnavailable(reason="no keys yet")
        return self._keys

    def _needs_fetch(self, key_id: str | None) -> bool:
        missing = key_id is not None and all(key.kid != key_id for key in self._keys.keys)
        return missing or self._age() > FRESH

    def _tried_lately(self) -> bool:
        return self._tried_at is not None and self._monotonic() - self._tried_at < FLOOR

    def _age(self) -> float:
        return float("inf") if self._fetched_at is None else self._monotonic() - self._fetched_at

    async def _refresh(self) -> None:
        """Fetch the keys; a failure is only told when there are no keys that may still serve."""
        self._tried_at = self._monotonic()
        try:
            async with httpx.AsyncClient(timeout=SECONDS, follow_redirects=False, trust_env=False) as client:
                found = await self._discover(client)
                self._keys = signing_keys(await fetch(client, found))
            self._fetched_at = self._monotonic()
        except (httpx.HTTPError, JoseError, ValueError, KeyError, TypeError) as raised:
            reason = type(raised).__name__
            if self._age() > LONGEST:
                raise IssuerUnavailable(reason=reason) from None

    async def _discover(self, client: httpx.AsyncClient) -> str:
        """Where the keys are, as the provider's own discovery document says (OpenID Connect Discovery 1.0, 4.2)."""
        told = await fetch(client, self.url.rstrip("/") + "/.well-known/openid-configuration")
        if told["issuer"] != self.url:
            raise ValueError("the document is another issuer's")
        address: str = told["jwks_uri"]
        require_safe(address, setting="jwks_uri")
        return address


def require_safe(url: str, *, setting: str) -> None:
    """Return for an address over HTTPS or on loopback; raise `SettingInvalid` otherwise."""
    parts = urlsplit(url)
    safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
    if not safe or parts.username or parts.query or parts.fragment:
        raise SettingInvalid(setting=setting, reason="it must be an https address without user, query or fragment")


def signing_keys(told: dict[str, Any]) -> KeySet:
    """The public signing keys of a JWK set: symmetric keys and keys for encryption are left out."""
    kept = [key for key in told["keys"] if key.get("kty") in {"RSA", "EC", "OKP"} and key.get("use", "sig") == "sig"]
    return KeySet.import_key_set({"keys": [{**key, "key_ops": ["verify"]} for key in kept if "d" not in key]})


async def fetch(client: httpx.AsyncClient, address: str) -> dict[str, Any]:
    """The JSON object at that address; raises `httpx.HTTPError` or `ValueError`."""
    async with client.stream("GET", address, headers={"accept": "application/json"}) as response:
        if response.status_code != 200:
            raise ValueError("no 200")
        body = b""
        async for part in response.aiter_bytes():
            body += part
            if len(body) > MOST_BYTES:
                raise ValueError("too large")
    told = httpx.Response(200, content=body).json()
    if not isinstance(told, dict):
        raise ValueError("no object")
    return told
