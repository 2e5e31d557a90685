"""The general import format ``ictip-events``: one event a line as JSON, after a header line.

Lives here: a line's document as an event record, or its faults by field. Elsewhere: the format in words, with an
example (docs/import-format.md), lines (``formats``), values (``values``), what values cannot be together
(``registry.cases.derivation``).

A fault's column is the path of the field, ``victims[0].values.svx``; a field that there is not is told by its position
in its object, because its name may be anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from registry.cases.identity import Identities
from registry.cases.model import (
    FORM,
    Coding,
    Decision,
    EventRecord,
    Identifier,
    IdentifierKind,
    Link,
    Moment,
    Participation,
    ReportingEntity,
    Role,
    SourceType,
    Stage,
    Value,
)
from registry.cases.ports import Codebook
from registry.classification.model import UnitOfDescription
from registry.errors import FileEmpty, HeaderMalformed, IdentifierMalformed
from registry.identifiers import BatchId, EntityId, Notation, PersonId, SchemeId, VersionTag
from registry.intake.formats import Document
from registry.intake.model import Fault, FaultCode, ReadRow
from registry.intake.values import ReaderSet, ValueReader, as_texts, belongs

FORMAT_NAME: Final = "ictip-events"
FORMAT_VERSION: Final = "1.0"
KEY_LIMIT: Final = 200
"""Characters of a key: several times the longest case numbers."""
PARTS_LIMIT: Final = 10_000
"""Victims and perpetrators of one event; the largest cases on record have some hundreds."""
ENTITIES_LIMIT: Final = 10_000
IDENTIFIERS_LIMIT: Final = 50
"""Identifiers of one kind that one part tells."""
IDENTIFIER_FIELDS: Final = frozenset(kind.value for kind in IdentifierKind)

HEADER_FIELDS: Final = frozenset({"format", "version", "source_type", "entities", "releases", "remark", "invented"})
EVENT_FIELDS: Final = frozenset(
    {
        "key", "entity", "values", "forms", "form_text", "transits",
        "victims", "perpetrators", "decisions", "links", "identifiers",
    }
)  # fmt: skip
PART_FIELDS: Final[Mapping[Role, frozenset[str]]] = {
    Role.VICTIM: frozenset({"key", "person", "group", "values", "forms", "identifiers"}),
    Role.PERPETRATOR: frozenset({"key", "person", "group", "values", "stages", "identifiers"}),
}
UNITS: Final[Mapping[Role, UnitOfDescription]] = {
    Role.VICTIM: UnitOfDescription.VICTIM,
    Role.PERPETRATOR: UnitOfDescription.PERPETRATOR,
}

Object = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class EventsHeader:
    """The first line: who reports (the first entity is the deliverer), what kind of source, which releases."""

    source_type: SourceType
    entities: tuple[ReportingEntity, ...]
    releases: Mapping[SchemeId, VersionTag]
    invented: bool = False
    """Made by a generator: for a store marked a sample, and for no other."""


def read_header(document: Document | Fault | None, *, file: str) -> EventsHeader:
    """The header of a file's first line. Raises `FileEmpty` and `HeaderMalformed`."""
    if document is None:
        raise FileEmpty(file=file)
    if isinstance(document, Fault):
        raise HeaderMalformed(file=file, expected=document.expected)
    content = document.content
    for holds, expected in (
        (content.get("format") == FORMAT_NAME, f'"format": "{FORMAT_NAME}"'),
        (content.get("version") == FORMAT_VERSION, f'"version": "{FORMAT_VERSION}"'),
        (content.keys() <= HEADER_FIELDS, "no other fields than " + ", ".join(sorted(HEADER_FIELDS))),
        (content.get("source_type") in set(SourceType), '"source_type": one of ' + ", ".join(SourceType)),
        (content.get("invented", False) in (True, False), '"invented": true or false'),
    ):
        if not holds:
            raise HeaderMalformed(file=file, expected=expected)
    try:
        return EventsHeader(
            SourceType(str(content["source_type"])),
            _entities(content.get("entities")),
            _releases(content),
            invented=content.get("invented") is True,
        )
    except (IdentifierMalformed, ValueError) as problem:
        raise HeaderMalformed(file=file, expected=str(problem)) from None


