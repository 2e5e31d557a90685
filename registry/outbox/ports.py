"""What the outbox needs from outside: where happenings are kept.

Lives here: the protocol. Elsewhere: how a store keeps them (``registry.storage.bolt.outbox``), which also says how a
transaction writes one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from registry.outbox.model import Happening, Place


class Outbox(Protocol):
    """Keeps what happened, each kind in the order of its places."""

    async def ends(self, kinds: Sequence[str]) -> Mapping[str, Place]:
        """The place of the last happening of each kind; a kind of which nothing happened is left out."""

    async def after(self, places: Mapping[str, Place], *, most: int) -> Sequence[Happening]:
        """What happened after these places, kind by kind in rising order, at most so many together.

        One round trip, whatever the number of kinds.
        """
