"""The links of the case graph over Bolt: a `registry.network.ports.NetworkStore`.

Each answer is one row of collected columns (ENGINES: shape decides speed); the first two hops are one round trip.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, Final

from registry.cases.moments import EARLIEST, LATEST
from registry.network.confidence import OFFICIAL, Statement, confidence_of
from registry.network.meeting import Meeting
from registry.network.model import Judged, NodeKind, Start
from registry.network.path_model import Evidence
from registry.network.ports import (
    EVENTS_AHEAD,
    HUB_EVENTS,
    LINKS_COUNTED,
    NO_ENDS,
    NO_LINKS,
    UNBOUNDED,
    Beginning,
    Ends,
    Links,
    NetworkStore,
    Relations,
    Same,
    View,
)
from registry.storage.bolt import records
from registry.storage.bolt.driver import Database
from registry.storage.bolt.judgements import BoltJudgementStore
from registry.storage.bolt.named_queries import Row, load_queries
from registry.storage.bolt.network_ahead import NOTHING_AHEAD, Ahead, evidence_ahead, meeting_of, read_ahead
from registry.storage.bolt.network_slices import chosen, kind_parameters, window_parameters

QUERIES: Final = load_queries("network")
_BEGIN: Final = {NodeKind.PERSON: "begin_person", NodeKind.EVENT: "begin_event"}
_BEGIN_LONG: Final = {NodeKind.PERSON: "begin_long_person", NodeKind.EVENT: "begin_long_event"}
_BEGIN_HUB: Final = {
    NodeKind.ENTITY: "begin_entity",
    NodeKind.AREA: "begin_area",
    NodeKind.CONCEPT: "begin_concept",
}
_NEIGHBOURS: Final = {NodeKind.PERSON: "neighbours_of_people", NodeKind.EVENT: "neighbours_of_events"}
_KNOWN: Final = {NodeKind.PERSON: "known_people", NodeKind.EVENT: "known_events"}
_SAME: Final = {NodeKind.PERSON: "same_people", NodeKind.EVENT: "same_events"}
_ENDS: Final = {
    NodeKind.ENTITY: "ends_at_entities",
    NodeKind.AREA: "ends_in_areas",
    NodeKind.CONCEPT: "ends_in_forms",
}
Columns = dict[str, Any]
"""A row of collected columns, typed by its query: to look at each of thousands of entries would cost what it saves."""


@dataclass(frozen=True, slots=True)
class BoltNetworkStore:
    """The case graph's links in one database, and what was read ahead of one question."""

    database: Database
    ahead: Ahead = NOTHING_AHEAD

    @property
    def judgements(self) -> BoltJudgementStore:
        """Where judgements about the same records are kept."""
        return BoltJudgementStore(self.database)

    async def begin(self, start: Start, view: View, *, budget: int, two_hops: bool) -> Beginning | None:
        """The start's own links, and with ``two_hops`` those of its neighbours; None when there is no such start."""
        if start.kind in _BEGIN_HUB:
            return await self._begin_hub(start, view, budget)
        if _is_restricted(view):
            return await self._begin_restricted(start, view)
        parameters = {
            "id": start.id,
            **_scope(view),
            **_kinds(view),
            **window_parameters(view.within.window),
            "hub_limit": view.within.hub_limit,
            "budget": budget,
            "most": budget if view.within.is_plain else UNBOUNDED,
            "second": two_hops,
        }
        counted = UNBOUNDED  # of an event's people
        if start.kind is NodeKind.EVENT:
            counted = parameters["counted"] = LINKS_COUNTED
        row = await self._one(_BEGIN[start.kind], parameters)
        if row is None:
            return None
        degree = row["degree"]
        if degree > len(row["victim_in"]) + len(row["perpetrator_in"]):
            return await self._begin_long(start, view, row["entity"], degree, budget)
        second = Links(row["near"], row["degrees"], row["far_victim_in"], row["far_perpetrator_in"], counted)
        return Beginning(
            entity=row["entity"],
            first=_links_of(start, row, degree),
            second=second if two_hops and degree < budget else None,
        )

    async def between(
        self, source: str, target: str, view: View, *, enough: int | None, budget: int
    ) -> tuple[NetworkStore, Meeting | None]:
        """This store, with what most questions about two people ask of it read ahead; itself where more decides."""
        if _is_restricted(view) or view.within.judged is Judged.TOGETHER:
            return self, None
        row = await self._one(
            "between_people",
            {
                "source": source,
                "target": target,
                **_scope(view),
                **_kinds(view),
                **window_parameters(view.within.window),
                "hub_limit": view.within.hub_limit,
                "ahead": EVENTS_AHEAD,
                "enough": enough,
                "budget": budget,
                "forms": list(view.within.forms) or None,
                "areas": list(view.within.areas) or None,
            },
        )
        if row is None:
            return self, None
        evidence = [_evidence(each) for each in records.rows(row, "evidence")]
        if row["hops"]:
            store = BoltNetworkStore(self.database, evidence_ahead(view, evidence))
            return store, meeting_of(view, (source, target), row, evidence)
        return BoltNetworkStore(self.database, read_ahead(view, (source, target), row, evidence, enough=enough)), None

    async def known(
        self, kind: NodeKind, ids: Sequence[str], view: View, *, in_window: bool = False
    ) -> Mapping[str, str]:
        """The entity of each of these people or events that lies in scope; of events ``in_window`` those in view."""
        if (told := self.ahead.known(kind, ids, view)) is not None:
            return told
        parameters = {"ids": list(ids), **_scope(view)}
        if kind is NodeKind.EVENT:
            parameters |= window_parameters(view.within.window if in_window else None)
        row = await self._one(_KNOWN[kind], parameters)
        return dict(zip(row["ids"], row["entities"], strict=True)) if row else {}

    async def neighbours(
        self, kind: NodeKind, ids: Sequence[str], view: View, *, hub_limit: int | None = None
    ) -> Links:
        """The participations of nodes of one kind, people or events; ``hub_limit`` instead of the view's own."""
        limit = view.within.hub_limit if hub_limit is None else hub_limit
        if (told := self.ahead.neighbours(kind, ids, view, limit)) is not None:
            return told
        most = max(limit, LINKS_COUNTED) if view.counts_hubs else min(limit + 1, UNBOUNDED)
        return await self._links(kind, ids, view, limit=limit, most=most)

    async def degrees(self, kind: NodeKind, ids: Sequence[str], view: View, *, most: int) -> Mapping[str, int]:
        """How many participations each of these people or events that has any has, counted no further than ``most``."""
        links = await self._links(kind, ids, view, limit=0, most=most)
        return dict(zip(links.near, links.degrees, strict=True))

    async def hubs(self, kind: NodeKind, ids: Sequence[str], view: View) -> Set[str]:
        """Those of these people or events that have more participations than the view's hub guard."""
        if (told := self.ahead.hubs(kind, ids, view)) is not None:
            return told
        guard = view.within.hub_limit
        degrees = await self.degrees(kind, ids, view, most=guard + 1)
        return {id_ for id_, degree in degrees.items() if degree > guard}

    async def relations(self, people: Sequence[str], view: View) -> Relations:
        """The person-to-person relations of people, told by events in view."""
        row = await self._one(
            "related_people", {"ids": list(people), **_scope(view), **window_parameters(view.within.window)}
        )
        return list(zip(row["near"], row["far"], row["outward"], strict=True)) if row else ()

    async def same(self, kind: NodeKind, ids: Sequence[str], view: View) -> Same:
        """The records judged the same as these people or events, one judgement away."""
        parameters = {"ids": list(ids), **_scope(view)}
        if kind is NodeKind.EVENT:
            parameters |= window_parameters(view.within.window)
        row = await self._one(_SAME[kind], parameters)
        return list(zip(row["near"], row["far"], row["entities"], strict=True)) if row else ()

    async def matching(self, events: Sequence[str], view: View) -> Sequence[str]:
        """Those of the events whose forms and areas the view asks for."""
        if (told := self.ahead.matching(events, view)) is not None:
            return told
        within = view.within
        row = await self._one(
            "matching_events",
            {
                "ids": list(events),
                **_scope(view),
                "forms": list(within.forms) or None,
                "areas": list(within.areas) or None,
            },
        )
        return row["ids"] if row else ()

    async def spans(self, events: Sequence[str], view: View) -> Mapping[str, tuple[int, int]]:
        """From when to when each event may have been; what is not told leaves that end open."""
        row = await self._one(
            "spans_of_events", {"ids": list(events), **_scope(view), "earliest": EARLIEST, "latest": LATEST}
        )
        if row is None:
            return {}
        return dict(zip(row["ids"], zip(row["since"], row["until"], strict=True), strict=True))

    async def evidence(self, events: Sequence[str], view: View) -> Sequence[Evidence]:
        """What each event shows of its links; those out of scope are not told."""
        if (told := self.ahead.evidence(events, view)) is not None:
            return told
        rows = await self.database.read(QUERIES["evidence"], {"ids": list(events), **_scope(view)})
        return [_evidence(row) for row in rows]

    async def telling(
        self, relations: Sequence[tuple[str, str]], view: View
    ) -> Mapping[tuple[str, str], Sequence[str]]:
        """For relations between people, by their ends, the events in view that tell of each, sorted."""
        ends = [{"source": source, "target": target} for source, target in relations]
        rows = await self.database.read(
            QUERIES["events_telling_relations"], {"ends": ends, **_scope(view), **window_parameters(view.within.window)}
        )
        return {
            (records.text(row, "source"), records.text(row, "target")): sorted(records.texts(row, "events"))
            for row in rows
        }

    async def ends(self, kind: NodeKind, events: Sequence[str], view: View) -> Ends:
        """The hubs of one kind that these events are linked to."""
        row = await self._one(_ENDS[kind], {"ids": list(events), **_scope(view)})
        return Ends(row["near"], row["far"], row["kinds"], row["names"]) if row else NO_ENDS

    async def _begin_long(self, start: Start, view: View, entity: str, degree: int, budget: int) -> Beginning | None:
        """The first links by id of a record that has more than fit, in a second request that only it pays for."""
        parameters = {
            "id": start.id,
            **_scope(view),
            **_kinds(view),
            **window_parameters(view.within.window),
            "budget": budget,
        }
        row = await self._one(_BEGIN_LONG[start.kind], parameters)
        if row is None:
            return None
        return Beginning(entity, _links_of(start, row, degree), found=row["found"])

    async def _begin_restricted(self, start: Start, view: View) -> Beginning | None:
        """In two requests, which only who restricts a question pays for."""
        known = await self.known(start.kind, [start.id], view)
        if start.id not in known:
            return None
        return Beginning(known[start.id], await self.neighbours(start.kind, [start.id], view, hub_limit=UNBOUNDED))

    async def _begin_hub(self, start: Start, view: View, budget: int) -> Beginning | None:
        """None where no event in view is linked: whether others' events are must not show."""
        row = await self._one(
            _BEGIN_HUB[start.kind],
            {
                "id": start.id,
                **_scope(view),
                **window_parameters(view.within.window),
                **_only_events(view),
                "budget": budget,
                "most": HUB_EVENTS,
            },
        )
        if row is None or not row["found"]:
            return None
        entity = start.id if start.kind is NodeKind.ENTITY else None
        return Beginning(entity, events=row["ends"], owners=row["owners"], found=row["found"])

    async def _links(self, kind: NodeKind, ids: Sequence[str], view: View, *, limit: int, most: int) -> Links:
        """The links of nodes that have no more than the limit, of others how many, read no further than ``most``."""
        only = _only_events(view) if kind is NodeKind.PERSON else _only_people(view)
        parameters = {"ids": list(ids), **_scope(view), **_kinds(view), **window_parameters(view.within.window), **only}
        row = await self._one(_NEIGHBOURS[kind], {**parameters, "hub_limit": limit, "most": most})
        return Links(row["near"], row["degrees"], row["victim_in"], row["perpetrator_in"], most) if row else NO_LINKS

    async def _one(self, query: str, parameters: dict[str, object]) -> Columns | None:
        row = await self.database.read_one(QUERIES[query], parameters)
        return dict(row) if row is not None else None