def _entities(raw: object) -> tuple[ReportingEntity, ...]:
    expected = f'"entities": 1 to {ENTITIES_LIMIT} objects with id and name, type and area or without'
    if not isinstance(raw, list) or not 0 < len(raw) <= ENTITIES_LIMIT:
        raise ValueError(expected)
    entities = []
    for each in raw:
        if not isinstance(each, dict) or not each.keys() <= {"id", "name", "type", "area"}:
            raise ValueError(expected)
        texts = {field: text for field, text in each.items() if isinstance(text, str) and text}
        if len(texts) < len(each) or not {"id", "name"} <= texts.keys():
            raise ValueError(expected)
        type_, area = texts.get("type"), texts.get("area")
        entities.append(
            ReportingEntity(
                EntityId(texts["id"]),
                texts["name"],
                Notation(type_) if type_ else None,
                Notation(area) if area else None,
            )
        )
    return tuple(entities)


def _releases(content: Object) -> Mapping[SchemeId, VersionTag]:
    raw = content.get("releases", {})
    if not isinstance(raw, dict) or not all(isinstance(version, str) for version in raw.values()):
        raise ValueError('"releases": an object of scheme and version')
    return {SchemeId(scheme): VersionTag(version) for scheme, version in raw.items()}


class EventsReader:
    """Reads the events of one file."""

    def __init__(self, header: EventsHeader, codebook: Codebook, *, entity: EntityId | None = None) -> None:
        self._readers = ReaderSet(codebook, header.releases)
        self._entities = {each.id: each.id for each in header.entities}
        self._deliverer = entity or header.entities[0].id
        self._entities[self._deliverer] = self._deliverer
        self._by_unit: dict[UnitOfDescription, dict[str, ValueReader]] = {unit: {} for unit in UnitOfDescription}

    @property
    def coding(self) -> Coding:
        """The list version of each variable that has occurred so far."""
        return self._readers.coding

    def read(self, document: Document, *, batch: BatchId, identities: Identities) -> ReadRow:
        """The event of a line, or its faults."""
        reading = _Reading(document.number, self, identities)
        record = reading.event(document.content, batch)
        if reading.faults:
            return ReadRow(document.number, None, tuple(reading.faults))
        return ReadRow(document.number, record)

    def entity(self, raw: object) -> EntityId | None:
        """The entity of that id if the header lists it; the deliverer when none is named."""
        if raw is None:
            return self._deliverer
        return self._entities.get(raw) if isinstance(raw, str) else None  # type: ignore[call-overload]

    def value_reader(self, variable: str, unit: UnitOfDescription) -> ValueReader | FaultCode:
        """The reader of a variable on a unit of description; or why there is none."""
        found = self._by_unit[unit].get(variable)
        if found is not None:
            return found
        reader = self._readers.reader(variable)
        if reader is None:
            return FaultCode.VARIABLE_UNKNOWN
        if not belongs(reader.facts, unit):
            return FaultCode.VARIABLE_MISPLACED
        self._by_unit[unit][variable] = reader
        return reader

    def codes(self, variable: str, texts: Sequence[str]) -> tuple[tuple[Notation, ...], str | None]:
        """The codes that texts name in the variable's list, as often as told; else what was expected."""
        codes, findings = self._readers.codes(variable, texts)
        return codes, (findings[0].expected if findings else None)


