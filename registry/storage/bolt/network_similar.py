"""Events to compare with one over Bolt: a `registry.network.slice_ports.SimilarStore`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from registry.network.similarity import DATES, VARIABLES, Profile
from registry.network.slice_ports import Bounds, Candidates
from registry.storage.bolt import records
from registry.storage.bolt.case_places import Stretch, stretches, stretches_backward
from registry.storage.bolt.driver import Database
from registry.storage.bolt.named_queries import NamedQuery, load_queries
from registry.storage.bolt.network_slices import CASES, LAST_PLACE, UNDATED, bounds_of, narrower, portions

QUERIES: Final = load_queries("network_similar")
_OF_PARTS: Final = frozenset({"svx", "stv", "rpp"})
"""Variables told of those who took part: their columns hold a list a part."""


@dataclass(frozen=True, slots=True)
class BoltSimilarStore:
    """Candidates and profiles of one database."""

    database: Database

    async def profiles(self, events: Sequence[str], bounds: Bounds) -> Sequence[Profile]:
        """These events, as far as they exist."""
        parameters = {**await bounds_of(self.database, bounds), "undated": UNDATED}
        found: list[Profile] = []
        for ids in portions(events):
            found += _profiles(await self.database.read_one(QUERIES["profiles"], {**parameters, "ids": ids}) or {})
        return found

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
        """The nearest on either side of the list, newest side first; of named events the first in the list."""
        own = await bounds_of(self.database, bounds)
        if bounds.within.only_events is not None:
            return await self._named(sorted(bounds.within.only_events.difference(accounts)), own, limit)
        like = {
            "accounts": list(accounts),
            "like_forms": await narrower(self.database, "narrower_forms", "code", forms),
            "like_areas": await narrower(self.database, "narrower_areas", "id", areas),
            "any": not forms and not areas,
        }
        half = (limit + 1) // 2 + 1
        newest = await self.database.read_one(CASES["newest_place"]) or {}
        first = records.optional_text(newest, "newest") or ""
        older = await self._walk("candidates", stretches(of.place, LAST_PLACE, first), {**own, **like}, half)
        newer = await self._walk("candidates_backward", stretches_backward("", of.place), {**own, **like}, half)
        nearest = [*older[: half - 1], *newer[: half - 1]]
        return Candidates(nearest[:limit], len(older) >= half or len(newer) >= half or len(nearest) > limit)

    async def _named(self, events: Sequence[str], own: Mapping[str, object], limit: int) -> Candidates:
        row = await self.database.read_one(QUERIES["candidates_named"], {**own, "ids": list(events)}) or {}
        found = records.texts(row, "ids")
        return Candidates(found[:limit], len(found) > limit)

    async def _walk(
        self, name: str, parts: Iterator[Stretch], parameters: Mapping[str, object], limit: int
    ) -> list[str]:
        """At most so many events, the nearest first."""
        query: NamedQuery = QUERIES[name]
        found: list[str] = []
        for low, high in parts:
            wanted = {"after": low, "before": high, "limit": limit - len(found)}
            row: Mapping[str, Any] = await self.database.read_one(query, {**parameters, **wanted}) or {}
            placed = sorted(zip(row.get("places", ()), row.get("ids", ()), strict=True))
            found += [id_ for _, id_ in (reversed(placed) if name == "candidates_backward" else placed)]
            if len(found) >= limit:
                break
        return found


def _profiles(row: Mapping[str, Any]) -> Iterator[Profile]:
    """The entries of a row of columns, which its query types."""
    names = [variable.name for variable in VARIABLES if variable.name != DATES]
    for entry in zip(*row.values(), strict=True):
        told: dict[str, Any] = dict(zip(row, entry, strict=True))
        yield Profile(
            event=told["ids"],
            place=told["places"],
            since=None if told["sinces"] == UNDATED else told["sinces"],
            until=None if told["untils"] == UNDATED else told["untils"],
            codes={name: frozenset(_codes(told[name], name)) for name in names},
            missing={name: state for name in names if (state := told.get(f"no_{name}", ""))},
        )


def _codes(column: Sequence[Any], name: str) -> Iterable[str]:
    return chain.from_iterable(column) if name in _OF_PARTS else column
