"""The case records' GraphQL types and root fields: events, persons, reporting entities, with values of every kind.

Each type reads one model of ``registry.cases``; the questions are that room's ``queries``, which see the actor's scope
only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Final

import strawberry

from graphql_api.context import RequestContext
from graphql_api.schema.classification import Info, Label, Languages
from graphql_api.schema.paging import After, Before, First, Last
from graphql_api.schema.reading import computed, told
from graphql_api.schema.scalars import CodeText, Instant, SchemeName, VersionText
from registry.cases import model, queries
from registry.cases.derivation import summarise_forms
from registry.cases.ports import AreaRole, EventFilter
from registry.classification import model as words
from registry.classification.catalogue import Item, VersionChoice
from registry.classification.paging import Page, PageRequest
from registry.errors import IctipError
from registry.identifiers import EntityId, EventId, Notation, PersonId, SchemeId, VersionTag

for _enum, _name, _description in (
    (model.Missing, "MissingState", "Why there is no value; told beside values, never a code of a list."),
    (model.Role, "Role", "How somebody took part."),
    (AreaRole, "AreaRole", "What an area is to an event."),
):
    strawberry.enum(_enum, name=_name, description=_description)


@strawberry.enum(description="What kind of content a value has.")
class ContentKind(StrEnum):
    """Which of a value's fields are told."""

    CODES = "codes"
    MOMENT = "moment"
    RANGE = "range"
    NUMBER = "number"
    TEXT = "text"
    REFERENCE = "reference"
    MISSING = "missing"


KINDS: Final[Mapping[type, ContentKind]] = {
    model.Codes: ContentKind.CODES,
    model.Moment: ContentKind.MOMENT,
    model.Range: ContentKind.RANGE,
    model.Number: ContentKind.NUMBER,
    model.Text: ContentKind.TEXT,
    model.Reference: ContentKind.REFERENCE,
    model.Missing: ContentKind.MISSING,
}


@dataclass(frozen=True, slots=True)
class CodedTerm:
    """A code and the version of the list it was coded against."""

    code: Notation
    scheme: SchemeId | None
    version: VersionTag | None


@dataclass(frozen=True, slots=True)
class ToldValue:
    """What a record says of one variable, spread out: the fields of the other kinds are None."""

    variable: Notation
    kind: ContentKind
    derived: bool
    source: tuple[str, ...]
    codes: tuple[CodedTerm, ...] = ()
    unmapped: bool = False
    missing: model.Missing | None = None
    edtf: str | None = None
    earliest: int | None = None
    latest: int | None = None
    offset_minutes: int | None = None
    low: int | None = None
    high: int | None = None
    number: int | None = None
    text: str | None = None
    entity: str | None = None


def term_label(root: strawberry.Parent[CodedTerm], info: Info, languages: Languages = None) -> words.Label | None:
    """The code's label in the version it was coded against; none where that version is not in the registry."""
    item = find_item(info.context, root)
    return None if item is None else item.label(languages or ())


@strawberry.type(description="A code with the version of the list that it belongs to.")
class Term:
    """`CodedTerm`."""

    code: CodeText = told("code", "The code.")
    scheme: SchemeName | None = told("scheme", "The list.")
    version: VersionText | None = told("version", "The list's version it was coded against.")
    label: Label | None = computed(
        term_label, "Its preferred label in that version, in the first of the languages that has one."
    )


@strawberry.type(description="What a record says of one variable. Which fields are told depends on the kind.")
class Value:
    """`ToldValue`."""

    variable: CodeText = told("variable", "The variable's code.")
    kind: ContentKind = told("kind", "What kind of content it has.")
    derived: bool = told("derived", "Computed from other values of the record, not delivered.")
    source: list[str] = told("source", "The source's own texts or codes.")
    codes: list[Term] = told("codes", "The codes; empty for other kinds.")
    missing: model.Missing | None = told("missing", "Why there is no value.")
    unmapped: bool = told("unmapped", "The source told a local code that no code stands for; `source` is that code.")
    edtf: str | None = told("edtf", "A date or time as given (EDTF): a day, a year, a span.")
    earliest: Instant | None = told("earliest", "Its earliest reading.")
    latest: Instant | None = told("latest", "Its latest reading.")
    offset_minutes: int | None = told("offset_minutes", "The source's own offset from UTC, in minutes.")
    low: int | None = told("low", "Lower end of a range, included; null is open.")
    high: int | None = told("high", "Upper end of a range, included; null is open.")
    number: int | None = told("number", "A whole number.")
    text: str | None = told("text", "Free or national text.")
    entity: strawberry.ID | None = told("entity", "A reporting entity.")


