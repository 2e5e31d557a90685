"""What networks need from a store: the links of some nodes, in columns, inside the scope and below the hub guard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from registry.cases.ports import Entities
from registry.network.model import EdgeKind, NodeKind, Start, Window


@dataclass(frozen=True, slots=True)
class View:
    """What counts as a link for one question: scope first, then kinds and window. Nothing else exists for it."""

    entities: Entities
    edge_kinds: tuple[EdgeKind, ...]
    window: Window | None = None
    hub_limit: int = 100


@dataclass(frozen=True, slots=True)
class Links:
    """The links of the nodes asked for, one entry a link in every column.

    ``near`` is the node asked for, ``far`` the other end. A node with more links than the hub guard has no link here
    and its true number of links in ``hub_degrees``.
    """

    near: Sequence[str]
    kinds: Sequence[str]
    far: Sequence[str]
    far_kinds: Sequence[NodeKind] | NodeKind
    """One for all, or one a link."""
    far_entities: Sequence[str]
    hub_degrees: Sequence[tuple[str, int]] = ()


@dataclass(frozen=True, slots=True)
class Beginning:
    """The start and what one round trip could tell of the first hops.

    ``degree`` is the start's true number of links; ``first`` holds those to its first ``budget`` neighbours by id, the
    hub guard set aside. ``found`` counts the distinct neighbours. ``second`` holds the links of those neighbours, or is
    None where it was not asked for, or the first hop alone fills the budget.
    """

    entity: str | None
    degree: int
    found: int
    first: Links
    second: Links | None


class NetworkStore(Protocol):
    """Where links are read."""

    async def begin(self, start: Start, view: View, *, budget: int, two_hops: bool) -> Beginning | None:
        """The start's own links, and with ``two_hops`` those of its neighbours; None when there is no such start."""

    async def neighbours(self, kind: NodeKind, ids: Sequence[str], view: View) -> Links:
        """The links of nodes of one kind."""
