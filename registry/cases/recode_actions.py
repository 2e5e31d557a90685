"""Re-coding stored records to another version of a list: by rule, by decision, and back.

Lives here: rights, scope, chunks and the report. Elsewhere: what one record becomes (``recoding``), moving a chunk in
one transaction (``registry.storage.bolt.recoding``).

Whoever may import an entity's records may re-code them: nobody else, and nothing beyond their scope. An emergency
opening shows a record, it does not let anybody change it. The audit tells each chunk; the batch tells who, when, from
where to where, and by which rules and decisions (by digest).
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from registry.access.actor import Actor, Right, Scope
from registry.access.audit import UNTOLD, AuditRow, Circumstances, audit_row
from registry.access.policy import require
from registry.access.scope import ScopeParameter, scope_parameter
from registry.cases.model import StoredEvent
from registry.cases.ports import Codebook
from registry.cases.recode_ports import BatchState, RecodeBatch, RecodeStore, RecodeWriter, Replacement
from registry.cases.recoding import (
    Choice,
    Choices,
    CodeCount,
    RecodedEvent,
    RecodeOutcome,
    codes_in,
    recode_event,
    restore_event,
    touched_variables,
)
from registry.classification.catalogue import Catalogue, VersionChoice
from registry.classification.correspondence import VersionKey
from registry.classification.recode_rules import RecodeRules, recode_rules
from registry.errors import RecodeBatchUnknown, RecodeUnclear
from registry.identifiers import BatchId, EntityId, EventId, Notation, SchemeId, VersionTag

CHUNK: Final = 500
"""Records a transaction: each is read and written whole."""
WAITING_TOLD: Final = 1_000
"""Codes that need a person, told in a report; all of them go to whoever gave a function for it."""
RECODE: Final = "recode records"
UNDO: Final = "undo recode batch"


@dataclass(frozen=True, slots=True)
class WaitingCode:
    """One code of one record that needs a person: choose among ``targets``, or where there are none freely."""

    event: EventId
    entity: EntityId
    part: str | None
    field: str
    variable: str
    code: Notation
    targets: tuple[Notation, ...]


@dataclass(frozen=True, slots=True)
class ChoiceFault:
    """What is wrong with one decision; ``row`` counts from 1 in the order given."""

    row: int
    column: str
    rule: str
    expected: str = ""


@dataclass(frozen=True, slots=True)
class RecodeOrder:
    """What is wanted. ``id`` is random and becomes the batch's, unless an interrupted batch is gone on with.

    ``after`` and ``first`` take a stretch of the records in order of their ids; without them all.
    """

    scheme: SchemeId
    target: VersionTag
    id: BatchId
    source: VersionTag | None = None
    choices: tuple[Choice, ...] = ()
    is_dry: bool = False
    after: str | None = None
    first: int | None = None


@dataclass(frozen=True, slots=True)
class RecodeReport:
    """What a re-coding did, or would do.

    ``moved`` and ``waiting`` are events. ``next`` is where to go on, where only a stretch was asked for.
    """

    source: VersionKey
    target: VersionKey
    rules: str
    moved: int = 0
    waiting: int = 0
    codes: tuple[CodeCount, ...] = ()
    first_waiting: tuple[WaitingCode, ...] = ()
    batch: RecodeBatch | None = None
    next: str | None = None
    faults: tuple[ChoiceFault, ...] = ()


Progress = Callable[[int], None]
"""Told after each chunk how many records were looked at."""
Told = Callable[[WaitingCode], None]


@dataclass(slots=True)
class _Tally:
    """What has been found so far."""

    moved: int = 0
    waiting: int = 0
    codes: Counter[tuple[str, str, str, RecodeOutcome]] = field(default_factory=Counter)
    first_waiting: list[WaitingCode] = field(default_factory=list)

    def add(self, recoded: RecodedEvent, rules: RecodeRules, tell: Told | None) -> None:
        record = recoded.before.record
        outcomes = {(record.entity, each.variable, each.code, each.outcome) for each in recoded.codes}
        self.codes.update(outcomes)
        if recoded.after is not None:
            return
        self.waiting += 1
        for each in recoded.waiting:
            told = WaitingCode(
                record.id,
                record.entity,
                each.place.part,
                each.place.field,
                each.variable,
                each.code,
                rules.choices.get(each.code, ()),
            )
            if tell is not None:
                tell(told)
            if len(self.first_waiting) < WAITING_TOLD:
                self.first_waiting.append(told)


@dataclass(frozen=True, slots=True)
class RecodeRooms:
    """Where records are, and the words they are coded in."""

    store: RecodeStore
    catalogue: Catalogue
    codebook: Codebook


async def recode(
    rooms: RecodeRooms,
    order: RecodeOrder,
    *,
    actor: Actor,
    circumstances: Circumstances = UNTOLD,
    progress: Progress | None = None,
    tell: Told | None = None,
) -> RecodeReport:
    """Move every record inside the actor's scope that rules and decisions can move; the others stay as they are.

    A second run finds only what is left; an interrupted run is gone on with in the same batch. While a decision is
    faulty nothing is written and the report holds the faults alone. Raises `NotAllowed`, `SchemeUnknown`,
    `VersionUnknown`, `RecodeUnclear`.
    """
    require_recoder(actor)
    scope = scope_parameter(own_scope(actor))
    source = await source_of(rooms, order, scope)
    rules = recode_rules(rooms.catalogue, order.scheme, old=source, new=order.target)
    faults = await choice_faults(rooms.store, order.choices, rules, scope=scope)
    if faults:
        return RecodeReport(rules.source, rules.target, rules.digest, faults=tuple(faults))
    work = _Work(rooms, order, rules, Choices.of(order.choices), scope, actor, circumstances, progress, tell)
    return await work.run()


def require_recoder(actor: Actor) -> None:
    """Return for whoever may import records and sees them as they are; raise `NotAllowed` or `PurposeMissing`."""
    require(actor, Right.IMPORT_RECORDS)
    require(actor, Right.READ_IDENTIFIED)


def own_scope(actor: Actor) -> Scope:
    """The actor's scope without emergency openings: they show, and change nothing."""
    return replace(actor.scope, opened=frozenset())