@dataclass(frozen=True, slots=True)
class Told:
    """A part of a record with the coding that its codes belong to."""

    part: model.Participation
    coding: model.Coding
    event: str

    @property
    def person(self) -> str | None:
        """The person, unless it is a group."""
        return self.part.person


Variables = Annotated[
    list[CodeText] | None, strawberry.argument(description="Only these variables; without it every one told.")
]


def part_values(root: strawberry.Parent[Told], variables: Variables = None) -> list[ToldValue]:
    """The values told of somebody at that event."""
    return tell_values(root.part.values, root.coding, variables)


def part_forms(root: strawberry.Parent[Told]) -> list[CodedTerm]:
    """The forms suffered by this victim."""
    return [term(code, model.FORM, root.coding) for code in root.part.forms]


def part_stages(root: strawberry.Parent[Told]) -> list[ToldStage]:
    """The stages of this perpetrator's case."""
    return [
        ToldStage(
            status=term(stage.status, "ccs", root.coding),
            edtf=stage.date.edtf if stage.date else None,
            entity=stage.entity,
        )
        for stage in root.part.stages
    ]


@dataclass(frozen=True, slots=True)
class ToldStage:
    """A stage of a criminal case."""

    status: CodedTerm
    edtf: str | None
    entity: str | None


@strawberry.type(description="A dated stage of a perpetrator's criminal case.")
class CaseStage:
    """`ToldStage`."""

    status: Term = told("status", "The stage.")
    edtf: str | None = told("edtf", "When, as given (EDTF).")
    entity: strawberry.ID | None = told("entity", "The entity that decided it.")


@strawberry.type(description="Somebody's part in one event, with what was told of them there.")
class Participation:
    """`Told`."""

    event: strawberry.ID = told("event", "The event.")
    key: str = told("part.key", "The part's own key inside the event.")
    role: model.Role = told("part.role", "Victim or perpetrator.")
    person: strawberry.ID | None = told("person", "The person; null for a group.")
    is_group: bool = told("part.is_group", "Several unnamed people told of as one; never counted as a person.")
    forms: list[Term] = computed(part_forms, "Forms of exploitation suffered by this victim, as recorded.")
    values: list[Value] = computed(part_values, "Values at that event, by variable.")
    stages: list[CaseStage] = computed(part_stages, "Stages of this perpetrator's criminal case.")


@dataclass(frozen=True, slots=True)
class ToldDecision:
    """A decision with its coding."""

    decision: model.Decision
    coding: model.Coding


def decision_values(root: strawberry.Parent[ToldDecision]) -> list[ToldValue]:
    """What the entity decided."""
    return tell_values(root.decision.values, root.coding, None)


@strawberry.type(description="What an entity decided of an event.")
class Decision:
    """`ToldDecision`."""

    entity: strawberry.ID = told("decision.entity", "The entity.")
    values: list[Value] = computed(decision_values, "Its type, its standing, the status it gave and when.")


@dataclass(frozen=True, slots=True)
class ToldLink:
    """A person-to-person relation with its coding."""

    source: str
    target: str
    event: str
    relationship: CodedTerm


@strawberry.type(description="A relation between two identified people in one event.")
class Relation:
    """`ToldLink`."""

    source: strawberry.ID = told("source", "The one person.")
    target: strawberry.ID = told("target", "The other.")
    event: strawberry.ID = told("event", "The event.")
    relationship: Term = told("relationship", "What the other is to the one.")


