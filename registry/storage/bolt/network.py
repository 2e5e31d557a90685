"""The links of the case graph over Bolt: a `registry.network.ports.NetworkStore`.

Each answer is one row of collected columns (ENGINES: shape decides speed); the first two hops are one round trip.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from registry.network.model import PARTICIPATION, NodeKind, Start
from registry.network.ports import NO_LINKS, Beginning, Links, Relations, View
from registry.storage.bolt.driver import Database
from registry.storage.bolt.named_queries import load_queries

QUERIES: Final = load_queries("network")
_BEGIN: Final = {NodeKind.PERSON: "begin_person", NodeKind.EVENT: "begin_event"}
_BEGIN_HUB: Final = {
    NodeKind.ENTITY: "begin_entity",
    NodeKind.AREA: "begin_area",
    NodeKind.CONCEPT: "begin_concept",
}
Columns = dict[str, Any]
"""A row of collected columns, typed by its query: to look at each of thousands of entries would cost what it saves."""


@dataclass(frozen=True, slots=True)
class BoltNetworkStore:
    """The case graph's links in one database."""

    database: Database

    async def begin(self, start: Start, view: View, *, budget: int, two_hops: bool) -> Beginning | None:
        """The start's own links, and with ``two_hops`` those of its neighbours; None when there is no such start."""
        if start.kind in _BEGIN_HUB:
            return await self._begin_hub(start, view, budget)
        row = await self._one(
            _BEGIN[start.kind],
            {
                "id": start.id,
                **_scope(view),
                **_kinds(view),
                **_window(view),
                "hub_limit": view.hub_limit,
                "budget": budget,
                "second": two_hops,
            },
        )
        if row is None:
            return None
        ends: Sequence[str] = row["ends"]
        second = Links(row["near"], row["degrees"], row["far"], row["far_kinds"])
        return Beginning(
            entity=row["entity"],
            first=Links((start.id,), (len(ends),), (ends,), (row["kinds"],)),
            second=second if two_hops and len(ends) < budget else None,
        )

    async def neighbours(self, kind: NodeKind, ids: Sequence[str], view: View) -> Links:
        """The participations of nodes of one kind, people or events."""
        parameters = {"ids": list(ids), **_scope(view), **_kinds(view), "hub_limit": view.hub_limit}
        if kind is NodeKind.PERSON:
            row = await self._one("neighbours_of_people", {**parameters, **_window(view)})
        else:
            row = await self._one("neighbours_of_events", parameters)
        return Links(row["near"], row["degrees"], row["far"], row["far_kinds"]) if row else NO_LINKS

    async def relations(self, people: Sequence[str], view: View) -> Relations:
        """The person-to-person relations of people, told by events in view."""
        row = await self._one("related_people", {"ids": list(people), **_scope(view), **_window(view)})
        return list(zip(row["near"], row["far"], row["outward"], strict=True)) if row else ()

    async def _begin_hub(self, start: Start, view: View, budget: int) -> Beginning | None:
        """None where no event in view is linked: whether others' events are must not show."""
        row = await self._one(
            _BEGIN_HUB[start.kind], {"id": start.id, **_scope(view), **_window(view), "budget": budget}
        )
        if row is None or not row["found"]:
            return None
        entity = start.id if start.kind is NodeKind.ENTITY else None
        return Beginning(entity, events=row["ends"], owners=row["owners"], found=row["found"])

    async def _one(self, query: str, parameters: dict[str, object]) -> Columns | None:
        row = await self.database.read_one(QUERIES[query], parameters)
        return dict(row) if row is not None else None


def _scope(view: View) -> dict[str, object]:
    return {"scope": view.scope}


def _kinds(view: View) -> dict[str, object]:
    return {"every": set(PARTICIPATION) <= set(view.edge_kinds), "kinds": [kind.value for kind in view.edge_kinds]}


def _window(view: View) -> dict[str, object]:
    window = view.window
    return {"since": window.since if window else None, "until": window.until if window else None}
