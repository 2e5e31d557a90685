"""How paths are searched in a store: from both ends at once, two hops from either, then from the end with less to read.

Lives here: what is read, and when that is enough. Elsewhere: growing one end (``growing``), the paths in what was read
(``paths``), the question (``queries``).

After ``m`` hops from one end and ``n`` from the other every path of ``m + n`` hops at most lies in what was read: its
first ``m`` links were read from the one end, its last ``n`` from the other (a hop that the budget ended is not read
whole, and what lies beyond it may be missed). So the search ends with the k shortest paths as soon as k paths of that
length are found, and, where one end has nothing left to read, with the certainty that there are no others: the smaller
part of the graph decides how long "no path" takes. Where that is long, or a limit ended the search, it is asked once
whether the ends are known to be apart; that settles it. Between people a store may have found k paths in the first two
hops from either end (``meeting``), and nothing is searched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from registry.errors import RecordUnknown
from registry.network.evidence import with_evidence
from registry.network.expand import Expansion, Frontier
from registry.network.growing import begin_at, take_hop
from registry.network.meeting import searched
from registry.network.model import Judged, NodeKind, SkippedHub, Start
from registry.network.path_model import Limit, Paths, Searched
from registry.network.paths import Enumeration, contracted, shortest_paths
from registry.network.ports import EVENTS_AHEAD, NetworkStore, View

NEAR: Final = 2
"""Hops from either end that are read ahead."""
HOPS_BEFORE_ASKING: Final = 1
"""Hops read beyond those ahead before it is asked whether the ends are apart: most searches are over by then."""
LONGEST_TRIED: Final = 60
"""Hops up to which it is tried whether there are longer paths than those asked for."""


@dataclass(frozen=True, slots=True)
class PathQuestion:
    """Which paths are asked for: ``most`` of them, of ``longest`` hops at most, in order of time where asked."""

    source: Start
    target: Start
    most: int
    longest: int
    budget: int
    in_time: bool


@dataclass(slots=True)
class End:
    """One end of the search: what has grown around it, and the nodes whose links are to be read next."""

    expansion: Expansion
    frontier: Frontier
    records: frozenset[str]
    """The start and the records judged the same: where the other end has arrived, and reads no further."""

    @property
    def size(self) -> int:
        """How many nodes are to be read next."""
        return len(self.frontier.people) + len(self.frontier.events)

    @property
    def may_grow(self) -> bool:
        """Whether there is something to read, and room for it."""
        return self.size > 0 and not self.expansion.truncated

    @property
    def hops_whole(self) -> int:
        """Hops that were read whole: the last one was not where the budget ended it."""
        return max(0, self.expansion.distance - self.expansion.truncated)

    @property
    def saw_everything(self) -> bool:
        """Whether every link was read of everything that hangs on this end, short of the other."""
        return not self.size and not self.expansion.truncated and not self.expansion.skipped


@dataclass(slots=True)
class Search:
    """A search under way."""

    ends: tuple[End, End]
    question: PathQuestion
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)
    hubs: dict[str, SkippedHub] = field(default_factory=dict)
    """Hubs where the ends met: a path leads through none of them."""
    found: Enumeration = field(default_factory=Enumeration)
    has_longer: bool = False
    """Whether there may be paths of more hops than were asked for, once everything was read."""

    @property
    def judged(self) -> Judged:
        """Whether judgements count."""
        return self.ends[0].expansion.judged

    @property
    def whole(self) -> End | None:
        """An end that has nothing left to read."""
        return next((end for end in self.ends if end.saw_everything), None)

    @property
    def hops(self) -> int:
        """Paths of so many hops at most are looked for in what was read."""
        if self.whole is not None:
            return self.question.longest
        return min(self.question.longest, sum(end.expansion.distance for end in self.ends))

    @property
    def hops_whole(self) -> int:
        """Every path of so many hops lies in what was read."""
        if self.whole is not None:
            return self.question.longest
        return min(self.question.longest, sum(end.hops_whole for end in self.ends))

    @property
    def meets(self) -> bool:
        """Whether both ends have reached one node."""
        first, second = self.ends
        return not first.expansion.nodes.keys().isdisjoint(second.expansion.nodes.keys())

    @property
    def has_enough(self) -> bool:
        """Whether as many paths were found as were asked for."""
        return len(self.found.paths) >= self.question.most

    @property
    def is_one(self) -> bool:
        """Whether both ends are one person or event: there is no other path then."""
        return bool(self.found.paths) and len(self.found.paths[0]) == 1

    @property
    def is_settled(self) -> bool:
        """Whether enough were found, and none that is as short as the last lies in what was not read."""
        return self.is_one or (self.has_enough and len(self.found.paths[-1]) - 1 <= self.hops_whole)

    @property
    def is_done(self) -> bool:
        """Whether nothing that could still be read would change the answer."""
        return self.is_settled or not self.found.is_complete or self.hops_whole >= self.question.longest

    @property
    def cluster(self) -> Callable[[str], str]:
        """Gives the least id of a record's cluster, whichever end found it; the record's own where there are none."""
        return str if self.judged is Judged.APART else self._least

    def _least(self, record: str) -> str:
        return min(end.expansion.cluster(record) for end in self.ends)

    def links(self) -> set[tuple[str, str, str]]:
        """Everything that was read between kept nodes."""
        return {link for end in self.ends for link in end.expansion.edges}

    def _between(self, hubs: Mapping[str, SkippedHub]) -> dict[str, SkippedHub]:
        """Those that are no end: these are read whatever hangs on them."""
        endpoints = self.ends[0].records | self.ends[1].records
        return {id_: hub for id_, hub in hubs.items() if id_ not in endpoints}

    def skipped(self) -> dict[str, SkippedHub]:
        """Every hub come upon around either end, by id."""
        return self._between({**self.ends[0].expansion.skipped, **self.ends[1].expansion.skipped})

    def hubs_in_the_way(self) -> dict[str, SkippedHub]:
        """Of the hubs where the ends met those that keep out a path before the last one found; all of them where they
        may have kept out one that was asked for. Records judged the same are one node on a path: then all of them."""
        if len(self.found.paths) < self.question.most or self.judged is Judged.TOGETHER:
            return self._between(self.hubs)
        return {id_: self.hubs[id_] for id_ in self.found.hubs}

    def searched(self) -> Searched:
        """What it came to."""
        first, second = (end.expansion for end in self.ends)
        owners, kinds = {**second.nodes, **first.nodes}, dict((*second.kinds(), *first.kinds()))
        clusters = set(zip(map(self.cluster, kinds), kinds.values(), strict=True))
        return Searched(
            source=self.question.source.id,
            target=self.question.target.id,
            judged=self.judged,
            found=self.found,
            nodes={id_: (kind, owners[id_]) for id_, kind in kinds.items()},
            links=self.links(),
            cluster=self.cluster,
            skipped={**self.hubs_in_the_way(), **self.skipped()},
            counts=Counter(kind.value for _, kind in clusters),
            visited=len(first.expanded | second.expanded),
            hidden=len(first.left_out | second.left_out),
        )


@dataclass(slots=True)
class Apart:
    """Whether it is known that nothing joins the ends, asked once at most; ``ask`` None where that is never known.

    True proves that there is no path under any restriction; False says nothing.
    """

    ask: Callable[[], Awaitable[bool]] | None
    answer: bool | None = None

    async def is_known(self) -> bool:
        """What was answered, now or before."""
        if self.answer is None:
            self.answer = self.ask is not None and await self.ask()
        return self.answer


async def find_paths(
    store: NetworkStore, view: View, question: PathQuestion, are_apart: Callable[[], Awaitable[bool]] | None = None
) -> Paths:
    """The paths asked for, with their evidence. Raises `RecordUnknown`, whichever end is not there."""
    if question.source.kind is question.target.kind is NodeKind.PERSON:
        store, meeting = await store.between(
            question.source.id, question.target.id, view, enough=enough_of(view, question), budget=question.budget
        )
        if meeting is not None:
            return await with_evidence(store, view, searched(meeting, question.most), ())
    search = await _begin(store, view, question)
    apart, beyond = Apart(are_apart), 0
    while True:
        if search.meets:
            await _enumerate(store, view, search)
        able = [] if search.is_done else [end for end in search.ends if end.may_grow]
        if not able:
            break
        if beyond >= HOPS_BEFORE_ASKING and not search.meets and await apart.is_known():
            break
        end = min(able, key=turn_of)
        beyond += turn_of(end)[0] == NEAR
        await _grow(store, view, search, end)
    limits = limits_of(search)
    if limits and not search.meets and await apart.is_known():
        limits = ()
    return await with_evidence(store, view, search.searched(), limits)


def enough_of(view: View, question: PathQuestion) -> int | None:
    """Ways of two hops from either end that answer the question, whatever else there is; None where none do."""
    alone = view.within.leaves_out_events_alone and not question.in_time and question.longest >= 2 * NEAR
    return question.most if alone else None


def turn_of(end: End) -> tuple[int, int]:
    """The least grows next: what was read ahead of the search, then the end with less to read."""
    near = end.expansion.distance < NEAR and end.size <= EVENTS_AHEAD
    return end.expansion.distance if near else NEAR, end.size


async def _begin(store: NetworkStore, view: View, question: PathQuestion) -> Search:
    """Both ends before their first hop; both are looked up, whatever the first lookup finds."""
    starts = (question.source, question.target)
    owners: dict[str, str] = {}
    for kind in sorted({start.kind for start in starts}):
        ids = [start.id for start in starts if start.kind is kind]
        owners.update({f"{kind}/{id_}": owner for id_, owner in (await store.known(kind, ids, view)).items()})
    for start in starts:
        if f"{start.kind}/{start.id}" not in owners:
            raise RecordUnknown(kind=start.kind.word)
    first, second = [await _begin_end(store, view, question, start, owners) for start in starts]
    for end in (first, second):
        end.expansion.exempt = first.records | second.records
    return Search((first, second), question)


async def _begin_end(
    store: NetworkStore, view: View, question: PathQuestion, start: Start, owners: Mapping[str, str]
) -> End:
    owner = owners[f"{start.kind}/{start.id}"]
    expansion = Expansion(start, owner, budget=question.budget, judged=view.within.judged)
    expansion.exempt = frozenset((question.source.id, question.target.id))
    frontier = await begin_at(store, view, expansion)
    return End(expansion, frontier, frozenset((*frontier.people, *frontier.events)))


async def _grow(store: NetworkStore, view: View, search: Search, end: End) -> None:
    """Read one end's next hop. What both ends found counts once in the budget, what the other is around it not.

    Of the links of an end itself half the budget is kept: one with very many leaves the other room to reach it.
    """
    other = search.ends[1] if end is search.ends[0] else search.ends[0]
    budget = search.question.budget
    room = budget - len(other.expansion.nodes.keys() - end.expansion.nodes.keys())
    is_first = not end.expansion.distance and other.may_grow
    end.expansion.budget = min(room, budget - budget // 2) if is_first else room
    frontier = await take_hop(store, view, end.expansion, end.frontier)
    end.frontier = Frontier(
        [id_ for id_ in frontier.people if id_ not in other.records],
        [id_ for id_ in frontier.events if id_ not in other.records],
    )


async def _enumerate(store: NetworkStore, view: View, search: Search) -> None:
    """Look for paths in what was read so far."""
    question = search.question
    source, target = search.cluster(question.source.id), search.cluster(question.target.id)
    if source == target:
        search.found = Enumeration([(source,)])
        return
    await _judge_meeting_nodes(store, view, search)
    between = frozenset(search.hubs) if search.judged is Judged.APART else frozenset[str]()
    graph = contracted(search.links(), search.cluster, without=search.skipped().keys() | search.hubs.keys() - between)
    if source not in graph or target not in graph:
        return
    spans = await _spans(store, view, search) if question.in_time else None
    ask = partial(shortest_paths, graph, source, target, spans=spans, hubs=between)
    search.found = ask(most=question.most, longest=search.hops)
    if search.whole is not None and len(search.found.paths) < question.most:
        search.has_longer = _has_longer(ask, search.found, nodes=len(graph), beyond=search.hops)


def _has_longer(ask: Callable[..., Enumeration], found: Enumeration, *, nodes: int, beyond: int) -> bool:
    """Whether there may be paths of more hops than were asked for, in a graph that was read whole."""
    longest = min(nodes - 1, LONGEST_TRIED)
    more = ask(most=len(found.paths) + 1, longest=longest)
    none = more.is_complete and len(more.paths) == len(found.paths) and longest == nodes - 1
    return longest > beyond and not none


async def _judge_meeting_nodes(store: NetworkStore, view: View, search: Search) -> None:
    """Ask which of the nodes that both ends have just reached are hubs: that is not known otherwise."""
    first, second = (end.frontier for end in search.ends)
    for kind, ids in (
        (NodeKind.PERSON, set(first.people) & set(second.people)),
        (NodeKind.EVENT, set(first.events) & set(second.events)),
    ):
        if ids:
            hubs = await store.hubs(kind, sorted(ids), view)
            search.hubs |= {id_: view.within.hub(id_, kind) for id_ in hubs}


async def _spans(store: NetworkStore, view: View, search: Search) -> Mapping[str, Sequence[tuple[int, int]]]:
    """From when to when each event so far may have been, by cluster."""
    events = {id_ for end in search.ends for id_, kind in end.expansion.kinds() if kind is NodeKind.EVENT}
    if fresh := sorted(events - search.spans.keys()):
        search.spans |= await store.spans(fresh, view)
    spans: dict[str, list[tuple[int, int]]] = {}
    for event, span in search.spans.items():
        spans.setdefault(search.cluster(event), []).append(span)
    return spans


def limits_of(search: Search) -> tuple[Limit, ...]:
    """What kept the search from knowing all paths; nothing where it found as many as were asked for, and none that is
    as short as they are can have been missed."""
    question, whole = search.question, search.whole
    if search.is_settled:
        return ()
    if search.has_enough:
        return (Limit.BUDGET,)
    if whole is not None:
        hit = {Limit.HOPS: search.has_longer, Limit.STEPS: not search.found.is_complete}
    else:
        hit = {
            Limit.BUDGET: search.hops_whole < question.longest and any(end.expansion.truncated for end in search.ends),
            Limit.HOPS: search.hops_whole >= question.longest
            and any(end.size or end.expansion.truncated for end in search.ends),
            Limit.HUBS: bool(search.skipped() or search.hubs_in_the_way()),
            Limit.STEPS: not search.found.is_complete,
        }
    return tuple(limit for limit, met in hit.items() if met)
