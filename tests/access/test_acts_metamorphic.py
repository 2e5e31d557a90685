"""At the GraphQL door: what an actor may not see changes no answer to what they do, nor to what they ask afterwards.

A random world is stored twice, with the records out of the actor's sight and without them. The same acts are done in
both, to records that are seen, and the same questions asked, also about those that are not.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, Final

import orjson
import pytest
from graphql import GraphQLSchema

from registry.access.actor import Actor, Right
from registry.access.scope import sees
from registry.cases import actions
from registry.cases.model import EventRecord
from registry.classification.catalogue import Catalogue
from registry.identifiers import EntityId
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.driver import Database
from tests import universe
from tests.access.doors import Told, differences, doors_over
from tests.access.questions import Asker, Question
from tests.access.test_doors_metamorphic import (
    errors_of,
    judge_hidden,
    people_of,
    pools_of,
    questions_about,
    schema,
    told_by,
)
from tests.access.test_metamorphic import World, placed, store
from tests.conftest import empty
from tests.universe import EVERYONE

__all__ = ["schema"]

FRESH: Final = re.compile(
    rb'"(id|at|givenAt|askedAt|expires|changedAt|endedAt|arguments)":("(?:[^"\\]|\\.)*"|[0-9]+|null)'
)
"""What each act makes anew: its id, its times, and arguments as they are kept."""
MAKERS: Final = {"judgements", "referrals", "contactRequests", "savedQueries", "runSavedQuery"}
"""Root fields that tell of what was made so."""


def acts(asker: Asker, seen: Sequence[EventRecord], dice: random.Random) -> Iterator[Question]:
    """What somebody may do to records that they see, some of it twice."""
    events, people = [record.id for record in seen], people_of(seen)
    told: list[tuple[str, dict[str, Any]]] = []
    for kind, ids in (("EVENT", events), ("PERSON", people)):
        pairs = [{"kind": kind, "one": one, "other": other} for one, other in pairwise(ids)]
        told += [("judgeSame", {**pair, "grounds": "DOCUMENT"}) for pair in [*pairs, *pairs[:1]]]
        told += [("withdrawJudgement", pair) for pair in pairs[:2]]
    told += [("requestContact", {"person": person, "reason": "tracing"}) for person in people]
    for event in events:
        to = dice.choice([universe.POLICE, universe.SHELTER])
        told += [("referCase", {"event": event, "to": to, "reason": "jurisdiction"})] * 2
    decisions = [{"event": event, "code": "1", "chosen": "2"} for event in events]
    told.append(("recode", {"scheme": "units", "target": "1.0", "decisions": decisions, "dryRun": True}))
    start = {"kind": "PERSON", "id": people[0]}
    told.append(("saveQuery", {"name": "kept", "question": {"egoNetwork": {"start": start}}}))
    told += [("markInformant", {"event": event}) for event in events[-2:]]
    return (asker.question(name, **fixed) for name, fixed in told)


def somebody(world: World) -> tuple[Actor, list[EventRecord]]:
    """An actor with every right who sees some of the world's records and not others, and those they see."""
    while True:
        actor = replace(world.actor(), rights=frozenset(Right))
        seen = [record for record in world.records if sees(actor.scope, placed(record))]
        if 2 < len(seen) < len(world.records):
            return replace(actor, agency=EntityId(world.dice.choice([record.entity for record in seen]))), seen


async def told_in(
    database: Database,
    catalogue: Catalogue,
    records: Sequence[EventRecord],
    questions: Sequence[Question],
    actor: Actor,
    seen: Sequence[EventRecord],
) -> list[Told]:
    """Every answer over a store of these records, those out of sight judged the same as some that are seen."""
    await empty(database)
    cases = BoltCaseStore(database)
    await actions.register_entities(cases, universe.ENTITIES, actor=EVERYONE)
    await store(cases, records)
    for record in records:
        if record not in seen:
            await judge_hidden(database, record, seen, random.Random(1))
    async with doors_over(database, catalogue) as doors:
        told = [await doors.told(question, actor) for question in questions]
    return [as_made(question, answer) for question, answer in zip(questions, told, strict=True)]


def as_made(question: Question, answer: Told) -> Told:
    """The answer without what is made anew each time, and its order: the acts of one instant stand by their new ids."""
    if not question.document.startswith("mutation") and question.field not in MAKERS:
        return answer
    headers = tuple(each for each in answer.headers if each[0] != "content-length")
    body = orjson.loads(FRESH.sub(rb'"\1":0', answer.body))
    found = (body["data"] or {}).get(question.field)
    if isinstance(found, list):
        found.sort(key=orjson.dumps)
    return Told(answer.status, headers, orjson.dumps(body))


async def prove(database: Database, catalogue: Catalogue, schema: GraphQLSchema, seed: int) -> set[str]:
    """One random world; the codes of the errors that the acts met, the same in both stores."""
    world = World(random.Random(seed), [])
    world.records = [told_by(world) for _ in range(9)]
    actor, seen = somebody(world)
    text: dict[str, list[Any]] = {"String": ["x"], "Int": [1], "Boolean": [True]}
    done = list(acts(Asker(schema, world.dice, text, option=0), seen, world.dice))
    asked = questions_about(Asker(schema, world.dice, pools_of(world.records)), schema, each=2)

    without = await told_in(database, catalogue, seen, [*done, *asked], actor, seen)
    beside = await told_in(database, catalogue, world.records, [*done, *asked], actor, seen)

    for question, was, is_now in zip([*done, *asked], without, beside, strict=True):
        assert differences(was, is_now) == [], f"seed {seed}, {question}"
    return {code for answer in without[: len(done)] for code in (errors_of(answer) or {"done"})}


async def test_no_byte_of_an_act_changes(database: Database, catalogue: Catalogue, schema: GraphQLSchema) -> None:
    """Whether it is done, refused for what was done before, or to what another agency holds."""
    met = await prove(database, catalogue, schema, 3) | await prove(database, catalogue, schema, 4)

    assert met >= {"done", "already_judged", "record_unknown"}


@pytest.mark.long
@pytest.mark.parametrize("seed", range(300, 320))
async def test_no_byte_of_an_act_changes_in_many_worlds(
    database: Database, catalogue: Catalogue, schema: GraphQLSchema, seed: int
) -> None:
    """Twenty worlds."""
    assert await prove(database, catalogue, schema, seed)