@dataclass(frozen=True, slots=True)
class CodingEntry:
    """Which release the codes of a variable belong to."""

    variable: str
    scheme: SchemeId
    version: VersionTag


@strawberry.type(description="Which release the codes of one variable belong to; form stands for the units.")
class Coding:
    """`CodingEntry`."""

    variable: str = told("variable", "The variable, or form.")
    scheme: SchemeName = told("scheme", "The list.")
    version: VersionText = told("version", "Its version.")


def event_forms(root: strawberry.Parent[model.StoredEvent]) -> list[CodedTerm]:
    """The union of the event's forms and its victims'."""
    return [term(code, model.FORM, root.coding) for code in summarise_forms(root.record).forms]


def event_mixed(root: strawberry.Parent[model.StoredEvent]) -> list[str]:
    """The victims with mixed forms."""
    return list(summarise_forms(root.record).mixed)


def event_derivable(root: strawberry.Parent[model.StoredEvent]) -> bool:
    """Whether mixed forms can be derived."""
    return summarise_forms(root.record).is_derivable


def event_values(root: strawberry.Parent[model.StoredEvent], variables: Variables = None) -> list[ToldValue]:
    """The event's own values."""
    return tell_values(root.record.values, root.coding, variables)


def event_parts(
    root: strawberry.Parent[model.StoredEvent],
    role: Annotated[model.Role | None, strawberry.argument(description="Only victims, or only perpetrators.")] = None,
) -> list[Told]:
    """Who took part."""
    record = root.record
    return [Told(part, root.coding, record.id) for part in record.participations if role in (None, part.role)]


def event_decisions(root: strawberry.Parent[model.StoredEvent]) -> list[ToldDecision]:
    """What entities decided of the event."""
    return [ToldDecision(decision, root.coding) for decision in root.record.decisions]


def event_links(root: strawberry.Parent[model.StoredEvent]) -> list[ToldLink]:
    """The relations between people in the event."""
    record = root.record
    return [tell_link(link, record.id, root.coding) for link in record.links]


def event_transits(root: strawberry.Parent[model.StoredEvent]) -> list[CodedTerm]:
    """The areas passed through."""
    return [term(code, "coe", root.coding) for code in root.record.transits]


def event_coding(root: strawberry.Parent[model.StoredEvent]) -> list[CodingEntry]:
    """The releases that the event's codes belong to."""
    return [CodingEntry(variable, *release) for variable, release in sorted(root.coding.items())]


@dataclass(frozen=True, slots=True)
class ToldKept:
    """Codes that stood at one place before a re-coding."""

    part: str | None
    field: str
    codes: tuple[CodedTerm, ...]


@strawberry.type(description="Codes that stood at one place of a record before it was re-coded.")
class KeptCodes:
    """`ToldKept`."""

    part: str | None = told("part", "In whose part; null for the event's own.")
    field: str = told("field", "In which field of it.")
    codes: list[Term] = told("codes", "The codes, in the version they belonged to.")


def recoding_kept(root: strawberry.Parent[model.Recoding]) -> list[ToldKept]:
    """What the record had before."""
    return [
        ToldKept(
            each.place.part, each.place.field, tuple(term(code, each.variable, root.coding) for code in each.codes)
        )
        for each in root.kept
    ]


@strawberry.type(description="That a record was moved to another version of a list, and what it had before.")
class Recoding:
    """`model.Recoding`."""

    batch: strawberry.ID = told("batch", "The recode batch.")
    kept: list[KeptCodes] = computed(recoding_kept, "The codes that changed, as they were.")