def _links_of(start: Start, row: Columns, degree: int) -> Links:
    return Links((start.id,), (degree,), (row["victim_in"],), (row["perpetrator_in"],))


def _evidence(row: Row) -> Evidence:
    statements = [_statements(row, "status", "authority")]
    statements += [_statements(told, "status", "authority") for told in records.rows(row, "decisions")]
    level, grounds = confidence_of(
        [each for group in statements for each in group], records.optional_text(row, "source")
    )
    return Evidence(
        event=records.text(row, "id"),
        entity=records.text(row, "entity"),
        began=records.optional_text(row, "began"),
        ended=records.optional_text(row, "ended"),
        recorded=records.optional_text(row, "recorded"),
        since=records.optional_whole(row, "since"),
        until=records.optional_whole(row, "until"),
        confidence=level,
        grounds=grounds,
    )


def _statements(row: Row, status: str, authority: str) -> list[Statement]:
    official = OFFICIAL in records.texts(row, authority)
    return [Statement(code, official) for code in records.texts(row, status)]


def _is_restricted(view: View) -> bool:
    return view.within.only_people is not None or view.within.only_events is not None


def _scope(view: View) -> dict[str, object]:
    return {"scope": view.scope}


def _kinds(view: View) -> dict[str, object]:
    return kind_parameters(view.within.edge_kinds)


def _only_people(view: View) -> dict[str, object]:
    return {"only_people": chosen(view.within.only_people)}


def _only_events(view: View) -> dict[str, object]:
    return {"only_events": chosen(view.within.only_events)}
