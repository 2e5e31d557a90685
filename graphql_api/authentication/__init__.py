"""How a door comes to believe who asks.

::

    local.py      local mode: whoever reaches loopback is one named user; nothing else is configured
    tokens.py     access tokens of one OpenID provider: what makes one believable
    issuer.py     the provider's keys: fetched, remembered, fetched anew when it rotates them
    claims.py     what a token's claims say of an account
    allowances.py how much work each caller may cause
    beliefs.py    tokens and API keys together, remembered until something changes

Lives here: belief. Elsewhere: what an actor may do (``registry.access.policy``).
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from graphql_api.authentication.local import Caller, LocalMode, is_loopback, require_loopback
from registry.access.ports import AccessStore

__all__ = ["Authentication", "Caller", "LocalMode", "is_loopback", "require_loopback"]

Client = tuple[str, int] | None
Headers = Mapping[bytes, bytes]


class Authentication(Protocol):
    """Tells who is behind a request."""

    def remembered(self, client: Client, headers: Headers) -> Caller | None:
        """Who asks, where no store and no provider need be asked; else None. Raises as `believe` does."""

    async def believe(self, client: Client, headers: Headers) -> Caller:
        """Who asks; raises `CredentialsRefused`, `IssuerUnavailable`, `AccessStale`, `StoreUnavailable`."""

    def opened(self, store: AccessStore) -> AbstractAsyncContextManager[None]:
        """Follow the store's keys and grants for the time of a block."""
