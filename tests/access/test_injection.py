"""Cypher in ids, codes, texts and cursors stays a text: questions of every kind, and the database is as it was."""

from __future__ import annotations

import random
from itertools import chain

from graphql import GraphQLSchema

from registry.classification.catalogue import Catalogue
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.driver import Database
from registry.storage.bolt.named_queries import NamedQuery, Row
from tests import universe
from tests.access.doors import doors_over
from tests.access.questions import Asker
from tests.access.test_doors_metamorphic import case_fields, errors_of, pools_of, schema
from tests.universe import EVERYONE

__all__ = ["schema"]

HOSTILE = (
    "x' OR true //",
    "x\\u0027 OR true //",
    '"}) DETACH DELETE n //',
    "`) MATCH (n) DETACH DELETE n //",
    "x'; MATCH (n) SET n.holder = 'everyone'; //",
    "$scope.all",
    "}) RETURN 1 UNION MATCH (n) RETURN n.id //",
    "\\",
    "*",
    "\u0000",
    "ke-police' /* ",
)
"""Ends of texts, of names, of patterns and of statements; comments; escapes; our own parameters."""
COUNTS = NamedQuery(
    name="counts",
    text=(
        "MATCH (n) WHERE NOT n:AuditRow "
        "RETURN head(labels(n)) AS label, count(n) AS nodes, count(n.holder) AS held, "
        "sum(COUNT { (n)--() }) AS links ORDER BY label"
    ),
    parameters={},
    writes=False,
    one=False,
)


async def counted(database: Database) -> list[Row]:
    """Nodes, holders and links by label, the audit left aside."""
    return await database.read(COUNTS)


async def test_cypher_in_a_text_is_a_text(database: Database, catalogue: Catalogue, schema: GraphQLSchema) -> None:
    """No answer shows a record for it, none fails on our side, and nothing was written."""
    await universe.build_universe(BoltCaseStore(database))
    before = await counted(database)
    names = ("ID", "event.id", "person.id", "reportingEntity.id", "event", "person", "entity", "String", "after")
    pools = {
        **pools_of(universe.all_events()),
        **dict.fromkeys(names, HOSTILE),
        "EventFilterInput": [{"entity": text} for text in HOSTILE],
        "NetworkStart": [{"kind": kind, "id": text} for kind in ("EVENT", "PERSON", "AREA") for text in HOSTILE],
    }
    asker = Asker(schema, random.Random(3), pools, option=0.7)
    questions = [asker.question(name) for name in case_fields(schema) for _ in range(6)]
    questions += [asker.question("event", id=text) for text in HOSTILE]
    async with doors_over(database, catalogue) as doors:
        told = await doors.all_told(questions, EVERYONE)

    codes = set(chain.from_iterable(errors_of(answer) for answer in told))
    assert "record_unknown" in codes
    assert codes.isdisjoint({"unexpected", "store_fault", "store_unavailable"})
    assert all(b'"event":{' not in answer.body for answer in told)
    assert await counted(database) == before
