"""Moving a record from one version of a list to another, and back: pure.

Lives here: every place of a record that holds codes, what a record becomes by rules and decisions, and what is kept of
its old codes. Elsewhere: the rules (``registry.classification.recode_rules``), doing it to many records
(``recode_actions``).

A record moves as a whole or not at all, for its `Coding` names one version a variable: where one of its codes needs a
person and nobody decided, all of it stays. What was derived is derived again from the new codes (DOMAIN 2: unit 8, the
event's values from its victims', relations).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

import orjson

from registry.cases.derivation import complete, derived_links
from registry.cases.model import (
    FORM,
    Codes,
    Coding,
    EventRecord,
    KeptCodes,
    Link,
    Participation,
    Place,
    StoredEvent,
    Values,
)
from registry.cases.ports import Codebook
from registry.classification.correspondence import VersionKey
from registry.classification.recode_rules import RecodeRules
from registry.identifiers import EntityId, EventId, Notation

TRANSIT: Final = "coe"
"""The variable in whose list the areas passed through are coded; they are no variable of their own."""
RELATIONSHIP: Final = "rtv"
STAGE: Final = "ccs"

Change = Callable[[Place, str, tuple[Notation, ...]], tuple[Notation, ...]]
"""Given a place, its variable (`FORM` for units) and its codes: the codes to stand there."""


class RecodeOutcome(StrEnum):
    """What becomes of one code of a record."""

    UNCHANGED = "unchanged"
    AUTOMATIC = "automatic"
    DECIDED = "decided"
    PERSON = "needs a person"


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody decided: in that event this old code becomes that one; in one part only, where one is named."""

    event: EventId
    code: Notation
    chosen: Notation
    part: str | None = None


@dataclass(frozen=True, slots=True)
class HeldCode:
    """One code of a record, where it stands, and what becomes of it."""

    place: Place
    variable: str
    code: Notation
    outcome: RecodeOutcome


@dataclass(frozen=True, slots=True)
class RecodedEvent:
    """What re-coding does to one record. ``after`` is None where it stays: some code needs a person."""

    before: StoredEvent
    codes: tuple[HeldCode, ...]
    after: StoredEvent | None
    kept: tuple[KeptCodes, ...] = ()

    @property
    def waiting(self) -> tuple[HeldCode, ...]:
        """The codes that need a person."""
        return tuple(each for each in self.codes if each.outcome is RecodeOutcome.PERSON)


@dataclass(frozen=True, slots=True)
class Choices:
    """Decisions, looked up by event, part and code; one for a part goes before one for the whole event."""

    by_key: Mapping[tuple[str, str | None, str], Notation] = field(default_factory=dict)

    @classmethod
    def of(cls, choices: Iterable[Choice]) -> Choices:
        """The decisions; of two about the same the later counts."""
        return cls({(each.event, each.part, each.code): each.chosen for each in choices})

    def chosen(self, event: EventId, part: str | None, code: Notation) -> Notation | None:
        """What was decided of the code in that part of the event."""
        found = self.by_key.get((event, part, code))
        return found if found is not None or part is None else self.by_key.get((event, None, code))


NO_CHOICES: Final = Choices()


def recode_event(
    stored: StoredEvent, rules: RecodeRules, codebook: Codebook, choices: Choices = NO_CHOICES
) -> RecodedEvent:
    """What the record becomes by these rules and decisions; nothing is stored."""
    touched = touched_variables(stored.coding, rules.source)
    record = without_derived(stored.record)
    held: list[HeldCode] = []
    kept: list[KeptCodes] = []

    def change(place: Place, variable: str, codes: tuple[Notation, ...]) -> tuple[Notation, ...]:
        if variable not in touched:
            return codes
        ended = [_ending(record.id, place, code, rules, choices) for code in codes]
        held.extend(HeldCode(place, variable, code, end[1]) for code, end in zip(codes, ended, strict=True))
        new = tuple(end[0] for end in ended)
        if new != codes:
            kept.append(KeptCodes(place, variable, codes))
        return new

    changed = rewrite(record, change)
    if any(each.outcome is RecodeOutcome.PERSON for each in held):
        return RecodedEvent(stored, tuple(held), None)
    coding = moved(stored.coding, touched, rules.target)
    after = StoredEvent(complete(changed, codebook).record, coding, stored.recodings)
    return RecodedEvent(stored, tuple(held), after, tuple(kept))


def codes_in(stored: StoredEvent, version: VersionKey) -> list[tuple[Place, str, Notation]]:
    """Every code that the record was told in that version of a list, with its place and variable."""
    touched = touched_variables(stored.coding, version)
    places = held_codes(without_derived(stored.record))
    return [(place, variable, code) for place, variable, codes in places if variable in touched for code in codes]


