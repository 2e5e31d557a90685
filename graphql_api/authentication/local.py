"""Local mode: whoever reaches loopback is one named user. Only where no authentication is configured."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final

from registry.access.actor import STRANGER, Actor, local_user
from registry.access.ports import AccessStore
from registry.errors import AddressNotLoopback

PASSED_ON: Final = frozenset({b"forwarded", b"x-forwarded-for", b"x-real-ip", b"via"})
"""Headers by which a proxy on this machine says that somebody else asks: its own address is loopback."""


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches that address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def require_loopback(host: str) -> None:
    """Return when serving there is safe without authentication; raise `AddressNotLoopback` otherwise."""
    if not is_loopback(host):
        raise AddressNotLoopback(host=host)


@dataclass(frozen=True, slots=True)
class Caller:
    """An actor, and the key of what they may read of the registry, worked out once.

    The registry's answers depend on rights alone, so everybody with the same rights shares them.
    """

    actor: Actor
    key: str

    @classmethod
    def of(cls, actor: Actor) -> Caller:
        """The caller who acts as this actor."""
        return cls(actor, "+".join(sorted(actor.rights)))


class LocalMode:
    """Whoever comes over loopback, through no proxy, acts as the one local user; anybody else is a stranger."""

    def __init__(self, user: Actor | None = None) -> None:
        user = user or local_user()
        self._user = Caller.of(user)
        self._stranger = Caller.of(STRANGER)
        self._believed = {"127.0.0.1": self._user, "::1": self._user}

    def remembered(self, client: tuple[str, int] | None, headers: Mapping[bytes, bytes]) -> Caller:
        """Who is behind a connection, by its address; what a proxy passes on is a stranger's, whatever it says."""
        if client is None or not PASSED_ON.isdisjoint(headers):
            return self._stranger
        believed = self._believed.get(client[0])
        if believed is not None:
            return believed
        return self._user if is_loopback(client[0]) else self._stranger

    async def believe(self, client: tuple[str, int] | None, headers: Mapping[bytes, bytes]) -> Caller:
        """The same: there is nothing to ask."""
        return self.remembered(client, headers)

    @asynccontextmanager
    async def opened(self, store: AccessStore) -> AsyncIterator[None]:
        """Nothing to follow: the one user's rights do not change."""
        yield