@strawberry.type(description="One event as one reporting entity told it.")
class Event:
    """`model.StoredEvent`."""

    id: strawberry.ID = told("record.id", "Its id here.")
    entity: strawberry.ID = told("record.entity", "The reporting entity that told it.")
    source_key: str = told("record.source_key", "The entity's own id of the record.")
    batch: strawberry.ID = told("record.batch", "The delivery it came with.")
    forms: list[Term] = computed(
        event_forms, "Forms of exploitation: the event's own and its victims', without unit 8."
    )
    mixed_victims: list[str] = computed(event_mixed, "Keys of victims with mixed forms (unit 8, derived a victim).")
    mixed_derivable: bool = computed(
        event_derivable, "False where several victims share forms told of the event only: whose is whose is not known."
    )
    form_text: str | None = told("record.form_text", "Free text given with a residual unit: 5.5, 6.5 or 7.")
    values: list[Value] = computed(event_values, "Values of the event, by variable.")
    participations: list[Participation] = computed(event_parts, "Who took part.")
    decisions: list[Decision] = computed(event_decisions, "What entities decided of it.")
    relations: list[Relation] = computed(event_links, "Relations between identified people in it.")
    transits: list[Term] = computed(event_transits, "Areas passed through, in order.")
    coding: list[Coding] = computed(event_coding, "The releases its codes belong to.")
    recodings: list[Recoding] = told("recodings", "How it came to be coded so, oldest first; none as delivered.")


def person_parts(root: strawberry.Parent[model.StoredPerson]) -> list[Told]:
    """Every part of the person."""
    return [Told(part.participation, part.coding, part.event) for part in root.parts]


def person_links(root: strawberry.Parent[model.StoredPerson]) -> list[ToldLink]:
    """Every relation of the person."""
    codings = {part.event: part.coding for part in root.parts}
    return [tell_link(link, event, codings.get(event, {})) for event, link in root.links]


@strawberry.type(
    description="A person as one reporting entity told of them; a role is on each part, not on the person."
)
class Person:
    """`model.StoredPerson`."""

    id: strawberry.ID = told("id", "Their id here.")
    entity: strawberry.ID = told("entity", "The reporting entity that told of them.")
    parts: list[Participation] = computed(person_parts, "Their part in each event.")
    relations: list[Relation] = computed(person_links, "Relations with other identified people.")


@strawberry.type(description="An agency that sends records.")
class ReportingEntity:
    """`model.StoredEntity`."""

    id: strawberry.ID = told("entity.id", "Its id.")
    name: str = told("entity.name", "Its name.")
    type: CodeText | None = told("entity.type", "A code of the list entity-type.")
    area: CodeText | None = told("entity.area", "A code of the scheme areas.")
    event_count: int = told("events", "Events of it that you may see.")


@strawberry.input(description="Which events; every given part must hold.")
class EventFilterInput:
    """`EventFilter`."""

    form: CodeText | None = strawberry.field(
        default=None, description="This unit of classification or a narrower one, recorded or derived."
    )
    area: CodeText | None = strawberry.field(default=None, description="This area, or one inside it.")
    area_role: AreaRole | None = strawberry.field(default=None, description="Only with the area in this role.")
    entity: strawberry.ID | None = strawberry.field(default=None, description="Told by this reporting entity.")
    recorded_from: Instant | None = strawberry.field(
        default=None, description="Some reading of the date of recording is not before this."
    )
    recorded_until: Instant | None = strawberry.field(
        default=None, description="Some reading of the date of recording is not after this."
    )
    variable: CodeText | None = strawberry.field(
        default=None, description="With code: a variable that holds it; form says forms as recorded."
    )
    code: CodeText | None = strawberry.field(
        default=None, description="The code that the variable holds, on the event or on any who took part."
    )
    coded_in: VersionText | None = strawberry.field(
        default=None,
        description="With variable and code: only records coded in this version of the variable's list, "
        "which hold the code anywhere: also in decisions, stages, transits (coe) and relations (rtv).",
    )
    missing: CodeText | None = strawberry.field(
        default=None, description="A missing state was told for this variable; form: no form is recorded at all."
    )

    def filter(self) -> EventFilter:
        """The room's filter."""
        return EventFilter(
            form=notation(self.form),
            area=notation(self.area),
            area_role=self.area_role,
            entity=EntityId(self.entity) if self.entity is not None else None,
            recorded_from=self.recorded_from,
            recorded_until=self.recorded_until,
            variable=notation(self.variable),
            code=notation(self.code),
            coded_in=None if self.coded_in is None else VersionTag(self.coded_in),
            missing=notation(self.missing),
        )