async def source_of(rooms: RecodeRooms, order: RecodeOrder, scope: ScopeParameter) -> VersionTag:
    """The version to go from: the one named, or the only other one that records inside the scope hold."""
    target = rooms.catalogue.resolve(order.scheme, VersionChoice(version=order.target)).tag.version
    if order.source is not None:
        return order.source.version
    codings = await rooms.store.codings(scope=scope)
    held = {named[1] for coding in codings.values() for named in coding.values() if named[0] == order.scheme}
    others = sorted(held - {target}, key=lambda tag: tag.numbers)
    if len(others) != 1:
        versions = ", ".join(others) or "no other version"
        raise RecodeUnclear(scheme=order.scheme, versions=versions, target=target)
    return others[0]


async def choice_faults(
    store: RecodeStore, choices: Sequence[Choice], rules: RecodeRules, *, scope: ScopeParameter
) -> list[ChoiceFault]:
    """What is wrong with decisions, by row. An event beyond the scope is unknown, like one that is not there."""
    held = await _held(store, {choice.event for choice in choices}, rules, scope)
    seen: dict[tuple[str, str | None, str], Notation] = {}
    faults = []
    for row, choice in enumerate(choices, start=1):
        fault = _fault(choice, held, rules)
        key = (choice.event, choice.part, choice.code)
        if fault is None and seen.setdefault(key, choice.chosen) != choice.chosen:
            fault = ("chosen", "decided_otherwise", "one decision a code, event and part")
        if fault is not None:
            faults.append(ChoiceFault(row, *fault))
    return faults


def _fault(
    choice: Choice, held: dict[str, set[tuple[str | None, str]] | None], rules: RecodeRules
) -> tuple[str, str, str] | None:
    """Column, rule and what was expected; None for a sound decision. An event moved already is no fault: ask again."""
    if choice.event not in held:
        return ("event", "event_unknown", "an event that you may see")
    codes = held[choice.event]
    if codes is not None and not any(code == choice.code and choice.part in (None, part) for part, code in codes):
        return ("code", "code_not_held", "a code that the event, or that part of it, holds")
    if choice.code not in rules.choices:
        return ("code", "no_decision_needed", f"a code of {' '.join(rules.source)} that needs a person")
    if not rules.allows(choice.code, choice.chosen):
        targets = rules.choices[choice.code]
        return ("chosen", "not_among_targets", ", ".join(targets) or f"a code of {' '.join(rules.target)}")
    return None


