"""How events come together for a question about many of them: a page of the list, or what lies around a start.

Lives here: gathering, and what bounds it. Elsewhere: what is looked for in what was gathered (``pattern_queries``,
``shared_queries``), the store (``slice_ports``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from registry.access.actor import Actor, Right
from registry.access.policy import require
from registry.access.scope import scope_parameter
from registry.cases.codes import check_codes
from registry.cases.ports import Codebook
from registry.classification.paging import question_fingerprint, read_cursor, write_cursor
from registry.errors import ArgumentsConflicting, CursorForeign, check_range
from registry.identifiers import EntityId, Notation
from registry.network.frame import MAX_BUDGET as MAX_AROUND
from registry.network.frame import MAX_HUB_LIMIT as MAX_HUB_AROUND
from registry.network.model import NodeKind, SkippedHub, Start, Window, Within
from registry.network.queries import ego_network
from registry.network.slice import CaseSlice, EventFacts
from registry.network.slice_ports import Bounds, Met
from registry.network.stores import Stores

MAX_BUDGET: Final = 200_000
"""Events of one question: some seconds of reading and some hundred megabytes."""
MAX_HUB_LIMIT: Final = 10_000
"""Events of a person who is still looked at."""
MAX_MOST: Final = 1_000
"""Rows of one answer."""


@dataclass(frozen=True, slots=True)
class Around:
    """Only the events that lie within some hops of a start."""

    start: Start
    depth: int = 4


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a question looks: around a start, or through the list of events, page by page; in either within bounds.

    ``first`` events of the list are a page; ``after`` is the cursor of the page before. ``budget`` bounds all events
    that are read, those included that a page's people lead to.
    """

    around: Around | None = None
    window: Window | None = None
    entity: EntityId | None = None
    area: Notation | None = None
    form: Notation | None = None
    first: int = 5_000
    after: str | None = None
    budget: int = 20_000
    hub_limit: int = 1_000


EVERYWHERE: Final = Ground()


@dataclass(slots=True)
class Gathered:
    """Events that came together; ``own`` are those of the page: what they take no part in belongs to other pages."""

    events: dict[str, EventFacts] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    is_whole: bool = False
    """Everything within the bounds is here."""
    truncated: bool = False
    skipped: dict[str, SkippedHub] = field(default_factory=dict)
    skipped_identifiers: int = 0
    next_place: str | None = None
    """Where the next page begins."""

    @property
    def cases(self) -> CaseSlice:
        """The events as a slice."""
        return CaseSlice.of(self.events.values())

    def take(self, events: Iterable[EventFacts]) -> list[EventFacts]:
        """Add events; those that were not here yet."""
        new = [event for event in events if event.id not in self.events]
        self.events.update((event.id, event) for event in new)
        return new


@dataclass(frozen=True, slots=True)
class Account:
    """What every answer about many events says of itself."""

    truncated: bool
    """The caller's budget, or the bound of a search, left something out."""
    skipped_hubs: tuple[SkippedHub, ...]
    skipped_identifiers: int
    """Identifiers that more events tell than the guard allows; they have no name to be listed by."""
    hidden: int
    visited: int
    """Events that were read."""
    counts_by_type: dict[str, int]
    end_cursor: str | None
    """Where to go on; None at the end of the list."""


def check_ground(actor: Actor, ground: Ground, codebook: Codebook) -> Bounds:
    """The bounds of a question by this actor.

    Raises `NotAllowed`, `ArgumentOutOfRange`, `ArgumentsConflicting`, `CodeUnknown`.
    """
    require(actor, Right.EXPLORE_NETWORK)
    require(actor, Right.READ_IDENTIFIED)
    check_range("budget", ground.budget, 1, MAX_BUDGET)
    check_range("first", ground.first, 1, MAX_BUDGET)
    check_range("hubLimit", ground.hub_limit, 1, MAX_HUB_LIMIT)
    window = ground.window
    if window is not None and window.since > window.until:
        raise ArgumentsConflicting(arguments="validDuring", rule="it must not end before it begins")
    if ground.around is not None and ground.after is not None:
        raise ArgumentsConflicting(arguments="start, after", rule="what lies around a start has no pages")
    check_codes(
        codebook,
        forms=() if ground.form is None else (ground.form,),
        areas=() if ground.area is None else (ground.area,),
    )
    return Bounds(scope_parameter(actor.scope), window, ground.entity, ground.area, ground.form)


def fingerprint_of(question: str, actor: Actor, ground: Ground, *others: object) -> str:
    """What the cursors of a question belong to."""
    bounds = (ground.window, ground.entity, ground.area, ground.form, ground.hub_limit)
    return question_fingerprint(question, (*bounds, *others, actor.key), ())


async def gather(stores: Stores, bounds: Bounds, ground: Ground, *, actor: Actor, fingerprint: str) -> Gathered:
    """The page of events, or the events around the start. Raises `RecordUnknown`, `CursorForeign`."""
    if ground.around is not None:
        return await _around(stores, bounds, ground, ground.around, actor)
    after = "" if ground.after is None else _place(ground.after, fingerprint)
    page = min(ground.first, ground.budget)
    read = await stores.slices.scan(bounds, after=after, limit=page + 1)
    gathered = Gathered()
    gathered.take(read[:page])
    gathered.own = frozenset(gathered.events)
    gathered.is_whole = ground.after is None and len(read) <= page
    gathered.next_place = read[page - 1].place if len(read) > page else None
    return gathered


