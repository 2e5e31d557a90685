"""How events come together for a question about many of them: a page of the list, or what lies around a start.

Lives here: gathering, and what bounds it. Elsewhere: what is looked for in what was gathered (``pattern_queries``,
``shared_queries``), the store (``slice_ports``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from registry.access.actor import Actor
from registry.cases.ports import Codebook
from registry.classification.paging import question_fingerprint, read_cursor, write_cursor
from registry.errors import CursorForeign, check_range
from registry.identifiers import EntityId, Notation
from registry.network.clusters import Clusters
from registry.network.frame import MAX_BUDGET as MAX_AROUND
from registry.network.frame import MAX_HUB_LIMIT as MAX_HUB_AROUND
from registry.network.frame import view_of, with_ends
from registry.network.growing import MAX_CHAIN, exists, unwanted
from registry.network.model import (
    PARTICIPATION,
    EdgeKind,
    Judged,
    NodeKind,
    Piece,
    SkippedHub,
    Start,
    Window,
    Within,
)
from registry.network.ports import View
from registry.network.queries import MAX_DEPTH, ego_network
from registry.network.slice import CaseSlice, EventFacts
from registry.network.slice_ports import Bounds, Met
from registry.network.stores import Stores

MAX_BUDGET: Final = 200_000
"""Events of one question: some seconds of reading and some hundred megabytes."""
MAX_HUB_LIMIT: Final = 10_000
"""Events of a person who is still looked at."""
JOINED: Final = 20_000
"""Ids whose judgements are asked for in one request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """Which events exist for a question, beside the scope: every part that is given must hold."""

    window: Window | None = None
    entity: EntityId | None = None
    area: Notation | None = None
    """This area or one inside it, in whatever role."""
    form: Notation | None = None
    """This unit or a narrower one."""
    judged: Judged = Judged.APART
    """Whether records judged to tell of the same person or event count as one."""
    edge_kinds: tuple[EdgeKind, ...] = PARTICIPATION
    """Parts in events that there are; relations lead to events around a start alone."""
    only_people: tuple[str, ...] | None = None
    """Only these, sorted; None is everybody. The start is always there."""
    only_events: tuple[str, ...] | None = None
    avoid: tuple[str, ...] = ()
    """These people and events, sorted, are left out, the start excepted."""
    min_links: int = 1
    """People and events that take part fewer times are left out, the start excepted."""

    @property
    def within(self) -> Within:
        """The same for those who read links; but for the entity, which no link knows."""
        return Within(
            window=self.window,
            edge_kinds=self.edge_kinds,
            only_people=None if self.only_people is None else frozenset(self.only_people),
            only_events=None if self.only_events is None else frozenset(self.only_events),
            avoid=frozenset(self.avoid),
            forms=() if self.form is None else (self.form,),
            areas=() if self.area is None else (self.area,),
            min_links=self.min_links,
            judged=self.judged,
        )


@dataclass(frozen=True, slots=True)
class Around:
    """Only the events that lie within some hops of a start, through no node with more links than the guard allows."""

    start: Start
    depth: int = 4
    hub_limit: int = MAX_HUB_AROUND


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground(Extent):
    """Where a question looks: around a start, or through the list of events; in either within an extent.

    ``budget`` bounds all events that are read, those included that what was read leads to.
    """

    around: Around | None = None
    budget: int = 20_000

    @property
    def about(self) -> Sequence[str]:
        """What it lies around, if anything: who asks in vain is noted as having asked about it."""
        return () if self.around is None else (self.around.start.id,)

    @property
    def followed(self) -> Piece | None:
        """The piece around its start, if there is one: as deep as it looks, within its extent but for the entity."""
        around = self.around
        if around is None:
            return None
        return Piece(around.start, around.depth, within=replace(self.within, hub_limit=around.hub_limit))


EVERY_EVENT: Final = Extent()
EVERYWHERE: Final = Ground()


@dataclass(frozen=True, slots=True)
class EventPage:
    """A stretch of the list of events: so many, behind the cursor of the page before."""

    first: int = 5_000
    after: str | None = None


