"""What questions about many events need from a store, in order, inside the scope and the caller's bounds.

Lives here: the protocols and what bounds a question. Elsewhere: the events themselves (``slice``), journeys
(``routes``), profiles (``similarity``), the statements (``registry.storage.bolt.network_slices`` and its kin).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from registry.access.scope import ScopeParameter
from registry.identifiers import EntityId
from registry.network.model import EVERYTHING, Within
from registry.network.ports import View
from registry.network.routes import Journey
from registry.network.similarity import Profile
from registry.network.slice import EventFacts


@dataclass(frozen=True, slots=True)
class Bounds:
    """Which events and which parts in them exist for a question: scope first, then what the caller asked for.

    Of ``within`` these are the window, the kinds of link, the only ids, and the forms and areas, of which one must be
    the event's (in whatever role; narrower ones included). Who else is left out is for the question to see to.
    """

    scope: ScopeParameter
    within: Within = EVERYTHING
    entity: EntityId | None = None

    @property
    def view(self) -> View:
        """The same for those who read links."""
        return View(self.scope, self.within)


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


class RouteStore(Protocol):
    """Where journeys are read."""

    async def journeys(self, bounds: Bounds, *, limit: int) -> Sequence[Journey]:
        """Those of at most ``limit`` events, newest recorded first, those without a date last."""

    async def journeys_of(
        self, events: Sequence[str], bounds: Bounds, *, without: Collection[str] = ()
    ) -> Sequence[Journey]:
        """Those of these events, as far as they exist, but for some people."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Events to compare with, and whether there were more than the budget."""

    events: Sequence[str]
    truncated: bool


class SimilarStore(Protocol):
    """Where candidates and profiles are read."""

    async def profiles(self, events: Sequence[str], bounds: Bounds) -> Sequence[Profile]:
        """These events, as far as they exist: all that they tell, whoever else exists."""

    async def near(
        self,
        of: Profile,
        bounds: Bounds,
        *,
        accounts: Sequence[str],
        forms: Sequence[str],
        areas: Sequence[str],
        limit: int,
    ) -> Candidates:
        """The nearest in the list, half of the limit on either side, that have one of these forms (units or narrower)
        or lie in one of these areas (or inside); without either the nearest of all. Where the bounds name events, the
        first of these. The event's own accounts, itself among them, are none of them."""
