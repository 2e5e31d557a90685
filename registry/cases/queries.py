"""What may be asked of the case records. Each query asks the policy first and sees the actor's scope only.

A record outside the scope is answered as one that does not exist.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from registry.access.actor import Actor, Right
from registry.access.policy import require
from registry.access.scope import scope_parameter
from registry.cases.codes import check_code, check_codes
from registry.cases.model import FORM, Finding, StoredEntity, StoredEvent, StoredPerson
from registry.cases.paging import read_question
from registry.cases.ports import EVERY_EVENT, CaseStore, Codebook, EventFilter
from registry.classification.model import VariableKind
from registry.classification.paging import FIRST_PAGE, Page, PageRequest
from registry.errors import ArgumentsConflicting, RecordUnknown, VariableUnknown
from registry.identifiers import EntityId, EventId, Notation, PersonId, VersionTag

MAX_FINDINGS = 100
"""Findings a rule that `check_store` returns at most: enough to see the pattern."""


async def event(store: CaseStore, event_id: EventId, *, actor: Actor) -> StoredEvent:
    """The event with everything told of it; raises `RecordUnknown`."""
    require(actor, Right.READ_CASES)
    found = await store.event(event_id, scope=scope_parameter(actor.scope))
    if found is None:
        raise RecordUnknown(kind="event")
    return found


async def events(
    store: CaseStore,
    codebook: Codebook,
    where: EventFilter = EVERY_EVENT,
    page: PageRequest = FIRST_PAGE,
    *,
    count: bool = False,
    actor: Actor,
) -> Page[StoredEvent]:
    """Events that the filter lets through, newest recorded first, those without a date last; ties by id.

    ``total`` is counted only with ``count``. Raises `CodeUnknown`, `VariableUnknown`, `ArgumentsConflicting`,
    `ArgumentOutOfRange`, `CursorForeign`.
    """
    require(actor, Right.READ_CASES)
    _check_filter(where, codebook)
    question = read_question(page, "events", (where, actor.key))
    scope = scope_parameter(actor.scope)
    found = await store.events(where, question.keyset, scope=scope)
    total = await store.count_events(where, scope=scope) if count else None
    return question.page(found, total)


async def person(store: CaseStore, person_id: PersonId, *, actor: Actor) -> StoredPerson:
    """The person with every part in events; raises `RecordUnknown`."""
    require(actor, Right.READ_CASES)
    found = await store.person(person_id, scope=scope_parameter(actor.scope))
    if found is None:
        raise RecordUnknown(kind="person")
    return found


async def reporting_entity(store: CaseStore, entity_id: EntityId, *, actor: Actor) -> StoredEntity:
    """The reporting entity; raises `RecordUnknown`."""
    require(actor, Right.READ_CASES)
    found = await store.reporting_entity(entity_id, scope=scope_parameter(actor.scope))
    if found is None:
        raise RecordUnknown(kind="reporting entity")
    return found


async def reporting_entities(
    store: CaseStore,
    page: PageRequest = FIRST_PAGE,
    *,
    count: bool = False,
    actor: Actor,
) -> Page[StoredEntity]:
    """Reporting entities by id. Raises `ArgumentOutOfRange`, `ArgumentsConflicting`, `CursorForeign`."""
    require(actor, Right.READ_CASES)
    question = read_question(page, "reportingEntities", (actor.key,))
    scope = scope_parameter(actor.scope)
    found = await store.reporting_entities(question.keyset, scope=scope)
    total = await store.count_entities(scope=scope) if count else None
    return question.page([(item.entity.id, item) for item in found], total)


async def usage(store: CaseStore, *, actor: Actor) -> Mapping[str, int]:
    """How many records of each kind the actor may see."""
    require(actor, Right.READ_CASES)
    return await store.usage(scope=scope_parameter(actor.scope))


async def check_store(store: CaseStore, codebook: Codebook, *, actor: Actor) -> Sequence[Finding]:
    """What is broken in the stored graph, at most `MAX_FINDINGS` a rule; empty when all is well."""
    require(actor, Right.CHECK_STORE)
    return await store.check(codebook, limit=MAX_FINDINGS)


def _check_filter(where: EventFilter, codebook: Codebook) -> None:
    """Raise for words that the released classification does not have, so that a typing error is no empty answer."""
    check_codes(codebook, forms=_given(where.form), areas=_given(where.area))
    if (where.variable is None) != (where.code is None):
        raise ArgumentsConflicting(arguments="variable, code", rule="give both or neither")
    if where.variable is not None and where.code is not None:
        _check_value(codebook, where.variable, where.code, where.coded_in)
    if where.coded_in is not None and where.code is None:
        raise ArgumentsConflicting(arguments="codedIn", rule="give variable and code with it")
    if where.missing is not None and where.missing != FORM and codebook.variable(where.missing) is None:
        raise VariableUnknown(variable=where.missing)
    if where.area_role is not None and where.area is None:
        raise ArgumentsConflicting(arguments="area, areaRole", rule="a role needs an area")
    if (where.recorded_from is not None and where.recorded_until is not None) and (
        where.recorded_from > where.recorded_until
    ):
        raise ArgumentsConflicting(
            arguments="recordedFrom, recordedUntil", rule="the span must not end before it begins"
        )


def _given(code: Notation | None) -> tuple[Notation, ...]:
    return () if code is None else (code,)


def _check_value(codebook: Codebook, variable: Notation, code: Notation, coded_in: VersionTag | None) -> None:
    facts = codebook.variable(variable)
    if facts is None and variable != FORM:
        raise VariableUnknown(variable=variable)
    bound = codebook.bound_list(variable)
    if (facts is not None and facts.kind is not VariableKind.CODE) or bound is None:
        raise ArgumentsConflicting(arguments="variable, code", rule=f"{variable} holds no codes")
    if coded_in is not None:
        bound = (bound[0], coded_in.version)
    check_code(codebook, bound[0], code, bound[1])