@dataclass(slots=True)
class Gathered:
    """Events that came together; ``own`` are the places of the page's: what has none of them belongs to other pages."""

    bounds: Bounds
    starts: frozenset[str] = frozenset()
    """What is never left out."""
    events: dict[str, EventFacts] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    is_whole: bool = False
    """Everything within the bounds is here."""
    truncated: bool = False
    skipped: dict[str, SkippedHub] = field(default_factory=dict)
    skipped_identifiers: int = 0
    outside: int = 0
    """Events come upon that are too little told to compare, or around the start and outside the extent."""
    left_out: set[str] = field(default_factory=set)
    """The people and events that the question's restrictions left out."""
    asked: set[str] = field(default_factory=set)
    """Those that the restrictions were asked of."""
    dropped: dict[str, EventFacts] = field(default_factory=dict)
    """The events among those left out: they count where a hub guard does."""
    next_place: str | None = None
    """Where the next page begins."""
    same: Clusters = field(default_factory=Clusters)
    """Which records count as one."""
    guarded: set[str] = field(default_factory=set)
    """The people whom the hub guard has looked at."""

    @property
    def cases(self) -> CaseSlice:
        """The events as a slice, records that count as one joined."""
        return CaseSlice.of(self.events.values()).joined(self.same)

    @property
    def read(self) -> Mapping[str, EventFacts]:
        """All events that were read, those left out among them."""
        return {**self.events, **self.dropped}

    def take(self, events: Sequence[EventFacts]) -> list[EventFacts]:
        """Add events, without what is left out; those that were not here yet."""
        gone = self.left_out
        kept = [event for event in events if event.id not in gone]
        self.dropped.update((event.id, event) for event in events if event.id in gone)
        if gone:
            kept = [event.without(gone) for event in kept]
        new = [event for event in kept if event.id not in self.events]
        self.events.update((event.id, event) for event in new)
        return new

    def join(self, pairs: Iterable[tuple[str, str]], among: Container[str]) -> None:
        """Let the records of each pair count as one, where the second is among these."""
        for one, other in pairs:
            if other in among:
                self.same.join(one, other)

    def account(
        self, *, visited: int, counts: dict[str, int], end_cursor: str | None = None, stopped: bool = False
    ) -> Account:
        """The account of an answer made from it, once so many events were read."""
        return Account(
            truncated=self.truncated or stopped,
            skipped_hubs=tuple(self.skipped[id_] for id_ in sorted(self.skipped)),
            skipped_identifiers=self.skipped_identifiers,
            hidden=self.outside + len(self.left_out),
            visited=visited,
            counts_by_type=counts,
            end_cursor=end_cursor,
            same=self.same.groups(),
        )

    def close_page(self) -> None:
        """What is here now is the page; what comes later belongs to others."""
        self.own = frozenset(event.place for event in self.events.values())


@dataclass(frozen=True, slots=True)
class Account:
    """What every answer about many events says of itself."""

    truncated: bool
    """The caller's budget, or the bound of a search, left something out."""
    skipped_hubs: tuple[SkippedHub, ...]
    skipped_identifiers: int
    """Identifiers that more events tell than the guard allows; they have no name to be listed by."""
    hidden: int
    """Records that the search came upon and the question left out."""
    visited: int
    """Events that were read."""
    counts_by_type: dict[str, int]
    """Events and people that were read; records that count as one count once."""
    end_cursor: str | None = None
    """Where to go on in the list; None at its end."""
    same: tuple[tuple[str, ...], ...] = ()
    """Records that count as one, each group by id: everywhere else in the answer its first stands for all."""

    @property
    def records(self) -> Iterator[str]:
        """The records that it names."""
        yield from (hub.id for hub in self.skipped_hubs)
        yield from (id_ for group in self.same for id_ in group)


def check_extent(actor: Actor, extent: Extent, codebook: Codebook) -> Bounds:
    """The bounds of a question by this actor.

    Raises `NotAllowed`, `ArgumentOutOfRange`, `ArgumentsConflicting`, `CodeUnknown`.
    """
    view = view_of(actor, extent.within, codebook, budget=1)
    return Bounds(view.scope, view.within, extent.entity)


