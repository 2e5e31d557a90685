"""The small statements that the store tests share: things with keys, links between them, counters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from registry.storage.bolt.driver import Database
from registry.storage.bolt.named_queries import NamedQuery, parse_queries

STATEMENTS: Final[Mapping[str, NamedQuery]] = parse_queries(
    """
// name: constrain_things
// what: nothing
// returns: none
// mode: write
CREATE CONSTRAINT thing_key IF NOT EXISTS FOR (t:Thing) REQUIRE t.key IS UNIQUE;

// name: constrain_links
// what: nothing
// returns: none
// mode: write
CREATE CONSTRAINT linked_key IF NOT EXISTS FOR ()-[l:LINKED]-() REQUIRE l.key IS UNIQUE;

// name: add
// what: nothing; a thing is made
// param key: string
// returns: none
// mode: write
CREATE (t:Thing {key: $key});

// name: merge
// what: nothing; the things are there, each counts how often it was merged
// param keys: list of string
// returns: none
// mode: write
UNWIND $keys AS key
MERGE (t:Thing {key: key})
SET t.times = coalesce(t.times, 0) + 1;

// name: link
// what: nothing; the two things are linked
// param one: string
// param other: string
// param key: string
// returns: none
// mode: write
MERGE (a:Thing {key: $one})
MERGE (b:Thing {key: $other})
MERGE (a)-[l:LINKED {key: $key}]->(b);

// name: keys
// what: one row of collected keys, sorted
// returns: one
// mode: read
MATCH (t:Thing) WITH t.key AS key ORDER BY key
RETURN collect(key) AS keys;

// name: times
// what: how often the things were merged in all
// returns: one
// mode: read
MATCH (t:Thing)
RETURN count(t) AS things, sum(t.times) AS times;

// name: links
// what: the number of links
// returns: one
// mode: read
MATCH (:Thing)-[l:LINKED]->(:Thing)
RETURN count(l) AS links;

// name: lock
// what: nothing; the thing is locked until the transaction ends
// param key: string
// returns: none
// mode: write
MATCH (t:Thing {key: $key})
SET t.locked = coalesce(t.locked, 0) + 1;

// name: change
// what: a row if the thing was at that revision and is now at the next
// param key: string
// param revision: integer
// returns: one
// mode: write
MATCH (t:Thing {key: $key})
WHERE coalesce(t.revision, 0) = $revision
SET t.revision = coalesce(t.revision, 0) + 1
RETURN t.revision AS revision;

// name: put
// what: nothing; a thing holds the value
// param key: string
// param value: any storable value
// returns: none
// mode: write
MERGE (t:Thing {key: $key})
SET t.value = $value;

// name: put_all
// what: nothing; things hold the rows' values
// param rows: list of map of key and value
// returns: none
// mode: write
UNWIND $rows AS row
MERGE (t:Thing {key: row.key})
SET t.value = row.value;

// name: get
// what: the thing's value
// param key: string
// returns: one
// mode: read
MATCH (t:Thing {key: $key})
RETURN t.value AS value;

// name: count_up
// what: the numbers from 1 on, a row each
// param most: integer
// returns: many
// mode: read
UNWIND range(1, $most) AS number
RETURN number;

// name: run_away
// what: a count that takes hours
// returns: one
// mode: read
UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b UNWIND range(1, 1000) AS c
WITH a, b, c WHERE a + b + c = 17
RETURN count(*) AS n;
""",
    source="test statements",
)


async def constrain(database: Database) -> None:
    """Make the keys of things and links unique."""
    await database.execute(STATEMENTS["constrain_things"])
    await database.execute(STATEMENTS["constrain_links"])
