"""Schema and mark of a database."""

from __future__ import annotations

import asyncio

import pytest

from registry.errors import InstallationForeign, SchemaNewer
from registry.storage.bolt.driver import Database
from registry.storage.bolt.migrate import (
    QUERIES,
    SCHEMA_VERSION,
    Installation,
    Purpose,
    migrate,
    read_installation,
    schema_digest,
)
from registry.storage.bolt.named_queries import NamedQuery
from tests.storage.statements import STATEMENTS

UNMARK = NamedQuery(name="unmark", text="MATCH (i:Installation) DETACH DELETE i", parameters={}, writes=True, one=False)


async def test_migrating_again_changes_nothing(database: Database) -> None:
    """The mark says test, this schema, this file."""
    marks = [await migrate(database, purpose=Purpose.TEST) for _ in range(2)]

    assert marks == [Installation(Purpose.TEST, SCHEMA_VERSION, schema_digest())] * 2


async def test_eight_hosts_migrate_at_once(database: Database) -> None:
    """They take turns and agree on one mark."""
    await database.execute(UNMARK)

    marks = await asyncio.gather(*(migrate(database, purpose=Purpose.TEST) for _ in range(8)))

    assert set(marks) == {Installation(Purpose.TEST, SCHEMA_VERSION, schema_digest())}


@pytest.mark.parametrize("wanted", [Purpose.SAMPLE, Purpose.REAL])
async def test_a_database_of_another_purpose_is_refused(database: Database, wanted: Purpose) -> None:
    """A test's database takes no sample and nothing real, and its mark stays."""
    with pytest.raises(InstallationForeign) as caught:
        await migrate(database, purpose=wanted)

    assert caught.value.facts == {"actual": "test", "wanted": wanted.value}
    assert await read_installation(database) == Installation(Purpose.TEST, SCHEMA_VERSION, schema_digest())


@pytest.mark.parametrize("purpose", list(Purpose))
async def test_a_full_database_without_a_mark_is_refused(database: Database, purpose: Purpose) -> None:
    """It is somebody's: nothing is written to it, not even a mark."""
    await database.execute(UNMARK)
    await database.execute(STATEMENTS["add"], {"key": "theirs"})

    with pytest.raises(InstallationForeign):
        await migrate(database, purpose=purpose)

    assert await read_installation(database) is None
    await database.execute(NamedQuery("sweep", "MATCH (n) DETACH DELETE n", {}, writes=True, one=False))


async def test_no_purpose_takes_an_installation_as_it_is(database: Database) -> None:
    """And makes an empty, unmarked one real."""
    as_it_is = await migrate(database)
    await database.execute(UNMARK)
    made_real = await migrate(database)
    await database.execute(UNMARK)

    assert (as_it_is.purpose, made_real.purpose) == (Purpose.TEST, Purpose.REAL)


async def test_a_newer_schema_is_refused(database: Database) -> None:
    """What a newer release wrote is left alone."""
    await database.execute(QUERIES["set_schema"], {"version": SCHEMA_VERSION + 1, "digest": "newer"})

    with pytest.raises(SchemaNewer) as caught:
        await migrate(database, purpose=Purpose.TEST)

    assert caught.value.facts == {"actual": SCHEMA_VERSION + 1, "known": SCHEMA_VERSION}
    assert await read_installation(database) == Installation(Purpose.TEST, SCHEMA_VERSION + 1, "newer")
    await database.execute(UNMARK)