async def event(
    info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Its id.")]
) -> model.StoredEvent:
    """One event."""
    context = info.context
    return await queries.event(context.cases, EventId(id), actor=context.actor)


async def events(
    info: Info,
    where: Annotated[EventFilterInput | None, strawberry.argument(description="Which events; without it all.")] = None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
    count: Annotated[bool, strawberry.argument(description="Also count the whole list, which costs a scan.")] = False,
) -> Page[model.StoredEvent]:
    """Events, newest recorded first."""
    context = info.context
    return await queries.events(
        context.cases,
        context.rooms.codebook,
        where.filter() if where else EventFilter(),
        PageRequest(first=first, after=after, last=last, before=before),
        count=count,
        actor=context.actor,
    )


async def person(
    info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Their id.")]
) -> model.StoredPerson:
    """One person."""
    context = info.context
    return await queries.person(context.cases, PersonId(id), actor=context.actor)


async def reporting_entity(
    info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Its id.")]
) -> model.StoredEntity:
    """One reporting entity."""
    context = info.context
    return await queries.reporting_entity(context.cases, EntityId(id), actor=context.actor)


async def reporting_entities(
    info: Info,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
    count: Annotated[bool, strawberry.argument(description="Also count the whole list.")] = False,
) -> Page[model.StoredEntity]:
    """Reporting entities, by id."""
    context = info.context
    page = PageRequest(first=first, after=after, last=last, before=before)
    return await queries.reporting_entities(context.cases, page, count=count, actor=context.actor)


# --- what the types have in common ---------------------------------------------------------------------


def notation(text: str | None) -> Notation | None:
    """The code of a text that is one already."""
    return None if text is None else Notation(text)


def term(code: Notation, variable: str, coding: model.Coding) -> CodedTerm:
    """A code with the release that its variable was coded against."""
    scheme, version = coding.get(variable, (None, None))
    return CodedTerm(code, scheme, version)


def tell_link(link: model.Link, event: str, coding: model.Coding) -> ToldLink:
    """A relation with the release its relationship was coded against."""
    return ToldLink(link.source, link.target, event, term(link.relationship, "rtv", coding))


def tell_values(values: model.Values, coding: model.Coding, variables: list[CodeText] | None) -> list[ToldValue]:
    """Values by code of variable, those asked for."""
    return [
        tell_value(variable, value, coding)
        for variable, value in sorted(values.items())
        if variables is None or CodeText(variable) in variables
    ]


def tell_value(variable: Notation, value: model.Value, coding: model.Coding) -> ToldValue:
    """One value, spread out by its kind."""
    content = value.content
    kind = KINDS[type(content)]
    match content:
        case model.Codes(codes):
            terms = tuple(term(code, variable, coding) for code in codes)
            return ToldValue(variable, kind, value.derived, value.source, codes=terms)
        case model.Moment(edtf, earliest, latest, offset):
            return ToldValue(
                variable,
                kind,
                value.derived,
                value.source,
                edtf=edtf,
                earliest=earliest,
                latest=latest,
                offset_minutes=offset,
            )
        case model.Range(low, high):
            return ToldValue(variable, kind, value.derived, value.source, low=low, high=high)
        case model.Number(number):
            return ToldValue(variable, kind, value.derived, value.source, number=number)
        case model.Text(text):
            return ToldValue(variable, kind, value.derived, value.source, text=text)
        case model.Reference(entity):
            return ToldValue(variable, kind, value.derived, value.source, entity=entity)
        case model.Missing():
            return ToldValue(variable, kind, value.derived, value.source, missing=content, unmapped=value.unmapped)


def find_item(context: RequestContext, coded: CodedTerm) -> Item | None:
    """The item a code names in the version it was coded against; none where the registry has none."""
    if coded.scheme is None or coded.version is None:
        return None
    try:
        return context.catalogue.resolve(coded.scheme, VersionChoice(version=coded.version)).item(coded.code)
    except IctipError:
        return None
