"""What networks need from a store: the links of some nodes, in columns, inside the scope and below the hub guard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final, Protocol

from registry.access.audit import AuditRow
from registry.access.scope import ScopeParameter
from registry.network.judgements import Judgement, Pair
from registry.network.meeting import Meeting
from registry.network.model import EdgeKind, NodeKind, Start, Within
from registry.network.path_model import Evidence


@dataclass(frozen=True, slots=True)
class View:
    """What counts as a link for one question: scope first, then what the caller asked. Nothing else exists for it."""

    scope: ScopeParameter
    within: Within
    counts_hubs: bool = True
    """Whether the links of a hub are counted, as far as `LINKS_COUNTED`, or no further than to see that it is one."""


UNBOUNDED: Final = 2**31 - 1
"""As a number of links: all of them."""


@dataclass(frozen=True, slots=True)
class Links:
    """The participations of the nodes asked for: in each column an entry a node; the other ends by kind in two.

    A node with more links than the hub guard (the start excepted) has empty lists, and in ``degrees`` its number of
    links, read no further than ``most``: one more than the guard where the view counts no hubs. A node without links
    does not appear. Both ends of a participation belong to one reporting entity.
    """

    near: Sequence[str]
    degrees: Sequence[int]
    victim_in: Sequence[Sequence[str]]
    perpetrator_in: Sequence[Sequence[str]]
    most: int = UNBOUNDED

    def by_kind(self) -> tuple[tuple[str, Sequence[Sequence[str]]], ...]:
        """Either kind of participation with its column."""
        return (EdgeKind.VICTIM_IN.value, self.victim_in), (EdgeKind.PERPETRATOR_IN.value, self.perpetrator_in)

    def each(self) -> Iterator[tuple[str, str, str]]:
        """Every participation that is told: the node asked for, the other end, the kind."""
        return (
            (near, end, word)
            for word, column in self.by_kind()
            for near, ends in zip(self.near, column, strict=True)
            for end in ends
        )


NO_LINKS = Links((), (), (), ())

Relations = Sequence[tuple[str, str, bool]]
"""RELATED_TO links: the person asked for, the other, and whether the relation runs from the first to the second.
Each once from either end that was asked for; people of one event belong to one reporting entity."""


Same = Sequence[tuple[str, str, str]]
"""Judgements that both records tell of the same: the record asked for, the other, and the entity of the other.

Only where the actor sees both."""


@dataclass(frozen=True, slots=True)
class Ends:
    """The hubs that some events are linked to, a link an entry: event, hub, relationship type, the hub's name.

    A hub is an entity's id, an area's code, or a unit's code; ``names`` are empty but for entities.
    """

    near: Sequence[str]
    far: Sequence[str]
    kinds: Sequence[str]
    names: Sequence[str]


NO_ENDS = Ends((), (), (), ())


@dataclass(frozen=True, slots=True)
class Beginning:
    """The start and what one round trip could tell of the first hops.

    A record as start has its links in ``first``, and in ``second`` those of its neighbours, which is None where it was
    not asked for or ``first`` alone fills the budget. One with more neighbours than the budget holds, where nothing but
    participation decides, has the links of the first by id in ``first`` and in ``found`` how many there are. A hub as
    start has its first events by id in ``events`` with the entities they belong to, and in ``found`` how many; of more
    than `HUB_EVENTS` so many are looked at, the ones that the store meets first, and the others are not counted.
    """

    entity: str | None
    first: Links = NO_LINKS
    second: Links | None = None
    events: Sequence[str] = ()
    owners: Sequence[str] = ()
    found: int = 0


HUB_EVENTS: Final = 5000
"""Events of a hub at the start that are looked at: more than any budget has room for, so that what is left shows."""
LINKS_COUNTED: Final = 5000
"""Links of a hub come upon that are counted: so many may be more. Those of the people of a start's event are; the
people of one event are all read."""
EVENTS_AHEAD: Final = 200
"""Events of two people of which the people are read ahead; those of more are read when they are asked for."""


class NetworkStore(Protocol):
    """Where links are read."""

    async def begin(self, start: Start, view: View, *, budget: int, two_hops: bool) -> Beginning | None:
        """The start's own links, and with ``two_hops`` those of its neighbours; None when there is no such start."""

    async def between(
        self, source: str, target: str, view: View, *, enough: int | None, budget: int
    ) -> tuple[NetworkStore, Meeting | None]:
        """This store for one question about two people: the same answers, and in one round trip it has read what most
        such questions ask about their first two hops from either end. Where one is not there it has read nothing.

        Where so many events join both, or no event does but so many people, none of them a hub, and the budget holds
        what was found from either end, their meeting: the store then has the evidence of its events, and no more.
        """

    async def known(
        self, kind: NodeKind, ids: Sequence[str], view: View, *, in_window: bool = False
    ) -> Mapping[str, str]:
        """The entity of each of these people or events that lies in scope; of events ``in_window`` those in view."""

    async def neighbours(
        self, kind: NodeKind, ids: Sequence[str], view: View, *, hub_limit: int | None = None
    ) -> Links:
        """The participations of nodes of one kind, people or events; ``hub_limit`` instead of the view's own."""

    async def degrees(self, kind: NodeKind, ids: Sequence[str], view: View, *, most: int) -> Mapping[str, int]:
        """How many participations each of these people or events that has any has, counted no further than ``most``."""

    async def hubs(self, kind: NodeKind, ids: Sequence[str], view: View) -> Set[str]:
        """Those of these people or events that have more participations than the view's hub guard."""

    async def same(self, kind: NodeKind, ids: Sequence[str], view: View) -> Same:
        """The records judged the same as these people or events, one judgement away."""

    async def matching(self, events: Sequence[str], view: View) -> Sequence[str]:
        """Those of the events whose forms and areas the view asks for."""

    async def spans(self, events: Sequence[str], view: View) -> Mapping[str, tuple[int, int]]:
        """From when to when each event may have been; what is not told leaves that end open."""

    async def evidence(self, events: Sequence[str], view: View) -> Sequence[Evidence]:
        """What each event shows of its links; those out of scope are not told."""

    async def telling(
        self, relations: Sequence[tuple[str, str]], view: View
    ) -> Mapping[tuple[str, str], Sequence[str]]:
        """For relations between people, by their ends, the events in view that tell of each, sorted."""

    async def ends(self, kind: NodeKind, events: Sequence[str], view: View) -> Ends:
        """The hubs of one kind that these events are linked to."""

    async def relations(self, people: Sequence[str], view: View) -> Relations:
        """The person-to-person relations of people, told by events in view."""

    @property
    def judgements(self) -> JudgementStore:
        """Where judgements about the same records are kept."""


class JudgementStore(Protocol):
    """Where judgements are kept. Each change is stored with its audit row, in one transaction."""

    async def judge(self, judgement: Judgement, *, scope: ScopeParameter, audit: AuditRow) -> None:
        """Keep a judgement. Raises `RecordUnknown`, `AlreadyJudged`, and then nothing is written."""

    async def withdraw(self, pair: Pair, *, scope: ScopeParameter, audit: AuditRow) -> Judgement | None:
        """Take the pair's judgement away and return it; None where the scope knows of none."""

    async def judgements(self, kind: NodeKind, ids: Sequence[str], *, scope: ScopeParameter) -> Sequence[Judgement]:
        """The judgements about any of these records, both ends in scope, newest first."""
