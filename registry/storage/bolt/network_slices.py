"""Whole events over Bolt for questions about many of them: a `registry.network.slice_ports.SliceStore`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, Protocol, TypeVar

from registry.network.model import EdgeKind, Window
from registry.network.slice import ADDRESS, EventFacts, Part
from registry.network.slice_ports import Bounds, Met
from registry.storage.bolt import records
from registry.storage.bolt.case_places import stretches
from registry.storage.bolt.driver import Database
from registry.storage.bolt.named_queries import NamedQuery, load_queries

QUERIES: Final = load_queries("network_slices")
CASES: Final = load_queries("cases")
UNDATED: Final = -(2**62)
"""What stands for no date: farther back than any."""
RECORDS_A_REQUEST: Final = 5_000
"""Events or people of one statement: some tenths of a second, far from a deadline also when busy and uncached."""
LAST_PLACE: Final = "~"


@dataclass(frozen=True, slots=True)
class BoltSliceStore:
    """The events of one database."""

    database: Database

    async def scan(self, bounds: Bounds, *, after: str, limit: int) -> Sequence[EventFacts]:
        """At most ``limit`` events behind a place, newest recorded first, those without a date last."""
        if bounds.within.only_events is not None:
            return first_of(await self.facts(sorted(bounds.within.only_events), bounds), after=after, limit=limit)
        parameters = {**await bounds_of(self.database, bounds), **parts_of(bounds), "undated": UNDATED}
        return await read_stretches(self.database, QUERIES["scan"], parameters, _events, after=after, limit=limit)

    async def facts(self, events: Sequence[str], bounds: Bounds) -> Sequence[EventFacts]:
        """These events, as far as they exist."""
        parameters = {**await bounds_of(self.database, bounds), **parts_of(bounds), "undated": UNDATED}
        found: list[EventFacts] = []
        for ids in portions(events):
            found += _events(await self.database.read_one(QUERIES["facts"], {**parameters, "ids": ids}))
        return found

    async def met_by_people(self, people: Sequence[str], bounds: Bounds, *, hub_limit: int) -> Met:
        """The events of these people."""
        events: set[str] = set()
        skipped: list[tuple[str, int]] = []
        parameters = {**await bounds_of(self.database, bounds), **parts_of(bounds), "hub_limit": hub_limit}
        for ids in portions(people):
            row: Mapping[str, Any] = await self.database.read_one(
                QUERIES["met_by_people"], {**parameters, "ids": ids}
            ) or {"near": (), "degrees": (), "far": ()}
            for person, degree, far in zip(row["near"], row["degrees"], row["far"], strict=True):
                events.update(far)
                if degree > hub_limit:
                    skipped.append((person, degree))
        return Met(sorted(events), sorted(skipped))

    async def met_by_identifiers(self, people: Sequence[str], bounds: Bounds, *, hub_limit: int) -> Met:
        """The events that tell of somebody an identifier which is told of one of these people."""
        own = {"only_people": chosen(bounds.within.only_people), "hub_limit": hub_limit}
        return await self._met_by_tokens("met_by_identifiers", people, bounds, own)

    async def met_by_addresses(self, events: Sequence[str], bounds: Bounds, *, hub_limit: int) -> Met:
        """The events that tell an address which one of these events tells."""
        return await self._met_by_tokens("met_by_addresses", events, bounds, {"hub_limit": hub_limit})

    async def _met_by_tokens(
        self, query: str, records_: Sequence[str], bounds: Bounds, own: Mapping[str, object]
    ) -> Met:
        found: set[str] = set()
        crowded: set[str] = set()
        parameters = {**await bounds_of(self.database, bounds), **own}
        for ids in portions(records_):
            row: Mapping[str, Any] = await self.database.read_one(QUERIES[query], {**parameters, "ids": ids}) or {
                "near": (),
                "degrees": (),
                "far": (),
            }
            for token, degree, far in zip(row["near"], row["degrees"], row["far"], strict=True):
                found.update(far)
                if len(far) < degree:
                    crowded.add(f"{ADDRESS}{token}")
        return Met(sorted(found), crowded=frozenset(crowded))


def window_parameters(window: Window | None) -> dict[str, object]:
    """A window as the parameters of ``in_view`` and its kin; null where there is none."""
    return {"since": window.since if window else None, "until": window.until if window else None}


async def bounds_of(database: Database, bounds: Bounds) -> dict[str, object]:
    """The bounds of events as parameters; areas and units are widened to all inside them."""
    within = bounds.within
    return {
        "scope": bounds.scope,
        **window_parameters(within.window),
        "entity": bounds.entity,
        "areas": await narrower(database, "narrower_areas", "id", within.areas) if within.areas else None,
        "forms": await narrower(database, "narrower_forms", "code", within.forms) if within.forms else None,
        "only_events": chosen(within.only_events),
    }


def parts_of(bounds: Bounds) -> dict[str, object]:
    """The bounds of parts in events as parameters."""
    return {**kind_parameters(bounds.within.edge_kinds), "only_people": chosen(bounds.within.only_people)}


def kind_parameters(kinds: Sequence[EdgeKind]) -> dict[str, object]:
    """The kinds of participation that count, as parameters."""
    return {"as_victim": EdgeKind.VICTIM_IN in kinds, "as_perpetrator": EdgeKind.PERPETRATOR_IN in kinds}


def chosen(only: Set[str] | None) -> list[str] | None:
    """The only ids as a parameter; null restricts nothing."""
    return None if only is None else sorted(only)


async def narrower(database: Database, query: str, parameter: str, codes: Sequence[str]) -> list[str]:
    """These areas, or units, and all inside them, sorted."""
    found: set[str] = set()
    for code in codes:
        row = await database.read_one(CASES[query], {parameter: code}) or {}
        found.update(records.texts(row, "ids"))
    return sorted(found)


class Placed(Protocol):
    """Something that stands in the list of events."""

    @property
    def place(self) -> str:
        """Where."""


Read = TypeVar("Read", bound=Placed)


async def read_stretches(
    database: Database,
    query: NamedQuery,
    parameters: Mapping[str, object],
    parse: Callable[[Mapping[str, Any] | None], Iterable[Read]],
    *,
    after: str,
    limit: int,
) -> list[Read]:
    """What the first ``limit`` events behind a place tell, in the list's order, entries of one event together."""
    found: list[Read] = []
    places = 0
    newest = await database.read_one(CASES["newest_place"]) or {}
    for low, high in stretches(after, LAST_PLACE, records.optional_text(newest, "newest") or ""):
        edge = low
        while places < limit:
            wanted = min(limit - places, RECORDS_A_REQUEST)
            part = {"after": edge, "before": high, "limit": wanted}
            read = sorted(parse(await database.read_one(query, {**parameters, **part})), key=lambda each: each.place)
            found += read
            met = len({each.place for each in read})
            places += met
            if met < wanted:
                break
            edge = read[-1].place
        if places >= limit:
            break
    return found


def first_of(read: Iterable[Read], *, after: str, limit: int) -> list[Read]:
    """Of what was read by its names the entries of the first ``limit`` events behind a place, in the list's order."""
    behind = sorted((each for each in read if each.place > after), key=lambda each: each.place)
    wanted = set(islice(dict.fromkeys(each.place for each in behind), limit))
    return [each for each in behind if each.place in wanted]


def portions(ids: Sequence[str]) -> Iterator[list[str]]:
    for at in range(0, len(ids), RECORDS_A_REQUEST):
        yield list(ids[at : at + RECORDS_A_REQUEST])


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