class _Reading:
    """One line being read: its faults so far, by field."""

    __slots__ = ("_entity", "_identities", "_key", "_reader", "_row", "faults")

    def __init__(self, row: int, reader: EventsReader, identities: Identities) -> None:
        self._row = row
        self._reader = reader
        self._identities = identities
        self._key = ""
        self._entity = EntityId("none")
        self.faults: list[Fault] = []

    def event(self, content: Object, batch: BatchId) -> EventRecord | None:
        """The record; None where key or entity fail, since everything else hangs on them."""
        self._only(content, EVENT_FIELDS, "")
        key = self._key_text(content.get("key"), "key")
        entity = self._reader.entity(content.get("entity"))
        if entity is None:
            self._fault("entity", FaultCode.ENTITY_UNKNOWN, "an entity of the header")
        if key is None or entity is None:
            return None
        self._key, self._entity = key, entity
        parts = [
            *self._parts(content, "victims", Role.VICTIM),
            *self._parts(content, "perpetrators", Role.PERPETRATOR),
        ]
        return EventRecord(
            id=self._identities.event(entity, key),
            entity=entity,
            source_key=key,
            batch=batch,
            values=self._values(content, UnitOfDescription.EVENT, ""),
            forms=self._codes(content, "forms", FORM, ""),
            form_text=self._form_text(content),
            transits=self._passed(content),
            participations=tuple(parts),
            decisions=tuple(self._decisions(content)),
            links=tuple(self._links(content, {part.key: part for part in parts})),
            identifiers=self._identifiers(content, ""),
        )

    def _parts(self, content: Object, field: str, role: Role) -> list[Participation]:
        parts: list[Participation] = []
        keys: set[str] = set()
        for place, each in self._objects(content, field, PARTS_LIMIT, PART_FIELDS[role]):
            key = each.get("key")
            name = f"{role.value[0]}{len(parts) + 1}" if key is None else self._key_text(key, f"{place}.key")
            if name is None:
                continue
            if name in keys:
                self._fault(f"{place}.key", FaultCode.KEY_REPEATED, "another key than the parts before")
            keys.add(name)
            parts.append(self._part(each, role, name, place))
        return parts

    def _part(self, content: Object, role: Role, key: str, place: str) -> Participation:
        group = content.get("group", False)
        person = content.get("person")
        if not isinstance(group, bool) or (group and person is not None):
            self._fault(f"{place}.group", FaultCode.TYPE_WRONG, "true or false, and never true beside a person")
        return Participation(
            role=role,
            key=key,
            person=None if group is True else self._person(person, key, place),
            values=self._values(content, UNITS[role], f"{place}.", several=group is True),
            forms=self._codes(content, "forms", FORM, f"{place}.") if role is Role.VICTIM else (),
            stages=tuple(self._stages(content, place)) if role is Role.PERPETRATOR else (),
            identifiers=self._identifiers(content, f"{place}."),
        )

    def _identifiers(self, content: Object, place: str) -> tuple[Identifier, ...]:
        """Identifiers by kind, each a text or several; only their tokens go on from here."""
        raw = content.get("identifiers")
        if raw is None:
            return ()
        if not isinstance(raw, dict):
            self._fault(f"{place}identifiers", FaultCode.TYPE_WRONG, "an object of kinds and texts")
            return ()
        self._only(raw, IDENTIFIER_FIELDS, f"{place}identifiers.")
        found: list[Identifier | None] = []
        for kind in IdentifierKind:
            column = f"{place}identifiers.{kind.value}"
            texts = as_texts(raw.get(kind.value, []))
            if texts is None:
                self._fault(column, FaultCode.TYPE_WRONG, "a text or a list of texts")
            elif len(texts) > IDENTIFIERS_LIMIT:
                self._fault(column, FaultCode.TOO_MANY, f"at most {IDENTIFIERS_LIMIT}")
            else:
                found += [self._identifier(kind, text, column) for text in texts]
        return tuple(sorted({identifier for identifier in found if identifier is not None}))

    def _identifier(self, kind: IdentifierKind, text: str, column: str) -> Identifier | None:
        identifier = self._identities.identifier(kind, text) if len(text) <= KEY_LIMIT else None
        if identifier is None:
            expected = f"1 to {KEY_LIMIT} characters, a letter or digit among them"
            self._fault(column, FaultCode.IDENTIFIER_MALFORMED, expected)
        return identifier

    def _person(self, raw: object, part: str, place: str) -> PersonId | None:
        if raw is None:
            return self._identities.part(self._entity, self._key, part)
        key = self._key_text(raw, f"{place}.person")
        return self._identities.person(self._entity, key) if key is not None else None

    def _values(
        self, content: Object, unit: UnitOfDescription, place: str, *, several: bool = False
    ) -> dict[Notation, Value]:
        raw = content.get("values")
        if raw is None:
            return {}
        if not isinstance(raw, dict):
            self._fault(f"{place}values", FaultCode.TYPE_WRONG, "an object of variables and values")
            return {}
        values: dict[Notation, Value] = {}
        for number, (variable, told) in enumerate(raw.items(), start=1):
            reader = self._reader.value_reader(variable, unit)
            if not isinstance(reader, ValueReader):
                self._fault(f"{place}values[field {number}]", reader, f"a variable of {unit.value}")
                continue
            coded = reader.read(told, several=several)
            if coded.value is not None:
                values[reader.facts.code] = coded.value
            for finding in coded.findings:
                self._fault(f"{place}values.{reader.facts.code}", finding.rule, finding.expected)
        return values

    def _decisions(self, content: Object) -> Iterable[Decision]:
        for place, each in self._objects(content, "decisions", PARTS_LIMIT, frozenset({"entity", "values"})):
            entity = self._reader.entity(each.get("entity"))
            if entity is None:
                self._fault(f"{place}.entity", FaultCode.ENTITY_UNKNOWN, "an entity of the header")
            else:
                yield Decision(entity, self._values(each, UnitOfDescription.REPORTING_ENTITY, f"{place}."))

    def _stages(self, content: Object, place: str) -> Iterable[Stage]:
        fields = frozenset({"status", "date", "entity"})
        for at, each in self._objects(content, "stages", PARTS_LIMIT, fields, within=f"{place}."):
            status = self._codes(each, "status", "ccs", f"{at}.")
            entity = self._reader.entity(each["entity"]) if "entity" in each else None
            if "entity" in each and entity is None:
                self._fault(f"{at}.entity", FaultCode.ENTITY_UNKNOWN, "an entity of the header")
            if len(status) != 1:
                self._fault(f"{at}.status", FaultCode.FIELD_MISSING, "one code")
                continue
            yield Stage(status[0], self._date(each, at), entity)

    def _date(self, content: Object, place: str) -> Moment | None:
        reader = self._reader.value_reader("dat", UnitOfDescription.EVENT)
        if "date" not in content or not isinstance(reader, ValueReader):
            return None
        value = reader.read(content["date"]).value
        if value is not None and isinstance(value.content, Moment):
            return value.content
        self._fault(f"{place}.date", "date_malformed", "a date as EDTF text")
        return None

    def _links(self, content: Object, parts: Mapping[str, Participation]) -> Iterable[Link]:
        fields = frozenset({"source", "target", "relationship"})
        for place, each in self._objects(content, "links", PARTS_LIMIT, fields):
            ends = [
                parts.get(end) if isinstance(end, str) else None for end in (each.get("source"), each.get("target"))
            ]
            codes = self._codes(each, "relationship", "rtv", f"{place}.")
            people = [end.person for end in ends if end is not None and end.person is not None]
            if len(people) != 2 or people[0] == people[1]:
                self._fault(place, FaultCode.LINK_DANGLING, "source and target: keys of two parts that are no groups")
            elif len(codes) != 1:
                self._fault(f"{place}.relationship", FaultCode.FIELD_MISSING, "one code")
            else:
                yield Link(people[0], people[1], codes[0])

    def _passed(self, content: Object) -> tuple[Notation, ...]:
        """The areas passed through, in order: a return counts, an area told twice running is one stay."""
        return tuple(area for area, _ in groupby(self._in_order(content, "transits", "coe", "")))

    def _codes(self, content: Object, field: str, variable: str, place: str) -> tuple[Notation, ...]:
        """The codes of a field, each once."""
        return tuple(dict.fromkeys(self._in_order(content, field, variable, place)))

    def _in_order(self, content: Object, field: str, variable: str, place: str) -> tuple[Notation, ...]:
        """The codes of a field, as often as told."""
        raw = content.get(field)
        if raw is None:
            return ()
        texts = as_texts(raw)
        if texts is None:
            self._fault(f"{place}{field}", FaultCode.TYPE_WRONG, "a code or a list of codes")
            return ()
        codes, expected = self._reader.codes(variable, texts)
        if expected is not None:
            self._fault(f"{place}{field}", "code_unknown", expected)
        return codes

    def _form_text(self, content: Object) -> str | None:
        raw = content.get("form_text")
        if raw is None or (isinstance(raw, str) and 0 < len(raw) <= 10_000 and "\0" not in raw):
            return raw
        self._fault("form_text", "text_unsound", "a text of at most 10,000 characters")
        return None

    def _objects(
        self, content: Object, field: str, limit: int, fields: frozenset[str], within: str = ""
    ) -> Iterable[tuple[str, Object]]:
        """The objects of a list field with their paths; faults for what else stands there."""
        raw = content.get(field)
        if raw is None:
            return
        if not isinstance(raw, list):
            self._fault(f"{within}{field}", FaultCode.TYPE_WRONG, "a list of objects")
            return
        if len(raw) > limit:
            self._fault(f"{within}{field}", FaultCode.TOO_MANY, f"at most {limit}")
            return
        for number, each in enumerate(raw):
            place = f"{within}{field}[{number}]"
            if isinstance(each, dict):
                self._only(each, fields, f"{place}.")
                yield place, each
            else:
                self._fault(place, FaultCode.TYPE_WRONG, "an object")

    def _only(self, content: Object, fields: frozenset[str], place: str) -> None:
        if content.keys() <= fields:
            return
        for number, name in enumerate(content, start=1):
            if name not in fields:
                self._fault(f"{place}[field {number}]", FaultCode.FIELD_UNKNOWN, ", ".join(sorted(fields)))

    def _key_text(self, raw: object, place: str) -> str | None:
        if raw is None:
            self._fault(place, FaultCode.FIELD_MISSING, "a key")
            return None
        if isinstance(raw, str) and 0 < len(raw) <= KEY_LIMIT and raw.isprintable():
            return raw
        self._fault(place, FaultCode.KEY_MALFORMED, f"a text of 1 to {KEY_LIMIT} characters")
        return None

    def _fault(self, column: str, code: str, expected: str) -> None:
        self.faults.append(Fault(self._row, column, code, expected))
