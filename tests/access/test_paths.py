"""Every path from a root field to a type, four fields deep: two actors, and nothing but what the oracle lets each see.

Paths are made from the schema (``questions.paths``), so a new nesting is walked without anybody adding it. Whatever
text comes back is held against every id, key and text of the records that the actor may not see.
"""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Iterator

import orjson
import pytest
from graphql import GraphQLSchema

from graphql_api.schema.query import REGISTRY_FIELDS
from registry.access.actor import Actor
from registry.cases.model import EventRecord, Text
from registry.cases.ports import EVERY_EVENT
from registry.classification.catalogue import Catalogue
from registry.classification.paging import write_cursor
from registry.network.analysis import AnalysisWish
from registry.storage.bolt.case_rows import place_of
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.driver import Database
from tests import oracle, universe
from tests.access.doors import doors_over, leaves
from tests.access.questions import Asker, Question, fields_of, paths
from tests.access.test_doors_metamorphic import (
    ASKED_ELSEWHERE,
    OF_POLICE,
    analyse,
    case_fields,
    errors_of,
    pools_of,
    schema,
)
from tests.universe import CARER, OFFICER

__all__ = ["schema"]

DEPTH = 4
RECORDS = universe.all_events()


def identities(record: EventRecord) -> set[str]:
    """What stands for the record alone: its id, its people's, its text, and keys that no other record has."""
    people = {part.person for part in record.participations if part.person}
    texts = {value.content.text for value in record.values.values() if isinstance(value.content, Text)}
    return {record.id, record.source_key, *people, *texts}


def seen_by(actor: Actor) -> list[EventRecord]:
    """The records in the actor's scope, as the oracle has it."""
    return oracle.in_scope(RECORDS, actor.scope.entities)


def asked_along(schema: GraphQLSchema) -> Iterator[Question]:
    """Each path once with arguments drawn from all records, those by id with each id there is."""
    asker = Asker(schema, random.Random(5), pools_of(RECORDS))
    everything: dict[str, list[str]] = {
        "event": [record.id for record in RECORDS],
        "person": sorted({part.person for record in RECORDS for part in record.participations if part.person}),
        "reportingEntity": [universe.POLICE, universe.SHELTER],
    }
    for path in paths(schema, case_fields(schema), depth=DEPTH):
        if path[0] in everything:
            ids = everything[path[0]] if len(path) == 1 else asker.dice.sample(everything[path[0]], 2)
            yield from (asker.along(path, id=id_) for id_ in ids)
        else:
            yield asker.along(path)


@pytest.mark.parametrize("actor", [OFFICER, CARER], ids=["officer", "carer"])
async def test_no_path_leads_out_of_the_scope(
    database: Database, catalogue: Catalogue, schema: GraphQLSchema, actor: Actor
) -> None:
    """Nothing of a record that the oracle hides, by any path; every record that it shows, by some path."""
    await universe.build_universe(BoltCaseStore(database))
    seen = seen_by(actor)
    allowed = {text for record in seen for text in identities(record)}
    forbidden = {text for record in RECORDS for text in identities(record)} - allowed
    async with doors_over(database, catalogue) as doors:
        told = {}
        for question in asked_along(schema):
            told[question.document, str(question.variables)] = set(leaves(await doors.data(question, actor)))
        whole = await doors.data(
            Asker(schema, random.Random(1), {}, option=0).along(("events", "nodes"), first=50), actor
        )

    assert len(seen) in {2, 4}
    assert len(told) > 60
    for path, texts in told.items():
        assert not texts & forbidden, path
    assert {text for texts in told.values() for text in texts} >= allowed
    assert [node["id"] for node in whole["nodes"]] == oracle.listed(seen, EVERY_EVENT, {})


def forged(cursor: str) -> Iterator[str]:
    """The cursor with other places in it: ends of every order, those of every record, and of another analysis."""
    fingerprint = json.loads(base64.urlsafe_b64decode(cursor + "=="))[0]
    places = ["", "0", "000000000", "a-whole|000000000", "~", *(place_of(record) for record in RECORDS)]
    return (write_cursor((place,), fingerprint) for place in places)


async def test_no_forged_cursor_leads_out_of_the_scope(
    database: Database, catalogue: Catalogue, schema: GraphQLSchema
) -> None:
    """A cursor is no secret: the officer writes any place into hers, of every root field that has pages."""
    await universe.build_universe(BoltCaseStore(database))
    for id_, wish in (("a-whole", AnalysisWish()), ("own", OF_POLICE)):
        await analyse(database, id_, wish)
    allowed = {text for record in seen_by(OFFICER) for text in identities(record)}
    forbidden = {text for record in RECORDS for text in identities(record)} - allowed
    assert schema.query_type is not None
    paged = [name for name in case_fields(schema) if "after" in schema.query_type.fields[name].args]
    asker = Asker(schema, random.Random(3), {}, option=0)
    async with doors_over(database, catalogue) as doors:
        for name in paged:
            question = asker.question(name, first=1, after=None)
            first, after = (
                next(each for each in question.variables if f"{argument}: ${each}" in question.document)
                for argument in ("first", "after")
            )
            page = orjson.loads((await doors.told(question, OFFICER)).body)["data"][name]
            for cursor in forged((page.get("pageInfo") or page["account"])["endCursor"]):
                answer = await doors.told(question.given(**{first: 50, after: cursor}), OFFICER)
                assert not set(leaves(orjson.loads(answer.body))) & forbidden, (name, cursor)
                assert "unexpected" not in errors_of(answer), (name, cursor)

    assert paged == ["events", "reportingEntities", "patterns", "measuredRecords"]


def test_every_root_field_is_walked_or_is_the_registrys(schema: GraphQLSchema) -> None:
    """A root field is the registry's, or paths begin at it, or it stands in the list of reasons."""
    assert schema.query_type is not None
    walked = {path[0] for path in paths(schema, case_fields(schema), depth=1)}
    flat = {name for name, each in schema.query_type.fields.items() if not fields_of(each.type)}

    assert walked | flat | REGISTRY_FIELDS | set(ASKED_ELSEWHERE) >= set(schema.query_type.fields)
    assert flat == {"dispositionLog", "questionnaire"}, "texts of drafts; another one needs a test of its own"
