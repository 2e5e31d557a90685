"""Whole events over Bolt for questions about many of them: a `registry.network.slice_ports.SliceStore`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from registry.network.slice import ADDRESS, EventFacts, Part
from registry.network.slice_ports import Bounds, Met
from registry.storage.bolt import records
from registry.storage.bolt.case_places import stretches
from registry.storage.bolt.driver import Database
from registry.storage.bolt.named_queries import load_queries

QUERIES: Final = load_queries("network_slices")
CASES: Final = load_queries("cases")
UNDATED: Final = -(2**62)
"""What stands for no date: farther back than any."""
IDS_A_REQUEST: Final = 20_000
"""Ids of one request: well under what one may hold, and few enough for one row of answers."""
ROWS_A_REQUEST: Final = 20_000
LAST_PLACE: Final = "~"


@dataclass(frozen=True, slots=True)
class BoltSliceStore:
    """The events of one database."""

    database: Database

    async def scan(self, bounds: Bounds, *, after: str, limit: int) -> Sequence[EventFacts]:
        """At most ``limit`` events behind a place, newest recorded first, those without a date last."""
        parameters = await self._bounds(bounds)
        found: list[EventFacts] = []
        newest = await self.database.read_one(CASES["newest_place"]) or {}
        for low, high in stretches(after, LAST_PLACE, records.optional_text(newest, "newest") or ""):
            edge = low
            while len(found) < limit:
                wanted = min(limit - len(found), ROWS_A_REQUEST)
                part = {"after": edge, "before": high, "limit": wanted, "undated": UNDATED}
                row = await self.database.read_one(QUERIES["scan"], {**parameters, **part})
                read = sorted(_events(row), key=lambda event: event.place)
                found += read
                if len(read) < wanted:
                    break
                edge = read[-1].place
            if len(found) >= limit:
                break
        return found

    async def facts(self, events: Sequence[str], bounds: Bounds) -> Sequence[EventFacts]:
        """These events, as far as they exist."""
        parameters = {**await self._bounds(bounds), "undated": UNDATED}
        found: list[EventFacts] = []
        for ids in _portions(events):
            found += _events(await self.database.read_one(QUERIES["facts"], {**parameters, "ids": ids}))
        return found

    async def met_by_people(self, people: Sequence[str], bounds: Bounds, *, hub_limit: int) -> Met:
        """The events of these people."""
        events: set[str] = set()
        skipped: list[tuple[str, int]] = []
        parameters = {**await self._bounds(bounds), "hub_limit": hub_limit}
        for ids in _portions(people):
            row: Mapping[str, Any] = await self.database.read_one(
                QUERIES["met_by_people"], {**parameters, "ids": ids}
            ) or {"near": (), "degrees": (), "far": ()}
            for person, degree, far in zip(row["near"], row["degrees"], row["far"], strict=True):
                events.update(far)
                if degree > hub_limit:
                    skipped.append((person, degree))
        return Met(sorted(events), sorted(skipped))

    async def met_by_addresses(self, events: Sequence[str], bounds: Bounds, *, hub_limit: int) -> Met:
        """The events that tell an address which one of these events tells."""
        found: set[str] = set()
        crowded: set[str] = set()
        parameters = {**await self._bounds(bounds), "hub_limit": hub_limit}
        for ids in _portions(events):
            row: Mapping[str, Any] = await self.database.read_one(
                QUERIES["met_by_addresses"], {**parameters, "ids": ids}
            ) or {"near": (), "degrees": (), "far": ()}
            for address, degree, far in zip(row["near"], row["degrees"], row["far"], strict=True):
                found.update(far)
                if degree > hub_limit:
                    crowded.add(f"{ADDRESS}{address}")
        return Met(sorted(found), crowded=frozenset(crowded))

    async def _bounds(self, bounds: Bounds) -> dict[str, object]:
        """The bounds as parameters; an area and a unit are widened to all inside them."""
        window = bounds.window
        return {
            "scope": bounds.scope,
            "since": window.since if window else None,
            "until": window.until if window else None,
            "entity": bounds.entity,
            "areas": await self._narrower("narrower_areas", "id", bounds.area),
            "forms": await self._narrower("narrower_forms", "code", bounds.form),
        }

    async def _narrower(self, query: str, parameter: str, code: str | None) -> list[str] | None:
        if code is None:
            return None
        row = await self.database.read_one(CASES[query], {parameter: code})
        return list(records.texts(row or {}, "ids"))


def _portions(ids: Sequence[str]) -> Iterator[list[str]]:
    for at in range(0, len(ids), IDS_A_REQUEST):
        yield list(ids[at : at + IDS_A_REQUEST])


def _events(row: Mapping[str, Any] | None) -> Iterator[EventFacts]:
    """The events of a row of columns, which its query types: to look at each of many entries would cost too much."""
    if row is None:
        return
    columns = ("ids", "places", "entities", "sinces", "untils", "exploited", "recorded", "tokens")
    parts = zip(row["people"], row["kinds"], row["roles"], row["held"], strict=True)
    for told, (people, kinds, roles, held) in zip(
        zip(*(row[name] for name in columns), strict=True), parts, strict=True
    ):
        id_, place, entity, since, until, exploited, recorded, tokens = told
        yield EventFacts(
            id=id_,
            place=place,
            entity=entity,
            since=None if since == UNDATED else since,
            until=None if until == UNDATED else until,
            exploited=exploited,
            recorded=recorded,
            tokens=tokens,
            parts=[
                Part(person, kind == "VICTIM_IN", codes, marks)
                for person, kind, codes, marks in zip(people, kinds, roles, held, strict=True)
            ],
        )
