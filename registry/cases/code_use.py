"""How many stored events hold each code of any list, and who bears it: what a revision of the list would touch.

Lives here: what one record adds to the counts (pure), and the question with its scope. Elsewhere: what happens to the
codes (``registry.classification.impact``), the table of counts (``registry.storage.bolt.code_use``).

Neither engine indexes inside lists of codes, so the counts stand in a table, written with every change of a record in
its own transaction. A line of the table belongs to one reporting entity and one **place**: holder, country and marks,
which is all that the scope's predicate reads but the event's id. So a count within a scope is a sum of whole lines; for
callers who see single cases (grants, openings) those cases are counted one by one, and nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from registry.access.actor import Actor, Right, Scope
from registry.access.policy import require
from registry.access.scope import Placed, sees
from registry.cases.derivation import summarise_forms
from registry.cases.model import FORM, Codes, Participation, Role, StoredEvent, Value, Values
from registry.cases.recoding import RELATIONSHIP, STAGE, TRANSIT
from registry.errors import ArgumentsConflicting
from registry.identifiers import EntityId, EventId, Notation, SchemeId, VersionTag

MOST_CODES: Final = 5_000
"""Codes asked about at once: more than any list we ship has."""


EVENTS, EVENT, VICTIM, PERPETRATOR, GROUP = range(5)
"""Whose a code is; `EVENTS` counts events that hold it anywhere, each once."""

Use = tuple[str, str, str, int]
"""One use of a code: list (``scheme/version``), variable (`FORM` for units), code, and who bears it."""

Counts = Mapping[tuple[str, str, str, EntityId], Mapping[int, int]]
"""By list, variable, code and reporting entity: how many of each bearer."""


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


class PlacedStore(Protocol):
    """Where single records are read with what decides who sees them."""

    async def placed(self, events: Sequence[EventId], *, scope: Scope) -> Sequence[tuple[Placed, StoredEvent]]:
        """Those of the events that lie inside the scope."""
        ...


class CodeUseStore(PlacedStore, Protocol):
    """Where the counts stand."""

    async def counts(self, lists: Sequence[str], codes: Sequence[str] | None, *, scope: Scope) -> Counts:
        """Of these lists (of these codes alone) the sums inside the scope's agencies, countries and tiers.

        Grants and openings are not looked at. A store whose table is not complete counts its records instead.
        """
        ...

    async def lists(self, scheme: str) -> Sequence[str]:
        """Versions of a scheme, as ``scheme/version``, that records were ever coded in; whoever's."""
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
    """The counts inside a scope: sums of lines where it is made of whole places, single cases one by one."""
    found: list[CodeUse] = []
    if scope.cases is None:
        found += uses_of(await store.counts(lists, codes, scope=scope))
    counted = await counted_singly(store, scope)
    found += uses_of(counts_of(((each.record.entity, tally(each)) for each in counted), lists, codes))
    return summed(found)


async def counted_singly(store: PlacedStore, scope: Scope) -> list[StoredEvent]:
    """The records inside the scope that no whole place of it holds: those of grants and openings, if there are any."""
    singly = scope.opened if scope.cases is None else scope.cases | scope.opened
    if not singly:
        return []
    base = replace(scope, opened=frozenset())
    placed = await store.placed(sorted(singly), scope=scope)
    return [stored for place, stored in placed if scope.cases is not None or not sees(base, place)]


def counts_of(
    told: Iterable[tuple[EntityId, Iterable[Use]]], lists: Sequence[str], codes: Sequence[str] | None
) -> Counts:
    """What these records add to the lists (to these codes alone), by reporting entity."""
    wanted, chosen = set(lists), None if codes is None else set(codes)
    found: dict[tuple[str, str, str, EntityId], Counter[int]] = {}
    for entity, uses in told:
        for name, variable, code, bearer in uses:
            if name in wanted and (chosen is None or code in chosen):
                found.setdefault((name, variable, code, entity), Counter())[bearer] += 1
    return found


def uses_of(counts: Counts) -> list[CodeUse]:
    """The counts as they are answered."""
    return [_use(key, bearers) for key, bearers in counts.items()]


def _use(key: tuple[str, str, str, EntityId], bearers: Mapping[int, int]) -> CodeUse:
    name, variable, code, entity = key
    scheme, _, version = name.rpartition("/")
    return CodeUse(
        scheme=SchemeId(scheme),
        version=VersionTag(version),
        variable=variable,
        code=Notation(code),
        entity=entity,
        events=bearers.get(EVENTS, 0),
        on_events=bearers.get(EVENT, 0),
        victims=bearers.get(VICTIM, 0),
        perpetrators=bearers.get(PERPETRATOR, 0),
        groups=bearers.get(GROUP, 0),
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


def tally(stored: StoredEvent) -> list[Use]:
    """What one record adds. A code is counted once a bearer and variable, and once an event; derived ones only so.

    Straight through the record, for an import asks it of each: the places are those of `recoding.held_codes`.
    """
    record, coding = stored.record, stored.coding
    derived: set[tuple[str, str]] = {(FORM, form) for form in summarise_forms(record).stored}
    told: dict[Notation, Value] = {}
    for variable, value in record.values.items():
        if value.derived:
            derived.update(_coded({variable: value}))
        else:
            told[variable] = value
    own = {*_coded(told), *((FORM, form) for form in record.forms), *((TRANSIT, area) for area in record.transits)}
    own.update((RELATIONSHIP, link.relationship) for link in record.links)
    for decision in record.decisions:
        own.update(_coded(decision.values))
    borne = [(EVENT, own)]
    for part in record.participations:
        held = {*_coded(part.values), *((FORM, form) for form in part.forms)}
        held.update((STAGE, stage.status) for stage in part.stages)
        borne.append((bearer_of(part), held))
    anywhere = derived.union(*(held for _, held in borne))
    borne.append((EVENTS, anywhere))
    names = {variable: "/".join(coding[variable]) for variable, _ in anywhere if variable in coding}
    return [
        (names[variable], variable, code, bearer)
        for bearer, held in borne
        for variable, code in held
        if variable in names
    ]


def _coded(values: Values) -> Iterable[tuple[str, str]]:
    return [
        (variable, code)
        for variable, value in values.items()
        if isinstance(value.content, Codes)
        for code in value.content.codes
    ]


def bearer_of(part: Participation) -> int:
    """Whose the part is."""
    if part.is_group:
        return GROUP
    return VICTIM if part.role is Role.VICTIM else PERPETRATOR
