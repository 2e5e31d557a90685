"""Records as rows of the graph's nodes and relationships: what one chunk writes, worked out before it is sent.

Lives here: the shape of the case graph (ARCHITECTURE 5). Elsewhere: the statements (``cypher/cases.cypher``), values
as properties (``case_values``), rows back into records (``cases``).

::

    (:Person)-[:VICTIM_IN | PERPETRATOR_IN {key, forms, stages, values}]->(:Event {record, values})
    (:Group {key, role, values})-[:GROUP_IN]->(:Event)          several unnamed people told of as one: no Person
    (:Event)-[:IN_BATCH]->(:Batch)  -[:CODED_BY]->(:Coding)  -[:REPORTED_BY | DECIDED_BY]->(:ReportingEntity)
    (:Event)-[:RECORDED_IN | EXPLOITED_IN | TRANSITED]->(:Area)  -[:HAS_FORM {derived}]->(:Concept)
    (:Person)-[:CITIZEN_OF | RESIDED_IN]->(:Area)                derived from the parts' values
    (:Person)-[:RELATED_TO {event, relationship, told}]->(:Person)
    (:Event)-[:HAS_IDENTIFIER {person}]->(:Identifier {kind})    a keyed token; person "" where it is the event's own
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import orjson

from registry.access.scope import Placed, marks_of
from registry.cases.derivation import MIXED, summarise_forms
from registry.cases.model import (
    FORM,
    Batch,
    Codes,
    Coding,
    EventRecord,
    Identifier,
    IdentifierKind,
    Moment,
    Participation,
    Role,
    Stage,
    Values,
)
from registry.cases.moments import EARLIEST, LATEST
from registry.cases.sensitivity import kinds_of_record
from registry.identifiers import EntityId, Notation, SchemeId, VersionTag
from registry.storage.bolt.case_values import write_values

Row = dict[str, object]

CITIZENSHIPS: Final = (Notation("civ"), Notation("cip"))
RESIDENCE: Final = Notation("lcv")
EXPLOITATION: Final = Notation("coe")
RECORDING: Final = Notation("geo")
RECORDED: Final = Notation("dat")
BEGAN: Final = Notation("dab")
ENDED: Final = Notation("dae")

UNDATED: Final = LATEST - EARLIEST + 1
_KINDS: Final = (
    (re.compile(r"\d{3}"), "region"),
    (re.compile(r"XX[A-Z]"), "special"),
    (re.compile(r"[A-Z]{2}"), "country"),
    (re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}"), "subdivision"),
)


@dataclass(slots=True)
class Rows:
    """The rows of one chunk by statement, and what they need to be there before."""

    events: list[Row] = field(default_factory=list)
    people: dict[str, str] = field(default_factory=dict)
    parts: dict[Role, list[Row]] = field(default_factory=lambda: {role: [] for role in Role})
    groups: list[Row] = field(default_factory=list)
    decisions: list[Row] = field(default_factory=list)
    recorded_in: list[Row] = field(default_factory=list)
    exploited_in: list[Row] = field(default_factory=list)
    transited: list[Row] = field(default_factory=list)
    forms: list[Row] = field(default_factory=list)
    citizenships: dict[str, Row] = field(default_factory=dict)
    residences: dict[str, Row] = field(default_factory=dict)
    links: list[Row] = field(default_factory=list)
    identifiers: dict[str, Row] = field(default_factory=dict)
    identified: list[Row] = field(default_factory=list)

    def add(self, encoded: Encoded, coding: Coding) -> None:
        """Add one record."""
        record = encoded.record
        self.events.append({"entity": record.entity, "properties": encoded.properties})
        for part, properties in zip(record.participations, encoded.parts, strict=True):
            self._add_part(record, part, properties)
        for number, decision in enumerate(record.decisions):
            told: Row = {"key": number, **write_values(decision.values)}
            self.decisions.append({"event": record.id, "entity": decision.entity, "properties": told})
        self._add_areas(record)
        self._add_forms(record, coding)
        self._add_identifiers(record)
        for link in record.links:
            self.links.append(
                {"source": link.source, "target": link.target, "event": record.id, "relationship": link.relationship}
            )

    def _add_part(self, record: EventRecord, part: Participation, properties: Row) -> None:
        if part.person is None:
            told = {**properties, "id": properties["key"], "key": part.key, "role": part.role.value}
            self.groups.append({"event": record.id, "properties": told})
            return
        self.people[part.person] = record.entity
        self.parts[part.role].append({"person": part.person, "event": record.id, "properties": properties})
        for variable in CITIZENSHIPS:
            self._add_person_areas(self.citizenships, part.person, codes_of(part.values, variable))
        self._add_person_areas(self.residences, part.person, codes_of(part.values, RESIDENCE))

    def _add_person_areas(self, rows: dict[str, Row], person: str, areas: Iterable[str]) -> None:
        for area in areas:
            key = f"{person}|{area}"
            rows[key] = {"key": key, "person": person, "area": area}

    def _add_areas(self, record: EventRecord) -> None:
        for rows, variable in ((self.recorded_in, RECORDING), (self.exploited_in, EXPLOITATION)):
            rows.extend({"event": record.id, "area": code} for code in codes_of(record.values, variable))
        for order, area in enumerate(record.transits):
            self.transited.append({"event": record.id, "area": area, "order": order})

    def _add_identifiers(self, record: EventRecord) -> None:
        told = {(identifier, "") for identifier in record.identifiers}
        told |= {(identifier, part.person or "") for part in record.participations for identifier in part.identifiers}
        for identifier, person in sorted(told):
            self.identifiers[identifier.token] = {"id": identifier.token, "kind": identifier.kind.value}
            self.identified.append({"event": record.id, "identifier": identifier.token, "person": person})

    def _add_forms(self, record: EventRecord, coding: Coding) -> None:
        summary = summarise_forms(record)
        for form in summary.stored:
            derived = form == MIXED and not summary.told_mixed
            self.forms.append({"event": record.id, "concept": concept_id(coding, form), "derived": derived})


@dataclass(frozen=True, slots=True)
class Hubs:
    """The hub nodes that records point to."""

    areas: frozenset[str]
    forms: frozenset[str]
    entities: frozenset[str]


def hubs_of(records: Iterable[EventRecord]) -> Hubs:
    """The hubs of some records."""
    areas: set[str] = set()
    forms: set[str] = set()
    entities: set[str] = set()
    for record in records:
        areas.update(record.transits, codes_of(record.values, RECORDING), codes_of(record.values, EXPLOITATION))
        forms.update(summarise_forms(record).stored)
        entities.add(record.entity)
        entities.update(decision.entity for decision in record.decisions)
        for part in record.participations:
            for variable in (*CITIZENSHIPS, RESIDENCE):
                areas.update(codes_of(part.values, variable))
    return Hubs(frozenset(areas), frozenset(forms), frozenset(entities))


@dataclass(frozen=True, slots=True)
class Encoded:
    """A record with the properties of its event and of each of its parts."""

    record: EventRecord
    properties: Row
    parts: list[Row]


def encode_event(record: EventRecord, batch: Batch, coding: str) -> Encoded:
    """The record as properties; the event's ``digest`` is that of all it tells and of its coding, batch aside."""
    properties: Row = {
        "id": record.id,
        "entity": record.entity,
        "record_key": record.source_key,
        "coding": coding,
        "forms": record.forms,
        "place": place_of(record),
        **write_values(record.values),
    }
    if record.form_text is not None:
        properties["form_text"] = record.form_text
    if record.transits:
        properties["transits"] = record.transits
    if record.identifiers:
        properties["tokens"] = encode_identifiers(record.identifiers)
    span = span_of(record.values)
    if span is not None:
        properties["since"], properties["until"] = span
    parts = [encode_part(record, part) for part in record.participations]
    properties["digest"] = _digest(record, properties, parts)
    properties["batch"] = batch.id
    properties["holder"] = record.entity
    properties["marks"] = marks_of(kinds_of_record(record))
    if country := country_of(record.values):
        properties["country"] = country
    return Encoded(record, properties, parts)


