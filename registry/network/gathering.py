"""How events come together for a question about many of them: a page of the list, or what lies around a start.

Lives here: gathering, and what bounds it. Elsewhere: what is looked for in what was gathered (``pattern_queries``,
``shared_queries``), the store (``slice_ports``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Sequence
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
from registry.network.clusters import Clusters
from registry.network.frame import MAX_BUDGET as MAX_AROUND
from registry.network.frame import MAX_HUB_LIMIT as MAX_HUB_AROUND
from registry.network.growing import MAX_CHAIN
from registry.network.model import Judged, NodeKind, Piece, SkippedHub, Start, Window, Within
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
        within = Within(
            window=self.window,
            forms=() if self.form is None else (self.form,),
            areas=() if self.area is None else (self.area,),
            hub_limit=around.hub_limit,
            judged=self.judged,
        )
        return Piece(around.start, around.depth, within=within)


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
    events: dict[str, EventFacts] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    is_whole: bool = False
    """Everything within the bounds is here."""
    truncated: bool = False
    skipped: dict[str, SkippedHub] = field(default_factory=dict)
    skipped_identifiers: int = 0
    hidden: int = 0
    """Events around the start that the extent leaves out."""
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

    def take(self, events: Iterable[EventFacts]) -> list[EventFacts]:
        """Add events; those that were not here yet."""
        new = [event for event in events if event.id not in self.events]
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
            hidden=self.hidden,
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
    """The bounds of a question by this actor. Raises `NotAllowed`, `ArgumentsConflicting`, `CodeUnknown`."""
    require(actor, Right.EXPLORE_NETWORK)
    require(actor, Right.READ_IDENTIFIED)
    window = extent.window
    if window is not None and window.since > window.until:
        raise ArgumentsConflicting(arguments="validDuring", rule="it must not end before it begins")
    check_codes(
        codebook,
        forms=() if extent.form is None else (extent.form,),
        areas=() if extent.area is None else (extent.area,),
    )
    return Bounds(scope_parameter(actor.scope), window, extent.entity, extent.area, extent.form)


def check_ground(actor: Actor, ground: Ground, codebook: Codebook) -> Bounds:
    """The bounds of a question by this actor.

    Raises `NotAllowed`, `ArgumentOutOfRange`, `ArgumentsConflicting`, `CodeUnknown`.
    """
    bounds = check_extent(actor, ground, codebook)
    check_range("budget", ground.budget, 1, MAX_BUDGET)
    if ground.around is not None:
        check_range("depth", ground.around.depth, 1, MAX_DEPTH)
        check_range("hubLimit", ground.around.hub_limit, 1, MAX_HUB_AROUND)
    return bounds


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
    new = gathered.take(read[:size])
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


async def events_around(stores: Stores, ground: Ground, around: Around, actor: Actor) -> EventsAround:
    """The events within the hops. Raises `RecordUnknown`."""
    found = await ego_network(
        stores,
        actor=actor,
        start=around.start,
        depth=around.depth,
        budget=min(ground.budget, MAX_AROUND),
        within=Within(window=ground.window, hub_limit=around.hub_limit, judged=ground.judged),
    )
    ids = [id_ for id_, kind in zip(found.node_ids, found.node_kinds, strict=True) if kind is NodeKind.EVENT]
    return EventsAround(tuple(ids), found.truncated, found.skipped_hubs)


async def _around(stores: Stores, bounds: Bounds, ground: Ground, around: Around, actor: Actor) -> Gathered:
    """Everything within the hops, and nothing beyond: it is whole by its own bounds."""
    found = await events_around(stores, ground, around, actor)
    gathered = Gathered(bounds, is_whole=True, truncated=found.truncated)
    gathered.skipped = {hub.id: hub for hub in found.skipped}
    new = gathered.take(await stores.slices.facts(found.events, bounds))
    gathered.hidden = len(found.events) - len(new)
    gathered.close_page()
    await join_same(stores, ground, gathered, new)
    return gathered


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
        frontier = await _read(stores, ground, gathered, sorted({other for _, other in pairs} - gathered.events.keys()))
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
        asked = sorted({other for _, other in found} - seen)
        seen.update(asked)
        gathered.join(found, seen)
    return seen


async def _judged_same(stores: Stores, gathered: Gathered, kind: NodeKind, ids: Sequence[str]) -> list[tuple[str, str]]:
    """The judgements of these records in scope, and of events in the window: each record with the other."""
    view = View(gathered.bounds.scope, Within(window=gathered.bounds.window, judged=Judged.TOGETHER))
    found: list[tuple[str, str]] = []
    for at in range(0, len(ids), JOINED):
        told = await stores.links.same(kind, ids[at : at + JOINED], view)
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
        shared = CaseSlice.of(gathered.events.values()).by_address.items()
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
    new = await _read(stores, ground, gathered, [event for event in events if event not in gathered.events])
    return [*new, *await join_same(stores, ground, gathered, new)]


async def _read(stores: Stores, ground: Ground, gathered: Gathered, events: Sequence[str]) -> list[EventFacts]:
    room = max(0, ground.budget - len(gathered.events))
    if len(events) > room:
        gathered.truncated = True
    return gathered.take(await stores.slices.facts(events[:room], gathered.bounds)) if events else []


def skip_people(gathered: Gathered, met: Met) -> None:
    """List the people beyond the hub guard."""
    gathered.skipped.update((person, SkippedHub(person, NodeKind.PERSON, degree)) for person, degree in met.skipped)


def skip_among(gathered: Gathered, ground: Ground, people: Collection[str], hub_limit: int) -> None:
    """List those of these people who are in more of the events here than the hub guard allows; the start never."""
    degrees = Counter(person for event in gathered.events.values() for person in {part.person for part in event.parts})
    for person in set(people) - gathered.same.with_members(ground.about):
        if degrees[person] > hub_limit:
            gathered.skipped[person] = SkippedHub(person, NodeKind.PERSON, degrees[person])


def account_of(gathered: Gathered, cases: CaseSlice, fingerprint: str = "", *, stopped: bool = False) -> Account:
    """The account of an answer made from what was gathered, and that as a slice."""
    place = gathered.next_place
    people = {part.person for event in cases.events.values() for part in event.parts}
    return gathered.account(
        visited=len(gathered.events),
        counts={"Event": len(cases.events), "Person": len(people)},
        end_cursor=None if place is None else write_cursor((place,), fingerprint),
        stopped=stopped,
    )


def _place(cursor: str, fingerprint: str) -> str:
    key = read_cursor(cursor, fingerprint, "after")
    if len(key) != 1 or not isinstance(key[0], str):
        raise CursorForeign(argument="after")
    return key[0]