def check_ground(actor: Actor, ground: Ground, codebook: Codebook) -> Bounds:
    """The bounds of a question by this actor.

    Raises `NotAllowed`, `ArgumentOutOfRange`, `ArgumentsConflicting`, `CodeUnknown`.
    """
    view = view_of(actor, ground.within, codebook, budget=ground.budget, most=MAX_BUDGET)
    if ground.around is not None:
        check_range("depth", ground.around.depth, 1, MAX_DEPTH)
        check_range("hubLimit", ground.around.hub_limit, 1, MAX_HUB_AROUND)
        view = with_ends(view, ground.around.start)
    return Bounds(view.scope, view.within, ground.entity)


def fingerprint_of(question: str, actor: Actor, *arguments: object) -> str:
    """What the cursors of a question belong to."""
    return question_fingerprint(question, (*arguments, actor.key), ())


async def gather(stores: Stores, bounds: Bounds, ground: Ground, *, actor: Actor) -> Gathered:
    """The events around the start, or the newest that the budget allows. Raises `RecordUnknown`."""
    if ground.around is not None:
        return await _around(stores, bounds, ground, ground.around, actor)
    gathered = await _page(stores, bounds, ground, place="", first=ground.budget)
    gathered.truncated = gathered.next_place is not None
    gathered.next_place = None
    return gathered


async def gather_page(
    stores: Stores, bounds: Bounds, ground: Ground, page: EventPage, *, actor: Actor, fingerprint: str
) -> Gathered:
    """A page of the list, or the events around the start. Raises `RecordUnknown`, `CursorForeign`."""
    if ground.around is not None:
        return await _around(stores, bounds, ground, ground.around, actor)
    place = "" if page.after is None else _place(page.after, fingerprint)
    return await _page(stores, bounds, ground, place=place, first=page.first)


async def _page(stores: Stores, bounds: Bounds, ground: Ground, *, place: str, first: int) -> Gathered:
    size = min(first, ground.budget)
    read = await stores.slices.scan(bounds, after=place, limit=size + 1)
    gathered = Gathered(bounds)
    new = await admit(stores, gathered, read[:size])
    gathered.close_page()
    gathered.is_whole = not place and len(read) <= size
    gathered.next_place = read[size - 1].place if len(read) > size else None
    await join_same(stores, ground, gathered, new)
    return gathered


@dataclass(frozen=True, slots=True)
class EventsAround:
    """The events that lie around a start, and what the growing network left out."""

    events: tuple[str, ...]
    truncated: bool
    skipped: tuple[SkippedHub, ...]
    left_out: frozenset[str]

    def gathered(self, bounds: Bounds, start: Start) -> Gathered:
        """What the network tells of these events, before any is read."""
        return Gathered(
            bounds,
            starts=frozenset({start.id}),
            is_whole=True,
            truncated=self.truncated,
            skipped={hub.id: hub for hub in self.skipped},
            left_out=set(self.left_out),
            asked=set(self.left_out),
        )


async def events_around(stores: Stores, ground: Ground, around: Around, actor: Actor) -> EventsAround:
    """The events within the hops. Raises `RecordUnknown`."""
    found = await ego_network(
        stores,
        actor=actor,
        start=around.start,
        depth=around.depth,
        budget=min(ground.budget, MAX_AROUND),
        within=replace(ground.within, forms=(), areas=(), hub_limit=around.hub_limit),
    )
    ids = [id_ for id_, kind in zip(found.node_ids, found.node_kinds, strict=True) if kind is NodeKind.EVENT]
    return EventsAround(tuple(ids), found.truncated, found.skipped_hubs, found.left_out)


async def _around(stores: Stores, bounds: Bounds, ground: Ground, around: Around, actor: Actor) -> Gathered:
    """Everything within the hops, and nothing beyond: it is whole by its own bounds."""
    found = await events_around(stores, ground, around, actor)
    gathered = found.gathered(bounds, around.start)
    read = await stores.slices.facts(found.events, bounds)
    gathered.outside = len(found.events) - len(read)
    new = await admit(stores, gathered, read)
    gathered.close_page()
    await join_same(stores, ground, gathered, new)
    return gathered


