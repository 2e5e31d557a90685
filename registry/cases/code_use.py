"""How many stored events hold each code of any list, and who bears it: what a revision of the list would touch.

Lives here: what one record adds to the counts (pure), and the question with its scope. Elsewhere: what happens to the
codes (``registry.classification.impact``), the table of counts (``registry.storage.bolt.code_use``).

Neither engine indexes inside lists of codes, so the counts stand in a table of cells, kept with every change of a
record in its own transaction. A cell belongs to one reporting entity and one **place**: holder, country and marks,
which is all that the scope's predicate reads but the event's id. So a count within a scope is a sum of whole cells; for
callers who see single cases (grants, openings) those cases are counted one by one, and nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Protocol

from registry.access.actor import Actor, Right, Scope
from registry.access.policy import require
from registry.access.scope import Placed, sees
from registry.cases.derivation import summarise_forms
from registry.cases.model import FORM, Participation, Role, StoredEvent
from registry.cases.recoding import held_codes
from registry.errors import ArgumentsConflicting
from registry.identifiers import EntityId, EventId, Notation, SchemeId, VersionTag

MOST_CODES: Final = 5_000
"""Codes asked about at once: more than any list we ship has."""


class Bearer(StrEnum):
    """Whose a code is; ``events`` counts events that hold it anywhere, each once."""

    EVENTS = "events"
    EVENT = "event"
    VICTIM = "victim"
    PERPETRATOR = "perpetrator"
    GROUP = "group"


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """What is counted: a code of a list's version under one variable (`FORM` for units)."""

    list: str
    """``scheme/version``."""
    variable: str
    code: str


@dataclass(frozen=True, slots=True)
class CellSum:
    """The counts of one cell in one reporting entity's records, within some scope."""

    cell: Cell
    entity: EntityId
    counts: Mapping[Bearer, int]

    @property
    def events(self) -> int:
        """Events that count in the cell."""
        return self.counts[Bearer.EVENTS]


@dataclass(frozen=True, slots=True)
class CodeUse:
    """How often one code is borne under one variable in the records of one reporting entity."""

    scheme: SchemeId
    version: VersionTag
    variable: str
    code: Notation
    entity: EntityId
    events: int
    """Events that hold the code anywhere, derived unit 8 included; an event with several codes counts under each."""
    on_events: int = 0
    """Events that hold it themselves, as recorded: not in the part of somebody."""
    victims: int = 0
    perpetrators: int = 0
    groups: int = 0


class CodeUseStore(Protocol):
    """Where the counts stand."""

    async def cells(self, lists: Sequence[str], codes: Sequence[str] | None, *, scope: Scope) -> Sequence[CodeUse]:
        """The cells of these lists (of these codes alone) inside the scope's agencies, countries and tiers, summed.

        Grants and openings are not looked at. A store whose table is not complete counts its records instead.
        """
        ...

    async def lists(self, scheme: str) -> Sequence[str]:
        """Versions of a scheme, as ``scheme/version``, of which the table has cells; whoever's."""
        ...

    async def placed(self, events: Sequence[EventId], *, scope: Scope) -> Sequence[tuple[Placed, StoredEvent]]:
        """Those of the events that lie inside the scope."""
        ...

    async def recount(self) -> int:
        """Count every record anew, and put the table in place of the old one; how many records."""
        ...


async def code_use(
    store: CodeUseStore,
    scheme: str,
    version: VersionTag | None = None,
    codes: Sequence[Notation] = (),
    *,
    actor: Actor,
) -> tuple[CodeUse, ...]:
    """Counts above nought of records within the actor's scope, by version, variable, code and entity.

    Without a version every one that records hold, without codes every code.
    """
    require(actor, Right.READ_CASES)
    if len(codes) > MOST_CODES:
        raise ArgumentsConflicting(arguments="codes", rule=f"give at most {MOST_CODES}")
    lists = [f"{scheme}/{version.version}"] if version is not None else await store.lists(scheme)
    return await use_of_lists(store, lists, codes or None, scope=actor.scope)


