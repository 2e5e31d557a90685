"""What is hidden is answered as what is not there: same bytes, same work in the store, same trace in the audit.

Every root field that takes an id is asked twice: about records that exist outside the scope, and about ids that nobody
has. Only the ids differ. In the long form the time is compared too.
"""

from __future__ import annotations

import json
import random
import re
import statistics
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping
from dataclasses import replace
from time import perf_counter
from typing import Any, TypeVar

import pytest
from graphql import GraphQLInputObjectType, GraphQLInputType, GraphQLSchema, get_named_type

from registry.access.actor import Actor, Right
from registry.access.ports import AuditFilter
from registry.classification.catalogue import Catalogue
from registry.storage.address import StoreAddress
from registry.storage.bolt.audit import BoltAuditStore
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.driver import Database, UnitOfWork
from registry.storage.bolt.migrate import Purpose, migrate
from registry.storage.bolt.named_queries import NamedQuery, Parameters, Row
from tests import universe
from tests.access.doors import AnyDoors, Told, doors_over
from tests.access.questions import Asker, Question
from tests.access.test_doors_metamorphic import case_fields, errors_of, pools_of, schema
from tests.conftest import empty
from tests.universe import CARER, event_id, person_id

__all__ = ["schema"]

HIDDEN = {event_id("E1"): "e" * 26, person_id("ada"): "a" * 26, universe.POLICE: "ke-nobody"}
"""What the carer may not see, and what there is nothing of, of the same length or nearly."""
ANALYST = replace(CARER, rights=frozenset({Right.READ_REGISTRY, Right.READ_CASES, Right.COUNT_CASES}))
UNLOGGED = {"reportingEntity", "caseGrants"}
"""Root fields by id that show no case record, so that nobody notes them."""
HOLDER = replace(CARER, rights=frozenset(Right), agency=universe.SHELTER)
"""Somebody of the shelter who may do everything, to the shelter's records alone."""
E1, E5, ADA, XIA = event_id("E1"), event_id("E5"), person_id("ada"), person_id("xia")
EVENTS, PEOPLE = {"kind": "EVENT", "grounds": "DOCUMENT"}, {"kind": "PERSON", "grounds": "DOCUMENT"}
DECISION = {"event": E1, "code": "1", "chosen": "2"}
CHANGES: list[tuple[str, dict[str, Any]]] = [
    ("grantCase", {"account": "somebody", "event": E1}),
    ("askOpening", {"event": E1, "reason": "imminent-danger"}),
    ("referCase", {"event": E1, "to": "ke-court", "reason": "jurisdiction"}),
    ("markInformant", {"event": E1}),
    ("requestContact", {"person": ADA, "reason": "tracing"}),
    ("answerContact", {"request": "no-such-request", "event": E1, "answer": "SHARE", "contactPoint": "desk"}),
    ("judgeSame", {**EVENTS, "one": E1, "other": E5}),
    ("judgeSame", {**EVENTS, "one": E5, "other": E1}),
    ("judgeSame", {**PEOPLE, "one": ADA, "other": XIA}),
    ("withdrawJudgement", {"kind": "EVENT", "one": E1, "other": E5}),
    ("withdrawJudgement", {"kind": "PERSON", "one": XIA, "other": ADA}),
    ("recode", {"scheme": "units", "target": "1.0", "decisions": [DECISION], "dryRun": True}),
    ("saveQuery", {"name": "kept", "question": {"egoNetwork": {"start": {"kind": "PERSON", "id": ADA}}}}),
]
"""Changes of records, each about a hidden one."""
MADE = {"grantCase", "askOpening", "saveQuery"}
"""Changes that look no record up: they make something with an id of its own, whatever record they name."""
UNRELATED = {
    "undoRecode", "changeSavedQuery", "deleteSavedQuery", "revokeGrant", "approveOpening", "revokeOpening", "revokeKey",
    "acceptReferral", "refuseReferral", "withdrawReferral", "withdrawContact",
}  # fmt: skip
"""Changes whose ids are those of grants, keys, batches and the like: no record's id can be asked about."""
T = TypeVar("T")


