"""Events as questions about many events see them, made from records in plain Python: what stores must agree with."""

from __future__ import annotations

from collections.abc import Iterable

from registry.cases.model import EventRecord, Role
from registry.identifiers import Notation
from registry.network.slice import CaseSlice, EventFacts, Part
from registry.storage.bolt.case_rows import place_of
from tests.oracle import _codes, _span


def facts_of(record: EventRecord) -> EventFacts:
    """One record."""
    span = _span(record)
    return EventFacts(
        id=record.id,
        place=place_of(record),
        entity=record.entity,
        since=int(span[0]) if span else None,
        until=int(span[1]) if span else None,
        exploited=tuple(_codes(record.values, Notation("coe"))),
        recorded=tuple(_codes(record.values, Notation("geo"))),
        tokens=tuple(f"{each.kind}:{each.token}" for each in record.identifiers),
        parts=tuple(
            Part(
                part.person,
                part.role is Role.VICTIM,
                tuple(_codes(part.values, Notation("rpp"))),
                tuple(f"{each.kind}:{each.token}" for each in part.identifiers),
            )
            for part in record.participations
            if part.person is not None
        ),
    )


def slice_of(records: Iterable[EventRecord]) -> CaseSlice:
    """Records as a slice."""
    return CaseSlice.of(map(facts_of, records))


def plain(event: EventFacts) -> tuple[object, ...]:
    """An event to compare by: lists and tuples alike, parts in order."""
    parts = sorted((part.person, part.is_victim, tuple(part.roles), tuple(part.tokens)) for part in event.parts)
    lists = (tuple(each) for each in (event.exploited, event.recorded, event.tokens))
    return (event.id, event.place, event.entity, event.since, event.until, *lists, parts)