@dataclass(frozen=True, slots=True)
class EventsAround:
    """The events that lie around a start, and what the growing network left out."""

    events: tuple[str, ...]
    truncated: bool
    skipped: tuple[SkippedHub, ...]


async def events_around(stores: Stores, ground: Ground, around: Around, actor: Actor) -> EventsAround:
    """The events within the hops. Raises `RecordUnknown`, `ArgumentOutOfRange`."""
    found = await ego_network(
        stores,
        actor=actor,
        start=around.start,
        depth=around.depth,
        budget=min(ground.budget, MAX_AROUND),
        within=Within(window=ground.window, hub_limit=min(ground.hub_limit, MAX_HUB_AROUND)),
    )
    ids = [id_ for id_, kind in zip(found.node_ids, found.node_kinds, strict=True) if kind is NodeKind.EVENT]
    return EventsAround(tuple(ids), found.truncated, found.skipped_hubs)


async def _around(stores: Stores, bounds: Bounds, ground: Ground, around: Around, actor: Actor) -> Gathered:
    """Everything within the hops, and nothing beyond: it is whole by its own bounds."""
    found = await events_around(stores, ground, around, actor)
    gathered = Gathered(is_whole=True, truncated=found.truncated)
    gathered.skipped = {hub.id: hub for hub in found.skipped}
    gathered.take(await stores.slices.facts(found.events, bounds))
    gathered.own = frozenset(gathered.events)
    return gathered


async def follow_people(
    stores: Stores,
    bounds: Bounds,
    ground: Ground,
    gathered: Gathered,
    wanted: Callable[[Sequence[EventFacts]], Iterable[str]],
    *,
    rounds: int,
) -> None:
    """Bring in all events of the people who are wanted, and of those whom these make wanted, for so many rounds.

    A person with more events than the hub guard is skipped, in a whole slice as well: the answer must not depend on
    how it is cut into pages.
    """
    asked: set[str] = set()
    frontier: Sequence[EventFacts] = list(gathered.events.values())
    for _ in range(rounds):
        people = sorted(set(wanted(frontier)) - asked)
        asked.update(people)
        if gathered.is_whole:
            _skip_in(gathered, people, ground.hub_limit)
            return
        if not people:
            return
        met = await stores.slices.met_by_people(people, bounds, hub_limit=ground.hub_limit)
        skip_people(gathered, met)
        frontier = await bring(stores, bounds, ground, gathered, met.events)


async def follow_addresses(stores: Stores, bounds: Bounds, ground: Ground, gathered: Gathered) -> None:
    """Bring in all events that tell an address which an event of the page tells; crowded addresses are forgotten."""
    if gathered.is_whole:
        shared = gathered.cases.by_address.items()
        crowded = frozenset(token for token, events in shared if len(events) > ground.hub_limit)
    else:
        met = await stores.slices.met_by_addresses(sorted(gathered.own), bounds, hub_limit=ground.hub_limit)
        crowded = met.crowded
        await bring(stores, bounds, ground, gathered, met.events)
    gathered.skipped_identifiers = len(crowded)
    for id_, event in gathered.events.items():
        if not crowded.isdisjoint(event.tokens):
            gathered.events[id_] = replace(event, tokens=[token for token in event.tokens if token not in crowded])


async def bring(
    stores: Stores, bounds: Bounds, ground: Ground, gathered: Gathered, events: Sequence[str]
) -> list[EventFacts]:
    """Read those of the events that are not here yet, by id until the budget is full."""
    new = [event for event in events if event not in gathered.events]
    room = max(0, ground.budget - len(gathered.events))
    if len(new) > room:
        gathered.truncated = True
    return gathered.take(await stores.slices.facts(new[:room], bounds))


def skip_people(gathered: Gathered, met: Met) -> None:
    """List the people beyond the hub guard."""
    gathered.skipped.update((person, SkippedHub(person, NodeKind.PERSON, degree)) for person, degree in met.skipped)


def _skip_in(gathered: Gathered, people: Sequence[str], hub_limit: int) -> None:
    cases = gathered.cases
    for person in people:
        events = {event.id for found in (cases.perpetrated, cases.suffered) for event in found.get(person, ())}
        if len(events) > hub_limit:
            gathered.skipped[person] = SkippedHub(person, NodeKind.PERSON, len(events))


def account_of(gathered: Gathered, fingerprint: str = "", *, stopped: bool = False) -> Account:
    """The account of an answer made from what was gathered."""
    people = {part.person for event in gathered.events.values() for part in event.parts}
    place = gathered.next_place
    return Account(
        truncated=gathered.truncated or stopped,
        skipped_hubs=tuple(gathered.skipped[id_] for id_ in sorted(gathered.skipped)),
        skipped_identifiers=gathered.skipped_identifiers,
        hidden=0,
        visited=len(gathered.events),
        counts_by_type={"Event": len(gathered.events), "Person": len(people)},
        end_cursor=None if place is None else write_cursor((place,), fingerprint),
    )


def _place(cursor: str, fingerprint: str) -> str:
    key = read_cursor(cursor, fingerprint, "after")
    if len(key) != 1 or not isinstance(key[0], str):
        raise CursorForeign(argument="after")
    return key[0]