async def _held(
    store: RecodeStore, events: set[EventId], rules: RecodeRules, scope: ScopeParameter
) -> dict[str, set[tuple[str | None, str]] | None]:
    """By event inside the scope: its codes of the source version, each with its part; None once it has moved."""
    found: dict[str, set[tuple[str | None, str]] | None] = {}
    for ids in _cut(sorted(events)):
        for stored in await store.events(ids, scope=scope):
            if touched_variables(stored.coding, rules.source):
                found[stored.record.id] = {(place.part, code) for place, _, code in codes_in(stored, rules.source)}
            elif touched_variables(stored.coding, rules.target):
                found[stored.record.id] = None
    return found


@dataclass(frozen=True, slots=True)
class _Work:
    """One re-coding under way."""

    rooms: RecodeRooms
    order: RecodeOrder
    rules: RecodeRules
    choices: Choices
    scope: ScopeParameter
    actor: Actor
    circumstances: Circumstances
    progress: Progress | None
    tell: Told | None
    tally: _Tally = field(default_factory=_Tally)

    async def run(self) -> RecodeReport:
        ids = await self._ids()
        wanted = ids if self.order.first is None else ids[: self.order.first]
        rest = wanted[-1] if len(wanted) < len(ids) else None
        if self.order.is_dry:
            await self._look(wanted)
            return self._report(None, rest)
        async with self.rooms.store.bulk(self.rooms.codebook) as writer:
            batch = await self._move(writer, wanted, is_last=rest is None)
        return self._report(batch, rest)

    async def _ids(self) -> list[EventId]:
        """Every record of the source version, by id, from where this stretch begins."""
        codings = await self.rooms.store.codings(scope=self.scope)
        named = [id_ for id_, coding in codings.items() if touched_variables(coding, self.rules.source)]
        if not named:
            return []
        after = self.order.after or ""
        return sorted([id_ async for id_ in self.rooms.store.events_in(named, scope=self.scope) if id_ > after])

    async def _look(self, ids: Sequence[EventId]) -> None:
        done = 0
        for chunk in _cut(ids):
            found = await self._examined(chunk)
            self.tally.moved += sum(each.after is not None for each in found)
            done += len(chunk)
            self._tell(done)

    async def _move(self, writer: RecodeWriter, ids: Sequence[EventId], *, is_last: bool) -> RecodeBatch | None:
        wanted = self._batch()
        batch = await writer.interrupted(wanted)
        done = 0
        for chunk in _cut(ids):
            movable = [each.before.record.id for each in await self._examined(chunk) if each.after is not None]
            if movable:
                batch = batch or await writer.open_batch(wanted, audit=self._row(wanted.id, (), "begin"))
                self.tally.moved += await self._replace(writer, batch.id, movable, part=done)
            done += len(chunk)
            self._tell(done)
        if batch is None or not is_last:
            return batch
        at, name = self.circumstances.at, self.actor.name
        await writer.close_batch(
            batch.id, BatchState.DONE, by=name, at=at, audit=self._row(batch.id, (), f"end {self.order.id}")
        )
        return replace(batch, state=BatchState.DONE)

    async def _replace(self, writer: RecodeWriter, batch: BatchId, ids: Sequence[EventId], *, part: int) -> int:
        return await writer.replace(
            batch,
            ids,
            self._replacement,
            scope=self.scope,
            audit=lambda moved: self._row(batch, moved, f"{self.order.id} {part}"),
        )

    def _replacement(self, stored: StoredEvent) -> Replacement | None:
        """The record moved; None when another has moved it meanwhile."""
        if not touched_variables(stored.coding, self.rules.source):
            return None
        recoded = recode_event(stored, self.rules, self.rooms.codebook, self.choices)
        return None if recoded.after is None else Replacement(recoded.after, recoded.kept)

    async def _examined(self, chunk: Sequence[EventId]) -> list[RecodedEvent]:
        found = []
        for stored in await self.rooms.store.events(chunk, scope=self.scope):
            recoded = recode_event(stored, self.rules, self.rooms.codebook, self.choices)
            self.tally.add(recoded, self.rules, self.tell)
            found.append(recoded)
        return found

    def _batch(self) -> RecodeBatch:
        return RecodeBatch(
            id=self.order.id,
            actor=self.actor.name,
            at=self.circumstances.at,
            source=self.rules.source,
            target=self.rules.target,
            rules=self.rules.digest,
            decisions=choices_digest(self.order.choices),
        )

    def _row(self, batch: BatchId, records: Iterable[EventId], part: str) -> AuditRow:
        return act_row(self.actor, RECODE, self.circumstances, batch, records, part)

    def _tell(self, done: int) -> None:
        if self.progress is not None:
            self.progress(done)

    def _report(self, batch: RecodeBatch | None, rest: EventId | None) -> RecodeReport:
        counts = sorted(self.tally.codes.items())
        return RecodeReport(
            source=self.rules.source,
            target=self.rules.target,
            rules=self.rules.digest,
            moved=self.tally.moved,
            waiting=self.tally.waiting,
            codes=tuple(
                CodeCount(EntityId(entity), variable, Notation(code), outcome, events)
                for (entity, variable, code, outcome), events in counts
            ),
            first_waiting=tuple(self.tally.first_waiting),
            batch=batch,
            next=rest,
        )


