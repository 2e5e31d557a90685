"""How a door comes to believe who asks. In this release: local mode, where loopback is one named user.

Lives here: the belief. Elsewhere: what an actor may do (``registry.access.policy``).
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address

from registry.access.actor import STRANGER, Actor, local_user
from registry.errors import AddressNotLoopback


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
    """An actor, and the key of what they may read, worked out once."""

    actor: Actor
    key: str


class LocalMode:
    """Whoever comes over loopback acts as the one local user; anybody else is a stranger."""

    def __init__(self, user: Actor | None = None) -> None:
        user = user or local_user()
        self._user = Caller(user, user.key)
        self._stranger = Caller(STRANGER, STRANGER.key)
        self._believed = {"127.0.0.1": self._user, "::1": self._user}

    def caller(self, client: tuple[str, int] | None) -> Caller:
        """Who is behind a connection, by its address alone: no header is asked."""
        if client is None:
            return self._stranger
        believed = self._believed.get(client[0])
        if believed is not None:
            return believed
        return self._user if is_loopback(client[0]) else self._stranger
