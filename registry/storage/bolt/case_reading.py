"""Rows of the case graph back into records.

Lives here: one event, part, decision or relation of a row. Elsewhere: records into rows (``case_rows``), asking for
rows (``cases``, ``recoding``, ``code_use``).
"""

from __future__ import annotations

from typing import Final

from registry.cases.model import Coding, Decision, EventRecord, Link, Participation, Recoding, Role, StoredEvent
from registry.cases.recoding import read_kept
from registry.errors import RowMalformed
from registry.identifiers import BatchId, EntityId, EventId, Notation, PersonId
from registry.storage.bolt import records
from registry.storage.bolt.case_rows import decode_coding, decode_identifiers, decode_stage
from registry.storage.bolt.case_values import Properties, read_values

_ROLES: Final = {"VICTIM_IN": Role.VICTIM, "PERPETRATOR_IN": Role.PERPETRATOR}


def read_event(row: Properties) -> StoredEvent:
    event = _map(row, "event")
    parts = [read_part(part) for part in records.rows(row, "parts")]
    parts += [_read_group(group) for group in records.rows(row, "groups")]
    record = EventRecord(
        id=EventId(records.text(event, "id")),
        entity=EntityId(records.text(event, "entity")),
        source_key=records.text(event, "record_key"),
        batch=BatchId(records.text(event, "batch")),
        values=read_values(event),
        forms=_notations(event, "forms"),
        form_text=records.optional_text(event, "form_text"),
        transits=_notations(event, "transits"),
        participations=tuple(sorted(parts, key=lambda part: part.key)),
        decisions=tuple(_read_decision(each) for each in sorted(records.rows(row, "decisions"), key=_decision_order)),
        links=tuple(sorted((read_link(link) for link in records.rows(row, "links")), key=link_order)),
        identifiers=decode_identifiers(_texts(event, "tokens")),
    )
    return StoredEvent(record, read_coding(row), _read_recodings(row))


def _read_recodings(row: Properties) -> tuple[Recoding, ...]:
    """The record's re-codings, oldest first."""
    told = sorted(records.rows(row, "recodings"), key=lambda each: records.whole(each, "number"))
    return tuple(
        Recoding(BatchId(records.text(each, "batch")), read_coding(each), read_kept(records.text(each, "kept")))
        for each in told
    )


def read_coding(row: Properties) -> Coding:
    return decode_coding(records.texts(row, "coding"))


def read_part(row: Properties) -> Participation:
    """A person's part: its key is what stands behind the event's id in the relationship's key."""
    properties = _map(row, "properties")
    return Participation(
        role=_ROLES[records.text(row, "type")],
        key=records.text(properties, "key").partition("|")[2],
        person=PersonId(records.text(row, "person")),
        values=read_values(properties),
        forms=_notations(properties, "forms"),
        stages=tuple(decode_stage(text) for text in _texts(properties, "stages")),
        identifiers=decode_identifiers(_texts(properties, "tokens")),
    )


def _read_group(properties: Properties) -> Participation:
    return Participation(
        role=Role(records.text(properties, "role")),
        key=records.text(properties, "key"),
        person=None,
        values=read_values(properties),
        forms=_notations(properties, "forms"),
        stages=tuple(decode_stage(text) for text in _texts(properties, "stages")),
        identifiers=decode_identifiers(_texts(properties, "tokens")),
    )


def _read_decision(row: Properties) -> Decision:
    return Decision(EntityId(records.text(row, "entity")), read_values(_map(row, "properties")))


def _decision_order(row: Properties) -> int:
    return records.whole(_map(row, "properties"), "key")


def read_link(row: Properties) -> Link:
    source, target = (PersonId(records.text(row, end)) for end in ("source", "target"))
    return Link(source, target, Notation(records.text(row, "relationship")))


def link_order(link: Link) -> tuple[str, str, str]:
    return (link.source, link.target, link.relationship)


def _map(row: Properties, column: str) -> Properties:
    value = row.get(column)
    if not isinstance(value, dict):
        raise RowMalformed(expected="map", column=column)
    return value


def _texts(properties: Properties, name: str) -> tuple[str, ...]:
    return records.texts(properties, name) if name in properties else ()


def _notations(properties: Properties, name: str) -> tuple[Notation, ...]:
    return tuple(Notation(text) for text in _texts(properties, name))
