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
    """One or several codes of the bound list; several only where the variable is repeated, or for a group.

    Never empty: no code at all is a `Missing` state or no value.
    """

    codes: tuple[Notation, ...]

    def __post_init__(self) -> None:
        if not self.codes:
            raise ValueError("a value of codes holds at least one")


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
    """A whole-number range as delivered, both ends inclusive; None is open. Bands are derived, never stored.

    At least one end is told, and neither is below zero.
    """

    low: int | None
    high: int | None

    def __post_init__(self) -> None:
        if self.low is None and self.high is None:
            raise ValueError("a range tells at least one end")
        if (self.low or 0) < 0 or (self.high is not None and self.high < (self.low or 0)):
            raise ValueError("a range runs upwards from zero")


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number, zero or more."""

    number: int

    def __post_init__(self) -> None:
        if self.number < 0:
            raise ValueError("a number is zero or more")


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

    ``derived`` marks what was computed from other values of the record and not delivered. ``unmapped`` says that the
    source told a local code that no code stands for: the content is a missing state, ``source`` that local code.
    """

    content: Content | Missing
    source: tuple[str, ...] = ()
    derived: bool = False
    unmapped: bool = False


class Role(StrEnum):
    """How somebody took part; it is on the participation, never on the person."""

    VICTIM = "victim"
    PERPETRATOR = "perpetrator"


Values = Mapping[Notation, Value]

FORM = "form"
"""Where a `Batch`'s coding names the release of the units of classification; never the code of a variable."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A dated fact of a perpetrator's criminal case (DOMAIN 3; GLOTIP counts persons by stage and its year)."""

    status: Notation
    """A code of the list of variable ``ccs``."""
    date: Moment | None = None
    entity: EntityId | None = None


class IdentifierKind(StrEnum):
    """What an identifier is of."""

    PHONE = "phone"
    ADDRESS = "address"
    DOCUMENT = "document"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True, order=True)
class Identifier:
    """A phone number, address, document or account that a record tells, kept as a keyed token and never as text.

    Equal tokens are equal identifiers (`registry.cases.identity`); a token goes out through no door, so its repr hides
    it too.
    """

    kind: IdentifierKind
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sighting:
    """An event that tells an identifier: of itself, or of one who took part."""

    event: EventId
    entity: EntityId
    person: PersonId | None


@dataclass(frozen=True, slots=True)
class Participation:
    """One person's (or one group's) part in one event, with the values at that event.

    ``key`` is unique within the event: the source's own, or its place in the record (``v1``, ``p1``).
    ``forms`` are units of classification recorded for this victim; ``stages`` those of this perpetrator's case.

    Without a person it is a *group*: several unnamed people told of as sets of values. A group is never counted as
    a person. One unnamed but single person gets an id made of the record's key and this part's key (`identity`).
    """

    role: Role
    key: str
    person: PersonId | None
    values: Values = field(default_factory=dict)
    forms: tuple[Notation, ...] = ()
    stages: tuple[Stage, ...] = ()
    identifiers: tuple[Identifier, ...] = ()

    @property
    def is_group(self) -> bool:
        """Whether the source told of several unnamed people as one."""
        return self.person is None


@dataclass(frozen=True, slots=True)
class Decision:
    """What an entity decided of an event, when (DOMAIN: ret, dem, sta, and dat for the date)."""

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
    transits: tuple[Notation, ...] = ()
    """Codes of ``areas`` passed through, in order, a return told again; no variable of Steps 1 and 2 holds them."""
    participations: tuple[Participation, ...] = ()
    decisions: tuple[Decision, ...] = ()
    links: tuple[Link, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    """Those of the event itself: the address it took place at, a phone that was used for it."""


class SourceType(StrEnum):
    """What kind of source a batch came from (DOMAIN 3)."""

    ADMINISTRATIVE = "administrative"
    SURVEY = "survey"
    SYNTHETIC = "synthetic"


Coding = Mapping[str, tuple[SchemeId, VersionTag]]
"""For every variable with a list, the version its codes belong to; units of classification under `FORM`."""


@dataclass(frozen=True, slots=True)
class Batch:
    """One delivery: where from, by which mapping, coded against which releases."""

    id: BatchId
    entity: EntityId
    mapping: str
    file_digest: str
    source_type: SourceType
    coding: Coding


@dataclass(frozen=True, slots=True)
class ReportingEntity:
    """An agency that sends records."""

    id: EntityId
    name: str
    type: Notation | None = None
    """A code of the list ``entity-type``."""
    area: Notation | None = None
    """A code of the scheme ``areas``."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a record codes stand: in which part (None: the event itself), and in which field of it.

    ``field`` is ``values/svx``, ``forms``, ``stages``, ``transits``, ``links`` or ``decisions/0/sta``.
    """

    part: str | None
    field: str


@dataclass(frozen=True, slots=True)
class KeptCodes:
    """The codes that stood at one place before a re-coding changed them."""

    place: Place
    variable: str
    codes: tuple[Notation, ...]


@dataclass(frozen=True, slots=True)
class Recoding:
    """That a record was moved to another version: in which recode batch, what it was coded in before, its old codes."""

    batch: BatchId
    coding: Coding
    kept: tuple[KeptCodes, ...]


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as it is stored: the record, the releases its codes belong to, and its re-codings, oldest first."""

    record: EventRecord
    coding: Coding
    recodings: tuple[Recoding, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonPart:
    """One part of a person: the event, what was told of the person there, and the releases its codes belong to."""

    event: EventId
    participation: Participation
    coding: Coding


@dataclass(frozen=True, slots=True)
class StoredPerson:
    """A person as one reporting entity told of them; parts sorted by event, then key, links by event."""

    id: PersonId
    entity: EntityId
    parts: tuple[PersonPart, ...]
    links: tuple[tuple[EventId, Link], ...] = ()


@dataclass(frozen=True, slots=True)
class StoredEntity:
    """A reporting entity and how many events of it the caller may see."""

    entity: ReportingEntity
    events: int


@dataclass(frozen=True, slots=True)
class StoreCounts:
    """What storing records did, in records (events)."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0

    def __add__(self, other: StoreCounts) -> StoreCounts:
        return StoreCounts(self.added + other.added, self.changed + other.changed, self.unchanged + other.unchanged)


class Severity(StrEnum):
    """Whether a finding keeps the record out (fault) or lets it in (warning)."""

    FAULT = "fault"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, or doubtful, at one place of a record; never a case value.

    ``place`` is a path inside the record (``values/dat``, ``v1/agv``, ``forms``) or the id of a stored record;
    ``expected`` says what would have been right: a list's name and version, a range, a shape.
    """

    rule: str
    place: str
    severity: Severity
    expected: str = ""
