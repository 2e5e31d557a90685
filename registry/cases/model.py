"""A case record as plain frozen values: an event, who took part, who told of it, and the coded values of each.

Lives here: what a record *is*, in the units of IC-TIP (UN report, paras 10 to 15). Elsewhere: how delivered
texts become values (``coding``), what is stored and found (``ports``), how records are linked (``registry.network``).

::

    EventRecord ── values {variable code: Value}, forms
        └── participations: victim | perpetrator, each with its own values (and forms, for a victim)
              └── person: PersonId, or none where the source tells of a group or of nobody in particular

A value is content or a `Missing` state, never both; missing is never a code of a list and never "no".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from registry.identifiers import BatchId, EntityId, EventId, Notation, PersonId, SchemeId, VersionTag


class Missing(StrEnum):
    """Why there is no value; codes of the scheme ``missing``."""

    NOT_APPLICABLE = "not-applicable"
    NOT_KNOWN = "not-known"
    NOT_COLLECTED = "not-collected"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Codes:
    """One or several codes of the bound list; several only where the variable is repeated, or for a group."""

    codes: tuple[Notation, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """A date or time as given (EDTF text) with its earliest and latest reading.

    ``earliest`` and ``latest`` are microseconds since 1970-01-01T00:00Z, both inclusive, either sign.
    ``offset_minutes`` is the source's own offset from UTC where it told one.
    """

    edtf: str
    earliest: int
    latest: int
    offset_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """A whole-number range as delivered, both ends inclusive; None is open. Bands are derived, never stored."""

    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number, zero or more."""

    number: int


@dataclass(frozen=True, slots=True)
class Text:
    """Free or national text: a criminal code article, the free text asked for with unit 6.5 (note d)."""

    text: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A reporting entity, by id."""

    entity: EntityId


Content = Codes | Moment | Range | Number | Text | Reference


@dataclass(frozen=True, slots=True)
class Value:
    """What a record says of one variable, with the source's own text or codes beside it.

    ``derived`` marks what was computed from other values of the record and not delivered.
    """

    content: Content | Missing
    source: tuple[str, ...] = ()
    derived: bool = False


class Role(StrEnum):
    """How somebody took part; it is on the participation, never on the person."""

    VICTIM = "victim"
    PERPETRATOR = "perpetrator"


Values = Mapping[Notation, Value]


@dataclass(frozen=True, slots=True)
class Participation:
    """One person's (or one group's) part in one event, with the values at that event.

    ``key`` is unique within the event: the source's own, or its place in the record (``v1``, ``p1``).
    ``group`` is true where several unnamed people are told of as sets of values: no person, none counted.
    ``forms`` are units of classification recorded for this victim.
    """

    role: Role
    key: str
    person: PersonId | None
    values: Values = field(default_factory=dict)
    forms: tuple[Notation, ...] = ()
    group: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What an entity decided of an event, when (DOMAIN: ret, dem, sta, date)."""

    entity: EntityId
    values: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Link:
    """A person-to-person relation within one event; only between identified people (DOMAIN 3, rtv and rvp)."""

    source: PersonId
    target: PersonId
    relationship: Notation


@dataclass(frozen=True, slots=True)
class EventRecord:
    """One event as one reporting entity told it: a source record, never merged with another's.

    ``source_key`` is the entity's own id of the record; id and key name the same record one to one.
    ``forms`` are those recorded on the event; `registry.cases.coding` derives the union with the victims' and unit 8.
    """

    id: EventId
    entity: EntityId
    source_key: str
    batch: BatchId
    values: Values = field(default_factory=dict)
    forms: tuple[Notation, ...] = ()
    form_text: str | None = None
    """Free text given with 6.5 (note d)."""
    participations: tuple[Participation, ...] = ()
    decisions: tuple[Decision, ...] = ()
    links: tuple[Link, ...] = ()


class SourceType(StrEnum):
    """What kind of source a batch came from (DOMAIN 3)."""

    ADMINISTRATIVE = "administrative"
    SURVEY = "survey"
    SYNTHETIC = "synthetic"


@dataclass(frozen=True, slots=True)
class Batch:
    """One delivery: where from, by which mapping, coded against which releases.

    ``coding`` says for every variable with a list the version its codes belong to; units are under ``form``.
    """

    id: BatchId
    entity: EntityId
    mapping: str
    file_digest: str
    source_type: SourceType
    coding: Mapping[str, tuple[SchemeId, VersionTag]]


@dataclass(frozen=True, slots=True)
class ReportingEntity:
    """An agency that sends records."""

    id: EntityId
    name: str
    type: Notation | None = None
    """A code of the list ``entity-type``."""
    area: Notation | None = None
    """A code of the scheme ``areas``."""