def restore_event(stored: StoredEvent, codebook: Codebook) -> StoredEvent:
    """The record as it was before its last re-coding, with the coding it was in."""
    last = stored.recodings[-1]
    before = {(each.place, each.variable): each.codes for each in last.kept}

    def change(place: Place, variable: str, codes: tuple[Notation, ...]) -> tuple[Notation, ...]:
        return before.get((place, variable), codes)

    changed = rewrite(without_derived(stored.record), change)
    return StoredEvent(complete(changed, codebook).record, last.coding, stored.recodings[:-1])


def touched_variables(coding: Coding, version: VersionKey) -> frozenset[str]:
    """The variables whose codes belong to that version of a list."""
    return frozenset(variable for variable, named in coding.items() if tuple(named) == tuple(version))


def moved(coding: Coding, variables: Iterable[str], version: VersionKey) -> Coding:
    """The coding with these variables in another version."""
    return {**coding, **dict.fromkeys(variables, version)}


def _ending(
    event: EventId, place: Place, code: Notation, rules: RecodeRules, choices: Choices
) -> tuple[Notation, RecodeOutcome]:
    """What the code becomes and how; the code itself where a person is needed."""
    ruled = rules.by_rule.get(code)
    if ruled is not None:
        return ruled, RecodeOutcome.UNCHANGED if ruled == code else RecodeOutcome.AUTOMATIC
    chosen = choices.chosen(event, place.part, code)
    return (code, RecodeOutcome.PERSON) if chosen is None else (chosen, RecodeOutcome.DECIDED)


# --- the places of a record ----------------------------------------------------------------------------------


def without_derived(record: EventRecord) -> EventRecord:
    """The record as it was told: without derived values, and without the relation that its values tell."""
    told = replace(record, values={code: value for code, value in record.values.items() if not value.derived})
    made, _ = derived_links(replace(told, links=()))
    return replace(told, links=()) if made and set(made) == set(record.links) else told


def rewrite(record: EventRecord, change: Change) -> EventRecord:
    """The record with the codes of every place replaced; where several become one, it stands once.

    Stages, relations and areas passed through keep their number and order: each has other facts beside its code.
    """
    return replace(
        record,
        values=_values(record.values, None, "values", change),
        forms=_once(change(Place(None, "forms"), FORM, record.forms)),
        transits=change(Place(None, "transits"), TRANSIT, record.transits),
        participations=tuple(_part(part, change) for part in record.participations),
        decisions=tuple(
            replace(each, values=_values(each.values, None, f"decisions/{number}", change))
            for number, each in enumerate(record.decisions)
        ),
        links=_links(record, change),
    )


def held_codes(record: EventRecord) -> list[tuple[Place, str, tuple[Notation, ...]]]:
    """Every place of the record that holds codes, with its variable (`FORM` for units); derived values too."""
    found: list[tuple[Place, str, tuple[Notation, ...]]] = []

    def note(place: Place, variable: str, codes: tuple[Notation, ...]) -> tuple[Notation, ...]:
        if codes:
            found.append((place, variable, codes))
        return codes

    rewrite(record, note)
    return found


def _part(part: Participation, change: Change) -> Participation:
    statuses = change(Place(part.key, "stages"), STAGE, tuple(stage.status for stage in part.stages))
    return replace(
        part,
        values=_values(part.values, part.key, "values", change),
        forms=_once(change(Place(part.key, "forms"), FORM, part.forms)),
        stages=tuple(replace(stage, status=status) for stage, status in zip(part.stages, statuses, strict=True)),
    )


def _values(values: Values, part: str | None, where: str, change: Change) -> Values:
    changed = {}
    for variable, value in values.items():
        if isinstance(value.content, Codes):
            codes = change(Place(part, f"{where}/{variable}"), variable, value.content.codes)
            changed[variable] = replace(value, content=Codes(_once(codes)))
        else:
            changed[variable] = value
    return changed


def _links(record: EventRecord, change: Change) -> tuple[Link, ...]:
    told = change(Place(None, "links"), RELATIONSHIP, tuple(link.relationship for link in record.links))
    pairs = zip(record.links, told, strict=True)
    return tuple(replace(link, relationship=relationship) for link, relationship in pairs)


def _once(codes: Sequence[Notation]) -> tuple[Notation, ...]:
    return tuple(dict.fromkeys(codes))


# --- what is kept, as text -----------------------------------------------------------------------------------


def write_kept(kept: Iterable[KeptCodes]) -> str:
    """The old codes as one text, for neither engine stores a list of maps: JSON of part, field, variable and codes."""
    return orjson.dumps([[each.place.part, each.place.field, each.variable, each.codes] for each in kept]).decode()


def read_kept(text: str) -> tuple[KeptCodes, ...]:
    """The inverse of `write_kept`."""
    return tuple(
        KeptCodes(Place(part, field_), variable, tuple(Notation(code) for code in codes))
        for part, field_, variable, codes in orjson.loads(text)
    )


@dataclass(frozen=True, slots=True)
class CodeCount:
    """How often a code of records of one reporting entity has one outcome, in events."""

    entity: EntityId
    variable: str
    code: Notation
    outcome: RecodeOutcome
    events: int