class WatchedUnit(UnitOfWork):
    """An open transaction whose statements are remembered, locks among them."""

    def __init__(self, unit: UnitOfWork, sent: list[str]) -> None:
        super().__init__(unit._transaction)
        self._sent = sent

    async def run(self, query: NamedQuery, parameters: Parameters | None = None) -> list[Row]:
        """As ever."""
        self._sent.append(query.name)
        return await super().run(query, parameters)


class Watched(Database):
    """A database that remembers which statements were sent."""

    def __init__(self, address: StoreAddress) -> None:
        super().__init__(address)
        self.sent: list[str] = []
        self.noted: set[str] = set()
        """Ids of the rows of the audit that were looked at."""

    async def read(
        self, query: NamedQuery, parameters: Parameters | None = None, *, seconds: float | None = None
    ) -> list[Row]:
        """As ever."""
        self.sent.append(query.name)
        return await super().read(query, parameters, seconds=seconds)

    async def stream(
        self, query: NamedQuery, parameters: Parameters | None = None, *, seconds: float | None = None
    ) -> AsyncGenerator[Row, None]:
        """As ever."""
        self.sent.append(query.name)
        async for row in super().stream(query, parameters, seconds=seconds):
            yield row

    async def write(self, work: Callable[[UnitOfWork], Awaitable[T]], *, name: str, seconds: float | None = None) -> T:
        """As ever."""
        self.sent.append(name)

        async def watched(unit: UnitOfWork) -> T:
            return await work(WatchedUnit(unit, self.sent))

        return await super().write(watched, name=name, seconds=seconds)

    async def put(self, query: NamedQuery, parameters: Parameters | None = None) -> None:
        """As ever."""
        self.sent.append(query.name)
        await super().put(query, parameters)


def takes_ids(kind: GraphQLInputType, above: tuple[str, ...] = ()) -> bool:
    """Whether an id stands in that argument, or inside it."""
    named = get_named_type(kind)
    if isinstance(named, GraphQLInputObjectType):
        return named.name not in above and any(
            takes_ids(each.type, (*above, named.name)) for each in named.fields.values()
        )
    return named.name == "ID"


def by_id(schema: GraphQLSchema) -> list[str]:
    """The root fields of queries that take an id."""
    assert schema.query_type is not None
    fields = schema.query_type.fields
    return [name for name in case_fields(schema) if any(takes_ids(each.type) for each in fields[name].args.values())]


def changes(schema: GraphQLSchema) -> set[str]:
    """The root fields of mutations that take an id."""
    assert schema.mutation_type is not None
    fields = schema.mutation_type.fields
    return {name for name, field in fields.items() if any(takes_ids(each.type) for each in field.args.values())}


def about_the_hidden(schema: GraphQLSchema, name: str, *, each: int) -> Iterator[Question]:
    """Questions of the field in which every id is a hidden one, of the right kind where the kind is known."""
    event, person, entity = HIDDEN
    starts = [("EVENT", event), ("PERSON", person), ("ENTITY", entity)]
    pools = {
        **pools_of(universe.all_events()),
        "ID": [event, person],
        "event.id": [event],
        "person.id": [person],
        "reportingEntity.id": [entity],
        "event": [event],
        "person": [person],
        "people": [person],
        "events": [event],
        "entity": [entity],
        "EventFilterInput": [{"entity": entity}],
        "ids": [event, person],
        "components.ids": [{"events": [event]}, {"people": [person]}, {"events": [event], "people": [person]}],
        "SearchGround": [{"around": {"kind": "EVENT", "id": event}}, {"around": {"kind": "PERSON", "id": person}}],
        "NetworkStart": [{"kind": kind, "id": id_} for kind, id_ in starts],
    }
    asker = Asker(schema, random.Random(13), pools)
    for _ in range(each):
        yield asker.question(name)


def without_ids(answer: Told) -> Told:
    """The answer to a change that made something: without its fresh id, its times, and the record that was named."""
    text = rb'"(?:[^"\\]|\\.)*"'
    body = re.sub(
        rb'"(id|event|givenAt|expires|changedAt|arguments|start)":(' + text + rb"|\{[^}]*\})", rb'"\1":0', answer.body
    )
    headers = tuple(each for each in answer.headers if each[0] != "content-length")
    return Told(answer.status, headers, body)


