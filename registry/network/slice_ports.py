"""What questions about many events need from a store: whole events, in order, inside the scope and the caller's bounds.

Lives here: the protocol and what bounds a question. Elsewhere: the events themselves (``slice``), the statements
(``registry.storage.bolt.network_slices``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from registry.access.scope import ScopeParameter
from registry.identifiers import EntityId, Notation
from registry.network.model import Window
from registry.network.slice import EventFacts


@dataclass(frozen=True, slots=True)
class Bounds:
    """Which events exist for a question: scope first, then what the caller asked for; every given part must hold."""

    scope: ScopeParameter
    window: Window | None = None
    entity: EntityId | None = None
    area: Notation | None = None
    """This area or one inside it, in whatever role."""
    form: Notation | None = None
    """This unit or a narrower one."""


@dataclass(frozen=True, slots=True)
class Met:
    """The events that some people, or some identifiers, lead to; and what has too many to be followed.

    ``skipped`` holds people with their number of events beyond the hub guard, ``crowded`` the tokens of identifiers
    beyond it, which are never told.
    """

    events: Sequence[str] = ()
    skipped: Sequence[tuple[str, int]] = ()
    crowded: frozenset[str] = frozenset()


class SliceStore(Protocol):
    """Where events are read."""

    async def scan(self, bounds: Bounds, *, after: str, limit: int) -> Sequence[EventFacts]:
        """At most ``limit`` events behind a place, newest recorded first, those without a date last."""

    async def facts(self, events: Sequence[str], bounds: Bounds) -> Sequence[EventFacts]:
        """These events, as far as they exist."""

    async def met_by_people(self, people: Sequence[str], bounds: Bounds, *, hub_limit: int) -> Met:
        """The events of these people."""

    async def met_by_identifiers(self, people: Sequence[str], bounds: Bounds, *, hub_limit: int) -> Met:
        """The events that tell of somebody an identifier which is told of one of these people."""

    async def met_by_addresses(self, events: Sequence[str], bounds: Bounds, *, hub_limit: int) -> Met:
        """The events that tell an address which one of these events tells."""
