"""What networks need from a store: the links of some nodes, in columns, inside the scope and below the hub guard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from registry.access.scope import ScopeParameter
from registry.network.model import EdgeKind, NodeKind, Start, Window


@dataclass(frozen=True, slots=True)
class View:
    """What counts as a link for one question: scope first, then kinds and window. Nothing else exists for it."""

    scope: ScopeParameter
    edge_kinds: tuple[EdgeKind, ...]
    window: Window | None = None
    hub_limit: int = 100


@dataclass(frozen=True, slots=True)
class Links:
    """The participations of the nodes asked for: in each column an entry a node, in the last two a list of links.

    ``far`` and ``kinds`` run in step. A node with more links than the hub guard (the start excepted) has its true
    number of links in ``degrees`` and empty lists. A node without links does not appear. Both ends of a participation
    belong to one reporting entity.
    """

    near: Sequence[str]
    degrees: Sequence[int]
    far: Sequence[Sequence[str]]
    kinds: Sequence[Sequence[str]]


NO_LINKS = Links((), (), (), ())

Relations = Sequence[tuple[str, str, bool]]
"""RELATED_TO links: the person asked for, the other, and whether the relation runs from the first to the second.
Each once from either end that was asked for; people of one event belong to one reporting entity."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """The start and what one round trip could tell of the first hops.

    A record as start has its links in ``first``, and in ``second`` those of its neighbours, which is None where it was
    not asked for or ``first`` alone fills the budget. A hub as start has its first events by id in ``events`` with
    the entities they belong to, and in ``found`` how many there are.
    """

    entity: str | None
    first: Links = NO_LINKS
    second: Links | None = None
    events: Sequence[str] = ()
    owners: Sequence[str] = ()
    found: int = 0


class NetworkStore(Protocol):
    """Where links are read."""

    async def begin(self, start: Start, view: View, *, budget: int, two_hops: bool) -> Beginning | None:
        """The start's own links, and with ``two_hops`` those of its neighbours; None when there is no such start."""

    async def neighbours(self, kind: NodeKind, ids: Sequence[str], view: View) -> Links:
        """The participations of nodes of one kind, people or events."""

    async def relations(self, people: Sequence[str], view: View) -> Relations:
        """The person-to-person relations of people, told by events in view."""
