"""Reading and writing on both engines."""

from __future__ import annotations

from registry.storage.bolt.driver import Database, UnitOfWork
from registry.storage.bolt.named_queries import parse_queries

QUERIES = parse_queries(
    """
// name: add
// what: nothing
// param key: string
// returns: none
// mode: write
CREATE (t:Thing {key: $key});

// name: keys
// what: one row of collected keys, sorted
// returns: one
// mode: read
MATCH (t:Thing) WITH t.key AS key ORDER BY key
RETURN collect(key) AS keys;
""",
    source="test",
)


async def test_what_is_written_is_read(database: Database) -> None:
    """A committed write is what the next read sees."""

    async def work(unit: UnitOfWork) -> None:
        await unit.run(QUERIES["add"], {"key": "a"})
        await unit.run(QUERIES["add"], {"key": "b"})

    await database.write(work, name="add two")

    assert await database.read_one(QUERIES["keys"]) == {"keys": ["a", "b"]}