async def admit(stores: Stores, gathered: Gathered, events: Sequence[EventFacts]) -> list[EventFacts]:
    """Add events, and of who takes part in them whoever no restriction leaves out; those that were not here yet."""
    await leave_out(stores, gathered, NodeKind.EVENT, (event.id for event in events))
    kept = (event for event in events if event.id not in gathered.left_out)
    await leave_out(stores, gathered, NodeKind.PERSON, (part.person for event in kept for part in event.parts))
    return gathered.take(events)


async def leave_out(stores: Stores, gathered: Gathered, kind: NodeKind, ids: Iterable[str]) -> None:
    """Learn which of these people or events the question leaves out, the start excepted."""
    within = replace(gathered.bounds.within, forms=(), areas=())
    if not within.avoid and within.min_links == 1:
        return
    new = set(ids) - gathered.asked - gathered.starts
    gathered.asked |= new
    view = View(gathered.bounds.scope, within)
    gathered.left_out |= await unwanted(stores.links, view, kind, sorted(new))


async def join_same(stores: Stores, ground: Ground, gathered: Gathered, new: Sequence[EventFacts]) -> list[EventFacts]:
    """Where judgements count: learn who of new events is the same, and bring in the events judged the same as they.

    Events outside the bounds do not exist here, so none stands for others, and none joins two. Of who takes part the
    whole scope is asked.
    """
    if ground.judged is Judged.APART:
        return []
    brought: list[EventFacts] = []
    frontier = new
    for _ in range(MAX_CHAIN):
        pairs = await _judged_same(stores, gathered, NodeKind.EVENT, sorted(event.id for event in frontier))
        frontier = await _read(stores, ground, gathered, {other for _, other in pairs})
        gathered.join(pairs, gathered.events)
        brought += frontier
        if not frontier:
            break
    people = {part.person for event in (*new, *brought) for part in event.parts}
    await join_records(stores, gathered, NodeKind.PERSON, people)
    return brought


async def join_read(stores: Stores, gathered: Gathered, events: Collection[str]) -> None:
    """Join those of these events, all that were read, that are judged the same: no other event joins or names any."""
    gathered.join(await _judged_same(stores, gathered, NodeKind.EVENT, sorted(events)), events)


async def join_records(stores: Stores, gathered: Gathered, kind: NodeKind, ids: Collection[str]) -> set[str]:
    """Join these records with those judged the same, all of which it returns: a request a judgement's length."""
    seen, asked = set(ids), sorted(ids)
    for _ in range(MAX_CHAIN):
        found = await _judged_same(stores, gathered, kind, asked)
        await leave_out(stores, gathered, kind, (other for _, other in found))
        found = [pair for pair in found if _is_there(gathered, kind, pair[1])]
        asked = sorted({other for _, other in found} - seen)
        seen.update(asked)
        gathered.join(found, seen)
    return seen


def _is_there(gathered: Gathered, kind: NodeKind, id_: str) -> bool:
    """Whether a person or event exists for the question, and is not left out."""
    return id_ not in gathered.left_out and exists(gathered.bounds.view, kind, id_)


async def _judged_same(stores: Stores, gathered: Gathered, kind: NodeKind, ids: Sequence[str]) -> list[tuple[str, str]]:
    """The judgements of these records in scope, and of events in the window: each record with the other."""
    found: list[tuple[str, str]] = []
    for at in range(0, len(ids), JOINED):
        told = await stores.links.same(kind, ids[at : at + JOINED], gathered.bounds.view)
        found += [(one, other) for one, other, _ in told]
    return found


async def follow_people(
    stores: Stores,
    ground: Ground,
    gathered: Gathered,
    wanted: Callable[[Sequence[EventFacts]], Iterable[str]],
    *,
    hub_limit: int,
    rounds: int,
) -> None:
    """Bring in all events of the people who are wanted, and of those whom these make wanted, for so many rounds."""
    frontier: Sequence[EventFacts] = list(gathered.events.values())
    for _ in range(rounds):
        read = CaseSlice.of(frontier).joined(gathered.same)
        people = wanted(list(read.events.values()))
        events = await guard_people(stores, ground, gathered, people, hub_limit=hub_limit)
        frontier = await bring(stores, ground, gathered, events)