async def use_of_lists(
    store: CodeUseStore, lists: Sequence[str], codes: Sequence[str] | None, *, scope: Scope
) -> tuple[CodeUse, ...]:
    """The counts inside a scope: sums of cells where it is made of whole places, single cases one by one."""
    found: list[CodeUse] = []
    if scope.cases is None:
        found += await store.cells(lists, codes, scope=scope)
    singly = scope.opened if scope.cases is None else scope.cases | scope.opened
    if singly:
        base = replace(scope, opened=frozenset())
        placed = await store.placed(sorted(singly), scope=scope)
        counted = [stored for place, stored in placed if scope.cases is not None or not sees(base, place)]
        found += uses_of(counted, lists, codes)
    return summed(found)


def uses_of(stored: Iterable[StoredEvent], lists: Sequence[str], codes: Sequence[str] | None) -> list[CodeUse]:
    """What these records add, each by itself."""
    wanted, chosen = set(lists), None if codes is None else set(codes)
    return [
        use_of(cell, each.record.entity, counts)
        for each in stored
        for cell, counts in tally(each).items()
        if cell.list in wanted and (chosen is None or cell.code in chosen)
    ]


def use_of(cell: Cell, entity: EntityId, counts: Mapping[Bearer, int]) -> CodeUse:
    """The counts of one cell."""
    scheme, _, version = cell.list.rpartition("/")
    return CodeUse(
        scheme=SchemeId(scheme),
        version=VersionTag(version),
        variable=cell.variable,
        code=Notation(cell.code),
        entity=entity,
        events=counts[Bearer.EVENTS],
        on_events=counts[Bearer.EVENT],
        victims=counts[Bearer.VICTIM],
        perpetrators=counts[Bearer.PERPETRATOR],
        groups=counts[Bearer.GROUP],
    )


def summed(uses: Iterable[CodeUse]) -> tuple[CodeUse, ...]:
    """One a version, variable, code and entity, sorted; none of nought."""
    found: dict[tuple[str, tuple[int, ...], str, str, str], CodeUse] = {}
    for each in uses:
        key = (each.scheme, each.version.numbers, each.variable, each.code, each.entity)
        known = found.get(key)
        found[key] = each if known is None else added(known, each)
    return tuple(found[key] for key in sorted(found) if found[key].events > 0)


def added(one: CodeUse, other: CodeUse) -> CodeUse:
    """Both together."""
    return replace(
        one,
        events=one.events + other.events,
        on_events=one.on_events + other.on_events,
        victims=one.victims + other.victims,
        perpetrators=one.perpetrators + other.perpetrators,
        groups=one.groups + other.groups,
    )


def tally(stored: StoredEvent) -> dict[Cell, Counter[Bearer]]:
    """What one record adds to each cell. A code is counted once a bearer and variable, and once an event."""
    record, coding = stored.record, stored.coding
    bearers = {part.key: bearer_of(part) for part in record.participations}
    derived = {code for code, value in record.values.items() if value.derived}
    borne: dict[Cell, set[tuple[Bearer, str]]] = {}
    for place, variable, codes in held_codes(record):
        named = coding.get(variable)
        if named is None:
            continue
        bearer = bearers[place.part] if place.part is not None else Bearer.EVENT
        is_derived = place.part is None and place.field == f"values/{variable}" and variable in derived
        for code in codes:
            cell = borne.setdefault(Cell(f"{named[0]}/{named[1]}", variable, code), set())
            if not is_derived:
                cell.add((bearer, place.part or ""))
    if FORM in coding:
        name = "/".join(coding[FORM])
        for form in summarise_forms(record).stored:
            borne.setdefault(Cell(name, FORM, form), set())
    return {cell: _counted(bearers_) for cell, bearers_ in borne.items()}


def _counted(bearers: Iterable[tuple[Bearer, str]]) -> Counter[Bearer]:
    counts = Counter(bearer for bearer, _ in bearers)
    counts[Bearer.EVENTS] = 1
    return counts


def bearer_of(part: Participation) -> Bearer:
    """Whose the part is."""
    if part.is_group:
        return Bearer.GROUP
    return Bearer.VICTIM if part.role is Role.VICTIM else Bearer.PERPETRATOR