def about_nobody(question: Question) -> Question:
    """The same question with ids that do not exist."""
    text = json.dumps(dict(question.variables))
    for hidden, absent in HIDDEN.items():
        text = text.replace(json.dumps(hidden), json.dumps(absent))
    variables: Mapping[str, Any] = json.loads(text)
    return Question(question.field, question.document, variables)


async def new_rows(database: Watched) -> Counter[tuple[str, bool, int]]:
    """Rows of the audit that were not there when it was last asked: act, decision, how many records each names."""
    rows = await BoltAuditStore(database).search(AuditFilter(), after=None, limit=2000)
    new = [row for row in rows if row.id not in database.noted]
    database.noted.update(row.id for row in new)
    return Counter((row.act, row.allowed, len(row.records)) for row in new)


async def assert_alike(database: Watched, doors: AnyDoors, question: Question, actor: Actor) -> None:
    """About the hidden and about nobody: the same answer, statements and rows of the audit, and a row where needed."""
    told, sent, noted = [], [], []
    for asked in (question, about_nobody(question)):
        database.sent.clear()
        answer = await doors.told(asked, actor)
        told.append(without_ids(answer) if question.field in MADE else answer)
        sent.append(list(database.sent))
        noted.append(await new_rows(database))
    assert told[0] == told[1], question
    assert sent[0] == sent[1], question
    assert noted[0] == noted[1], question
    assert noted[0] or question.field in UNLOGGED or "record_unknown" not in errors_of(told[0]), question


@pytest.mark.parametrize(("actor", "each"), [(CARER, 2), (ANALYST, 1)], ids=["carer", "analyst"])
async def test_hidden_and_absent_are_alike(
    store_address: StoreAddress, catalogue: Catalogue, schema: GraphQLSchema, actor: Actor, each: int
) -> None:
    """Status, headers and body; the statements sent; and a row in the audit for each lookup of a record.

    The analyst, who is refused most questions before anything is looked up, asks each once.
    """
    async with Watched(store_address) as database:
        await migrate(database, purpose=Purpose.TEST)
        await empty(database)
        await universe.build_universe(BoltCaseStore(database))
        await new_rows(database)
        async with doors_over(database, catalogue) as doors:
            for name in by_id(schema):
                for question in about_the_hidden(schema, name, each=each):
                    await assert_alike(database, doors, question, actor)
            for question in changes_of_the_hidden(schema) if actor is CARER else ():
                await assert_alike(database, doors, question, HOLDER)


def changes_of_the_hidden(schema: GraphQLSchema) -> Iterator[Question]:
    """Every change of a record, asked about a hidden one; of two records each in turn, beside one that is seen."""
    assert changes(schema) == {name for name, _ in CHANGES} | UNRELATED
    asker = Asker(schema, random.Random(17), {"String": ["jurisdiction"], "Int": [1], "Boolean": [True]}, option=0)
    for name, fixed in CHANGES:
        yield asker.question(name, **fixed)


@pytest.mark.long
@pytest.mark.parametrize("name", ["event", "person", "egoNetwork"])
async def test_hidden_and_absent_take_the_same_time(
    database: Database, catalogue: Catalogue, schema: GraphQLSchema, name: str
) -> None:
    """Medians over 2,000 pairs asked in turn, the first of each pair by dice, lie within 5 %."""
    await universe.build_universe(BoltCaseStore(database))
    question = next(about_the_hidden(schema, name, each=1))
    if name == "egoNetwork":
        question = question.given(**{next(iter(question.variables)): {"kind": "EVENT", "id": event_id("E1")}})
    pair = (question, about_nobody(question))
    dice = random.Random(1)
    times: tuple[list[float], list[float]] = ([], [])
    async with doors_over(database, catalogue) as doors:
        for number in range(2_200):
            for which in dice.sample((0, 1), 2):
                took = await seconds_of(doors, pair[which])
                if number >= 200:
                    times[which].append(took)

    hidden, absent = (statistics.median(each) for each in times)
    assert abs(hidden - absent) / absent < 0.05, (hidden, absent)


async def seconds_of(doors: AnyDoors, question: Question) -> float:
    """How long an answer takes."""
    started = perf_counter()
    await doors.told(question, CARER)
    return perf_counter() - started