async def guard_people(
    stores: Stores, ground: Ground, gathered: Gathered, people: Iterable[str], *, hub_limit: int
) -> Sequence[str]:
    """List those of these people who are beyond the hub guard; the events of the others, unless everything is here.

    A person with more events than the hub guard is skipped, in a whole slice as well: the answer must not depend on
    how it is cut into pages.
    """
    new = gathered.same.with_members(people) - gathered.guarded
    gathered.guarded |= new
    if gathered.is_whole:
        skip_among(gathered, ground, new, hub_limit)
    if gathered.is_whole or not new:
        return ()
    met = await stores.slices.met_by_people(sorted(new), gathered.bounds, hub_limit=hub_limit)
    skip_people(gathered, met)
    return met.events


async def follow_addresses(stores: Stores, ground: Ground, gathered: Gathered, *, hub_limit: int) -> None:
    """Bring in all events that tell an address which an event of the page tells; crowded addresses are forgotten."""
    if gathered.is_whole:
        shared = CaseSlice.of(gathered.read.values()).by_address.items()
        crowded = frozenset(token for token, events in shared if len(events) > hub_limit)
    else:
        met = await stores.slices.met_by_addresses(sorted(gathered.events), gathered.bounds, hub_limit=hub_limit)
        crowded = met.crowded
        await bring(stores, ground, gathered, met.events)
    gathered.skipped_identifiers = len(crowded)
    for id_, event in gathered.events.items():
        if not crowded.isdisjoint(event.tokens):
            gathered.events[id_] = replace(event, tokens=[token for token in event.tokens if token not in crowded])


async def bring(stores: Stores, ground: Ground, gathered: Gathered, events: Sequence[str]) -> list[EventFacts]:
    """Read those of the events that are not here yet, by id until the budget is full, and those judged the same."""
    new = await _read(stores, ground, gathered, events)
    return [*new, *await join_same(stores, ground, gathered, new)]


async def _read(stores: Stores, ground: Ground, gathered: Gathered, events: Iterable[str]) -> list[EventFacts]:
    read = gathered.read
    new, room = sorted(set(events) - read.keys()), max(0, ground.budget - len(read))
    if len(new) > room:
        gathered.truncated = True
    return await admit(stores, gathered, await stores.slices.facts(new[:room], gathered.bounds)) if new else []


def skip_people(gathered: Gathered, met: Met) -> None:
    """List the people beyond the hub guard."""
    gathered.skipped.update((person, SkippedHub(person, NodeKind.PERSON, degree)) for person, degree in met.skipped)


def skip_among(gathered: Gathered, ground: Ground, people: Collection[str], hub_limit: int) -> None:
    """List those of these people who are in more of the events here than the hub guard allows; the start never."""
    degrees = Counter(person for event in gathered.read.values() for person in {part.person for part in event.parts})
    for person in set(people) - gathered.same.with_members(ground.about):
        if degrees[person] > hub_limit:
            gathered.skipped[person] = SkippedHub(person, NodeKind.PERSON, degrees[person])


def account_of(gathered: Gathered, cases: CaseSlice, fingerprint: str = "", *, stopped: bool = False) -> Account:
    """The account of an answer made from what was gathered, and that as a slice."""
    place = gathered.next_place
    people = {part.person for event in cases.events.values() for part in event.parts}
    return gathered.account(
        visited=len(gathered.read),
        counts={"Event": len(cases.events), "Person": len(people)},
        end_cursor=None if place is None else write_cursor((place,), fingerprint),
        stopped=stopped,
    )


def _place(cursor: str, fingerprint: str) -> str:
    key = read_cursor(cursor, fingerprint, "after")
    if len(key) != 1 or not isinstance(key[0], str):
        raise CursorForeign(argument="after")
    return key[0]
