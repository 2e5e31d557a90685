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
from registry.storage.bolt.network_slices import CASES, LAST_PLACE, UNDATED, bounds_of, portions

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
        """Those of the same people by id, then the nearest on either side of the list, newest side first."""
        own = {**await bounds_of(self.database, bounds), "accounts": list(accounts)}
        row = await self.database.read_one(QUERIES["of_same_people"], {**own, "id": of.event}) or {}
        people = sorted(records.texts(row, "ids"))
        like = {
            "like_forms": await self._narrower("narrower_forms", "code", forms),
            "like_areas": await self._narrower("narrower_areas", "id", areas),
            "any": not forms and not areas,
        }
        half = (limit + 1) // 2 + 1
        newest = await self.database.read_one(CASES["newest_place"]) or {}
        first = records.optional_text(newest, "newest") or ""
        older = await self._walk("candidates", stretches(of.place, LAST_PLACE, first), {**own, **like}, half)
        newer = await self._walk("candidates_backward", stretches_backward("", of.place), {**own, **like}, half)
        nearest = [*older[: half - 1], *newer[: half - 1]]
        found = list(dict.fromkeys([*people, *nearest]))
        truncated = len(older) >= half or len(newer) >= half or len(found) > limit
        return Candidates(found[:limit], truncated)

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

    async def _narrower(self, query: str, parameter: str, codes: Sequence[str]) -> list[str]:
        found: set[str] = set()
        for code in codes:
            row = await self.database.read_one(CASES[query], {parameter: code}) or {}
            found.update(records.texts(row, "ids"))
        return sorted(found)


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