def place_of_new(event: Encoded) -> Placed:
    """What decides who sees an event that is stored for the first time."""
    told, marks = event.properties.get("country"), event.properties["marks"]
    assert isinstance(marks, int)  # noqa: S101 (for the type checker: a row is a map of anything)
    return Placed(event.record.id, event.record.entity, None if told is None else str(told), marks)


def country_of(values: Values) -> str | None:
    """The country the event was recorded in, also where a part of it is told; None for a region or nothing."""
    code = next(iter(codes_of(values, RECORDING)), "")
    return code[:2] if area_kind(code) in {"country", "subdivision"} else None


def encode_part(record: EventRecord, part: Participation) -> Row:
    """The properties of one part; ``key`` is unique in the store."""
    properties: Row = {"key": f"{record.id}|{part.key}", **write_values(part.values)}
    if part.forms:
        properties["forms"] = part.forms
    if part.stages:
        properties["stages"] = [encode_stage(stage) for stage in part.stages]
    if part.identifiers:
        properties["tokens"] = encode_identifiers(part.identifiers)
    return properties


def encode_identifiers(identifiers: Iterable[Identifier]) -> list[str]:
    """``kind:token`` each, sorted."""
    return [f"{identifier.kind}:{identifier.token}" for identifier in sorted(set(identifiers))]