async def undo_recode(
    rooms: RecodeRooms,
    batch: BatchId,
    *,
    act: BatchId,
    actor: Actor,
    circumstances: Circumstances = UNTOLD,
    progress: Progress | None = None,
) -> int:
    """Give the batch's records back their old codes and coding; how many went back.

    Records that a later batch moved again, or that were delivered anew, stay as they are. Only who made the batch sees
    an empty one. ``act`` is random and names the audit rows. Raises `NotAllowed`, `RecodeBatchUnknown`.
    """
    require_recoder(actor)
    scope = scope_parameter(own_scope(actor))
    known = {each.id: each for each in await rooms.store.batches(actor.name, scope=scope)}
    if batch not in known:
        raise RecodeBatchUnknown(batch=batch)

    def back(stored: StoredEvent) -> Replacement | None:
        if not stored.recodings or stored.recodings[-1].batch != batch:
            return None
        return Replacement(restore_event(stored, rooms.codebook), None)

    def row(records: Iterable[EventId], part: str) -> AuditRow:
        return act_row(actor, UNDO, circumstances, batch, records, f"{act} {part}")

    undone = 0
    async with rooms.store.bulk(rooms.codebook) as writer:
        ids = sorted([id_ async for id_ in rooms.store.events_of(batch, scope=scope)])
        for number, chunk in enumerate(_cut(ids)):
            undone += await writer.replace(batch, chunk, back, scope=scope, audit=partial(row, part=str(number)))
            if progress is not None:
                progress(undone)
        if known[batch].actor == actor.name:
            await writer.close_batch(batch, BatchState.UNDONE, by=actor.name, at=circumstances.at, audit=row((), "end"))
    return undone


async def recode_batches(store: RecodeStore, *, actor: Actor) -> Sequence[RecodeBatch]:
    """The actor's own batches and those that moved a record inside the actor's scope, newest first.

    For who sees records as they are: to others a record's batch is a pseudonym.
    """
    require(actor, Right.READ_CASES)
    require(actor, Right.READ_IDENTIFIED)
    return await store.batches(actor.name, scope=scope_parameter(actor.scope))


def choices_digest(choices: Sequence[Choice]) -> str:
    """SHA-256 of decisions whatever their order, in hexadecimal; empty for none."""
    if not choices:
        return ""
    told = sorted([each.event, each.code, each.chosen, each.part or ""] for each in choices)
    return hashlib.sha256(json.dumps(told, separators=(",", ":")).encode()).hexdigest()


def act_row(
    actor: Actor, act: str, circumstances: Circumstances, batch: BatchId, records: Iterable[EventId], part: str
) -> AuditRow:
    """The row of one chunk; its id follows from the act's random id, so that a repeated write is harmless."""
    return audit_row(
        id=hashlib.sha256(f"{act}|{batch}|{part}".encode()).hexdigest()[:32],
        actor=actor,
        act=act,
        circumstances=circumstances,
        records=records,
        subject=batch,
    )


def _cut(ids: Sequence[EventId]) -> Iterable[Sequence[EventId]]:
    """The ids in chunks."""
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