def decode_identifiers(texts: Iterable[str]) -> tuple[Identifier, ...]:
    """The inverse of `encode_identifiers`."""
    pairs = (text.partition(":") for text in texts)
    return tuple(Identifier(IdentifierKind(kind), token) for kind, _, token in pairs)


def encode_stage(stage: Stage) -> str:
    """A stage as one text, for neither engine stores a list of maps: JSON of status, EDTF, its bounds, and entity."""
    date = stage.date
    bounds = [date.edtf, date.earliest, date.latest, date.offset_minutes] if date is not None else None
    return orjson.dumps([stage.status, bounds, stage.entity]).decode()


def begin_of_stage(status: Notation) -> str:
    """How the text of every stage with that status begins."""
    return orjson.dumps([status]).decode().removesuffix("]") + ","


def decode_stage(text: str) -> Stage:
    """The inverse of `encode_stage`."""
    status, bounds, entity = orjson.loads(text)
    date = Moment(*bounds) if bounds is not None else None
    return Stage(Notation(status), date, EntityId(entity) if entity is not None else None)


def place_of(record: EventRecord) -> str:
    """Where the event stands in the list, newest recorded first, undated last; ties by id."""
    recorded = record.values.get(RECORDED)
    moment = recorded.content if recorded is not None else None
    rank = LATEST - moment.earliest if isinstance(moment, Moment) else UNDATED
    return f"{rank:018d}|{record.id}"


def span_of(values: Values) -> tuple[int, int] | None:
    """From when to when the event may have lasted by the dates that are told: dab to dae.

    Where neither is told the readings of dat stand in. Where the end alone is not told the event went on until it was
    recorded at the latest (dat), where the beginning alone is not told it began when it ended at the earliest.
    """
    began, ended, recorded = (moment_of(values, variable) for variable in (BEGAN, ENDED, RECORDED))
    first = began or ended or recorded
    lasts = [ended] if ended is not None else [each for each in (began, recorded) if each is not None]
    return (first.earliest, max(last.latest for last in lasts)) if first is not None else None


def codes_of(values: Values, variable: Notation) -> Sequence[Notation]:
    """The codes of a variable, none where it is missing or not told."""
    value = values.get(variable)
    return value.content.codes if value is not None and isinstance(value.content, Codes) else ()


def moment_of(values: Values, variable: Notation) -> Moment | None:
    """The moment of a variable."""
    value = values.get(variable)
    return value.content if value is not None and isinstance(value.content, Moment) else None


def area_kind(code: str) -> str:
    """``country``, ``subdivision``, ``region``, ``special`` (stateless, extraterritorial) or ``collection``."""
    return next((kind for pattern, kind in _KINDS if pattern.fullmatch(code)), "collection")


def concept_id(coding: Coding, form: str) -> str:
    """The node id of a unit of classification in the release that the coding names."""
    scheme, version = coding[FORM]
    return f"{scheme}/{version}/{form}"


def encode_coding(coding: Coding) -> list[str]:
    """``variable=scheme/version`` each, sorted."""
    return [f"{variable}={scheme}/{version}" for variable, (scheme, version) in sorted(coding.items())]


def decode_coding(lists: Iterable[str]) -> Coding:
    """The inverse of `encode_coding`."""
    parts = (text.partition("=") for text in lists)
    pairs = ((variable, rest.rpartition("/")) for variable, _, rest in parts)
    return {variable: (SchemeId(scheme), VersionTag(version)) for variable, (scheme, _, version) in pairs}


def coding_id(coding: Coding) -> str:
    """The same for the same releases."""
    return hashlib.blake2b("\n".join(encode_coding(coding)).encode(), digest_size=12).hexdigest()


def _digest(record: EventRecord, properties: Row, parts: Sequence[Row]) -> str:
    content = [
        properties,
        [(part.role, part.person, told) for part, told in zip(record.participations, parts, strict=True)],
        [(decision.entity, write_values(decision.values)) for decision in record.decisions],
        sorted((str(link.source), str(link.target), str(link.relationship)) for link in record.links),
    ]
    return hashlib.blake2b(orjson.dumps(content, option=orjson.OPT_SORT_KEYS), digest_size=16).hexdigest()
